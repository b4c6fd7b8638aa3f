"""Text files (CSV and the like): encoding, separator, records with the physical line on which each begins."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice, zip_longest

from auditlib.ingest import unreadable
from auditlib.ingest.cells import Column, of_text
from auditlib.ingest.grids import Grid

SEPARATORS = ",\t;|"
SAMPLE = 60  # lines from which the separator is told
CHUNK = 1 << 20  # bytes decoded at a time while looking for the encoding
RECORDS = 20_000  # records turned into columns at a time
LONGEST_CELL = 1 << 20
MOST_LINES = 40  # lines of one record; more means a quotation mark that was never closed
_TRUE_UTF8 = 20  # so many sound characters before the first wrong byte: damaged UTF-8, not another encoding
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

Chunk = tuple[list[int], list[list[str]]]


def read_text(content: bytes) -> tuple[Grid, str]:
    """The one sheet of a text file, and its encoding; raises ``Unreadable``."""
    encoding = encoding_of(content)
    if not encoding.startswith("utf-16") and b"\0" in content[:CHUNK]:
        raise unreadable.not_a_table()
    numbers: list[int] = []
    columns: list[Column] = []
    for lines, rows in _chunks(content, encoding):
        _append(columns, len(numbers), rows)
        numbers.extend(lines)
    return Grid("", numbers, columns, is_text=True), encoding


def encoding_of(content: bytes) -> str:
    """UTF-8 or UTF-16 by their marks, else UTF-8, else GB18030 (which covers GBK and GB 2312)."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            _raise_first(_wrong_byte(content, encoding), content)
            return encoding
    wrong = _wrong_byte(content, "utf-8")
    if wrong is None:
        return "utf-8"
    if _sound_characters(content[:wrong]) < _TRUE_UTF8 and (wrong := _wrong_byte(content, "gb18030")) is None:
        return "gb18030"
    _raise_first(wrong, content)
    raise AssertionError("unreachable: a wrong byte was found")


def _wrong_byte(content: bytes, encoding: str) -> int | None:
    """The offset of the first byte that ``encoding`` does not know; decodes in pieces, keeps nothing."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(content), CHUNK):
        held = len(decoder.getstate()[0])  # bytes of a character that the last piece began
        try:
            decoder.decode(content[start : start + CHUNK], final=start + CHUNK >= len(content))
        except UnicodeDecodeError as error:
            return start - held + error.start
    return None


def _sound_characters(beginning: bytes) -> int:
    return sum(byte >= 0xC0 for byte in beginning[-4096:])


def _raise_first(wrong: int | None, content: bytes) -> None:
    if wrong is not None:
        raise unreadable.undecodable(wrong, content.count(b"\n", 0, wrong) + 1)


def _lines(content: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")


def _separator(content: bytes, encoding: str) -> tuple[str, int]:
    """The separator that cuts the first lines into most cells, and the cells of the widest line then."""
    sample = list(islice(_lines(content, encoding), SAMPLE))
    widths = {mark: [len(cells) for cells in csv.reader(sample, delimiter=mark)] for mark in SEPARATORS}
    best = max(SEPARATORS, key=lambda mark: sum(widths[mark]) - len(widths[mark]))
    return best, max(widths[best], default=0)


def _chunks(content: bytes, encoding: str) -> Iterator[Chunk]:
    """Records in portions, each with the line on which it begins."""
    csv.field_size_limit(LONGEST_CELL)
    line = 1
    try:
        separator, width = _separator(content, encoding)
        reader = csv.reader(_lines(content, encoding), delimiter=separator)
        lines: list[int] = []
        rows: list[list[str]] = []
        for cells in reader:
            lines.append(line)
            rows.append(cells)
            if reader.line_num > line:
                _check_quotes(cells, line, reader.line_num, separator, width)
            line = reader.line_num + 1
            if len(rows) == RECORDS:
                yield lines, rows
                lines, rows = [], []
        yield lines, rows
    except csv.Error as error:
        raise unreadable.long_cell(line) from error


def _check_quotes(cells: list[str], line: int, last: int, separator: str, width: int) -> None:
    """A cell may hold line breaks, but not whole records: that is a quotation mark left open."""
    swallowed = max(part.count(separator) for cell in cells for part in cell.splitlines() or [""])
    if last - line >= MOST_LINES or swallowed >= max(3, width - 2):
        raise unreadable.open_quote(line)


class _Texts(dict[str | None, str | None]):
    """Cell -> text, each distinct cell looked at once and kept once: a million rows name few schools."""

    def __missing__(self, cell: str) -> str | None:
        self[cell] = text = of_text(cell)
        return text


def _append(columns: list[Column], so_far: int, rows: list[list[str]]) -> None:
    """Short rows end in empty cells, long ones make new columns: nothing shifts."""
    added = [list(map(_Texts({None: None}).__getitem__, column)) for column in zip_longest(*rows)]
    columns.extend([None] * so_far for _ in range(len(added) - len(columns)))
    for position, column in enumerate(columns):
        column.extend(added[position] if position < len(added) else [None] * len(rows))
