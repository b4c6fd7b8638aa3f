"""School names that fit no school of the directory and the register: by name, with their pupils, for nobody is tested there."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.linkage.schools import school_names, school_spellings, with_school

TABLES = ("payments", "planned")  # in the others a school is told besides, and often out of date


def unknown_schools(engine: Engine, tables: Mapping[str, ir.Table]) -> ir.Table:
    """``table, school_name, pupils, rows``: the names that mean no school or several, most pupils first."""
    spellings = engine.keep("school_spellings_met", school_spellings(dict(tables)))
    names = engine.keep("school_names_met", school_names(spellings))
    parts = [
        with_school(tables[name].filter(_.rejected.isnull(), _.school_name.notnull()), names)
        .filter(_.school_id.isnull())
        .select("school_name", table=ibis.literal(name), pupil=_.id18.coalesce(_.id_number, _.name))
        for name in TABLES
    ]
    counted_rows = (
        ibis.union(*parts).group_by("table", "school_name").agg(pupils=_.pupil.nunique(), rows=_.count())
    )
    return counted_rows.order_by(ibis.desc("pupils"), "table", "school_name")
