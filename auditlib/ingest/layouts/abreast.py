"""Two lists of the same columns side by side in one sheet, to save paper: read as one, the right one's rows by their own part.

Only where every column of the left list stands again on the right in the same order, and nothing else; else it is asked about. Each may
stand under a title of its own (寄宿生 | 走读生), which tells its scheme, its category, its school.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import OTHER_PERSON, Layout, header_texts
from auditlib.ingest.headers.spellings import normal
from auditlib.ingest.layouts.rewriting import Rewriting
from auditlib.ingest.layouts.stacked import HEADERS, columns_to_tell, told_by_title

FEWEST = 2  # columns of a list
_OF_PLACE = re.compile("班$|年级$|[村组乡镇]$")  # titles that change nothing of what their list is
_OTHERWISE = re.compile(
    f"{OTHER_PERSON.pattern}|成员|配偶|春|秋|学期|半年|月|20[0-9]{{2}}|失败|退|未|转出|休学|毕业|停"
)


def one_below_the_other(task: Task, grid: Grid, layout: Layout | None) -> Grid:
    """``grid`` with a row for each person of a row; ``grid`` itself where its header is not one list repeated."""
    if layout and not _lists(grid, layout, layout.rows) and len(layout.rows) > 1:
        return _under_titles(task, grid, layout)
    lists = _lists(grid, layout, layout.rows) if layout else []
    if (
        layout is None
        or len(lists) < 2
        or any(bottom > max(top, layout.last) for top, _, bottom, _ in grid.merges)
    ):
        return grid
    return _as_one(grid, layout.rows, lists, [{} for _ in lists])


def _as_one(
    grid: Grid,
    header: tuple[int, ...],
    lists: Sequence[Sequence[int]],
    title_cells: Sequence[Mapping[str, str]],
) -> Grid:
    """``title_cells``: of each list what its title tells, by header."""
    texts = header_texts(grid, header)
    fields = [texts[position] for position in lists[0]]
    sheet = Rewriting(grid, header, [], [*fields, *title_cells[0]])
    for row in sheet.records:
        parts = [dict(zip(fields, (grid.columns[at][row] for at in one), strict=True)) for one in lists]
        filled_parts = [
            {**part, **of_title}
            for part, of_title in zip(parts, title_cells, strict=True)
            if any(map(bare, part.values()))
        ]
        sheet.add(row, filled_parts or parts[:1])
    return sheet.grid()


def _under_titles(task: Task, grid: Grid, layout: Layout) -> Grid:
    """The lists below the line of their titles, where each title tells a scheme, a category or a school, or none does."""
    header = layout.rows[1:]
    lists = _lists(grid, layout, header)
    if len(lists) < 2:
        return grid
    above = [cell for row in range(layout.rows[0]) for cell in grid.row(row) if cell]
    titles = [[cell for at in one if (cell := grid.columns[at][layout.rows[0]])] for one in lists]
    values = {
        name: [told_by_title(task, name, title, above) for title in titles]
        for name in columns_to_tell(task, layout)
    }
    title_cells = {name: column for name, column in values.items() if any(column)}
    texts = [bare("".join(title)) for title in titles]
    is_plain = bool(title_cells) or all(map(_OF_PLACE.search, texts))
    if not is_plain or not all(map(all, title_cells.values())) or any(map(_OTHERWISE.search, texts)):
        return grid  # of other persons, terms or results; it is asked about
    return _as_one(
        grid, header, lists, [{HEADERS[n]: title_cells[n][i] for n in title_cells} for i in range(len(lists))]
    )


def _lists(grid: Grid, layout: Layout, header: tuple[int, ...]) -> list[Sequence[int]]:
    """The columns of each list, where the whole header is the same words over and over."""
    texts = {position: normal(text) for position, text in header_texts(grid, header).items()}
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
