"""The raw tables: what every sheet hands on, put together into one frame of text a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat

import pandas as pd

from auditlib.base.errors import Problem
from auditlib.ingest.deliveries.delivery import Delivery, FileReport
from auditlib.ingest.deliveries.tasks import Records
from auditlib.ingest.files.cells import CellsByColumn, bare
from auditlib.ingest.headers.overlooked import Overlooked, Unused
from auditlib.ingest.messages.by_kind import by_kind
from auditlib.tables.delivered import TABLES, Table

STEPS = ("posted_from", "posted_to", "approved_on")  # an empty cell of one says that it was not taken
STATED_COLUMNS = ("unit", "coding")  # companions of a column that its header states


def columns_of(table: Table) -> list[str]:
    """``source``, ``file``, the table's columns, and the unit or coding of those that have one."""
    companions = [f"{c.name}_{c.kind.companion}" for c in table.columns if c.kind.companion in STATED_COLUMNS]
    return ["source", "file", *table.by_name, *companions]


class Frames:
    """Gathers records by table; a table that is asked for and has no record is a frame without rows."""

    def __init__(self, tables: Iterable[str]):
        self._cells: dict[str, CellsByColumn] = {
            name: {column: [] for column in columns_of(TABLES[name])} for name in tables if name in TABLES
        }
        self._schools: tuple[int, frozenset[str]] = (0, frozenset())
        self._found: dict[str, set[str]] = {name: set() for name in self._cells}
        self._of_sheets: dict[str, dict[str, set[str]]] = {name: {} for name in self._cells}

    def add(self, table: Table, records: Records) -> None:
        count = len(records.sources)
        for column, cells in self._cells[table.name].items():
            if column == "source":
                cells.extend(records.sources)
            elif column in records.cells:
                cells.extend(records.cells[column])
            else:
                value = records.file if column == "file" else records.throughout.get(column)
                cells.extend(repeat(value, count))
        columns_given = records.cells.keys() | records.throughout.keys()
        self._found[table.name] |= columns_given & table.by_name.keys()
        for sheet in {source.rpartition("!")[0] for source in records.sources}:
            self._of_sheets[table.name].setdefault(sheet, set()).update(columns_given)

    def frame(self, table: str) -> pd.DataFrame:
        """The table as far as it has been gathered."""
        return pd.DataFrame(self._cells[table], dtype=object)

    def schools(self) -> frozenset[str]:
        """The names of schools in the county's own registers, without spaces."""
        columns = (("schools", "school_name"), ("schools", "alias"), ("enrolment", "school_name"))
        lists = [self._cells.get(table, {}).get(column, []) for table, column in columns]
        count = sum(map(len, lists))
        if count != self._schools[0]:  # asked for every file; only those of registers add any
            self._schools = count, frozenset(bare(cell).upper() for cell in set().union(*lists) if cell)
        return self._schools[1]

    def schools_written(self) -> frozenset[str]:
        """The names of schools as they stand anywhere in the county's files."""
        lists = [cells.get("school_name", []) for cells in self._cells.values()]
        return self.schools() | {bare(cell).upper() for cell in set().union(*lists) if cell}

    def delivery(
        self,
        reports: Sequence[FileReport],
        problems: Sequence[Problem],
        overlooked_columns: Sequence[Overlooked] = (),
        unused_columns: Sequence[Unused] = (),
    ) -> Delivery:
        """Everything gathered; each problem once."""
        raw = {name: self.frame(name) for name in self._cells}
        columns_found = {name: frozenset(columns) for name, columns in self._found.items()}
        return Delivery(
            raw,
            columns_found,
            tuple(reports),
            by_kind(problems),
            tuple(overlooked_columns),
            tuple(unused_columns),
            self._lacking(),
        )

    def _lacking(self) -> dict[str, tuple[str, ...]]:
        """The sheets of applications without a column that says of a step that it was taken, where others have it."""
        sheets, delivered_columns = (
            self._of_sheets.get("applications", {}),
            self._found.get("applications", set()),
        )
        lacking = {
            column: tuple(sorted(sheet for sheet, columns in sheets.items() if column not in columns))
            for column in STEPS
            if column in delivered_columns
        }
        return {f"applications.{column}": names for column, names in lacking.items() if names}
