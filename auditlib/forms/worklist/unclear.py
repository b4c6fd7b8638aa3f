"""The sheet of those who cannot be judged: to be looked up, or the file to be asked for anew; nothing to fill in."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from auditlib.base.language import Text
from auditlib.findings.unclear import action_text, why_text
from auditlib.forms.worklist.cells import LINE_HEIGHT, fit_row
from auditlib.tables.findings import column_title

SHEET = Text("待查明的孩子", "To be looked up")
HEADS = (
    (Text("为何不能判断", "Why it cannot be told"), 40),
    (Text("要做什么", "What to do"), 32),
    (column_title("name"), 12),
    (column_title("id_number"), 21),
    (column_title("student_no"), 22),
    (column_title("town"), 14),
    (column_title("school_name"), 24),
    (Text("来源", "Source"), 44),
)


def write_unclear(
    sheet: Worksheet, persons: pd.DataFrame, language: str, formats: Mapping[str, Format]
) -> None:
    """A row a person, every cell as text; the sheet has no finding_id, so reading the list back passes over it."""
    for at, (title, width) in enumerate(HEADS):
        sheet.write_string(0, at, title.into(language), formats["head"])
        sheet.set_column(at, at, width)
    for row, person in enumerate(persons.itertuples(), start=1):
        codes = list(person.why)
        cells = (
            why_text(codes, language), action_text(codes, language), person.name, person.id_number, person.student_no,
            person.town, person.school_name, "\n".join(record.partition(":")[2] for record in person.records),
        )  # fmt: skip
        for at, value in enumerate(cells):
            sheet.write_string(row, at, "" if pd.isna(value) else str(value)[:32_000], formats["text"])
        fit_row(sheet, row, cells, [width for _title, width in HEADS], LINE_HEIGHT)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, len(persons), len(HEADS) - 1)
