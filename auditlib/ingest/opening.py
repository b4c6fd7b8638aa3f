"""Opening one file: what kind it is by its content, not by its name, and its SHA-256."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from auditlib.ingest import packages, unreadable
from auditlib.ingest.grids import Grid
from auditlib.ingest.text_files import read_text
from auditlib.ingest.workbooks import OLE, read_workbook

PIECE = 1 << 20
_MARKUP = (
    b"<html",
    b"<!doctype",
    b"<table",
    b"<?xml",
    b"<head",
    b"<meta",
    b"<div",
    b"<body",
    b"<style",
    b"<tr",
    b"mime-version:",
)
_OTHER = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")


@dataclass(frozen=True)
class Opened:
    """A file's sheets; ``encoding`` is that of a text file."""

    sha256: str
    encoding: str | None
    grids: list[Grid]


def read_bytes(path: Path) -> tuple[bytes, str]:
    """The content and its SHA-256, read once; raises ``Unreadable``."""
    digest, pieces = hashlib.sha256(), []
    try:
        if path.stat().st_size > packages.LARGEST:
            raise unreadable.too_large(f"{packages.LARGEST >> 20} MiB")
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                pieces.append(piece)
    except OSError as error:
        raise unreadable.cannot_open() from error
    return b"".join(pieces), digest.hexdigest()


def open_grids(content: bytes) -> tuple[list[Grid], str | None]:
    """The sheets, and the encoding of a text file; raises ``Unreadable``."""
    if not content:
        raise unreadable.empty_file()
    if content.startswith((OLE, packages.ZIP)):
        return read_workbook(content), None
    beginning = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith(_MARKUP):
        raise unreadable.web_page()
    if content.startswith(_OTHER):
        raise unreadable.not_a_table()
    grid, encoding = read_text(content)
    if not any(cell is not None for cell in grid.first_cells):
        raise unreadable.no_sheets()
    return [grid], encoding
