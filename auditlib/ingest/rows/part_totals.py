"""Printed totals of a part (a school, a town, a stage) beside the county's own: told apart, so that no part is taken for the
whole. A sheet without a row of the county, or whose title speaks of a part of the aid while no column does, is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from auditlib.base.errors import Problem
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import CellsByColumn, ColumnCells, bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.headers.spellings import normal
from auditlib.ingest.messages import questions
from auditlib.ingest.rows.sorting import Sorting, is_total
from auditlib.ingest.titles.terms import titles_of
from auditlib.tables.vocabulary import spelling

_PARTS = ("school_name", "town", "stage")
_WHOLE_PATTERN = re.compile("全[县市区旗州]|(?:[春秋]季?|[上下]半年|学期|本期|全年)?(?:合计|总计|共计)")
_SUBTOTAL = re.compile(".{1,20}(?:小计|合计|共计)")
_AMONG = re.compile("^其中[:,]?")
_OF_PERSONS = re.compile(
    f"{_AMONG.pattern}(?:[男女]生?|[男女]学生|少数民族.{{0,4}}|住校生?|寄宿生?|走读生?|农村.{{0,4}}|城[市镇].{{0,4}}|留守.{{0,4}})"
)
_PART_OF_AID = re.compile(
    "生活补助|生活费|助学金|免[学保]|免除|营养|义务教育|义教|学前|幼儿|普高|高中|中职|小学|初中|寄宿"
)


def of_county(
    task: Task, grid: Grid, layout: Layout, sorting: Sorting, cells: CellsByColumn
) -> tuple[Sorting, CellsByColumn, list[Problem]]:
    """The records of printed totals that speak of the whole county, their cells, and what has to be asked."""
    if task.table.name != "control_totals":
        return sorting, cells, []
    sorting, cells = _without_among(task, sorting, cells)
    sorting, cells = _without_subtotals(sorting, cells)
    parts_of = {name: _parts_only(cells[name]) for name in _PARTS if name in cells}
    cells_by_column = {**cells, **parts_of}
    place = task.header_place(grid, layout)
    if sorting.records and all(
        any(column[i] for column in parts_of.values()) for i in range(len(sorting.records))
    ):
        return sorting, cells_by_column, [questions.only_parts(place)]
    return (
        sorting,
        cells_by_column,
        [questions.part_of_aid(place, title) for title in _narrow(task, grid, layout, cells_by_column)[:1]],
    )


def _without_among(task: Task, sorting: Sorting, cells: CellsByColumn) -> tuple[Sorting, CellsByColumn]:
    """其中：低保 is the row of 低保; 其中：女生 is a part of another kind, which nothing is held against."""
    names = [name for name in ("category", "scheme") if name in cells]
    for name in names:
        words = task.words.get(task.table.by_name[name].kind.codes, {})
        rests = [_AMONG.sub("", bare(cell)) if cell else "" for cell in cells[name]]
        plain_words = [
            rest if rest and spelling(rest) in words else cell
            for rest, cell in zip(rests, cells[name], strict=True)
        ]
        cells = {**cells, name: plain_words}
    among = {
        i
        for i in range(len(sorting.records))
        if any(_OF_PERSONS.fullmatch(bare(cells[name][i])) for name in names)
    }
    left_out = {**sorting.left_out, **{sorting.records[i]: "subtotal" for i in among}}
    stay = [i for i in range(len(sorting.records)) if i not in among]
    staying_cells = {name: [column[i] for i in stay] for name, column in cells.items()}
    return Sorting(tuple(sorting.records[i] for i in stay), left_out, sorting.second_header), staying_cells


def _without_subtotals(sorting: Sorting, cells: CellsByColumn) -> tuple[Sorting, CellsByColumn]:
    """小学小计 among the schools, 青山镇合计 among those of its town: sums of other rows, no parts of their own."""
    columns = [cells[name] for name in _PARTS if name in cells]
    rows = range(len(sorting.records))
    sums = {i for i in rows if any(_is_sum_of_part(normal(column[i])) for column in columns)}
    if not any(i not in sums and any(_names_part(normal(column[i])) for column in columns) for i in rows):
        return sorting, cells  # nothing but such sums: they are the parts
    left_out = {**sorting.left_out, **{sorting.records[i]: "subtotal" for i in sums}}
    stay = [i for i in rows if i not in sums]
    staying_cells = {name: [column[i] for i in stay] for name, column in cells.items()}
    return Sorting(tuple(sorting.records[i] for i in stay), left_out, sorting.second_header), staying_cells


def _is_sum_of_part(text: str) -> bool:
    return bool(_SUBTOTAL.fullmatch(text)) and _names_part(text)


def _parts_only(column: ColumnCells) -> ColumnCells:
    """The cells that name a part; 合计 and 全县 name none."""
    return [cell if _names_part(normal(cell)) else None for cell in column]


def _names_part(text: str) -> bool:
    return bool(text) and not is_total(text) and not _WHOLE_PATTERN.fullmatch(text)


def _narrow(task: Task, grid: Grid, layout: Layout, cells: CellsByColumn) -> Sequence[str]:
    """Titles that name a part of the aid, where no record says which scheme it is of."""
    if "scheme" in task.constants or any(cells.get("scheme", ())) or not any(map(len, cells.values())):
        return []
    titles = titles_of(cell for row in range(layout.rows[0]) for cell in grid.row(row))
    texts = [*titles, grid.name, PurePosixPath(task.file).stem]
    return [bare(text) for text in texts if _PART_OF_AID.search(bare(text))]
