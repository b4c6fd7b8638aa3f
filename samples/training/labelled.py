"""A labelled county through the exact keys: what they leave, the pupils, and who each leftover is."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd

from auditlib.base.engine import Engine
from auditlib.base.places import ROOT
from auditlib.ingest.cleaning.standardise import standardise
from auditlib.law.policy import read_policy
from auditlib.linkage import exact as linkage
from auditlib.linkage.model.leftovers import leftovers
from auditlib.linkage.model.names import spelt_rows
from auditlib.linkage.model.records import Tables, known_pupils, register_records, unknown_records
from auditlib.linkage.model.twice import doubtful_records
from auditlib.tables.delivered import TABLES, Table
from auditlib.tables.vocabulary import vocabulary
from samples.labelled import Labelled

TERM = "2020-autumn"
TRUTH = dict.fromkeys(("record", "table", "source", "pupil", "kind"), "string")


@dataclass(frozen=True)
class Sides:
    """``unknown`` beside ``pupils``; ``truth``: ``record, pupil`` (the enrolment record, NULL for nobody), ``kind``."""

    tables: Tables
    others: ir.Table
    anchors: ir.Table
    unknown: ir.Table
    pupils: ir.Table
    truth: ir.Table


def standard_tables(engine: Engine, county: Labelled) -> Tables:
    """The county's rows as the standardised tables of a run."""
    words = vocabulary(read_policy(["national"], ROOT))
    return {
        name: standardise(engine, _raw(engine, table, county), table, words, TERM)
        for name, table in TABLES.items()
    }


def _raw(engine: Engine, table: Table, county: Labelled) -> ir.Table:
    companions = [
        f"{c.name}_{c.kind.companion}" for c in table.columns if c.kind.companion in ("unit", "coding")
    ]
    columns = ["source", *table.by_name, *companions]
    frame = pd.DataFrame(county.tables[table.name], columns=columns, dtype="object")
    return engine.load(f"{table.name}_raw", frame, dict.fromkeys(columns, "string"))


@dataclass(frozen=True)
class Doubled:
    """A register with second records: ``records``, the ``doubtful`` among them, and ``truth``: ``record, child``."""

    tables: Tables
    anchors: ir.Table
    records: ir.Table
    doubtful: ir.Table
    truth: ir.Table


def twice_entered(engine: Engine, county: Labelled) -> Doubled:
    """The register of ``county`` with its mistyped numbers and second records, as the exact keys leave it."""
    once = {row["source"]: row for row in county.tables["enrolment"]}
    rows = [*(once | county.mistyped).values(), *(cells for cells, _source in county.seconds)]
    tables = standard_tables(engine, Labelled(county.tables | {"enrolment": rows}))
    _schools, _rows, anchors = linkage.register_by_keys(engine, tables)
    doubtful = engine.keep("doubtful_records", doubtful_records(anchors, tables))
    records = register_records(engine, anchors, tables, spelt_rows(engine, anchors))
    sources = [(f"enrolment:{source}", source) for source in once]
    sources += [(f"enrolment:{cells['source']}", source) for cells, source in county.seconds]
    frame = pd.DataFrame(sources, columns=["record", "child"])
    return Doubled(
        tables,
        anchors,
        records,
        doubtful,
        engine.load("children", frame, {"record": "string", "child": "string"}),
    )


def sides(engine: Engine, county: Labelled) -> Sides:
    """What the exact keys leave of ``county``, beside its pupils."""
    tables = standard_tables(engine, county)
    _schools, rows, anchors = linkage.register_by_keys(engine, tables)
    others = linkage.others_by_keys(engine, rows, anchors)
    leftover_rows = engine.keep("leftovers", leftovers(others, anchors))
    names = spelt_rows(engine, leftover_rows, anchors)
    unknown = unknown_records(engine, leftover_rows, tables, others, names)
    pupils = known_pupils(engine, anchors, tables, others, names)
    labels = county.labels.assign(record=lambda rows: rows["table"] + ":" + rows["source"])
    labels["pupil"] = "enrolment:" + labels["pupil"]
    truth = engine.load("truth", labels[labels["table"].isin(linkage.LINKED_TABLES)], TRUTH)
    return Sides(tables, others, anchors, unknown, pupils, truth)
