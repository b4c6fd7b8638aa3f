"""Every rule's criterion rests on something that the report names, with the limits of the run."""

from __future__ import annotations

import pytest

from auditlib.report.basis import BASES, basis_of
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


def test_no_basis_is_of_a_rule_that_there_is_not() -> None:
    families = {rule.split(".")[0] for rule in RULES}
    assert {key for key in BASES if key not in RULES and key not in families} == set()
