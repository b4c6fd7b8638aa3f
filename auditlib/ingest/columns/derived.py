"""Columns of a table that a sheet gives in another shape: a term in two columns, a period in one cell, a certificate's
number for an ID number, a category in the second of two columns, four offices in one cell, a month in a sheet's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from auditlib.cells import grades
from auditlib.cells.hygiene import NOTHING, QUOTES
from auditlib.ingest.columns.asides import end_of_aid, status_and_day
from auditlib.ingest.columns.former_names import with_former_names
from auditlib.ingest.columns.halves_of_years import full_terms
from auditlib.ingest.columns.merges import filled_down
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import CellsByColumn, ColumnCells, Helpers, bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import HeaderCell, Layout
from auditlib.ingest.headers.spellings import ENTRY_COLUMN, normal
from auditlib.ingest.headers.turned_answers import TURNED_CODING, turned_cells
from auditlib.ingest.layouts.categories import NO_CATEGORY
from auditlib.ingest.layouts.rolls import with_those_there
from auditlib.ingest.ledgers.days import (
    certificate_days,
    has_days_alone,
    has_periods,
    in_month,
    opinions_without_days,
    posting_days_of,
    states_for_days,
    with_ledger_days,
    year_of,
)
from auditlib.ingest.ledgers.replies import with_replies
from auditlib.ingest.titles.terms import terms_in, titles_of
from auditlib.tables.vocabulary import spelling

_MARKS = str.maketrans("", "", QUOTES + "=")  # that keep a number text: '9901…, ="9901…"
_CERTIFICATE = re.compile(r"([0-9]{17}[0-9Xx])[1-7][1-4](?:[Bb][0-9])?")
_MONTH_OR_DAY = "(?:19|20)[0-9]{2}(?:年[0-9]{1,2}月(?:[0-9]{1,2}日)?|[-./][0-9]{1,2}(?:[-./][0-9]{1,2})?|(?:0[1-9]|1[0-2])(?:[0-3][0-9])?)"
_SPAN = re.compile(
    rf"(?:自|从)?(?P<start>{_MONTH_OR_DAY}|(?:19|20)[0-9]{{2}}年?(?=[-—–~～至到起]+(?:今|现在|长期)))(?:起|开始)?"
    rf"(?:[-—–~～至到]+(?:今|现在|长期|永久|(?P<end>{_MONTH_OR_DAY}))?止?|(?<=[起始]))"
)
FAILED_WORD = "失败"
_WHY_FAILED = re.compile(
    "(?:(?:发放|代发|打卡|支付|交易|入账)?(?:失败|[未不]成功)|退汇|退票|被?退回)(?:原因|说明|理由)"
)
_WHETHER_ANSWERED = re.compile(
    "是|否|有|无|[√✓✔×✗]|[已未待]|(?:已经?|未|尚未|没有?|待|暂未)?(?:收到)?[回复][函执复信]?(?:件)?"
)
_ORDINARY = (
    "一般户",
    "一般农户",
    "普通户",
    "普通农户",
    "非脱贫户",
    "非贫困户",
    "一般家庭",
    "其他户",
)  # of no category, unless another column says which
_TICKS = {"√", "✓", "✔", "☑", "是"}
HOME, HOME_TAUGHT = "送教上门", "送教"
_TERM = re.compile("20[0-9]{2}-(?:spring|autumn)")
_DAY_OF_YEAR = re.compile(r"([0-9]{1,2})月([0-9]{1,2})[日号]?")
# Months in which aid of the term is paid, as years after the term's own; other months leave the year open.
_PAID_IN = {
    "autumn": dict.fromkeys(range(8, 13), 0) | {1: 1, 2: 1},
    "spring": dict.fromkeys(range(2, 9), 0),
}


def with_derived(
    task: Task, grid: Grid, layout: Layout, records: Sequence[int], cells: CellsByColumn, helpers: Helpers
) -> CellsByColumn:
    """``cells`` of the records by column, with what other columns of the sheet tell of them; these are put into ``helpers``."""
    derived_cells = _turn(task, layout, cells)
    if "term" in derived_cells:
        derived_cells["term"] = full_terms(task, grid, layout, records, derived_cells["term"], helpers)
    if "pay_date" in derived_cells:
        terms = derived_cells.get("term") or [task.constants.get("term")] * len(records)
        days = zip(derived_cells["pay_date"], terms, strict=True)
        derived_cells["pay_date"] = [_paid_on(day, bare(term) or task.term) for day, term in days]
    if task.table.name == "payments" and "result" not in derived_cells.keys() | task.constants.keys():
        derived_cells |= _failures(task, grid, layout, records, helpers)
    if task.table.name == "enrolment" and "status" in derived_cells:
        derived_cells["status"] = _else(
            derived_cells["status"], _others(task, grid, layout, "status", records, helpers)
        )
        derived_cells |= _left_on(derived_cells["status"], derived_cells.get("status_date"), task.term)
    if task.table.name == "enrolment" and "status_date" in derived_cells:  # 转学日期 beside 休学日期
        others = _others(task, grid, layout, "status_date", records, helpers)
        derived_cells["status_date"] = _else(derived_cells["status_date"], others)
    if task.table.name == "enrolment" and "boarding" in derived_cells and "status" in derived_cells:
        derived_cells["boarding"] = _taught_at_home(derived_cells["status"], derived_cells["boarding"])
    if "boarding" in derived_cells:
        derived_cells["boarding"] = _with_unticked(derived_cells["boarding"])
    if (
        task.table.name == "enrolment"
        and None in derived_cells.get("grade", ())
        and "class_name" in derived_cells
    ):
        derived_cells["grade"] = _grades(derived_cells["grade"], derived_cells["class_name"])
    if _coding(layout, "grade") == ENTRY_COLUMN:
        derived_cells["grade"] = [grades.year_entered(cell) for cell in derived_cells["grade"]]
    elif "grade" in derived_cells:
        derived_cells["grade"] = [grades.spelled_out(cell) for cell in derived_cells["grade"]]
    if _coding(layout, "posted_from") == "period" or has_periods(
        derived_cells.get("posted_from", ()), task.term
    ):
        derived_cells |= posting_days_of(
            derived_cells["posted_from"], task.term, has_end="posted_to" in derived_cells
        )
    if _coding(layout, "certified_education") == "offices":
        derived_cells |= _offices(derived_cells["certified_education"])
    elif "certified_education" in derived_cells and _is_of_all_four(
        layout.columns.get("certified_education")
    ):
        derived_cells |= dict.fromkeys(_OFFICES, derived_cells["certified_education"])
    if task.table.name == "home_teaching":
        derived_cells |= _taught_days(task, grid, layout, derived_cells, len(records))
    if _are_certificates(layout, derived_cells.get("id_number", [])):
        derived_cells["id_number"] = [_of_certificate(cell) for cell in derived_cells["id_number"]]
    if task.table.name == "eligibility":
        if "category" in derived_cells:
            others = _others(task, grid, layout, "category", records, helpers)
            derived_cells["category"] = _else(derived_cells["category"], others, (*NO_CATEGORY, *_ORDINARY))
        derived_cells |= _entitlement(derived_cells)
    if task.table.name == "letters":
        has_answers = _coding(layout, "replied_on") == "answer"
        if "aided" not in derived_cells.keys() | task.constants.keys():
            derived_cells |= _answers_beside(task, grid, layout, records, helpers)
        derived_cells = with_replies(derived_cells, task.words.get("yes_no", {}), has_answers=has_answers)
    if "present" in derived_cells:
        derived_cells["present"] = with_those_there(derived_cells["present"], task.words.get("present", {}))
    if task.table.name == "issues":
        derived_cells |= states_for_days(derived_cells, task.words.get("issue_state", {}))
    derived_cells |= with_ledger_days(task, derived_cells)
    if task.table.name == "schools":
        derived_cells |= with_former_names(
            derived_cells, _others(task, grid, layout, "alias", records, helpers)
        )
    if task.table.name == "unable":
        derived_cells |= {
            office: certificate_days(derived_cells[office]) for office in _OFFICES if office in derived_cells
        }
    if _coding(layout, "returned_on") == "visit" and "back" in derived_cells:
        derived_cells["returned_on"] = _of_those_back(
            task, derived_cells["returned_on"], derived_cells["back"]
        )
    without = opinions_without_days(layout, derived_cells)
    return {name: column for name, column in derived_cells.items() if name not in without}


def _taught_at_home(statuses: Sequence[str | None], boarding: Sequence[str | None]) -> list[str | None]:
    """The way of attending, of pupils whose status is 送教上门 that."""
    return [
        HOME if status and HOME_TAUGHT in status else way
        for status, way in zip(statuses, boarding, strict=True)
    ]


def _turn(task: Task, layout: Layout, cells: CellsByColumn) -> CellsByColumn:
    """The answers below headers that ask the other way round (是否走读) in the words of their columns."""
    answers = task.words.get("yes_no", {})
    headers = {
        name: normal(cell.text)
        for name, cell in layout.columns.items()
        if _coding(layout, name) == TURNED_CODING
    }
    return {
        name: turned_cells(headers[name], name, column, answers) if name in headers else column
        for name, column in cells.items()
    }


def _grades(column: ColumnCells, classes: ColumnCells) -> ColumnCells:
    """The grades, where one is empty that of the class (三(2)班)."""
    return [
        grade or (name if name and grades.tells_grade(name) else None)
        for grade, name in zip(column, classes, strict=True)
    ]


def _failures(
    task: Task, grid: Grid, layout: Layout, records: Sequence[int], helpers: Helpers
) -> CellsByColumn:
    """Where no column gives the results: what has a reason for its failure failed."""
    reasons = next(
        (cell for cell in layout.unused if _WHY_FAILED.fullmatch(normal(cell.text)) and not cell.is_unneeded),
        None,
    )
    if reasons is None:
        return {}
    helpers[reasons.position] = "result"
    column, codes = grid.columns[reasons.position], task.words.get("result", {})
    none = {
        row
        for row in records
        if bare(column[row]).upper() in ("", *NOTHING) or codes.get(spelling(column[row] or "")) == "success"
    }
    return (
        {}
        if len(none) == len(records)
        else {"result": [None if row in none else FAILED_WORD for row in records]}
    )


def _answers_beside(
    task: Task, grid: Grid, layout: Layout, records: Sequence[int], helpers: Helpers
) -> CellsByColumn:
    """回函情况 beside 回函时间 says what the answer was, where it says more than that there was one."""
    for cell in layout.unused:
        if cell.read and (cell.read.spelling.column, cell.read.spelling.coding) == ("replied_on", "answer"):
            column = [grid.columns[cell.position][row] for row in records]
            if not all(_WHETHER_ANSWERED.fullmatch(bare(text)) for text in column if text):
                helpers[cell.position] = "aided"
                return {"aided": column}
    return {}


def _left_on(statuses: ColumnCells, days: ColumnCells | None, term: str) -> CellsByColumn:
    """Statuses without the day that stands in their cells, and the days where no column gives them."""
    parts = [status_and_day(cell) for cell in statuses]
    if not any(day for _status, day in parts):
        return {"status": [status for status, _day in parts]}
    dates = days or [None] * len(statuses)
    days_of = [own or (day and _paid_on(day, term)) for own, (_status, day) in zip(dates, parts, strict=True)]
    return {"status": [status for status, _day in parts], "status_date": days_of}


def _entitlement(cells: CellsByColumn) -> CellsByColumn:
    """From when until when, and whether still: a period in one cell (2020.01-至今), a day within a remark (2024年3月停保)."""
    derived_cells: CellsByColumn = {}
    if any(span := [span_of(cell) for cell in cells.get("valid_from", [])]):
        derived_cells["valid_from"] = [
            s[0] if s else cell for s, cell in zip(span, cells["valid_from"], strict=True)
        ]
        ends = cells.get("valid_to") or [None] * len(span)
        derived_cells["valid_to"] = [own or (s and s[1]) for own, s in zip(ends, span, strict=True)]
    parts = [end_of_aid(cell) for cell in cells.get("entitled", [])]
    if any(day for _state, day in parts):
        ends = derived_cells.get("valid_to") or cells.get("valid_to") or [None] * len(parts)
        derived_cells["valid_to"] = [own or day for own, (_state, day) in zip(ends, parts, strict=True)]
    return derived_cells | ({"entitled": [state for state, _day in parts]} if parts else {})


def _of_those_back(task: Task, days: ColumnCells, back: ColumnCells) -> ColumnCells:
    """劝返时间 is the day of return of those who are said to be back; of the others somebody went to see them on it."""
    answers = task.words.get("yes_no", {})
    return [
        day if answers.get(spelling(answer or "")) == "yes" else None
        for day, answer in zip(days, back, strict=True)
    ]


def _coding(layout: Layout, column: str) -> str:
    cell = layout.columns.get(column)
    return cell.read.spelling.coding if cell and cell.read else ""


def _with_unticked(column: ColumnCells) -> ColumnCells:
    """Of a column that holds ticks, or 是, and nothing else (住校: √) the empty cells say no."""
    filled_cells = {bare(cell) for cell in column if bare(cell)}
    is_ticked = filled_cells and filled_cells <= _TICKS and None in column
    return [cell or "否" for cell in column] if is_ticked else column


def _others(
    task: Task, grid: Grid, layout: Layout, column: str, records: Sequence[int], helpers: Helpers
) -> list[ColumnCells]:
    """The cells of the other columns of the sheet whose header means the same."""
    same = [c for c in layout.unused if c.read and c.read.spelling.column == column]
    helpers |= {c.position: column for c in same}
    ordered_columns = sorted(same, key=lambda c: c.read.spelling.order if c.read else 0)
    columns = [filled_down(task.table, column, grid, layout, c.position) for c in ordered_columns]
    return [[cells[row] for row in records] for cells in columns]


def _else(
    column: ColumnCells, others: Sequence[ColumnCells], nothing: Sequence[str] = NO_CATEGORY
) -> ColumnCells:
    """Cells that say nothing filled from the first of the other columns that says something: 监测对象类别, else 户类型."""
    for other in others:
        column = [
            b if bare(a) in nothing and (bare(b) not in nothing or not bare(a)) else a
            for a, b in zip(column, other, strict=True)
        ]
    return column


def _are_certificates(layout: Layout, column: ColumnCells) -> bool:
    """Does the header say that the numbers are those of certificates, or are most of them (20 digits below 证件号码)?"""
    if _coding(layout, "id_number") == "disability_certificate":
        return True
    header, filled_cells = layout.columns.get("id_number"), [cell for cell in column if cell]
    if header is None or ("身份证" in header.text and header.read and header.read.spelling.order >= 0):
        return False  # 20 digits called 身份证号 are a number with two digits too many
    return 2 * sum(_of_certificate(cell) != cell for cell in filled_cells) > len(filled_cells)


def _of_certificate(cell: str | None) -> str | None:
    """残疾人证号: the ID number, a digit for the kind, one for the degree."""
    match = _CERTIFICATE.fullmatch(bare(cell).translate(_MARKS))
    return match[1] if match else cell


# --- children who cannot attend, and home teaching ----------------------------------------------------------

_OFFICES = {
    "certified_education": re.compile("教育|教体|学校"),
    "certified_disabled": re.compile("残联|残疾人联合"),
    "certified_health": re.compile("卫健|卫生|医院"),
    "certified_civil": re.compile("民政"),
}
_ALL_FOUR = re.compile("四部门|四家|4个?部门|四个部门")
_MONTH = re.compile(r"(1[0-2]|0?[1-9])(?:月份?)?")
_MONTH_NAMED = re.compile(r"(?:(20[0-9]{2})年)?(?<![0-9])(1[0-2]|0?[1-9])月份?")


def _offices(column: ColumnCells) -> CellsByColumn:
    """认定部门 in one cell (教育、残联、卫健、民政) as an answer an office; an empty cell answers nothing."""
    return {
        office: [(bare(cell) and ("是" if _ALL_FOUR.search(bare(cell)) or pattern.search(bare(cell)) else "否")) or None for cell in column]
        for office, pattern in _OFFICES.items()
    }  # fmt: skip


def _is_of_all_four(header: HeaderCell | None) -> bool:
    """是否经四部门认定: one answer for all of them."""
    return header is not None and bool(_ALL_FOUR.search(bare(header.text)))


def _taught_days(task: Task, grid: Grid, layout: Layout, cells: CellsByColumn, records: int) -> CellsByColumn:
    """Days without a year (9月10日) and months (9月, or the sheet's name) with the year that the run's term gives them."""
    taught_cells: CellsByColumn = {}
    if has_days_alone(cells.get("taught_on", [])) and (month := _month_of_sheet(grid, layout, task.term)):
        taught_cells["taught_on"] = in_month(cells["taught_on"], month)
    if "month" in cells:
        taught_cells["month"] = [_month(cell, task.term) for cell in cells["month"]]
    elif (
        "visits" in cells and "taught_on" not in cells and (month := _month_of_sheet(grid, layout, task.term))
    ):
        taught_cells["month"] = [month] * records
    return taught_cells


def _month(cell: str | None, term: str) -> str | None:
    """9月 with its year; what has one already stays as it is."""
    match = _MONTH.fullmatch(bare(cell)) if cell else None
    year = year_of(int(match[1]), term) if match else None
    return f"{year}-{int(match[1]):02d}" if match and year else cell


def _month_of_sheet(grid: Grid, layout: Layout, term: str) -> str | None:
    """The one month that the sheet's name, else its title, tells."""
    titles = titles_of(cell for row in range(layout.rows[0]) for cell in grid.row(row))
    for texts in ([grid.name], titles):
        months = {match.groups() for text in texts for match in _MONTH_NAMED.finditer(bare(text))}
        if len(months) == 1:
            year, month = months.pop()
            return f"{year}-{month.zfill(2)}" if year else _month(month, term)
    return None


# --- periods and days -------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def span_of(cell: str | None) -> tuple[str, str | None] | None:
    """2020.01-至今, 2020年1月至2023年12月, 2021.3.1起 as both its ends, as they are written; None where it is no period."""
    match = _SPAN.fullmatch(bare(cell)) if cell else None
    return (match["start"], match["end"]) if match else None


@lru_cache(maxsize=1024)
def _paid_on(cell: str | None, term: str) -> str | None:
    """11月20日 with the year of the term that the row is of; as it stands where the term leaves the year open."""
    match = _DAY_OF_YEAR.fullmatch(bare(cell)) if cell and "月" in cell else None
    possible_terms = {term} if _TERM.fullmatch(term) else terms_in(term)
    if not match or len(possible_terms) != 1:
        return cell
    year, _, season = next(iter(possible_terms)).partition("-")
    later = _PAID_IN[season].get(int(match[1]))
    return cell if later is None else f"{int(year) + later}-{match[1]}-{match[2]}"
