"""A sheet as read: columns of text and the row numbers that the spreadsheet shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from auditlib.ingest.files.cells import ColumnCells

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column; positions in the grid


@dataclass(frozen=True)
class Grid:
    """``columns`` are all as long as ``numbers``; ``name`` is empty for a text file, which is one sheet."""

    name: str
    numbers: Sequence[int]
    columns: Sequence[ColumnCells]
    merges: tuple[Merge, ...] = ()
    visible: bool = True
    is_text: bool = False
    left: int = 0  # columns of the sheet before the first one here
    hidden: tuple[int, ...] = ()  # numbers of rows that the spreadsheet does not show
    struck: tuple[int, ...] = ()  # numbers of rows that are crossed out
    has_strikes: bool = False  # something in the workbook is crossed out, and what cannot be told
    skipped: int = 0  # blank rows that are not here at all
    parts: Sequence[int] = ()  # where several rows here are one of the sheet: which of them, from 1
    of_1904: bool = False  # a day that stands as a mere number is counted from 1904

    def label(self, position: int) -> str:
        """The number of a row as an address has it: 12, or 12.2 for the second of several persons in row 12."""
        part = self.parts[position] if self.parts else 0
        return f"{self.numbers[position]}.{part}" if part else str(self.numbers[position])

    def row(self, position: int) -> list[str | None]:
        return [column[position] for column in self.columns]

    @cached_property
    def first_cells(self) -> ColumnCells:
        """The first filled cell of every row; None for a blank row."""
        first: ColumnCells = [None] * len(self.numbers)
        for column in self.columns:
            first = [a if a is not None else b for a, b in zip(first, column, strict=True)]
            if None not in first:
                break
        return first

    def filled_rows(self, most: int) -> list[int]:
        """Positions of the first ``most`` rows that are not blank."""
        return list(islice((i for i, cell in enumerate(self.first_cells) if cell is not None), most))

    @property
    def blank_rows(self) -> int:
        """Blank rows among the others, and those above the first."""
        above = self.numbers[0] - 1 if self.numbers else 0
        return self.first_cells.count(None) + above + self.skipped
