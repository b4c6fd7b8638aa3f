"""A zipped workbook before it is opened: is it whole, how large is it, and which cells would its reader lose?

The reader gives errors (#N/A) and formulas without a stored result as empty cells; here their text is found.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from html import unescape

from auditlib.ingest import extents, unreadable

ZIP = b"PK\x03\x04"
LARGEST = 2 << 30  # bytes, all parts unpacked
MOST_CELLS = 40_000_000  # rows x columns of one sheet
_PIECE = 1 << 20
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ADDRESS = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_ERROR = re.compile(rb'<c ([^>]*\bt="e"[^>]*)(?<!/)>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL)
_NO_RESULT = re.compile(rb"<c ([^>]*[^/])>\s*<f\b[^>]*>([^<]*)(?:</f>)?\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError)

Patches = dict[tuple[int, int], str]  # row and column of the sheet, from 0


def inspect(content: bytes) -> Mapping[str, Patches]:
    """Per sheet name, the text of cells that the reader would lose; raises ``Unreadable``.

    What is no zip, is cut short, is larger than it says or larger than can be held is refused.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST:
                raise unreadable.too_large(f"{LARGEST >> 20} MiB")
            return {name: found for name, xml in _sheets(archive) if (found := _patches(xml))}
    except _BROKEN as error:
        raise unreadable.damaged_workbook() from error


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Name and XML of the sheets of an .xlsx; every other part of the archive is checked on the way."""
    titles = _titles(archive)
    for part in archive.infolist():
        if part.filename in titles:
            xml = archive.read(part)
            _check(extents.of_xml(xml))
            yield titles[part.filename], xml
        elif part.filename.startswith("xl/worksheets/") and part.filename.endswith(".bin"):
            _check(extents.of_binary(archive.read(part)))
        elif part.filename == "content.xml":
            _check(extents.of_ods(archive.read(part)))
        else:
            _read_through(archive, part)


def _check(extent: extents.Extent) -> None:
    if extent[0] * extent[1] > MOST_CELLS:
        raise unreadable.too_large(f"{MOST_CELLS:,} 格")


def _read_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """A part that is larger than it says, or damaged, fails its checksum here and not in the reader."""
    with archive.open(part) as stream:
        while stream.read(_PIECE):
            pass


def _titles(archive: zipfile.ZipFile) -> dict[str, str]:
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
    found = re.search(rb"\s" + name + rb"\s*=\s*[\"']([^\"']*)[\"']", tag)
    return found[1].decode("utf-8", "replace") if found else ""


def _patches(xml: bytes) -> Patches:
    errors = {_position(m[1]): _plain(m[2]) for m in _ERROR.finditer(xml)} if b't="e"' in xml else {}
    formulas = {_position(m[1]): "=" + _plain(m[2]) for m in _no_results(xml)} if b"<f" in xml else {}
    return errors | formulas


def _no_results(xml: bytes) -> Iterator[re.Match[bytes]]:
    """Formulas without a stored result; one whose result is the empty text (``t="str"``) has one."""
    return (found for found in _NO_RESULT.finditer(xml) if b't="str"' not in found[1])


def _plain(text: bytes) -> str:
    return unescape(text.decode("utf-8", "replace"))


def _position(attributes: bytes) -> tuple[int, int]:
    """A cell without an address has none that could be patched."""
    cell = _ADDRESS.search(attributes)
    return (int(cell[2]) - 1, extents.column_number(cell[1]) - 1) if cell else (-1, -1)
