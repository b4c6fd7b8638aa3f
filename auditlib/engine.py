"""The engine that runs the expressions: DuckDB through Ibis. Tables are kept by name, frames only at the edges."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from ibis.backends import BaseBackend


@dataclass(frozen=True)
class Engine:
    """A connection and the few things that are done with one."""

    connection: BaseBackend

    def load(self, name: str, frame: pd.DataFrame, schema: dict[str, str]) -> ir.Table:
        """``frame`` as table ``name`` with the types of ``schema`` (column to Ibis type)."""
        arrow = pa.Table.from_pandas(frame[list(schema)], ibis.schema(schema).to_pyarrow(), preserve_index=False)
        return self.keep(name, ibis.memtable(arrow))

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        """``expression`` computed once and kept as table ``name``."""
        return self.connection.create_table(name, expression, overwrite=True)

    def fetch(self, expression: ir.Table) -> pd.DataFrame:
        """``expression`` as a frame: for showing and writing, not for computing."""
        return self.connection.to_pandas(expression)

    def write_parquet(self, expression: ir.Table, path: Path) -> None:
        """``expression`` in its order as one Parquet file, the same bytes for the same rows."""
        self.connection.to_parquet(expression, path)


def duckdb_engine(threads: int | None = None) -> Engine:
    """An in-memory DuckDB; rows keep the order of their expression."""
    connection = ibis.duckdb.connect(**({"threads": threads} if threads else {}))
    return Engine(connection)
