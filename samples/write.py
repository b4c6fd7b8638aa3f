"""Writing a delivery's files, remembering the address of every row. The same rows give the same bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from samples.books import row_fen
from samples.dirt import Pen
from samples.layout import FileLayout
from samples.model import Row, yuan

CREATION_TIME = dt.datetime(2021, 1, 4, 9, 0)
BLANK_EVERY = 2500


@dataclass
class LineOfFile:
    """A line of a sheet: a record, or something around the records (``kind``)."""

    cells: list[object]
    kind: str
    row: Row | None = None


@dataclass
class WrittenDelivery:
    """What a file holds: records, lines that are none, and records that cannot be read."""

    file: str
    table: str
    records: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[str, str]] = field(default_factory=list)


Pages = dict[str, list[LineOfFile]]


def lay_out(layout: FileLayout, rows: list[Row], words: dict[str, str], pen: Pen) -> Pages:
    """The lines of each sheet of a file (a text file has one, without name); ``words`` go into the titles."""
    sheets: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        sheets[layout.sheet or ("" if layout.encoding else row.sheet)].append(row)
    pages = {name: list(_lines(layout, part, words, pen)) for name, part in sheets.items()}
    if layout.notes:
        pages["填表说明"] = [LineOfFile([note], "no_header") for note in layout.notes]
    return pages


def write_file(folder: Path, layout: FileLayout, pages: Pages) -> None:
    """One file, text or workbook."""
    if layout.encoding:
        _write_csv(folder / layout.file, layout, pages)
    else:
        _write_workbook(folder / layout.file, layout, pages)


def tell(layout: FileLayout, pages: Pages) -> WrittenDelivery:
    """What the file holds; every row is told its address."""
    file = WrittenDelivery(layout.file, layout.table)
    for name, lines in pages.items():
        place = f"{layout.file}!{name}" if name else layout.file
        for number, line in enumerate(lines, 1):
            if line.row is None:
                file.left_out[line.kind] += 1
                continue
            line.row.source = f"{place}!{number}"
            if line.row.rejected:
                file.rejected.append((line.row.source, line.row.rejected))
            else:
                file.records += 1
    return file


def _lines(layout: FileLayout, rows: list[Row], words: dict[str, str], pen: Pen) -> Iterator[LineOfFile]:
    width = len(layout.columns) + len(layout.extra)
    if layout.title:
        yield LineOfFile([layout.title.format(**words)], "title")
    if layout.unit:
        kind = "unit" if layout.unit.startswith("单位") else "title"
        yield LineOfFile([*[""] * (width - 2), layout.unit.format(**words)], kind)
    yield from _header(layout)
    yield from _body(layout, rows, pen)
    if layout.totals:
        yield _sum_line(layout, rows, "合计")
    if layout.signature:
        yield LineOfFile([""], "blank")
        yield LineOfFile([layout.signature.format(**words)], "signature")


def _header(layout: FileLayout) -> Iterator[LineOfFile]:
    headers: list[object] = [*layout.columns.values(), *layout.extra]
    if not layout.groups:
        yield LineOfFile(headers, "header")
        return
    upper: list[object] = list(headers)
    lower: list[object] = [""] * len(headers)
    for start, end in _spans(layout):
        upper[start] = next(title for first, _, title in layout.groups if _at(layout, first) == start)
        for at in range(start, end + 1):
            lower[at] = headers[at]
            if at > start:
                upper[at] = ""
    yield LineOfFile(upper, "header")
    yield LineOfFile(lower, "header")


def _at(layout: FileLayout, column: str) -> int:
    return list(layout.columns).index(column)


def _spans(layout: FileLayout) -> list[tuple[int, int]]:
    return [(_at(layout, first), _at(layout, last)) for first, last, _ in layout.groups]


def _body(layout: FileLayout, rows: list[Row], pen: Pen) -> Iterator[LineOfFile]:
    part: list[Row] = []
    before = ""
    for number, row in enumerate(rows, 1):
        key = row.cells.get("school_code", "") if layout.subtotals else ""
        if layout.subtotals and part and key != before:
            yield _sum_line(layout, part, "小计")
            part = []
        before = key
        part.append(row)
        if "payment_no" in layout.columns:
            row.cells["payment_no"] = str(number)
        yield LineOfFile(
            [pen.cell(row, column) for column in layout.columns] + list(layout.extra.values()), "record", row
        )
        if number % BLANK_EVERY == 0:
            yield LineOfFile([""], "blank")
    if layout.subtotals and part:
        yield _sum_line(layout, part, "小计")


def _sum_line(layout: FileLayout, rows: list[Row], word: str) -> LineOfFile:
    cells: list[object] = [""] * (len(layout.columns) + len(layout.extra))
    cells[0] = word
    total = yuan(sum(row_fen(row) for row in rows if not row.rejected))
    cells[_at(layout, "amount")] = total if layout.encoding else float(total)
    return LineOfFile(cells, "subtotal")


def _write_csv(path: Path, layout: FileLayout, pages: Pages) -> None:
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    for lines in pages.values():
        for line in lines:
            out.writerow(line.cells)
    path.write_bytes(text.getvalue().encode(layout.encoding))


def _write_workbook(path: Path, layout: FileLayout, pages: Pages) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
        book.set_properties({"created": CREATION_TIME, "title": path.stem})
        formats = Formats(book)
        for name, lines in pages.items():
            _write_sheet(book.add_worksheet(name), layout, lines, formats)
    _press(path)


def _press(path: Path) -> None:
    """The same workbook as small as it gets: the repository keeps it."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as loose, zipfile.ZipFile(path, "w") as target:
        for part in loose.infolist():
            target.writestr(part, loose.read(part), zipfile.ZIP_DEFLATED, compresslevel=9)


