"""Lists one below another in one sheet, each under its own title: what a title tells holds for its list, not for the sheet.

一、特困供养学生 … 二、孤儿 …: the category, the scheme, the school or the class becomes a column. A header that is merely
printed again on each page goes on with the list before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditlib.cells import grades
from auditlib.ingest.constants.sheet_constants import code_in
from auditlib.ingest.deliveries.tasks import OF_ONE_SCHOOL, Task
from auditlib.ingest.files.cells import ColumnCells, bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import FEWEST, Layout
from auditlib.ingest.headers.spellings import Spellings, normal, recognise
from auditlib.ingest.layouts.rewriting import Rewriting
from auditlib.ingest.titles.lines import line_between, title_lines
from auditlib.ingest.titles.schools import school_in, school_of_line

HEADERS = {"category": "困难类型", "scheme": "资助项目", "school_name": "学校名称", "grade": "年级"}
_OF_KINDERGARTEN = re.compile("([托小中大][一二三四五六1-6]?班)")
_SECTION = re.compile(r"\(?[一二三四五六七八九十]{1,3}[、.)].+")
_MOST_DIFFERENT = 1000
_CLASS = re.compile("(?:班级|年级|班别)[::](.{1,12})")


@dataclass(frozen=True)
class _List:
    """``header``: its last line, or the line that begins it in the midst of a list; ``title``: the rows above it; ``above``: their texts, none where a page merely goes on."""

    header: int
    title: tuple[int, ...]
    above: tuple[str, ...]


def by_title(task: Task, grid: Grid, layout: Layout | None) -> Grid:
    """``grid`` with a column for what the titles of its lists tell differently; ``grid`` itself where they tell nothing."""
    open_columns = columns_to_tell(task, layout) if layout else []
    if layout is None or not open_columns:
        return grid
    lists = [*_lists(grid, layout, task, open_columns)]
    values = {name: _values(task, name, lists) for name in open_columns}
    fields = {name: column for name, column in values.items() if len({*column} - {""}) > 1}
    if not fields:
        return grid
    headers = [HEADERS[name] for name in fields]
    sheet = Rewriting(grid, layout.rows, range(len(grid.columns)), headers, layout)
    beside = {row for one in lists for row in (*one.title, one.header)}
    name = layout.columns.get("name")
    filled_cells = grid.columns[name.position] if name else grid.first_cells
    begins = [one.header for one in lists]
    for row in sheet.records:
        at = bisect_right(begins, row) - 1
        values_here = {HEADERS[name]: fields[name][at] or None for name in fields}
        sheet.add(row, [{} if row in beside or filled_cells[row] is None else values_here])
    return sheet.grid()


def _lists(grid: Grid, layout: Layout, task: Task, columns: Sequence[str]) -> Iterator[_List]:
    """The lists of the sheet; ``columns``: those that a title may tell."""
    name = layout.columns.get("name")
    position = name.position if name else None
    yield _list(grid, layout.rows[0], layout.last, position)
    for row in _rows_of_no_record(grid, layout, task):
        if _is_header(grid, layout, task, row):
            yield _list(grid, row, row, position)
        elif (text := line_between(grid, row, position)) and (
            _SECTION.match(text) or any(_value_of(task, column, [text]) for column in columns)
        ):
            yield _List(row, (), (text,))


def _rows_of_no_record(grid: Grid, layout: Layout, task: Task) -> list[int]:
    """The rows below the header with one cell alone, or with a header in a column that says few things: a look at columns, since
    a sheet may have very many rows."""
    counts = [0] * len(grid.numbers)
    for column in grid.columns:
        counts = [n + (cell is not None) for n, cell in zip(counts, column, strict=True)]
    rows = {row for row, count in enumerate(counts) if count == 1}
    spellings = task.spellings[task.table.name]
    for name, place in layout.columns.items():
        cells = grid.columns[place.position]
        headers = {text for text in _few(cells) if _is_called(text, name, spellings)}
        rows |= {row for row, text in enumerate(cells) if text in headers}
    return sorted(row for row in rows if row > layout.last)


def _few(cells: ColumnCells) -> set[str]:
    """The different cells of a column; none of one that says very many things, as names and numbers do."""
    different = {cell for cell in {*cells} if cell is not None}
    return different if len(different) <= _MOST_DIFFERENT else set()


def _is_called(text: str, column: str, spellings: Spellings) -> bool:
    reading = recognise(normal(text), spellings)
    return reading is not None and reading.spelling.column == column


def _list(grid: Grid, first: int, last: int, name: int | None) -> _List:
    """The list whose header takes the rows from ``first`` to ``last``."""
    title = title_lines(grid, first, name)
    texts = (bare(cell) for row in title for cell in grid.row(row) if cell is not None)
    return _List(last, tuple(title), tuple(texts))


def _is_header(grid: Grid, layout: Layout, task: Task, row: int) -> bool:
    """Does the row name the sheet's own columns again?"""
    spellings = task.spellings[task.table.name]
    texts = {c: normal(grid.columns[cell.position][row]) for c, cell in layout.columns.items()}
    readings = {c: recognise(text, spellings) for c, text in texts.items() if text}
    agreeing = [c for c, reading in readings.items() if reading and reading.spelling.column == c]
    return len(agreeing) >= FEWEST and len(agreeing) == len(readings)


def columns_to_tell(task: Task, layout: Layout) -> list[str]:
    """The columns that a title may tell, where neither header nor parameters do."""
    table, columns_there = task.table, layout.columns.keys() | task.constants.keys()
    by_titles: list[str] = [name for name in ("category", "scheme") if name in table.required]
    if table.name in OF_ONE_SCHOOL and not columns_there & {"school_name", "school_code"}:
        by_titles.append("school_name")
    if table.name == "enrolment" and not columns_there & {"stage", "grade"}:
        by_titles.append("grade")
    return [name for name in by_titles if name not in columns_there]


def told_by_title(task: Task, name: str, title: Sequence[str], above: Sequence[str]) -> str:
    """What the title of one of several lists abreast tells of the column, with ``above`` them the titles of all: 寄宿生 below 生活补助发放表."""
    return (
        _value_of(task, name, title)
        or (name == "scheme" and code_in(name, [*above, *title], task.words.get("scheme", {})))
        or ""
    )


def _values(task: Task, name: str, lists: Sequence[_List]) -> list[str]:
    """What each list's title tells of the column; a list without a title is of the one before it."""
    values: list[str] = []
    for one in lists:
        values.append(_value_of(task, name, one.above) if one.above or not values else values[-1])
    return values


def _value_of(task: Task, name: str, texts: Sequence[str]) -> str:
    if name == "school_name":
        names = task.knowledge.schools
        return school_in(texts, names) or (school_of_line(texts[0], names) if len(texts) == 1 else None) or ""
    if name == "grade":
        labels = [match[1] for text in texts if (match := _CLASS.search(text))]
        labels += [match[1] for text in texts if (match := _OF_KINDERGARTEN.search(text))]
        return next((text for text in labels if grades.tells_grade(text) and not text.isdigit()), "")
    words = task.words.get(task.table.by_name[name].kind.codes, {})
    sections = [text for text in texts if _SECTION.match(text)]  # nearer than the title of the whole sheet
    return (code_in(name, sections[-1:], words) if sections else "") or code_in(name, texts, words)
