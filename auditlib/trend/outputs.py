"""What a look over the terms writes: the roll-ups for whom they are handed to, the rectification ledger for the authorised."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.workbook import Workbook

from auditlib.base.faults import in_words
from auditlib.base.files import together
from auditlib.base.language import Text
from auditlib.base.rhythm import term_words
from auditlib.base.run_folder import FORMS, NUMBER, OF_TREND, TREND, forms, own_forms, with_number
from auditlib.county.outputs import WrittenFiles
from auditlib.findings.particulars import class_text
from auditlib.forms.worklist.cells import across_a4
from auditlib.ingest.accounts.accounting import write_json
from auditlib.page import render_public
from auditlib.report import catalogue
from auditlib.spreadsheets import styles
from auditlib.spreadsheets.writing import workbook
from auditlib.tables.findings import column_title, title_in_yuan
from auditlib.tables.wording import word
from auditlib.trend.rectification import file_name
from auditlib.trend.report import SECTIONS, rhythm
from auditlib.trend.report.children import NAMES as MOVES
from auditlib.trend.report.children import TITLE as CHILDREN
from auditlib.trend.report.deadlines import DONE_TEXTS
from auditlib.trend.report.schools import TITLE as SCHOOLS
from auditlib.trend.report.schools import line as school_line
from auditlib.trend.report.schools import order as in_order
from auditlib.trend.report.schools import titles as school_titles
from auditlib.trend.results import TrendResults
from auditlib.trend.wording import PUBLIC_PAGE, TITLE

ROLL_UPS = "rollups.xlsx"
LEDGER = Text("整改台账", "Rectification ledger")
FOR_THE_AUTHORISED = Text(
    "未遮盖，仅供经授权人员在本单位使用，不得外传。",
    "Unmasked: for the authorised, within the office, not to be passed on.",
)
SHEETS = {
    "month": Text("月台账", "Months"),
    "quarter": Text("季度汇总", "Quarters"),
    "half_year": Text("半年通报", "Half-years"),
}
FAMILIES = Text("最近一期，按类别：{title}", "Last period by family: {title}")
SCHOOL_SHEET = Text("反复出现的学校", "Schools again")
LEDGER_COLUMNS: tuple[tuple[str, Text, int], ...] = (
    ("place", Text("序号", "No."), 6),
    ("found_in", column_title("term"), 14),
    ("since", Text("未了结起于", "Pending since"), 14),
    ("school_name", Text("责任学校", "School"), 20),
    ("town", column_title("town"), 10),
    ("rule", Text("问题", "Problem"), 18),
    ("name", column_title("name"), 10),
    ("id_number", column_title("id_number"), 21),
    ("student_no", column_title("student_no"), 22),
    ("message", Text("问题说明", "What was found"), 36),
    ("at_stake", title_in_yuan("at_stake"), 12),
    ("state", Text("状态", "State"), 10),
    ("verify_by", Text("核实期限", "Verify by"), 11),
    ("confirmed_on", Text("核实属实日期", "Found right on"), 11),
    ("deadline", Text("完成期限", "Deadline"), 11),
    ("rectified_on", Text("整改日期", "Put right on"), 11),
    ("made_good", Text("补发／追回（元）", "Made good (yuan)"), 12),
    ("evidence", Text("凭据", "Evidence"), 20),
    ("closed_on", Text("销号日期", "Closed on"), 11),
    ("outcome", Text("完成情况", "Done?"), 11),
    ("cause", Text("原因", "Cause"), 20),
    ("decided_by", Text("经办人", "By"), 10),
    ("finding_id", Text("finding_id", "finding_id"), 22),
)
PUPILS = Text("学生去向", "Pupils")
PUPIL_COLUMNS: tuple[tuple[str, Text, int], ...] = (
    ("term", column_title("term"), 14),
    ("move", Text("去向", "What became of the child"), 16),
    ("name", column_title("name"), 10),
    ("id_number", column_title("id_number"), 21),
    ("student_no", column_title("student_no"), 22),
    ("school_name", Text("上学期学校", "School the term before"), 24),
    ("classes", Text("上学期年级、班级", "Grade and class the term before"), 16),
    ("status_now", Text("本学期学籍状态", "Record this term"), 14),
    ("school_now", Text("本学期学校", "School this term"), 24),
    ("finding", Text("本学期自查的疑点", "Finding of this term"), 24),
)
YUAN = ("at_stake", "made_good")
FIGURE = re.compile(r"-?\d{1,3}(,\d{3})*([.]\d{2})?")


def write_outputs(results: TrendResults) -> WrittenFiles:
    """Roll-ups, the page to be handed out, rectification ledger and trend.json into the run's folder, all of them or none."""
    folder = results.trend.output_dir
    language = results.language
    with (
        in_words(language),
        together(folder, outdated_names=OF_TREND, own=own_forms(folder), language=language) as into,
    ):
        write_roll_ups(results, into / ROLL_UPS)
        write_ledger(results, into / file_name(results.trend.as_of))
        numbered_manifest = with_number(results.manifest)
        write_public_page(results, into / PUBLIC_PAGE, str(numbered_manifest[NUMBER]))
        write_json({**numbered_manifest, FORMS: forms(into)}, into / TREND)
        files = tuple(sorted(path.name for path in into.iterdir()))
    return WrittenFiles(files, results.language)


