"""劝返销号 by town: of the children in the ledger of dropouts, how many were notified, came back, were closed or wait; and the same
month by month, quarter by quarter and half-year by half-year (:func:`rolled_up`)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
import pandas as pd
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base import rhythm, terms
from auditlib.base.engine import Engine
from auditlib.base.language import Text
from auditlib.base.logic import beside, yes

STATES = ("listed", "notified", "back", "closed", "waiting")
BY_RULE = {
    "overdue": "dropout.overdue",
    "false_closure": "dropout.false_closure",
    "unledgered": "dropout.unledgered",
}
"""Figures that a rule tells."""
CLOSED_ALL_THE_SAME = "closed_and_in_no_register"
"""Why missed.not_found asks for a child whom the ledger has closed: falsely closed as well."""
FIGURES = (*STATES, *BY_RULE)
ROLLED_UP = {
    "begun": Text("新增辍学", "Newly out"),
    "due": Text("应复学（期限届满）", "Due back"),
    "back": Text("已复学", "Back at school"),
    "closed": Text("已销号", "Closed"),
    "overdue": Text("期末逾期", "Overdue at the end"),
    "out": Text("期末仍未复学", "Still out at the end"),
}
"""Figures of a period."""
KINDS = {
    "month": Text("月", "Month"),
    "quarter": Text("季", "Quarter"),
    "half_year": Text("半年", "Half-year"),
}
WHOLE_COUNTY = Text("全县", "Whole county")


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
    in_none = (findings["reason"] == CLOSED_ALL_THE_SAME) & (rule == "dropout.false_closure")
    of_rule = findings[(findings["rule"] == rule) | in_none]
    town = of_rule["town"].astype("object").where(of_rule["town"].notna(), "")
    person = of_rule["id_number"].fillna(of_rule["student_no"]).fillna(of_rule["finding_id"])
    return person.groupby(town).nunique()


def rolled_up(engine: Engine, audit: Audit) -> pd.DataFrame:
    """The ledger by period and town: ``kind`` (month, quarter, half_year), ``title`` of the period, ``first``, ``end`` (its last day, or
    the last of which the ledger tells), ``town`` (None: the whole county) and ROLLED_UP, children, each once; empty without a ledger.

    By the days in the ledger alone. A child is out from the day of leaving (else of the notice) until it is back or closed, and overdue
    when ``notice_days`` have passed since the notice (else the leaving) and it was not reported to the township.
    """
    columns = ["kind", "title", "first", "end", "town", *ROLLED_UP]
    cases = _cases(engine, audit) if audit.columns_found.get("dropouts") else pd.DataFrame()
    days = pd.concat([cases[name] for name in EVENTS]).dropna() if len(cases) else pd.Series(dtype="object")
    if days.empty:
        return pd.DataFrame(columns=columns)
    until = min(max(audit.ledger_day, days.max().date()), terms.last_day(audit.parameters.term))
    times = _periods(days.min().date(), until, audit)
    flows = pd.concat([_within(cases, day, times).assign(figure=figure) for figure, day in EVENT_OF.items()])
    stocks = _standing(cases, times)
    children = pd.concat([flows, stocks])[["time", "person_id", "town", "figure"]].drop_duplicates()
    children = pd.concat([children.assign(town=None), children])
    counts = children.groupby(["time", "town", "figure"], dropna=False).size().unstack("figure", fill_value=0)
    lines = times.merge(counts.reindex(columns=ROLLED_UP, fill_value=0).reset_index(), on="time", how="inner")
    days_alone = {day: lines[day].dt.date for day in ("first", "end")}
    in_order = lines.assign(is_town=lines["town"].notna()).sort_values(["time", "is_town", "town"])
    return in_order.assign(**days_alone)[columns].reset_index(drop=True)


EVENTS = ("dropped_on", "notice_on", "returned_on", "closed_on")
EVENT_OF = {"begun": "begun_on", "due": "due_on", "back": "returned_on", "closed": "closed_on"}


def rolled_up_in_term(engine: Engine, audit: Audit) -> list[dict[str, Any]]:
    """Of :func:`rolled_up` the lines of the whole county that reach into the run's term, days as ISO text."""
    lines = rolled_up(engine, audit)
    of_term = lines["town"].isna() & (lines["end"] >= terms.first_day(audit.parameters.term))
    in_term = lines[of_term.astype(bool)].drop(columns="town")
    return [{**row, "first": str(row["first"]), "end": str(row["end"])} for row in in_term.to_dict("records")]


