"""The lists of findings in the report: what stands in a line, above it and under it."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
from findings_fixture import COUNTS
from page_text import text_of

from auditlib import report
from auditlib.findings.results import Results
from auditlib.tables.findings import PARTICULARS


def test_lists_are_cut_with_a_word_on_how_many_more(county: Results) -> None:
    section = report.findings_lists(county, limit=20)
    page_text = text_of(section._repr_html_())
    assert f"其余 {COUNTS['missed.unpaid'] - 20} 条见 findings.xlsx" in page_text
    assert section._repr_html_().count("<tr>") < 20 * len(COUNTS) + len(COUNTS) + 1


def test_lists_carry_criterion_explanations_and_addresses(county: Results) -> None:
    page_text = text_of(report.findings_lists(county, limit=3)._repr_html_())
    for words in ("判断标准", "可能的合理解释", "来源", "脱贫户2020.xlsx!Sheet1!"):
        assert words in page_text


def test_each_finding_carries_its_number_and_its_sources_folded(county: Results) -> None:
    numbers = dict.fromkeys(county.findings["finding_id"], "")
    numbers |= {key: f"7F3A-09BC-{place:04d}" for place, key in enumerate(numbers)}
    shown_html = report.findings_lists(replace(county, numbers=numbers), limit=1000)._repr_html_()
    assert set(re.findall(r"7F3A-09BC-\d{4}", shown_html)) == set(numbers.values())
    assert shown_html.count("<details>") == len(county.findings)
    assert "2 处来源" in shown_html


def test_a_column_that_says_the_same_in_every_line_is_told_above_the_list(county: Results) -> None:
    own = county.findings[county.findings["rule"] == "missed.unpaid"].assign(
        scheme="senior_grant", amount_paid=None, confidence=1.0
    )
    section = report.findings_lists(replace(county, findings=own))._repr_html_()
    assert "各条相同，不另列：资助项目：普通高中国家助学金。" in text_of(section)
    assert not re.search(r"<th[^>]*>(资助项目|已发|可信度)<", section)
    assert re.search(r"<th[^>]*>涉及金额<", section)


def test_what_the_rows_tell_stands_masked_under_the_sentence_and_not_twice(county: Results) -> None:
    own = county.findings[county.findings["rule"] == "missed.unpaid"].head(1)
    finding = own.iloc[0]
    row = dict.fromkeys(PARTICULARS, "") | {
        "finding_id": finding["finding_id"],
        "names": "欧阳娜、欧阳哪",
        "classes": "初中2年级 3班",
    }
    frame = pd.DataFrame([row | {"schools": finding["school_name"], "dates": "发放日期 2020-11-27"}])
    section = report.findings_lists(replace(county, findings=own, particulars=frame))._repr_html_()
    assert "各记录所写姓名：欧**、欧**；初中 2 年级 3 班；发放日期 2020 年 11 月 27 日" in text_of(section)
    assert "各记录所写学校" not in section


def test_what_was_weighed_is_never_shown_as_certain(county: Results) -> None:
    own = (
        county.findings[county.findings["rule"] == "missed.unpaid"]
        .head(3)
        .assign(confidence=[1.0, 0.9996, 0.5])
    )
    section = report.findings_lists(replace(county, findings=own))._repr_html_()
    assert "1.00" not in re.sub(r"[\d,]+\.00", lambda yuan: "" if len(yuan[0]) > 4 else yuan[0], section)
    assert "&gt;0.99" in section and "0.50" in section


def test_what_is_not_certain_yet_leads_to_the_findings_below_the_line_and_no_others(county: Results) -> None:
    findings = county.findings.copy()
    of_rule = findings.index[(findings["rule"] == "missed.unpaid") & (findings["at_stake"] > 0)]
    findings["confidence"] = 1.0
    findings.loc[of_rule[:2], "confidence"] = 0.06
    unsure = {"owed": findings.loc[of_rule[:2], "at_stake"].sum(), "wrong": 0, "once": 0}
    figures = dict(county.conclusion) | {"unsure_yuan": unsure}
    below_line = replace(county, findings=findings, conclusion=figures)
    conclusion = str(report.conclusion(below_line).body)
    assert set(re.findall(r'<a [^>]*data-rules="([^"]*)" data-unsure>', conclusion)) == {"rule-missed.unpaid"}
    assert str(report.findings_lists(below_line, limit=10000).body).count('|?">') == 2
