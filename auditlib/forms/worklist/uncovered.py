"""The sheet of the children who have left and whom nothing names: to be looked for first, nothing to fill in."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from auditlib.base.language import Text
from auditlib.findings.children import state_text
from auditlib.forms.worklist.cells import LINE_HEIGHT, fit_row
from auditlib.tables.findings import column_title

SHEET = Text("先找的孩子", "Look for first")
HEADS = (
    (Text("学籍状态", "Record says"), 26),
    (column_title("name"), 12),
    (column_title("id_number"), 21),
    (column_title("student_no"), 22),
    (column_title("town"), 14),
    (Text("学籍所在学校", "School on record"), 24),
    (Text("来源", "Source"), 44),
)


def write_uncovered(
    sheet: Worksheet, children: pd.DataFrame, language: str, formats: Mapping[str, Format]
) -> None:
    """A row a child, every cell as text; the sheet has no finding_id, so reading the list back passes over it."""
    for at, (title, width) in enumerate(HEADS):
        sheet.write_string(0, at, title.into(language), formats["head"])
        sheet.set_column(at, at, width)
    for row, child in enumerate(children.itertuples(), start=1):
        cells = (
            state_text(child.state, language), child.name, child.id_number, child.student_no, child.town, child.school_name,
            "\n".join(record.partition(":")[2] for record in child.records),
        )  # fmt: skip
        for at, value in enumerate(cells):
            sheet.write_string(row, at, "" if pd.isna(value) else str(value), formats["text"])
        fit_row(sheet, row, cells, [width for _title, width in HEADS], LINE_HEIGHT)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(children), len(HEADS) - 1)
