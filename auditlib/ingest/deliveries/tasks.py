"""What is asked of a file, and what one sheet of it gave."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from auditlib.base.errors import Problem
from auditlib.ingest.deliveries.delivery import LeftOut, SheetReport
from auditlib.ingest.files.cells import ColumnCells
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.files.patterns import fits_name
from auditlib.ingest.headers.fitting import fits, records_of
from auditlib.ingest.headers.layout import Layout, find_layout, missing
from auditlib.ingest.headers.looks import Knowledge
from auditlib.ingest.headers.overlooked import Unused
from auditlib.ingest.headers.spellings import Spellings
from auditlib.ingest.messages.problems import Place
from auditlib.ingest.titles.schools import school_of_sheet
from auditlib.tables.delivered import Table
from auditlib.tables.vocabulary import Vocabulary

OF_ONE_SCHOOL = (
    "enrolment",
    "payments",
    "planned",
    "applications",
    "attendance",
    "home_teaching",
    "dropouts",
)  # tables of which a sheet is often one school's


@dataclass(frozen=True)
class Task:
    """A file to be read for a table; ``constants`` are given by the run's parameters for every row."""

    table: Table
    file: str
    constants: Mapping[str, str]
    spellings: Mapping[str, Spellings]  # of all tables
    term: str = ""  # of the run
    knowledge: Knowledge = field(default_factory=Knowledge)
    # patterns of sheets' names, and constants for them
    by_sheet: tuple[tuple[str, Mapping[str, str]], ...] = ()
    stated: tuple[str, ...] = ()  # constants that names and titles tell
    not_needed: tuple[str, ...] = ()  # patterns of sheets' names that are of no table

    @property
    def words(self) -> Vocabulary:
        """The spellings of each coded kind."""
        return self.knowledge.words

    def contradicts(self, sheet: str) -> bool:
        """Do several patterns say different things of one column of the sheet?"""
        sheet_constants = [constants for pattern, constants in self.by_sheet if fits_name(sheet, pattern)]
        return any(
            one[key] != other[key]
            for one in sheet_constants
            for other in sheet_constants
            for key in one.keys() & other.keys()
        )

    def claims(self, sheet: str) -> bool:
        """Do the parameters name the sheet for this table?"""
        return any(fits_name(sheet, pattern) for pattern, _ in self.by_sheet)

    def of_sheet(self, sheet: str) -> Task:
        """The same, with what the parameters say of this sheet."""
        sheet_constants = [constants for pattern, constants in self.by_sheet if fits_name(sheet, pattern)]
        return (
            replace(self, constants={**self.constants, **ChainMap(*map(dict, sheet_constants))})
            if sheet_constants
            else self
        )

    def layout_of(self, grid: Grid) -> Layout | None:
        """The header of the sheet, complete or not, if it has one."""
        constant_columns = frozenset(self.constants)
        layout = find_layout(grid, self.table, self.spellings[self.table.name], constant_columns)
        return layout and self._with_school_of_sheet(grid, self._with_grade_of_class(grid, layout))

    def school_of(self, grid: Grid, layout: Layout) -> str | None:
        """The school of every record of the sheet, where its title or name states it and no column does."""
        columns = layout.columns.keys() | self.constants.keys()
        if self.table.name not in OF_ONE_SCHOOL or columns & {"school_name", "school_code"}:
            return None
        return school_of_sheet(grid, self.file, layout.rows[0], self.knowledge.schools)

    def _with_school_of_sheet(self, grid: Grid, layout: Layout) -> Layout:
        if ("school_code", "school_name") not in layout.missing or not self.school_of(grid, layout):
            return layout
        columns = {*layout.columns, *self.constants, "school_name"}
        return replace(layout, missing=missing(self.table, columns))

    def _with_grade_of_class(self, grid: Grid, layout: Layout) -> Layout:
        """Where no column tells grade or stage, the classes do, if their names say it (三(2)班, 2022级3班); 1 and 2 are classes."""
        class_cell = layout.columns.get("class_name")
        if not class_cell or ("stage", "grade") not in layout.missing:
            return layout
        if not fits(
            self.table.by_name["grade"],
            records_of(grid.columns[class_cell.position], layout.last),
            {
                "grade": {
                    word: code for word, code in self.words.get("grade", {}).items() if not word.isdigit()
                }
            },
        ):
            return layout
        with_grade = {**layout.columns, "grade": class_cell}
        return replace(
            layout, columns=with_grade, missing=missing(self.table, with_grade.keys() | self.constants.keys())
        )

    def address(self, grid: Grid, row: int) -> str:
        """``file!sheet!row``, or ``file!row`` for a text file; ``row.2`` for the second of several persons in the row."""
        sheet = f"!{grid.name}" if grid.name else ""
        return f"{self.file}{sheet}!{grid.label(row)}"

    def place(self, grid: Grid, row: int | None = None) -> Place:
        return Place(self.file, grid.name, None if row is None else grid.numbers[row])

    def header_place(self, grid: Grid, layout: Layout) -> Place:
        return Place(self.file, grid.name, grid.numbers[layout.last], row_is_header=True)

    def left_out(self, grid: Grid, reasons: Mapping[int, str]) -> tuple[LeftOut, ...]:
        """``reasons`` by grid position, as addresses in the order of the sheet."""
        return tuple(LeftOut(self.address(grid, row), reasons[row]) for row in sorted(reasons))


@dataclass(frozen=True)
class Records:
    """Rows handed on. ``cells`` by column, as long as ``sources``; ``throughout``: columns and companions
    that are the same for all of them; ``by_sheet``: those of them that the sheet's title or name states."""

    file: str
    sources: list[str] = field(default_factory=list)
    cells: Mapping[str, ColumnCells] = field(default_factory=dict)
    throughout: Mapping[str, str] = field(default_factory=dict)
    by_sheet: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SheetRead:
    """``kind``: a sheet of the table, one of something else, or one that a problem kept from being read."""

    kind: Literal["table", "other", "failed"]
    report: SheetReport
    records: Records
    problems: tuple[Problem, ...] = ()
    unused: tuple[Unused, ...] = ()
