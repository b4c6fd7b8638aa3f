"""Aid paid by the month, a column a month (3月 4月 5月 6月 7月): one payment of the term, the sum of them.

The months may stand in a line of their own below a header that covers them (补助金额). A column 合计 beside them is the
same money and is not needed. Months of two terms in one sheet are left as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout, header_texts
from auditlib.ingest.headers.spellings import normal
from auditlib.ingest.layouts.rewriting import Rewriting

AMOUNT = "金额"
FEWEST = 2  # months in a row
_SUMS = 1  # other cells in a line of months: 小计
_MONTH = re.compile(
    r"(?:每月|按月|各月|分月)?(?:实?发放?|补助|资助|补贴)?(?:金额|资金|标准|情况)?(?:\(元\))?"
    r"(?:20[0-9]{2}年)?(?P<month>1[0-2]|0?[1-9])月份?(?:发放|补助|资助)?(?:金额)?(?:\(元\))?"
)
_FIGURE = re.compile("[,¥￥]|(?<![万千百])元$")  # what stands in a cell beside its figure
_SPRING = range(2, 9)
_LAST_OF_AUTUMN = (1, 2)


def by_term(grid: Grid, layout: Layout | None) -> Grid:
    """``grid`` with the sum of its months as 金额; ``grid`` itself where it has an amount, or something else stands there."""
    if layout is None:
        return grid
    rows, months = _months_of(grid, layout)
    amount = layout.columns.get("amount")
    if ("amount",) not in layout.missing and not (amount and amount.position in months):
        return grid
    if len(months) < FEWEST:
        return grid
    if not _of_one_term([*months.values()]):
        return _as_it_stands(grid, layout, rows)
    common_columns = [position for position in range(len(grid.columns)) if position not in months]
    sheet = Rewriting(grid, rows, common_columns, [AMOUNT], layout)
    for row in sheet.records:
        paid = _sum([grid.columns[at][row] for at in months])
        if paid is None:
            return _as_it_stands(grid, layout, rows)
        sheet.add(row, [{AMOUNT: paid or None}])
    return sheet.grid()


def _as_it_stands(grid: Grid, layout: Layout, rows: tuple[int, ...]) -> Grid:
    """``grid`` with months that a header covers in one line with it, so that no first month is taken for the amount."""
    if rows == layout.rows:
        return grid
    sheet = Rewriting(grid, rows, range(len(grid.columns)), [])
    for row in sheet.records:
        sheet.add(row, [{}])
    return sheet.grid()


def is_month(header: str) -> bool:
    """Does a header (in normal form) name a month's money alone?"""
    return bool(_MONTH.fullmatch(header))


def _months_of(grid: Grid, layout: Layout) -> tuple[tuple[int, ...], dict[int, int]]:
    """The lines of the header, a line of months below it included, and the month of each column that is one."""
    below = layout.last + 1
    if below < len(grid.numbers) and (months := _months_in(dict(enumerate(grid.row(below))))):
        cells_below = [cell for cell in grid.row(below) if bare(cell)]
        if len(months) >= FEWEST and len(cells_below) <= len(months) + _SUMS:
            return (*layout.rows, below), months
    return layout.rows, _months_in(dict(sorted(header_texts(grid, layout.rows).items())))


def _months_in(texts: Mapping[int, str | None]) -> dict[int, int]:
    matches = {at: _MONTH.fullmatch(normal(text)) for at, text in texts.items() if text}
    return {at: int(match["month"]) for at, match in matches.items() if match}


def _of_one_term(months: list[int]) -> bool:
    in_spring = [
        month in _SPRING and not (month in _LAST_OF_AUTUMN and months[0] >= _SPRING.stop) for month in months
    ]
    return len({*months}) == len(months) and (all(in_spring) or not any(in_spring))


def _sum(cells: list[str | None]) -> str | None:
    """The sum as text, empty where no cell is filled; None where one is no amount."""
    try:
        amounts = [Decimal(_FIGURE.sub("", bare(cell))) for cell in cells if bare(cell)]
    except InvalidOperation:
        return None
    return str(sum(amounts)) if amounts else ""
