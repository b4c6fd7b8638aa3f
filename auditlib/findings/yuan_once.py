"""Each yuan once: what the findings amount to where several of them rest on the same money.

Findings are claims in order: what is owed to children, then what was paid wrongly, then the rest; within these first those
that put the whole of their payments in question. A finding adds only what no finding before it has put in question on the
same payments (or, where it rests on none, on the same letters, or on what is due to the same person under the same scheme).
Where it may rest on several of them, it is laid first upon those that others claim most of; where rows stand in their files says
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

import pandas as pd
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.engine import Engine
from auditlib.base.language import Text

OWED_FAMILIES = ("missed",)
WRONG = ("duplicate", "mismatch", "ineligible", "amount")
BALANCES = ("totals", "funds")
"""Families whose yuan are differences of printed figures and balances: money of no payment."""
NONE = Decimal(0)
PAYMENT, LETTER = "payments:", "letters:"
OF_WHAT_IS_DUE = (
    "planned_not_paid",
    "other_amount",
)  # reasons of two lists that differ: what is due, not what was paid

ADDED_UP = (
    ("one_by_one", Text("疑点涉及金额，逐条相加", "At stake, one by one")),
    ("repeated", Text("减：几条疑点中的同一笔钱", "less: the same money in several findings")),
    ("balances", Text("减：报表、资金台账上的差额（不是发给个人的钱）", "less: differences of totals and balances (of no person)")),
    ("once", Text("每一元只计一次", "Each yuan once")),
    ("owed", Text("其中：应发未发", "of these: owed to children")),
    ("wrong", Text("其中：误发、重发、超发", "of these: paid wrongly or in excess")),
    ("other", Text("其中：程序等其他疑点", "of these: procedure and other things")),
)  # fmt: skip


@dataclass(frozen=True)
class YuanOnce:
    """``one_by_one`` = ``owed`` + ``wrong`` + ``other`` + ``repeated`` + ``balances``; each yuan stands in one of the first three once."""

    one_by_one: Decimal
    repeated: Decimal
    balances: Decimal
    owed: Decimal
    wrong: Decimal
    other: Decimal

    @property
    def once(self) -> Decimal:
        """The sum of the parts."""
        return self.owed + self.wrong + self.other

    def as_json(self) -> dict[str, str]:
        """The parts as text, to the fen: what a manifest holds."""
        return {name: f"{amount:.2f}" for name, amount in asdict(self).items()}

    @classmethod
    def of(cls, parts: Mapping[str, str]) -> YuanOnce:
        """What :meth:`as_json` gave."""
        return cls(**{each.name: Decimal(parts[each.name]) for each in fields(cls)})


def part_of(family: str) -> str:
    """``owed``, ``wrong``, ``balances`` or ``other``."""
    parts = (("owed", OWED_FAMILIES), ("wrong", WRONG), ("balances", BALANCES))
    return next((part for part, families in parts if family in families), "other")


def yuan_once(findings: pd.DataFrame, paid: Mapping[str, Decimal]) -> YuanOnce:
    """``paid``: the yuan of each payment (``payments:`` and its source) that reached an account."""
    rows = findings[findings["at_stake"].notna()].sort_values("finding_id").to_dict("records")
    all_pots = [_pots(row, paid) for row in rows]
    in_order = _in_order(all_pots, [(str(row["finding_id"]), row["at_stake"]) for row in rows])
    stakes = [
        (part_of(row["family"]), row["at_stake"], pots) for row, pots in zip(rows, in_order, strict=True)
    ]
    sums = dict.fromkeys(("owed", "wrong", "other", "balances"), NONE)
    sums["balances"] = sum((yuan for part, yuan, _pots in stakes if part == "balances"), NONE)
    claims: defaultdict[str, Decimal] = defaultdict(Decimal)
    for part in ("owed", "wrong", "other"):
        own = [(yuan, pots) for name, yuan, pots in stakes if name == part]  # in order of the findings' ids
        for yuan, pots in sorted(own, key=_whole_first):
            sums[part] += _addition(yuan, pots, claims)
    one_by_one = sum((yuan for _part, yuan, _pots in stakes), NONE)
    return YuanOnce(one_by_one, one_by_one - sum(sums.values(), NONE), **sums)


UNSURE_PARTS = ("owed", "wrong", "once")


def unsure_yuan(findings: pd.DataFrame, paid: Mapping[str, Decimal], line: float) -> dict[str, Decimal]:
    """Of UNSURE_PARTS what would fall away were every finding of a confidence below ``line`` none; ``paid`` as above."""
    is_sure = findings["confidence"].astype(float) >= line
    every, sure = yuan_once(findings, paid), yuan_once(findings[is_sure], paid)
    return {part: max(getattr(every, part) - getattr(sure, part), NONE) for part in UNSURE_PARTS}


def _pots(row: Mapping[str, Any], paid: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What a finding lays claim to, and how much each holds; one that has no end holds the finding's own yuan."""
    if row["family"] not in OWED_FAMILIES and row["reason"] not in OF_WHAT_IS_DUE:
        records = list(row["records"])
        if payments := {record: paid.get(record, NONE) for record in records if record.startswith(PAYMENT)}:
            return payments
        if letters := [record for record in records if record.startswith(LETTER)]:
            return {letters[0]: row["at_stake"]}
    numbers = [row[name] for name in ("id_number", "student_no") if not pd.isna(row[name])]
    person = numbers[0] if numbers else f"{row['name']}|{row['school_name']}"
    return {f"due:{person}|{row['scheme']}": row["at_stake"]}


