"""The engine that runs the expressions: DuckDB through Ibis. Tables are kept by name, frames only at the edges."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from ibis.backends import BaseBackend
from ibis.backends.duckdb import Backend as DuckDB
from ibis.backends.duckdb.converter import DuckDBPandasData
from ibis.backends.sql.datatypes import DuckDBType
from ibis.expr.datatypes import DataType

from auditlib.base.spilled import spill_folder
from auditlib.base.statements import Statements

CHECKPOINT = (
    "4GB"  # in memory it only tidies, for seconds of the processor; by itself every 16 MB that are written
)


NO_PROGRESS = "SET enable_progress_bar = false"
"""Of a connection; within a notebook each would draw one into the cell, with the seconds it took."""


@cache
def _sql_type(kind: DataType) -> str:
    return str(DuckDBType.from_ibis(kind).sql("duckdb"))


NAMES = re.compile(r"\w+")
SIDE_BY_SIDE = 2
"""Tables that are filled at once: the rows of a county keep no more than one processor busy, of a million each keeps all."""

# The tables that expressions name belong to no connection: equal expressions of two engines are one, compiled once.
NOWHERE = DuckDB()


@lru_cache(maxsize=1024)
def _compile(operation: ops.Node) -> str:
    return str(NOWHERE.compile(operation.to_expr()))


def compile_sql(expression: ir.Table) -> str:
    """``expression`` as the SQL that a table is filled by."""
    return _compile(expression.op())


Work = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Step:
    """Table ``name`` of ``schema`` is what ``query`` gives, or what ``work`` makes of that."""

    name: str
    schema: ibis.Schema
    query: str
    work: Work | None = None


def _frame(rows: pa.Table, schema: ibis.Schema) -> pd.DataFrame:
    """``rows`` as Ibis gives them: what is nested or has nothing in some row as Python's objects."""
    columns = {
        name: cells.to_pylist() if cells.null_count or pa.types.is_nested(cells.type) else cells.to_pandas()
        for name, cells in zip(rows.column_names, rows.columns, strict=True)
    }
    return DuckDBPandasData.convert_table(pd.DataFrame(columns), schema)


def arrow_schema(types: Mapping[str, str]) -> pa.Schema:
    """Column to type, as tables are declared, in Arrow's words."""
    return ibis.schema(types).to_pyarrow()


def _arrow(frame: pd.DataFrame, schema: ibis.Schema) -> pa.Table:
    return pa.Table.from_pandas(frame[list(schema)], schema.to_pyarrow(), preserve_index=False)


