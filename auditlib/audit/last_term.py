"""The register of the term before, as an earlier run of the same county left it (parameter ``previous``)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base import terms
from auditlib.base.engine import Engine
from auditlib.base.run_folder import TABLES, read_manifest
from auditlib.law.parameters import SelfCheck
from auditlib.tables.audit_tables import LAST_TERM

COLUMNS = LAST_TERM.schema
PUPILS = "pupils.parquet"
# The last year of a stage after which school may be over; a county of four junior years has pupils in the fourth.
LAST_YEARS = {"junior": 3, "senior": 3, "vocational": 3, "special": 9}


def last_term(engine: Engine, parameters: SelfCheck) -> ir.Table | None:
    """The pupils of the term before, one row each; None where ``previous`` names no run of that term and county."""
    files = [folder / TABLES / PUPILS for folder in parameters.previous if _is_of_it(folder, parameters)]
    there = [file for file in files if file.is_file()]
    if not there:
        return None
    return engine.load("last_term", pd.read_parquet(there[-1]).reindex(columns=list(COLUMNS)), COLUMNS)


def digest_of(engine: Engine, last: ir.Table) -> str:
    """SHA-256 of what last term's register says of its pupils, whatever their order: two runs that hold the same one agree."""
    pupils = engine.fetch(last.select([name for name in COLUMNS if name != "person_id"]))
    lines = pd.util.hash_pandas_object(pupils.astype("string").fillna(""), index=False)
    return hashlib.sha256(lines.sort_values().to_numpy().tobytes()).hexdigest()


def _is_of_it(folder: Path, parameters: SelfCheck) -> bool:
    of_run = (read_manifest(folder) or {}).get("parameters", {})
    return (of_run.get("county_code"), of_run.get("term")) == (
        parameters.county_code,
        terms.before(parameters.term),
    )


def with_finished(last: ir.Table, term: str) -> ir.Table:
    """``last`` with ``finished``: was it the last year of the stage? NULL where the year is not known; in spring nobody's."""
    if term.endswith("spring"):
        return last.mutate(finished=ibis.literal(False))
    longest = last.group_by("stage").agg(longest=_.study_year.max())
    ends = _.stage.cases(*((stage, ibis.literal(year)) for stage, year in LAST_YEARS.items()))
    # Without a stage nothing is known; a stage that goes on to the next (primary) is never the last.
    finished = ibis.cases(
        (_.stage.isnull(), ibis.null("boolean")),
        (ends.isnull(), False),
        else_=_.study_year >= ibis.greatest(ends, _.longest.fill_null(0)),
    )
    with_longest = last.left_join(longest, "stage", rname="{name}_of_stage").mutate(finished=finished)
    return with_longest.select(*last.columns, "finished")
