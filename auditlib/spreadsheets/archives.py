"""A zipped workbook before it is opened: is it whole, how large is it, and which cells would its reader lose?

Everything is read in pieces; a sheet is held whole only where it has to be written anew.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from xml.parsers import expat

from auditlib.spreadsheets import crossed_out, open_documents, sheet_xml
from auditlib.spreadsheets.refusals import (
    BYTES,
    CELLS,
    DAMAGED_FILE,
    LARGEST,
    MOST_CELLS,
    MOST_ROWS,
    PACKED_FILE,
    Refused,
)

ZIP = b"PK\x03\x04"
ARCHIVE_ERRORS = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError, OverflowError,
    expat.ExpatError, OSError,
)  # fmt: skip
_PIECE = 1 << 20
_OF_WORKBOOKS = {"[Content_Types].xml", "xl/workbook.xml", "xl/workbook.bin", "content.xml", "mimetype"}
_LARGE, _DENSEST = 128 << 20, 200  # bytes of a part, and times that it may be packed
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_DATES_OF_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*date1904\s*=\s*[\"'](?:1|true|on)[\"']")


@dataclass
class Inspection:
    """What is known before reading: ``content`` as it may be read, and what the reader does not tell, by sheet name."""

    content: bytes
    hidden: dict[str, list[int]] = field(default_factory=dict)
    merges: dict[str, list[Any]] = field(default_factory=dict)
    struck: dict[str, list[int]] = field(default_factory=dict)  # rows that are crossed out, from 1
    has_strikes: bool = False  # something is crossed out, and the rows cannot be told
    dates_of_1904: bool = False


def unpacked_size(content: bytes) -> int:
    """Bytes of all parts as the archive tells them; raises ``Refused``, also for an archive of other files."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if not _OF_WORKBOOKS & {*archive.namelist()}:
                raise Refused(PACKED_FILE)
            return sum(part.file_size for part in archive.infolist())
    except ARCHIVE_ERRORS as error:
        raise Refused(DAMAGED_FILE) from error


def inspect(content: bytes) -> Inspection:
    """What is no zip, is cut short, is larger than it says or larger than can be held is refused."""
    if unpacked_size(content) > LARGEST:
        raise Refused(BYTES)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if any(map(_is_bomb, archive.infolist())):
                raise Refused(BYTES)
            return _inspect(archive, content)
    except ARCHIVE_ERRORS as error:
        raise Refused(DAMAGED_FILE) from error


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    """A large part packed to next to nothing: no sheet that a person filled in repeats itself so."""
    return part.file_size > _LARGE and part.file_size > _DENSEST * part.compress_size


def _inspect(archive: zipfile.ZipFile, content: bytes) -> Inspection:
    """Every part is read to its end: one that is larger than it says, or damaged, fails its checksum here."""
    inspection, titles, anew = Inspection(content), sheet_titles(archive), {}
    for part in archive.infolist():
        if part.filename in titles:
            if sheet_xml.is_conspicuous(pieces(archive, part)):
                name = titles[part.filename]
                anew[part.filename], inspection.hidden[name] = _mend(archive, part)
        elif part.filename == "content.xml":
            document = open_documents.look_at(pieces(archive, part))
            if any(space > MOST_CELLS or rows > MOST_ROWS for rows, space in document.reaches()):
                raise Refused(CELLS)
            inspection.merges, inspection.hidden = document.merges, document.hidden
            inspection.struck, inspection.dates_of_1904 = document.struck, document.of_1904
        elif part.filename == "xl/workbook.xml":
            inspection.dates_of_1904 = bool(_DATES_OF_1904.search(archive.read(part)))
        else:
            for _piece in pieces(archive, part):
                pass
    if anew:
        inspection.content = _with_parts(archive, anew)
    if titles and (styles := crossed_out.styles_of(archive)):
        inspection.struck = {
            name: crossed_out.rows(archive.read(part), styles)
            for part, name in titles.items()
            if part in archive.namelist()
        }
    return inspection


def pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo | str) -> Iterator[bytes]:
    """A part, a megabyte at a time."""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _mend(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[bytes, list[int]]:
    """The sheet with the cells written anew that would be lost, and its hidden rows."""
    xml = sheet_xml.as_utf8(archive.read(part))
    look = sheet_xml.look_at([xml])
    return sheet_xml.apply_edits(xml, look.edits), look.hidden


def _with_parts(archive: zipfile.ZipFile, anew: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for part in archive.infolist():
            new.writestr(part.filename, anew.get(part.filename) or archive.read(part))
    return target.getvalue()


def sheet_titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part of the archive -> name of the sheet; empty for workbooks that are laid out otherwise."""
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(archive.namelist()):
        return {}
    relations = _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {_attribute(tag, b"Id"): _attribute(tag, b"Target") for tag in relations}
    sheets = _SHEET.findall(archive.read("xl/workbook.xml"))
    parts = {_attribute(tag, rb"\w+:id"): unescape(_attribute(tag, b"name")) for tag in sheets}
    return {_part(targets.get(key, "")): name for key, name in parts.items()}


def _part(target: str) -> str:
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _attribute(tag: bytes, name: bytes) -> str:
    match = re.search(rb"\s" + name + rb"\s*=\s*[\"']([^\"']*)[\"']", tag)
    return match[1].decode("utf-8", "replace") if match else ""