def write_public_page(results: TrendResults, path: Path, run: str) -> None:
    """The report as it may be handed out: the same sections, small numbers hidden; ``run``: the run's number."""
    public_results, language = replace(results, public=True), results.language
    title = TITLE.fill(county=results.runs.county_name).into(language)
    render_public(
        [section(public_results) for section in SECTIONS], path, language=language, title=title, run=run
    )


def _formats(book: Workbook) -> dict[str, Any]:
    cell = {"valign": "top", "border": 1, "border_color": "#C9D1D8", "font_size": 10, "text_wrap": True}
    by_kind = {
        "head": {**cell, **styles.HEAD, "valign": "vcenter"},
        "cell": {**cell, **styles.TEXT},
        "count": {**cell, **styles.COUNT},
        "yuan": {**cell, **styles.YUAN},
        "title": styles.title(14),
        "warning": styles.WARNING,
    }
    return styles.formats(book, by_kind)


def write_roll_ups(results: TrendResults, path: Path) -> None:
    """A sheet a rhythm: every period, then the last one by family; and the schools found again. Masked and suppressed."""
    language = results.language
    with workbook(path, rhythm.TITLES["month"].into(language)) as book:
        looks = _formats(book)
        for kind, name in SHEETS.items():
            _roll_up_sheet(book.add_worksheet(name.into(language)), results, kind, looks)
        sheet = _titled_sheet(book.add_worksheet(SCHOOL_SHEET.into(language)), results, SCHOOLS, looks)
        lines = [school_line(row, language) for row in in_order(results.schools.to_dict("records"))]
        _grid(sheet, 1, school_titles(results), lines, looks, language)


def _roll_up_sheet(sheet: Any, results: TrendResults, kind: str, looks: dict[str, Any]) -> None:
    language, roll_up = results.language, results.roll_ups[kind]
    _titled_sheet(sheet, results, rhythm.TITLES[kind], looks)
    heads = [rhythm.PERIOD, rhythm.DUE, *(title for _, title in rhythm.COLUMNS)]
    lines = [
        [period.title.into(language), str(period.due or ""), *rhythm.cells(line)]
        for period, line in zip(roll_up.periods, roll_up.lines.to_dict("records"), strict=True)
    ]
    row = _grid(sheet, 1, heads, lines or [[rhythm.NOT_OVER.into(language)]], looks, language)
    if lines:
        title = FAMILIES.fill(title=roll_up.periods[-1].title)
        sheet.write_string(row + 1, 0, title.into(language), looks["title"])
        families = [[name, "", *rest] for name, *rest in rhythm.family_rows(roll_up.families, language)]
        _grid(sheet, row + 2, [rhythm.FAMILY, Text("", ""), *heads[2:]], families, looks, language)


def _titled_sheet(sheet: Any, results: TrendResults, title: Text, looks: dict[str, Any]) -> Any:
    language = results.language
    words = f"{results.runs.county_name}  {title.into(language)}  {results.trend.as_of.isoformat()}"
    sheet.write_string(0, 0, words, looks["title"])
    across_a4(sheet)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 20, 14)
    return sheet