@dataclass(frozen=True)
class Engine:
    """A connection and the few things that are done with one.

    What is to be kept is computed by workers while the next expression is being built and compiled: a table as soon as those
    that it is made of are there. Whoever asks for a value, or for the connection, waits for all; the first error of a worker,
    in the order in which the tables were asked for, is raised there.
    """

    backend: BaseBackend
    worker: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(SIDE_BY_SIDE, "engine"))
    pending: deque[Future[None]] = field(default_factory=deque)
    fillings: dict[str, Future[None]] = field(default_factory=dict)
    """Every table that was asked for, and its filling."""
    kept: dict[str, str] = field(default_factory=dict)
    """Every table kept, in order, and the query that fills it."""
    refills: dict[str, Callable[[duckdb.DuckDBPyConnection], None]] = field(default_factory=dict)
    """How each table that is made of others is filled again, in the order in which they were made."""
    tables: dict[str, ir.Table] = field(default_factory=dict)
    """Every table loaded or kept, to build upon without waiting for it."""
    steps: list[Step | None] = field(default_factory=list)
    """What made each table, in order; None of what cannot be done again by its text: rows loaded, tables dropped."""
    statements: Statements | None = None
    """The SQL of earlier runs, where this one may keep its own."""

    @property
    def connection(self) -> BaseBackend:
        """The connection, once everything that was said has been done."""
        self.wait_for_tables()
        return self.backend

    def sql(self, expression: ir.Table) -> str:
        """``expression`` as SQL: as an earlier run compiled it, where it is the same."""
        if self.statements is None:
            return compile_sql(expression)
        return self.statements.statement(expression.op(), _compile)

    def keep_statements(self) -> None:
        """What was compiled so far, for the next run."""
        if self.statements is not None:
            self.statements.save()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own to the same tables."""
        cursor: duckdb.DuckDBPyConnection = self.backend.con.cursor()
        cursor.execute(NO_PROGRESS)
        return cursor

    def wait_for_tables(self) -> None:
        """Wait until everything is kept. Raises the first error that came up since."""
        pending_tables = [self.pending.popleft() for _ in range(len(self.pending))]
        wait(pending_tables)
        self.fillings.clear()
        for pending_table in pending_tables:
            pending_table.result()

    def load(self, name: str, frame: pd.DataFrame, schema: dict[str, str]) -> ir.Table:
        """``frame`` as table ``name`` with the types of ``schema`` (column to Ibis type)."""
        return self.load_arrow(name, _arrow(frame, ibis.schema(schema)), schema)

    def work_out(self, name: str, expression: ir.Table, work: Work, schema: dict[str, str]) -> ir.Table:
        """What ``work`` makes of the rows of ``expression``, as table ``name``: for what Python alone can tell.

        Done by the worker in its turn, so that nobody waits; ``work`` may not use the engine.
        """
        return self.take(Step(name, ibis.schema(schema), self.sql(expression), work))

    def take(self, step: Step) -> ir.Table:
        """The table that ``step`` makes."""
        self.steps.append(step)
        work = step.work
        if work is None:
            self.kept[step.name] = step.query
            return self._filled(step.name, step.schema, step.query, of_others=True)

        def worked_out(cursor: duckdb.DuckDBPyConnection) -> pa.Table:
            return _arrow(work(cursor.sql(step.query).to_arrow_table().to_pandas()), step.schema)

        return self._filled(
            step.name,
            step.schema,
            "SELECT * FROM loaded",
            loaded_rows=worked_out,
            of_others=True,
            made_of=step.query,
        )

    def nothing(self, name: str, schema: dict[str, str]) -> ir.Table:
        """Table ``name`` of the types of ``schema``, without a row."""
        columns = ", ".join(f'NULL AS "{column}"' for column in schema)
        return self.take(Step(name, ibis.schema(schema), f"SELECT {columns} WHERE FALSE"))

    def load_arrow(self, name: str, rows: pa.Table, schema: dict[str, str]) -> ir.Table:
        """``rows`` as table ``name``, as :meth:`load`: strings by the million take a tenth of what a frame needs."""
        columns = rows.select(list(schema))
        self.steps.append(None)
        return self._filled(
            name, ibis.schema(schema), "SELECT * FROM loaded", loaded_rows=lambda cursor: columns
        )

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        """``expression`` computed once and kept as table ``name``."""
        # Compiled once; Ibis' create_table compiles twice. The declared types hold, whatever the engine would infer.
        return self.take(self.step(name, expression))

    def step(self, name: str, expression: ir.Table) -> Step:
        """The step that keeps ``expression`` as table ``name``."""
        return Step(name, expression.schema(), self.sql(expression))

    def keep_sql(self, name: str, queries: Sequence[str], schema: dict[str, str]) -> ir.Table:
        """The rows of ``queries``, one after the other, as table ``name``: SQL over kept tables, for what no expression says."""
        self.kept[name] = " UNION ALL ".join(queries)
        self.steps.append(None)
        return self._filled(name, ibis.schema(schema), *queries, of_others=True)

    def _filled(
        self,
        name: str,
        schema: ibis.Schema,
        query: str,
        *more: str,
        loaded_rows: Callable[[duckdb.DuckDBPyConnection], pa.Table] | None = None,
        of_others: bool = False,
        made_of: str = "",
    ) -> ir.Table:
        """Table ``name`` filled by ``query``, to which the rows that ``loaded_rows`` gives are the table ``loaded``, and by ``more``.

        ``of_others``: made of other tables, so that it is filled again when they have other rows; ``made_of``: a query
        that ``loaded_rows`` asks.
        """
        # Made of the query at once: rows inserted into a table that is there go in one thread after the other.
        columns = ", ".join(
            f'CAST("{column}" AS {_sql_type(kind)}) AS "{column}"' for column, kind in schema.items()
        )

        before = self._fillings_before(name, (query, *more, made_of))

        def fill() -> None:
            wait(before)  # all of them were asked for earlier, so that one of them is always under way
            with self._cursor() as cursor:
                if loaded_rows:
                    cursor.register("loaded", loaded_rows(cursor))
                cursor.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT {columns} FROM ({query})')
                for further in more:
                    cursor.execute(f'INSERT INTO "{name}" SELECT {columns} FROM ({further})')

        def refill(cursor: duckdb.DuckDBPyConnection) -> None:
            if loaded_rows:
                cursor.register("loaded", loaded_rows(cursor))
            cursor.execute(f'DELETE FROM "{name}"')
            for part in (query, *more):
                cursor.execute(f'INSERT INTO "{name}" SELECT {columns} FROM ({part})')

        self.refills.pop(name, None)  # made anew: it stands behind what it is made of
        if of_others:
            self.refills[name] = refill
        self.fillings[name] = self.worker.submit(fill)
        self.pending.append(self.fillings[name])
        self.tables[name] = ops.DatabaseTable(name, schema=schema, source=NOWHERE).to_expr()
        return self.tables[name]

    def _fillings_before(self, name: str, queries: Sequence[str]) -> list[Future[None]]:
        """What must be done before ``name`` is filled: the tables that ``queries`` name, and its own dropping; all, where
        ``name`` takes the place of a table that others may still be reading."""
        if name in self.tables:
            return [*self.pending]
        words = {word for query in queries for word in NAMES.findall(query)} | {name}
        return [filling for table, filling in self.fillings.items() if table in words]

    def drop(self, *names: str) -> None:
        """The kept tables ``names``, which nothing that is asked for from now on reads, give their memory back once all that
        was asked for is done; one that is not there is none."""
        before = [*self.pending]
        self.steps.append(None)

        def forget() -> None:
            wait(before)
            with self._cursor() as cursor:
                for name in names:
                    cursor.execute(f'DROP TABLE IF EXISTS "{name}"')

        dropping = self.worker.submit(forget)
        for name in names:
            for record in (self.kept, self.refills, self.tables):
                record.pop(name, None)
            self.fillings[name] = dropping
        self.pending.append(dropping)

    def refill(self) -> None:
        """Every table that is made of others, from the rows that those have now; what was loaded stays as it is."""
        self.wait_for_tables()
        with self._cursor() as cursor:
            for refill_table in self.refills.values():
                refill_table(cursor)

    def fetch(self, expression: ir.Table) -> pd.DataFrame:
        """``expression`` as a frame: for showing and writing, not for computing."""
        if self.statements is None:
            return self.connection.to_pandas(expression)
        table = expression.as_table()
        rows = self.connection.con.sql(self.sql(table)).to_arrow_table()
        return expression.__pandas_result__(_frame(rows, table.schema()))

    def answer(self, step: Step) -> pd.DataFrame:
        """What the query of ``step`` gives, as a frame, without keeping it."""
        return _frame(self.connection.con.sql(step.query).to_arrow_table(), step.schema)


def duckdb_engine(
    threads: int | None = None,
    statements: Statements | None = None,
    memory_limit: str = "",
    spill_dir: Path | None = None,
) -> Engine:
    """An in-memory DuckDB; rows keep the order of their expression. ``statements``: those of earlier runs, to be met again.

    ``memory_limit`` (``4GB``; empty: most of the machine's): what does not fit goes into a folder in ``spill_dir`` (None: DuckDB's
    own choice). Raises OSError where no folder can be made there.
    """
    # Fused selects repeat an expression wherever it is used: longer to compile and to run.
    ibis.options.sql.fuse_selects = False
    settings = {
        "checkpoint_threshold": CHECKPOINT,
        "threads": threads,
        "memory_limit": memory_limit,
        "temp_directory": str(spill_folder(spill_dir)) if spill_dir else "",
    }
    connection = ibis.duckdb.connect(**{name: value for name, value in settings.items() if value})
    connection.con.execute(NO_PROGRESS)
    return Engine(connection, statements=statements)
