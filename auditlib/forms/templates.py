"""Empty workbooks to be filled in, one a table of the audit: headers that are recognised, notes, one example row.

Written from the declarations in auditlib/tables/delivered.py, so that they say what is read.
"""

from __future__ import annotations

from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from auditlib.base.edited_lists import listed_rows
from auditlib.base.language import Text
from auditlib.base.places import code_list
from auditlib.cells.kinds import COUNT, GRADE, YUAN, YUAN_PRINTED
from auditlib.forms.worklist.cells import across_a4, fit_row
from auditlib.spreadsheets import styles
from auditlib.spreadsheets.writing import workbook
from auditlib.tables.delivered import CONTROL_TOTALS, TABLES, Column, Table

SHEET = 31  # characters of a sheet's name, at most
HEAD = {**styles.TEXT, **styles.HEAD, "border": 1}
NOTE_WIDTHS = (20, 20, 20, 20, 60)
ROWS = 5000  # that are prepared: as text, with the list of values
PARTS = ("school_name", "town", "stage")
NUMERIC = {kind.name for kind in (COUNT, YUAN, YUAN_PRINTED)}
NOTES = Text("填写说明", "Notes")
HEADS = (
    Text("列", "Column"),
    Text("是否必填", "Needed"),
    Text("填什么", "What it holds"),
    Text("示例", "Example"),
    Text("可填的值", "Values"),
)
REQUIRED_TEXT, ONE_OF = Text("必填", "required"), Text("至少填其一：{columns}", "one of: {columns}")
LEAD = Text(
    "模板的第 2 行是示例，填写前请删除；不用的列可以删去。证号、学籍号、卡号各列已设为文本，粘贴时请选“只保留文本”。",
    "Row 2 of a template is an example: delete it before filling in; columns that are not used may go. Numbers of "
    "persons and accounts are set as text: paste as text only.",
)
EXAMPLES = {"name": "测试甲", "amount": "500", "class_name": "3班", "relation": "之子", "village": "青山村", "level": "一般困难",
            "batch_no": "第一批", "destination": "青禾县第一小学", "disability": "肢体", "cause": "重度残疾",
            "way": "入户劝返", "province": "某省", "city": "某市", "county": "某县", "document_no": "样例〔2020〕1号",
            "list_name": "自查问题清单", "measure": "补发", "evidence": "补发凭证"}  # fmt: skip
"""Where the kind's own example would mislead: a text can be anything, and a name longer than most."""


def write_templates(folder: Path, language: str) -> list[Path]:
    """A workbook a table in ``folder``, named after the table, and one with the notes on all of them; the tables' paths.

    Headers are Chinese, those that files have. The notes lie apart: beside the rows they would be read as rows.
    """
    paths = []
    for table in TABLES.values():
        paths.append(folder / f"{_file_name(table)}.xlsx")
        with workbook(paths[-1], table.title.into(language)) as book:
            _write_rows(book, table, language)
    with workbook(folder / f"{NOTES.into(language)}.xlsx", NOTES.into(language)) as book:
        for table in TABLES.values():
            _write_notes(book, table, language)
    return paths


def _file_name(table: Table) -> str:
    return table.title.zh.replace("/", "、")


def _write_rows(book: Workbook, table: Table, language: str) -> None:
    sheet, head, as_text = (
        book.add_worksheet(table.title.zh[:SHEET]),
        book.add_format(HEAD),
        book.add_format(dict(styles.TEXT)),
    )
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(table.columns):
        is_number = column.kind.name in NUMERIC
        sheet.set_column(at, at, 20 if column.kind.masked else 14, None if is_number else as_text)
        sheet.write_string(0, at, column.title.zh, head)
        sheet.write_comment(0, at, " · ".join(filter(None, _note(table, column, language)[1:])))
        example = example_of(table, column)
        if is_number:
            sheet.write_number(1, at, float(example))
        else:
            sheet.write_string(1, at, example, as_text)
        if column.kind.codes and (values := _values(column)):
            validation = {"validate": "list", "source": values, "error_type": "information"}
            sheet.data_validation(1, at, ROWS, at, validation)


def _write_notes(book: Workbook, table: Table, language: str) -> None:
    sheet, head = book.add_worksheet(table.title.zh[:SHEET]), book.add_format(HEAD)
    for at, width in enumerate(NOTE_WIDTHS):
        sheet.set_column(at, at, width)
    look = book.add_format(dict(styles.WRAPPED))
    _set_up_print(sheet)
    sheet.write_string(0, 0, LEAD.into(language))
    for at, title in enumerate(HEADS):
        sheet.write_string(2, at, title.into(language), head)
    for row, column in enumerate(table.columns, 3):
        cells = _note(table, column, language)
        for at, words in enumerate(cells):
            sheet.write_string(row, at, words, look)
        fit_row(sheet, row, cells, NOTE_WIDTHS)


def _set_up_print(sheet: Worksheet) -> None:
    across_a4(sheet)
    sheet.repeat_rows(2)


def _note(table: Table, column: Column, language: str) -> tuple[str, ...]:
    """Header, whether it is needed, what it holds, an example, the values that are known."""
    more = Text(f"；{column.note.zh}", f"; {column.note.en}") if column.note else Text("", "")
    meaning = Text(column.kind.title.zh + more.zh, f"{column.title.en} ({column.kind.title.en}){more.en}")
    values = "、".join(_values(column)) if column.kind.codes else ""
    return (
        column.title.zh,
        _need(table, column, language),
        meaning.into(language),
        example_of(table, column),
        values,
    )


def _need(table: Table, column: Column, language: str) -> str:
    if column.required:
        return REQUIRED_TEXT.into(language)
    groups = [group for group in table.needs_one_of if column.name in group]
    alternatives = ["、".join(table.by_name[name].title.zh for name in group) for group in groups]
    return "; ".join(ONE_OF.fill(columns=columns).into(language) for columns in alternatives)


def example_of(table: Table, column: Column) -> str:
    """A cell that is read without a defect; of nobody who lives. Printed totals are shown as those of the whole county."""
    if table is CONTROL_TOTALS and column.name in PARTS:
        return ""
    return EXAMPLES.get(column.name, column.kind.example)


def _values(column: Column) -> list[str]:
    """The first spelling of each code in the list's own coding; none of schemes, which the policy names, nor of grades,
    whose codes are stages."""
    file = code_list(column.kind.codes)
    if column.kind is GRADE or not file.is_file():
        return []
    first: dict[str, str] = {}
    for _, row in listed_rows(file, ("code", "value")):
        if row["value"] and row["code"] and not row.get("coding"):
            first.setdefault(row["code"], row["value"])
    return list(first.values())
