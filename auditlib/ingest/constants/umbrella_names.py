"""One name for several schemes (义务教育家庭经济困难学生生活补助): which of them a row means.

The central notices and the aid system write one name for boarders and day pupils; beside it stands 是否寄宿生. Where
no such column does, it is asked. 国家助学金 and 免学费 are of several stages: school, grade, title or file tell which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from auditlib.base.errors import Problem
from auditlib.ingest.constants.sheet_constants import OF_BOARDERS, OF_DAY_PUPILS, OF_STAGE, UMBRELLA, of_stage
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import CellsByColumn, ColumnCells, Helpers
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.headers.spellings import normal, recognise
from auditlib.ingest.messages import questions
from auditlib.ingest.rows.foreign import is_code
from auditlib.ingest.rows.sorting import Sorting
from auditlib.tables.vocabulary import code_of, spelling

_OF_SCHOOL = ("school_name", "stage", "grade", "class_name")
_SCHEMES = {"boarding": OF_BOARDERS, "day": OF_DAY_PUPILS}


def by_boarding(
    task: Task, grid: Grid, layout: Layout, records: Sequence[int], cells: CellsByColumn, helpers: Helpers
) -> tuple[Task, CellsByColumn]:
    """``cells`` with the scheme that 是否寄宿 in the same row leaves of an umbrella; ``task`` without the umbrella that the
    title states, once each row has its scheme."""
    if "scheme" not in task.table.by_name:
        return task, cells
    means = is_code(task, layout, "scheme", UMBRELLA)
    title_scheme = task.constants.get("scheme")
    names = [title_scheme] * len(records) if means(title_scheme) else cells.get("scheme", [])
    boarding = _boarding(task, grid, layout, records, helpers) if any(map(means, {*names})) else []
    if not any(boarding):
        return task, cells
    schemes = [
        _SCHEMES.get(code, name) if means(name) else name for name, code in zip(names, boarding, strict=True)
    ]
    others = {name: value for name, value in task.constants.items() if name != "scheme"}
    return replace(task, constants=others), {**cells, "scheme": schemes}


def by_stage(
    task: Task, grid: Grid, layout: Layout, records: Sequence[int], cells: CellsByColumn
) -> tuple[Task, CellsByColumn]:
    """``cells`` with the scheme that the stage in the same row, or of the whole sheet, leaves of 国家助学金 or 免学费."""
    if "scheme" not in task.table.by_name:
        return task, cells
    title_scheme, spellings = task.constants.get("scheme"), task.words.get("scheme", {})
    names = [title_scheme] * len(records) if title_scheme else cells.get("scheme", [])
    shared_names = {
        name: code for name in {*names} if name and (code := spellings.get(code_of(name, ""))) in OF_STAGE
    }
    if not shared_names:
        return task, cells
    beside, around = _stage_columns(task, grid, layout), _around(task, grid, layout)
    schemes = list(names)
    for at, (name, row) in enumerate(zip(names, records, strict=True)):
        if code := shared_names.get(name):
            beside_it = [column[row] or "" for column in beside]
            schemes[at] = of_stage(code, beside_it, spellings) or of_stage(code, around, spellings) or name
    others = {name: value for name, value in task.constants.items() if name != "scheme"}
    return replace(task, constants=others), {**cells, "scheme": schemes}


def _stage_columns(task: Task, grid: Grid, layout: Layout) -> list[ColumnCells]:
    """The columns of the school, the stage, the grade and the class, whether the table has them or not."""
    enrolment = task.spellings["enrolment"]
    cells = [*layout.columns.values(), *layout.unused]
    readings = [(cell, recognise(normal(cell.text), enrolment)) for cell in cells]
    return [
        grid.columns[cell.position] for cell, read in readings if read and read.spelling.column in _OF_SCHOOL
    ]


def _around(task: Task, grid: Grid, layout: Layout) -> list[str]:
    """What stands above the header and in the names of sheet and file."""
    above = [cell for row in range(layout.rows[0]) for cell in grid.row(row) if cell]
    return [*above, grid.name, PurePosixPath(task.file).stem]


def umbrellas(
    task: Task, grid: Grid, layout: Layout, sorting: Sorting, cells: CellsByColumn
) -> list[Problem]:
    """A question for each name of several schemes at once that stands as one, at its first row."""
    if "scheme" not in task.table.by_name:
        return []
    codes = task.words.get("scheme", {})
    if _is_told_apart_later(task, codes):
        return []
    column = cells.get("scheme") or [task.constants.get("scheme")] * len(sorting.records)
    words = {
        word: code
        for word in dict.fromkeys(column)
        if word and (code := codes.get(code_of(word, ""))) in (UMBRELLA, *OF_STAGE)
    }
    return [
        questions.umbrella_scheme(
            task.place(grid, sorting.records[column.index(word)]), word, of_stages=code in OF_STAGE
        )
        if "scheme" in layout.columns
        else questions.umbrella_scheme(task.header_place(grid, layout), of_stages=code in OF_STAGE)
        for word, code in words.items()
    ]


def _is_told_apart_later(task: Task, codes: Mapping[str, str]) -> bool:
    """Do the run's own choices, and no title, say that the whole sheet is living aid of boarders and day pupils? Then the planned list
    and the register tell them apart."""
    constant = task.constants.get("scheme")
    return (
        bool(constant) and "scheme" not in task.stated and codes.get(code_of(constant or "", "")) == UMBRELLA
    )


def _boarding(task: Task, grid: Grid, layout: Layout, records: Sequence[int], helpers: Helpers) -> list[str]:
    """Boarding or day by record, of the first column whose header asks for it; empty where no column does."""
    codes = task.words.get("boarding", {})
    for cell in layout.unused:
        read = recognise(normal(cell.text), task.spellings["enrolment"])
        if read and read.spelling.column == "boarding":
            column = grid.columns[cell.position]
            helpers[cell.position] = "scheme"
            return [codes.get(code_of(column[row] or "", read.spelling.coding), "") for row in records]
    for cell in layout.unused:
        if not cell.is_unneeded and (words := _boarding_words(task, grid.columns[cell.position], records)):
            helpers[cell.position] = "scheme"
            return words
    return []


def _boarding_words(task: Task, column: ColumnCells, records: Sequence[int]) -> list[str]:
    """Boarding or day by record where every cell says so in words (学生类别: 寄宿生, 非寄宿生); else nothing."""
    codes, answers = task.words.get("boarding", {}), task.words.get("yes_no", {})
    words = [spelling(column[row] or "") for row in records]
    codes_told = [codes.get(word, "") if word not in answers and not word.isascii() else "" for word in words]
    return codes_told if codes_told and set(codes_told) <= _SCHEMES.keys() else []
