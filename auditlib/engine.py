"""The engine that runs the expressions: DuckDB through Ibis. Tables are kept by name, frames only at the edges."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends import BaseBackend

FINDINGS = ibis.schema(
    {
        **dict.fromkeys(("finding_id", "rule", "family", "severity", "term", "county_code"), "string"),
        **dict.fromkeys(("school_name", "town", "name", "id_number", "student_no", "scheme"), "string"),
        **dict.fromkeys(("amount_due", "amount_paid", "at_stake"), "decimal(14, 2)"),
        "confidence": "float64",
        **dict.fromkeys(("reason", "message"), "string"),
        "records": "array<string>",
        **dict.fromkeys(("policy_ref", "disposition"), "string"),
    }
)


@dataclass(frozen=True)
class Engine:
    """A connection and the few things that are done with one."""

    connection: BaseBackend

    def load(self, name: str, frame: pd.DataFrame, schema: dict[str, str]) -> ir.Table:
        """``frame`` as table ``name`` with the types of ``schema`` (column to Ibis type)."""
        arrow = pa.Table.from_pandas(
            frame[list(schema)], ibis.schema(schema).to_pyarrow(), preserve_index=False
        )
        return self.connection.create_table(name, arrow, overwrite=True)

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        """``expression`` computed once and kept as table ``name``."""
        # Compiled once; Ibis' create_table compiles twice. The declared types hold, whatever the engine would infer.
        columns = ", ".join(
            column.sql("duckdb") for column in expression.schema().to_sqlglot_column_defs("duckdb")
        )
        query = self.connection.compile(expression)
        self.connection.raw_sql(f'CREATE OR REPLACE TABLE "{name}" ({columns})').fetchall()
        self.connection.raw_sql(f'INSERT INTO "{name}" {query}').fetchall()
        return self.connection.table(name)

    def fetch(self, expression: ir.Table) -> pd.DataFrame:
        """``expression`` as a frame: for showing and writing, not for computing."""
        return self.connection.to_pandas(expression)

    def write_findings(self, findings: pd.DataFrame, path: Path) -> None:
        """Findings as one Parquet file with the types of contract 6, the same bytes for the same findings."""
        pq.write_table(pa.Table.from_pandas(findings, FINDINGS.to_pyarrow(), preserve_index=False), path)


def duckdb_engine(threads: int | None = None) -> Engine:
    """An in-memory DuckDB; rows keep the order of their expression."""
    # Fused selects repeat an expression wherever it is used: longer to compile and to run.
    ibis.options.sql.fuse_selects = False
    connection = ibis.duckdb.connect(**({"threads": threads} if threads else {}))
    return Engine(connection)
