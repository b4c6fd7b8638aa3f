"""Two lists of the same columns side by side in one sheet, to save paper: read as one, the right one's rows by their own part.

Only where every column of the left list stands again on the right in the same order, and nothing else; else it is asked about.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout, header_texts
from auditlib.ingest.headers.spellings import normal
from auditlib.ingest.layouts.rewriting import Rewriting

FEWEST = 2  # columns of a list


def one_below_the_other(grid: Grid, layout: Layout | None) -> Grid:
    """``grid`` with a row for each person of a row; ``grid`` itself where its header is not one list repeated."""
    lists = _lists(grid, layout) if layout else []
    if (
        layout is None
        or len(lists) < 2
        or any(bottom > max(top, layout.last) for top, _, bottom, _ in grid.merges)
    ):
        return grid
    texts = header_texts(grid, layout.rows)
    sheet = Rewriting(grid, layout.rows, [], [texts[position] for position in lists[0]])
    for row in sheet.records:
        parts = [dict(zip(sheet.fields, (grid.columns[at][row] for at in one), strict=True)) for one in lists]
        filled_parts = [part for part in parts if any(map(bare, part.values()))]
        sheet.add(row, filled_parts or parts[:1])
    return sheet.grid()


def _lists(grid: Grid, layout: Layout) -> list[Sequence[int]]:
    """The columns of each list, where the whole header is the same words over and over."""
    texts = {position: normal(text) for position, text in header_texts(grid, layout.rows).items()}
    positions = sorted(position for position, text in texts.items() if text)
    words = [texts[position] for position in positions]
    # The words of a list differ, so the next one begins where the first word stands again.
    width = words.index(words[0], 1) if words[:1] and words[0] in words[1:] else len(words) + 1
    times, rest = divmod(len(words), width)
    if rest or width < FEWEST or len({*words[:width]}) < width or words != words[:width] * times:
        return []
    lists: list[Sequence[int]] = [positions[width * k : width * (k + 1)] for k in range(times)]
    return lists if _are_persons(layout, lists) else []


def _are_persons(layout: Layout, lists: Sequence[Sequence[int]]) -> bool:
    """Is the subject's name a column of the lists?"""
    name = layout.columns.get("name")
    return name is not None and any(name.position in one for one in lists)
