"""A county's folder for the golden cases of ingest: files written on the fly, read by ``deliver``."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from auditlib.base.places import ROOT
from auditlib.ingest import Delivery, SheetReport, deliver
from auditlib.law.policy import read_policy
from auditlib.tables.vocabulary import vocabulary

Rows = Sequence[Sequence[Any]]


class CountyFolder:
    """Writes files as a county might deliver them, and reads them; all people are made up."""

    header = ("姓名", "身份证号", "学校", "资助项目", "金额")

    def __init__(self, root: Path):
        self.root = root

    @staticmethod
    def person(number: int = 1, **changes: Any) -> list[Any]:
        """A sound row under :attr:`header`; ``changes`` by header."""
        row = {
            "姓名": f"测试{'一二三四五六七八九'[number % 9]}",
            "身份证号": f"99012220100101{number:03}X",
            "学校": "青山小学",
            "资助项目": "寄宿生生活补助",
            "金额": "500",
        } | changes
        return list(row.values())

    def book(
        self,
        file: str,
        sheets: Mapping[str, Rows],
        *,
        merged: Sequence[str] = (),
        hidden: Sequence[str] = (),
    ) -> None:
        """A workbook of sheets; ``merged`` cell ranges hold for every sheet."""
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row, cells in enumerate(rows, 1):
                for column, value in enumerate(cells, 1):
                    if value is not None:
                        cell = sheet.cell(row, column, value)
                        if isinstance(value, str):
                            cell.data_type = "s"  # formulas written as text stay text
            for cells in merged:
                sheet.merge_cells(cells)
            if name in hidden:
                sheet.sheet_state = "hidden"
        self._path(file).parent.mkdir(parents=True, exist_ok=True)
        book.save(self._path(file))

    def sheet(self, file: str, rows: Rows, *, merged: Sequence[str] = ()) -> None:
        self.book(file, {"Sheet1": rows}, merged=merged)

    def bytes(self, file: str, content: bytes) -> None:
        self._path(file).parent.mkdir(parents=True, exist_ok=True)
        self._path(file).write_bytes(content)

    def text(self, file: str, content: str, encoding: str = "utf-8") -> None:
        self.bytes(file, content.encode(encoding))

    def csv(self, file: str, rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> None:
        lines = io.StringIO()
        csv.writer(lines, delimiter=delimiter).writerows(rows)
        self.text(file, lines.getvalue(), encoding)

    def _path(self, file: str) -> Path:
        return self.root / file

    def read(
        self,
        columns: Mapping[str, Mapping[str, str]] | None = None,
        *,
        term: str = "",
        not_needed: Sequence[Any] = (),
        **sources: Any,
    ) -> Delivery:
        """``deliver``, and what holds for every delivery: the account of rows, problems without numbers.

        With ``term``, as in a run: coded values are looked up too.
        """
        words = vocabulary(read_policy(["national"], ROOT)) if term else {}
        delivery = deliver(self.root, sources, columns or {}, term=term, words=words, not_needed=not_needed)
        for sheet in sheets_of(delivery):
            assert sheet.rows_read == sheet.rows_handed_on + len(sheet.left_out)
        for problem in delivery.problems:
            for text in (problem.what, problem.where, problem.remedy):
                assert text.zh and text.en
        return delivery


def sheets_of(delivery: Delivery) -> list[SheetReport]:
    return [sheet for file in delivery.files for sheet in file.sheets]


@pytest.fixture
def county(tmp_path: Path) -> CountyFolder:
    """An empty data folder."""
    (tmp_path / "data").mkdir()
    return CountyFolder(tmp_path / "data")


@pytest.fixture
def cells() -> Any:
    """``cells(delivery, table, *columns)``: the rows handed on, as tuples (one column: as values)."""

    def of(delivery: Delivery, table: str, *columns: str) -> list[Any]:
        frame = delivery.raw[table]
        rows = list(zip(*(frame[column].tolist() for column in columns), strict=True))
        return [row[0] for row in rows] if len(columns) == 1 else rows

    return of


@pytest.fixture
def left_out() -> Any:
    """``left_out(delivery)``: address -> reason, of all sheets."""
    return lambda delivery: {
        one.source: one.reason for sheet in sheets_of(delivery) for one in sheet.left_out
    }


@pytest.fixture
def problem_texts() -> Any:
    """``problem_texts(delivery)``: what the problems say, in Chinese, without where and remedy."""
    return lambda delivery: [problem.what.zh for problem in delivery.problems]
