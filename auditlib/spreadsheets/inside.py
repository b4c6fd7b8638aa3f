"""What runs in a process of its own: a workbook comes in, its sheets go out, under limits of memory and time.

A reader that asks for a terabyte ends its process, which no ``except`` can catch; here nothing else is lost with it.
Memory is bounded by what the file holds: a few bytes that claim to be a million rows get no more than a few bytes do.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import marshal
import os
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NoReturn

from auditlib.spreadsheets import archives, crossed_out, sheet_xml, web_pages, xml_2003
from auditlib.spreadsheets.cells import cell_text
from auditlib.spreadsheets.framing import frame, next_content
from auditlib.spreadsheets.refusals import (
    CELLS,
    DAMAGED_FILE,
    EMPTY,
    FAR,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    PASSWORD,
    SPARSE,
    Refused,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")
# [MS-XLS] 2.4.77 Date1904 and the record that follows it, 2.4.35 CalcPrecision
_DATES_OF_1904 = b"\x22\x00\x02\x00\x01\x00\x0e\x00\x02\x00"
BASE, MOST, EACH = 1 << 30, 5 << 30, 12  # bytes of memory: to begin with, at most, for each byte unpacked
SECONDS, EACH_SECOND = 60, 4 << 20  # of the processor: to begin with, and one more for so many bytes unpacked
_PORTION = 20_000  # rows turned into columns at a time
_SPARSE = 1_000_000  # cells of a rectangle of which less than a hundredth is filled


def main() -> None:
    """Answers one question asked on stdin: ``(what, content)`` in marshal's form."""
    sys.stdout.buffer.write(_answer(sys.stdin.buffer.read()))


def stay() -> None:
    """Answers the questions on stdin one after the other, each by a process of its own that is forked from this one."""
    import python_calamine  # noqa: F401  # so that no reader has to load it

    with contextlib.suppress(EOFError, BrokenPipeError):  # whoever asked is gone
        while True:
            sys.stdout.buffer.write(frame(_answered_apart(next_content(sys.stdin.buffer))))
            sys.stdout.buffer.flush()


def _answered_apart(question: bytes) -> bytes:
    """What a process forked from this one answers; nothing where it ended without a word."""
    of_reader, of_writer = os.pipe()
    reader = os.fork()
    if not reader:
        _answer_and_end(question, of_writer)
    os.close(of_writer)
    with os.fdopen(of_reader, "rb") as pipe:
        answer = pipe.read()
    _process, status = os.waitpid(reader, 0)
    return answer if status == 0 else b""


def _answer_and_end(question: bytes, of_writer: int) -> NoReturn:
    status = 1
    try:
        with os.fdopen(of_writer, "wb") as pipe:
            pipe.write(_answer(question))
        status = 0
    finally:  # whatever happens here, the process that stays goes on alone
        os._exit(status)


def _answer(question: bytes) -> bytes:
    warnings.simplefilter("ignore")
    what, content = marshal.loads(question)
    try:
        limit(content)
        answer: dict[str, Any] = {"sheets": {"texts": texts, "values": values, "reach": reach}[what](content)}
    except Refused as refused:
        answer = {"refused": refused.reason, "facts": refused.facts}
    except MemoryError:
        answer = {"refused": CELLS, "facts": {}}
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of the reader is no Exception; the file is to blame either way
        answer = {"refused": DAMAGED_FILE, "facts": {}}
    return marshal.dumps(answer)


def limit(content: bytes) -> None:
    """Memory and time in keeping with what the file holds; where the system knows no limits, none."""
    size = archives.unpacked_size(content) if content.startswith(archives.ZIP) else len(content)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        memory = min(MOST, BASE + len(content) + EACH * size)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        seconds = SECONDS + size // EACH_SECOND
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))


def texts(content: bytes) -> list[dict[str, Any]]:
    """The sheets that are not empty, in columns of text."""
    if xml_2003.is_xml_2003(content):
        return xml_2003.sheets(content)
    if web_pages.is_page(content):
        return web_pages.sheets(content)
    return _sheets(content, _columns, keep_empty=False)


def values(content: bytes) -> list[dict[str, Any]]:
    """All sheets, in rows of values: text, numbers, Booleans; days and times as a tuple with their ISO form."""
    return _sheets(content, _rows, keep_empty=True)


