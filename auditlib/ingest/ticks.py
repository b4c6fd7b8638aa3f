"""Registers that tick one of two columns for boarding and day pupils (走读 | 住校 below 就读方式): read as one column."""

from __future__ import annotations

from collections.abc import Mapping

from auditlib.ingest.cells import bare, is_id_like
from auditlib.ingest.grids import Grid
from auditlib.ingest.headers import Layout
from auditlib.ingest.rewriting import Rewriting
from auditlib.ingest.tasks import Task
from auditlib.tables.vocabulary import spelling

FIELD = "就读方式"
_BOTH = ["boarding", "day"]


def by_boarding_ticks(task: Task, grid: Grid, layout: Layout | None) -> Grid:
    """``grid`` with the word of the ticked column under one header; ``grid`` itself where no two columns are so ticked.

    A row with both ticks says both words, which nobody reads; one with none says nothing.
    """
    if layout is None or "boarding" in task.constants:
        return grid
    for header in (layout.rows, (*layout.rows, layout.last + 1)):
        words = _words(task, grid, header, is_added=header != layout.rows)
        if words and all(_are_ticks(task, grid, at, header[-1]) for at in words):
            return _in_one_column(task, grid, header, words)
    return grid


def _words(task: Task, grid: Grid, header: tuple[int, ...], *, is_added: bool) -> dict[int, str]:
    """The columns that the last line of ``header`` calls by boarding and by day pupils, one each; a line that is ``added`` to
    the header says nothing else."""
    if header[-1] >= len(grid.numbers) or any(map(is_id_like, grid.row(header[-1]))):
        return {}
    line = {at: bare(cell) for at, cell in enumerate(grid.row(header[-1])) if cell}
    codes = task.words.get("boarding", {})
    words = {at: text for at, text in line.items() if codes.get(spelling(text)) in _BOTH}
    is_pair = sorted(codes[spelling(text)] for text in words.values()) == _BOTH
    return words if is_pair and (len(words) == len(line) or not is_added) else {}


def _are_ticks(task: Task, grid: Grid, at: int, header: int) -> bool:
    answers = {spelling(cell) for cell in grid.columns[at][header + 1 :] if cell}
    return bool(answers) and answers <= task.words.get("yes_no", {}).keys()


def _in_one_column(task: Task, grid: Grid, header: tuple[int, ...], words: Mapping[int, str]) -> Grid:
    shared = [position for position in range(len(grid.columns)) if position not in words]
    sheet = Rewriting(grid, header, shared, [FIELD])
    yes_no = task.words.get("yes_no", {})
    for row in sheet.records:
        ticked = [
            word
            for at, word in words.items()
            if (cell := grid.columns[at][row]) and yes_no.get(spelling(cell)) == "yes"
        ]
        sheet.add(row, [{FIELD: "、".join(ticked) or None}])
    return sheet.grid()
