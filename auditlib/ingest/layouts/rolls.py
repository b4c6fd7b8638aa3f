"""Rolls with a column a day (10月28日, 10月29日) of ticks and crosses, and counts with a column a grade: read as a row for each pupil
and day, each school and grade."""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditlib.cells import grades
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import ColumnCells, bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import ROWS_SEARCHED, HeaderCell, Layout
from auditlib.ingest.headers.spellings import normal, recognise
from auditlib.ingest.layouts.cross_tabs import SUMS
from auditlib.ingest.layouts.rewriting import Rewriting, rows_of_persons
from auditlib.tables.vocabulary import spelling

DAY, PRESENT = "清点日期", "是否在校"
_A_DAY = re.compile(
    r"(?:(?:20[0-9]{2})[-./年])?(?:1[0-2]|0?[1-9])[-./月](?:3[01]|[12][0-9]|0?[1-9])[日号]?(?:\(?(?:周|星期)[一二三四五六日天]\)?)?"
)
_MERE_DAY = re.compile("(?:3[01]|[12][0-9]|0?[1-9])[日号]?")
_ONE_MONTH = re.compile("(20[0-9]{2}年)?(?<![0-9])(1[0-2]|0?[1-9])月(?!至|-|—|~)")
FEWEST, _FEWEST_DAYS = 2, 5  # days beside a name; mere numbers that are days
_WEEKDAY = re.compile(r"\(?(?:周|星期)[一二三四五六日天]\)?$")


def by_day(task: Task, grid: Grid, layout: Layout | None) -> Grid:
    """``grid`` with a row for each day that says something of the pupil; ``grid`` itself where no header is a day, or where another
    column says who is at school."""
    layout = layout or _of_names_and_days(task, grid)
    if layout is None or "name" not in layout.columns or {"present", "counted_on"} & layout.columns.keys():
        return grid
    days = {cell.position: bare(cell.text) for cell in layout.unused if _A_DAY.fullmatch(bare(cell.text))}
    days = days or _days_of_month(grid, layout)
    answers = task.words.get("present", {})
    below = {*rows_of_persons(grid, layout)}
    words = {spelling(cell) for at in days for row in below if (cell := grid.columns[at][row])}
    if not words or not words <= answers.keys():
        return grid
    common_columns = [position for position in range(len(grid.columns)) if position not in days]
    sheet = Rewriting(grid, layout.rows, common_columns, [DAY, PRESENT], layout)
    for row in sheet.records:
        rolls = [
            {DAY: _WEEKDAY.sub("", day), PRESENT: cell}
            for at, day in days.items()
            if row in below and (cell := grid.columns[at][row])
        ]
        sheet.add(row, rolls or [{}])
    return sheet.grid()


def _of_names_and_days(task: Task, grid: Grid) -> Layout | None:
    """A header of which the name alone is a column of the table, with days beside it; school and class stand in the title."""
    spellings = task.spellings[task.table.name]
    for row in grid.filled_rows(ROWS_SEARCHED):
        cells = [
            HeaderCell(at, bare(text), recognise(normal(text), spellings))
            for at, text in enumerate(grid.row(row))
            if text
        ]
        name = next((cell for cell in cells if cell.read and cell.read.spelling.column == "name"), None)
        if (
            name
            and sum(bool(_A_DAY.fullmatch(cell.text) or _MERE_DAY.fullmatch(cell.text)) for cell in cells)
            >= FEWEST
        ):
            return Layout((row,), {"name": name}, tuple(cell for cell in cells if cell is not name), ())
    return None


def _days_of_month(grid: Grid, layout: Layout) -> dict[int, str]:
    """Columns 1, 2, 3 … of the one month that title or sheet name: 2024年10月考勤表."""
    above = [cell for row in range(layout.rows[0]) for cell in grid.row(row) if cell]
    months = {match.groups() for text in (grid.name, *above) for match in _ONE_MONTH.finditer(bare(text))}
    days = {cell.position: cell.text for cell in layout.unused if _MERE_DAY.fullmatch(cell.text)}
    numbers = [int(day.rstrip("日号")) for day in days.values()]
    if len(months) != 1 or len(numbers) < _FEWEST_DAYS or numbers != sorted(set(numbers)):
        return {}
    year, month = months.pop()
    return {at: f"{year or ''}{int(month)}月{number}日" for at, number in zip(days, numbers, strict=True)}


