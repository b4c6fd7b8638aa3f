"""The shape of a ledger that is handed on: declared once, written the same way each time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from auditlib.base.language import Text
from auditlib.forms.worklist.cells import UNMASKED, across_a4, fit_row, number_pages
from auditlib.spreadsheets import styles
from auditlib.spreadsheets.writing import workbook
from auditlib.tables.wording import word

LONGEST_CELL, LONGEST_NAME = 32_767, 31
TITLE_HEIGHT = 22  # points, of letters of 14
NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
NOWHERE = Text("未注明", "not told")
TOTAL = Text("合计", "total")
PERSONS = ("name", "id_number", "student_no")
"""Fields that say in full who it is."""
WORDS = {
    "yes": Text("是", "yes"), "no": Text("否", "no"),
    "male": Text("男", "male"), "female": Text("女", "female"),
    "done": Text("已完成", "done"), "open": Text("进行中", "under way"), "immediate": Text("立行立改", "put right at once"),
    "staged": Text("阶段性成果", "in part"), "lasting": Text("长期坚持", "kept up for good"),
}  # fmt: skip
"""Codes that the words of a report do not hold."""
CELL = {"text_wrap": True, "valign": "top", "border": 4}
"""Wrapped: what its neighbour would cover is cut off on paper."""
COUNT_FORMAT, YUAN_FORMAT, TEXT_FORMAT = "#,##0", "#,##0.00", "@"

Show = Literal["text", "code", "count", "yuan"]
"""``code``: put in words, several of them joined."""


@dataclass(frozen=True)
class Field:
    """One column of a ledger: which column of the rows, and how it is shown."""

    name: str
    title: Text
    show: Show = "text"
    width: int = 16


@dataclass(frozen=True)
class LedgerForm:
    """One workbook: its file, the title above the header, its columns. ``sheet_by``: a sheet for each value of this column;
    ``total``: is there a line of sums below the rows? ``rolled_up``: a sheet behind the others, of rows of its own."""

    file: str
    title: Text
    fields: tuple[Field, ...]
    sheet_by: str = ""
    total: bool = False
    rolled_up: LedgerForm | None = None

    def marking(self, language: str) -> str:
        """What stands on each sheet and page that lists persons; nothing where none are listed."""
        lists_persons = any(field.name in PERSONS for field in self.fields)
        return UNMASKED.into(language) if lists_persons else ""


def write_form(
    form: LedgerForm,
    rows: pd.DataFrame,
    path: Path,
    place: str,
    language: str,
    rolled_up: pd.DataFrame | None = None,
) -> None:
    """``rows`` (a column for each field, in their order) as a workbook. ``place``: county and term, above the header; ``rolled_up``:
    the rows of the form's last sheet."""
    title = form.title.into(language)
    with workbook(path, title, form.marking(language)) as book:
        by_kind = {
            "head": {**styles.PALE_HEAD, "border": 1, "text_wrap": True},
            "title": styles.title(14),
            **{show: {**CELL, "num_format": number} for show, number in _NUMBERS.items()},
        }
        formats = styles.formats(book, by_kind)
        for name, part in _sheets(form, rows, language):
            sheet_rows = _with_total(form, part, language) if form.total and len(part) else part
            _fill(book.add_worksheet(name), form, sheet_rows, f"{place}{title}", formats, language)
        if form.rolled_up and rolled_up is not None:
            last, heading = form.rolled_up, form.rolled_up.title.into(language)
            sheet = book.add_worksheet(last.file)
            _fill(sheet, last, rolled_up, f"{place}{heading}", formats, language)


_NUMBERS = {"text": TEXT_FORMAT, "code": TEXT_FORMAT, "count": COUNT_FORMAT, "yuan": YUAN_FORMAT}


def _sheets(form: LedgerForm, rows: pd.DataFrame, language: str) -> list[tuple[str, pd.DataFrame]]:
    """Names of sheets, no two alike whatever their case, with their rows; one sheet where there are no rows."""
    if not form.sheet_by or rows.empty:
        return [(form.title.into(language)[:LONGEST_NAME], rows)]
    keys = rows[form.sheet_by].fillna(NOWHERE.into(language)).astype(str)
    sheets: dict[str, tuple[str, pd.DataFrame]] = {}
    for key, part in rows.groupby(keys, sort=True):
        name, number = _sheet_name(str(key)), 1
        while name.casefold() in sheets:
            number += 1
            name = f"{_sheet_name(str(key))[: LONGEST_NAME - 4]} {number}"
        sheets[name.casefold()] = (name, part)
    return list(sheets.values())


def _with_total(form: LedgerForm, rows: pd.DataFrame, language: str) -> pd.DataFrame:
    """``rows`` and a line of their sums; of a column that tells nothing there is none."""
    sums: dict[str, Any] = {form.fields[0].name: TOTAL.into(language)}
    for field in form.fields:
        if field.show in ("count", "yuan") and rows[field.name].notna().any():
            sums[field.name] = sum(rows[field.name].dropna())
    return pd.concat([rows.astype("object"), pd.DataFrame([sums], dtype="object")], ignore_index=True)


def _sheet_name(text: str) -> str:
    return text.translate(NOT_IN_A_NAME).strip()[:LONGEST_NAME] or "—"


def _fill(
    sheet: Any, form: LedgerForm, rows: pd.DataFrame, title: str, looks: dict[str, Any], language: str
) -> None:
    marking = form.marking(language)
    sheet.set_row(0, TITLE_HEIGHT)
    sheet.write_string(0, 0, f"{title}　　{marking}" if marking else title, looks["title"])
    for at, field in enumerate(form.fields):
        sheet.set_column(at, at, field.width)
        sheet.write_string(1, at, field.title.into(language), looks["head"])
    columns, widths = [rows[field.name] for field in form.fields], [field.width for field in form.fields]
    fit_row(sheet, 1, [field.title.into(language) for field in form.fields], widths)
    for line, cells in enumerate(zip(*columns, strict=True), 2):
        texts = [cell_words(field, cell, language) for field, cell in zip(form.fields, cells, strict=True)]
        for at, (field, text) in enumerate(zip(form.fields, texts, strict=True)):
            _write(sheet, line, at, text, looks[field.show])
        fit_row(sheet, line, texts, widths)
    sheet.freeze_panes(2, 1)
    sheet.autofilter(1, 0, max(1 + len(rows), 2), len(form.fields) - 1)
    across_a4(sheet)
    sheet.repeat_rows(0, 1)
    number_pages(sheet, marking)


def _write(sheet: Any, line: int, at: int, cell_text: str | float, look: Any) -> None:
    if isinstance(cell_text, str):
        sheet.write_string(line, at, cell_text[:LONGEST_CELL], look)
    else:
        sheet.write_number(line, at, cell_text, look)


def cell_words(field: Field, cell: Any, language: str) -> str | float:
    """``cell`` as the workbook shows it: a number for counts and yuan, else text; what is missing is empty."""
    several: Sequence[Any] | None = cell if isinstance(cell, (list, tuple)) else None
    if several is None and hasattr(cell, "tolist") and not pd.api.types.is_scalar(cell):
        several = cell.tolist()
    if several is not None:
        between = "、" if language == "zh" else ", "
        return between.join(str(cell_words(field, one, language)) for one in several)
    if pd.isna(cell):
        return ""
    if field.show in ("count", "yuan"):
        return float(Decimal(str(cell)))
    if isinstance(cell, (dt.date, pd.Timestamp)):
        return cell.isoformat()[:10]
    if field.show == "code":
        return WORDS[cell].into(language) if cell in WORDS else word(cell, language)
    return str(cell)
