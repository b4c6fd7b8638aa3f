"""The one door through which workbooks are read (.xlsx, .xlsm, .xls, .xlsb, .ods, lists in web pages and XML): in a process of its own.

Whatever a file does to its reader, the process that asked goes on and is told what is wrong. Under Linux and macOS
the system holds the reader to its memory and time; elsewhere it is watched, and ended when it takes too much.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import marshal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditlib.base.masking import scrub
from auditlib.spreadsheets.readers import answer_to
from auditlib.spreadsheets.refusals import CELLS, Refused
from auditlib.spreadsheets.web_pages import is_page
from auditlib.spreadsheets.xml_2003 import is_xml_2003

__all__ = [
    "OLE",
    "ZIP",
    "Refused",
    "Sheet",
    "is_page",
    "is_workbook",
    "is_xml_2003",
    "read_texts",
    "read_values",
]

OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"


@dataclass(frozen=True)
class Sheet:
    """A sheet as read: ``cells`` by column (texts) or by row (values), the first at ``top`` and ``left``, from 0.

    - ``runs``: the rows that columns hold, as first row (from 0) and number of rows; between them all are blank.
    - ``hidden``: numbers of the rows that the program does not show, from 1. ``struck``: of those that are crossed out.
    - ``merges``: first row and column, last row and column, from 0.
    - ``of_1904``: a day is counted from 1904, where it stands as a mere number.
    - ``has_strikes``: something in the workbook is crossed out, and its kind does not tell here what.
    """

    name: str
    visible: bool
    hidden: tuple[int, ...]
    top: int
    left: int
    height: int
    cells: list[Any]
    runs: tuple[tuple[int, int], ...]
    merges: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    of_1904: bool
    struck: tuple[int, ...] = ()
    has_strikes: bool = False


def is_workbook(content: bytes) -> bool:
    """By the first bytes, not by the file's name."""
    return content.startswith((OLE, ZIP))


def read_texts(content: bytes) -> list[Sheet]:
    """The sheets that are not empty, each a list of columns of text. Raises ``Refused``."""
    return [_sheet(sheet) for sheet in _sheets_of("texts", content)]


def read_values(content: bytes) -> list[tuple[str, list[list[Any]]]]:
    """Name and rows of every sheet, from its first row, each a list of values: text, numbers, Booleans, days, times.

    An error or a formula without a result is its text (``#N/A``, ``=A1+B1``), never an empty cell. Raises ``Refused``.
    """
    return [(sheet.name, _from_the_first(sheet)) for sheet in map(_sheet, _sheets_of("values", content))]


def _from_the_first(sheet: Sheet) -> list[list[Any]]:
    blank: list[Any] = [""] * sheet.left
    above: list[list[Any]] = [[] for _ in range(sheet.top)]
    return above + [blank + [_moment(value) for value in row] for row in sheet.cells]


def _moment(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    kind, text = value
    return dt.datetime.fromisoformat(text) if kind == "datetime" else dt.date.fromisoformat(text)


def _sheet(sheet_parts: Mapping[str, Any]) -> Sheet:
    return Sheet(
        **{
            **sheet_parts,
            "hidden": tuple(sheet_parts["hidden"]),
            "struck": tuple(sheet_parts.get("struck", ())),
            "merges": tuple(sheet_parts["merges"]),
            "runs": tuple(sheet_parts["runs"]),
        }
    )


def _sheets_of(what: str, content: bytes) -> list[dict[str, Any]]:
    """The answer of the process; where reading fails, another is asked how far the file reaches."""
    answer = _answer(what, content) or _answer("reach", content) or {"refused": CELLS, "facts": {}}
    if "sheets" not in answer:
        raise Refused(answer["refused"], **{name: scrub(fact) for name, fact in answer["facts"].items()})
    return list(answer["sheets"])


def _answer(what: str, content: bytes) -> dict[str, Any] | None:
    """What the process says; None where it ended without a word, or was told by its memory that it had to stop."""
    answer = _whole_answer(answer_to(marshal.dumps((what, content))))
    asks_on = not answer or (what != "reach" and answer.get("refused") == CELLS)
    return None if asks_on else answer


def _whole_answer(output: bytes) -> dict[str, Any]:
    """The answer in marshal's form; nothing where it was cut off."""
    with contextlib.suppress(EOFError, ValueError, TypeError):
        return dict(marshal.loads(output))
    return {}