EMPTY = "(空白,在校?)"


def with_those_there(column: ColumnCells, codes: Mapping[str, str]) -> ColumnCells:
    """Of a column in which nobody is said to be at school, and some to be away, the empty cells are most likely those who are there:
    a spelling of their own, which a county says once what it means. Guessed wrongly, it would hide a child."""
    states = {codes.get(spelling(cell)) for cell in {*column} if cell}
    is_of_absent = (
        states and "present" not in states and states & {"absent", "excused", "elsewhere", "home_teaching"}
    )
    return [cell or EMPTY for cell in column] if is_of_absent and None in column else column


# --- counts ------------------------------------------------------------------------------------------------

GRADE = "年级"
FIGURES = {"heads": "实际人数", "records": "学籍人数"}
_HEADS, _RECORDS = re.compile("在校|实有|实到|实际|到校"), re.compile("学籍|在籍|在册|应到")
_ROWS_SEARCHED = 20  # rows with something in them, from the top
_FEWEST = 2  # grades in one row


def by_grade(task: Task, grid: Grid) -> Grid:
    """``grid`` with a row for each school and grade; ``grid`` itself where no row names grades side by side, or where nothing says
    whether heads or records were counted."""
    for row in grid.filled_rows(_ROWS_SEARCHED):
        texts = {at: bare(cell) for at, cell in enumerate(grid.row(row)) if cell}
        grade_names = {at: text for at, text in texts.items() if _is_grade(text)}
        if len(grade_names) < _FEWEST or len(grade_names) + _FEWEST < len(texts) - _sums(texts):
            continue
        figures = _figures(task, grid, row, grade_names, texts)
        if figures:
            return _counts(grid, row, grade_names, figures)
    return grid


def _is_grade(text: str) -> bool:
    return grades.tells_grade(text) and not text.isdigit()


def _sums(texts: Mapping[int, str]) -> int:
    return sum(text in SUMS for text in texts.values())


def _figures(
    task: Task, grid: Grid, row: int, grade_names: Mapping[int, str], texts: Mapping[int, str]
) -> dict[int, dict[str, int]]:
    """Of each grade its columns by field: as the line below says, else the one that the title says they all are."""
    below = [normal(cell) for cell in grid.row(row + 1)] if row + 1 < len(grid.numbers) else []
    starts = sorted([*texts, len(grid.columns)])
    figures: dict[int, dict[str, int]] = {}
    for at in grade_names:
        for position in range(at, next(start for start in starts if start > at)):
            reading = recognise(below[position], task.spellings["attendance"]) if below[position] else None
            if reading and reading.spelling.column in FIGURES:
                figures.setdefault(at, {}).setdefault(FIGURES[reading.spelling.column], position)
    if figures:
        return figures if figures.keys() == grade_names.keys() else {}
    title = " ".join([grid.name, *(cell for r in range(row) for cell in grid.row(r) if cell)])
    are_heads, are_records = bool(_HEADS.search(title)), bool(_RECORDS.search(title))
    field = FIGURES["heads" if are_heads else "records"]
    return {at: {field: at} for at in grade_names} if are_heads != are_records else {}


def _counts(
    grid: Grid, row: int, grade_names: Mapping[int, str], figures: Mapping[int, Mapping[str, int]]
) -> Grid:
    has_line = any(at not in grade_names for fields in figures.values() for at in fields.values()) or any(
        len(fields) > 1 for fields in figures.values()
    )
    positions = {at for fields in figures.values() for at in fields.values()}
    names = list(dict.fromkeys(field for fields in figures.values() for field in fields))
    header = (row, row + 1) if has_line else (row,)
    common_columns = [at for at in range(len(grid.columns)) if at not in positions]
    sheet = Rewriting(grid, header, common_columns, [GRADE, *names])
    for record in sheet.records:
        counts = [
            {
                GRADE: grade_names[at],
                **{field: grid.columns[position][record] for field, position in fields.items()},
            }
            for at, fields in figures.items()
            if any(grid.columns[position][record] for position in fields.values())
        ]
        sheet.add(record, counts or [{}])
    return sheet.grid()
