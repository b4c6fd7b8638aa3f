"""What ingest hands on: raw tables, what was found in which sheet, and everything that stops the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

import pandas as pd

from auditlib.base.errors import Problem
from auditlib.ingest.headers.overlooked import Overlooked, Unused

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class LeftOut:
    """A row that is no record, with its address and why.

    ``reason``: title, header, unit, subtotal, signature, note, repeated_header, or no_header (a row of a
    sheet that holds no table).
    """

    source: str
    reason: str


@dataclass(frozen=True)
class ListSum:
    """A total printed in a row of a list and what its rows sum to, both in the unit of the list's amounts."""

    source: str
    printed: str
    detail: str

    @property
    def agrees(self) -> bool:
        return Decimal(self.printed) == Decimal(self.detail)


@dataclass(frozen=True)
class SheetReport:
    """One sheet as it was read for one table. A text file is one sheet without a name."""

    name: str
    visible: bool = True
    header_rows: tuple[int, ...] = ()  # as the spreadsheet numbers them; empty where the sheet holds no table
    columns: Mapping[str, str] = field(default_factory=lambda: NOTHING)  # column -> header as it stands
    unused: tuple[str, ...] = ()  # headers that no column took
    helpers: Mapping[str, str] = field(default_factory=lambda: NOTHING)  # read beside: 资助年份 -> term
    units: Mapping[str, str] = field(default_factory=lambda: NOTHING)  # column of yuan -> its unit
    constants: Mapping[str, str] = field(default_factory=lambda: NOTHING)  # column -> what holds for all rows
    stated: tuple[str, ...] = ()  # those of them that stand in the name or the title
    merged_filled: int = 0  # vertical merges filled down
    rows_read: int = 0
    rows_handed_on: int = 0
    left_out: tuple[LeftOut, ...] = ()
    blank_rows: int = 0
    ragged_rows: tuple[int, ...] = ()  # of a text file, with something beyond the last header
    hidden_rows: tuple[int, ...] = ()  # read although the spreadsheet does not show them
    sums: tuple[ListSum, ...] = ()  # totals printed among the rows


@dataclass(frozen=True)
class FileReport:
    """One file read for one table; ``file`` is relative to the data folder, ``encoding`` for text only."""

    file: str
    table: str
    sha256: str
    encoding: str | None
    sheets: tuple[SheetReport, ...]


@dataclass(frozen=True)
class Delivery:
    """A county's files as raw text.

    ``raw``: a frame per table with ``source``, ``file``, every column of the table, and what headers state of
    them (``amount_unit``, ``boarding_coding``); cells are str, None where empty. ``columns_found``: the columns that
    at least one sheet or constant gives. ``problems``: what stops the run; ``raw`` holds the rest.
    ``sheets_lacking``: ``table.column`` to the addresses of the sheets that do not give it, where others do.
    ``unused``: columns that nobody read; ``overlooked``: those of them that look like one of their table's.
    """

    raw: dict[str, pd.DataFrame]
    columns_found: dict[str, frozenset[str]]
    files: tuple[FileReport, ...]
    problems: tuple[Problem, ...]
    overlooked: tuple[Overlooked, ...] = ()
    unused: tuple[Unused, ...] = ()
    sheets_lacking: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
