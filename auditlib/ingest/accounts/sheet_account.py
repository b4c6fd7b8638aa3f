"""What ingest understood of every sheet: table, header, columns and their cells, unused columns, first rows as read.

One structure for ingest.json, the terminal, the report and the workbench.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd

from auditlib.base.masking import MASKS, masked_day, masked_household, masked_name, scrub
from auditlib.ingest.cleaning.column_readings import OF_ROW
from auditlib.ingest.deliveries.delivery import Delivery, FileReport, ListSum, SheetReport
from auditlib.ingest.headers.overlooked import Overlooked, Unused
from auditlib.tables.delivered import TABLES
from auditlib.tables.wording import word

FIRST_ROWS, HOUSEHOLD = 3, "household_no"
FIGURES = ("date", "decimal", "int")


@dataclass(frozen=True)
class ColumnAccount:
    """A used column: the header it was recognised by, filled cells, and those that could not be read. ``beside``: headers of
    the columns that were read for it too (资助年份 for the term)."""

    column: str
    header: str
    cells: int
    unread: int
    beside: tuple[str, ...] = ()

    @property
    def headers(self) -> str:
        """All the headers that it was read from, as they may be shown."""
        return "+".join(scrub(header) for header in (self.header, *self.beside))


@dataclass(frozen=True)
class UnusedAccount:
    """A column that nobody read. ``looks_like``: the column of the table that its header or cells look like, or None."""

    header: str
    letter: str
    cells: int
    looks_like: str | None


@dataclass(frozen=True)
class SheetAccount:
    """One sheet as it was understood; ``header_rows`` is empty where it holds no table. ``stated``: columns of
    ``constants`` that the sheet's name or title gave. ``sums``: totals printed among its rows. ``first_rows``: column -> cell, masked as in a publication."""

    table: str
    file: str
    sheet: str
    header_rows: tuple[int, ...]
    rows: int
    used: int
    rejected: int
    left_out: int
    columns: tuple[ColumnAccount, ...]
    unused: tuple[UnusedAccount, ...]
    constants: Mapping[str, str]
    stated: tuple[str, ...]
    first_rows: tuple[Mapping[str, str], ...]
    sums: tuple[ListSum, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return asdict(self)

    def rows_in_words(self, language: str) -> list[str]:
        """The first rows as read, masked, columns in their order: ``姓名 甲**、学段 小学``."""
        columns = TABLES[self.table].by_name
        between = "、" if language == "zh" else ", "

        def titled_cell(name: str, cell: str) -> str:
            # What parameters tell for a sheet without the column is a code.
            spoken_cell = word(cell, language) if columns[name].kind.codes else cell
            return f"{columns[name].title.into(language)} {spoken_cell}"

        return [
            between.join(titled_cell(name, cell) for name, cell in row.items()) for row in self.first_rows
        ]


def sheet_accounts(
    delivery: Delivery, readings: pd.DataFrame, rejected: pd.DataFrame
) -> tuple[SheetAccount, ...]:
    """Every sheet of every file, in their order. ``readings``: see :mod:`auditlib.ingest.cleaning.column_readings`; ``rejected``:
    ``table, source, reason``."""
    return tuple(_accounts(delivery, readings, rejected))


def _accounts(delivery: Delivery, readings: pd.DataFrame, rejected: pd.DataFrame) -> Iterator[SheetAccount]:
    columns = {
        key: tuple(ColumnAccount(*row) for row in rows[["column", "header", "cells", "unread"]].itertuples(index=False))
        for key, rows in readings.groupby(["table", "file", "sheet"], sort=False)
    }  # fmt: skip
    unused_accounts: dict[tuple[str, str, str], list[UnusedAccount]] = {}
    likes = {id(one.unused): one for one in delivery.overlooked}
    for one in delivery.unused:
        key = (one.table.name, one.place.file, one.place.sheet)
        unused_accounts.setdefault(key, []).append(_unused_account(one, likes.get(id(one))))
    places = rejected["source"].str.replace(OF_ROW, "", regex=True)
    rejected_counts = rejected.groupby([rejected["table"], places]).size().to_dict()
    first = {name: _first_rows(name, frame) for name, frame in delivery.raw.items()}
    for report in delivery.files:
        for sheet in report.sheets:
            key = (report.table, report.file, sheet.name)
            place = f"{report.file}!{sheet.name}" if sheet.name else report.file
            bad = int(rejected_counts.get((report.table, place), 0))
            rows = first.get(report.table, {}).get(place, ())
            with_helpers = _with_helpers(columns.get(key, ()), sheet)
            yield _account(report, sheet, bad, with_helpers, tuple(unused_accounts.get(key, ())), tuple(rows))


def _with_helpers(columns: tuple[ColumnAccount, ...], sheet: SheetReport) -> tuple[ColumnAccount, ...]:
    """``columns`` with what was read for them beside; a column that only others tell stands by their headers."""
    beside: dict[str, tuple[str, ...]] = {}
    for header, column in sheet.helpers.items():
        beside[column] = (*beside.get(column, ()), header)
    own = tuple(replace(one, beside=beside.pop(one.column, ())) for one in columns)
    return own + tuple(
        ColumnAccount(column, first, sheet.rows_handed_on, 0, rest)
        for column, (first, *others) in beside.items()
        for rest in [tuple(others)]
    )


def _account(
    report: FileReport,
    sheet: SheetReport,
    rejected: int,
    columns: tuple[ColumnAccount, ...],
    unused_accounts: tuple[UnusedAccount, ...],
    first_rows: tuple[Mapping[str, str], ...],
) -> SheetAccount:
    return SheetAccount(
        report.table,
        report.file,
        sheet.name,
        sheet.header_rows,
        sheet.rows_read,
        sheet.rows_handed_on - rejected,
        rejected,
        len(sheet.left_out),
        columns,
        unused_accounts,
        dict(sheet.constants),
        sheet.stated,
        first_rows,
        sheet.sums,
    )


def _unused_account(one: Unused, like: Overlooked | None) -> UnusedAccount:
    return UnusedAccount(scrub(one.header), one.letter, one.filled, like.column.name if like else None)


def _first_rows(table: str, frame: pd.DataFrame) -> dict[str, list[dict[str, str]]]:
    """``file!sheet`` -> its first rows."""
    place = frame["source"].str.replace(OF_ROW, "", regex=True)
    head = frame.groupby(place, sort=False).head(FIRST_ROWS)
    rows: dict[str, list[dict[str, str]]] = {}
    for where, row in zip(place.loc[head.index], head.to_dict("records"), strict=True):
        rows.setdefault(where, []).append(_masked(table, row))
    return rows


def _masked(table: str, row: Mapping[str, Any]) -> dict[str, str]:
    delivered_cells = {
        c.name: str(cell) for c in TABLES[table].columns if (cell := row.get(c.name)) is not None
    }
    masked_row = {name: masked_cell(table, name, cell) for name, cell in delivered_cells.items()}
    if not any(_is_out_of_place(table, name, cell) for name, cell in delivered_cells.items()):
        return masked_row
    # The row has shifted: a name may stand in any column.
    return {
        name: masked_name(cell) if masked_row[name] == delivered_cells[name] else cell
        for name, cell in masked_row.items()
    }


def _is_out_of_place(table: str, column: str, cell: str) -> bool:
    """A name with figures in it, or letters alone where a number, a day or a sum should be?"""
    kind = TABLES[table].by_name[column].kind
    has_figure = any(character.isdigit() for character in cell)
    if kind.masked == "name":
        return has_figure
    is_figure = kind.masked != "" or kind.dtype.startswith(FIGURES)
    return is_figure and not has_figure and any(character.isalpha() for character in cell)


def masked_cell(table: str, column: str, cell: str) -> str:
    """A cell as a publication may show it, by what its column is."""
    kind = TABLES[table].by_name[column].kind
    if column == HOUSEHOLD:
        return masked_household(cell)
    mask = masked_day if kind.masked == "hidden" else MASKS.get(kind.masked, scrub)
    return mask(cell)
