"""Files as delivered -> raw text tables with the address of every row, and everything that stops the run.

Cells are not cleaned here. What a sheet holds beside its records (titles, totals, signatures, notes) is left
out with its address and reason; rows read = rows handed on + rows left out, for every sheet.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from auditlib.base import places
from auditlib.base.errors import Problem
from auditlib.ingest.deliveries.copies import Copies
from auditlib.ingest.deliveries.delivery import Delivery, FileReport, LeftOut, SheetReport
from auditlib.ingest.deliveries.frames import Frames
from auditlib.ingest.deliveries.tasks import SheetRead, Task
from auditlib.ingest.files import unreadable
from auditlib.ingest.files.find import Folder, Wanted, find, list_folder, with_constants, without
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.files.opening import Ahead
from auditlib.ingest.files.patterns import fits_name
from auditlib.ingest.headers.inquiries import sheets_not_found
from auditlib.ingest.headers.looks import Knowledge
from auditlib.ingest.headers.overlooked import Unused, column_questions, overlooked_columns
from auditlib.ingest.headers.spellings import OwnColumns, Spellings, read_spellings, with_own
from auditlib.ingest.messages import problems
from auditlib.ingest.sheets.sheet import accepts, no_table, read_sheet
from auditlib.tables.delivered import TABLES
from auditlib.tables.vocabulary import Vocabulary

__all__ = ["Delivery", "FileReport", "LeftOut", "SheetReport", "deliver"]

_NONE: Mapping[str, Mapping[str, str]] = MappingProxyType({})


def deliver(
    data_dir: Path,
    sources: Mapping[str, Sequence[str | Mapping[str, str]]],
    columns: OwnColumns = _NONE,
    *,
    words: Vocabulary = _NONE,
    progress: Callable[[str], None] | None = None,
    on_table: Callable[[str, pd.DataFrame], None] | None = None,
    term: str = "",
    constants: Mapping[str, Sequence[Any]] = MappingProxyType({}),
    not_needed: Sequence[Any] = (),
) -> Delivery:
    """Reads the files that ``sources`` name (glob patterns below ``data_dir``, a list per table).

    ``columns``: table -> header -> column, for headers that params/headers.csv does not know; None for one that is not
    needed. ``words``: the spellings of coded values, against which constants and columns that nobody read are held. ``progress`` is told the name of
    each file before it is read; ``on_table`` each table and its frame as soon as the last file of it has been read.
    ``term``: the run's, which payments that name none are taken to be of. ``constants``: entries like those of ``sources``
    that give constants to the files which ``sources`` name, where these say nothing themselves. ``not_needed``: patterns of
    files, or of sheets of files, that are read for no table.
    Raises nothing that a file can cause: see ``problems``.
    """
    spellings, wrong = read_spellings(places.headers())
    spellings, own_wrong = with_own(spellings, columns)
    frames = Frames(name for name, entries in sources.items() if entries)
    if not Path(data_dir).is_dir():
        return frames.delivery([], [*wrong, *own_wrong, problems.no_folder(str(data_dir))])
    folder = list_folder(Path(data_dir))
    wanted_files, source_wrong = find(folder, sources, words)
    wanted_files = without(with_constants(wanted_files, constants), not_needed)
    reader = _Reader(folder, spellings, frames, progress or (lambda _: None), term, Knowledge(words))
    to_come = Counter(one.table.name for one in wanted_files)
    reports = []
    with Ahead(folder.files[file] for file, _tables in _table_by_table(wanted_files)) as files_ahead:
        for file, tables in _table_by_table(wanted_files):
            reports += reader.read(file, tables, files_ahead)
            for one in tables:
                to_come[one.table.name] -= 1
                if on_table and not to_come[one.table.name]:
                    on_table(one.table.name, frames.frame(one.table.name))
    reports.sort(key=lambda report: report.file)
    of_files = [problem for file in sorted(reader.problems) for problem in reader.problems[file]]
    copy_problems = [problem for table in TABLES.values() for problem in reader.copies.problems(table)]
    unread = overlooked_columns(
        reader.unused, spellings, Knowledge(words, frames.schools(), frames.schools_written())
    )
    stops = [*wrong, *own_wrong, *source_wrong, *of_files, *copy_problems, *column_questions(unread)]
    return frames.delivery(reports, stops, unread, reader.unused)


def _table_by_table(wanted_files: Sequence[Wanted]) -> list[tuple[str, list[Wanted]]]:
    """Each file with the tables that want it, the files of the first table first, so that it is whole early."""
    files = [(file, list(tables)) for file, tables in groupby(wanted_files, key=lambda one: one.file)]
    return sorted(files, key=lambda file: list(TABLES).index(file[1][0].table.name))


class _Reader:
    """Reads files one after the other, each once, for all the tables that want it."""

    def __init__(
        self,
        folder: Folder,
        spellings: Mapping[str, Spellings],
        frames: Frames,
        progress: Callable[[str], None],
        term: str,
        knowledge: Knowledge,
    ):
        self.folder, self.spellings, self.frames, self.progress = folder, spellings, frames, progress
        self.term, self.known = term, knowledge
        self.unused: list[Unused] = []
        self.problems: dict[str, list[Problem]] = defaultdict(list)
        self.contents: dict[tuple[str, str], str] = {}  # table and SHA-256 -> the file that first had it
        self.copies = Copies()

    def read(self, file: str, wanted_tables: Sequence[Wanted], files_ahead: Ahead) -> list[FileReport]:
        """The reports of one file, which is the next of ``files_ahead``, one for each table."""
        self.progress(file)
        knowledge = replace(self.known, schools=self.frames.schools())
        tasks = [
            Task(
                one.table,
                file,
                one.constants,
                self.spellings,
                self.term,
                knowledge,
                one.by_sheet,
                not_needed=one.not_needed,
            )
            for one in wanted_tables
        ]
        sha256 = ""
        try:
            sha256, sheets = files_ahead.next_file()
            tasks = [task for task in tasks if self._is_new(task, sha256)]
            grids, encoding = sheets() if tasks else ([], None)
        except unreadable.UnreadableFile as error:
            self.problems[file].append(error.at(file))
            return [FileReport(file, task.table.name, sha256, None, ()) for task in tasks]
        return [
            FileReport(file, t.table.name, sha256, encoding, self._sheets(t, tasks, grids)) for t in tasks
        ]

    def _is_new(self, task: Task, sha256: str) -> bool:
        first = self.contents.setdefault((task.table.name, sha256), task.file)
        if first != task.file:
            self.problems[task.file].append(problems.same_content(task.table, first, task.file))
        return first == task.file

    def _sheets(self, task: Task, tasks: Sequence[Task], grids: Sequence[Grid]) -> tuple[SheetReport, ...]:
        others = [other for other in tasks if other is not task]
        reads = [self._sheet(task, others, grid) for grid in grids]
        file_problems = [problem for read in reads for problem in read.problems]
        names = [grid.name for grid in grids]
        if any(map(task.contradicts, names)):
            file_problems.append(problems.conflicting_constants(task.table, task.file))
        file_problems += [
            sheets_not_found(task.table, task.file, pattern, names)
            for pattern, _ in task.by_sheet
            if not any(fits_name(name, pattern) for name in names)
        ]
        if not any(read.kind == "table" for read in reads) and not file_problems:
            file_problems = [problems.no_data_sheet(task.table, task.file)]
        self.problems[task.file] += file_problems
        for grid, read in zip(grids, reads, strict=True):
            if read.kind == "table":
                self.copies.add(task.table, task.place(grid), read.records)
                self.frames.add(task.table, read.records)
                self.unused += read.unused
        return tuple(read.report for read in reads)

    def _sheet(self, task: Task, others: Sequence[Task], grid: Grid) -> SheetRead:
        """A sheet that the parameters name for another table, and not for this one, or for none, is none of this."""
        if any(fits_name(grid.name, pattern) for pattern in task.not_needed):
            return no_table(task, grid, "not_needed")
        if not task.claims(grid.name) and any(other.claims(grid.name) for other in others):
            return no_table(task, grid)
        elsewhere = not task.claims(grid.name) and any(
            accepts(other.of_sheet(grid.name), grid) for other in others
        )
        return read_sheet(task.of_sheet(grid.name), grid, read_elsewhere=elsewhere)
