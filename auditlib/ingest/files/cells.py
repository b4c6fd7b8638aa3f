"""Cells for comparison: what is seen of them, and whether they hold an ID number."""

from __future__ import annotations

import re
import unicodedata

from auditlib.spreadsheets.cells import BLANK, ColumnCells, column_text, of_number, of_text

__all__ = [
    "BLANK",
    "CellsByColumn",
    "ColumnCells",
    "bare",
    "column_text",
    "is_id_like",
    "of_number",
    "of_text",
]

Helpers = dict[int, str]
"""Position of a column that was read for another one -> that column of the table."""
CellsByColumn = dict[str, ColumnCells]
_GAPS = re.compile(f"[{re.escape(BLANK)}]+")
_ID_LIKE = re.compile(r"(?<![0-9])[0-9]{14,17}[0-9X](?![0-9])")
_DAMAGED_PATTERN = re.compile(r"[0-9]\.[0-9]+E\+?1[4-9]$")


def bare(cell: str | None) -> str:
    """A cell for comparison only: half width, without white space or invisible characters."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", cell)) if cell else ""


def is_id_like(cell: str | None) -> bool:
    """Does the cell hold 15 to 18 digits in a row, as an ID number does, or what Excel leaves of them?"""
    if not cell or len(cell) < 10:
        return False
    plain = bare(cell).upper()
    return bool(_ID_LIKE.search(plain) or _DAMAGED_PATTERN.search(plain))
