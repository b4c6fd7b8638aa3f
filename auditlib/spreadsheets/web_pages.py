"""Web pages that hold a table, as many systems export them under the name .xls: their tables as sheets of text.

Only what stands in cells is read, as it is written there, so that a number keeps its digits; nothing that a page names is
fetched. Tables within tables, and pages without a table (a login page, a frame of other files), are refused.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from auditlib.spreadsheets.cells import of_text
from auditlib.spreadsheets.refusals import CELLS, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, PAGE, Refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TAGS = (b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<div", b"<body", b"<style", b"<tr")
_FEWEST = 2  # rows and columns of a table that is a list; a page's frame has fewer
_MOST_SPANNED = {"rowspan": 65_534, "colspan": 1_000}  # as browsers have it
_MOST_TAKEN = 4_000_000  # places
_UNSEEN = ("script", "style", "title", "select", "textarea")
_CELLS = ("td", "th")
_STRUCK = ("s", "strike", "del")
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
    page.feed(_decoded(content))
    page.close()
    tables = [table for table in page.tables if table.is_list]
    if page.is_nested or not tables:
        raise Refused(PAGE)
    names = [f"表{place}" for place in range(1, len(tables) + 1)] if len(tables) > 1 else [""]
    return [table.sheet(name) for name, table in zip(names, tables, strict=True)]


def _decoded(content: bytes) -> str:
    """The page as text: by its mark, else UTF-8, else GB18030, which holds what pages call GBK or GB2312."""
    marked = [encoding for mark, encoding in _MARKS if content.startswith(mark)]
    for encoding in marked or ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(PAGE)


@dataclass
class _Table:
    """``filled``: row -> column -> text; ``taken``: places that a cell above or to the left covers."""

    rows: int = 0
    columns: int = 0
    filled: list[dict[int, str]] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)
    merges: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    struck: dict[int, int] = field(default_factory=dict)  # row -> its filled cells that are crossed out

    @property
    def is_list(self) -> bool:
        return self.columns >= _FEWEST and sum(map(bool, self.filled)) >= _FEWEST

    def begin_row(self, *, is_hidden: bool) -> None:
        self.filled.append({})
        self.rows = len(self.filled)
        if is_hidden:
            self.hidden.append(self.rows)
        if self.rows > MOST_ROWS:
            raise Refused(CELLS)

    def add(self, text: str, down: int, across: int, *, is_struck: bool = False) -> None:
        """A cell in the first free place of the last row."""
        if text and is_struck:
            self.struck[self.rows] = self.struck.get(self.rows, 0) + 1
        row, column = self.rows - 1, max(self.filled[-1], default=-1) + 1
        while (row, column) in self.taken:
            column += 1
        if column + across > MOST_COLUMNS or len(self.taken) + down * across > _MOST_TAKEN:
            raise Refused(CELLS)
        self.filled[-1][column] = text
        self.columns = max(self.columns, column + across)
        if down > 1 or across > 1:
            self.taken |= {(row + i, column + k) for i in range(down) for k in range(across)}
            self.merges.append(((row, column), (row + down - 1, column + across - 1)))

    def _filled(self, row: int) -> int:
        return sum(map(bool, self.filled[row - 1].values()))

    def sheet(self, name: str) -> dict[str, Any]:
        if self.rows * self.columns > MOST_CELLS:
            raise Refused(CELLS)
        return {
            "name": name,
            "visible": True,
            "hidden": self.hidden,
            "struck": [row for row, count in self.struck.items() if 2 * count >= self._filled(row)],
            "top": 0,
            "left": 0,
            "height": self.rows,
            "cells": [[of_text(row.get(at, "")) for row in self.filled] for at in range(self.columns)],
            "runs": [(0, self.rows)],
            "merges": [(first, (min(last[0], self.rows - 1), last[1])) for first, last in self.merges],
            "of_1904": False,
        }


class _Page(HTMLParser):
    """``tables`` in their order; ``is_nested``: one stands within another, and what is a record cannot be told."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
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
            self.tables.append(_Table())
        elif self.depth and tag == "tr":
            self._end_cell()
            self.tables[-1].begin_row(is_hidden=bool(_NOT_SHOWN.search(attributes.get("style") or "")))
            self.row_is_struck = bool(_LINE_THROUGH.search(attributes.get("style") or ""))
        elif self.depth and tag in _CELLS:
            self._begin_cell(attributes)
        elif tag in ("br", "p", "div") and self.parts is not None:
            self.parts.append(" ")
        if tag in _STRUCK or _LINE_THROUGH.search(attributes.get("style") or ""):
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
