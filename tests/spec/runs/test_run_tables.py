"""A run's tables: written with it, opened again, and the same audit once more from them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from ibis import _
from tiny_county import deliver, tables, written

from auditlib.base.errors import AuditError
from auditlib.base.files import together
from auditlib.findings.apply import apply_rules, findings
from auditlib.runs.rerun import audit_again
from auditlib.runs.run_tables import FOLDER, VERSION_FILE, RunTables, open_run
from auditlib.tables.delivered import TABLES


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(deliver(tmp_path_factory.mktemp("county") / "files", tables()))


@pytest.fixture
def run_copy(folder: Path, tmp_path: Path) -> Path:
    shutil.copytree(folder, tmp_path / "run")
    return tmp_path / "run"


def refusal(folder: Path) -> str:
    with pytest.raises(AuditError) as refused:
        open_run(folder)
    return refused.value.into("en")


def ids(run: RunTables) -> list[str]:
    return sorted(run.fetch(run.table("findings").select("finding_id"))["finding_id"])


def test_every_register_is_there_with_the_person_of_each_row(folder: Path) -> None:
    run = open_run(folder)
    assert set(TABLES) <= set(run.version["rows"])
    paid = run.fetch(
        run.table("payments").select("source", "person_id", "decided_by", "score", "school_id", "rejected")
    )
    assert len(paid) == 11 == run.version["rows"]["payments"]
    assert set(paid["decided_by"]) == {"id_number"}
    assert list(paid["source"]) == sorted(paid["source"])


def test_a_finding_knows_its_person(folder: Path) -> None:
    run = open_run(folder)
    subjects = run.fetch(run.table("subjects").inner_join(run.table("findings"), "finding_id").select("finding_id", "person_id", "id_number"))  # fmt: skip
    assert len(subjects) == len(ids(run)) == 1
    assert list(subjects["person_id"]) == list(subjects["id_number"])


def test_the_same_run_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = written(deliver(tmp_path / "files", tables()))
    for file in sorted((folder / FOLDER).iterdir()):
        assert file.read_bytes() == (again / FOLDER / file.name).read_bytes(), file.name


def test_a_run_over_an_old_one_takes_its_place_whole(run_copy: Path, tmp_path: Path) -> None:
    (run_copy / FOLDER / "left_over.parquet").write_bytes(b"from before")
    parameters = replace(deliver(tmp_path / "files", tables(14)), output_dir=run_copy)
    written(parameters)
    assert open_run(run_copy).version["rows"]["enrolment"] == 14
    assert not (run_copy / FOLDER / "left_over.parquet").exists()
    assert not list(run_copy.glob(".*"))


def test_the_audit_once_more_finds_the_same(folder: Path) -> None:
    run = open_run(folder)
    engine, audit = audit_again(run)
    assert sorted(engine.fetch(findings(engine, audit, apply_rules(engine, audit)))["finding_id"]) == ids(run)
    assert run.parameters.count_date.isoformat() == "2020-10-31"
    assert list(run.policy.schemes) == list(audit.policy.schemes)


def test_other_parameters_give_other_findings(folder: Path) -> None:
    run = open_run(folder)
    early = replace(
        run.parameters, thresholds=replace(run.parameters.thresholds, pay_by=run.parameters.count_date)
    )
    engine, audit = audit_again(run, parameters=early)
    frame = engine.fetch(findings(engine, audit, apply_rules(engine, audit)))
    assert (frame["rule"] == "procedure.paid_late").sum() == 11
    assert len(frame) == 12


def test_no_run_at_all(tmp_path: Path) -> None:
    assert "there is no run here" in refusal(tmp_path)


def test_a_run_of_an_older_version(run_copy: Path) -> None:
    shutil.rmtree(run_copy / FOLDER)
    assert "an older version wrote this run" in refusal(run_copy)


def test_a_citys_recheck_has_no_tables(run_copy: Path) -> None:
    shutil.rmtree(run_copy / FOLDER)
    (run_copy / "manifest.json").write_text(json.dumps({"parameters": {"city_code": "9901"}}), "utf-8")
    assert "a city's re-check" in refusal(run_copy)


def test_tables_of_another_version(run_copy: Path) -> None:
    file = run_copy / FOLDER / VERSION_FILE
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "tables": 0}), "utf-8")
    assert "an older version wrote this run" in refusal(run_copy)


def test_a_run_being_written_for_the_first_time(tmp_path: Path) -> None:
    with together(tmp_path):
        assert "is being written" in refusal(tmp_path)


@pytest.mark.parametrize(
    "lost_file", ["findings.parquet", f"{FOLDER}/aid.parquet", f"{FOLDER}/{VERSION_FILE}", "manifest.json"]
)
def test_a_half_written_run(run_copy: Path, lost_file: str) -> None:
    (run_copy / lost_file).unlink()
    assert "incomplete or damaged" in refusal(run_copy)


def test_a_cut_file(run_copy: Path) -> None:
    (run_copy / FOLDER / "aid.parquet").write_bytes(b"PAR1 no more")
    assert "incomplete or damaged" in refusal(run_copy)


@pytest.mark.parametrize("name", ["manifest.json", "findings.parquet"])
def test_files_of_two_runs_are_refused(name: str, run_copy: Path, tmp_path: Path) -> None:
    other = written(deliver(tmp_path / "files", tables(13)))
    shutil.copyfile(other / name, run_copy / name)
    assert "files of two runs" in refusal(run_copy)


def test_a_page_of_another_run_is_refused_too(run_copy: Path) -> None:
    number = json.loads((run_copy / "manifest.json").read_text("utf-8"))["run"]
    page = run_copy / "report.html"
    page.write_text(f'<meta name="auditlib-run" content="{number}">', "utf-8")
    assert open_run(run_copy).manifest["run"] == number
    page.write_text('<meta name="auditlib-run" content="0123456789ab">', "utf-8")
    assert "files of two runs" in refusal(run_copy)


def test_a_run_may_be_looked_at_while_the_next_is_under_way(run_copy: Path) -> None:
    with together(run_copy):
        assert len(ids(open_run(run_copy))) == 1


def test_a_run_written_anew_while_it_is_open(run_copy: Path) -> None:
    run = open_run(run_copy)
    file = run_copy / FOLDER / VERSION_FILE
    file.write_text(
        json.dumps({**json.loads(file.read_text("utf-8")), "manifest": "of another run"}), "utf-8"
    )
    with pytest.raises(AuditError, match="重新打开"):
        run.fetch(run.table("payments").aggregate(rows=_.count()))
