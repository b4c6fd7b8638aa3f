"""Where independent tasks are done and what they give is joined: on this computer, or on a cluster (:mod:`auditlib.base.spark`).

A task is a function that stands in a module, from one text to another: both travel as they are. What is to be joined comes as
rows of a table, which Ibis asks in the language of whoever holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from auditlib.base.engine import Engine, duckdb_engine

Task = Callable[[str], str]
RowsOf = Callable[[str], pa.Table]
Answer = str | Exception
"""What a task gave, or why it gave nothing."""


class Workers(Protocol):
    """Many hands, however many computers they are on."""

    @property
    def side_by_side(self) -> int:
        """How many tasks are done at once."""
        ...

    def answers(self, task: Task, questions: Sequence[str], at_once: int = 0) -> Iterator[tuple[int, Answer]]:
        """What ``task`` gives for each of ``questions``, by its place, as it is done; no failure stops the others."""
        ...

    def table(self, name: str, rows: RowsOf, questions: Sequence[str], schema: dict[str, str]) -> ir.Table:
        """All that ``rows`` gives for ``questions``, as table ``name`` with the types of ``schema``."""
        ...

    def fetch(self, expression: ir.Table) -> pa.Table:
        """The rows of ``expression``, here."""
        ...

    def close(self) -> None:
        """Lets go of what is held."""
        ...


@dataclass(frozen=True)
class Here:
    """The hands of this computer, without Spark."""

    engine: Engine = field(default_factory=duckdb_engine)
    side_by_side: int = 1

    def answers(self, task: Task, questions: Sequence[str], at_once: int = 0) -> Iterator[tuple[int, Answer]]:
        """See :class:`Workers`."""
        return in_threads(task, questions, at_once or self.side_by_side)

    def table(self, name: str, rows: RowsOf, questions: Sequence[str], schema: dict[str, str]) -> ir.Table:
        """See :class:`Workers`."""
        empty = ibis.schema(schema).to_pyarrow().empty_table()
        return self.engine.load_arrow(name, pa.concat_tables([empty, *map(rows, questions)]), schema)

    def fetch(self, expression: ir.Table) -> pa.Table:
        """See :class:`Workers`."""
        return self.engine.connection.to_pyarrow(expression)

    def close(self) -> None:
        """See :class:`Workers`."""
        self.engine.wait_for_tables()


def in_threads(task: Task, questions: Sequence[str], at_once: int) -> Iterator[tuple[int, Answer]]:
    """What ``task`` gives, ``at_once`` of them side by side; whoever stops asking lets those not begun go."""
    pool = ThreadPoolExecutor(at_once, "task")
    places: dict[Future[str], int] = {
        pool.submit(task, question): place for place, question in enumerate(questions)
    }
    try:
        for future in as_completed(places):
            error = future.exception()
            if error is not None and not isinstance(error, Exception):
                raise error
            yield places[future], future.result() if error is None else error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
