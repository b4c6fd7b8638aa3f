"""Sheets that are not the table asked for: what they are instead, and which header may be the missing one."""

from __future__ import annotations

import re

from auditlib.base.errors import Problem
from auditlib.ingest import problems
from auditlib.ingest.cells import is_id_like
from auditlib.ingest.grids import Grid
from auditlib.ingest.headers import Layout, find_layout
from auditlib.ingest.looks import SAMPLE
from auditlib.ingest.overlooked import proposal
from auditlib.ingest.tasks import Task
from auditlib.tables.delivered import TABLES, Table

_SUMMARY = re.compile("汇总|统计|合计|总表|说明|字典|summary|readme", re.IGNORECASE)
_FEW_ROWS, _FEW_CELLS = 3, 3
_MUCH_BETTER = 2  # columns


def looks_like_data(grid: Grid) -> bool:
    """Numbers like ID numbers, or at least three rows of which one has three cells; else it is a note."""
    if _names_someone(grid):
        return True
    filled = grid.filled_rows(len(grid.numbers))
    widest = max((sum(cell is not None for cell in grid.row(row)) for row in filled[:200]), default=0)
    return len(filled) >= _FEW_ROWS and widest >= _FEW_CELLS


def is_summary(grid: Grid, layout: Layout | None) -> bool:
    """A sheet that calls itself a summary and names no person: not this table, nobody's record is lost."""
    nameless = layout is None or ("name",) in layout.missing
    return bool(_SUMMARY.search(grid.name)) and nameless and not _names_someone(grid)


def _names_someone(grid: Grid) -> bool:
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
            rivals.append((len(rival.taken), table))
    return max(rivals, key=lambda rival: rival[0])[1] if rivals else None


def _beats(rival: Layout, layout: Layout, *, personless: bool) -> bool:
    if len(rival.taken) >= len(layout.taken) + _MUCH_BETTER and layout.missing:
        return True
    return personless and "name" in rival.taken and bool(rival.taken.keys() & {"id_number", "student_no"})


def misfits(task: Task, grid: Grid, layout: Layout, other: Table | None) -> list[Problem]:
    """What to tell of a header that lacks columns of the table, or that is another table's."""
    place = task.header_place(grid, layout)
    if other:
        return [problems.other_table(task.table, other, place, layout.present)]
    spellings = task.spellings[task.table.name]
    rows = range(layout.last + 1, min(layout.last + 1 + SAMPLE, len(grid.numbers)))
    below = {
        cell.position: [text for row in rows if (text := grid.columns[cell.position][row]) is not None]
        for cell in layout.unused
    }
    return [
        problems.missing_columns(
            task.table,
            group,
            place,
            layout.present,
            proposal(layout.unused, group, spellings, below, task.known, task.table),
        )
        for group in layout.missing
    ]
