"""How cells are really written: width, spaces, dots, dates, amounts; what a cell means stays the same."""

from __future__ import annotations

import datetime as dt
import random
import re

from samples.layout import FileLayout
from samples.model import Row
from samples.names import OTHER_DOTS, SEPARATOR

FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
DATES = {
    "birth_date",
    "valid_from",
    "valid_to",
    "status_date",
    "pay_date",
    "applied_on",
    "posted_from",
    "posted_to",
    "approved_on",
    "sent_on",
    "replied_on",
    "verified_on",
    "counted_on",
    "dropped_on",
    "notice_on",
    "reported_on",
    "returned_on",
    "closed_on",
    "taught_on",
    "received_on",
    "due_on",
}
COUNTS = {"persons", "heads", "records", "lessons", "places", "panel_size"}
SUMS = {"amount", "fallback_amount", "allotted", "paid_out", "balance"}
NAMES = {"name", "guardian_name", "account_holder"}
NUMBERS = {"id_number", "guardian_id"}
ISO_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
CODES = {"住校": "2", "走读": "1", "在读": "01"}
YES_NO_BOARDING = {"住校": "是", "走读": "否"}


class Pen:
    """Writes the cells of one file, with its habits and its slips."""

    def __init__(self, seed: str, layout: FileLayout, rate: float) -> None:
        self._random = random.Random(seed)
        self._layout = layout
        self._rate = rate
        self._workbook = not layout.encoding

    def cell(self, row: Row, column: str) -> object:
        """What is written for a column of a row: text, a number or a date."""
        if column in row.raw:
            return row.raw[column]
        value = self._value(column, row.cells.get(column, ""))
        return self._encodable(value) if isinstance(value, str) else value

    def _value(self, column: str, text: str) -> object:
        if not text:
            return ""
        if column in DATES:
            return self._date(text)
        if column in NAMES:
            return self._name(text)
        if column in NUMBERS:
            return self._number(text)
        return self._other(column, text)

    def _is_marred(self) -> bool:
        return self._random.random() < self._rate

    def _other(self, column: str, text: str) -> object:
        if column in SUMS:
            return self._amount(text)
        if column in COUNTS:
            return int(text)
        if column == "boarding" and self._layout.columns[column].startswith("是否"):
            return YES_NO_BOARDING[text]
        return self._marred(column, text) if self._is_marred() else text

    def _marred(self, column: str, text: str) -> str:
        """A harmless slip, of the kind that happens in the column."""
        if column == "student_no":
            return text.lower()
        if column == "account_no":
            return self._random.choice([" ".join(re.findall(".{1,4}", text)), "'" + text, text + "\u00a0"])
        if column == "school_code":
            return text if self._workbook else text + ".0"
        if column in ("boarding", "status"):
            return CODES.get(text, text)
        return text + " " if column in ("school_name", "town") else text

    def _name(self, text: str) -> str:
        if SEPARATOR in text and self._random.random() < 0.5:
            text = text.replace(SEPARATOR, self._random.choice(OTHER_DOTS))
        if not self._is_marred():
            return text
        spellings = [
            " " + text,
            text + " ",
            text + "\u00a0",
            text[0] + "\u200b" + text[1:],
            text[0] + " " + text[1:],
        ]
        return (
            text[0] + "\u3000" + text[1]
            if len(text) == 2 and self._random.random() < 0.5
            else self._random.choice(spellings)
        )

    def _encodable(self, text: str) -> str:
        """Characters that the file's encoding does not have become question marks."""
        if self._layout.encoding != "gbk":
            return text
        with_spaces = text.replace("\u200b", "").replace("\u00a0", " ")
        with_dot = "".join("．" if c in "•‧・" else c for c in with_spaces)
        return with_dot.encode("gbk", "replace").decode("gbk")

    def _number(self, text: str) -> str:
        if text.endswith("X") and self._random.random() < 0.2:
            text = text[:-1] + "x"
        if not self._is_marred():
            return text
        with_spaces = f"{text[:6]} {text[6:14]} {text[14:]}"
        spellings = [
            text.translate(FULL_WIDTH),
            with_spaces,
            text + " ",
            "'" + text,
            " " + text,
            "\u200b" + text + "\u00a0",
        ]
        return self._random.choice(spellings)

    def _amount(self, text: str) -> object:
        if self._layout.table == "control_totals":
            return float(text)
        short = text.removesuffix(".00")
        if self._workbook and self._layout.key != "corrections":
            return float(text)
        if self._random.random() < 0.3:
            return f"{float(text):,.2f}"
        return short if self._random.random() < 0.5 else text

    def _date(self, text: str) -> object:
        if not ISO_DAY.match(text):
            return text
        day = dt.date.fromisoformat(text)
        style = self._layout.dates
        if self._is_marred():
            style = self._random.choice(
                ["compact", "dotted", "chinese", "iso"] + (["number"] if self._workbook else [])
            )
        return write_date(day, style)


def write_date(day: dt.date, style: str) -> object:
    """A date in one of the ways of writing it; ``serial`` stays a date for the workbook to format."""
    if style == "serial":
        return day
    if style == "number":
        return (day - dt.date(1899, 12, 30)).days
    forms = {
        "iso": day.isoformat(),
        "compact": f"{day:%Y%m%d}",
        "dotted": f"{day.year}.{day.month}.{day.day}",
        "chinese": f"{day.year}年{day.month}月{day.day}日",
    }
    return forms[style]
