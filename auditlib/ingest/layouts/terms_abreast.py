"""Aid of several terms in one row, a column a term (2024年春季, 2024年秋季, 全年合计): a payment for each term that has an amount."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout, header_texts
from auditlib.ingest.headers.spellings import normal
from auditlib.ingest.layouts.rewriting import Rewriting
from auditlib.ingest.rows.list_sums import figure

TERM, AMOUNT = "学期", "金额"
FEWEST = 2  # terms
_MONEY = r"(?:实?发放?|补助|资助|补贴)?(?:金额|资金)?(?:\(元\))?"
_OF_A_TERM = re.compile(rf"(?P<term>20[0-9]{{2}}年?[春秋]季?(?:学?期)?){_MONEY}")
_OF_BOTH = re.compile(
    rf"(?:20[0-9]{{2}}年)?(?:全年|年度|两学?期)?(?:合计|总计|小计|共计){_MONEY}|(?:20[0-9]{{2}}年)?全年{_MONEY}"
)


def by_term_of_column(grid: Grid, layout: Layout | None) -> Grid:
    """``grid`` with a row for each term's amount; ``grid`` itself where it has an amount or a term of its own, or where a
    column that sums them says something else."""
    if layout is None or ("amount",) not in layout.missing or "term" in layout.columns:
        return grid
    texts = {at: normal(text) for at, text in header_texts(grid, layout.rows).items()}
    terms = {at: match["term"] for at, text in texts.items() if (match := _OF_A_TERM.fullmatch(text))}
    sums = [at for at, text in texts.items() if _OF_BOTH.fullmatch(text)]
    if len({*terms.values()}) < FEWEST or len({*terms.values()}) < len(terms):
        return grid
    common_columns = [position for position in range(len(grid.columns)) if position not in {*terms, *sums}]
    sheet = Rewriting(grid, layout.rows, common_columns, [TERM, AMOUNT], layout)
    for row in sheet.records:
        if not _adds_up(grid, row, terms, sums):
            return grid
        payments = [
            {TERM: term, AMOUNT: grid.columns[at][row]}
            for at, term in terms.items()
            if _is_paid(grid, at, row)
        ]
        sheet.add(row, payments or [{}])
    return sheet.grid()


def _is_paid(grid: Grid, at: int, row: int) -> bool:
    cell = bare(grid.columns[at][row])
    return bool(cell) and figure(cell) != 0


def _adds_up(grid: Grid, row: int, terms: Mapping[int, str], sums: list[int]) -> bool:
    amounts = [figure(grid.columns[at][row]) for at in terms if _is_paid(grid, at, row)]
    if None in amounts:
        return False
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    return all(figure(grid.columns[at][row]) in (None, total) for at in sums)
