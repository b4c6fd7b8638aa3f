"""Lists with a column of yes and no for each category (是否建档立卡户, 是否低保户, 其他困难): read as a row for each yes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditlib.ingest.cells import bare
from auditlib.ingest.grids import Grid
from auditlib.ingest.headers import Layout
from auditlib.ingest.rewriting import Rewriting
from auditlib.ingest.spellings import normal
from auditlib.ingest.stated_constants import stated_constants
from auditlib.ingest.tasks import Task
from auditlib.tables.vocabulary import spelling

FEWEST = 2  # such columns; one alone may be beside the point
FIELD = "困难类型"
_ASKS = re.compile("^(?:是否)?(?:为|属于|属|是)?")
_NO_WORD = ("", "人数", "户数", "合计")
_TAILS = ("", "户", "学生", "家庭", "家庭学生", "人员")


def by_category(task: Task, grid: Grid) -> Grid:
    """``grid`` with a column of categories; ``grid`` itself where its header has one, or none by yes and no."""
    layout = task.layout_of(grid)
    if layout is None or "category" in (layout.columns.keys() | task.constants.keys()):
        return grid
    words = dict(_questions(task, grid, layout))
    if len(words) < FEWEST or "category" in stated_constants(
        task.table, task.file, grid, layout, task.constants, task.knowledge
    ):
        return grid
    return _in_rows(task, grid, layout, words)


def _questions(task: Task, grid: Grid, layout: Layout) -> Iterator[tuple[int, str]]:
    """The columns that ask for a category and are answered by yes and no, with the category's spelling."""
    answers = task.words.get("yes_no", {})
    for cell in layout.unused:
        word = _category(normal(cell.text), task.words.get("category", {}))
        below = {spelling(text) for text in grid.columns[cell.position][layout.last + 1 :] if text}
        if word and below and not cell.is_unneeded and below <= answers.keys():
            yield cell.position, word


def _category(header: str, words: Mapping[str, str]) -> str:
    stem = spelling(_ASKS.sub("", header))
    return next((stem + tail for tail in _TAILS if stem not in _NO_WORD and stem + tail in words), "")


def _in_rows(task: Task, grid: Grid, layout: Layout, words: Mapping[int, str]) -> Grid:
    """A row for each category that is answered by yes; one without a category where none is."""
    answers = task.words.get("yes_no", {})
    shared = [position for position in range(len(grid.columns)) if position not in words]
    sheet = Rewriting(grid, layout.rows, shared, [FIELD], layout)
    for row in sheet.records:
        texts = ((word, bare(grid.columns[position][row])) for position, word in words.items())
        yes = [word for word, text in texts if text and answers.get(spelling(text)) == "yes"]
        sheet.add(row, [{FIELD: word} for word in yes] or [{FIELD: None}])
    return sheet.grid()