def _sheets(
    content: bytes, cells: Callable[..., dict[str, Any]], *, keep_empty: bool
) -> list[dict[str, Any]]:
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    if content.startswith(OLE) and _ENCRYPTED_MARK in content:
        raise Refused(PASSWORD)
    inspection = archives.Inspection(content)
    if content.startswith(archives.ZIP):
        inspection = archives.inspect(content)
    else:
        inspection.dates_of_1904 = _DATES_OF_1904 in content
        inspection.has_strikes = crossed_out.is_used(content)
    try:
        with CalamineWorkbook.from_object(io.BytesIO(inspection.content)) as book:
            sheets = [
                _sheet(
                    book.get_sheet_by_name(meta.name),
                    inspection,
                    cells,
                    meta.visible == SheetVisibleEnum.Visible,
                )
                for meta in book.sheets_metadata
                if meta.typ == SheetTypeEnum.WorkSheet
            ]
    except PasswordError as error:
        raise Refused(PASSWORD) from error
    if not any(sheet["height"] for sheet in sheets):
        raise Refused(EMPTY)
    return [sheet for sheet in sheets if keep_empty or sheet["height"]]


def _sheet(
    sheet: Any, inspection: archives.Inspection, cells: Callable[..., dict[str, Any]], visible: bool
) -> dict[str, Any]:
    top, first_column = sheet.start or (0, 0)
    merges = inspection.merges.get(sheet.name) or sheet.merged_cell_ranges or []
    if sheet.height * sheet.width > MOST_CELLS or sheet.width > MOST_COLUMNS or sheet.height > MOST_ROWS:
        raise Refused(CELLS)
    return {
        "name": sheet.name,
        "visible": visible,
        "hidden": inspection.hidden.get(sheet.name, []),
        "struck": inspection.struck.get(sheet.name, []),
        "has_strikes": inspection.has_strikes,
        "top": top,
        "left": first_column,
        "height": sheet.height if sheet.start else 0,
        **cells(sheet, has_merges=bool(merges)),
        "merges": merges,
        "of_1904": inspection.dates_of_1904,
    }


class _Texts(dict[Any, "str | None"]):
    """Value -> text, each distinct one looked at once and kept once: a million rows name few schools."""

    def __missing__(self, value: Any) -> str | None:
        self[value] = text = cell_text(value)
        return text


def _columns(sheet: Any, *, has_merges: bool) -> dict[str, Any]:
    """Columns of text, and the rows that they hold as first row and number: long stretches of blank rows are left out.

    A stray cell at the end of a sheet would otherwise cost a million blank rows in every step that follows.
    """
    columns: list[list[str | None]] = [[] for _ in range(sheet.width)]
    texts_by_column = [_Texts() for _ in columns]
    rows, at = _body(sheet), sheet.start[0] if sheet.start else 0
    runs: list[tuple[int, int]] = []
    while portion := list(islice(rows, _PORTION)):
        texts_ = [
            _column(cells, of) for cells, of in zip(zip(*portion, strict=True), texts_by_column, strict=True)
        ]
        if has_merges or any(set(column) != {None} for column in texts_):
            runs.append((at, len(portion)))
            for column, more in zip(columns, texts_, strict=True):
                column.extend(more)
        at += len(portion)
    return {"cells": columns, "runs": runs}


def _column(cells: tuple[Any, ...], texts: _Texts) -> list[str | None]:
    # TRUE and 1 are one key to a dictionary.
    return list(map(cell_text if bool in set(map(type, cells)) else texts.__getitem__, cells))


def _body(sheet: Any) -> Iterator[list[Any]]:
    """The rows from the first that is filled."""
    above = sheet.start[0] if sheet.start else 0
    for number, row in enumerate(sheet.iter_rows() if sheet.start else ()):
        if number >= above:
            yield row


def _rows(sheet: Any, *, has_merges: bool) -> dict[str, Any]:
    return {"cells": [[_plain(value) for value in row] for row in _body(sheet)], "runs": []}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return ("datetime", value.isoformat())
    if isinstance(value, dt.date):
        return ("date", value.isoformat())
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def reach(content: bytes) -> None:
    """How far the sheets of an .xlsx reach, asked after reading it has failed; raises ``Refused`` with what is told."""
    if not content.startswith(archives.ZIP):
        raise Refused(CELLS if web_pages.is_page(content) or xml_2003.is_xml_2003(content) else DAMAGED_FILE)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            titles = archives.sheet_titles(archive)
            for part, name in titles.items():
                _refuse_far(name, sheet_xml.look_at(archives.pieces(archive, part)))
            if "content.xml" in archive.namelist():
                raise Refused(CELLS)
    except archives.ARCHIVE_ERRORS as error:
        raise Refused(DAMAGED_FILE) from error
    raise Refused(CELLS if titles else DAMAGED_FILE)


def _refuse_far(name: str, look: sheet_xml.Look) -> None:
    space = look.rows * look.columns
    if space > _SPARSE and look.filled * 100 < space:
        reason = FAR if space > MOST_CELLS else SPARSE
        raise Refused(reason, sheet=name, cell=look.farthest, filled=str(look.filled))
