"""Names in another shape: family name and given name in two columns (姓 | 名), name and ID number in one (张三（9901…）)."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from auditlib.ingest.files.cells import ColumnCells, bare, is_id_like
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import GROUP_TAIL, ROWS_SEARCHED
from auditlib.ingest.headers.spellings import normal

_PARTS = [("姓", "名"), ("姓氏", "名字")]
_NUMBER = "(?:[1-9][0-9]{16}[0-9X]|[1-9][0-9]{14})"
_LABEL = "(?:(?:居民|公民)?(?:身份证|身份|证件)(?:件|号码|号)*)?"
_BOTH = re.compile(
    rf"(?P<name>[^0-9:,;、/()_-]{{2,}}?)[:,;、/()_-]*{_LABEL}[:,;、/()_-]*(?P<number>{_NUMBER})\)?"
    rf"|(?P<before>{_NUMBER})[:,;、/()_-]*(?P<behind>[^0-9:,;、/()_-]{{2,}})\)?"
)
_NO_OWNER = re.compile("(?:身份证|证件).*|[(、,/及和与]")  # 身份证号、姓名
_SAMPLE = 50  # cells with something like an ID number
_MOST = 0.8  # of them


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


# --- name and number ---------------------------------------------------------------------------------------


def numbers_apart(grid: Grid) -> Grid:
    """``grid`` with the numbers of columns that hold name and ID number together in columns of their own, behind the others; whose
    they are stands in the header (户主姓名及身份证号)."""
    for at, column in enumerate(grid.columns):
        if _holds_both(column):
            grid = _part(grid, at)
    return grid


def _holds_both(column: ColumnCells) -> bool:
    with_number = [cell for cell in column if is_id_like(cell)][:_SAMPLE]
    cells_of_both = sum(_BOTH.fullmatch(bare(cell).upper()) is not None for cell in with_number)
    return cells_of_both > 0 and cells_of_both >= _MOST * len(with_number)


def _part(grid: Grid, at: int) -> Grid:
    column = grid.columns[at]
    parts = [_BOTH.fullmatch(bare(cell).upper()) if is_id_like(cell) else None for cell in column]
    first = next(row for row, part in enumerate(parts) if part)
    header = next((row for row in range(first - 1, -1, -1) if column[row]), None)
    if header is None:
        return grid
    text = normal(column[header])
    owner = _NO_OWNER.sub("", text.split("姓名")[0]) if "姓名" in text else GROUP_TAIL.sub("", text)
    names = [
        (part["name"] or part["behind"]) if part else cell for part, cell in zip(parts, column, strict=True)
    ]
    numbers = [(part["number"] or part["before"]) if part else None for part in parts]
    if "姓名" in text:
        names[header] = f"{owner}姓名"
    numbers[header] = f"{owner or '本人'}身份证号"
    columns = [names if p == at else one for p, one in enumerate(grid.columns)]
    return replace(grid, columns=[*columns, numbers])
