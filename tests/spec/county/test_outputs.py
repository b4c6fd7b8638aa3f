"""What an earlier run's readers wrote into its files is never lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from results_fixture import findings
from tiny_county import deliver, tables, written

from auditlib.county import self_check
from auditlib.county.outputs import Prepared, findings_before, keep_filled_in, prepare_outputs
from auditlib.decisions.dispositions import COLUMNS, append_decisions, read_dispositions
from auditlib.forms.review import write_review
from auditlib.forms.worklist import write_worklist
from auditlib.law.parameters import SelfCheck
from auditlib.package import read_package


def worklist(folder: Path) -> Path:
    path = folder / "findings.xlsx"
    write_worklist(findings().head(5), path, parameters={"term": "2020-autumn"}, language="zh")
    return path


def test_an_untouched_list_is_simply_replaced(tmp_path: Path) -> None:
    assert keep_filled_in(worklist(tmp_path)) == ()
    assert keep_filled_in(tmp_path / "none.xlsx") == ()


def test_a_list_that_somebody_has_filled_in_is_kept_under_a_name_of_its_own(tmp_path: Path) -> None:
    path = worklist(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    heads = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, heads["处理结果"]).value = "属实"
    book.save(path)
    (name,) = keep_filled_in(path)
    assert (tmp_path / name).read_bytes() == path.read_bytes()
    assert keep_filled_in(path) == (name,)


def test_a_list_that_cannot_be_read_any_more_is_kept_too(tmp_path: Path) -> None:
    (tmp_path / "findings.xlsx").write_bytes(b"no workbook")
    assert len(keep_filled_in(tmp_path / "findings.xlsx")) == 1


def decided(folder: Path, finding: str, status: str, at: str) -> None:
    said = {"decided_at": at, "decided_by": "李复核", "finding_id": finding, "status": status}
    append_decisions(folder, pd.DataFrame([dict.fromkeys(COLUMNS, "") | said]))


def fill_in(path: Path, status: str) -> str:
    """The first finding of the list at ``path`` filled in with ``status``; its id."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    heads = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, heads["处理结果"]).value = status
    book.save(path)
    return str(sheet.cell(2, heads["finding_id"]).value)


@pytest.fixture
def parameters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SelfCheck:
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    return deliver(tmp_path / "data", tables())


def prepared(parameters: SelfCheck) -> Prepared:
    """The run of ``parameters`` as the notebook does it, its files on their way."""
    run = self_check.begin(parameters)
    registers = self_check.ingest(run)
    audit = self_check.link(run, registers)
    results = self_check.settle(run, registers, audit, self_check.check(run, audit))
    return prepare_outputs(run, registers, audit, results)


def test_what_was_filled_in_is_in_ledger_and_package_of_the_next_run(parameters: SelfCheck) -> None:
    folder = written(parameters)
    finding = fill_in(folder / "findings.xlsx", "属实")
    written(parameters)
    kept = read_dispositions([folder])
    assert kept[["finding_id", "status"]].to_numpy().tolist() == [[finding, "confirmed"]]
    assert read_package(folder / "package.zip").decisions["finding_id"].tolist() == [finding]
    assert len(list(folder.glob("findings-filled-in-*.xlsx"))) == 1
    written(parameters)
    assert len(read_dispositions([folder])) == 1


def test_a_decision_made_while_the_run_writes_is_not_lost(
    parameters: SelfCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(parameters)
    finding = fill_in(folder / "findings.xlsx", "属实")

    def meanwhile(*given: Any, **named: Any) -> None:
        decided(folder, finding, "closed", "2099-01-01T00:00:00")
        write_review(*given, **named)

    monkeypatch.setattr("auditlib.county.outputs.write_review", meanwhile)
    written(parameters)
    assert read_dispositions([folder])["status"].tolist() == ["confirmed", "closed"]


def test_files_made_meanwhile_are_in_their_place_when_asked_for_and_not_before(parameters: SelfCheck) -> None:
    folder, outputs = parameters.output_dir, prepared(parameters)
    outputs.made.result()
    assert not (folder / "package.zip").exists()
    shown = outputs.put_in_place()
    assert all((folder / name).exists() for name in shown.files)
    assert not list(folder.glob(".incoming*"))


def test_what_goes_wrong_while_files_are_made_is_raised_and_leaves_the_old_ones(
    parameters: SelfCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(parameters)
    before = (folder / "package.zip").read_bytes()

    def full(*_given: Any, **_named: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("auditlib.county.outputs.write_review", full)
    with pytest.raises(OSError, match="No space"):
        prepared(parameters).put_in_place()
    assert (folder / "package.zip").read_bytes() == before
    assert not list(folder.glob(".incoming*"))


def test_a_list_that_contradicts_the_ledger_leaves_it_as_it_is(parameters: SelfCheck) -> None:
    folder = written(parameters)
    finding = fill_in(folder / "findings.xlsx", "属实")
    decided(folder, finding, "closed", "2021-01-08T10:00:00")
    written(parameters)
    assert read_dispositions([folder])["status"].tolist() == ["closed"]


def test_a_ledger_saved_by_excel_is_handed_to_the_city_in_one_form(parameters: SelfCheck) -> None:
    folder = written(parameters)
    decided(folder, "a", "closed", "2021-01-08")
    ledger = folder / "dispositions.csv"
    ledger.write_bytes(ledger.read_text("utf-8-sig").replace("2021-01-08", "2021/1/8").encode("gbk"))
    written(parameters)
    assert read_package(folder / "package.zip").decisions["decided_by"].tolist() == ["李复核"]


def test_a_county_in_which_nothing_is_found_is_written_and_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    county = tables()
    unpaid = county["enrolment"][-1]["id_number"]
    sound = {name: [row for row in rows if row["id_number"] != unpaid] for name, rows in county.items()}
    parameters = deliver(tmp_path / "delivery", sound)
    for _again in range(2):
        written(parameters)
        assert pd.read_parquet(parameters.output_dir / "findings.parquet").empty
        assert read_package(parameters.output_dir / "package.zip").findings.empty


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more", b"\x00" * 5000])
def test_a_damaged_file_of_the_run_before_blocks_no_later_run(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "findings.parquet").write_bytes(content)
    assert findings_before(tmp_path / "findings.parquet") == set()


def test_findings_of_the_run_before_are_known(tmp_path: Path) -> None:
    findings().head(3)[["finding_id"]].to_parquet(tmp_path / "findings.parquet")
    assert findings_before(tmp_path / "findings.parquet") == set(findings().head(3)["finding_id"])
