"""Sheets that are not the table asked for: what they are instead, and which header may be the missing one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditlib.base.errors import Problem
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import is_id_like
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.fitting import fits, records_of
from auditlib.ingest.headers.inquiries import age_for_stage, others_name_only
from auditlib.ingest.headers.layout import HeaderCell, Layout, find_layout, names_person, of_other
from auditlib.ingest.headers.looks import SAMPLE
from auditlib.ingest.headers.overlooked import proposal
from auditlib.ingest.headers.spellings import normal, without_hints
from auditlib.ingest.layouts.months import is_month
from auditlib.ingest.messages import problems
from auditlib.tables.delivered import TABLES, Table

_SUMMARY = re.compile("汇总|统计|合计|总表|说明|字典|summary|readme", re.IGNORECASE)
_FEW_ROWS, _FEW_CELLS = 3, 3
_MUCH_BETTER = 2  # columns


_TO_BE_PAID = re.compile("(?:应发|应补|应助|拟发|拟资助|拟补|计划|申报|核定).*(?:金额|资金|标准|额|元)")
_OF_OTHER_TIMES = re.compile("累计|上年|上期|历年|结余")
_OF_A_TERM = re.compile("春季?|秋季?|[上下]学期|[上下]半年|第[一二]学期")
_NO_AMOUNT = re.compile("月数|天数|次数|人数|个月$|期数|标准")
_AGE = re.compile("年龄|周岁|虚岁|岁数|实岁")
_OF_SCHOOL = re.compile("校|园|机构|单位|标识")
_LIKELY = 0.5  # share of characters in common


def looks_like_data(grid: Grid) -> bool:
    """Numbers like ID numbers, or at least three rows of which one has three cells; else it is a note."""
    if names_someone(grid):
        return True
    rows_with_text = grid.filled_rows(len(grid.numbers))
    widest = max((sum(cell is not None for cell in grid.row(row)) for row in rows_with_text[:200]), default=0)
    return len(rows_with_text) >= _FEW_ROWS and widest >= _FEW_CELLS


def is_summary(grid: Grid, layout: Layout | None) -> bool:
    """A sheet that calls itself a summary and names no person: not this table, nobody's record is lost."""
    nameless = layout is None or ("name",) in layout.missing
    return bool(_SUMMARY.search(grid.name)) and nameless and not names_someone(grid)


def names_someone(grid: Grid) -> bool:
    """Is there a number like an ID number?"""
    return any(is_id_like(cell) for column in grid.columns for cell in column)


def better_table(task: Task, grid: Grid, layout: Layout) -> Table | None:
    """Another table that the header fits much better; only asked where the header does not fit this one.

    A list of persons also fits the tables that name none (printed totals, schools): those it is never.
    """
    personless = "name" not in task.table.by_name
    if not layout.missing and not personless:
        return None
    rivals = []
    for table in TABLES.values():
        rival = (
            find_layout(grid, table, task.spellings[table.name], frozenset())
            if table is not task.table
            else None
        )
        if rival and not rival.missing and _beats(rival, layout, personless=personless):
            rivals.append((len(rival.columns), table))
    return max(rivals, key=lambda rival: rival[0])[1] if rivals else None


def _beats(rival: Layout, layout: Layout, *, personless: bool) -> bool:
    if len(rival.columns) >= len(layout.columns) + _MUCH_BETTER and layout.missing:
        return True
    return personless and "name" in rival.columns and bool(rival.columns.keys() & {"id_number", "student_no"})


def misfits(task: Task, grid: Grid, layout: Layout, other: Table | None) -> list[Problem]:
    """What to tell of a header that lacks columns of the table, or that is another table's."""
    place = task.header_place(grid, layout)
    if other:
        return [problems.other_table(task.table, other, place, layout.present)]
    return [_missing(task, grid, layout, group) for group in layout.missing]


def _others_only(task: Task, layout: Layout, group: Sequence[str]) -> str:
    """In a sheet without a name the header that names another person than the pupil (家长姓名)."""
    if group[0] != "name":
        return ""
    return next((cell.text for cell in layout.unused if names_person(cell)), "")


def _age(layout: Layout, group: Sequence[str]) -> str:
    """In a sheet without stage and grade the header of an age."""
    if "stage" not in group:
        return ""
    return next((cell.text for cell in layout.unused if _AGE.search(normal(cell.text))), "")


