"""Which single changes clear a finding, the smallest first, and what else would come of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditlib.clearing.candidates import changes_of
from auditlib.clearing.change import Change, changed
from auditlib.language import Text
from auditlib.retest import MOST_ROWS, Scope, put

BEST = 6
"""How many changes are told."""
ENOUGH, MOST_TRIED = 1, 60
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
    changes = list(changes_of(scope))
    room = max(1, MOST_ROWS // max(1, sum(map(len, scope.rows.values()))))
    changes = sorted(changes, key=Change.effort)[: room - 1]
    answers = put(scope, [scope.rows, *(changed(scope.rows, change) for change in changes)], [rule])
    if not (before := answers[0].get((rule, subject))) or before.exception is not True:
        return Clearing(False, 0, ())
    helpful = [
        change
        for change, answer in zip(changes, answers[1:], strict=True)
        if not (found := answer.get((rule, subject))) or found.exception is False
    ]
    told = _with_consequences(scope, helpful[:MOST_TRIED], rule)
    return Clearing(True, len(changes), tuple(_nearest(told)[:BEST]))


def _with_consequences(scope: Scope, changes: Sequence[Change], rule: str) -> list[Cleared]:
    """The changes with what else would be found then; those without consequences first, then the smallest."""
    if not changes:
        return []
    answers = put(scope, [scope.rows, *(changed(scope.rows, change) for change in changes)])
    before = {key for key, answer in answers[0].items() if answer.exception}
    told = [
        Cleared(
            change,
            tuple(
                dict.fromkeys(key[0] for key, said in answer.items() if said.exception and key not in before)
            ),
        )
        for change, answer in zip(changes, answers[1:], strict=True)
    ]
    return sorted(told, key=lambda cleared: (bool(cleared.raises), cleared.change.effort()))


def _nearest(told: Sequence[Cleared]) -> list[Cleared]:
    """The first of each cell, row or kind of row; those with consequences only where few are without."""
    first: dict[tuple[str, ...], Cleared] = {}
    for cleared in told:
        change = cleared.change
        place = (change.how, change.table, "" if change.how == "add" else change.source, change.column)
        first.setdefault(place, cleared)
    clean = [cleared for cleared in first.values() if not cleared.raises]
    return clean if len(clean) >= ENOUGH else list(first.values())
