"""The runs that the workbench lists: each with its state, none hidden, what cannot be opened refused in words."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from run_fixture import COUNTS, finished_run

from auditlib.base.errors import AuditError
from auditlib.workbench.runs import list_runs, titles
from auditlib.workbench.session import Session
from auditlib.workbench.workbench import Workbench

ALL = sum(COUNTS.values())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return finished_run(tmp_path / "runs" / "990122-2020-autumn")


def test_runs_are_listed_with_a_word_for_their_state_and_none_is_hidden(folder: Path) -> None:
    runs = folder.parent
    (runs / "broken-off" / ".auditlib" / "incoming-x").mkdir(parents=True)
    other = finished_run(runs / "mixed") / "manifest.json"
    other.write_text(json.dumps({**json.loads(other.read_text("utf-8")), "run": "0123"}), "utf-8")
    (runs / "half").mkdir()
    (runs / "half" / "findings.parquet").write_bytes(b"")
    (finished_run(runs / "garbled") / "manifest.json").write_text("{", "utf-8")
    old = finished_run(runs / "old") / "manifest.json"
    old.write_text(json.dumps({**json.loads(old.read_text("utf-8")), "auditlib": "0.0.1"}), "utf-8")
    (finished_run(runs / "before-tables") / "tables").rmdir()
    (runs / "notes").mkdir()
    states = {run.folder.name: run.state for run in list_runs(runs)}
    assert states == {
        "990122-2020-autumn": "complete", "old": "older", "before-tables": "older", "mixed": "mixed", "half": "half_written", "garbled": "unreadable",
    }  # fmt: skip
    assert [run.opens for run in list_runs(runs)] == [True, True, True, False, False, False]


def test_a_run_is_named_by_county_term_time_and_state(folder: Path) -> None:
    (run,) = list_runs(folder.parent)
    assert run.named("zh").startswith("青禾县 · 2020 秋 · 20")
    assert run.named("zh").endswith(f"{ALL} 条疑点 · 完整")
    assert run.named("en").endswith(f"{ALL} findings · complete")


def as_city(folder: Path) -> None:
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    manifest["parameters"] = {"city_code": "9901", "city_name": "样市", "term": "2020-autumn"}
    file.write_text(json.dumps(manifest), "utf-8")


def test_a_countys_newest_run_opens_though_a_citys_is_newer(folder: Path) -> None:
    city = finished_run(folder.parent / "9901-2020-autumn")
    as_city(city)
    os.utime(folder / "manifest.json", (1_600_000_000, 1_600_000_000))
    assert [run.folder.name for run in list_runs(folder.parent)] == ["990122-2020-autumn", "9901-2020-autumn"]
    assert Workbench(folder.parent, "zh").session.folder == folder


def test_runs_of_one_county_and_term_are_told_apart_by_their_folders(folder: Path) -> None:
    finished_run(folder.parent / "second-try")
    as_city(finished_run(folder.parent / "city"))
    one, two, city = titles(list_runs(folder.parent), "zh")
    assert {one.rpartition(" · ")[2], two.rpartition(" · ")[2]} == {"990122-2020-autumn", "second-try"}
    assert city.endswith("完整")


def test_a_run_in_the_folder_that_a_parameter_file_names_is_listed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    (own / "params").mkdir(parents=True)
    (own / "params" / "县.yaml").write_text(f'output_dir: "{folder}"\n', "utf-8")
    (own / "params" / "broken.yaml").write_text("a: [", "utf-8")
    monkeypatch.setenv("AUDITLIB_FOLDER", str(own))
    assert [run.folder for run in list_runs(own / "runs")] == [folder]
    assert list_runs(own / "elsewhere") == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_where_there_is_no_run_the_workbench_says_what_to_do(tmp_path: Path, language: str) -> None:
    (opening,) = Workbench(tmp_path / "nowhere", language).body.children
    assert "auditlib self-check" in opening.value


def test_a_run_that_cannot_be_opened_is_refused_in_words(folder: Path) -> None:
    (folder.parent / "half").mkdir()
    (folder.parent / "half" / "manifest.json").write_text("{}", "utf-8")
    bench = Workbench(folder.parent, "zh")
    runs = bench.mast.children[1]
    runs.value = 1
    assert "不完整" in bench.body.children[0].value
    assert "请重新运行一次自查" in bench.body.children[0].value
    runs.value = 0
    assert len(bench.body.children) == 3


@pytest.mark.parametrize("damage", ["cut", "columns"])
def test_damaged_or_old_findings_are_a_word_not_a_traceback(folder: Path, damage: str) -> None:
    import duckdb

    file = folder / "findings.parquet"
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:100])
    else:
        duckdb.sql(f"COPY (SELECT finding_id, rule FROM '{file}') TO '{file}.new' (FORMAT parquet)")
        Path(f"{file}.new").replace(file)
    with pytest.raises(AuditError, match="重新运行一次自查"):
        Session().open(folder)
    assert "重新运行一次自查" in Workbench(folder.parent, "zh").body.children[0].value
