"""What a rule is: its words, its examples, its expression; and the catalogue of all of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import ibis.expr.types as ir

from auditlib.base.language import Text

if TYPE_CHECKING:
    from auditlib.audit.assemble import Audit


class NotRun(Exception):
    """Raised by a rule that the run's parameters leave without a population; says why as a code."""


Expectation = Literal["flags", "passes", "untested", "absent"]
Severity = Literal["high", "medium", "low"]
Subject = Literal["aid", "pupil", "account", "total", "school", "scheme", "measure"]
Rows = Mapping[str, Any] | Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Example:
    """A small county that differs from the plain one (`tests/spec/plain_county.py`) in the rows named.

    Each keyword is a table: a mapping is laid over the plain pupil's row, a list makes one row of each mapping, None
    takes the rows away. ``{id}``, ``{name}`` … in a value are the pupil's own, ``{id2}`` a second pupil's; a row with
    ``of: 2`` starts from the second pupil's plain row.

    ``absent``: the pupil is not in the rule's population. ``reason``: of the finding, or why it is untested.
    ``also``: the other rules that find something; none but these may. ``birth``: the pupil's birth date.
    ``parameters``: the run's, where they differ.
    """

    outcome: Expectation
    why: str
    rows: Mapping[str, Rows | None]
    reason: str = ""
    at_stake: str = ""
    also: tuple[str, ...] = ()
    birth: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


def _example(outcome: Expectation) -> Callable[..., Example]:
    def make(
        why: str,
        *,
        reason: str = "",
        at_stake: str = "",
        also: Sequence[str] = (),
        birth: str = "",
        parameters: Mapping[str, Any] | None = None,
        **rows: Rows | None,
    ) -> Example:
        return Example(outcome, why, rows, reason, at_stake, tuple(also), birth, parameters or {})

    return make


flags, passes = _example("flags"), _example("passes")
untested, absent = _example("untested"), _example("absent")


@dataclass(frozen=True)
class Rule:
    """One rule of the catalogue. ``apply`` gives the population with ``exception`` (true, false, NULL).

    ``earlier``: it rests on the run of the term before (parameter ``previous``), where there is one. ``one_confidence``: how
    sure its findings are, where they are not certain, is one share of the whole county, which any row may move.
    """

    id: str
    title: Text
    criterion: Text
    innocent: tuple[Text, ...]
    severity: Severity
    subject: Subject
    needs: tuple[str, ...]
    reads: tuple[str, ...]
    examples: tuple[Example, ...]
    message: Text
    apply: Callable[[Audit], ir.Table] = field(repr=False)
    earlier: bool = False
    one_confidence: bool = False

    @property
    def family(self) -> str:
        return family_of(self.id)


def family_of(rule: str) -> str:
    """The family of a rule, or of the family itself."""
    return rule.partition(".")[0]


RULES: dict[str, Rule] = {}


def unmet_needs(rule: Rule, columns_found: Mapping[str, frozenset[str]]) -> list[str]:
    """Tables and columns without which ``rule`` is not run, and which were not delivered."""

    def is_delivered(need: str) -> bool:
        table, _dot, column = need.partition(".")
        return bool(columns_found.get(table)) and (not column or column in columns_found[table])

    return [need for need in rule.needs if not is_delivered(need)]


def speaks(audit: Audit, *rules: str) -> bool:
    """Do all of ``rules`` run, so that another may leave to them what they say? Not where the county leaves one out, nor where
    what one needs was not delivered."""
    left_out = audit.parameters.leave_out
    return not any(one in left_out or unmet_needs(RULES[one], audit.columns_found) for one in rules)


def rule(
    id: str,
    *,
    zh: str,
    en: str,
    criterion: str,
    message: Text,
    severity: Severity,
    subject: Subject,
    needs: Sequence[str],
    reads: Sequence[str] = (),
    innocent: Sequence[Text] = (),
    examples: Sequence[Example] = (),
    earlier: bool = False,
    one_confidence: bool = False,
) -> Callable[[Callable[[Audit], ir.Table]], Callable[[Audit], ir.Table]]:
    """Enter a rule in the catalogue. ``criterion`` is Chinese; the English one is the docstring's first paragraph.

    ``needs``: tables (``payments``) and columns (``payments.pay_date``) without which the rule is not run.
    ``reads``: tables that it reads besides where they were delivered.
    ``message``: one sentence about one finding; ``{column}`` places are columns of the population.
    """

    def enter(apply: Callable[[Audit], ir.Table]) -> Callable[[Audit], ir.Table]:
        english = " ".join((inspect.getdoc(apply) or "").split("\n\n")[0].split())
        assert id not in RULES, id
        RULES[id] = Rule(
            id,
            Text(zh, en),
            Text(criterion, english),
            tuple(innocent),
            severity,
            subject,
            tuple(needs),
            tuple(reads),
            tuple(examples),
            message,
            apply,
            earlier,
            one_confidence,
        )
        return apply

    return enter
