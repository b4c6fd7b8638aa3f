"""The lines above a list that stands below another one: its title, and labels such as 班级：小一班."""

from __future__ import annotations

from collections.abc import Mapping

from auditlib.ingest.files.cells import bare, is_id_like
from auditlib.ingest.files.grids import Grid

_MOST_CELLS, _MOST_LINES = 3, 4


def title_lines(grid: Grid, header: int, name: int | None) -> list[int]:
    """The rows right above the row ``header`` that are titles or labels (班级：小一班) and no records."""
    lines: list[int] = []
    for row in range(header - 1, -1, -1):
        filled_cells = {at: bare(cell) for at, cell in enumerate(grid.row(row)) if cell is not None}
        if filled_cells and not _is_title(filled_cells, name):
            break
        lines += [row] if filled_cells else []
        if len(lines) == _MOST_LINES:
            break
    return lines[::-1]


def _is_title(filled_cells: Mapping[int, str], name: int | None) -> bool:
    if len(filled_cells) > _MOST_CELLS or any(map(is_id_like, filled_cells.values())):
        return False
    alone = (
        len(filled_cells) == 1
        and name not in filled_cells
        and not any(text.isascii() for text in filled_cells.values())
    )
    return alone or all(":" in text for text in filled_cells.values())


def line_between(grid: Grid, row: int, name: int | None) -> str:
    """The text of a line that stands alone in its row, outside the column of names: a school, a section; else nothing."""
    filled_cells = {at: bare(cell) for at, cell in enumerate(grid.row(row)) if cell is not None}
    return (
        next(iter(filled_cells.values())) if len(filled_cells) == 1 and _is_title(filled_cells, name) else ""
    )
