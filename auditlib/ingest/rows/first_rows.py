"""What stands once, in the first row of a group, with empty cells below it that nobody merged: a school above its pupils, a
household's number and category beside its head.

Of a household the relation says who belongs to it: its cells are filled down. Anything else is asked about: an empty cell may
also mean that nothing is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from auditlib.base.errors import Problem
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import CellsByColumn, ColumnCells, bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.messages import questions
from auditlib.ingest.rows.sorting import Sorting

_OF_GROUP = ("school_name", "stage", "grade", "scheme", "term", "category")
_BESIDE_THE_POINT = ("eligibility.school_name",)  # of most members of a household there is none
_OF_HOUSEHOLD = ("household_no", "category", "town", "village")
_HEAD = ("户主", "本人", "户主本人", "本人或户主", "01", "1")
_FIGURES = ("persons", "amount")
_FEWEST = 3  # empty cells


def of_households(table: str, cells: CellsByColumn) -> CellsByColumn:
    """``cells`` with what stands beside the heads of households alone given to their members too."""
    relations = cells.get("relation")
    if table != "eligibility" or not relations:
        return cells
    heads = [bare(cell) in _HEAD for cell in relations]
    if not heads or not heads[0] or all(heads):
        return cells
    beside_heads = {
        name: column for name in _OF_HOUSEHOLD if (column := cells.get(name)) and _only_at(heads, column)
    }
    return {**cells, **{name: _down(column) for name, column in beside_heads.items()}}


def _only_at(heads: Sequence[bool], column: ColumnCells) -> bool:
    return all((cell is not None) == is_head for cell, is_head in zip(column, heads, strict=True))


def _down(column: ColumnCells) -> ColumnCells:
    cells, last = list[str | None](), None
    for cell in column:
        last = cell if cell is not None else last
        cells.append(last)
    return cells


def only_in_first_rows(
    task: Task, grid: Grid, layout: Layout, sorting: Sorting, cells: CellsByColumn
) -> list[Problem]:
    """A question for each column that looks as if it were to be filled down."""
    columns = [
        name
        for name in _OF_GROUP
        if name in layout.columns
        and f"{task.table.name}.{name}" not in _BESIDE_THE_POINT
        and _is_of_groups(cells.get(name) or ())
        and not _is_of_all_where_empty(task.table.name, name, cells)
    ]
    return [
        questions.fill_down(
            task.header_place(grid, layout),
            layout.columns[name].text,
            cells[name].count(None),
            len(sorting.records),
        )
        for name in columns
    ]


def _is_of_all_where_empty(table: str, name: str, cells: CellsByColumn) -> bool:
    """In a printed total an empty cell may mean "all": then no two of the rows that leave it empty count the same thing."""
    several_filled = len({cell for cell in cells[name] or () if cell is not None}) > 1
    if table != "control_totals" or not several_filled:
        return False
    others = [column for other, column in cells.items() if other not in (name, *_FIGURES) and column]
    counted_cells = [beside for cell, *beside in zip(cells[name] or (), *others, strict=True) if cell is None]
    return len(set(map(tuple, counted_cells))) == len(counted_cells)


def _is_of_groups(column: Sequence[str | None]) -> bool:
    """Is the first cell filled, at least every second one empty, and no filled one what the filled one above it says?"""
    values = [cell for cell in column if cell is not None]
    empty = len(column) - len(values)
    is_sparse = bool(values) and column[0] is not None and empty >= max(_FEWEST, len(values))
    return is_sparse and all(one != other for one, other in pairwise(values))
