"""Which single changes clear a finding, the smallest first, and what else would come of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditlib.base.language import Text
from auditlib.runs.clearing.candidates import changes_of
from auditlib.runs.clearing.change import Change, change_rows
from auditlib.runs.retest import MOST_ROWS, RuleAnswer, Scope, put

BEST = 6
"""How many changes are told."""
RAISES = Text("但会带来另一个疑点：{rules}", "but another finding would come of it: {rules}")


@dataclass(frozen=True)
class Cleared:
    """A change that clears the finding; ``raises``: the rules that would then find something that they do not find now."""

    change: Change
    raises: tuple[str, ...]


@dataclass(frozen=True)
class Clearing:
    """``reproduced``: the person's rows alone give the finding; only then do the changes mean something.

    ``tried``: how many changes were put to the rule.
    """

    reproduced: bool
    tried: int
    best: tuple[Cleared, ...]


def what_clears(scope: Scope, rule: str, subject: str) -> Clearing:
    """The smallest single changes after which ``rule`` no longer finds ``subject``."""
    changes = sorted(changes_of(scope), key=Change.effort)
    room = max(1, MOST_ROWS // max(1, sum(map(len, scope.rows.values()))))
    cases = changes[: room - 1]
    before, *after = put(scope, [scope.rows, *(change_rows(scope.rows, change) for change in cases)])
    if not _is_exception(before, (rule, subject)):
        return Clearing(False, 0, ())
    exceptions_before = {key for key, answer in before.items() if answer.exception}
    clearings = [
        Cleared(
            change,
            tuple(
                dict.fromkeys(
                    key[0]
                    for key, verdict in answers.items()
                    if verdict.exception and key not in exceptions_before
                )
            ),
        )
        for change, answers in zip(cases, after, strict=True)
        if (verdict := answers.get((rule, subject))) is None or verdict.exception is False
    ]
    clearings.sort(key=lambda cleared: (bool(cleared.raises), cleared.change.effort()))
    return Clearing(True, len(cases), tuple(_nearest(clearings)[:BEST]))


def _is_exception(answers: Mapping[tuple[str, str], RuleAnswer], key: tuple[str, str]) -> bool:
    return key in answers and answers[key].exception is True


def _nearest(clearings: Sequence[Cleared]) -> list[Cleared]:
    """The first of each cell, row or kind of row; those with consequences only where few are without."""
    first: dict[tuple[str, ...], Cleared] = {}
    for cleared in clearings:
        change = cleared.change
        place = (change.how, change.table, "" if change.how == "add" else change.source, change.column)
        first.setdefault(place, cleared)
    clean = [cleared for cleared in first.values() if not cleared.raises]
    return clean or list(first.values())
