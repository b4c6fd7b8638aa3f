"""What an earlier run's readers wrote into its files is never lost."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from results_fixture import findings

from auditlib.outputs import keep_filled_in
from auditlib.worklist import write_worklist


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
