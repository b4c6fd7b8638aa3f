"""Sheets that hold the records of other sheets once more: a copy, or the sheets of all classes put together.

Every record of such a sheet would count twice. Only sheets whose number of records fits are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditlib.base.errors import Problem
from auditlib.ingest.deliveries.tasks import Records
from auditlib.ingest.files.cells import ColumnCells
from auditlib.ingest.messages import problems
from auditlib.ingest.messages.problems import Place
from auditlib.tables.delivered import Table

FEWEST = 2  # records; a single one may well stand in two sheets
_COUNT_COLUMNS = ("payment_no",)  # runs from 1 in every sheet
_TELLING = ("id_number", "student_no", "school_code", "school_name")


@dataclass(frozen=True)
class SheetRecords:
    """The records of one sheet, by column; what the run's parameters say of all of them goes along."""

    place: Place
    cells: Mapping[str, ColumnCells]
    throughout: Mapping[str, str]
    count: int

    def rows(self, columns: Sequence[str]) -> Counter[tuple[str | None, ...]]:
        return Counter(zip(*(self.cells[column] for column in columns), strict=True))


class Copies:
    """The sheets of a delivery, table by table, and what is wrong with them."""

    def __init__(self) -> None:
        self._sheets: dict[str, list[SheetRecords]] = {}

    def add(self, table: Table, place: Place, records: Records) -> None:
        if len(records.sources) >= FEWEST:
            # A copy of a sheet has another name: what the name states does not tell the two apart.
            own_constants = {
                name: text for name, text in records.throughout.items() if name not in records.by_sheet
            }
            sheet = SheetRecords(place, dict(records.cells), own_constants, len(records.sources))
            self._sheets.setdefault(table.name, []).append(sheet)

    def problems(self, table: Table) -> Iterator[Problem]:
        """Each pair of equal sheets, and each sheet that is all the others of its file or its table together."""
        sheets = self._sheets.get(table.name, [])
        if len(sheets) < 2:
            return
        by_count: dict[int, list[SheetRecords]] = {}
        equal = []
        for sheet in sheets:
            alike = by_count.setdefault(sheet.count, [])
            first = next((other for other in alike if _same(sheet, [other])), None)
            if first:
                equal.append(sheet)
                yield problems.same_records(table, [first.place], sheet.place)
            else:
                alike.append(sheet)
        if not equal:
            yield from _sums(table, sheets)


def _sums(table: Table, sheets: Sequence[SheetRecords]) -> Iterator[Problem]:
    files = {sheet.place.file for sheet in sheets}
    groups = [[s for s in sheets if s.place.file == file] for file in sorted(files)]
    for group in [*groups, *([sheets] if len(files) > 1 else [])]:
        total = sum(sheet.count for sheet in group)
        for sheet in group:
            others = [other for other in group if other is not sheet]
            if len(others) > 1 and sheet.count * 2 == total and _same(sheet, others):
                yield problems.same_records(table, [other.place for other in others], sheet.place)


def _same(sheet: SheetRecords, others: Sequence[SheetRecords]) -> bool:
    """Are the records of ``sheet`` those of ``others``, in whatever order? Compared in the columns of all."""
    if any(other.throughout != sheet.throughout for other in others):
        return False
    if len(others) == 1 and others[0].cells.keys() != sheet.cells.keys():
        return False
    common_columns = (
        set(sheet.cells).intersection(*(other.cells for other in others)).difference(_COUNT_COLUMNS)
    )
    if not common_columns.intersection(_TELLING):
        return False
    columns = sorted(common_columns)
    return sheet.rows(columns) == sum((other.rows(columns) for other in others), Counter())
