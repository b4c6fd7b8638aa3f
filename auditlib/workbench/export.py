"""Exactly what is selected, as a workbook: masked as it is on the screen, text that stays text."""

from __future__ import annotations

import io
from collections.abc import Generator

import pandas as pd
from xlsxwriter import Workbook

from auditlib.base.language import Text
from auditlib.page.markup import NOTHING
from auditlib.spreadsheets import styles
from auditlib.spreadsheets.writing import workbook
from auditlib.workbench.session import Session
from auditlib.workbench.shown import COLUMNS, cells

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PORTION = 500  # rows written at a time: a tenth of a second in which the page waits
SHEET, ABOUT = Text("疑点", "Findings"), Text("说明", "About")
WIDTHS = {
    "message": 44,
    "sources": 44,
    "policy_ref": 40,
    "school_name": 22,
    "id_number": 22,
    "student_no": 22,
    "rule": 16,
    "number": 16,
}
ABOUT_LINES = (
    Text(
        "{place} {term}，{n} 条疑点；按当时的筛选和排序导出。",
        "{place} {term}, {n} findings, as filtered and sorted then.",
    ),
    Text("每一条都是疑点，核实以前不是结论。", "Each is a suspicion until a person has verified it."),
)
FULL = Text(
    "含未遮盖的个人信息，仅供经授权的工作人员使用；不得转发、公示或上传。",
    "Holds personal data unmasked, for the authorised only. Do not forward, post or upload it.",
)
HIDDEN_TEXT = Text("姓名和证号已遮盖。", "Names and numbers are masked.")


def file_name(session: Session) -> str:
    """Says the county's code and the term, no person."""
    parameters = session.manifest.get("parameters") or {}
    parts = ("findings", str(parameters.get("county_code") or ""), str(parameters.get("term") or ""))
    return "-".join(part for part in parts if part) + ".xlsx"


def export_list(session: Session) -> bytes:
    """The bytes of the workbook; the same filter of the same findings gives the same bytes."""
    steps = exporting(session)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            return bytes(ended.value)


def exporting(session: Session) -> Generator[tuple[int, int], None, bytes]:
    """:func:`export_list` a portion at a time: rows written and rows in all after each. What was selected, and masked or not,
    when it began is what comes out, whatever is done in between."""
    assert session.stored
    rows, unmasked = session.stored.page(session.list_filter), session.unmasked
    content = io.BytesIO()
    with workbook(content, constant_memory=True, in_memory=True) as book:
        yield from _write_rows(book, session, rows, unmasked)
        _write_about(book, session, len(rows), unmasked)
    return content.getvalue()


def _write_rows(
    book: Workbook, session: Session, rows: pd.DataFrame, unmasked: bool
) -> Generator[tuple[int, int], None, None]:
    sheet = book.add_worksheet(session.say(SHEET))
    head = book.add_format({**styles.HEAD, "text_wrap": True, "valign": "vcenter"})
    text, money = book.add_format(dict(styles.TEXT)), book.add_format(dict(styles.YUAN))
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, WIDTHS.get(column.name, 12))
        sheet.write_string(0, at, session.say(column.title), head)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
    amounts = {column.name: rows[column.name] for column in COLUMNS if column.kind == "amount"}
    for start in range(0, len(rows), PORTION):
        portion = cells(rows.iloc[start : start + PORTION], session.labels, unmasked=unmasked)
        for place, texts in enumerate(portion, start=start + 1):
            for at, column in enumerate(COLUMNS):
                cell_text = texts[column.name]
                if cell_text == NOTHING:
                    continue
                if column.name in amounts:
                    sheet.write_number(place, at, amounts[column.name].iat[place - 1], money)
                else:
                    sheet.write_string(place, at, cell_text, text)
        yield start + len(portion), len(rows)


def _write_about(book: Workbook, session: Session, count: int, unmasked: bool) -> None:
    parameters = session.manifest.get("parameters") or {}
    sheet = book.add_worksheet(session.say(ABOUT))
    sheet.set_column(0, 0, 90)
    values = {
        "place": parameters.get("county_name", ""),
        "term": parameters.get("term", ""),
        "n": f"{count:,}",
    }
    lines = [text.fill(**values) for text in ABOUT_LINES] + [FULL if unmasked else HIDDEN_TEXT]
    for at, text in enumerate(lines):
        sheet.write_string(at, 0, session.say(text))
