"""Lists with a column of yes and no for each category (是否建档立卡户, 是否低保户, 其他困难): read as a row for each yes; a row of
money or of an application stays one row, with all its categories in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from auditlib.ingest.constants.sheet_constants import stated_constants
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import HeaderCell, Layout
from auditlib.ingest.headers.spellings import NUMBERS, normal
from auditlib.ingest.layouts.rewriting import Rewriting, rows_of_persons
from auditlib.tables.vocabulary import spelling

FEWEST = 2  # such columns; one alone may be beside the point
FIELD = "困难类型"
_ASKS = re.compile("^(?:是否)?(?:为|属于|属|是)?")
_BETWEEN = re.compile("[、,;/+;┋┊|](?:[A-Z][.、])?|(?<=户)和|(?<=生)和")
_NO_WORD = ("", "人数", "户数", "合计")
NO_CATEGORY = ("", "无", "-", "/")
_TAILS = ("", "户", "学生", "家庭", "家庭学生", "人员")


def by_category(task: Task, grid: Grid) -> Grid:
    """``grid`` with a column of categories; ``grid`` itself where its header has one, or none by yes and no."""
    layout = task.layout_of(grid)
    is_list = task.table.name == "eligibility"
    if layout is not None and "category" in layout.columns:
        layout = _as_group(task, grid, layout)
    if layout is not None and "category" in layout.columns:
        if not is_list:
            return grid
        if (columns := _numbered(layout)) and not any(
            first <= at <= last for _, first, _, last in grid.merges for at in columns
        ):
            return _of_columns(grid, layout, columns)
        return _each(task, _else_by_answers(task, grid, layout), layout)
    if layout is None or "category" in task.constants:
        return grid
    words = dict(_questions(task, grid, layout))
    if len(words) < FEWEST:
        layout = _with_lower_line(task, grid, layout)
        words = dict(_questions(task, grid, layout))
    if len(words) < FEWEST or "category" in stated_constants(
        task.table, task.file, grid, layout, task.constants, task.knowledge
    ):
        return grid
    if _unknown_answers(task, grid, layout, words):
        return grid  # a category of which no spelling is known is asked about
    return _in_rows(task, grid, layout, words, is_list=is_list)


def _as_group(task: Task, grid: Grid, layout: Layout) -> Layout:
    """``layout`` without the category where its header stands over columns of categories that are ticked (困难类型 over 低保, 特困)."""
    without = {name: cell for name, cell in layout.columns.items() if name != "category"}
    grouped_layout = _with_lower_line(task, grid, replace(layout, columns=without))
    places = [at for at, _word in _questions(task, grid, grouped_layout)]
    return (
        grouped_layout if layout.columns["category"].position in places and len(places) >= FEWEST else layout
    )


def _numbered(layout: Layout) -> list[int]:
    """The columns of a category in several columns (困难类型1, 困难类型2), of which each row may fill one or more."""
    cells = [layout.columns["category"]]
    cells += [c for c in layout.unused if c.read and c.read.spelling.column == "category"]
    texts = [normal(cell.text) for cell in cells]
    stems = {text.rstrip(NUMBERS) for text in texts}
    is_numbered = len(cells) >= FEWEST and len(stems) == 1 and len({*texts}) == len(texts)
    return sorted(cell.position for cell in cells) if is_numbered else []


def _of_columns(grid: Grid, layout: Layout, columns: list[int]) -> Grid:
    """``grid`` with a row for each different category that the columns say of a person."""
    common_columns = [position for position in range(len(grid.columns)) if position not in columns]
    sheet = Rewriting(grid, layout.rows, common_columns, [FIELD], layout)
    for row in sheet.records:
        cells = (grid.columns[at][row] for at in columns)
        categories = dict.fromkeys(cell for cell in cells if bare(cell) not in NO_CATEGORY)
        sheet.add(row, [{FIELD: one} for one in categories] or [{FIELD: None}])
    return sheet.grid()


def _else_by_answers(task: Task, grid: Grid, layout: Layout) -> Grid:
    """``grid`` with an empty category as the first that the row says yes to: 是否脱贫户 beside 监测对象类型."""
    at, words = layout.columns["category"].position, dict(_questions(task, grid, layout))
    if not words or any(column == at for _, column, _, _ in grid.merges):
        return grid
    column = list(grid.columns[at])
    for row in range(layout.last + 1, len(column)):
        if bare(column[row]) in NO_CATEGORY and (yes := _says_yes(task, grid, row, words)):
            column[row] = words[yes[0]]
    return replace(grid, columns=[column if p == at else c for p, c in enumerate(grid.columns)])


def _with_lower_line(task: Task, grid: Grid, layout: Layout) -> Layout:
    """``layout`` with the line below it where that names categories alone (困难类型（打√） over 低保, 特困 …)."""
    below = layout.last + 1
    if below >= len(grid.numbers):
        return layout
    cells = [HeaderCell(at, bare(text), None) for at, text in enumerate(grid.row(below)) if text]
    codes = task.words.get("category", {})
    if len(cells) < FEWEST or not all(_category(normal(cell.text), codes) for cell in cells):
        return layout
    positions_read = {cell.position for cell in layout.columns.values()}
    others = [c for c in layout.unused if c.position not in {cell.position for cell in cells}]
    if positions_read & {cell.position for cell in cells}:
        return layout
    return replace(layout, rows=(*layout.rows, below), unused=(*others, *cells))


def _each(task: Task, grid: Grid, layout: Layout) -> Grid:
    """``grid`` with a row for each of several categories in one cell (脱贫户、残疾); itself where no cell names several, each known."""
    at = layout.columns["category"].position
    is_only_one = not any(c.read and c.read.spelling.column == "category" for c in layout.unused)
    if not is_only_one or any(column == at and last > first for first, column, last, _ in grid.merges):
        return grid
    codes = task.words.get("category", {})
    different = {
        cell for cell in {*grid.columns[at][layout.last + 1 :]} if cell and spelling(cell) not in codes
    }
    several = {
        cell: parts
        for cell in different
        if len(parts := [part for part in _BETWEEN.split(bare(cell)) if part]) > 1
        and all(spelling(part) in codes for part in parts)
    }
    if not several:
        return grid
    sheet = Rewriting(grid, layout.rows, [p for p in range(len(grid.columns)) if p != at], [FIELD], layout)
    column = grid.columns[at]
    for row in sheet.records:
        parts = several.get(column[row] or "", [column[row]])
        sheet.add(row, [{FIELD: part} for part in parts])
    return sheet.grid()


def _questions(task: Task, grid: Grid, layout: Layout) -> Iterator[tuple[int, str]]:
    """The columns that ask for a category and are answered by yes and no, with the category's spelling."""
    for cell in layout.unused:
        lowest = grid.columns[cell.position][layout.last]  # 低保 below 困难类型
        texts = (normal(text) for text in (cell.text, lowest))
        word = next((word for text in texts if (word := _category(text, task.words.get("category", {})))), "")
        if word and _asks(task, grid, layout, cell):
            yield cell.position, word


