"""A table that is read piece by piece, a cell after the other, from a web page or an XML spreadsheet."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from typing import Any

from auditlib.spreadsheets.cells import of_text
from auditlib.spreadsheets.refusals import CELLS, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, PAGE, Refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FEWEST = 2  # rows and columns of a table that is a list; a page's frame has fewer
_MOST_TAKEN = 4_000_000  # places


def decode(content: bytes) -> str:
    """The file as text: by its mark, else UTF-8, else GB18030, which holds what pages call GBK or GB2312."""
    marked_encodings = [encoding for mark, encoding in _MARKS if content.startswith(mark)]
    for encoding in marked_encodings or ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(PAGE)


@dataclass
class CellTable:
    """``filled``: row -> column -> text; ``covered``: places that a cell above or to the left covers."""

    rows: int = 0
    columns: int = 0
    filled: list[dict[int, str]] = field(default_factory=list)
    covered: set[tuple[int, int]] = field(default_factory=set)
    merges: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    struck: dict[int, int] = field(default_factory=dict)  # row -> its filled cells that are crossed out

    @property
    def is_list(self) -> bool:
        return self.columns >= _FEWEST and sum(map(bool, self.filled)) >= _FEWEST

    def begin_row(self, *, is_hidden: bool) -> None:
        self.filled.append({})
        self.rows = len(self.filled)
        if is_hidden:
            self.hidden.append(self.rows)
        if self.rows > MOST_ROWS:
            raise Refused(CELLS)

    def add(self, text: str, down: int, across: int, *, is_struck: bool = False, column: int = 0) -> int:
        """A cell in the first free place of the last row, not before ``column``; the column behind it."""
        if text and is_struck:
            self.struck[self.rows] = self.struck.get(self.rows, 0) + 1
        row, column = self.rows - 1, max(column, max(self.filled[-1], default=-1) + 1)
        while (row, column) in self.covered:
            column += 1
        if column + across > MOST_COLUMNS or len(self.covered) + down * across > _MOST_TAKEN:
            raise Refused(CELLS)
        self.filled[-1][column] = text
        self.columns = max(self.columns, column + across)
        if down > 1 or across > 1:
            self.covered |= {(row + i, column + k) for i in range(down) for k in range(across)}
            self.merges.append(((row, column), (row + down - 1, column + across - 1)))
        return column + across

    def _filled(self, row: int) -> int:
        return sum(map(bool, self.filled[row - 1].values()))

    def sheet(self, name: str) -> dict[str, Any]:
        if self.rows * self.columns > MOST_CELLS:
            raise Refused(CELLS)
        return {
            "name": name,
            "visible": True,
            "hidden": self.hidden,
            "struck": [row for row, count in self.struck.items() if 2 * count >= self._filled(row)],
            "top": 0,
            "left": 0,
            "height": self.rows,
            "cells": [[of_text(row.get(at, "")) for row in self.filled] for at in range(self.columns)],
            "runs": [(0, self.rows)],
            "merges": [(first, (min(last[0], self.rows - 1), last[1])) for first, last in self.merges],
            "of_1904": False,
        }
