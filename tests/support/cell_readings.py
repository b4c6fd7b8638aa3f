"""What a kind reads in cells: text, value, defect; many cells in one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, reduce
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from hypothesis import HealthCheck, Phase, settings

from auditlib.base.engine import duckdb_engine
from auditlib.cells import citizen_id, kinds
from auditlib.cells.hygiene import Step, something
from auditlib.cells.kinds import Kind

# One connection for all, many cells in one query: a query costs more than what it computes.
CONNECTION = duckdb_engine(threads=1).connection
# A list of cells is one example: finding a smaller one would take a query each.
MANY = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def read(
    kind: Kind, cells: Sequence[str | None], companion: Sequence[str | None] | None = None
) -> pd.DataFrame:
    """``text, value, defect`` of each cell; for ID numbers with the check character that they ask for."""
    rows = {"n": range(len(cells)), "cell": list(cells), "with": list(companion or [None] * len(cells))}
    return _answer(_reading(kind), rows)


def read_text(kind: Kind, cells: Sequence[str]) -> list[str]:
    answer = _answer(_cleaning(kind), {"n": range(len(cells)), "cell": list(cells)})
    return [str(text) for text in answer["text"]]


RAW = ibis.table({"n": "int64", "cell": "string", "with": "string"}, name="raw_cells")


Query = tuple[str, pa.Schema]


@cache
def _reading(kind: Kind) -> Query:
    """The query of :func:`read`: compiled once for each kind, which takes longer than to answer it."""
    text = _clean(kind)
    if kind is kinds.CITIZEN_ID:
        text = text.mutate(wide=citizen_id.widen(text.text))
        text = text.mutate(check=citizen_id.check_character(text.wide))
    beside = text.check if kind is kinds.CITIZEN_ID else text["with"]
    reading = kind.read(text.text, beside if kind.companion else None)
    values = text.mutate(value=reading.value.try_cast(kind.dtype), defect=reading.defect).order_by("n")
    return _compiled(values.select("text", "value", "defect"))


@cache
def _cleaning(kind: Kind) -> Query:
    return _compiled(_clean(kind).order_by("n").select("text"))


def _clean(kind: Kind) -> ir.Table:
    """RAW with the canonical ``text``, step by step as standardising does it: in one expression it is a megabyte of SQL."""
    return canonical(RAW.mutate(text=RAW["cell"]), "text", kind)


def canonical(rows: ir.Table, column: str, kind: Kind) -> ir.Table:
    """``rows`` with the cells of ``column`` in the kind's canonical spelling."""
    clean = in_steps(rows, column, kind.steps)
    return clean if kind.verbatim else clean.mutate(**{column: something(clean[column])})


def in_steps(rows: ir.Table, column: str, steps: Sequence[Step]) -> ir.Table:
    """``rows`` with the cells of ``column`` after each of ``steps``, a table a step."""
    return reduce(lambda table, step: table.mutate(**{column: step(table[column])}), steps, rows)


def _compiled(rows: ir.Table) -> Query:
    return str(CONNECTION.compile(rows)), rows.schema().to_pyarrow()


def _answer(query: Query, rows: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    schema = RAW.schema().to_pyarrow()
    columns = [pa.array(rows.get(field.name, [None] * len(rows["n"])), field.type) for field in schema]
    with CONNECTION.con.cursor() as cursor:
        cursor.register("raw_cells", pa.table(columns, schema))
        return cursor.sql(query[0]).to_arrow_table().cast(query[1]).to_pandas()


def values(kind: Kind, cells: Sequence[str | None]) -> list[Any]:
    return [None if pd.isna(value) else value for value in read(kind, cells)["value"]]


def defects(kind: Kind, cells: Sequence[str | None]) -> list[str | None]:
    return [None if pd.isna(value) else value for value in read(kind, cells)["defect"]]
