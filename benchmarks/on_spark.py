"""Every statement that a county's run keeps, asked of Spark, too: does it compile there, and does it answer the same?

``python benchmarks/on_spark.py [PARAMS.yaml]``, by default the sample's smallest county; needs ``make spark``. Each statement is
run by DuckDB as always, then by Spark (Ibis' own SQL for it) over the very tables that DuckDB had, and the rows are compared.
Prints a line a statement and, last, how many answered the same and the seconds of the clock that Spark took. What is asked and
not kept, and Splink's own statements, are not in it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from auditlib.base.engine import Engine
from auditlib.base.places import PARAMS
from auditlib.base.spark import SparkWorkers, spark_workers
from auditlib.county.self_check import run_self_check
from auditlib.law.parameters import read_self_check

LONGEST = 200


def rows_of(table: pa.Table) -> list[str]:
    """The rows in an order of their own."""
    return sorted(repr(list(row.values())) for row in table.to_pylist())


class Comparison:
    """Watches an engine keep its tables, and has Spark answer the same statements."""

    def __init__(self, spark: SparkWorkers, folder: Path):
        self.spark, self.folder = spark, folder
        self.views: set[str] = set()
        self.states: Counter[str] = Counter()
        self.seconds = 0.0

    def answer(self, engine: Engine, name: str, expression: ir.Table) -> str:
        """``same``, ``differs`` or why Spark gave none."""
        engine.wait_for_tables()
        self.views.discard(name)
        for node in expression.op().find(ops.DatabaseTable):
            self._view(engine, node.name)
        begin = time.monotonic()
        try:
            answer = self.spark.fetch(expression.unbind())
        except Exception as error:
            self.states["none"] += 1
            return f"{type(error).__name__}: {str(error).strip()[:LONGEST]}"
        self.seconds += time.monotonic() - begin
        own = _rows_kept(engine, name)
        state = "same" if rows_of(answer.cast(own.schema)) == rows_of(own) else "differs"
        self.states[state] += 1
        return state

    def _view(self, engine: Engine, name: str) -> None:
        if name not in self.views:
            file = self.folder / f"{name}.parquet"
            pq.write_table(_rows_kept(engine, name), file)
            self.spark.session.read.parquet(file.as_uri()).createOrReplaceTempView(name)
            self.views.add(name)


def _rows_kept(engine: Engine, name: str) -> pa.Table:
    with engine.backend.con.cursor() as cursor:
        return cursor.sql(f'SELECT * FROM "{name}"').to_arrow_table()


def main() -> None:
    """The run of one county, watched."""
    file = Path(sys.argv[1]) if sys.argv[1:] else PARAMS / "yunxi-2020-autumn.yaml"
    keep = Engine.keep
    with tempfile.TemporaryDirectory() as folder, closing(spark_workers("en")) as spark:
        os.environ["XDG_CACHE_HOME"] = folder  # a statement that is planned has no expression to ask of Spark
        comparison = Comparison(spark, Path(folder))

        def watch(engine: Engine, name: str, expression: ir.Table) -> ir.Table:
            table = keep(engine, name, expression)
            print(f"{name:24} {comparison.answer(engine, name, expression)}", flush=True)
            return table

        Engine.keep = watch  # type: ignore[method-assign]
        begin = time.monotonic()
        run_self_check(read_self_check(file))
        print(
            dict(comparison.states),
            f"Spark {comparison.seconds:.0f} s of {time.monotonic() - begin:.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
