"""Every rule's criterion rests on something that the report names, with the limits of the run."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from auditlib.findings.results import Results
from auditlib.findings.urgency import urgency
from auditlib.report.basis import BASES, basis_of
from auditlib.report.rectification import (
    RectificationRow,
    Requirement,
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
    assert not any("\u4e00" <= character <= "\u9fff" for character in basis.en)


def test_a_basis_says_the_limits_of_this_run() -> None:
    assert basis_of("procedure.posting_short", PARAMETERS).zh == "公示不少于 5 个工作日"
    assert "2024 年 12 月 31 日" in basis_of("procedure.paid_late", PARAMETERS).zh
    other = {**PARAMETERS, "ages": {"compulsory": [6, 16]}}
    assert "6 to 16" in basis_of("missed.not_found", other).en


def test_who_has_no_record_is_measured_by_the_records_and_a_loan_by_its_ceiling() -> None:
    for rule in ("home.not_enrolled", "attendance.unregistered"):
        assert "学籍" in basis_of(rule, PARAMETERS).zh and "2" not in basis_of(rule, PARAMETERS).zh
    assert "上限" in basis_of("totals.loan_ceiling", PARAMETERS).zh


def test_a_fund_is_not_measured_by_the_standard_of_its_scheme_alone() -> None:
    ground = basis_of("funds.idle", PARAMETERS)
    idle = Requirement("funds.idle", ("标准",), ground, 1, None, Decimal(1), "", "")
    expected = "标准 1；资金到账后 30 天内拨付"
    assert row_of(1, idle, ["标准"], "zh")[2] == expected
    assert kind_row_of(1, RectificationRow((idle,), None), ["标准"], "zh")[2] == expected
    unpaid = replace(idle, rule="missed.unpaid")
    assert row_of(1, unpaid, ["标准"], "en")[2] == "Standard 1"


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
    shared = replace(county, findings=findings, particulars=pd.DataFrame(details))
    assert [each.persons for each in requirements(shared)] == [5]
    assert [(kind.findings, kind.persons) for kind in problems(shared)] == [(3, 5)]
    untold = replace(shared, particulars=pd.DataFrame(details).head(0))
    assert [each.persons for each in requirements(untold)] == [None]