def _missing(task: Task, grid: Grid, layout: Layout, group: Sequence[str]) -> Problem:
    if age := _age(layout, group):
        return age_for_stage(task.header_place(grid, layout), age, layout.present)
    column, likely = _likely(task, grid, layout, group)
    likely = likely or _by_cells(task, grid, layout, group)
    columns = (column, *(name for name in group if name != column))
    place, plan_name = task.header_place(grid, layout), _plan_header(task, layout, group)
    if not likely and (other := _others_only(task, layout, group)):
        return others_name_only(task.table, place, other)
    return problems.missing_columns(task.table, columns, place, layout.present, likely, plan_name)


def _plan_header(task: Task, layout: Layout, group: Sequence[str]) -> str:
    """In a list of payments without an amount the header that says what was to be paid."""
    if task.table.name != "payments" or "amount" not in group:
        return ""
    texts = (cell.text for cell in layout.unused if _TO_BE_PAID.search(normal(cell.text)))
    return next(texts, "")


def _by_cells(task: Task, grid: Grid, layout: Layout, group: Sequence[str]) -> str | None:
    """The unused header whose cells look like a column of the group, however it is called."""
    rows = range(layout.last + 1, min(layout.last + 1 + SAMPLE, len(grid.numbers)))
    below = {
        cell.position: [text for row in rows if (text := grid.columns[cell.position][row]) is not None]
        for cell in layout.unused
    }
    others = [
        cell
        for cell in layout.unused
        if not any(_names_otherwise(task, cell, name) for name in group) and not _counts(grid, layout, cell)
    ]
    spellings = task.spellings[task.table.name]
    return proposal(others, group, spellings, below, task.knowledge, task.table)


def _likely(task: Task, grid: Grid, layout: Layout, group: Sequence[str]) -> tuple[str, str | None]:
    """The column of the group that an unused header may be, and that header: the one most like a spelling of it (one
    holds the other, or most characters) whose cells fit; without one, the first column of the group."""
    candidates: list[tuple[float, str, str]] = []
    for name in group:
        forms = [
            form for form, spelling in task.spellings[task.table.name].items() if spelling.column == name
        ]
        for cell in layout.unused:
            if (
                not cell.read
                and not _names_otherwise(task, cell, name)
                and not _counts(grid, layout, cell)
                and _fits(task, grid, layout, cell, name)
            ):
                candidates.append(
                    (
                        max(_likeness(without_hints(normal(cell.text)), form) for form in forms),
                        name,
                        cell.text,
                    )
                )
    best = max(candidates, key=lambda one: one[0], default=(0.0, "", ""))
    return (best[1], best[2]) if best[0] >= _LIKELY else (group[0], None)


def _counts(grid: Grid, layout: Layout, cell: HeaderCell) -> bool:
    """Are the cells the numbers of the rows, 1, 2, 3 …? Of these the first are codes of everything."""
    cells = [text for text in records_of(grid.columns[cell.position], layout.last) if text]
    return len(cells) > 1 and cells == [str(number) for number in range(1, len(cells) + 1)]


def _names_otherwise(task: Task, cell: HeaderCell, column: str) -> bool:
    """户主姓名 is nobody else's name, 应发金额 no amount paid, 原就读学校 no school of now, 学号 no school's,
    9月 and 春季 no whole amount: never proposed."""
    if task.table.name == "planned" and column == "amount":  # what is to be paid is what the list is of
        return bool(_OF_OTHER_TIMES.search(normal(cell.text)))
    header = normal(cell.text)
    if column == "amount" and (is_month(header) or _OF_A_TERM.search(header) or _NO_AMOUNT.search(header)):
        return True
    if column == "school_code" and not _OF_SCHOOL.search(normal(cell.text)):
        return True
    return (column == "name" and names_person(cell)) or of_other(normal(cell.text), column)


def _fits(task: Task, grid: Grid, layout: Layout, cell: HeaderCell, column: str) -> bool:
    cells = records_of(grid.columns[cell.position], layout.last)
    return fits(task.table.by_name[column], cells, task.words)


def _likeness(text: str, form: str) -> float:
    if len(text) > 1 and (text in form or form in text):
        return 1.0
    return len(set(text) & set(form)) / max(len(set(text) | set(form)), 1)
