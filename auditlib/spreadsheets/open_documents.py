"""The tables of an .ods: merged ranges, hidden and crossed-out rows, which its reader does not tell, and how far they reach."""

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
    struck: dict[str, list[int]] = field(
        default_factory=dict
    )  # of whose filled cells at least half are crossed out
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
    """``row`` and ``column``: the cell at hand, from 0; ``times``: how often its row is repeated; ``style``: the one that is
    declared at hand; ``struck_styles``: those that cross out; ``defaults``: the styles of the table's columns, in runs.
    """

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.document = Document()
        self.table, self.row, self.column, self.times = "", 0, 0, 1
        self.style, self.struck_styles = "", set[str]()
        self.defaults: list[tuple[int, bool]] = []
        self.filled = self.struck = self.cell_times = 0
        self.is_struck = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("table:table-cell", "table:covered-table-cell"):
            self._cell(attributes)
        elif name == "table:table-row":
            self._row(attributes)
        elif name == "table:table":
            self.table, self.row, self.defaults = attributes.get("table:name", ""), 0, []
        elif name == "table:table-column":
            until = (self.defaults[-1][0] if self.defaults else 0) + _times(attributes, "columns-repeated")
            self.defaults.append(
                (until, attributes.get("table:default-cell-style-name") in self.struck_styles)
            )
        elif name.startswith("style:"):
            self._style(name, attributes)
        elif name == "text:span" and attributes.get("text:style-name") in self.struck_styles:
            self._strike()
        elif name == "table:null-date":
            self.document.of_1904 = attributes.get("table:date-value", "").startswith("1904")

    def end(self, name: str) -> None:
        if name == "table:table-row":
            if self.struck and 2 * self.struck >= self.filled:
                last = min(self.row + self.times, MOST_HIDDEN)
                self.document.struck.setdefault(self.table, []).extend(range(self.row + 1, last + 1))
            self.row += self.times

    def _style(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style:style":
            self.style = attributes.get("style:name", "")
            if attributes.get("style:parent-style-name") in self.struck_styles:
                self.struck_styles.add(self.style)
        elif name == "style:text-properties":
            line = attributes.get("style:text-line-through-style") or attributes.get(
                "style:text-line-through-type"
            )
            if line and line != "none":
                self.struck_styles.add(self.style)
            elif line:
                self.struck_styles.discard(self.style)

    def _strike(self) -> None:
        """The cell at hand is crossed out."""
        if not self.is_struck:
            self.struck += self.cell_times
        self.is_struck = True

    def _row(self, attributes: dict[str, str]) -> None:
        self.column, self.times = 0, _times(attributes, "rows-repeated")
        self.filled = self.struck = 0
        if attributes.get("table:visibility", "visible") != "visible":
            last = min(self.row + self.times, MOST_HIDDEN)
            self.document.hidden.setdefault(self.table, []).extend(range(self.row + 1, last + 1))

    def _cell(self, attributes: dict[str, str]) -> None:
        times = _times(attributes, "columns-repeated")
        down, across = _times(attributes, "rows-spanned"), _times(attributes, "columns-spanned")
        if down > 1 or across > 1:
            last = (self.row + down - 1, self.column + across - 1)
            self.document.merges.setdefault(self.table, []).append(((self.row, self.column), last))
        self.cell_times, self.is_struck = 0, False
        if "office:value-type" in attributes or "calcext:value-type" in attributes:
            self.cell_times, self.filled = times, self.filled + times
            style = attributes.get("table:style-name")
            by_column = next((is_struck for until, is_struck in self.defaults if self.column < until), False)
            if style in self.struck_styles if style else by_column:
                self._strike()
            rows, columns = self.document.reach.get(self.table, (0, 0))
            self.document.reach[self.table] = (
                max(rows, self.row + self.times),
                max(columns, self.column + times),
            )
        self.column += times