def _grid(
    sheet: Any,
    top: int,
    heads: Sequence[Text],
    lines: Iterable[Sequence[Any]],
    looks: dict[str, Any],
    language: str,
) -> int:
    """Head row and lines from row ``top`` on; the row after the last."""
    for column, title in enumerate(heads):
        sheet.write_string(top, column, title.into(language), looks["head"])
    at = top
    for at, line in enumerate(lines, start=top + 1):
        for column, value in enumerate(line):
            _write_cell(sheet, at, column, str(value), looks)
    return at + 1


def _write_cell(sheet: Any, row: int, column: int, text: str, looks: dict[str, Any]) -> None:
    """A count or an amount as a number, so that it can be added up; all else, 1–4 and dates too, as text."""
    if not FIGURE.fullmatch(text):
        sheet.write_string(row, column, text, looks["cell"])
    else:
        sheet.write_number(
            row, column, float(text.replace(",", "")), looks["yuan" if "." in text else "count"]
        )


def write_ledger(results: TrendResults, path: Path) -> None:
    """A line a finding that is not cleared, unmasked, overdue ones first."""
    language = results.language
    with workbook(path, LEDGER.into(language)) as book:
        looks = _formats(book)
        sheet = _titled_sheet(book.add_worksheet(LEDGER.into(language)), results, LEDGER, looks)
        sheet.write_string(1, 0, FOR_THE_AUTHORISED.into(language), looks["warning"])
        for column, (_, title, width) in enumerate(LEDGER_COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, title.into(language), looks["head"])
        lines = results.ledger.to_dict("records")
        for place, line in enumerate(lines, start=1):
            _write_line(sheet, place, {**line, "place": place}, looks, language)
        sheet.autofilter(2, 0, 2 + len(lines), len(LEDGER_COLUMNS) - 1)
        across_a4(sheet, abreast=2)  # on one page its letters would be of three points
        sheet.repeat_columns(0, 0)
        sheet.freeze_panes(3, 7)
        sheet.repeat_rows(2)
        write_pupils(book.add_worksheet(PUPILS.into(language)), results, looks)


def write_pupils(sheet: Any, results: TrendResults, looks: dict[str, Any]) -> None:
    """A line a pupil who is in no register any more, came back, left or finished, unmasked."""
    language = results.language
    _titled_sheet(sheet, results, CHILDREN, looks)
    sheet.write_string(1, 0, FOR_THE_AUTHORISED.into(language), looks["warning"])
    for column, (_, title, width) in enumerate(PUPIL_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, title.into(language), looks["head"])
    lines = results.children.to_dict("records")
    for row, line in enumerate(lines, start=3):
        for column, (name, _, _) in enumerate(PUPIL_COLUMNS):
            sheet.write_string(row, column, _of_pupil(name, line, language), looks["cell"])
    sheet.autofilter(2, 0, 2 + len(lines), len(PUPIL_COLUMNS) - 1)
    sheet.freeze_panes(3, 3)
    sheet.repeat_rows(2)


def _of_pupil(name: str, line: dict[str, Any], language: str) -> str:
    if name == "classes":
        return class_text(line, language)
    value = line[name]
    if pd.isna(value):
        return ""
    if name == "term":
        return term_words(value).into(language)
    if name == "move":
        return MOVES[value].into(language)
    if name == "finding":
        return catalogue.title(value, language)
    return word(value, language) if name == "status_now" else str(value)


def _write_line(sheet: Any, place: int, line: dict[str, Any], looks: dict[str, Any], language: str) -> None:
    for column, (name, _, _) in enumerate(LEDGER_COLUMNS):
        value = line[name]
        if name in YUAN and value is not None:
            sheet.write_number(place + 2, column, float(value), looks["yuan"])
        else:
            sheet.write_string(place + 2, column, _value_words(name, value, language), looks["cell"])


def _value_words(name: str, value: Any, language: str) -> str:
    if value is None or value != value:
        return ""
    if name in ("found_in", "since"):
        return term_words(value).into(language)
    if name == "rule":
        return catalogue.title(value, language)
    if name == "outcome":
        return DONE_TEXTS[value].into(language)
    if name == "state":
        return word(value, language)
    return value.isoformat()[:10] if isinstance(value, dt.date) else str(value)