def _in_order(
    all_pots: list[dict[str, Decimal]], findings: list[tuple[str, Decimal]]
) -> list[dict[str, Decimal]]:
    """Each finding's pots, those first of which most is claimed; ``findings``: id and yuan. Two that the same findings claim, and
    that hold as much, are one as good as the other, so the sums are the same wherever their rows stand."""
    claimants: defaultdict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for pots, finding in zip(all_pots, findings, strict=True):
        for pot in pots:
            claimants[pot].append(finding)
    yuan_claimed = {pot: sum((yuan for _id, yuan in each), NONE) for pot, each in claimants.items()}

    def place(pot: str, yuan: Decimal) -> tuple[Decimal, list[tuple[str, Decimal]], Decimal, str]:
        return -yuan_claimed[pot], claimants[pot], yuan, pot

    return [dict(sorted(pots.items(), key=lambda each: place(*each))) for pots in all_pots]


def _whole_first(stakes: tuple[Decimal, Mapping[str, Decimal]]) -> Decimal:
    yuan, pots = stakes
    return sum(pots.values(), NONE) - yuan


def _addition(yuan: Decimal, pots: Mapping[str, Decimal], claims: defaultdict[str, Decimal]) -> Decimal:
    """What ``yuan`` adds to the claims of others; it is laid upon the pots as far as they hold it, the rest upon the first."""
    addition = rest = max(yuan - sum((claims[pot] for pot in pots), NONE), NONE)
    for pot in pots:
        part = max(min(pots[pot] - claims[pot], rest), NONE)
        claims[pot], rest = claims[pot] + part, rest - part
    claims[next(iter(pots))] += rest
    return addition


def paid_by_record(engine: Engine, audit: Audit, findings: pd.DataFrame) -> dict[str, Decimal]:
    """The yuan of the payments that findings rest on, as far as they reached an account."""
    sources = sorted(_payments_of(findings["records"]))
    if not sources:
        return {}
    in_question = engine.load("payments_in_question", pd.DataFrame({"source": sources}), {"source": "string"})
    rows = audit.rows["payments"].filter(_.rejected.isnull(), _.result == "success", _.amount > 0)
    amounts = engine.fetch(rows.semi_join(in_question, "source").select("source", "amount"))
    return {
        PAYMENT + str(source): Decimal(str(amount))
        for source, amount in zip(amounts["source"], amounts["amount"], strict=True)
    }


def _payments_of(records: Iterable[Iterable[str]]) -> set[str]:
    return {record.removeprefix(PAYMENT) for each in records for record in each if record.startswith(PAYMENT)}
