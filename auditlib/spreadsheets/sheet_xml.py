"""A sheet of an .xlsx as XML, parsed piece by piece: cells that the reader would lose or stumble over, hidden rows.

The reader gives errors (#N/A) and formulas without a stored result as empty cells, refuses the errors of newer
programs (#SPILL!), and loses text that stands where it does not look for it. Each such cell is written anew as text.
Most sheets have none: a look at the bytes says so, and they are not parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from xml.parsers import expat

OVERLAP = 400  # bytes of a piece that are looked at again with the next
# Errors, days in ISO form, formulas with an empty result, hidden rows: what is looked for in every sheet is found
# eight times as fast as bytes, or as a pattern that begins with them, as otherwise.
_LITERAL = (b'"e"', b"'e'", b'"d"', b"'d'", b"></v>", b"<v/>", b"hidden")
_PATTERNS = (
    re.compile(rb"/f>\s*(?!<v[\s>])"),  # a formula without a result
    re.compile(rb"/>\s*</c"),  # the same, shared with another cell
    re.compile(rb"inlineStr[\"'][^<>]*>\s*<(?!is[\s>])"),
)
_PREFIXED_PATTERN = re.compile(rb"<\w+:worksheet")  # elements are named otherwise
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension[^>]*>")
_SOUND_DIMENSION = re.compile(
    rb"ref\s*=\s*[\"'][A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}[1-9][0-9]{0,6})?[\"']"
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,9})\$?([0-9]{1,15})")
_ISO_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T00:00:00(?:\.0+)?Z?")
_TRUE = ("1", "true")


def is_conspicuous(pieces: Iterable[bytes]) -> bool:
    """May a sheet, given in pieces, hold a cell or row that has to be looked at? Reads all of them."""
    is_odd, before = False, b""
    for number, piece in enumerate(pieces):
        if is_odd:
            continue
        window = before + piece
        is_odd = (number == 0 and _begins_oddly(window)) or _has_odd_cells(window)
        before = piece[-OVERLAP:]
    return is_odd


def _begins_oddly(beginning: bytes) -> bool:
    dimension = _DIMENSION.search(beginning)
    unsound = dimension is not None and not _SOUND_DIMENSION.search(dimension[0])
    utf16 = beginning.startswith((b"\xff\xfe", b"\xfe\xff"))
    return unsound or utf16 or bool(_PREFIXED_PATTERN.search(beginning))


def _has_odd_cells(piece: bytes) -> bool:
    return any(sign in piece for sign in _LITERAL) or any(one.search(piece) for one in _PATTERNS)


def column_number(letters: str) -> int:
    """A = 1, Z = 26, AA = 27."""
    value = 0
    for letter in letters.upper():
        value = value * 26 + ord(letter) - 64
    return value


@dataclass(frozen=True)
class Edit:
    """The element ``name`` that begins at ``start`` is replaced by ``text``; ``end``: behind it, or at its end tag."""

    name: str
    start: int
    end: int
    text: bytes


@dataclass
class Look:
    """What a parse has found: ``edits`` in order, ``hidden`` rows from 1, the last filled row and column and the
    number of filled cells, the address of the cell that reaches farthest."""

    edits: list[Edit] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    rows: int = 0
    columns: int = 0
    filled: int = 0
    farthest: str = ""

    def note(self, row: int, column: int, address: str) -> None:
        """A filled cell."""
        self.filled += 1
        if row > self.rows or column > self.columns:
            self.farthest = address
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)


def look_at(xml: Iterable[bytes]) -> Look:
    """Parses a whole sheet (UTF-8) given in pieces. Raises expat.ExpatError where it is no XML."""
    return _Parse().run(iter(xml))


def apply_edits(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """``xml`` with all ``edits``, which are in order."""
    pieces, position = [], 0
    for edit in edits:
        pieces += [xml[position : edit.start], edit.text]
        closing = xml.startswith(b"</" + edit.name.encode(), edit.end)
        position = xml.index(b">", edit.end) + 1 if closing else edit.end
    return b"".join([*pieces, xml[position:]])


def as_utf8(xml: bytes) -> bytes:
    """UTF-16 as UTF-8; the reader knows no other encoding."""
    if not xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        return xml
    return _DECLARATION.sub("", xml.decode("utf-16")).encode()


class _Parse:
    """One sheet on its way through the parser; ``row`` and ``column`` are those of the cell at hand."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.buffer_text = True
        self.look = Look()
        self.row = self.column = 0
        self.at = -1  # where the cell at hand begins; -1: none is open
        self.name, self.attributes = "", {}  # type: tuple[str, dict[str, str]]
        self.parts: dict[str, str] = {}  # element of the cell -> its text
        self.within = ""

    def run(self, pieces: Iterator[bytes]) -> Look:
        for piece in pieces:
            self.parser.Parse(piece, False)
        self.parser.Parse(b"", True)
        return self.look

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if self.at >= 0:
            if local in ("v", "f", "t"):
                self.within = local
                self.parts.setdefault(local, "")
        elif local == "c":
            self._begin_cell(name, attributes)
        elif local == "row":
            self._begin_row(attributes)
        elif local == "dimension":
            self.at, self.name = self.parser.CurrentByteIndex, name
            self.parts = {}

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self.row = int(number) if number.isdecimal() and len(number) < 16 else self.row + 1
        self.column = 0
        if attributes.get("hidden", "").lower() in _TRUE:
            self.look.hidden.append(self.row)

    def _begin_cell(self, name: str, attributes: dict[str, str]) -> None:
        self.at, self.name, self.attributes, self.parts = self.parser.CurrentByteIndex, name, attributes, {}
        place = _ADDRESS.fullmatch(attributes.get("r", ""))
        self.column = column_number(place[1]) if place else self.column + 1
        if place:
            self.row = int(place[2])

    def text(self, text: str) -> None:
        if self.within:
            self.parts[self.within] += text

    def end(self, name: str) -> None:
        if self.at < 0:
            return
        self.within = ""
        if name == self.name:
            self._end_cell() if name.rpartition(":")[2] == "c" else self._drop()
            self.at = -1

    def _drop(self) -> None:
        self.look.edits.append(Edit(self.name, self.at, self.parser.CurrentByteIndex, b""))

    def _end_cell(self) -> None:
        if any(self.parts.values()):
            self.look.note(self.row, self.column, self.attributes.get("r", f"R{self.row}C{self.column}"))
        cell_text = self._as_text()
        if cell_text is not None:
            prefix = self.name[: -len("c")]
            attributes = {key: value for key, value in self.attributes.items() if key in ("r", "s")} | {
                "t": "str"
            }
            head = " ".join(f"{key}='{escape(value)}'" for key, value in attributes.items())
            cell = (
                f"<{self.name} {head}><{prefix}v>{escape(cell_text, quote=False)}</{prefix}v></{self.name}>"
            )
            self.look.edits.append(Edit(self.name, self.at, self.parser.CurrentByteIndex, cell.encode()))

    def _as_text(self) -> str | None:
        """What a cell says that the reader would lose; None for all others."""
        kind, value = self.attributes.get("t", "n"), self.parts.get("v", "")
        if kind == "e":
            return value or None
        if kind == "d":
            day = _ISO_DAY.fullmatch(value)
            return day[1] if day else value
        if kind == "inlineStr":
            return value if value and "t" not in self.parts else None
        if "f" in self.parts and not value and kind != "str":
            return "=" + self.parts["f"]
        return None
