"""Writes findings.xlsx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from auditlib.base.language import Text
from auditlib.base.strict_values import EARLIEST, LATEST
from auditlib.findings.yuan_once import YuanOnce
from auditlib.forms.worklist.all_findings import SHEET as ALL
from auditlib.forms.worklist.all_findings import write_all
from auditlib.forms.worklist.cells import LINE_HEIGHT, across_a4, column_width, line_counts, write_column
from auditlib.forms.worklist.columns import (
    BAD_AMOUNT,
    BAD_DATE,
    BAD_STATUS,
    CAUSES,
    NOTES,
    STATUSES,
    TITLE,
    columns_of,
)
from auditlib.forms.worklist.notes import place_of, write_notes
from auditlib.forms.worklist.sheets import Names, groups, listed_rows, with_places
from auditlib.forms.worklist.unclear import SHEET as UNCLEAR
from auditlib.forms.worklist.unclear import write_unclear
from auditlib.forms.worklist.uncovered import SHEET, write_uncovered
from auditlib.spreadsheets import styles
from auditlib.spreadsheets.writing import workbook
from auditlib.tables.wording import word

# What is not certain is never rounded to a certainty: above 0.99 it is told to be that.
SHARE = '[>=1]0;[>0.99]">0.99";0.00'


def write_worklist(
    findings: pd.DataFrame,
    path: Path,
    *,
    parameters: Mapping[str, Any],
    language: str,
    schemes: Mapping[str, str] | None = None,
    uncovered_rows: pd.DataFrame | None = None,
    unclear: pd.DataFrame | None = None,
    yuan: YuanOnce | None = None,
    unsure: Mapping[str, Any] | None = None,
    details: pd.DataFrame | None = None,
    counties: Mapping[str, str] | None = None,
    places: pd.DataFrame | None = None,
    elsewhere: pd.DataFrame | None = None,
) -> None:
    """Writes the findings, unmasked, for people to work through: missed first, then by yuan at stake.

    - ``schemes``: the titles of the schemes, else their codes are shown.
    - ``uncovered_rows``: the children who have left and whom nothing names, on a sheet of their own
      (:attr:`auditlib.findings.results.Results.uncovered`); ``unclear``: those who cannot be judged, on another.
    - ``yuan``: how the amounts add up; ``unsure``: what of them rests on findings that are not certain yet.
    - ``details``: what the rows of each finding tell (:func:`auditlib.findings.particulars.particulars`).
    - ``counties``: code to name, where the findings are of several: told apart by a column and by the sheets.
    - ``places``: town and school of a person in each county (:func:`auditlib.forms.worklist.sheets.with_places`).
    - ``elsewhere``: whose a row of another county is (:func:`auditlib.forms.worklist.sheets.groups`).

    The same findings give the same bytes.
    """
    if places is not None:
        findings = with_places(findings, findings["county_code"], places)
    worded_findings = listed_rows(_with_details(findings, details), language, schemes or {}, counties)
    with workbook(path, TITLE.into(language)) as book:
        formats = _formats(book)
        first_sheet = book.add_worksheet(ALL.into(language)) if len(worded_findings) else None
        notes = book.add_worksheet(NOTES.into(language))
        notes.activate()  # what is opened first tells who may have the list
        names = Names(*(text.into(language) for text in (NOTES, SHEET, UNCLEAR, ALL)))
        sheets = [
            (names.free(group), rows)
            for group, rows in groups(worded_findings, language, counties, places, elsewhere)
        ]
        if first_sheet is not None:
            write_all(first_sheet, worded_findings, sheets, language, formats)
            _set_up_print(first_sheet, parameters, language)
        write_notes(notes, worded_findings, sheets, parameters, language, formats, yuan, unsure)
        _set_up_print(notes, parameters, language)
        if uncovered_rows is not None and len(uncovered_rows):
            first = book.add_worksheet(SHEET.into(language))
            write_uncovered(first, uncovered_rows, language, formats)
            _set_up_print(first, parameters, language)
        if unclear is not None and len(unclear):
            second = book.add_worksheet(UNCLEAR.into(language))
            write_unclear(second, unclear, language, formats)
            _set_up_print(second, parameters, language)
        for name, rows in sheets:
            _write_sheet(book.add_worksheet(name), rows, parameters, language, formats)


def _with_details(findings: pd.DataFrame, details: pd.DataFrame | None) -> pd.DataFrame:
    if details is None:
        return findings
    return findings.merge(details, on="finding_id", how="left", validate="one_to_one")


def _formats(book: Workbook) -> dict[str, Format]:
    cell = {"valign": "top", "border": 1, "border_color": "#C9D1D8", "font_size": 10}
    wrapped_format, filled_format = (
        {**cell, "text_wrap": True},
        {**cell, **styles.TO_FILL_IN, "text_wrap": True},
    )
    by_kind = {
        "head": {**wrapped_format, **styles.HEAD, "valign": "vcenter"},
        "text": {**wrapped_format, **styles.TEXT},
        "number": cell,
        "money": {**cell, **styles.YUAN},
        "share": {**cell, "num_format": SHARE},
        "key": {**cell, **styles.KEY, "font_size": 8},
        "status": filled_format,
        "cause": filled_format,
        "date": {**filled_format, **styles.DAY},
        "repaid": {**filled_format, **styles.YUAN},
        "title": styles.title(16),
        "plain": styles.WRAPPED,
        "signed": {"bold": True, "align": "right"},
        "warning": {**styles.WRAPPED, **styles.WARNING},
    }
    return styles.formats(book, by_kind)


def _write_sheet(
    sheet: Worksheet,
    rows: pd.DataFrame,
    parameters: Mapping[str, Any],
    language: str,
    formats: Mapping[str, Format],
) -> None:
    last, columns = len(rows), columns_of(rows)
    places = {column.name: at for at, column in enumerate(columns)}
    rows = rows.assign(place=range(1, last + 1))
    lines = pd.Series(1, index=rows.index)
    for at, column in enumerate(columns):
        title = column.title.into(language)
        sheet.write_string(0, at, title, formats["head"])
        values = rows[column.name] if column.name in rows else pd.Series([None] * last, dtype=object)
        width = column_width(column, title, values)
        sheet.set_column(at, at, width)
        write_column(sheet, at, column, values, formats[column.kind])
        if column.kind == "text" and at < places["so_far"]:
            lines = lines.combine(line_counts(values, width), max)
    for row, count in enumerate(lines, start=1):
        sheet.set_row(row, LINE_HEIGHT * max(count, 2))  # two lines at least: there is handwriting to come
    sheet.freeze_panes(1, places["name"] + 1)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    _add_choices(sheet, last, places, language)
    sheet.print_area(
        0, 0, last, places["so_far"] - 1
    )  # on A4 the rest would make everything too small to read
    _set_up_print(sheet, parameters, language)


def _add_choices(sheet: Worksheet, last: int, places: Mapping[str, int], language: str) -> None:
    status, cause, date, amount = (places[n] for n in ("status", "cause", "rectified_on", "amount"))
    statuses = [word(code, language) for code in STATUSES]
    causes = [text.into(language) for text in CAUSES]
    sheet.data_validation(
        1, status, last, status, _only({"validate": "list", "source": statuses}, BAD_STATUS, language)
    )
    sheet.data_validation(
        1, cause, last, cause, {"validate": "list", "source": _fitting(causes), "show_error": False}
    )
    between = {"validate": "date", "criteria": "between", "minimum": EARLIEST, "maximum": LATEST}
    sheet.data_validation(1, date, last, date, _only(between, BAD_DATE, language))
    from_zero = {"validate": "decimal", "criteria": ">=", "value": 0}
    sheet.data_validation(1, amount, last, amount, _only(from_zero, BAD_AMOUNT, language))


def _only(condition: dict[str, Any], message: Text, language: str) -> dict[str, Any]:
    return {**condition, "error_message": message.into(language), "ignore_blank": True}


def _fitting(choices: Sequence[str], longest: int = 255) -> list[str]:
    """As many choices as Excel takes in one list; a comma inside one would split it."""
    fitting: list[str] = []
    for choice in (c.replace(",", ";") for c in choices):
        if len(",".join([*fitting, choice])) <= longest:
            fitting.append(choice)
    return fitting


def _set_up_print(sheet: Worksheet, parameters: Mapping[str, Any], language: str) -> None:
    place = place_of(parameters, language).replace("&", "&&")
    across_a4(sheet)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.set_header(f"&L{place}&R{TITLE.into(language)} · &A")
    sheet.set_footer("&C&P / &N")
