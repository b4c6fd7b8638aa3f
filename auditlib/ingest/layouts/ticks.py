"""Registers that tick one of several columns: 走读 | 住校 below 就读方式, 在校 | 请假 | 休学 of a roster. Read as one column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import bare, is_id_like
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.layouts.rewriting import Rewriting, rows_of_persons
from auditlib.tables.vocabulary import spelling

TICK_COLUMNS = {"enrolment": ("boarding", "就读方式"), "attendance": ("present", "是否在校")}
"""Table -> its column of which the words may stand side by side, and its header."""
_ANSWERS = ("是", "否", "√", "×", "✓", "1", "0", "2", "Y", "N", "X")  # words of a column that name no state
FEWEST = 2  # different codes among the words


def by_ticks(task: Task, grid: Grid, layout: Layout | None) -> Grid:
    """``grid`` with the word of the ticked column under one header; ``grid`` itself where no columns are so ticked.

    A row with several ticks says all their words, which nobody reads; one with none says nothing.
    """
    column, field = TICK_COLUMNS[task.table.name]
    if layout is None or column in task.constants:
        return grid
    for header in (layout.rows, (*layout.rows, layout.last + 1)):
        words = _words(task, grid, header, column, is_added=header != layout.rows)
        below = [row for row in rows_of_persons(grid, layout) if row > header[-1]]
        if words and all(_are_ticks(task, grid, at, below) for at in words):
            return _in_one_column(task, grid, header, words, field)
    return grid


def _words(task: Task, grid: Grid, header: tuple[int, ...], column: str, *, is_added: bool) -> dict[int, str]:
    """The columns that the last line of ``header`` calls by words of the column, each once: both kinds of boarding, several states
    of a roster; a line that is ``added`` to the header says nothing else."""
    if header[-1] >= len(grid.numbers) or any(map(is_id_like, grid.row(header[-1]))):
        return {}
    line = {at: bare(cell) for at, cell in enumerate(grid.row(header[-1])) if cell}
    codes = task.words.get(column, {})
    words = {at: text for at, text in line.items() if spelling(text) in codes and text not in _ANSWERS}
    states = [codes[spelling(text)] for text in words.values()]
    is_choice = len({*states}) >= FEWEST and (column != "boarding" or sorted(states) == ["boarding", "day"])
    return words if is_choice and (len(words) == len(line) or not is_added) else {}


def _are_ticks(task: Task, grid: Grid, at: int, rows: Sequence[int]) -> bool:
    answers = {spelling(cell) for row in rows if (cell := grid.columns[at][row])}
    return answers <= task.words.get("yes_no", {}).keys()


def _in_one_column(
    task: Task, grid: Grid, header: tuple[int, ...], words: Mapping[int, str], field: str
) -> Grid:
    common_columns = [position for position in range(len(grid.columns)) if position not in words]
    sheet = Rewriting(grid, header, common_columns, [field])
    yes_no = task.words.get("yes_no", {})
    for row in sheet.records:
        ticked_words = [
            word
            for at, word in words.items()
            if (cell := grid.columns[at][row]) and yes_no.get(spelling(cell)) == "yes"
        ]
        sheet.add(row, [{field: "、".join(ticked_words) or None}])
    return sheet.grid()
