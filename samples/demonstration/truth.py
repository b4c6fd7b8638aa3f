"""What a visit would find at every payment of the sample city: a hash of the payment decides, so the truth is the same
in whatever order and sample the payments are drawn.

A payment that a finding cites is mostly wrong as the finding says, now and then right after all; of those that nobody
flagged a few are wrong in a way that no register shows.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from auditlib.city.counties import County
from auditlib.city.population import CLEAN, NO_FLAGS, Population

NOTHING = Decimal(0)
ONE_WRONG_IN = {"990122": 60, "990123": 18, "990124": 50}  # payments that nobody flagged
FALSE_ALARM = 6  # one flag in so many
KIND_OF_RULE = {
    "mismatch.not_enrolled": "not_pupil",
    "mismatch.inactive": "inactive",
    "mismatch.identity": "wrong_identity",
    "mismatch.invalid_id": "wrong_identity",
    "ineligible.not_listed": "not_eligible",
    "ineligible.expired": "not_eligible",
    "duplicate.same_scheme": "paid_twice",
    "duplicate.exclusive_schemes": "paid_twice",
    "duplicate.fallback": "paid_twice",
    "amount.overpaid": "wrong_amount",
    "missed.underpaid": "wrong_amount",
}
NOTHING_DUE = ("not_pupil", "inactive", "not_eligible")
EVIDENCE = {
    "not_pupil": "学校书面证明：查无此生",
    "inactive": "学籍异动表",
    "not_eligible": "乡镇证明：户已退出",
    "wrong_amount": "应发标准核算表",
    "paid_twice": "银行流水",
    "not_received": "家长笔录、银行流水",
    "wrong_identity": "户口簿复印件",
    "other": "学校书面说明",
}
UNSEEN = (
    ("not_received", Decimal(1)), ("not_pupil", NOTHING), ("wrong_amount", Decimal("0.5")), ("inactive", NOTHING),
    ("wrong_amount", Decimal("1.2")), ("not_eligible", NOTHING),
)  # fmt: skip # what is wrong where no register shows it, and the share of the payment that was due


class Found(NamedTuple):
    """One payment as a visit finds it."""

    deviates: bool
    kind: str | None
    audited: Decimal


def truth(county: County, population: Population) -> pd.DataFrame:
    """``unit_id, deviates, kind, audited`` of every payment of the county, drawn or not."""
    citations = _citations(county)
    faults = [
        _visit(population.county_code, unit, amount, group, citations.get(source))
        for unit, source, amount, group in population.units[
            ["unit_id", "source", "amount", "group"]
        ].itertuples(index=False, name=None)
    ]
    frame = pd.DataFrame(faults, columns=list(Found._fields), dtype=object)
    return frame.assign(unit_id=list(population.units["unit_id"]))


def number_of(unit: str, salt: str) -> int:
    """A large number that only ``unit`` and ``salt`` decide."""
    return int(hashlib.sha256(f"{salt}:{unit}".encode()).hexdigest()[:12], 16)


def _citations(county: County) -> dict[str, tuple[str, Decimal, Decimal | None]]:
    """Address of a payment -> rule, yuan at stake and due of the weightiest finding that cites it."""
    sides = [county.findings, *([county.package.findings] if county.package else [])]
    findings = pd.concat(sides, ignore_index=True)
    rows = findings[~findings["family"].isin(NO_FLAGS)].explode("records").dropna(subset="records")
    rows = rows[rows["records"].str.startswith("payments:")].sort_values(
        ["records", "at_stake"], kind="stable"
    )
    last = rows.drop_duplicates("records", keep="last")
    sources = last["records"].str.removeprefix("payments:")
    return dict(zip(sources, zip(last["rule"], last["at_stake"], last["amount_due"], strict=True), strict=True))  # fmt: skip


def _visit(
    county: str, unit: str, amount: Decimal, group: str, citation: tuple[str, Decimal, Decimal | None] | None
) -> Found:
    if group == CLEAN or citation is None:
        return _truth_of_unflagged(county, unit, amount)
    if number_of(unit, "false alarm") % FALSE_ALARM == 0:
        return Found(False, None, amount)
    return _as_the_finding_says(amount, *citation)


def _truth_of_unflagged(county: str, unit: str, amount: Decimal) -> Found:
    if number_of(unit, "wrong") % ONE_WRONG_IN[county]:
        return Found(False, None, amount)
    kind, share = UNSEEN[number_of(unit, "kind") % len(UNSEEN)]
    return Found(True, kind, (amount * share).quantize(Decimal("0.01")))


def _as_the_finding_says(amount: Decimal, rule: str, at_stake: Decimal, due: Decimal | None) -> Found:
    kind = KIND_OF_RULE.get(rule, "other")
    if kind in NOTHING_DUE:
        return Found(True, kind, NOTHING)
    amount_due = due if rule == "missed.underpaid" and due is not None else max(NOTHING, amount - at_stake)
    return Found(True, "other" if kind == "wrong_amount" and amount_due == amount else kind, amount_due)
