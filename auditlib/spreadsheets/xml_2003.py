"""Excel's XML spreadsheets of 2003 (SpreadsheetML), which many systems export under the name .xls or .xml."""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from auditlib.spreadsheets.refusals import DAMAGED_FILE, PAGE, Refused
from auditlib.spreadsheets.tables import CellTable, decode

_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?$")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def is_xml_2003(content: bytes) -> bool:
    """Does the file begin as such a spreadsheet does? In UTF-16 too."""
    beginning = content[:2048].replace(b"\0", b"")
    return (
        beginning.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<?xml")
        and _NAMESPACE.encode() in beginning
    )


def sheets(content: bytes) -> list[dict[str, Any]]:
    """Its sheets in the form of :class:`auditlib.spreadsheets.Sheet`. Raises ``Refused``."""
    book = _Book()
    try:
        book.parser.Parse(_DECLARATION.sub("", decode(content)).encode(), True)
    except expat.ExpatError as error:
        raise Refused(DAMAGED_FILE) from error
    lists = [(name, table) for name, table in book.tables if any(table.filled)]
    if not lists:
        raise Refused(PAGE)
    has_strikes = b"StrikeThrough" in content  # by a style; of which rows is not told here
    return [
        {**table.sheet(name), "visible": name not in book.unseen, "has_strikes": has_strikes}
        for name, table in lists
    ]


class _Book:
    """``tables`` by the names of their sheets, in order."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.EntityDeclHandler = self.entity
        self.parser.buffer_text = True
        self.tables: list[tuple[str, CellTable]] = []
        self.unseen = set[str]()
        self.parts: list[str] | None = None
        self.cell: tuple[str, int, int] | None = None  # its text, and what it spans
        self.kind = ""
        self.column = 0
        self.visible = False

    def entity(self, *_declaration: object) -> None:
        raise Refused(DAMAGED_FILE)  # a spreadsheet declares none; who does means harm

    def start(self, name: str, attributes: dict[str, str]) -> None:
        own = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        match name.rpartition(" ")[2]:
            case "Worksheet":
                self.tables.append((own.get("Name", ""), CellTable()))
            case "Row" if self.tables:
                self._row(own)
            case "Cell" if self.tables and self.tables[-1][1].rows:
                self.column = int(own["Index"]) - 1 if _is_number(own.get("Index")) else self.column
                self.cell = ("", _span(own, "MergeDown"), _span(own, "MergeAcross"))
            case "Data" if self.cell:
                self.parts, self.kind = [], own.get("Type", "String")
            case "Visible":
                self.parts, self.visible = [], True

    def _row(self, own: dict[str, str]) -> None:
        table, self.column = self.tables[-1][1], 0
        while _is_number(own.get("Index")) and table.rows < int(own["Index"]) - 1:
            table.begin_row(is_hidden=False)
        table.begin_row(is_hidden=own.get("Hidden") == "1")

    def text(self, data: str) -> None:
        if self.parts is not None:
            self.parts.append(data)

    def end(self, name: str) -> None:
        match name.rpartition(" ")[2]:
            case "Data" if self.cell and self.parts is not None:
                text = "".join(self.parts).strip()
                self.cell = (_MIDNIGHT.sub("", text) if self.kind == "DateTime" else text, *self.cell[1:])
                self.parts = None
            case "Cell" if self.cell:
                self.column = self.tables[-1][1].add(*self.cell, column=self.column)
                self.cell = None
            case "Visible" if self.parts is not None and self.visible:
                if "Hidden" in "".join(self.parts) and self.tables:
                    self.unseen.add(self.tables[-1][0])
                self.parts, self.visible = None, False


def _is_number(text: str | None) -> bool:
    return (
        bool(text)
        and str(text).isascii()
        and str(text).isdigit()
        and len(str(text)) < 8
        and int(str(text)) > 0
    )


def _span(own: dict[str, str], name: str) -> int:
    """How many rows or columns the cell takes; the file tells how many more than one."""
    return min(int(own[name]), 16_000) + 1 if _is_number(own.get(name)) else 1
