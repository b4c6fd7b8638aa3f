"""Workbooks (.xlsx, .xlsm, .xls, .xlsb, .ods): every sheet as text, hidden ones too."""

from __future__ import annotations

from auditlib.ingest.files import unreadable
from auditlib.ingest.files.grids import Grid, Merge
from auditlib.spreadsheets import Refused, Sheet, read_texts


def read_workbook(content: bytes) -> list[Grid]:
    """The sheets that are not empty; raises ``UnreadableFile``."""
    try:
        return [_grid(sheet) for sheet in read_texts(content)]
    except Refused as refused:
        raise unreadable.UnreadableFile(refused.what, refused.remedy) from refused


def _grid(sheet: Sheet) -> Grid:
    merges = tuple(_merge(merge, sheet.top, sheet.left) for merge in sheet.merges)
    numbers = [number for first, count in sheet.runs for number in range(first + 1, first + 1 + count)]
    return Grid(
        sheet.name,
        numbers,
        sheet.cells,
        merges,
        sheet.visible,
        left=sheet.left,
        hidden=sheet.hidden,
        struck=sheet.struck,
        has_strikes=sheet.has_strikes,
        skipped=sheet.height - len(numbers),
        of_1904=sheet.of_1904,
    )


def _merge(merge: tuple[tuple[int, int], tuple[int, int]], top: int, first: int) -> Merge:
    (first_row, first_column), (last_row, last_column) = merge
    return first_row - top, first_column - first, last_row - top, last_column - first
