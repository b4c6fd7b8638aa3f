"""Writes a county's field sheet: a sheet a school, ready to print, without a word of what the county found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from auditlib.base.strict_values import EARLIEST, LATEST
from auditlib.city.draw import CountyDraw
from auditlib.city.field_columns import (
    COLUMNS,
    FILLED_COLUMNS,
    GUIDE,
    KINDS,
    NO,
    NOTES,
    NUMBER,
    ROWS,
    SIGN,
    TITLE,
    YES,
)
from auditlib.findings.particulars import CLASS, class_text
from auditlib.forms.filled_in.form import FormColumn
from auditlib.forms.worklist.cells import across_a4, line_count, line_counts
from auditlib.forms.worklist.columns import OTHER
from auditlib.forms.worklist.sheets import Names
from auditlib.spreadsheets import styles
from auditlib.spreadsheets.writing import workbook

DATES = ("pay_date", "inspected_on")
HEAD = 2  # rows above the header: title, place
LINE_HEIGHT, NOTE_WIDTH = (
    15,
    70,
)  # points; characters: a single column that is wider than the page is cut, not scaled


def write_field_sheet(
    draw: CountyDraw,
    path: Path,
    *,
    language: str,
    schemes: Mapping[str, str] | None = None,
    answers: pd.DataFrame | None = None,
) -> None:
    """The sheet of ``draw`` at ``path``; the same bytes for the same draw. ``schemes``: titles of schemes; ``answers``:
    what stands in the columns to fill in, a row a unit, as :func:`auditlib.city.field_reading.read_field_results`
    gives it."""
    rows = _rows(draw, schemes or {}, language)
    rows = _filled_rows(rows, answers, language)
    with workbook(path, TITLE.into(language)) as book:
        formats = _formats(book)
        _write_notes(book.add_worksheet(NOTES.into(language)), rows, draw, language, formats)
        names = Names(NOTES.into(language))
        for school, part in rows.groupby("school", sort=True):
            sheet = book.add_worksheet(names.free(str(school) or OTHER.into(language)))
            _write_school(sheet, str(school), part, draw, language, formats)


def _rows(draw: CountyDraw, schemes: Mapping[str, str], language: str) -> pd.DataFrame:
    """The units drawn, in the order of their digests: flagged and unflagged stand mixed."""
    units = draw.sample_units[["unit_id", "digest"]].merge(draw.population.units, on="unit_id", how="left")
    units = units.sort_values("digest", ignore_index=True)
    return units.assign(
        school=units["school_title"].fillna("").astype(str),
        class_name=[class_text(row, language) for row in units.reindex(columns=[*CLASS]).to_dict("records")],
        scheme=units["scheme"].map(lambda code: schemes.get(code, code)),
    )


def _filled_rows(rows: pd.DataFrame, answers: pd.DataFrame | None, language: str) -> pd.DataFrame:
    """``rows`` with the columns to fill in: empty, or as a person would write them."""
    names = [column.name for column in FILLED_COLUMNS]
    if answers is None:
        return rows.assign(**dict.fromkeys(names))
    with_answers = rows.merge(answers[["unit_id", *names]], on="unit_id", how="left").astype(
        dict.fromkeys(names, object)
    )
    yes_no = {True: YES.into(language), False: NO.into(language)}
    words_by_column: dict[str, dict[Any, str]] = {
        "kind": {code: text.into(language) for code, text in KINDS.items()}
    }
    words_by_column |= {column.name: yes_no for column in FILLED_COLUMNS if column.kind == "answer"}
    return with_answers.assign(
        **{name: with_answers[name].map(words) for name, words in words_by_column.items()}
    )


def _formats(book: Workbook) -> dict[str, Format]:
    cell = {"valign": "vcenter", "border": 1, "font_size": 10, "text_wrap": True}
    filled_format = {**cell, **styles.TO_FILL_IN}
    key = {"valign": "vcenter", "border": 1, "shrink": True}
    by_kind = {
        "head": {**cell, **styles.HEAD},
        "text": {**cell, **styles.TEXT},
        "number": cell,
        "money": {**cell, **styles.YUAN},
        "key": {**key, **styles.KEY, "font_size": 7},
        "answer": filled_format,
        "kind": filled_format,
        "filled": filled_format,
        "date": {**filled_format, **styles.DAY},
        "repaid": {**filled_format, **styles.YUAN},
        "title": styles.title(15),
        "plain": styles.WRAPPED,
    }
    return styles.formats(book, by_kind)


def _write_notes(
    sheet: Worksheet, rows: pd.DataFrame, draw: CountyDraw, language: str, formats: Mapping[str, Format]
) -> None:
    sheet.set_column(0, 0, NOTE_WIDTH)
    sheet.write_string(0, 0, TITLE.into(language), formats["title"])
    sheet.write_string(1, 0, _head(draw, ROWS.fill(n=len(rows)).into(language), language))
    for row, text in enumerate(GUIDE, start=3):
        sentence = text.into(language)
        sheet.write_string(row, 0, sentence, formats["plain"])
        sheet.set_row(row, LINE_HEIGHT * (line_count(sentence, NOTE_WIDTH) + 1))
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _head(draw: CountyDraw, about: str, language: str) -> str:
    return f"{draw.population.county_name}  {about}  {NUMBER.fill(number=draw.number).into(language)}"


def _write_school(
    sheet: Worksheet,
    school: str,
    rows: pd.DataFrame,
    draw: CountyDraw,
    language: str,
    formats: Mapping[str, Format],
) -> None:
    sheet.write_string(0, 0, TITLE.into(language), formats["title"])
    sheet.write_string(1, 0, _head(draw, school or OTHER.into(language), language))
    units_with_number = rows.assign(number=range(1, len(rows) + 1))
    lines = pd.Series(2, index=units_with_number.index)  # there is handwriting to come
    for at, column in enumerate(COLUMNS):
        if column.kind in ("text", "filled"):
            lines = lines.combine(line_counts(units_with_number[column.name], column.widest), max)
        sheet.write_string(HEAD, at, column.title.into(language), formats["head"])
        sheet.set_column(at, at, column.widest)
        _write_column(sheet, at, column, units_with_number, formats)
    for row, count in enumerate(lines, start=HEAD + 1):
        sheet.set_row(row, LINE_HEIGHT * count)
    titles = max(line_count(column.title.into(language), column.widest) for column in COLUMNS)
    sheet.set_row(HEAD, LINE_HEIGHT * titles)
    last = HEAD + len(rows)
    sheet.write_string(last + 2, 0, SIGN.into(language))
    _add_choices(sheet, last, language)
    _set_up_print(sheet, draw, language)


def _write_column(
    sheet: Worksheet, at: int, column: FormColumn, rows: pd.DataFrame, formats: Mapping[str, Format]
) -> None:
    look = formats[column.kind]
    for row, value in enumerate(rows[column.name], start=HEAD + 1):
        if value is None or pd.isna(value):
            sheet.write_blank(row, at, None, look)
        elif column.kind in ("number", "money", "repaid"):
            sheet.write_number(row, at, float(value), look)
        else:
            sheet.write_string(row, at, str(value)[:10] if column.name in DATES else str(value), look)


def _add_choices(sheet: Worksheet, last: int, language: str) -> None:
    answers, kinds = [YES.into(language), NO.into(language)], [text.into(language) for text in KINDS.values()]
    for at, column in enumerate(COLUMNS):
        conditions: dict[str, dict[str, Any]] = {
            "answer": {"validate": "list", "source": answers},
            "kind": {"validate": "list", "source": kinds},
            "repaid": {"validate": "decimal", "criteria": ">=", "value": 0},
            "date": {"validate": "date", "criteria": "between", "minimum": EARLIEST, "maximum": LATEST},
        }
        if condition := conditions.get(column.kind):
            sheet.data_validation(HEAD + 1, at, last, at, condition)


def _set_up_print(sheet: Worksheet, draw: CountyDraw, language: str) -> None:
    sheet.freeze_panes(HEAD + 1, 2)
    across_a4(sheet)
    sheet.repeat_rows(HEAD)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    place = draw.population.county_name.replace("&", "&&")
    sheet.set_header(f"&L{place}&R{TITLE.into(language)} · &A")
    sheet.set_footer("&C&P / &N")
