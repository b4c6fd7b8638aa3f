"""The lines above a list that stands below another one: its title, and labels such as 班级：小一班."""

from __future__ import annotations

from collections.abc import Mapping

from auditlib.ingest.cells import bare, is_id_like
from auditlib.ingest.grids import Grid

_MOST_CELLS, _MOST_LINES = 3, 4


def title_lines(grid: Grid, header: int, name: int | None) -> list[int]:
    """The rows right above the row ``header`` that are titles or labels (班级：小一班) and no records."""
    lines: list[int] = []
    for row in range(header - 1, -1, -1):
        filled = {at: bare(cell) for at, cell in enumerate(grid.row(row)) if cell is not None}
        if filled and not _is_title(filled, name):
            break
        lines += [row] if filled else []
        if len(lines) == _MOST_LINES:
            break
    return lines[::-1]


def _is_title(filled: Mapping[int, str], name: int | None) -> bool:
    if len(filled) > _MOST_CELLS or any(map(is_id_like, filled.values())):
        return False
    alone = len(filled) == 1 and name not in filled and not any(text.isascii() for text in filled.values())
    return alone or all(":" in text for text in filled.values())


def line_between(grid: Grid, row: int, name: int | None) -> str:
    """The text of a line that stands alone in its row, outside the column of names: a school, a section; else nothing."""
    filled = {at: bare(cell) for at, cell in enumerate(grid.row(row)) if cell is not None}
    return next(iter(filled.values())) if len(filled) == 1 and _is_title(filled, name) else ""
