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
from auditlib.base.logic import beside, yes
from auditlib.base.run_folder import TABLES, read_manifest
from auditlib.law.parameters import SelfCheck
from auditlib.tables.audit_tables import LAST_TERM

COLUMNS = LAST_TERM.schema
PUPILS = "pupils.parquet"
# The last year of a stage after which school may be over, unless classes of a later one are there: of a fourth junior year.
LAST_YEARS = {"junior": 3, "senior": 3, "vocational": 3, "special": 9}
# From so many pupils on, and so great a part of those of the year before, a later year is one that the schools have.
FEWEST_OF_CLASS, FEWEST_OF_YEAR = 3, 0.5


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
    ends = _.stage.cases(*((stage, ibis.literal(year)) for stage, year in LAST_YEARS.items()))
    with_followed = beside(last, _years_followed(last, "stage"), ["stage", "study_year"])
    of_school = _years_followed(last, "school_name", "stage").rename(followed_at_school="followed")
    with_followed = beside(with_followed, of_school, ["school_name", "stage", "study_year"])
    # Without a stage nothing is known; a stage that goes on to the next (primary) is never the last.
    has_finished = ibis.cases(
        (_.stage.isnull(), ibis.null("boolean")),
        (ends.isnull(), False),
        else_=(_.study_year >= ends) & ~yes(_.followed) & ~yes(_.followed_at_school),
    )
    return with_followed.mutate(finished=has_finished).select(*last.columns, "finished")


def _years_followed(last: ir.Table, *group: str) -> ir.Table:
    """``group, study_year, followed``: are there classes of a later year in the group? A repeater or a slip of the pen makes none."""
    pupils = last.filter(yes(_.active) & _.study_year.notnull())
    years = pupils.group_by(*group, "study_year").agg(pupils=_.count())
    from_year_on = ibis.window(group_by=group, order_by=ibis.desc("study_year"), preceding=None, following=0)
    later = _.pupils.sum().over(from_year_on) - _.pupils
    is_followed = (later >= FEWEST_OF_CLASS) & (later >= FEWEST_OF_YEAR * _.pupils)
    return years.select(*group, "study_year", followed=is_followed)
