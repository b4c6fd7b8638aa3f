"""劝返销号 by town: of the children in the ledger of dropouts, how many were notified, came back, were closed or wait."""

from __future__ import annotations

from typing import Any

import pandas as pd
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.engine import Engine
from auditlib.base.logic import beside

STATES = ("listed", "notified", "back", "closed", "waiting")
BY_RULE = {
    "overdue": "dropout.overdue",
    "false_closure": "dropout.false_closure",
    "unledgered": "dropout.unledgered",
}
"""Figures that a rule tells."""
FIGURES = (*STATES, *BY_RULE)


def bringing_back(engine: Engine, audit: Audit, findings: pd.DataFrame) -> list[dict[str, Any]]:
    """A row a town (empty where no register tells it): ``town`` and FIGURES, children, each once; none without a ledger.

    ``waiting``: neither back nor closed. A figure of a rule that was not run is none found: the list of rules says so.
    """
    if not audit.columns_found.get("dropouts"):
        return []
    states = _states(engine, audit)
    parts = [states, *(_of_rule(findings, rule).rename(name) for name, rule in BY_RULE.items())]
    by_town = pd.concat(parts, axis="columns").sort_index().fillna(0).astype("int64")
    return [{"town": str(town), **row} for town, row in by_town.to_dict("index").items()]


def _states(engine: Engine, audit: Audit) -> pd.DataFrame:
    rows = audit.rows["dropouts"].filter(_.rejected.isnull()).group_by("person_id")
    children = rows.agg(
        notified=_.notice_on.notnull().any(), back=_.returned_on.notnull().any(), closed=_.closed_on.notnull().any()
    )  # fmt: skip
    children_by_town = beside(children, audit.people.select("person_id", "town")).mutate(
        town=_.town.fill_null("")
    )
    town_figures = children_by_town.group_by("town").agg(
        listed=_.count(), notified=_.notified.sum(), back=_.back.sum(), closed=_.closed.sum(),
        waiting=(~_.back & ~_.closed).sum(),
    )  # fmt: skip
    return engine.fetch(town_figures).set_index("town")[list(STATES)]


def _of_rule(findings: pd.DataFrame, rule: str) -> pd.Series:
    of_rule = findings[findings["rule"] == rule]
    town = of_rule["town"].astype("object").where(of_rule["town"].notna(), "")
    person = of_rule["id_number"].fillna(of_rule["student_no"]).fillna(of_rule["finding_id"])
    return person.groupby(town).nunique()
