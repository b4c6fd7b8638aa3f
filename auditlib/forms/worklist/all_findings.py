"""The first sheet: every finding in one table, a row each, to be sorted, filtered and pivoted; nothing to fill in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from auditlib.base.language import LANGUAGES, Text
from auditlib.forms.filled_in.form import FormColumn
from auditlib.forms.worklist.cells import LINE_HEIGHT, column_width, line_counts, set_lines, write_column
from auditlib.forms.worklist.columns import COLUMNS, FILLED_IN
from auditlib.tables.findings import column_title

SHEET = Text("全部疑点", "All findings")
NAMES = frozenset(SHEET.into(language) for language in LANGUAGES)
FAMILY = FormColumn("family_title", column_title("family"), narrowest=8, widest=16)
TOWN = FormColumn("town", column_title("town"), narrowest=8, widest=14)
LISTED_ON = FormColumn(
    "sheet", Text("所在表页（在该页填写）", "Sheet (fill in there)"), narrowest=10, widest=22
)
FIRST = ("number", "county_title", "town", "school_name", "classes", "family_title", "rule_title", "severity")
KEY = "finding_id"


def is_to_pass_over(sheet: str, places: Collection[str]) -> bool:
    """Is this the sheet that nobody fills in? One to which somebody gave a column to fill in is read like any other."""
    return sheet in NAMES and bool(places) and not set(places) & set(FILLED_IN)


def columns_of(findings: pd.DataFrame) -> list[FormColumn]:
    """Number and place first, the key last; the columns that ``findings`` has."""
    by_name = {column.name: column for column in (*COLUMNS, FAMILY, TOWN, LISTED_ON)}
    middle = [name for name in by_name if name not in (*FIRST, *FILLED_IN, "place", LISTED_ON.name, KEY)]
    order = (*FIRST, *middle, LISTED_ON.name, KEY)
    return [by_name[name] for name in order if name in findings.columns]


def write_all(
    sheet: Worksheet,
    findings: pd.DataFrame,
    sheets: Sequence[tuple[str, pd.DataFrame]],
    language: str,
    formats: Mapping[str, Format],
) -> None:
    """``findings`` in their order; ``sheets``: where each is listed to be filled in. The key stands last and hidden."""
    places: dict[str, list[str]] = {}
    for name, rows in sheets:
        for finding in rows[KEY]:
            places.setdefault(finding, []).append(name)
    findings_with_sheet = findings.assign(
        sheet=["\n".join(places.get(finding, [])) for finding in findings[KEY]]
    )
    columns = columns_of(findings_with_sheet)
    message_place = [column.name for column in columns].index("message")
    lines = pd.Series(1, index=findings_with_sheet.index)
    for at, column in enumerate(columns):
        title = column.title.into(language)
        sheet.write_string(0, at, title, formats["head"])
        hidden_option = {"hidden": True} if column.name == KEY else {}
        width = column_width(column, title, findings_with_sheet[column.name])
        sheet.set_column(at, at, width, None, hidden_option)
        if column.kind == "text" and at <= message_place:
            lines = lines.combine(line_counts(findings_with_sheet[column.name], width), max)
        write_column(sheet, at, column, findings_with_sheet[column.name], formats[column.kind])
    for row, count in enumerate(lines, start=1):
        set_lines(sheet, row, count, LINE_HEIGHT)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(findings_with_sheet), len(columns) - 1)
    # What is looked up on the screen stands to the right of it: on paper it would make all too small to read.
    sheet.print_area(0, 0, len(findings_with_sheet), message_place)