class Formats:
    """The few cell formats of a county's workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        self.header = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1})
        self.date = book.add_format({"num_format": "yyyy-mm-dd"})
        self.merged = book.add_format({"valign": "vcenter"})


def _write_sheet(sheet: Worksheet, layout: FileLayout, lines: list[LineOfFile], formats: Formats) -> None:
    width = len(layout.columns) + len(layout.extra)
    headers = [at for at, line in enumerate(lines) if line.kind == "header"]
    for at, line in enumerate(lines):
        if line.kind == "title":
            sheet.merge_range(at, 0, at, width - 1, str(line.cells[0]), formats.title)
        elif line.kind != "header":
            _write_line(sheet, at, line.cells, formats)
    _write_header(sheet, layout, lines, headers, formats)
    if layout.merged:
        _merge_down(sheet, layout, lines, formats)


def _write_line(sheet: Worksheet, at: int, cells: list[object], formats: Formats) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, dt.date):
            sheet.write_datetime(at, column, dt.datetime(cell.year, cell.month, cell.day), formats.date)
        elif isinstance(cell, int | float):
            sheet.write_number(at, column, cell)
        elif cell:
            sheet.write_string(at, column, str(cell))


def _write_header(
    sheet: Worksheet, layout: FileLayout, lines: list[LineOfFile], headers: list[int], formats: Formats
) -> None:
    if len(headers) < 2:
        for at in headers:
            sheet.write_row(at, 0, lines[at].cells, formats.header)
        return
    first, second = headers
    grouped_columns = {at for start, end in _spans(layout) for at in range(start, end + 1)}
    for start, end in _spans(layout):
        sheet.merge_range(first, start, first, end, str(lines[first].cells[start]), formats.header)
    for at, title in enumerate(lines[first].cells):
        if at in grouped_columns:
            sheet.write_string(second, at, str(lines[second].cells[at]), formats.header)
        else:
            sheet.merge_range(first, at, second, at, str(title), formats.header)


def _merge_down(sheet: Worksheet, layout: FileLayout, lines: list[LineOfFile], formats: Formats) -> None:
    """Cells of one household merged into one."""
    column = _at(layout, layout.merged)
    records = [(at, line.row.cells[layout.merged]) for at, line in enumerate(lines) if line.row]
    start = 0
    for n in range(1, len(records) + 1):
        if n == len(records) or records[n][1] != records[start][1]:
            if n - start > 1:
                sheet.merge_range(
                    records[start][0], column, records[n - 1][0], column, records[start][1], formats.merged
                )
            start = n
