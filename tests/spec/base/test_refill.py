"""What is made of other tables is filled again from their new rows, in the order in which it was made."""

from __future__ import annotations

import pandas as pd
import pytest
from ibis import _

from auditlib.base.engine import Engine, duckdb_engine


@pytest.fixture
def engine() -> Engine:
    engine = duckdb_engine(threads=1)
    load(engine, 1, 2)
    double_table = engine.keep("doubled", engine.tables["given"].mutate(n=_.n * 2))
    worded_table = engine.work_out(
        "worded", double_table, lambda rows: rows.assign(word=rows["n"].map(str)), {"word": "string"}
    )
    engine.keep_sql("twice", ["SELECT word FROM worded", "SELECT word FROM worded"], {"word": "string"})
    engine.keep("last", worded_table.mutate(word=_.word + "!"))
    return engine


def load(engine: Engine, *numbers: int) -> None:
    engine.load("given", pd.DataFrame({"n": numbers}), {"n": "int64"})


def words(engine: Engine, name: str) -> list[str]:
    return sorted(engine.fetch(engine.tables[name])["word"])


def test_kept_tables_and_those_worked_out_in_python_follow_the_rows_they_are_made_of(engine: Engine) -> None:
    assert words(engine, "last") == ["2!", "4!"]
    load(engine, 5)
    assert words(engine, "last") == ["2!", "4!"]
    engine.refill()
    assert (words(engine, "worded"), words(engine, "last")) == (["10"], ["10!"])
    assert words(engine, "twice") == ["10", "10"]


def test_a_table_made_anew_is_filled_behind_what_it_is_made_of(engine: Engine) -> None:
    engine.keep("doubled", engine.tables["given"].mutate(n=_.n * 3))
    engine.keep("worded", engine.tables["doubled"].select(word=_.n.cast("string")))
    engine.keep("last", engine.tables["worded"].mutate(word=_.word + "?"))
    load(engine, 7)
    engine.refill()
    assert list(engine.refills) == ["twice", "doubled", "worded", "last"]
    assert words(engine, "last") == ["21?"]


def test_what_was_loaded_is_not_filled_again(engine: Engine) -> None:
    load(engine, 8)
    assert "given" not in engine.refills
    engine.refill()
    assert engine.fetch(engine.tables["given"])["n"].tolist() == [8]


def test_a_dropped_table_is_gone_and_not_filled_again(engine: Engine) -> None:
    engine.drop("last", "never made")
    assert "last" not in {name for (name,) in engine.connection.con.execute("SHOW TABLES").fetchall()}
    assert not {"last"} & (engine.tables.keys() | engine.kept.keys() | engine.refills.keys())
    engine.refill()
    assert words(engine, "worded") == ["2", "4"]
