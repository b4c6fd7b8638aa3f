"""What an earlier run's readers wrote into its files is never lost."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from findings_fixture import findings
from tiny_county import deliver, tables, written

from auditlib.base.errors import AuditError
from auditlib.base.files import HIDDEN_FOLDER
from auditlib.county import self_check
from auditlib.county.outputs import Prepared, earlier_findings, prepare_outputs
from auditlib.decisions.dispositions import COLUMNS, append_decisions, read_dispositions
from auditlib.forms.review import write_review
from auditlib.law.parameters import SelfCheck
from auditlib.package import read_package


def decide(folder: Path, finding: str, status: str, at: str) -> None:
    decision_row = {"decided_at": at, "decided_by": "李复核", "finding_id": finding, "status": status}
    append_decisions(folder, pd.DataFrame([dict.fromkeys(COLUMNS, "") | decision_row]))


def fill_in(path: Path, status: str) -> str:
    """The first finding of the list at ``path`` filled in with ``status``; its id."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[2]
    heads = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, heads["处理结果"]).value = status
    book.save(path)
    return str(sheet.cell(2, heads["finding_id"]).value)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> SelfCheck:
    """A county that has been run once."""
    parameters = deliver(tmp_path_factory.mktemp("county") / "data", tables())
    written(parameters)
    return parameters


@pytest.fixture
def parameters(once: SelfCheck, tmp_path: Path) -> SelfCheck:
    """The same, in a folder of the test's own."""
    shutil.copytree(once.output_dir, tmp_path / "run")
    return replace(once, output_dir=tmp_path / "run")


def prepare(parameters: SelfCheck) -> Prepared:
    """The run of ``parameters`` as the notebook does it, its files on their way."""
    run = self_check.begin(parameters)
    registers = self_check.ingest(run)
    audit = self_check.link(run, registers)
    results = self_check.sum_up(run, registers, audit, self_check.check(run, audit))
    return prepare_outputs(run, registers, audit, results)


def test_what_was_filled_in_is_in_ledger_and_package_of_the_next_run(parameters: SelfCheck) -> None:
    folder = parameters.output_dir
    finding = fill_in(folder / "findings.xlsx", "属实")
    written(parameters)
    decisions = read_dispositions([folder])
    assert decisions[["finding_id", "status"]].to_numpy().tolist() == [[finding, "confirmed"]]
    assert read_package(folder / "package.zip").decisions["finding_id"].tolist() == [finding]
    assert len(list(folder.glob("findings-filled-in-*.xlsx"))) == 1
    written(parameters)
    assert len(read_dispositions([folder])) == 1
    assert len(list(folder.glob("*-filled-in-*.xlsx"))) == 1


def test_a_decision_made_while_the_run_writes_is_not_lost(
    parameters: SelfCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = parameters.output_dir
    finding = fill_in(folder / "findings.xlsx", "属实")

    def meanwhile(*arguments: Any, **keywords: Any) -> None:
        decide(folder, finding, "closed", "2099-01-01T00:00:00")
        write_review(*arguments, **keywords)

    monkeypatch.setattr("auditlib.county.outputs.write_review", meanwhile)
    written(parameters)
    assert read_dispositions([folder])["status"].tolist() == ["confirmed", "closed"]


def test_what_cannot_be_read_any_more_is_kept_where_people_fill_it_in_and_blocks_no_run(
    parameters: SelfCheck,
) -> None:
    folder = parameters.output_dir
    (folder / "findings.xlsx").write_bytes(b"no workbook")
    (folder / "findings.parquet").write_bytes(b"PAR1 damaged")  # blocks no later run either
    (folder / "report.html").write_text("of the first run", "utf-8")
    written(parameters)
    assert len(pd.read_parquet(folder / "findings.parquet")) == 1
    assert not (folder / "report.html").exists()  # findings came without a page
    (kept_file,) = folder.glob("findings-filled-in-*.xlsx")
    assert kept_file.read_bytes() == b"no workbook"


def test_lists_filled_in_while_the_run_is_under_way_are_neither_lost_nor_replaced(
    parameters: SelfCheck,
) -> None:
    folder, outputs = parameters.output_dir, prepare(parameters)
    outputs.preparation.result()
    for name in ("findings.xlsx", "review.xlsx"):
        (folder / name).write_bytes(b"filled in meanwhile")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with pytest.raises(AuditError, match="运行期间有人修改了这个文件") as refusal:
        outputs.put_in_place()
    assert [name in str(refusal.value) for name in ("findings.xlsx", "review.xlsx")] == [True, True]
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_manifest_and_findings_carry_one_number_that_tells_nothing_of_a_person(
    parameters: SelfCheck, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = parameters.output_dir

    def numbers() -> tuple[str, str]:
        text = pq.read_schema(folder / "findings.parquet").metadata[b"auditlib.run"].decode()
        return json.loads((folder / "manifest.json").read_text("utf-8"))["run"], text

    first = numbers()
    assert first[0] == first[1]
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "other-keys"))
    written(parameters)
    assert numbers()[0] == numbers()[1] != first[0]  # without the key nobody can try out numbers against it


def test_files_made_meanwhile_are_in_their_place_when_asked_for_and_not_before(parameters: SelfCheck) -> None:
    folder, outputs = parameters.output_dir, prepare(parameters)
    (folder / "package.zip").unlink()
    outputs.preparation.result()
    assert not (folder / "package.zip").exists()
    file_names = outputs.put_in_place()
    assert all((folder / name).exists() for name in file_names.files)
    assert not (folder / HIDDEN_FOLDER).exists()


def test_what_goes_wrong_while_files_are_made_is_raised_and_leaves_the_old_ones(
    parameters: SelfCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = parameters.output_dir
    before = (folder / "package.zip").read_bytes()

    def full(*_arguments: Any, **_keywords: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("auditlib.county.outputs.write_review", full)
    with pytest.raises(AuditError, match="磁盘已满"):
        prepare(parameters).put_in_place()
    assert (folder / "package.zip").read_bytes() == before
    assert not (folder / HIDDEN_FOLDER).exists()


def test_a_list_that_contradicts_the_ledger_leaves_it_as_it_is(parameters: SelfCheck) -> None:
    folder = parameters.output_dir
    finding = fill_in(folder / "findings.xlsx", "属实")
    decide(folder, finding, "closed", "2021-01-08T10:00:00")
    written(parameters)
    assert read_dispositions([folder])["status"].tolist() == ["closed"]


def test_a_ledger_saved_by_excel_is_handed_to_the_city_in_one_form(parameters: SelfCheck) -> None:
    folder = parameters.output_dir
    decide(folder, "a", "closed", "2021-01-08")
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
    assert earlier_findings(tmp_path) is None


def test_findings_of_the_run_before_are_known(tmp_path: Path) -> None:
    assert earlier_findings(tmp_path) == set()
    findings().head(3)[["finding_id"]].to_parquet(tmp_path / "findings.parquet")
    assert earlier_findings(tmp_path) == set(findings().head(3)["finding_id"])


def test_letter_and_summary_are_written_and_an_edited_letter_is_kept(parameters: SelfCheck) -> None:
    folder = parameters.output_dir
    assert (folder / "summary.html").is_file() and (folder / "summary.docx").is_file()
    content = (folder / "report.docx").read_bytes()
    written(parameters)
    assert not list(folder.glob("report-filled-in-*"))
    (folder / "report.docx").write_bytes(content + b"edited")
    written(parameters)
    (kept_file,) = folder.glob("report-filled-in-*.docx")
    assert kept_file.read_bytes() == content + b"edited"
    assert (folder / "report.docx").read_bytes() == content
