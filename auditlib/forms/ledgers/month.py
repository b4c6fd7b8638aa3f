"""The monthly sheet: due, planned, approved, paid, returned and missed by town and school, this term so far; and what has
changed since the run before it of the same term, where ``previous`` names one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.engine import Engine
from auditlib.base.language import Text
from auditlib.base.logic import YUAN, beside, yes
from auditlib.base.run_folder import FINDINGS, TABLES, read_manifest
from auditlib.law.parameters import SelfCheck

BY = ["town", "school_name"]
MISSED, WARNED_RULE, PASSED_OVER = "missed.", "warning.not_in_plan", "warning.passed_over"
OF_PAYMENTS = ("paid_", "returned_")
"""Figures that no list but that of the payments tells."""
NOT_TOLD = {
    "town": Text("（乡镇未注明）", "(town not told)"),
    "school_name": Text("（学籍以外：学前、中职等）", "(in no school of the register)"),
}
SCHEMAS: Mapping[str, dict[str, str]] = {
    "people": dict.fromkeys(("person_id", *BY), "string"),
    "aid": {
        "person_id": "string",
        "certain": "boolean",
        "mandatory": "boolean",
        "due": "decimal(14, 2)",
        "net": "decimal(14, 2)",
    },
    "payments": {**dict.fromkeys(("person_id", "result", "term", "rejected"), "string"), "amount": "decimal(14, 2)"},
}  # fmt: skip
"""What the figures need of the tables that a run leaves."""


@dataclass(frozen=True)
class Month:
    """What the figures of one run rest on; ``name``: the run's folder."""

    people: ir.Table
    aid: ir.Table
    payments: ir.Table
    findings: pd.DataFrame
    name: str = ""


def monthly(engine: Engine, audit: Audit, findings: pd.DataFrame) -> pd.DataFrame:
    """A row a town and school: persons and yuan of each figure; of what was not delivered no column."""
    now = Month(audit.people, audit.aid, audit.rows["payments"], findings)
    term = audit.parameters.term
    figures = _figures(engine, now, term).join(_chain(engine, audit), how="outer")
    earlier = earlier_month(engine, audit.parameters)
    if earlier is not None:
        figures = figures.join(_changes(engine, now, earlier, term), how="outer")
    town_counts = _in_towns(figures.astype("object").fillna(dict.fromkeys(figures.columns, 0)))
    if not audit.columns_found.get("payments"):  # what was not delivered is no nought
        town_counts = town_counts.drop(
            columns=[name for name in town_counts.columns if name.startswith(OF_PAYMENTS)]
        )
    towns_since = town_counts if earlier is None else town_counts.assign(since=earlier.name)
    words = {name: NOT_TOLD[name].into(audit.parameters.language) for name in BY}
    # What nobody placed comes last, in words.
    order = towns_since.assign(last=towns_since["town"] == "", least=towns_since["school_name"] == "")
    schools_in_order = order.sort_values(["last", "town", "least", "school_name"], ignore_index=True)
    return schools_in_order.drop(columns=["last", "least"]).replace(
        {name: {"": word} for name, word in words.items()}
    )


def _in_towns(figures: pd.DataFrame) -> pd.DataFrame:
    """``figures`` with town and school as columns; a school without a town is in the one that its other rows tell."""
    places = figures.index.to_frame(index=False)
    towns = places[places["town"] != ""].groupby("school_name")["town"].agg(["min", "nunique"])
    only = towns.loc[(towns["nunique"] == 1) & (towns.index != ""), "min"]
    town = places["town"].where(
        places["town"] != "", places["school_name"].map(only).astype("object").fillna("")
    )
    rows_by_place = figures.set_axis(pd.MultiIndex.from_arrays([town, places["school_name"]], names=BY))
    return rows_by_place.groupby(level=BY).sum().reset_index()


def earlier_month(engine: Engine, parameters: SelfCheck) -> Month | None:
    """The last run of the same county and term that ``previous`` names, as it left its tables; None without one."""
    runs = [folder for folder in parameters.previous if _is_of_this_term(folder, parameters)]
    if not runs:
        return None
    tables = {
        name: engine.load(
            f"earlier_{name}", pd.read_parquet(runs[-1] / TABLES / f"{name}.parquet").reindex(columns=list(schema)), schema
        )
        for name, schema in SCHEMAS.items()
    }  # fmt: skip
    return Month(**tables, findings=pd.read_parquet(runs[-1] / FINDINGS), name=runs[-1].name)


def _is_of_this_term(folder: Path, parameters: SelfCheck) -> bool:
    parameters_then = (read_manifest(folder) or {}).get("parameters", {})
    files = [folder / FINDINGS, *(folder / TABLES / f"{name}.parquet" for name in SCHEMAS)]
    same = (parameters_then.get("county_code"), parameters_then.get("term")) == (
        parameters.county_code,
        parameters.term,
    )
    return same and all(file.is_file() for file in files)


