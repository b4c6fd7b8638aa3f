"""How far a zipped sheet reaches, from its bytes: the last row and the widest column with something in it.

The reader lays a sheet out as a full rectangle. One stray cell in the last corner would make it ask for
gigabytes and end the process, so this is looked at first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Extent = tuple[int, int]  # rows, columns

_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="([0-9]{1,7})"')
# Begins with bytes, not with a boundary: these are found eight times as fast.
_BEYOND_Z = re.compile(rb'r="(?<=\sr=")([A-Z]{2,3})[0-9]{1,7}"[^>]*[^/]>')
_ODS_ROW = re.compile(
    rb"<table:table-row\b([^>]*[^/])>(.*?)</table:table-row>|<table:table-row\b([^>]*)/>", re.DOTALL
)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*)>")
_ROWS_REPEATED = re.compile(rb'number-rows-repeated="([0-9]+)"')
_COLUMNS_REPEATED = re.compile(rb'number-columns-repeated="([0-9]+)"')
_ROW_RECORD, _CELL_RECORDS = 0, range(2, 12)  # [MS-XLSB] BrtRowHdr; BrtCellRk to BrtFmlaError


def column_number(letters: bytes) -> int:
    """A = 1, Z = 26, AA = 27."""
    value = 0
    for letter in letters:
        value = value * 26 + letter - 64
    return value


def of_xml(sheet: bytes) -> Extent:
    """A sheet of an .xlsx: rows come in order; only columns beyond Z are looked for."""
    last = sheet.rfind(b"<row")
    row = _ROW.match(sheet, last) if last >= 0 else None
    letters = set(_BEYOND_Z.findall(sheet))
    return int(row[1]) if row else 0, max(map(column_number, letters), default=26)


def of_ods(content: bytes) -> Extent:
    """The largest sheet of an .ods; repeated rows and cells count as often as they are repeated."""
    rows, widest, position = 0, 0, 0
    for found in _ODS_ROW.finditer(content):
        position += _times(_ROWS_REPEATED, found[1] or found[3] or b"")
        width = _ods_width(found[2] or b"")
        if width:
            rows, widest = position, max(widest, width)
    return rows, widest


def _ods_width(row: bytes) -> int:
    reach = width = 0
    for attributes in _ODS_CELL.findall(row):
        reach += _times(_COLUMNS_REPEATED, attributes)
        if b"value-type" in attributes:
            width = reach
    return width


def _times(attribute: re.Pattern[bytes], tag: bytes) -> int:
    found = attribute.search(tag)
    return int(found[1]) if found else 1


def of_binary(sheet: bytes) -> Extent:
    """A sheet of an .xlsb, record by record."""
    row = rows = columns = 0
    for kind, start in _records(sheet):
        if kind == _ROW_RECORD:
            row = int.from_bytes(sheet[start : start + 4], "little") + 1
        elif kind in _CELL_RECORDS:
            rows = max(rows, row)
            columns = max(columns, int.from_bytes(sheet[start : start + 4], "little") + 1)
    return rows, columns


def _records(sheet: bytes) -> Iterator[tuple[int, int]]:
    """Kind and start of the body of every record; lengths have seven bits a byte."""
    at, end = 0, len(sheet) - 1
    while at < end:
        kind, at = sheet[at], at + 1
        if kind & 0x80:
            kind, at = (kind & 0x7F) | (sheet[at] & 0x7F) << 7, at + 1
        size = shift = 0
        while at <= end:
            byte, at = sheet[at], at + 1
            size, shift = size | (byte & 0x7F) << shift, shift + 7
            if not byte & 0x80:
                break
        yield kind, at
        at += size
