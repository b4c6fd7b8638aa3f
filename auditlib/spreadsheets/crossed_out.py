"""Rows of an .xlsx that somebody has crossed out: most of their filled cells are in a struck-through font.

Which formats have such a font is told by the workbook's styles; only where one has are the cells looked at. Of an .xls or
.et it is told whether a format has such a font, and not of which cells. An .ods is looked at in :mod:`open_documents`.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter

STYLES = "xl/styles.xml"
_FONTS = re.compile(rb"<fonts\b.*?</fonts>", re.DOTALL)
_FONT = re.compile(rb"<font\b[^>]*/>|<font\b.*?</font>", re.DOTALL)
_STRIKE = re.compile(rb"<strike\b(?![^>]*val\s*=\s*[\"'](?:0|false)[\"'])")
_FORMATS = re.compile(rb"<cellXfs\b.*?</cellXfs>", re.DOTALL)
_FORMAT = re.compile(rb"<xf\b[^>]*>")
_FONT_OF = re.compile(rb"\bfontId\s*=\s*[\"']([0-9]{1,6})[\"']")
_FILLED_PATTERN = re.compile(rb"<c\b([^>]*[^/>])>")  # one without content ends in />
_STYLE = re.compile(rb"\bs\s*=\s*[\"']([0-9]{1,6})[\"']")
_ROW = re.compile(rb"\br\s*=\s*[\"'][A-Z]{1,3}([1-9][0-9]{0,6})[\"']")
# [MS-XLS] 2.4.122 Font: its length, height, flags, weight, the length of its name and how wide its letters are
_FONT_RECORD = re.compile(rb"\x31\x00(.)\x00(..)(..)..(..)....(?:.)\x00(.)([\x00\x01])", re.DOTALL)
_XF_RECORD = re.compile(
    rb"\xe0\x00\x14\x00(..)..(..)", re.DOTALL
)  # 2.4.353 XF: its font, and whether it is a cell's
_STRUCK_FLAG, _OF_STYLE, _NO_FONT = 0x0008, 0x0004, 4  # font 4 is never there


def is_used(content: bytes) -> bool:
    """Does an .xls or .et have a format of cells in a struck-through font?"""
    fonts = [_number(match[3]) & _STRUCK_FLAG for match in _FONT_RECORD.finditer(content) if _is_font(match)]
    if not any(fonts):
        return False
    used_fonts = {
        _number(match[1]) for match in _XF_RECORD.finditer(content) if not _number(match[2]) & _OF_STYLE
    }
    places = {number - (number > _NO_FONT) for number in used_fonts}
    return any(is_struck and place in places for place, is_struck in enumerate(fonts))


def _is_font(match: re.Match[bytes]) -> bool:
    length, name, wide = match[1][0], match[5][0], match[6][0]
    return length == 16 + name * (1 + wide) and 100 <= _number(match[4]) <= 1000 and _number(match[2]) >= 20


def _number(two: bytes) -> int:
    return int.from_bytes(two, "little")


def styles_of(archive: zipfile.ZipFile) -> frozenset[int]:
    """The numbers of the formats whose font is struck through."""
    styles = archive.read(STYLES) if STYLES in archive.namelist() else b""
    fonts, formats = _FONTS.search(styles), _FORMATS.search(styles)
    if not fonts or not formats or not _STRIKE.search(fonts[0]):
        return frozenset()
    struck_fonts = {place for place, font in enumerate(_FONT.findall(fonts[0])) if _STRIKE.search(font)}
    fonts_used = [_FONT_OF.search(each) for each in _FORMAT.findall(formats[0])]
    return frozenset(place for place, font in enumerate(fonts_used) if font and int(font[1]) in struck_fonts)


def rows(sheet: bytes, styles: frozenset[int]) -> list[int]:
    """The rows of the sheet (its XML) of whose filled cells at least half have one of the formats."""
    filled_counts, struck_counts = Counter[int](), Counter[int]()
    for cell in _FILLED_PATTERN.finditer(sheet):
        row, style = _ROW.search(cell[1]), _STYLE.search(cell[1])
        if row:
            filled_counts[int(row[1])] += 1
            struck_counts[int(row[1])] += bool(style and int(style[1]) in styles)
    return sorted(row for row, count in struck_counts.items() if count and 2 * count >= filled_counts[row])
