"""Cells that a person filled in, read back from a workbook: text, days, yuan; what cannot be taken is refused."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.strict_values import EARLIEST, LATEST
from auditlib.cells.money import yuan_of
from auditlib.spreadsheets import Refused, read_values
from auditlib.spreadsheets.refusals import DAMAGED_FILE

DATE = re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$")
COMPACT_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")


class UnreadableCell(Exception):
    """A cell's content is not what its column holds."""


def sheets_of(
    path: Path,
    cannot_open: tuple[Text, Text],
    language: str,
    place: str = "",
    values: Callable[[bytes], list[tuple[str, list[list[Any]]]]] = read_values,
) -> Iterator[tuple[str, list[list[Any]]]]:
    """Name and cells of every sheet of a workbook, from its first row on.

    ``place``: how the file is called, else by its name. ``values``: what reads the bytes.
    Raises AuditError saying ``cannot_open`` (what, remedy), or what else is wrong with the file.
    """
    where = Text(place or path.name, place or path.name)
    try:
        yield from values(path.read_bytes())
    except Refused as refused:
        what, remedy = cannot_open if refused.reason == DAMAGED_FILE else (refused.what, refused.remedy)
        raise AuditError(Problem(what, where, remedy), language) from refused
    except OSError as error:
        raise AuditError(Problem(cannot_open[0], where, cannot_open[1]), language) from error


def text_of(cell: Any) -> str:
    """A cell as text without blanks around it; an empty one as no text."""
    return "" if cell is None else str(cell).strip()


def title_of(cell: Any) -> str:
    """A title for comparison: whatever blanks, line breaks or width a spreadsheet or a hand has given it."""
    return "".join(unicodedata.normalize("NFKC", str(cell)).split()).casefold()


def day(cell: Any) -> dt.date | None:
    """A date as a spreadsheet or a person writes it; None for an empty cell."""
    plain = cell.date() if isinstance(cell, dt.datetime) else cell
    date = plain if isinstance(plain, dt.date) else _written_date(text_of(plain))
    if date is not None and not EARLIEST <= date <= LATEST:
        raise UnreadableCell
    return date


def _written_date(text: str) -> dt.date | None:
    if not text:
        return None
    match = DATE.match(text) or COMPACT_DATE.match(text.removesuffix(".0"))
    try:
        return dt.date(*map(int, match.groups())) if match else _refuse()
    except ValueError as error:
        raise UnreadableCell from error


def _refuse() -> dt.date:
    raise UnreadableCell


def yuan(cell: Any) -> Decimal | None:
    """Yuan to the fen, not below 0; None for an empty cell."""
    text = text_of(cell).replace(",", "").replace("，", "").removesuffix("元").strip()
    if not text:
        return None
    try:
        return yuan_of(text)
    except ValueError as error:
        raise UnreadableCell from error
