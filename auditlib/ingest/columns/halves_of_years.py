"""Terms that a column gives by half: 春季学期 or 第一学期 with the year in another column, in the title, or the run's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import ColumnCells, Helpers, bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import PARTS, HeaderCell, Layout
from auditlib.ingest.titles.terms import terms_in, titles_of

_HALF = re.compile(r"\(?第?0?(?P<half>[一二12上下春秋])(?:季学?期?|半?学?期|半年)?\)?")
_SCHOOL_YEAR = re.compile(r"(20[0-9]{2})(?:[-—–~至/](20[0-9]{2}))?(?:学年度?)?")
_YEAR = re.compile(r"(20[0-9]{2})年?度?(?:\.0)?")
_CALENDAR_YEAR = re.compile("(20[0-9]{2})年(?!(?:1[0-2]|0?[1-9]|[一二三四五六七八九十]+)月)")
_LONGEST_TERM = 15  # characters: 2024-2025学年第一学期


def full_terms(
    task: Task,
    grid: Grid,
    layout: Layout,
    records: Sequence[int],
    column: ColumnCells,
    helpers: Helpers,
) -> ColumnCells:
    """Halves (第一学期, 春季学期) completed by the year of another column, the title's, or the run's own term; the one term
    that a longer text names (2024年秋季学期寄宿生生活补助)."""
    column = [_only_term(cell) for cell in column]
    if not any(_half(cell) for cell in {*column}):
        return column
    years = [
        c
        for c in layout.unused
        if c.read and c.read.spelling.column == "term" and c.read.spelling.coding in PARTS
    ]
    if years:
        year = years[0]
        beside = grid.columns[year.position]
        helpers[year.position] = "term"
        return [_full_term(cell, beside[row], _part(year)) for cell, row in zip(column, records, strict=True)]
    title_terms = _terms_in_titles(task, grid, layout)
    if not title_terms and (stated_year := _year_of_both(task, grid, layout, column)):
        return [f"{stated_year}-{_named_season(cell)}" if _half(cell) else cell for cell in column]
    possible_terms = title_terms or ({task.term} if task.term else set())
    by_half = {_season(term): term for term in possible_terms} if len(possible_terms) == 1 else {}
    return [by_half.get(_named_season(cell), cell) for cell in column]


@lru_cache(maxsize=256)
def _only_term(cell: str | None) -> str | None:
    """The term that the cell names among other words; the cell itself where it names none, or several."""
    names = terms_in(cell or "")
    return names.pop() if len(names) == 1 and len(bare(cell)) > _LONGEST_TERM else cell


def _part(cell: HeaderCell) -> str:
    assert cell.read is not None
    return cell.read.spelling.coding


def _terms_in_titles(task: Task, grid: Grid, layout: Layout) -> set[str]:
    titles = titles_of(cell for row in range(layout.rows[0]) for cell in grid.row(row))
    return set().union(*(terms_in(text) for text in (*titles, grid.name, PurePosixPath(task.file).stem)))


def _year_of_both(task: Task, grid: Grid, layout: Layout, column: ColumnCells) -> str:
    """The calendar year that title or name states of a list with both its halves, 春季 and 秋季; empty where none is."""
    halves = {half for cell in {*column} if (half := _half(cell))}
    if halves != {"春", "秋"}:
        return ""
    titles = titles_of(cell for row in range(layout.rows[0]) for cell in grid.row(row))
    texts = map(bare, (*titles, grid.name, PurePosixPath(task.file).stem))
    years = {year for text in texts for year in _CALENDAR_YEAR.findall(text)}
    return years.pop() if len(years) == 1 else ""


def _season(term: str) -> str:
    return term.partition("-")[2]


@lru_cache(maxsize=256)
def _half(cell: str | None) -> str:
    match = _HALF.fullmatch(bare(cell)) if cell else None
    return match["half"] if match else ""


def _named_season(cell: str | None) -> str:
    """autumn, spring, or nothing where the cell is no half. 上, 下: of the school year, 上半年 of the calendar's."""
    half = _half(cell)
    if bare(cell).endswith("半年"):
        return {"上": "spring", "下": "autumn"}.get(half, "")
    return "autumn" if half in tuple("一1上秋") else "spring" if half else ""


@lru_cache(maxsize=1024)
def _full_term(cell: str | None, year: str | None, coding: str) -> str | None:
    """The term of a half and its year; ``cell`` as it stands where the two do not tell it for certain."""
    half, season, text = _half(cell), _named_season(cell), bare(year)
    if not half:
        return cell
    school_year = (
        _SCHOOL_YEAR.fullmatch(text) if coding == "school_year" or "学年" in text or len(text) > 6 else None
    )
    if school_year and (school_year[2] or "学年" in text or season == "autumn"):
        first = int(school_year[1])
        consecutive = not school_year[2] or int(school_year[2]) == first + 1
        return f"{first if season == 'autumn' else first + 1}-{season}" if consecutive else cell
    calendar = _YEAR.fullmatch(text) if coding == "year" else None
    is_calendar_half = half in tuple("春秋") or bare(cell).endswith("半年")
    return f"{calendar[1]}-{season}" if calendar and is_calendar_half else cell
