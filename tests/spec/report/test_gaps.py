"""What could not be tested: told with its weight, each figure where it leads, and what was not run with what it lacks."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
from page_text import text_of

from auditlib import report
from auditlib.findings.results import Results


def test_a_reason_that_is_no_register_is_not_told_as_missing(county: Results) -> None:
    rules = county.rules.assign(status="run", not_run_reason=None)
    rules.loc[rules["rule"] == "enrolment.vanished", ["status", "not_run_reason"]] = [
        "not_run",
        "no_earlier_run",
    ]
    page_text = text_of(report.conclusion(replace(county, rules=rules))._repr_html_())
    assert "规则“上学期在籍本学期无记录”未运行：没有上学期的自查结果。" in page_text


def test_what_could_not_be_tested_is_said_with_its_weight(county: Results) -> None:
    four = [f"procedure.{name}" for name in ("not_posted", "not_approved", "paid_late", "posting_short")]
    untested = pd.DataFrame({"rule": four, "reason": "no_application_row", "rows": 9167})
    rules = county.rules.assign(population=county.rules["rule"].isin(four) * 14103)
    body = str(report.conclusion(replace(county, untested=untested, rules=rules)).body)
    page_text = text_of(re.sub("</?a[^>]*>", "", body))
    assert "申请台账中无此人，4 条规则各有 9,167 行因此未能核对，占这些规则应核对的 65.0%" in page_text
    assert page_text.index("9,167") < page_text.index("整改要求")


def test_every_figure_of_what_could_not_be_tested_stands_in_the_annex_that_it_leads_to(
    county: Results,
) -> None:
    screen, annex = str(report.conclusion(county).body), str(report.untested_rows(county).body)
    part = screen[screen.index('id="gaps"') : screen.index('id="rectification"')]
    link_texts = re.findall(r'<a href="#(gap[^"]*)">([^<]+)</a>', part)
    assert {"gaps-in-full", "gap-stage_unknown"} <= {anchor for anchor, _figure in link_texts} and len(
        link_texts
    ) > 10
    for anchor, figure in link_texts:
        row = re.split(f'id="{anchor}"', annex)[1].split("</tr>")[0]
        assert figure in row or not re.search(r"\d{2}", figure), (anchor, figure)
    assert "条规则未运行" in text_of(screen) or "未运行的规则" in text_of(screen)


def test_who_cannot_be_judged_is_said_with_what_is_not_known_of_them(county: Results) -> None:
    person = dict.fromkeys(("name", "id_number", "student_no", "town", "school_name")) | {"records": []}
    whys = [["birth_unknown"], ["birth_unknown"], ["boarding_unknown", "birth_unknown"]]
    unclear = pd.DataFrame([{"judged": False, "why": why, **person} for why in whys])
    page_text = text_of(str(report.conclusion(replace(county, unclear=unclear)).body))
    assert "出生日期不明、就读方式不明，暂不能判断" in page_text


def test_payments_without_a_number_stand_where_the_first_screen_leads(county: Results) -> None:
    figures = {**county.conclusion, "numberless_rows": 15, "numberless_open": 2}
    numbered_county = replace(county, conclusion=figures)
    assert '<a href="#numberless">15</a> 行发放没有任何号码' in str(report.conclusion(numbered_county).body)
    annex = str(report.linkage(numbered_county).body).split('id="numberless"')[1]
    assert [annex.count(f">{n}<") for n in (13, 2, 15)] == [1, 1, 1]


def test_not_run_rules_are_listed_with_what_is_missing(county: Results) -> None:
    assert "未运行不等于通过" in text_of(report.rule_overview(county)._repr_html_())
    page_text = text_of(report.untested_rows(county)._repr_html_())
    assert "未运行不等于通过" in page_text
    assert "申请认定公示·公示结束" in page_text
