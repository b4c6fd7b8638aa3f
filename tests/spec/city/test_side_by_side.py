"""Counties audited again side by side."""

from __future__ import annotations

import math
from pathlib import Path

from auditlib.base.errors import UsageError
from auditlib.city.side_by_side import answers
from auditlib.law.parameters import read_self_check


def test_counties_are_answered_for_in_their_order_and_every_mistake_is_told(tmp_path: Path) -> None:
    assert [answer for answer, *_ in answers(math.factorial, [2000, 3, 4], 2)] == [
        math.factorial(2000), 6, 24,
    ]  # fmt: skip
    outcomes = list(answers(read_self_check, [tmp_path / "a.yaml", tmp_path / "b.yaml"], 2))
    assert [(answer, len(problems), kind) for answer, problems, kind in outcomes] == [
        (None, 1, UsageError)
    ] * 2
    assert [problems[0].where.zh for _, problems, _ in outcomes] == ["a.yaml", "b.yaml"]
