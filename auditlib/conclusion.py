"""The conclusion of a self-check: how many pupils should have been paid, were, were not, and the yuan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
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


# What became of a scheme that was due, worst first; a pupil is as well off as the worst of the schemes due.
UNPAID, RETURNED, UNDERPAID, INSTEAD, IN_FULL, UNKNOWN = range(1, 7)
STATES = {
    "unpaid": UNPAID,
    "returned": RETURNED,
    "underpaid": UNDERPAID,
    "paid_otherwise": INSTEAD,
    "paid_in_full": IN_FULL,
}


def _pupils(engine: Engine, audit: Audit) -> dict[str, int]:
    due = audit.aid.filter(_.certain.notnull() & yes(_.mandatory))
    both = due.left_join(_paid_instead(audit), ["person_id", "scheme"], rname="{name}_instead")
    state = ibis.cases(
        (~_.certain, UNKNOWN),
        (~_.has_rows & yes(_.instead), INSTEAD),
        (~_.has_rows, UNPAID),
        (_.net <= 0, RETURNED),
        (yes(_.net < _.minimum), UNDERPAID),
        else_=IN_FULL,
    )
    worst = both.mutate(state=state).group_by("person_id").agg(
        state=_.state.min(), unknown=(_.state == UNKNOWN).any()
    )  # fmt: skip
    counts = engine.fetch(worst.group_by("state", "unknown").agg(pupils=_.count()))
    of_state = counts.groupby("state")["pupils"].sum()
    return {
        "entitled_pupils": int(of_state[of_state.index < UNKNOWN].sum()),
        **{name: int(of_state.get(state, 0)) for name, state in STATES.items()},
        "not_tested": int(counts.loc[counts["unknown"].astype(bool), "pupils"].sum()),
    }


def _paid_instead(audit: Audit) -> ir.Table:
    """``person_id, scheme`` of schemes whose exclusive counterpart was paid."""
    paid = audit.aid.filter(_.net > 0).select("person_id", paid_scheme="scheme")
    pairs = paid.inner_join(audit.exclusions, paid.paid_scheme == audit.exclusions.scheme)
    return pairs.select("person_id", scheme="other_scheme", instead=ibis.literal(True)).distinct()


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
