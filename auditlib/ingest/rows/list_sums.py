"""Totals printed within a list of payments (小计 of a class or school, 合计 below it), held against the rows that they sum.

A total agrees where it is the sum of the rows above it back to any earlier total, or to the first row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from auditlib.ingest.deliveries.delivery import ListSum
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.rows.sorting import Sorting

_TABLES = ("payments", "planned")
_BESIDE = re.compile("[,¥￥]|(?<![万千百])元$")  # what stands in a cell beside its figure
_OF_A_PART = "小计"


def list_sums(task: Task, grid: Grid, layout: Layout, sorting: Sorting) -> tuple[ListSum, ...]:
    """The sheet's printed totals of money, in the unit of its amounts; none where an amount of a record cannot be read."""
    header = layout.columns.get("amount")
    if task.table.name not in _TABLES or header is None or "subtotal" not in sorting.left_out.values():
        return ()
    column = grid.columns[header.position]
    figures = {row: figure(column[row]) for row in sorting.records if bare(column[row])}
    amounts = {row: figure for row, figure in figures.items() if figure is not None}
    if len(amounts) < len(figures):
        return ()
    return tuple(_sums(task, grid, column, amounts, sorting))


def _sums(
    task: Task,
    grid: Grid,
    column: list[str | None],
    amounts: dict[int, Decimal],
    sorting: Sorting,
) -> Iterator[ListSum]:
    running = [Decimal(0)]  # what the rows between two totals sum to
    totals = {row for row, reason in sorting.left_out.items() if reason == "subtotal"}
    for row in sorted({*amounts, *totals}):
        if row not in totals:
            running[-1] += amounts[row]
            continue
        printed_sum = figure(column[row])
        if printed_sum is None or not any(at < row for at in amounts):
            continue
        sums = [sum(running[start:], Decimal(0)) for start in range(len(running))]
        is_part = _OF_A_PART in "".join(filter(None, grid.row(row)))
        detail = printed_sum if printed_sum in sums else sums[-1] if is_part else sums[0]
        yield ListSum(task.address(grid, row), str(printed_sum), str(detail))
        running.append(Decimal(0))


def figure(cell: str | None) -> Decimal | None:
    """The amount that a cell holds; None where it holds none."""
    try:
        return Decimal(_BESIDE.sub("", bare(cell))) if bare(cell) else None
    except InvalidOperation:
        return None