def _figures(engine: Engine, month: Month, term: str) -> pd.DataFrame:
    """Due, paid, returned and missed."""
    aid, payments = month.aid, month.payments
    due = aid.filter(yes(_.certain) & yes(_.mandatory)).select("person_id", yuan=_.due.cast(YUAN))
    paid = aid.filter(yes(_.net > 0)).select("person_id", yuan=_.net.cast(YUAN))
    returned_rows = payments.filter(_.rejected.isnull() & (_.result == "returned") & (_.term == term))
    returned_rows = returned_rows.select("person_id", yuan=_.amount.cast(YUAN))
    by_figure = {"due": due, "paid": paid, "returned": returned_rows}
    sums = [_by_school(engine, rows, month.people, name) for name, rows in by_figure.items()]
    missed = _findings_of(month.findings, MISSED)
    town_counts = missed.groupby(BY).agg(
        missed_persons=("person", "nunique"), missed_yuan=("at_stake", "sum")
    )
    before_payment = {"warned_persons": WARNED_RULE, "passed_over_persons": PASSED_OVER}
    others = [
        _findings_of(month.findings, rule).groupby(BY)["person"].nunique().rename(name)
        for name, rule in before_payment.items()
    ]
    return sums[0].join([*sums[1:], town_counts, *(other.to_frame() for other in others)], how="outer")


def _chain(engine: Engine, audit: Audit) -> pd.DataFrame:
    """Planned (persons and yuan) and approved (persons), as far as their lists were delivered."""
    term, parts = audit.parameters.term, [pd.DataFrame(index=pd.MultiIndex.from_arrays([[], []], names=BY))]
    if audit.columns_found.get("planned"):
        rows = audit.rows["planned"].filter(_.rejected.isnull() & (_.term == term))
        planned_payments = rows.select("person_id", yuan=_.amount.cast(YUAN))
        parts.append(_by_school(engine, planned_payments, audit.people, "planned"))
    if "approved_on" in audit.columns_found.get("applications", frozenset()):
        rows = audit.rows["applications"].filter(_.rejected.isnull() & _.approved_on.notnull())
        approved_rows = rows.filter(_.term.isnull() | (_.term == term)).select(
            "person_id", yuan=ibis.literal(0).cast(YUAN)
        )
        parts.append(_by_school(engine, approved_rows, audit.people, "approved")[["approved_persons"]])
    return parts[0].join(parts[1:], how="outer") if parts[1:] else parts[0]


def _changes(engine: Engine, now: Month, then: Month, term: str) -> pd.DataFrame:
    """How much more is paid than in the run before, and who is newly missed or in no list, or is so no longer."""
    figures = [_figures(engine, month, term)[["paid_persons", "paid_yuan"]] for month in (now, then)]
    side_by_side = figures[0].join(figures[1].add_suffix("_then"), how="outer").astype("object").fillna(0)
    paid = pd.DataFrame(
        {
            f"{name}_change": side_by_side[name] - side_by_side[f"{name}_then"]
            for name in ("paid_persons", "paid_yuan")
        }
    )
    parts = [
        column
        for name, rule in (("missed", MISSED), ("warned", WARNED_RULE))
        for column in _came_and_went(now, then, name, rule)
    ]
    return paid.join(parts, how="outer")


def _came_and_went(now: Month, then: Month, name: str, rules: str) -> list[pd.DataFrame]:
    """Persons whom ``rules`` find and did not find then, and the other way round: who was not paid and is paid too little by now
    is neither."""
    here, before = _findings_of(now.findings, rules), _findings_of(then.findings, rules)
    new = here[~here["person"].isin(before["person"])].groupby(BY)["person"].nunique()
    resolved_counts = before[~before["person"].isin(here["person"])].groupby(BY)["person"].nunique()
    return [new.rename(f"{name}_new").to_frame(), resolved_counts.rename(f"{name}_gone").to_frame()]


def _findings_of(findings: pd.DataFrame, rules: str) -> pd.DataFrame:
    """Findings of the rules that begin so, with town and school as text and the ``person``."""
    of_rules = findings[findings["rule"].str.startswith(rules)]
    places = {name: of_rules[name].astype("object").where(of_rules[name].notna(), "") for name in BY}
    person = of_rules["id_number"].fillna(of_rules["name"]).fillna(of_rules["finding_id"])
    return of_rules.assign(**places, person=person)


def _by_school(engine: Engine, rows: ir.Table, people: ir.Table, name: str) -> pd.DataFrame:
    rows_by_place = beside(rows, people.select("person_id", *BY)).mutate(
        town=_.town.fill_null(""), school_name=_.school_name.fill_null("")
    )
    sums = rows_by_place.group_by(BY).agg(
        **{f"{name}_persons": _.person_id.nunique(), f"{name}_yuan": _.yuan.sum().cast("decimal(18, 2)")}
    )
    return engine.fetch(sums).set_index(BY)
