"""Tables are filled side by side, each once those that it is made of are there."""

from __future__ import annotations

import threading

import ibis
import pandas as pd
import pytest
from ibis import _

from auditlib.base.engine import Engine, duckdb_engine

WAIT = 60  # seconds; only a failing test waits so long
ONE = {"n": "int64"}


@pytest.fixture
def engine() -> Engine:
    return duckdb_engine()


def _numbers(engine: Engine, name: str, *numbers: int) -> ibis.Table:
    return engine.load(name, pd.DataFrame({"n": numbers}), ONE)


def test_a_table_waits_for_what_it_is_made_of_alone(engine: Engine) -> None:
    """The second is there while the first is still being made; what is made of the first is not."""
    go_on = threading.Event()

    def slow(rows: pd.DataFrame) -> pd.DataFrame:
        assert go_on.wait(WAIT)
        return rows

    first = engine.work_out("first", _numbers(engine, "numbers", 1, 2), slow, ONE)
    _numbers(engine, "second", 3)
    engine.fillings["second"].result(WAIT)
    engine.keep("of_first", first.mutate(n=_.n * 10))
    assert not engine.fillings["of_first"].done()
    go_on.set()
    assert engine.fetch(engine.tables["of_first"])["n"].tolist() == [10, 20]


def test_a_table_is_not_replaced_while_another_reads_it(engine: Engine) -> None:
    numbers = _numbers(engine, "numbers", 1)
    sums = [engine.keep(f"sum_{at}", numbers.agg(n=_.n.sum() + at)) for at in range(20)]
    _numbers(engine, "numbers", 1000)
    assert [int(engine.fetch(table)["n"][0]) for table in sums] == [1 + at for at in range(20)]
    assert engine.fetch(engine.tables["numbers"])["n"].tolist() == [1000]


def test_the_first_error_is_raised_not_what_follows_of_it(engine: Engine) -> None:
    broken_table = engine.work_out("broken", _numbers(engine, "numbers", 1), lambda rows: rows / "a", ONE)
    engine.keep("of_broken", broken_table)
    with pytest.raises(TypeError):
        engine.wait_for_tables()
