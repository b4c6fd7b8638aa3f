"""Aid paid by the month, a column a month (3月 4月 5月 6月 7月): one payment of the term, the sum of them.

A column 合计 beside them is the same money and is not needed. Months of two terms in one sheet are left as they stand.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from auditlib.ingest.cells import bare
from auditlib.ingest.grids import Grid
from auditlib.ingest.headers import Layout, header_texts
from auditlib.ingest.rewriting import Rewriting
from auditlib.ingest.spellings import normal

AMOUNT = "金额"
FEWEST = 2  # months in a row
_MONTH = re.compile(r"(?:20[0-9]{2}年)?(1[0-2]|0?[1-9])月份?(?:发放|补助|资助)?(?:金额)?(?:\(元\))?")
_SPRING = range(2, 9)
_LAST_OF_AUTUMN = (1, 2)


def by_term(grid: Grid, layout: Layout | None) -> Grid:
    """``grid`` with the sum of its months as 金额; ``grid`` itself where it has an amount, or something else stands there."""
    if layout is None or ("amount",) not in layout.missing:
        return grid
    texts = {at: normal(text) for at, text in sorted(header_texts(grid, layout.rows).items())}
    months = {at: int(match[1]) for at, text in texts.items() if (match := _MONTH.fullmatch(text))}
    if len(months) < FEWEST or not _of_one_term([*months.values()]):
        return grid
    shared = [position for position in range(len(grid.columns)) if position not in months]
    sheet = Rewriting(grid, layout.rows, shared, [AMOUNT], layout)
    for row in sheet.records:
        paid = _sum([grid.columns[at][row] for at in months])
        if paid is None:
            return grid
        sheet.add(row, [{AMOUNT: paid or None}])
    return sheet.grid()


def _of_one_term(months: list[int]) -> bool:
    in_spring = [
        month in _SPRING and not (month in _LAST_OF_AUTUMN and months[0] >= _SPRING.stop) for month in months
    ]
    return len({*months}) == len(months) and (all(in_spring) or not any(in_spring))


def _sum(cells: list[str | None]) -> str | None:
    """The sum as text, empty where no cell is filled; None where one is no amount."""
    try:
        amounts = [Decimal(bare(cell).replace(",", "")) for cell in cells if bare(cell)]
    except InvalidOperation:
        return None
    return str(sum(amounts)) if amounts else ""
