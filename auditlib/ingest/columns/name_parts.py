"""Family name and given name in two columns (姓 | 名): read as one column of names."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import ROWS_SEARCHED
from auditlib.ingest.headers.spellings import normal

_PARTS = [("姓", "名"), ("姓氏", "名字")]


def in_one_column(grid: Grid) -> Grid:
    """``grid`` with both parts below 姓名; ``grid`` itself where no two neighbouring headers name them."""
    for row in grid.filled_rows(ROWS_SEARCHED):
        texts = [normal(cell) for cell in grid.row(row)]
        pairs = [*pairwise(texts)]
        at = next((at for at, pair in enumerate(pairs) if pair in _PARTS), None)
        if at is not None and "姓名" not in texts:
            return _join(grid, row, at)
    return grid


def _join(grid: Grid, header: int, at: int) -> Grid:
    family, given_names = grid.columns[at], grid.columns[at + 1]
    below = [
        bare(a) + bare(b) or None
        for a, b in zip(family[header + 1 :], given_names[header + 1 :], strict=True)
    ]
    names = [*family[:header], "姓名", *below]
    rest = [*given_names[:header], *[None] * (len(given_names) - header)]
    columns = [names if p == at else rest if p == at + 1 else column for p, column in enumerate(grid.columns)]
    return replace(grid, columns=columns)
