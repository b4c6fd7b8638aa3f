"""One name for several schemes (义务教育家庭经济困难学生生活补助): which of them a row means.

The central notices and the aid system write one name for boarders and day pupils; beside it stands 是否寄宿生. Where
no such column does, it is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditlib.base.errors import Problem
from auditlib.ingest import questions
from auditlib.ingest.cells import CellsByColumn
from auditlib.ingest.foreign import is_code
from auditlib.ingest.grids import Grid
from auditlib.ingest.headers import Layout
from auditlib.ingest.rows import Sorting
from auditlib.ingest.spellings import normal, recognise
from auditlib.ingest.stated_constants import OF_BOARDERS, OF_DAY_PUPILS, UMBRELLA
from auditlib.ingest.tasks import Task
from auditlib.tables.vocabulary import coded

_SCHEMES = {"boarding": OF_BOARDERS, "day": OF_DAY_PUPILS}


def by_boarding(
    task: Task, grid: Grid, layout: Layout, records: Sequence[int], cells: CellsByColumn
) -> tuple[Task, CellsByColumn]:
    """``cells`` with the scheme that 是否寄宿 in the same row leaves of an umbrella; ``task`` without the umbrella that the
    title states, once each row has its scheme."""
    if "scheme" not in task.table.by_name:
        return task, cells
    means = is_code(task, layout, "scheme", UMBRELLA)
    title_scheme = task.constants.get("scheme")
    names = [title_scheme] * len(records) if means(title_scheme) else cells.get("scheme", [])
    boarding = _boarding(task, grid, layout, records) if any(map(means, {*names})) else []
    if not any(boarding):
        return task, cells
    schemes = [
        _SCHEMES.get(code, name) if means(name) else name for name, code in zip(names, boarding, strict=True)
    ]
    others = {name: value for name, value in task.constants.items() if name != "scheme"}
    return replace(task, constants=others), {**cells, "scheme": schemes}


def umbrellas(
    task: Task, grid: Grid, layout: Layout, sorting: Sorting, cells: CellsByColumn
) -> list[Problem]:
    """A question for each name of several schemes at once that stands as one, at its first row."""
    if "scheme" not in task.table.by_name:
        return []
    means = is_code(task, layout, "scheme", UMBRELLA)
    if means(task.constants.get("scheme")):
        return [questions.umbrella_scheme(task.header_place(grid, layout))]
    column = cells.get("scheme", [])
    words = [cell for cell in dict.fromkeys(column) if cell and means(cell)]
    return [
        questions.umbrella_scheme(task.place(grid, sorting.records[column.index(word)]), word)
        for word in words
    ]


def _boarding(task: Task, grid: Grid, layout: Layout, records: Sequence[int]) -> list[str]:
    """Boarding or day by record, of the first column whose header asks for it; empty where no column does."""
    codes = task.words.get("boarding", {})
    for cell in layout.unused:
        read = recognise(normal(cell.text), task.spellings["enrolment"])
        if read and read.spelling.column == "boarding":
            column = grid.columns[cell.position]
            return [codes.get(coded(column[row] or "", read.spelling.coding), "") for row in records]
    return []
