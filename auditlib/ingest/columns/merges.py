"""The cells of the records by column: vertical merges filled down, 合计 in printed totals read as "all"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from auditlib.ingest.files.cells import CellsByColumn, ColumnCells
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.headers.spellings import normal
from auditlib.ingest.rows.sorting import Sorting, is_total
from auditlib.tables.delivered import Table

ALL_OF_THEM = ("term", "category", "scheme", "stage")  # columns of printed totals where 合计 means "all"
FIGURES = ("persons", "amount")
DAYS_TO_1904 = 1462
_SERIAL = re.compile(r"[0-9]{5}(\.[0-9]+)?")
_YEAR = re.compile(
    "(?:20[0-9]{2}年?)?(?:全年|年度|本年|年)(?:度|合计|总计|小计)?|20[0-9]{2}年?(?:合计|总计|小计)"
)
MERGED_AMOUNT = "合并单元格"  # an amount merged over several rows belongs to none but the first


def table_columns(
    table: Table, grid: Grid, layout: Layout, records: Sequence[int]
) -> tuple[CellsByColumn, int]:
    """The cells of ``records`` by column of the table, and how many vertical merges were filled down."""
    filled_count = 0
    cells = {}
    for name, header in layout.columns.items():
        column = filled_down(table, name, grid, layout, header.position)
        filled_count += len(_merged_down(grid, layout, header.position))
        if grid.of_1904 and table.by_name[name].kind.name.startswith("date"):
            column = list(map(_from_1904, column))
        cells[name] = [column[row] for row in records]
    if table.name == "control_totals":
        cells |= {name: [_all_of_them(cell) for cell in cells[name]] for name in ALL_OF_THEM if name in cells}
        cells |= {"term": _years_as_all(cells["term"])} if "term" in cells else {}
    return cells, filled_count


def filled_down(table: Table, name: str, grid: Grid, layout: Layout, position: int) -> ColumnCells:
    """The sheet's column at ``position``, which says what the table's column ``name`` does, its merged cells filled down."""
    merges = _merged_down(grid, layout, position)
    return _fill_down(table, name, grid.columns[position], merges) if merges else grid.columns[position]


def _merged_down(grid: Grid, layout: Layout, position: int) -> list[tuple[int, int]]:
    return [
        (top, bottom) for top, at, bottom, _ in grid.merges if at == position and bottom > top > layout.last
    ]


def _from_1904(cell: str | None) -> str | None:
    """A day that stands as a mere number, in a workbook that counts days from 1904, counted as others do."""
    return str(int(cell[:5]) + DAYS_TO_1904) if cell and _SERIAL.fullmatch(cell) else cell


def _fill_down(
    table: Table, name: str, column: ColumnCells, merges: Iterable[tuple[int, int]]
) -> ColumnCells:
    """Merged cells filled down; amounts and counts are marked instead: filling them would invent money."""
    kind = table.by_name[name].kind
    adds_up = kind.companion == "unit" or kind.name == "count"
    copy = list(column)
    for top, bottom in merges:
        for row in range(top + 1, min(bottom + 1, len(copy))):
            if column[top] is not None:
                copy[row] = MERGED_AMOUNT if adds_up else column[top]
    return copy


def _all_of_them(cell: str | None) -> str | None:
    text = normal(cell)
    return None if is_total(text) or text in ("全部", "所有", "全体", "不限") else cell


def _years_as_all(column: ColumnCells) -> ColumnCells:
    """全年 or 2020年 in a column that names two terms or more is the sum of them; alone it stays as it is written."""
    texts = [normal(cell) for cell in column]
    others = {text for text in texts if text and not _YEAR.fullmatch(text)}
    several = len(others) > 1
    return [
        None if several and _YEAR.fullmatch(text) else cell for cell, text in zip(column, texts, strict=True)
    ]


def with_total_rows(grid: Grid, layout: Layout, sorting: Sorting) -> Sorting:
    """In printed totals a total row with a figure is a record: 合计 means all categories, schemes, terms."""
    figures = [layout.columns[name].position for name in FIGURES if name in layout.columns]
    back = {
        row
        for row, reason in sorting.left_out.items()
        if reason == "subtotal" and any(grid.columns[position][row] for position in figures)
    }
    left_out = {row: reason for row, reason in sorting.left_out.items() if row not in back}
    return Sorting(tuple(sorted({*sorting.records, *back})), left_out, sorting.second_header)
