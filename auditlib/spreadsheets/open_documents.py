"""The tables of an .ods: merged ranges and hidden rows, which its reader does not tell, and how far they reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

Range = tuple[tuple[int, int], tuple[int, int]]  # first row and column, last row and column, from 0
MOST_HIDDEN = 1_048_576


@dataclass
class Document:
    """By name of the table; ``reach``: rows and columns; ``of_1904``: days are counted from then."""

    merges: dict[str, list[Range]] = field(default_factory=dict)
    hidden: dict[str, list[int]] = field(default_factory=dict)
    reach: dict[str, tuple[int, int]] = field(default_factory=dict)
    of_1904: bool = False

    def reaches(self) -> list[tuple[int, int]]:
        """Rows, and rows times columns, of every table."""
        return [(rows, rows * columns) for rows, columns in self.reach.values()]


def look_at(xml: Iterable[bytes]) -> Document:
    """Parses content.xml, given in pieces. Raises expat.ExpatError, ValueError."""
    parse = _Parse()
    for piece in xml:
        parse.parser.Parse(piece, False)
    parse.parser.Parse(b"", True)
    return parse.document


def _times(attributes: dict[str, str], name: str) -> int:
    return max(1, int(attributes.get(f"table:number-{name}", "1")))


class _Parse:
    """``row`` and ``column``: the cell at hand, from 0; ``times``: how often its row is repeated."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.document = Document()
        self.table, self.row, self.column, self.times = "", 0, 0, 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("table:table-cell", "table:covered-table-cell"):
            self._cell(attributes)
        elif name == "table:table-row":
            self._row(attributes)
        elif name == "table:table":
            self.table, self.row = attributes.get("table:name", ""), 0
        elif name == "table:null-date":
            self.document.of_1904 = attributes.get("table:date-value", "").startswith("1904")

    def end(self, name: str) -> None:
        if name == "table:table-row":
            self.row += self.times

    def _row(self, attributes: dict[str, str]) -> None:
        self.column, self.times = 0, _times(attributes, "rows-repeated")
        if attributes.get("table:visibility", "visible") != "visible":
            last = min(self.row + self.times, MOST_HIDDEN)
            self.document.hidden.setdefault(self.table, []).extend(range(self.row + 1, last + 1))

    def _cell(self, attributes: dict[str, str]) -> None:
        times = _times(attributes, "columns-repeated")
        down, across = _times(attributes, "rows-spanned"), _times(attributes, "columns-spanned")
        if down > 1 or across > 1:
            last = (self.row + down - 1, self.column + across - 1)
            self.document.merges.setdefault(self.table, []).append(((self.row, self.column), last))
        if "office:value-type" in attributes or "calcext:value-type" in attributes:
            rows, columns = self.document.reach.get(self.table, (0, 0))
            self.document.reach[self.table] = (
                max(rows, self.row + self.times),
                max(columns, self.column + times),
            )
        self.column += times