def _cases(engine: Engine, audit: Audit) -> pd.DataFrame:
    """Rows of the ledger with ``person_id, town``, EVENTS, ``begun_on, due_on, told_on, reported_on``, ``is_back`` (said without a day)."""
    week = ibis.interval(days=audit.parameters.thresholds.notice_days)
    rows = audit.rows["dropouts"].filter(_.rejected.isnull())
    rows = beside(rows, audit.people.select("person_id", "town")).mutate(town=_.town.fill_null(""))
    cases = engine.fetch(
        rows.select(
            "person_id", "town", "reported_on", *EVENTS,
            begun_on=_.dropped_on.coalesce(_.notice_on),
            due_on=(_.notice_on.coalesce(_.dropped_on) + week).cast("date"),
            told_on=_.returned_on.coalesce(_.closed_on),
            is_back=yes(_.back == "yes") & _.returned_on.isnull() & _.closed_on.isnull(),
        )
    )  # fmt: skip
    days = [*EVENTS, "reported_on", "begun_on", "due_on", "told_on"]
    return cases.assign(**{day: pd.to_datetime(cases[day]) for day in days})


def _periods(since: dt.date, until: dt.date, audit: Audit) -> pd.DataFrame:
    """``time`` (a number), ``kind, title, first, end``: the periods from ``since`` to ``until``."""
    begun = [(kind, period) for kind in rhythm.LENGTHS for period in rhythm.periods_begun(kind, since, until)]
    language = audit.parameters.language
    rows = [(kind, one.title.into(language), one.first, min(one.last, until)) for kind, one in begun]
    times = pd.DataFrame(rows, columns=["kind", "title", "first", "end"]).rename_axis("time").reset_index()
    return times.astype({"first": "datetime64[ns]", "end": "datetime64[ns]"})


def _within(cases: pd.DataFrame, day: str, times: pd.DataFrame) -> pd.DataFrame:
    """``time, person_id, town`` of the cases whose ``day`` lies within a period."""
    dated = cases[cases[day].notna()].merge(times, how="cross")
    return dated[(dated[day] >= dated["first"]) & (dated[day] <= dated["end"])]


def _standing(cases: pd.DataFrame, times: pd.DataFrame) -> pd.DataFrame:
    """``time, person_id, town, figure``: who is ``out`` at the end of a period, and who is ``overdue``."""
    back_undated = set(cases.loc[cases["is_back"], "person_id"])
    by_child = cases[~cases["person_id"].isin(back_undated)].merge(times, how="cross")
    for day in ("begun_on", "told_on", "reported_on"):
        by_child[day] = by_child[day].where(by_child[day] <= by_child["end"])
    by_child["due_on"] = by_child["due_on"].where(by_child["begun_on"].notna())
    latest = by_child.groupby(["time", "person_id", "town", "end"])[
        ["begun_on", "due_on", "told_on", "reported_on"]
    ].max()
    latest = latest.reset_index()
    out = latest["begun_on"].notna() & ~(latest["told_on"] >= latest["begun_on"])
    reported = latest["reported_on"] >= latest["begun_on"]
    overdue = out & (latest["due_on"] < latest["end"]) & ~reported
    return pd.concat([latest[out].assign(figure="out"), latest[overdue].assign(figure="overdue")])
