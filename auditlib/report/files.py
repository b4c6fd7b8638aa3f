"""Register by register and file by file: what became of the rows, what each column was taken for, which schools are not known, which cells not read."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.page.section import Section, stays_inside
from auditlib.report.funnel import COUNTS, in_order, rows_by_register
from auditlib.tables.wording import word

TITLE = Text("逐个文件的行数与列", "The files, one by one")
LEAD = Text(
    "剔除的是标题、合计、签字等非记录行；拒收的行无法读取。原因列于文件名下，地址见 ingest.json。",
    "Left out are titles, totals and signatures; rejected rows could not be read. The reasons stand under each file, the "
    "addresses in ingest.json.",
)
FILES = Text("逐个文件的行数", "Rows, file by file")
DEFECTS = Text("无法识别的单元格", "Cells that could not be read")
DEFECTS_NOTE = Text(
    "这些行仍被采用；凡规则需要这些内容的，该行记为“未能核对”。",
    "Their rows are used; a rule that needs the cell counts the row as not tested.",
)
TOTAL = Text("合计", "Total")
COLUMNS = (
    Col("table", css="k"),
    Col("file", css="long"),
    Col("rows_read", "number"),
    Col("used", "number"),
    Col("left_out", "number"),
    Col("rejected", "number"),
)
SCHOOLS = Text("名录和学籍中都没有的学校名称", "Names of schools in no directory and no register")
SCHOOLS_NOTE = Text(
    "这些学生的学校不能核对。请把这些写法填入学校名录的“曾用名”。",
    "The school of these pupils cannot be tested. Enter the names as former names in the directory of schools.",
)
SHEETS = Text("各表各列认作什么", "What each column of each sheet was taken for")
ROWS = Text("各表读出的前几行（已遮盖）", "The first rows of each sheet as read, masked")
HEADER_AT, NO_HEADER = Text("表头第 {row} 行", "header in row {row}"), Text("没有表格", "no table")
UNREAD = Text("“{header}”{cells} 格中 {unread} 格读不出", "{unread} of {cells} cells of “{header}” not read")
_OF = {"zh": "·", "en": ": "}  # between a table and its column
HEADS = {
    "school": Text("学校名称", "School"),
    "pupils": Text("学生", "Pupils"),
    "taken": Text("认作", "Taken for"),
    "unused": Text("没有用上的列", "Columns not used"),
    "as_read": Text("读作", "Read as"),
    "table": Text("台账", "Register"),
    "file": Text("文件", "File"),
    "rows_read": Text("读入", "Read"),
    "used": Text("采用", "Used"),
    "left_out": Text("剔除", "Left out"),
    "rejected": Text("拒收", "Rejected"),
    "column": Text("列", "Column"),
    "reason": Text("原因", "Reason"),
    "rows": Text("行数", "Rows"),
}


def heads(columns: tuple[Col, ...], language: str) -> list[Col]:
    """The columns with their titles in ``language``."""
    return [Col(HEADS[col.title].into(language), col.kind, col.css) for col in columns]


def files(results: Results) -> Section:
    """Each register, each file, each sheet, and what of them could not be taken."""
    language = str(results.parameters.get("language", "zh"))
    defects = in_order(results.defects).sort_values("rows", ascending=False, kind="stable")
    body = markup.join(
        (
            *([stays_inside(language)] if any(sheet.first_rows for sheet in results.sheets) else []),
            markup.paragraph(LEAD.into(language), "lead"),
            rows_by_register(results, language),
            _files(in_order(results.funnel), results.left_out, language),
            _sheets(results, language),
            _first_rows(results, language),
            _schools(results.unknown_schools, language),
            _defects(defects, language),
        )
    )
    return Section("files", TITLE.into(language), body, annex=True)


def _files(files: pd.DataFrame, left_out: pd.DataFrame, language: str) -> Markup:
    """Each file with its counts, and under its name why rows were left out or rejected."""
    rows = [
        (
            word(row.table, language),
            _rejected_rows(
                row.file,
                left_out[(left_out["table"] == row.table) & (left_out["file"] == row.file)],
                language,
            ),
            *(markup.count(getattr(row, name)) for name in COUNTS),
        )
        for row in files.itertuples()
    ]
    total = (TOTAL.into(language), "", *(markup.count(files[name].sum()) for name in COUNTS))
    return markup.table(heads(COLUMNS, language), rows, caption=FILES.into(language), total=total)


def _rejected_rows(file: str, left_out: pd.DataFrame, language: str) -> Markup:
    colon, comma = ("：", "、") if language == "zh" else (": ", ", ")
    lines = [
        word(kind, language)
        + colon
        + comma.join(f"{word(row.reason, language)} {markup.count(row.rows)}" for row in rows.itertuples())
        for kind, rows in left_out.groupby("kind", sort=True)
    ]
    return Markup("{}{}").format(scrub(file), markup.join(markup.below(line) for line in lines))


def _sheets(results: Results, language: str) -> Markup:
    """Each sheet with what its columns were taken for, how many cells could not be read, and what nobody read."""
    if not results.sheets:
        return Markup("")
    rows = [_sheet_row(sheet, language) for sheet in results.sheets]
    columns = heads((Col("table", css="k"), Col("file", css="long"), Col("taken"), Col("unused")), language)
    return markup.details(SHEETS.into(language), markup.table(columns, rows, caption=SHEETS.into(language)))


def _first_rows(results: Results, language: str) -> Markup:
    """The first rows of each sheet: has a column been taken for another, or a row shifted?"""
    sheets = [sheet for sheet in results.sheets if sheet.first_rows]
    if not sheets:
        return Markup("")
    rows = [
        (
            word(sheet.table, language),
            _place(sheet),
            markup.join(markup.below(row) for row in sheet.rows_in_words(language)),
        )
        for sheet in sheets
    ]
    columns = heads((Col("table", css="k"), Col("file", css="long"), Col("as_read")), language)
    return markup.details(ROWS.into(language), markup.table(columns, rows, caption=ROWS.into(language)))


def _place(sheet: Any) -> str:
    return scrub(" › ".join(part for part in (sheet.file, sheet.sheet) if part))


def _schools(schools: pd.DataFrame, language: str) -> Markup:
    """School names that fit no known school, with the pupils whose school could not be tested for it."""
    if schools.empty:
        return Markup("")
    rows = [
        (word(row.table, language), scrub(row.school_name), markup.count(row.pupils), markup.count(row.rows))
        for row in schools.itertuples()
    ]
    columns = heads(
        (Col("table", css="k"), Col("school"), Col("pupils", "number"), Col("rows", "number")), language
    )
    table = markup.table(columns, rows, caption=SCHOOLS.into(language))
    return table + markup.note(SCHOOLS_NOTE.into(language))


def _sheet_row(sheet: Any, language: str) -> tuple[str, Markup, Markup, str]:
    between = "、" if language == "zh" else ", "
    header = HEADER_AT.fill(row=sheet.header_rows[-1]) if sheet.header_rows else NO_HEADER
    unread = [
        UNREAD.fill(header=scrub(column.header), unread=column.unread, cells=column.cells).into(language)
        for column in sheet.columns
        if column.unread
    ]
    readings = between.join(
        f"{column.headers}→{word(f'{sheet.table}.{column.column}', language).rpartition(_OF[language])[2]}"
        for column in sheet.columns
    )
    return (
        word(sheet.table, language),
        Markup("{}{}").format(_place(sheet), markup.below(header.into(language))),
        Markup("{}{}").format(readings, markup.join(markup.below(line) for line in unread)),
        between.join(column.header or column.letter for column in sheet.unused),
    )


def _defects(defects: pd.DataFrame, language: str) -> Markup:
    if defects.empty:
        return Markup("")
    rows = [
        (
            word(row.table, language),
            word(f"{row.table}.{row.column}", language),
            word(row.reason, language),
            markup.count(row.rows),
        )
        for row in defects.itertuples()
    ]
    columns = heads((Col("table", css="k"), Col("column"), Col("reason"), Col("rows", "number")), language)
    table = markup.table(columns, rows, caption=DEFECTS.into(language))
    return table + markup.note(DEFECTS_NOTE.into(language))