def _asks(task: Task, grid: Grid, layout: Layout, cell: HeaderCell) -> bool:
    """Are all the column's cells answers of yes and no?"""
    column = grid.columns[cell.position]
    below = {spelling(text) for row in rows_of_persons(grid, layout) if (text := column[row])}
    return bool(below) and not cell.is_unneeded and below <= task.words.get("yes_no", {}).keys()


def _unknown_answers(task: Task, grid: Grid, layout: Layout, words: Mapping[int, str]) -> bool:
    """Does a row say yes to no category that is known, and to something else?"""
    others = [c.position for c in layout.unused if c.position not in words and _asks(task, grid, layout, c)]
    rows = range(layout.last + 1, len(grid.numbers))
    return any(_says_yes(task, grid, row, others) and not _says_yes(task, grid, row, words) for row in rows)


def _says_yes(task: Task, grid: Grid, row: int, positions: Iterable[int]) -> list[int]:
    """The columns that say yes in the row."""
    answers = task.words.get("yes_no", {})
    return [
        at
        for at in positions
        if (cell := bare(grid.columns[at][row])) and answers.get(spelling(cell)) == "yes"
    ]


def _category(header: str, words: Mapping[str, str]) -> str:
    stem = spelling(_ASKS.sub("", header))
    return next((stem + tail for tail in _TAILS if stem not in _NO_WORD and stem + tail in words), "")


def _in_rows(task: Task, grid: Grid, layout: Layout, words: Mapping[int, str], *, is_list: bool) -> Grid:
    """A row for each category that is answered by yes; one without a category where none is. Not a list of who is entitled: one row
    with all of them."""
    common_columns = [position for position in range(len(grid.columns)) if position not in words]
    sheet = Rewriting(grid, layout.rows, common_columns, [FIELD], layout)
    for row in sheet.records:
        yes = _says_yes(task, grid, row, words)
        categories = [words[position] for position in yes]
        parts = categories if is_list else ["、".join(categories)]
        sheet.add(row, [{FIELD: part or None} for part in parts] or [{FIELD: None}])
    return sheet.grid()
