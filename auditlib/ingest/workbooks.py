"""Workbooks (.xlsx, .xlsm, .xls, .xlsb, .ods): every sheet as text, hidden ones too."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from auditlib.ingest import packages, trial, unreadable
from auditlib.ingest.cells import column_text
from auditlib.ingest.grids import Grid, Merge

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XLSX_PART = b"xl/workbook.xml"  # names of parts stand uncompressed in an archive
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_workbook(content: bytes) -> list[Grid]:
    """The sheets that are not empty; raises ``Unreadable``."""
    if content.startswith(OLE) and _ENCRYPTED in content:
        raise unreadable.has_password()
    patches = packages.inspect(content) if content.startswith(packages.ZIP) else {}
    if _XLSX_PART not in content:
        trial.survive(content)
    try:
        grids = _grids(content, patches)
    except PasswordError as error:
        raise unreadable.has_password() from error
    except (KeyboardInterrupt, SystemExit, MemoryError, unreadable.Unreadable):
        raise
    except BaseException as error:  # a panic of the reader is no Exception; the file is to blame either way
        raise unreadable.damaged_workbook() from error
    if not grids:
        raise unreadable.no_sheets()
    return grids


def _grids(content: bytes, patches: Mapping[str, packages.Patches]) -> list[Grid]:
    with CalamineWorkbook.from_object(io.BytesIO(content)) as book:
        sheets = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        return [
            _grid(sheet, patches.get(meta.name, {}), visible=meta.visible == SheetVisibleEnum.Visible)
            for meta in sheets
            if (sheet := book.get_sheet_by_name(meta.name)).start is not None or meta.name in patches
        ]


def _grid(sheet: CalamineSheet, patches: packages.Patches, *, visible: bool) -> Grid:
    """``patches``: cells that the reader gives as empty (errors, formulas without a result), by position."""
    top, left = sheet.start or (0, 0)
    rows: list[list[Any]] = sheet.to_python() if sheet.start is not None else []
    columns = [column_text(column) for column in zip(*rows, strict=True)]
    for (row, column), text in patches.items():
        if 0 <= row - top < len(rows) and 0 <= column - left < len(columns):
            columns[column - left][row - top] = columns[column - left][row - top] or text
    merges = tuple(_merge(merge, top, left) for merge in sheet.merged_cell_ranges or ())
    return Grid(sheet.name, range(top + 1, top + 1 + len(rows)), columns, merges, visible, left=left)


def _merge(merge: tuple[tuple[int, int], tuple[int, int]], top: int, left: int) -> Merge:
    (first_row, first_column), (last_row, last_column) = merge
    return first_row - top, first_column - left, last_row - top, last_column - left
