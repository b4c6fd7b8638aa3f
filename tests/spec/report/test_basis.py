"""Every rule's criterion rests on something that the report names, with the limits of the run."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from results_fixture import results

from auditlib import report
from auditlib.base.language import Text
from auditlib.base.terms import first_day
from auditlib.findings.results import Results
from auditlib.findings.urgency import urgency
from auditlib.page import markup
from auditlib.page.section import MASKED_PERSONS
from auditlib.report.basis import (
    BASES,
    CITIZEN_NUMBERS,
    COMPULSORY_LAW,
    DOCUMENTS,
    PLAIN,
    RECORDS,
    UNNUMBERED,
    basis_of,
)
from auditlib.report.rectification import (
    NUMBERED_PATTERN,
    RectificationRow,
    Requirement,
    cited_standards,
    kind_row_of,
    problems,
    requirements,
    row_of,
)
from auditlib.rules.registry import RULES

PARAMETERS = {
    "count_date": "2024-10-31",
    "ages": {"compulsory": [6, 15]},
    "thresholds": {
        "reply_by": "2024-12-15", "pay_by": "2024-12-31", "posting_days": 5, "panel_size": 10, "notice_days": 7,
        "home_visits": 2, "home_lessons": 2, "idle_days": 30,
    },
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_basis_in_words(rule: str) -> None:
    basis = basis_of(rule, PARAMETERS)
    assert rule in BASES or rule.split(".")[0] in BASES
    assert basis.zh and basis.en and "{" not in basis.zh + basis.en
    assert not re.search("[\u4e00-\u9fff]", NUMBERED_PATTERN.sub("", basis.en))


@pytest.mark.parametrize("term", ["2018-spring", "2020-autumn", "2025-autumn"])
@pytest.mark.parametrize("rule", RULES)
def test_a_basis_is_a_document_in_force_or_says_that_none_is_listed(rule: str, term: str) -> None:
    basis = basis_of(rule, {**PARAMETERS, "term": term})
    for document in (each for several in DOCUMENTS.values() for each in several):
        in_force = document.since <= first_day(term).isoformat() < document.until
        assert in_force or document.name.zh not in basis.zh
    assert tells_source(basis.zh, "zh") and tells_source(basis.en, "en")


def test_persons_and_yuan_to_be_put_right_lead_to_their_rows(county: Results) -> None:
    for part in (report.conclusion(county), report.requirements_in_full(county)):
        table = str(part.body).partition('class="required')[2].partition("</table>")[0]
        rows = [re.findall(r"<td.*?</td>", row) for row in table.split("<tr")[2:]]
        figures = [cell for row in rows if row for cell in row[3:5]]
        assert len(figures) > 10
        assert all("<a href=" in cell or markup.NOTHING in cell for cell in figures)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_annex_that_lists_persons_says_at_its_head_that_it_stays_inside(
    county: Results, language: str
) -> None:
    results = replace(county, parameters={**county.parameters, "language": language})
    for part in (report.findings_lists, report.named_children):
        assert str(part(results).body).startswith(f'<p class="note inside">{MASKED_PERSONS.into(language)}')


def tells_source(text: str, language: str) -> bool:
    """A document by its number or a law by its name, or one of the plain sentences."""
    laws = [each.name.into(language) for each in (*COMPULSORY_LAW, *RECORDS, *CITIZEN_NUMBERS)]
    names = [*laws, *(plain.into(language) for plain in PLAIN)]
    return bool(NUMBERED_PATTERN.search(text)) or any(name in text for name in names)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_row_of_the_county_tells_what_it_rests_on(county: Results, language: str) -> None:
    results = replace(county, parameters={**county.parameters, "language": language})
    rows = requirements(results)
    standards = cited_standards(rows)
    assert standards and all(tells_source(standard, language) for standard in standards)
    grounds_told = [row_of(n, each, standards, language)[2] for n, each in enumerate(rows, 1)]
    words = {"zh": "标准", "en": "Standard"}[language]
    assert all(text.startswith(words) or tells_source(text, language) for text in grounds_told)


def test_a_basis_says_the_limits_of_this_run() -> None:
    assert basis_of("procedure.posting_short", PARAMETERS).zh == "公示不少于 5 个工作日（依据本期核查参数）"
    assert "2024 年 12 月 31 日" in basis_of("procedure.paid_late", PARAMETERS).zh
    other = {**PARAMETERS, "ages": {"compulsory": [6, 16]}}
    assert "6 to 16" in basis_of("missed.not_found", other).en


def test_who_has_no_record_is_measured_by_the_records_and_a_loan_by_its_ceiling() -> None:
    for rule in ("home.not_enrolled", "attendance.unregistered"):
        assert "建立学籍" in basis_of(rule, PARAMETERS).zh and "课时" not in basis_of(rule, PARAMETERS).zh
    ceiling = basis_of("totals.loan_ceiling", PARAMETERS).zh
    assert "上限" in ceiling and "政策参数" in ceiling and "本县" not in ceiling


def test_a_fund_is_not_measured_by_the_standard_of_its_scheme_alone() -> None:
    ground = basis_of("funds.idle", PARAMETERS)
    idle = Requirement("funds.idle", ("标准",), ground, 1, None, Decimal(1), "", "")
    expected = (
        "标准 1（未列文号，依据本期政策参数）；资金到账后 30 天内拨付（财教〔2021〕310号；数值按核查参数）"
    )
    assert row_of(1, idle, ["标准"], "zh")[2] == expected
    assert kind_row_of(1, RectificationRow((idle,), None), ["标准"], "zh")[2] == expected
    unpaid = replace(idle, rule="missed.unpaid")
    assert row_of(1, unpaid, ["标准"], "en")[2] == "Standard 1 (no number listed, this run's policy)"


def test_a_row_names_the_documents_of_its_standards_and_says_where_none_is_listed() -> None:
    dated, other = (
        "甲补助（2019年9月1日起），财科教〔2019〕19号（未见原文）、样例",
        "乙补助（2015年3月1日起），某通知、" + UNNUMBERED.zh,
    )
    each = Requirement("amount.overpaid", (other, dated), Text("", ""), 1, 1, Decimal(1), "", "")
    expected = "标准 1、2（财科教〔2019〕19号；其余未列文号）"
    assert row_of(1, each, [other, dated], "zh")[2] == expected
    assert kind_row_of(1, RectificationRow((each,), 1), [other, dated], "zh")[2] == expected
    alone = replace(each, basis=(dated,))
    assert row_of(1, alone, [other, dated], "en")[2] == "Standard 2 (财科教〔2019〕19号)"


def test_children_stand_before_money_and_money_before_papers() -> None:
    order = sorted(RULES, key=lambda rule: urgency(rule, RULES[rule].severity))
    at = {rule: place for place, rule in enumerate(order)}
    children = ("attendance.unregistered", "home.not_enrolled", "unable.uncertified")
    assert at["missed.not_placed"] < at["enrolment.vanished"] < min(at[rule] for rule in children)
    assert max(at[rule] for rule in children) < at["duplicate.same_scheme"] < at["funds.idle"]


def test_no_basis_is_of_a_rule_that_there_is_not() -> None:
    families = {rule.split(".")[0] for rule in RULES}
    assert {key for key in BASES if key not in RULES and key not in families} == set()


def test_who_share_an_account_are_counted_by_number_or_name(county: Results) -> None:
    """A finding of an account names nobody; of the third nothing is told."""
    one = county.findings.head(1).assign(rule="duplicate.shared_account", family="duplicate")
    nobody = dict.fromkeys(("name", "id_number", "student_no", "school_name"))
    findings = pd.concat([one.assign(finding_id=key, **nobody) for key in ("a", "b", "c")])
    details = {
        "finding_id": ["a", "b"],
        "numbers": ["990122201003070017、990122201003070025", ""],
        "names": ["甲、乙", "丙、丁、戊"],
    }
    with_details = replace(county, findings=findings, particulars=pd.DataFrame(details))
    assert [each.persons for each in requirements(with_details)] == [5]
    assert [(kind.findings, kind.persons) for kind in problems(with_details)] == [(3, 5)]
    flow = re.sub("<[^>]+>", " ", str(report.funnel(with_details).body))
    assert re.search(r"有疑点的\s+5\s", flow)
    untold = replace(with_details, particulars=pd.DataFrame(details).head(0))
    assert [each.persons for each in requirements(untold)] == [None]


@pytest.mark.parametrize(("language", "unit"), [("zh", " 条"), ("en", "")])
def test_the_numbers_beside_the_rules_of_a_problem_are_findings_and_add_up_to_its_list(
    language: str, unit: str
) -> None:
    page = str(
        report.conclusion(
            results(language, {"duplicate.same_scheme": 12, "duplicate.shared_account": 3})
        ).body
    )
    row = next(row for row in page.split("<tr>") if 'href="#rule-duplicate.shared_account"' in row)
    assert re.findall(rf'href="#rule-[^"]+">(\d+){unit}</a>', row) == ["12", "3"]
    assert ">15 条</a>" in row or ">15 items</a>" in row
