"""Opening one file: what kind it is by its content, not by its name, and its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from auditlib.ingest.files import unreadable
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.files.text_files import read_text
from auditlib.ingest.files.workbooks import read_workbook
from auditlib.spreadsheets import is_page, is_workbook, is_xml_2003

PIECE = 1 << 20
LARGEST = 2 << 30  # bytes of a file
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
# [MS-XLS] 2.4.21 BOF, of versions 2, 3, 4 and 5 to 8
_BARE_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")  # fmt: skip
_SCAN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_WORD = b"word/document.xml"  # a part of a .docx, by its name in the archive
_OF_WORD, _OF_EXCEL = "WordDocument".encode("utf-16-le"), "Workbook".encode("utf-16-le")  # streams of a .doc
_DBF = (0x02, 0x03, 0x30, 0x31, 0x32, 0x83, 0x8B, 0xF5)  # first byte of a .dbf; behind it year, month and day
_ARCHIVE_MARKS = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


FileSheets = tuple[list[Grid], str | None]  # the sheets, and the encoding of a text file


class Ahead:
    """Opens files one after the other, each while the one before it is being worked on."""

    def __init__(self, paths: Iterable[Path]):
        self._paths = iter(paths)
        self._thread = ThreadPoolExecutor(1, "open")
        self._next = self._begin()

    def __enter__(self) -> Ahead:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def _begin(self) -> Future[tuple[str, Callable[[], FileSheets]]] | None:
        path = next(self._paths, None)
        return self._thread.submit(_digest_and_reader, path) if path else None

    def next_file(self) -> tuple[str, Callable[[], FileSheets]]:
        """SHA-256 of the next file, and what gives its sheets; both raise ``UnreadableFile``."""
        assert self._next is not None, "no file is asked for that was not named"
        at_hand, self._next = self._next, None
        try:
            return at_hand.result()
        finally:
            self._next = self._begin()


def _digest_and_reader(path: Path) -> tuple[str, Callable[[], FileSheets]]:
    content, sha256 = read_bytes(path)
    try:
        grids = open_grids(content)
    except unreadable.UnreadableFile as error:
        wrong = error  # the name of an exception ends with its clause

        def refuse() -> FileSheets:
            raise wrong

        return sha256, refuse
    return sha256, lambda: grids


def read_bytes(path: Path) -> tuple[bytes, str]:
    """The content and its SHA-256, read once; raises ``UnreadableFile``."""
    digest, pieces = hashlib.sha256(), []
    try:
        if not path.is_file():
            raise unreadable.not_a_file()
        if path.stat().st_size > LARGEST:
            raise unreadable.too_large(f"{LARGEST >> 20} MiB")
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                pieces.append(piece)
    except OSError as error:
        raise unreadable.cannot_open() from error
    return b"".join(pieces), digest.hexdigest()


def open_grids(content: bytes) -> tuple[list[Grid], str | None]:
    """The sheets, and the encoding of a text file; raises ``UnreadableFile``."""
    if not content:
        raise unreadable.empty_file()
    if content.startswith(_ARCHIVE_MARKS):
        raise unreadable.packed_file()
    if _is_word(content):
        raise unreadable.word_document()
    if is_workbook(content):
        return read_workbook(content), None
    if content.startswith(_BARE_BIFF):
        raise unreadable.old_xls()
    beginning = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if is_page(content) or is_xml_2003(content):
        return read_workbook(content), None
    if beginning.startswith(_MARKUP):
        raise unreadable.web_page()
    if content.startswith(_SCAN):
        raise unreadable.scan()
    if content[0] in _DBF and len(content) > 32 and 1 <= content[2] <= 12 and 1 <= content[3] <= 31:
        raise unreadable.data_bank()
    grid, encoding = read_text(content)
    if not any(cell is not None for cell in grid.first_cells):
        raise unreadable.no_sheets()
    return [grid], encoding


def _is_word(content: bytes) -> bool:
    """A document of Word by its parts; an .xls that holds one is a workbook. Rich text opens in Word too."""
    if content.startswith(b"{\\rtf"):
        return True
    is_old = is_workbook(content) and _OF_WORD in content and _OF_EXCEL not in content
    return is_old or (content.startswith(b"PK") and _WORD in content)
