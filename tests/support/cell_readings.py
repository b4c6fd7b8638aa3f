"""What a kind reads in cells: text, value, defect; many cells in one query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import pandas as pd
from hypothesis import HealthCheck, Phase, settings

from auditlib.base.engine import duckdb_engine
from auditlib.cells import citizen_id, kinds
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
    frame = pd.DataFrame(
        {"n": range(len(cells)), "cell": list(cells), "with": list(companion or [None] * len(cells))}
    )
    raw = ibis.memtable(frame, schema={"n": "int64", "cell": "string", "with": "string"})
    text = raw.mutate(text=kind.text(raw["cell"]))
    if kind is kinds.CITIZEN_ID:
        text = text.mutate(wide=citizen_id.widened(text.text))
        text = text.mutate(check=citizen_id.check_character(text.wide))
    beside = text.check if kind is kinds.CITIZEN_ID else text["with"]
    reading = kind.read(text.text, beside if kind.companion else None)
    values = text.mutate(value=reading.value.try_cast(kind.dtype), defect=reading.defect).order_by("n")
    return CONNECTION.to_pyarrow(values.select("text", "value", "defect")).to_pandas()


def read_text(kind: Kind, cells: Sequence[str]) -> list[str]:
    raw = ibis.memtable({"n": list(range(len(cells))), "cell": list(cells)})
    rows = raw.mutate(text=kind.text(raw["cell"])).order_by("n")
    return [str(text) for text in CONNECTION.to_pyarrow(rows.select("text"))["text"].to_pylist()]


def values(kind: Kind, cells: Sequence[str | None]) -> list[Any]:
    return [None if pd.isna(value) else value for value in read(kind, cells)["value"]]


def defects(kind: Kind, cells: Sequence[str | None]) -> list[str | None]:
    return [None if pd.isna(value) else value for value in read(kind, cells)["defect"]]
