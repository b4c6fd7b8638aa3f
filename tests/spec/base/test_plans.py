"""A plan is what its expression would come to, is met under its own ground alone, and is never needed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import partial
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd
import pytest
from ibis import _
from tiny_county import deliver, tables

from auditlib.base import plans, program
from auditlib.base.engine import Engine, duckdb_engine
from auditlib.base.plans import Plans
from auditlib.county.self_check import run_self_check
from auditlib.law.choices import NO_CHOICE, of_rules

SCHEMA = {"z": "string", "a": "int64"}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        patch.setattr(plans.platformdirs, "user_cache_dir", lambda name: str(tmp_path / "cache" / name))
        yield tmp_path / "cache" / "auditlib" / "plans"


def engine_with_rows() -> Engine:
    engine = duckdb_engine()
    engine.load("given", pd.DataFrame({"z": ["x", "y"], "a": [1, 2]}), SCHEMA)
    return engine


def with_double(engine: Engine) -> Callable[[], ir.Table]:
    return lambda: engine.tables["given"].mutate(a=_.a * 2)


def not_built() -> ir.Table:
    raise AssertionError("built, although there is a plan")


def first_run(*ground: object) -> None:
    engine = engine_with_rows()
    kept_plans = Plans(engine, "step", *ground)
    kept_plans.keep("doubled", with_double(engine))
    kept_plans.save()


def test_what_was_planned_is_not_built_again_and_has_its_rows_and_columns_in_their_order() -> None:
    first_run("ground")
    again = engine_with_rows()
    table = Plans(again, "step", "ground").keep("doubled", not_built)
    assert again.fetch(table).to_dict("list") == {"z": ["x", "y"], "a": [2, 4]}
    assert list(table.columns) == ["z", "a"]
    assert table.schema() == ibis.schema(SCHEMA)


@pytest.mark.parametrize(
    "ground", [("another ground",), ("ground", 1)], ids=["another ground", "a further part"]
)
def test_under_another_ground_it_is_built(ground: tuple[object, ...]) -> None:
    first_run("ground")
    with pytest.raises(AssertionError, match="built"):
        Plans(engine_with_rows(), "step", *ground).keep("doubled", not_built)


def lengths(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(a=rows["z"].str.len())


def test_what_is_kept_and_worked_out_on_the_way_is_there_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lengths, "__module__", plans.__name__)
    monkeypatch.setattr(plans, "lengths", lengths, raising=False)

    def sums(engine: Engine) -> ir.Table:
        doubles = engine.keep("doubles", with_double(engine)())
        worked_out = engine.work_out("lengths", doubles, lengths, SCHEMA)
        none = engine.nothing("none", SCHEMA)
        return doubles.union(worked_out).union(none)

    engine = engine_with_rows()
    kept_plans = Plans(engine, "step")
    kept_plans.keep("sums", lambda: sums(engine))
    kept_plans.save()
    again = engine_with_rows()
    Plans(again, "step").keep("sums", not_built)
    rows = {
        name: again.fetch(again.tables[name])["a"].tolist() for name in ("doubles", "lengths", "none", "sums")
    }
    assert rows == {"doubles": [2, 4], "lengths": [1, 1], "none": [], "sums": [2, 4, 1, 1]}


def test_a_function_of_anywhere_else_is_never_called(cache: Path) -> None:
    first_run()
    [file] = cache.glob("*.json")
    file.write_text(
        json.dumps({"doubled": [[{}, [["doubled", SCHEMA, "SELECT * FROM given", "os:system"]]]]})
    )
    engine = engine_with_rows()
    assert engine.fetch(Plans(engine, "step").keep("doubled", with_double(engine)))["a"].tolist() == [2, 4]


def test_what_loads_or_drops_a_table_is_no_part_of_a_plan() -> None:
    engine = engine_with_rows()

    def statements(act: Callable[[], object]) -> Callable[[], ir.Table]:
        return lambda: (act(), with_double(engine)())[1]

    kept_plans = Plans(engine, "step")
    rows = engine.fetch(engine.tables["given"])
    for act in (partial(engine.load, "more", rows, SCHEMA), partial(engine.drop, "more")):
        with pytest.raises(ValueError, match="neither loads nor drops"):
            kept_plans.keep("doubled", statements(act))


@pytest.mark.parametrize("name", ["rule.py", "model.json"])
def test_a_program_of_other_bytes_meets_none_of_its_plans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    first_run("ground")
    (tmp_path / name).write_text("2\n")
    monkeypatch.setattr(program, "CODE", tmp_path / "none")
    program.program_digest.cache_clear()
    nothing = program.program_digest()
    monkeypatch.setattr(program, "CODE", tmp_path)
    program.program_digest.cache_clear()
    try:
        assert program.program_digest() != nothing
        with pytest.raises(AssertionError, match="built"):
            Plans(engine_with_rows(), "step", "ground").keep("doubled", not_built)
    finally:
        monkeypatch.undo()
        program.program_digest.cache_clear()


@pytest.mark.parametrize(
    "content",
    [b"", b"[", b"[1]", b'{"doubled": 1}', b'{"doubled": ["a", "b"]}', b'{"doubled": [[{}, []]]}', b"\xff"],
)
def test_a_file_that_is_not_whole_is_no_plan(content: bytes, cache: Path) -> None:
    first_run("ground")
    [file] = cache.glob("*.json")
    file.write_bytes(content)
    engine = engine_with_rows()
    table = Plans(engine, "step", "ground").keep("doubled", with_double(engine))
    assert engine.fetch(table)["a"].tolist() == [2, 4]


def test_where_the_cache_cannot_be_written_everything_is_built(cache: Path) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_text("no folder")
    first_run("ground")
    first_run("ground")
    assert cache.read_text() == "no folder"


def test_only_the_newest_plans_stay(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "MOST_FILES", 2)
    for ground in range(4):
        first_run(ground)
    assert len(list(cache.glob("*.json"))) == 2


def test_a_second_run_asks_what_the_first_asked_and_no_plan_names_a_person(
    tmp_path: Path, cache: Path
) -> None:
    rows = tables()
    parameters = deliver(tmp_path / "county", rows)
    first, second = run_self_check(parameters)
    files = {file: file.read_bytes() for file in cache.glob("*.json")}
    again, found_again = run_self_check(parameters)
    assert files
    assert files == {file: file.read_bytes() for file in cache.glob("*.json")}, "something was built anew"
    assert list(again.engine.kept) == list(first.engine.kept)
    for name, query in first.engine.kept.items():
        assert exclusions_sorted(again.engine.kept[name]) == exclusions_sorted(query), name
    assert found_again.findings.to_dict("records") == second.findings.to_dict("records")
    text = b"".join(files.values()).decode()
    assert [p for p in rows["eligibility"] if p["name"] in text or p["id_number"] in text] == []


def exclusions_sorted(query: str) -> str:
    """``query`` with the columns that it leaves out in order: Ibis writes them as a set gives them."""
    return re.sub(r"EXCLUDE \(([^)]*)\)", lambda match: ", ".join(sorted(match.group(1).split(", "))), query)


def test_a_rule_sees_every_parameter_but_those_that_are_no_choice(tmp_path: Path) -> None:
    parameters = deliver(tmp_path / "county", tables())
    seen = of_rules(parameters)
    assert {
        one.name for one in fields(parameters) if getattr(seen, one.name) != getattr(parameters, one.name)
    } <= set(NO_CHOICE)
    assert (seen.term, seen.thresholds, seen.ages) == (
        parameters.term,
        parameters.thresholds,
        parameters.ages,
    )
    elsewhere = deliver(tmp_path / "other", tables(), code="990112")
    assert of_rules(elsewhere) == seen
