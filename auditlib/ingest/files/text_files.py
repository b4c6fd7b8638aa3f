"""Text files (CSV and the like): encoding, separator, records with the physical line on which each begins."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest

from auditlib.ingest.files import unreadable
from auditlib.ingest.files.cells import ColumnCells, of_text
from auditlib.ingest.files.grids import Grid

SEPARATORS = ",\t;|"
SAMPLE = 60  # lines from which the separator is told
CHUNK = 1 << 20  # bytes decoded at a time while looking for the encoding
RECORDS = 20_000  # records turned into columns at a time
LONGEST_CELL = 1 << 20
MOST_CELLS = 16_384  # of a line
RARE = 0.02  # share of the rows that may be cut short
MOST_LINES = 40  # lines of one record; more means a quotation mark that was never closed
_TRUE_UTF8 = 20  # so many sound characters before the first wrong byte: damaged UTF-8, not another encoding
_MARKS = (  # that of UTF-32 begins as that of UTF-16 does
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

Chunk = tuple[list[int], list[list[str]]]


def read_text(content: bytes) -> tuple[Grid, str]:
    """The one sheet of a text file, and its encoding; raises ``UnreadableFile``."""
    encoding = encoding_of(content)
    if not encoding.startswith(("utf-16", "utf-32")) and b"\0" in content[:CHUNK]:
        raise unreadable.not_a_table()
    numbers: list[int] = []
    columns: list[ColumnCells] = []
    for lines, rows in _chunks(content, encoding):
        _append(columns, len(numbers), rows)
        numbers.extend(lines)
    return Grid("", numbers, columns, is_text=True), encoding


def encoding_of(content: bytes) -> str:
    """UTF-8, UTF-16 or UTF-32 by their marks, else UTF-8, else GB18030 (which covers GBK and GB 2312)."""
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
        carried_bytes = len(decoder.getstate()[0])  # bytes of a character that the last piece began
        try:
            decoder.decode(content[start : start + CHUNK], final=start + CHUNK >= len(content))
        except UnicodeDecodeError as error:
            return start - carried_bytes + error.start
    return None


def _sound_characters(beginning: bytes) -> int:
    return sum(byte >= 0xC0 for byte in beginning[-4096:])


def _raise_first(wrong: int | None, content: bytes) -> None:
    if wrong is not None:
        raise unreadable.undecodable(wrong, content.count(b"\n", 0, wrong) + 1)


def _lines(content: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")


def _separator(content: bytes, encoding: str) -> str:
    """The separator that cuts the first lines into most cells."""
    sample = [line[:LONGEST_CELL] for line in islice(_lines(content, encoding), SAMPLE)]
    widths = {mark: [len(cells) for cells in csv.reader(sample, delimiter=mark)] for mark in SEPARATORS}
    return max(SEPARATORS, key=lambda mark: sum(widths[mark]) - len(widths[mark]))


def _chunks(content: bytes, encoding: str) -> Iterator[Chunk]:
    """Records in portions, each with the line on which it begins."""
    csv.field_size_limit(LONGEST_CELL)
    line = 1
    try:
        separator = _separator(content, encoding)
        physical = _Kept(_lines(content, encoding))
        reader, quotes = csv.reader(physical, delimiter=separator), _Quotes(separator)
        lines: list[int] = []
        rows: list[list[str]] = []
        for cells in reader:
            lines.append(line)
            rows.append(cells)
            quotes.look_at(physical.taken(), len(cells), line)
            line = reader.line_num + 1
            if len(rows) == RECORDS:
                yield lines, rows
                lines, rows = [], []
        quotes.check()
        yield lines, rows
    except csv.Error as error:
        raise unreadable.long_cell(line) from error


class _Kept(Iterator[str]):
    """Physical lines on their way to the reader, kept until they are taken."""

    def __init__(self, lines: Iterable[str]):
        self._lines = iter(lines)
        self._kept: list[str] = []

    def __next__(self) -> str:
        line = next(self._lines)
        self._kept.append(line)
        return line

    def taken(self) -> list[str]:
        lines, self._kept = self._kept, []
        return lines


class _Quotes:
    """Tells cells of several lines from records that a stray quotation mark has run into one cell.

    A file's rows are counted in two ways: as its quotation marks tell, and line by line as if there were none. A cell
    may hold line breaks, but not lines that alone have as many cells as a row.
    """

    def __init__(self, separator: str):
        self._separator = separator
        self._widths: Counter[int] = Counter()  # of the records of one line
        self._long: list[
            tuple[int, list[int]]
        ] = []  # the others: where each begins, and the widths of its lines

    def look_at(self, lines: list[str], cells: int, begins: int) -> None:
        """A record of ``cells``, as it stands on ``lines``, of which the first is the line ``begins`` of the file."""
        if cells > MOST_CELLS:
            raise unreadable.wide_line(begins)
        if len(lines) == 1:
            self._widths[cells] += 1
        elif len(lines) > MOST_LINES:
            raise unreadable.open_quote(begins)
        elif len(lines) > 1:
            self._long.append((begins, [line.count(self._separator) + 1 for line in lines]))

    def check(self) -> None:
        """Raises ``UnreadableFile`` where a record is several."""
        row = self._narrowest_row()
        for begins, (first, *between, last) in self._long:
            if min(first, last) >= row or max(between, default=0) >= row:
                raise unreadable.open_quote(begins)

    def _narrowest_row(self) -> int:
        """Cells of the narrowest rows that are usual in the file; titles and notes stand in a single cell."""
        many = {width: count for width, count in self._widths.items() if width > 1}
        if not many:
            return 1 if self._widths else 2
        usual = max(2, sum(many.values()) * RARE)
        return min((width for width, count in many.items() if count >= usual), default=max(many))


class _Texts(dict[str | None, str | None]):
    """Cell -> text, each distinct cell looked at once and kept once: a million rows name few schools."""

    def __missing__(self, cell: str) -> str | None:
        self[cell] = text = of_text(cell)
        return text


def _append(columns: list[ColumnCells], so_far: int, rows: list[list[str]]) -> None:
    """Short rows end in empty cells, long ones make new columns: nothing shifts."""
    added_columns = [list(map(_Texts({None: None}).__getitem__, column)) for column in zip_longest(*rows)]
    columns.extend([None] * so_far for _ in range(len(added_columns) - len(columns)))
    for position, column in enumerate(columns):
        column.extend(added_columns[position] if position < len(added_columns) else [None] * len(rows))
