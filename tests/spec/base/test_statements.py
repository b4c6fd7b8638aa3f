"""A statement is met again by the structure of its expression alone, is the SQL that it would come to, and holds no secret."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd
import pytest
from ibis import _
from tiny_county import deliver, tables

from auditlib.base.engine import NOWHERE, Engine, compile_sql, duckdb_engine
from auditlib.base.statements import NotTold, Statements, structure
from auditlib.county import self_check
from auditlib.county.outputs import with_decisions, write_outputs
from auditlib.package.fingerprints import sha256_of

COLUMNS = {"z": "string", "a": "int64", "day": "date"}


def table(name: str, columns: dict[str, str]) -> ir.Table:
    return ops.DatabaseTable(name, schema=ibis.schema(columns), source=NOWHERE).to_expr()


ROWS = table("given", COLUMNS)
EXPRESSIONS = {
    "a filter": ROWS.filter(_.a > 1),
    "another number": ROWS.filter(_.a > 2),
    "another kind of number": ROWS.filter(_.a > ibis.literal(1, "int32")),
    "another operator": ROWS.filter(_.a >= 1),
    "another table": table("other", COLUMNS).filter(_.a > 1),
    "other columns": table("given", {**COLUMNS, "a": "int32"}).filter(_.a > 1),
    "a cell": ROWS.filter(_.z == "x"),
    "two cells": ROWS.filter(_.z.isin(["x", "y"])),
    "one cell of both": ROWS.filter(_.z.isin(["x,y"])),
    "a renamed column": ROWS.select(b=_.a, z=_.z),
    "the columns the other way": ROWS.select(z=_.z, b=_.a),
    "a count": ROWS.group_by("z").agg(n=_.count()),
    "a number as text": ROWS.filter(_.z == "1"),
    "an order": ROWS.order_by(_.a),
    "a column dropped": ROWS.drop("z"),
    "two dropped": ROWS.drop("z", "day"),
    "an order downwards": ROWS.order_by(_.a.desc()),
}  # fmt: skip


def engine_with(file: Path) -> Engine:
    engine = duckdb_engine(statements=Statements(file))
    frame = pd.DataFrame({"z": ["x", None], "a": [1, 2], "day": [None, pd.Timestamp("2020-01-01")]})
    engine.load("given", frame, COLUMNS)
    return engine


def never(operation: ops.Node) -> str:
    raise AssertionError("compiled, although there is a statement")


def test_expressions_that_differ_have_other_structures() -> None:
    digests = [structure(expression.op()) for expression in EXPRESSIONS.values()]
    assert len(set(digests)) == len(EXPRESSIONS)


def test_another_process_gives_the_same_structure() -> None:
    code = (
        "import ibis, ibis.expr.operations as ops; from ibis import _;"
        "from auditlib.base.engine import NOWHERE; from auditlib.base.statements import structure;"
        f"rows = ops.DatabaseTable('given', schema=ibis.schema({COLUMNS!r}), source=NOWHERE).to_expr();"
        "print(structure(rows.group_by('z').agg(n=_.count()).op()))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == structure(EXPRESSIONS["a count"].op())


@pytest.mark.parametrize(
    "expression",
    [
        ROWS.mutate(secret=ibis.literal(b"key")),
        ROWS.filter(_.z == "990122201003070017"),
        ROWS.filter(_.z.startswith("990122201003")),
        ROWS.mutate(h=sha256_of(ibis.literal(b"key"))),
        ibis.memtable(pd.DataFrame({"z": ["a name"]})),
    ],
    ids=["a secret", "a number", "a part of one", "a function of ours", "rows"],
)
def test_what_must_not_lie_in_a_cache_is_compiled_each_time(expression: ir.Table, tmp_path: Path) -> None:
    statements = Statements(tmp_path / "s.json")
    assert statements.statement(expression.op(), lambda op: "SELECT 1") == "SELECT 1"
    statements.save()
    assert not (tmp_path / "s.json").exists()
    with pytest.raises(NotTold):
        structure(expression.op())


def test_a_later_run_compiles_nothing_that_an_earlier_one_compiled(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "s.json"
    first = engine_with(file)
    for expression in EXPRESSIONS.values():
        assert first.sql(expression) == compile_sql(expression)
    first.keep_statements()
    assert file.stat().st_mode & 0o077 == 0
    again = Statements(file)
    for expression in EXPRESSIONS.values():
        assert again.statement(expression.op(), never) == compile_sql(expression)


@pytest.mark.parametrize("content", [b"", b"[", b"[1]", b"\xff", b"1"])
def test_a_file_that_is_not_whole_holds_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_bytes(content)
    engine = engine_with(tmp_path / "s.json")
    assert engine.fetch(engine.tables["given"].select("a"))["a"].tolist() == [1, 2]


def test_only_the_newest_programs_statements_stay(tmp_path: Path) -> None:
    for at in range(5):
        file = tmp_path / f"{at}.json"
        engine = engine_with(file)
        engine.fetch(engine.tables["given"].select("a"))
        engine.keep_statements()
        os.utime(file, (at, at))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["2.json", "3.json", "4.json"]


def test_where_the_cache_cannot_be_written_the_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "no folder").write_text("")
    engine = engine_with(tmp_path / "no folder" / "s.json")
    engine.fetch(engine.tables["given"].select("a"))
    engine.keep_statements()


def test_a_frame_is_the_one_that_ibis_gives(tmp_path: Path) -> None:
    engine = engine_with(tmp_path / "s.json")
    rows = engine.tables["given"].mutate(
        names=ibis.array([_.z, "b"]), yuan=_.a.cast("decimal(18, 2)"), n=ibis.null("int64"), yes=_.a > 1
    )
    union_rows = rows.union(rows.mutate(names=ibis.null("array<string>"), yes=ibis.null("boolean")))
    for expression in (rows, union_rows, union_rows.count(), union_rows.a, union_rows.yuan.sum()):
        ours, of_ibis = engine.fetch(expression), engine.connection.to_pandas(expression)
        if isinstance(of_ibis, pd.DataFrame):
            pd.testing.assert_frame_equal(ours, of_ibis)
        elif isinstance(of_ibis, pd.Series):
            pd.testing.assert_series_equal(ours, of_ibis)
        else:
            assert (ours, type(ours)) == (of_ibis, type(of_ibis))


def test_a_run_keeps_statements_that_name_nobody_and_a_second_run_compiles_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = tables()
    parameters = deliver(tmp_path / "county", rows)
    monkeypatch.setattr(self_check, "statements", lambda: Statements(tmp_path / "s.json"))
    first, second = ({}, {})
    for compiled_here in (first, second):
        run = self_check.begin(parameters)
        monkeypatch.setattr(run.engine.statements, "statement", _counting(run.engine, compiled_here))
        registers = self_check.ingest(run)
        audit = self_check.link(run, registers)
        outcomes = self_check.check(run, audit)
        results = with_decisions(run, self_check.sum_up(run, registers, audit, outcomes))
        write_outputs(run, registers, audit, results)
    assert len(first) > 10 * len(second)
    content = (tmp_path / "s.json").read_text("utf-8")
    cells = {str(cell) for register in rows.values() for row in register for cell in _personal(row)}
    assert len(cells) > 10
    assert [cell for cell in cells if cell in content] == []


def _counting(engine: Engine, compiled_here: dict[str, int]):
    statement = engine.statements.statement

    def counting(operation, compile_operation):
        def count_calls(op):
            sql = compile_operation(op)
            compiled_here[sql] = 1
            return sql

        return statement(operation, count_calls)

    return counting


def _personal(row: dict[str, object]) -> list[object]:
    return [
        row[name]
        for name in ("name", "id_number", "student_no", "guardian_name", "account_no")
        if row.get(name)
    ]
