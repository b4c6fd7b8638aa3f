"""What if a threshold, a date or a standard were another: the same rules on the run's stored tables, the run untouched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

import pandas as pd

from auditlib.base.terms import first_day
from auditlib.findings.apply import apply_rules, findings
from auditlib.law.amounts import Amount
from auditlib.law.parameters import SelfCheck, check_self_check
from auditlib.law.policy import Policy, Scheme
from auditlib.rules import RULES
from auditlib.runs.rerun import audit_again
from auditlib.runs.run_tables import RunTables

Part = Literal["amount", "minimum", "maximum", "average"]
PLACE = "what if"


@dataclass(frozen=True)
class Standard:
    """One amount of the law in force in a term; ``stage`` and ``category`` as the policy writes them, ``any`` for all.

    ``part``: ``amount`` where there is one amount, else the tier that it is.
    """

    scheme: str
    stage: str
    category: str
    part: Part


@dataclass(frozen=True)
class Compared:
    """``rules``: one row a rule of the catalogue that found or finds something, in its order.

    Columns: ``rule, findings, at_stake`` of the run; ``findings_if, at_stake_if``; ``new`` and ``gone`` findings.
    ``new`` and ``vanished``: their ids.
    """

    rules: pd.DataFrame
    new: frozenset[str]
    vanished: frozenset[str]

    def total(self, column: str) -> Any:
        """The sum of ``column`` over all rules."""
        return self.rules[column].sum() if len(self.rules) else 0


def with_parameters(run: RunTables, **changes: Any) -> SelfCheck:
    """The run's parameters with ``changes``: thresholds by name, ``count_date``, ``enrolment_covers``.

    Raises UsageError naming what cannot be so.
    """
    values = run.parameters.as_json()
    limits = {key: changes.pop(key) for key in tuple(changes) if key in values["thresholds"]}
    return check_self_check(
        {**values, **changes, "thresholds": {**values["thresholds"], **limits}}, base=run.folder, place=PLACE
    )


def standards_of(policy: Policy, term: str) -> dict[Standard, Decimal]:
    """Every amount in force in ``term``, in the order of the policy."""
    return {
        Standard(scheme.id, stage, category, part): value
        for scheme in policy.schemes.values()
        for stage, category, amount in _in_force(scheme, term)
        for part, value in _parts(amount)
    }


def _in_force(scheme: Scheme, term: str) -> Iterator[tuple[str, str, Amount]]:
    for stage, amounts_by_day in scheme.per_term.items():
        since = max((day for day in amounts_by_day if day <= first_day(term)), default=None)
        for category, amount in (amounts_by_day[since] if since else {}).items():
            if amount is not None:
                yield stage, category, amount


def _parts(amount: Amount) -> Iterator[tuple[Part, Decimal]]:
    if amount.minimum is not None and amount.minimum == amount.maximum:
        yield "amount", amount.minimum
        return
    tiers: tuple[tuple[Part, Decimal | None], ...] = (
        ("minimum", amount.minimum),
        ("maximum", amount.maximum),
        ("average", amount.average),
    )
    yield from ((part, value) for part, value in tiers if value is not None)


def with_standards(policy: Policy, term: str, changes: Mapping[Standard, Decimal]) -> Policy:
    """``policy`` with other amounts in force in ``term``; what holds in other terms stays."""
    schemes = dict(policy.schemes)
    for standard, value in changes.items():
        schemes[standard.scheme] = _change(schemes[standard.scheme], term, standard, value)
    return replace(policy, schemes=schemes)


def _change(scheme: Scheme, term: str, standard: Standard, value: Decimal) -> Scheme:
    amounts_by_day = scheme.per_term[standard.stage]
    since = max(day for day in amounts_by_day if day <= first_day(term))
    amount = amounts_by_day[since][standard.category]
    assert amount is not None
    fields = ("minimum", "maximum", "average") if standard.part == "amount" else (standard.part,)
    values: dict[str, Any] = dict.fromkeys(fields, value)
    other = replace(amount, **values)
    per_term = {
        **scheme.per_term,
        standard.stage: {**amounts_by_day, since: {**amounts_by_day[since], standard.category: other}},
    }
    return replace(scheme, per_term=per_term)


def what_if(run: RunTables, parameters: SelfCheck | None = None, policy: Policy | None = None) -> Compared:
    """The run's findings beside those that the same rules have with other parameters or another law."""
    engine, audit = audit_again(run, parameters=parameters, policy=policy)
    outcomes = apply_rules(engine, audit)
    columns = ["finding_id", "rule", "at_stake"]
    after = engine.fetch(findings(engine, audit, outcomes).select(*columns))
    return compare(run.fetch(run.table("findings").select(*columns)), after)


def compare(before: pd.DataFrame, after: pd.DataFrame) -> Compared:
    """Two sets of findings (``finding_id, rule, at_stake``), rule by rule."""
    new = frozenset(after["finding_id"]) - frozenset(before["finding_id"])
    vanished_ids = frozenset(before["finding_id"]) - frozenset(after["finding_id"])
    order = {rule: at for at, rule in enumerate(RULES)}
    rules = sorted({*before["rule"], *after["rule"]}, key=lambda rule: (order.get(rule, len(order)), rule))
    rows = [
        _row(rule, before[before["rule"] == rule], after[after["rule"] == rule], new, vanished_ids)
        for rule in rules
    ]
    columns = ["rule", "findings", "at_stake", "findings_if", "at_stake_if", "new", "gone"]
    return Compared(pd.DataFrame(rows, columns=columns), new, vanished_ids)


def _row(
    rule: str, before: pd.DataFrame, after: pd.DataFrame, new: frozenset[str], vanished_ids: frozenset[str]
) -> dict[str, Any]:
    return {
        "rule": rule,
        "findings": len(before),
        "at_stake": sum(before["at_stake"], Decimal(0)),
        "findings_if": len(after),
        "at_stake_if": sum(after["at_stake"], Decimal(0)),
        "new": sum(finding in new for finding in after["finding_id"]),
        "gone": sum(finding in vanished_ids for finding in before["finding_id"]),
    }
