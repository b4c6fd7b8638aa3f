"""A run for analysts: what is masked, what is exact, what is refused, and that every column is declared."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from tiny_county import deliver, tables, written

import auditlib
from auditlib.base.errors import AuditError, UsageError
from auditlib.base.places import NOTEBOOKS
from auditlib.base.run_folder import VERSION_FILE
from auditlib.runs.analysis import OpenRun
from auditlib.runs.run_columns import run_tables
from auditlib.runs.unmask_log import FILE
from auditlib.tables.audit_tables import BIRTH_MASK


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(deliver(tmp_path_factory.mktemp("county") / "files", tables()))


@pytest.fixture
def run_copy(folder: Path, tmp_path: Path) -> Path:
    shutil.copytree(folder, tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def run(folder: Path) -> OpenRun:
    return auditlib.open_run(folder)


def texts(frame: pd.DataFrame) -> str:
    return str(frame.to_dict("list"))


def test_the_package_stays_cheap_to_import() -> None:
    program = "import sys, auditlib; print(sorted({'pandas', 'duckdb', 'ibis'} & set(sys.modules)))"
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "[]"


def test_every_table_and_column_of_a_run_is_declared_in_its_order(run: OpenRun) -> None:
    declaration = run_tables()
    assert set(run.tables) == set(declaration)
    for name in run.tables:
        assert list(run.whole.table(name).columns) == [column.name for column in declaration[name].columns], (
            name
        )


def test_nothing_masked_holds_a_name_a_number_or_what_a_number_can_be_made_from(
    run: OpenRun, run_copy: Path
) -> None:
    opened_run = auditlib.open_run(run_copy)
    opened_run.unmask("测试员", "测试")
    people = opened_run.table("people", masked=False)
    accounts = set(opened_run.table("payments", masked=False)["account_no"])
    identifying_texts = {
        *people["name"],
        *people["id_number"],
        *opened_run.table("pupils", masked=False)["student_no"],
        *accounts,
    }
    keys = {*opened_run.findings(masked=False)["finding_id"], *people["person_id"]}
    assert len(identifying_texts) > 40
    for name in run.tables:
        masked_table = run.table(name)
        text = texts(masked_table)
        assert not [one for one in identifying_texts | keys if one in text], name
        assert not {column.name for column in run_tables()[name].columns if column.masked == BIRTH_MASK} & {
            *masked_table
        }


def test_the_order_of_masked_rows_is_not_that_of_the_numbers(run: OpenRun, run_copy: Path) -> None:
    opened_run = auditlib.open_run(run_copy)
    opened_run.unmask("测试员", "测试")
    by_number = [
        number[-2:]
        for number in opened_run.table("people", masked=False).sort_values("id_number")["id_number"]
    ]
    assert [number[-2:] for number in run.table("people")["id_number"]] != by_number


def test_masked_tables_still_join_and_count_persons(run: OpenRun) -> None:
    findings, paid, pupils = run.findings(), run.table("payments"), run.table("pupils")
    assert set(findings["person_id"]) <= set(pupils["person_id"])
    assert set(paid["person_id"]) <= set(pupils["person_id"])
    assert (pupils["person_id"].nunique(), paid["person_id"].nunique()) == (12, 11)


def test_amounts_are_exact_and_numbers_on_wish(run: OpenRun) -> None:
    assert set(run.table("payments")["amount"]) == {Decimal("500.00")}
    assert run.table("payments", numbers=True)["amount"].sum() == 5500.0
    assert run.findings(numbers=True)["at_stake"].dtype == "float64"
    assert run.table("attendance", numbers=True).empty


def test_rows_are_counted_for_every_table(run: OpenRun) -> None:
    assert list(run.rows.index) == sorted(run.tables)
    assert {name: len(run.table(name)) for name in run.tables} == run.rows.to_dict()


def test_in_full_only_for_somebody_with_a_reason_and_logged_before(run_copy: Path) -> None:
    run = auditlib.open_run(run_copy, language="en")
    with pytest.raises(UsageError, match="unmask"):
        run.findings(masked=False)
    for who, reason in (("", "a reason"), ("somebody", " ")):
        with pytest.raises(AuditError):
            run.unmask(who, reason)
    assert not (run_copy / FILE).exists()
    run.unmask("测试员", "核实 一校")
    with (run_copy / FILE).open(encoding="utf-8-sig", newline="") as lines:
        (line,) = csv.DictReader(lines)
    assert (line["who"], line["reason"]) == ("测试员", "核实 一校")
    full = run.findings(masked=False)
    assert full["id_number"].str.fullmatch("99[0-9]{15}[0-9X]").all()
    assert list(full["person_id"]) == list(full["id_number"])
    assert not run.findings()["name"].isin(full["name"]).any()


def test_a_log_that_cannot_be_written_leaves_all_masked(run_copy: Path) -> None:
    (run_copy / FILE).mkdir()
    run = auditlib.open_run(run_copy)
    with pytest.raises(AuditError):
        run.unmask("测试员", "测试")
    with pytest.raises(UsageError):
        run.findings(masked=False)


def test_a_table_that_is_not_there_is_refused_with_those_that_are(run: OpenRun) -> None:
    with pytest.raises(UsageError, match="payments"):
        run.table("payment")


def test_older_half_written_and_missing_runs_are_refused_in_the_readers_language(run_copy: Path) -> None:
    version = run_copy / "tables" / VERSION_FILE
    content = json.loads(version.read_text("utf-8"))
    version.write_text(json.dumps({**content, "tables": content["tables"] - 1}), "utf-8")
    with pytest.raises(AuditError, match="older version"):
        auditlib.open_run(run_copy, language="en")
    version.write_text(json.dumps(content), "utf-8")
    (run_copy / "tables" / "payments.parquet").unlink()
    with pytest.raises(AuditError, match="不完整"):
        auditlib.open_run(run_copy)
    with pytest.raises(AuditError, match="no run"):
        auditlib.open_run(run_copy / "nowhere", language="en")


def test_the_notebook_of_ones_own_runs_on_a_run(folder: Path, tmp_path: Path) -> None:
    words = [
        "-m",
        "papermill",
        NOTEBOOKS / "own_analysis.ipynb",
        "out.ipynb",
        "-p",
        "run_dir",
        folder,
        "-k",
        "python3",
    ]
    process = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert process.returncode == 0, process.stderr[-2000:]
    outputs = [
        output
        for cell in json.loads((tmp_path / "out.ipynb").read_text("utf-8"))["cells"]
        for output in cell.get("outputs", [])
    ]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert not [output for output in outputs if output.get("name") == "stderr" and "Glyph" in str(output)]
