"""Web pages that hold a table, as many systems export them under the name .xls: their tables as sheets of text.

Only what stands in cells is read, as it is written there, so that a number keeps its digits; nothing that a page names is
fetched. Tables within tables, and pages without a table (a login page, a frame of other files), are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from auditlib.spreadsheets.refusals import PAGE, Refused
from auditlib.spreadsheets.tables import CellTable, decode

_TAGS = (b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<div", b"<body", b"<style", b"<tr")
_MOST_SPANNED = {"rowspan": 65_534, "colspan": 1_000}  # as browsers have it
_UNSEEN = ("script", "style", "title", "select", "textarea")
_CELLS = ("td", "th")
_STRUCK_TAGS = ("s", "strike", "del")
_LINE_THROUGH = re.compile(r"line-through", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def is_page(content: bytes) -> bool:
    """Does the file begin as a web page does? By its first bytes; XML of other kinds is none."""
    beginning = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith(b"<?xml"):
        beginning = beginning.partition(b"?>")[2].lstrip()
    return beginning.startswith(_TAGS)


def sheets(content: bytes) -> list[dict[str, Any]]:
    """The tables of the page in the form of :class:`auditlib.spreadsheets.Sheet`. Raises ``Refused``."""
    page = _Page()
    page.feed(decode(content))
    page.close()
    tables = [table for table in page.tables if table.is_list]
    if page.is_nested or not tables:
        raise Refused(PAGE)
    names = [f"表{place}" for place in range(1, len(tables) + 1)] if len(tables) > 1 else [""]
    return [table.sheet(name) for name, table in zip(names, tables, strict=True)]


class _Page(HTMLParser):
    """``tables`` in their order; ``is_nested``: one stands within another, and what is a record cannot be told."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[CellTable] = []
        self.is_nested = False
        self.depth = self.unseen = 0
        self.parts: list[str] | None = None  # of the cell at hand
        self.spans = (1, 1)
        self.is_struck = self.row_is_struck = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag == "table":
            self._end_cell()
            self.depth += 1
            self.is_nested |= self.depth > 1
            self.tables.append(CellTable())
        elif self.depth and tag == "tr":
            self._end_cell()
            self.tables[-1].begin_row(is_hidden=bool(_NOT_SHOWN.search(attributes.get("style") or "")))
            self.row_is_struck = bool(_LINE_THROUGH.search(attributes.get("style") or ""))
        elif self.depth and tag in _CELLS:
            self._begin_cell(attributes)
        elif tag in ("br", "p", "div") and self.parts is not None:
            self.parts.append(" ")
        if tag in _STRUCK_TAGS or _LINE_THROUGH.search(attributes.get("style") or ""):
            self.is_struck |= self.parts is not None

    def _begin_cell(self, attributes: Mapping[str, str | None]) -> None:
        self._end_cell()
        if not self.tables[-1].rows:
            self.tables[-1].begin_row(is_hidden=False)
        self.is_struck = self.row_is_struck
        self.parts, self.spans = [], (_span(attributes, "rowspan"), _span(attributes, "colspan"))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(self.unseen - 1, 0)
        elif tag in (*_CELLS, "tr", "table"):
            self._end_cell()
        if tag == "table":
            self.depth = max(self.depth - 1, 0)

    def handle_data(self, data: str) -> None:
        if self.parts is not None and not self.unseen:
            self.parts.append(data)

    def close(self) -> None:
        super().close()
        self._end_cell()

    def _end_cell(self) -> None:
        if self.parts is not None:
            text = _SPACE.sub(" ", "".join(self.parts)).strip()
            self.tables[-1].add(text, *self.spans, is_struck=self.is_struck)
            self.parts = None


def _span(attributes: Mapping[str, str | None], name: str) -> int:
    text = (attributes.get(name) or "1").strip()
    most = _MOST_SPANNED[name]
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() and len(text) < 8 else 1
