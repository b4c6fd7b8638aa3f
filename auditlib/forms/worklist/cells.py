"""How a cell of the list is written, and how much room it takes."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from auditlib.base.language import Text
from auditlib.forms.filled_in.form import FormColumn
from auditlib.forms.worklist.sheets import shorten

LONGEST_CELL, ROOM = 32_767, 60  # characters of a cell; of the sentence that says that there are more
LINE_HEIGHT, USUAL_LINE = 15, 17  # points, of letters of 10 and of 11: Noto Sans takes 1.45 of them
HIGHEST = 409  # points that Excel allows a row
UNMASKED = Text("内部资料，姓名证号未遮盖，不得外传", "Internal, unmasked, not to be passed on")
WIDEST_DIGITS = 1.15  # a digit's width in the default font, with its margin


def across_a4(sheet: Worksheet, abreast: int = 1) -> None:
    """Prints the sheet across A4 with narrow margins, ``abreast`` pages wide and as many pages long as it takes."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(abreast, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)


def number_pages(sheet: Worksheet, marking: str = "") -> None:
    """Pages and how many, at the foot; ``marking``, where there is one, above and below on each of them."""
    if marking:
        sheet.set_header(f"&C{marking}")
    sheet.set_footer(f"&C{marking}&R&P / &N" if marking else "&R&P / &N")


def write_column(sheet: Worksheet, at: int, column: FormColumn, values: pd.Series, look: Format) -> None:
    """Text by ``write_string``, always: a cell that begins with = + - @ stays text, an ID number keeps its digits."""
    numeric = column.kind in ("number", "money", "share")
    for row, (value, missing) in enumerate(zip(values, values.isna(), strict=True), start=1):
        if missing or value == "":
            sheet.write_blank(row, at, None, look)
        elif numeric:
            sheet.write_number(row, at, value, look)
        else:
            sheet.write_string(row, at, in_a_cell(str(value)), look)


def in_a_cell(text: str, longest: int = LONGEST_CELL) -> str:
    """``text`` as it fits into a cell of Excel: whole lines, and how many more there are."""
    if utf16_length(text) <= longest:
        return text
    lines = text.split("\n")
    line_count, units = 0, 0
    while (
        line_count < len(lines) and (units := units + utf16_length(lines[line_count]) + 1) <= longest - ROOM
    ):
        line_count += 1
    beginning = "\n".join(lines[:line_count]) if line_count else shorten(text, longest - ROOM)
    return f"{beginning}\n… +{len(lines) - line_count} → findings.parquet"


def utf16_length(text: str) -> int:
    """As Excel counts: a rare character counts two."""
    return len(text) + sum(character > "\uffff" for character in text if not text.isascii())


def column_width(column: FormColumn, title: str, values: pd.Series) -> float:
    """Wide enough for the longest line of the column within its bounds."""
    lines = {line for value in set(map(str, values.dropna())) for line in value.split("\n")}
    longest = max(map(display_width, {title, *lines}))
    return min(max(longest * WIDEST_DIGITS + 1, column.narrowest), column.widest)


def line_counts(values: pd.Series, width: float) -> pd.Series:
    """How many lines each cell takes in a column of ``width``; not every program works that out by itself."""
    return values.fillna("").astype(str).map(lambda text: line_count(text, width))


def line_count(text: str, width: float) -> int:
    """How many lines ``text`` takes in a column of ``width``."""
    if "\n" not in text and 2 * len(text) * WIDEST_DIGITS <= width:  # however wide its characters are
        return 1
    return sum(max(math.ceil(display_width(line) * WIDEST_DIGITS / width), 1) for line in text.split("\n"))


def fit_row(
    sheet: Worksheet, row: int, cells: Sequence[Any], widths: Sequence[float], line_height: int = USUAL_LINE
) -> None:
    """Sets the height of a row of wrapped ``cells``: LibreOffice trusts the heights of a file and prints what goes beyond
    over the next row."""
    lines = max(
        (
            line_count(str(cell), width)
            for cell, width in zip(cells, widths, strict=True)
            if isinstance(cell, str)
        ),
        default=1,
    )
    set_lines(sheet, row, lines, line_height)


def set_lines(sheet: Worksheet, row: int, lines: int, line_height: int) -> None:
    """The height of a row, of one line too: in 15 points, which a row has of its own, the foot of a Chinese character of 11
    lies under the border."""
    sheet.set_row(row, min(max(lines, 1) * line_height, HIGHEST))


def display_width(text: str) -> int:
    """Columns that ``text`` takes: a Chinese character takes two."""
    return len(text) + sum(unicodedata.east_asian_width(c) in "WF" for c in text if not c.isascii())
