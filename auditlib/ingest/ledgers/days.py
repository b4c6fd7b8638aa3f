"""Days as ledgers write them: without a year (9月10日, 9.10), beside a signature (钱某 2024.9.13 同意), with its hours or its reason
(2024年9月10日，外出务工). Only the one day that a cell tells is taken, and none from a cell that denies it (未复学，10月20日再访)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import CellsByColumn, ColumnCells, bare
from auditlib.ingest.headers.layout import Layout
from auditlib.tables.vocabulary import spelling

LEDGERS = ("applications", "letters", "attendance", "dropouts", "home_teaching", "funds", "issues")
_AUTUMN_FROM = 9  # month
DAY = re.compile(
    r"(?<![0-9.])(?:(?P<year>20[0-9]{2})[-./年](?P<month>1[0-2]|0?[1-9])[-./月](?P<day>3[01]|[12][0-9]|0?[1-9])[日号]?"
    r"|(?P<month_only>1[0-2]|0?[1-9])月(?P<day_only>3[01]|[12][0-9]|0?[1-9])[日号]?)(?![0-9.年月])"
)
_OF_MONTH = re.compile("(3[01]|[12][0-9]|0?[1-9])[日号]")
_WORDS = "[\u4e00-\u9fff、,()：:]*"
# 9.10 alone, or among words that make it no length of time and no sum
_WITH_DOT = re.compile(
    rf"{_WORDS}(?P<month>1[0-2]|0?[1-9])\.(?P<day>3[01]|[12][0-9]|0?[1-9]|[123]0)(?![个小时分课节元万岁年班人次级米公]){_WORDS}"
)
_CUT = re.compile(
    r"[0-9]{1,2}\.[123]"
)  # 9.1: the first, or the tenth of which a spreadsheet dropped the nought
_WHOLE_PATTERN = re.compile(r"[0-9]{1,2}\.[123]0")
_NOT_SO = re.compile("未|没|拟|计划|预计|将|待|暂|不予|不同意|不通过|拒|否|推迟|延期|改期|取消")
_BEFORE_OR_AFTER = re.compile("^(?:之|以)?(?:前|后|底|左右|起)")
_SEVERAL = re.compile("[-—–~～至到]$")
_NO_DEADLINE = ("immediate", "staged", "lasting")
OPINION = "opinion"  # a header of what somebody thought of it, perhaps with the day: 校长意见


def with_ledger_days(task: Task, cells: CellsByColumn) -> CellsByColumn:
    """The columns of days of a ledger with each cell as the one day that it tells."""
    if task.table.name not in LEDGERS:
        return {}
    columns = {
        name: column
        for name, column in cells.items()
        if name in task.table.by_name and task.table.by_name[name].kind.name.startswith("date")
    }
    is_text = any(keeps_nought(column) for column in columns.values())
    return {name: days_in(column, task.term, is_text=is_text) for name, column in columns.items()}


def states_for_days(cells: CellsByColumn, words: Mapping[str, str]) -> CellsByColumn:
    """``cells`` of a list of measures, with a deadline that is a state and no day (长期坚持, 立行立改) as the row's state: to be kept up for
    good unless it is done, the others where it has none of its own."""
    if "due_on" not in cells:
        return cells
    codes = [words.get(spelling(cell), "") if cell else "" for cell in cells["due_on"]]
    own_states = cells.get("state") or [None] * len(codes)
    days = [None if code in _NO_DEADLINE else cell for cell, code in zip(cells["due_on"], codes, strict=True)]
    states = [
        cell
        if (code == "lasting" and words.get(spelling(own or "")) != "done")
        or (code in _NO_DEADLINE and not own)
        else own
        for cell, code, own in zip(cells["due_on"], codes, own_states, strict=True)
    ]
    return {**cells, "due_on": days, **({"state": states} if any(states) else {})}


def opinions_without_days(layout: Layout, cells: Mapping[str, ColumnCells]) -> list[str]:
    """The columns taken from a header of opinions of which no cell tells a day."""
    return [
        name
        for name, cell in layout.columns.items()
        if cell.read
        and cell.read.spelling.coding == OPINION
        and not any(map(_tells_day, cells.get(name, ())))
    ]


def _tells_day(cell: str | None) -> bool:
    return bool(cell and (DAY.search(bare(cell)) or _WITH_DOT.fullmatch(bare(cell)) or bare(cell).isdigit()))


def keeps_nought(column: ColumnCells) -> bool:
    """Was a nought at the end of a day kept (9.10), so that 9.1 is the first?"""
    return any(_WHOLE_PATTERN.fullmatch(bare(cell)) for cell in {*column} if cell)


def days_in(column: ColumnCells, term: str, *, is_text: bool) -> ColumnCells:
    """``column`` with each cell as the one day that it tells, as it stands where it tells none for certain; ``is_text``: the sheet
    keeps the nought of 9.10."""
    different = {cell for cell in column if cell}
    days = {cell: _day(cell, term, is_text=is_text) for cell in different}
    return [cell and days[cell] for cell in column]


@lru_cache(maxsize=4096)
def _day(cell: str, term: str, *, is_text: bool) -> str:
    text = bare(cell)
    found_days = [*DAY.finditer(text)]
    if len(found_days) != 1:
        return _with_dot(cell, text, term, is_text=is_text) if not found_days else cell
    match = found_days[0]
    if match["year"] and match[0] == text:
        return cell
    before, after = text[: match.start()], text[match.end() :]
    if _NOT_SO.search(before + after) or _BEFORE_OR_AFTER.match(after) or _SEVERAL.search(before):
        return cell
    if match["year"]:
        return f"{match['year']}-{match['month']}-{match['day']}"
    return _in_term(cell, match["month_only"], match["day_only"], term)


def _with_dot(cell: str, text: str, term: str, *, is_text: bool) -> str:
    match = _WITH_DOT.fullmatch(text)
    if not match or _NOT_SO.search(text) or (_CUT.fullmatch(text) and not is_text):
        return cell
    return _in_term(cell, match["month"], match["day"], term)


def _in_term(cell: str, month: str, day: str, term: str) -> str:
    year = year_of(int(month), term)
    return f"{year}-{month}-{day}" if year else cell


def year_of(month: int, term: str) -> int | None:
    """The year of a day without one: that within the term, or in the months before it."""
    if not term:
        return None
    year, autumn = int(term[:4]), term.endswith("autumn")
    if autumn:
        return year + (month <= 2)
    return year - (month > _AUTUMN_FROM - 1)


def has_days_alone(column: ColumnCells) -> bool:
    """Is a cell a day of a month that stands elsewhere (3日)?"""
    return any(_OF_MONTH.fullmatch(bare(cell)) for cell in {*column})


def in_month(column: ColumnCells, month: str) -> ColumnCells:
    """Days alone (3日) as days of ``month`` (2020-09)."""
    matches = [(cell, _OF_MONTH.fullmatch(bare(cell))) for cell in column]
    return [f"{month}-{match[1]}" if match else cell for cell, match in matches]


# --- periods ----------------------------------------------------------------------------------------------


_END = r"(?:(20[0-9]{2})[-./年])?([0-9]{1,2})[-./月]([0-9]{1,2})[日号]?"
PERIOD = rf"(?:自|从)?{_END}(?:[-—–~～至到]+)(?:{_END}|([0-9]{{1,2}})[日号])"
_PERIOD = re.compile(rf"{PERIOD}(?:止)?(?:[(,;].*)?")


def posting_days_of(column: ColumnCells, term: str, *, has_end: bool) -> CellsByColumn:
    """公示时间 as its first and its last day; a single day is the first one."""
    spans = [period_of(cell, term) for cell in column]
    first = {"posted_from": [start for start, _ in spans]}
    return first if has_end else first | {"posted_to": [end for _, end in spans]}


def has_periods(column: Iterable[str | None], term: str) -> bool:
    """Does a cell name both its ends, whatever the header says?"""
    return any(period_of(cell, term)[1] for cell in {*column})


@lru_cache(maxsize=1024)
def period_of(cell: str | None, term: str) -> tuple[str | None, str | None]:
    match = _PERIOD.fullmatch(bare(cell)) if cell else None
    if not match:
        return cell, None
    first_year, first_month, first_day, year, month, day, last_day = match.groups()
    start_year = int(first_year or year_of(int(first_month), term) or 0)
    end_month, end_day = month or first_month, day or last_day
    end_year = int(year or start_year + (int(end_month) < int(first_month)))
    if not start_year:
        return cell, cell
    return f"{start_year}-{first_month}-{first_day}", f"{end_year}-{end_month}-{end_day}"


# --- seals ----------------------------------------------------------------------------------------------------


def certificate_days(column: ColumnCells) -> ColumnCells:
    """An office's column that holds the day of its seal (2024.9.15已盖章) says yes on it."""
    return ["是" if cell and DAY.search(bare(cell)) and not _NOT_SO.search(cell) else cell for cell in column]
