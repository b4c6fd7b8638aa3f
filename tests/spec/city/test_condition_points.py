"""What a county had otherwise is told in the reader's words, with the children and the yuan that it hides."""

from __future__ import annotations

import json

import pytest
from test_recheck_rules import findings_of, with_condition

from auditlib.rules import RULES


def message_of(language: str, **condition: object) -> str:
    county = with_condition("leave_out", json.dumps(["attendance.absent"]), "[]", **condition)  # type: ignore[arg-type]
    (message,) = findings_of(language, counties=[county])["message"]
    return str(message)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_rules_left_out_are_told_by_their_titles(language: str) -> None:
    message = message_of(language)
    assert RULES["attendance.absent"].title.into(language) in message
    assert "attendance.absent" not in message


def test_children_whom_a_condition_hides_are_counted_though_no_yuan_hangs_on_them() -> None:
    message = message_of("zh", ids=("f1", "f2"), rule="attendance.absent")
    assert "2 项疑点，涉及 2 人" in message and "不在校或失学的孩子 2 名" in message
    assert "孩子" not in message_of("zh", rule="amount.overpaid")


def test_findings_that_a_condition_makes_less_sure_are_counted() -> None:
    message = message_of("zh", ids=(), otherwise=("f1",))
    assert "1 项疑点的可信度因此降低" in message and "因此少了" not in message
