"""The conclusion of a self-check: how many pupils should have been paid, were, were not, and the yuan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import ibis
import pandas as pd
from ibis import _

from auditlib.engine import Engine
from auditlib.logic import yes
from auditlib.registers import Audit

OWED = ("missed",)
WRONG = ("duplicate", "mismatch", "ineligible", "amount")


def conclude(engine: Engine, audit: Audit, findings: pd.DataFrame, rules: pd.DataFrame) -> dict[str, Any]:
    """``conclusion`` (figures), ``by_school`` and ``by_town`` (frames).

    Pupils: ``entitled_pupils`` (a mandatory scheme is due to them for certain), of whom ``paid_in_full``, ``underpaid``,
    ``returned`` (came back, not made again) and ``unpaid`` (no payment at all) by the worst of their schemes;
    ``paid_otherwise`` are the rest (paid an excluded scheme instead). ``not_tested``: pupils of whom something is not
    known. ``elsewhere_open``, ``not_found``: children outside. Yuan: ``owed_yuan`` (too little), ``wrong_yuan`` (too much
    or to the wrong person), ``payments_persons`` and ``payments_yuan`` (what was paid in the term).
    """
    figures = _pupils(engine, audit) | _payments(engine, audit)
    count = findings.groupby("rule").size()
    stake = findings.groupby("family")["at_stake"].sum()
    figures |= {
        "elsewhere_open": int(count.get("missed.out_of_county", 0)),
        "not_found": int(count.get("missed.not_found", 0)),
        "owed_yuan": sum((stake.get(family, Decimal(0)) for family in OWED), Decimal(0)),
        "wrong_yuan": sum((stake.get(family, Decimal(0)) for family in WRONG), Decimal(0)),
        "findings": len(findings),
        "rules_run": int((rules["status"] == "run").sum()),
        "rules_not_run": int((rules["status"] == "not_run").sum()),
        **{level: int((findings["severity"] == level).sum()) for level in ("high", "medium", "low")},
    }
    return {"conclusion": figures, **_breakdown(engine, audit, findings)}


def _pupils(engine: Engine, audit: Audit) -> dict[str, int]:
    due = audit.aid.filter(_.certain.notnull() & yes(_.mandatory))
    # The worst that happened to a pupil decides: nothing, all came back, too little, in full.
    state = ibis.cases(
        (~_.certain, 5),
        (
            _.net >= _.minimum.fill_null(0).cast("decimal(14, 2)"),
            ibis.ifelse(_.net > 0, 4, ibis.ifelse(_.has_rows, 2, 1)),
        ),
        (_.net > 0, 3),
        (_.has_rows, 2),
        else_=1,
    )
    worst = (
        due.mutate(state=state).group_by("person_id").agg(state=_.state.min(), unknown=(_.state == 5).any())
    )
    other = audit.aid.filter(_.net > 0).select("person_id").distinct().mutate(paid=ibis.literal(True))
    both = worst.left_join(other, "person_id").drop("person_id_right")
    counts = engine.fetch(both.group_by("state", "paid", "unknown").agg(pupils=_.count()))
    counts["paid"] = counts["paid"].fillna(False).astype(bool)
    states = counts["state"]
    kinds = {
        "entitled_pupils": states < 5,
        "paid_in_full": states == 4,
        "underpaid": states == 3,
        "returned": states == 2,
        "unpaid": (states == 1) & ~counts["paid"],
        "paid_otherwise": (states == 1) & counts["paid"],
        "not_tested": counts["unknown"].astype(bool),
    }
    return {kind: int(counts.loc[rows, "pupils"].sum()) for kind, rows in kinds.items()}


def _payments(engine: Engine, audit: Audit) -> dict[str, Any]:
    rows = audit.rows["payments"].filter(
        _.rejected.isnull() & (_.result == "success") & (_.term == audit.parameters.term)
    )
    sums = engine.fetch(
        rows.aggregate(persons=(_.amount > 0).sum().fill_null(0), yuan=_.amount.sum().fill_null(0))
    )
    return {"payments_persons": int(sums["persons"][0]), "payments_yuan": Decimal(str(sums["yuan"][0]))}


def _breakdown(engine: Engine, audit: Audit, findings: pd.DataFrame) -> dict[str, pd.DataFrame]:
    seen = audit.aid.filter(_.certain.notnull() | (_.net > 0)).select("person_id").distinct()
    placed = seen.inner_join(audit.people, "person_id").select("person_id", "school_name", "town")
    pupils = engine.fetch(placed.group_by("school_name", "town").agg(pupils=_.count()))
    return {
        f"by_{place}": _by(findings, pupils, column)
        for place, column in (("school", "school_name"), ("town", "town"))
    }


def _by(findings: pd.DataFrame, pupils: pd.DataFrame, place: str) -> pd.DataFrame:
    counted = (
        findings.dropna(subset=[place])
        .groupby(place)
        .agg(findings=("rule", "size"), at_stake=("at_stake", "sum"))
    )
    counted["missed"] = findings[findings["family"] == "missed"].groupby(place).size()
    table = pupils.dropna(subset=[place]).groupby(place)[["pupils"]].sum().join(counted, how="outer")
    whole = table.reset_index()
    for column in ("pupils", "findings", "missed"):
        whole[column] = whole[column].fillna(0).astype(int)
    whole["at_stake"] = [Decimal(0) if pd.isna(value) else value for value in whole["at_stake"]]
    order = ["at_stake", "findings", place]
    return whole.sort_values(order, ascending=[False, False, True], ignore_index=True)[
        [place, "pupils", "findings", "missed", "at_stake"]
    ]
