"""A sheet written anew with several rows for one: its shared columns as they stand, behind them the fields of each part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid, Merge
from auditlib.ingest.headers.layout import GROUP_TAIL, Layout, header_texts
from auditlib.ingest.headers.spellings import normal
from auditlib.ingest.rows.sorting import is_total


def rows_of_persons(grid: Grid, layout: Layout) -> list[int]:
    """The rows below the header that name somebody; all of them where no column names persons. A total below ticks counts them."""
    name = layout.columns.get("name")
    rows = range(layout.last + 1, len(grid.numbers))
    if name is None:
        return [*rows]
    names = [normal(cell) for cell in grid.columns[name.position]]
    return [row for row in rows if names[row] and not names[row][0].isdigit() and not is_total(names[row])]


class Rewriting:
    """Takes the rows of ``old`` in their order. ``header``: the lines of its header; ``shared``: the columns that stay;
    ``layout``: what the old header was read as, so that it is read alike in one line."""

    def __init__(
        self,
        old: Grid,
        header: Sequence[int],
        common_columns: Sequence[int],
        fields: Sequence[str],
        layout: Layout | None = None,
    ):
        self.old, self.header, self.shared, self.fields = (
            old,
            tuple(header),
            list(common_columns),
            list(fields),
        )
        self.by_lowest = [
            c.position for c in layout.columns.values() if not c.is_whole and c.by_lower_line
        ] if layout else []  # fmt: skip
        self.numbers, self.parts = list[int](), list[int]()
        self.columns = [list[str | None]() for _ in (*self.shared, *self.fields)]
        self.first: dict[int, int] = {}  # row of the old sheet -> its first row here
        for row in range(self.header[-1] + 1):
            self._add(row, 0, self._heading(row))

    @property
    def records(self) -> range:
        """The rows below the header."""
        return range(self.header[-1] + 1, len(self.old.numbers))

    def add(self, row: int, parts: Sequence[Mapping[str, str | None]]) -> None:
        """A row of the old sheet as one row for each of ``parts`` (field to cell)."""
        own = self._own(row)
        for part, cells in enumerate(parts, 1):
            self._add(
                row, part if len(parts) > 1 else 0, [*own, *(cells.get(field) for field in self.fields)]
            )

    def grid(self) -> Grid:
        """The sheet anew, once every row of the old one was added."""
        merges = tuple(self._merges())
        return replace(self.old, numbers=self.numbers, columns=self.columns, merges=merges, parts=self.parts)

    def _add(self, row: int, part: int, cells: Sequence[str | None]) -> None:
        self.first.setdefault(row, len(self.numbers))
        self.numbers.append(self.old.numbers[row])
        self.parts.append(part)
        for column, cell in zip(self.columns, cells, strict=True):
            column.append(cell)

    def _own(self, row: int) -> list[str | None]:
        return [self.old.columns[position][row] for position in self.shared]

    def _heading(self, row: int) -> list[str | None]:
        """The header in one line; a title as it stands; an upper line of the header as a cell that is none by itself."""
        if row == self.header[-1]:
            texts = {at: self._without_tail(text) for at, text in header_texts(self.old, self.header).items()}
            texts |= {position: text for position in self.by_lowest if (text := self._lowest(position))}
            return [*(texts.get(position) for position in self.shared), *self.fields]
        if row < self.header[0] and any(self._own(row)):
            return [*self._own(row), *[None] * len(self.fields)]
        cells = [cell for cell in self.old.row(row) if cell is not None]
        if row < self.header[0] and len(cells) == 1:
            return [*cells, *[None] * (len(self.columns) - 1)]
        return ["、".join(cells) + "：" if cells else None, *[None] * (len(self.columns) - 1)]

    def _lowest(self, position: int) -> str | None:
        lines = (self.old.columns[position][row] for row in reversed(self.header))
        return next((text for text in lines if text), None)

    def _without_tail(self, text: str) -> str:
        """学生姓名 of 姓名 below 学生信息: in one line the group's 信息 stands between two words that belong together."""
        groups = (bare(cell) for row in self.header[:-1] for cell in self.old.row(row) if cell)
        group = next((group for group in groups if text.startswith(group) and text != group), "")
        return GROUP_TAIL.sub("", group) + text.removeprefix(group)

    def _merges(self) -> Iterator[Merge]:
        for top, start, bottom, end in self.old.merges:
            if top > self.header[-1] and start == end and start in self.shared:
                last = self.first.get(bottom + 1, len(self.numbers)) - 1
                yield self.first[top], self.shared.index(start), last, self.shared.index(start)
