"""Cells as text: nothing is repaired here and nothing that a cell holds is lost; an empty cell is None."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

# White space of every kind, and the characters that show as nothing.
BLANK = (
    " \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u180e\x00\x1a"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
EXACT_DIGITS = 1e15  # from here a spreadsheet's number has lost digits; its tail must not be shown

ColumnCells = list[str | None]


def of_text(value: str) -> str | None:
    return value if value.strip(BLANK) else None


def of_number(value: float) -> str:
    """Whole numbers without ``.0``; from 10^15 in E form, so that lost digits are seen, not invented."""
    if abs(value) >= EXACT_DIGITS:
        return f"{Decimal(repr(float(value))).normalize():E}"
    return str(int(value)) if float(value).is_integer() else repr(value)


def of_moment(value: datetime) -> str:
    return value.date().isoformat() if value.time() == value.min.time() else value.isoformat(" ")


def of_flag(value: bool) -> str:
    return "TRUE" if value else "FALSE"


_OF_TYPE: dict[type, Callable[[Any], str | None]] = {
    str: of_text,
    type(None): lambda _: None,
    float: of_number,
    int: of_number,
    bool: of_flag,
    datetime: of_moment,
    date: date.isoformat,
}


def cell_text(value: Any) -> str | None:
    """One cell of a workbook as text."""
    return _OF_TYPE.get(type(value), str)(value)


def column_text(values: Iterable[Any]) -> ColumnCells:
    """One column of workbook values as text."""
    # Most cells are text that begins with a visible character: these need no further look.
    return [
        value if type(value) is str and value[:1] not in BLANK else _OF_TYPE.get(type(value), str)(value)
        for value in values
    ]
