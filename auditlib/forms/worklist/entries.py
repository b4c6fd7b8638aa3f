"""Cells that a person filled in, read back from a workbook: text, days, yuan; what cannot be taken is refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.forms.worklist.columns import EARLIEST, LATEST

DATE = re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$")
COMPACT_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
FEN, BINARY_NOISE = Decimal("0.01"), Decimal("0.000001")


class Unreadable(Exception):
    """A cell's content is not what its column holds."""


def sheets_of(
    path: Path, cannot_open: tuple[Text, Text], language: str
) -> Iterator[tuple[str, list[list[Any]]]]:
    """Name and cells of every sheet of a workbook. Raises AuditError saying ``cannot_open`` (what, remedy)."""
    import python_calamine

    try:
        book = python_calamine.load_workbook(str(path))
    except (python_calamine.CalamineError, OSError) as error:
        raise AuditError(
            Problem(cannot_open[0], Text(path.name, path.name), cannot_open[1]), language
        ) from error
    with book:
        for name in book.sheet_names:
            yield name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def text_of(cell: Any) -> str:
    """A cell as text without blanks around it; an empty one as no text."""
    return "" if cell is None else str(cell).strip()


def day(cell: Any) -> dt.date | None:
    """A date as a spreadsheet or a person writes it; None for an empty cell."""
    plain = cell.date() if isinstance(cell, dt.datetime) else cell
    date = plain if isinstance(plain, dt.date) else _written_date(text_of(plain))
    if date is not None and not EARLIEST <= date <= LATEST:
        raise Unreadable
    return date


def _written_date(text: str) -> dt.date | None:
    if not text:
        return None
    match = DATE.match(text) or COMPACT_DATE.match(text.removesuffix(".0"))
    try:
        return dt.date(*map(int, match.groups())) if match else _refuse()
    except ValueError as error:
        raise Unreadable from error


def _refuse() -> dt.date:
    raise Unreadable


def yuan(cell: Any) -> Decimal | None:
    """Yuan to the fen, not below 0; None for an empty cell."""
    text = text_of(cell).replace(",", "").replace("，", "").removesuffix("元").strip()
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise Unreadable from error
    if not amount.is_finite() or amount < 0 or abs(amount - (fen := amount.quantize(FEN))) > BINARY_NOISE:
        raise Unreadable
    return fen
