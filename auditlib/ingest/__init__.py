"""Files as delivered -> raw text tables with the address of every row, and everything that stops the run.

Cells are not cleaned here. What a sheet holds beside its records (titles, totals, signatures, notes) is left
out with its address and reason; rows read = rows handed on + rows left out, for every sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

from auditlib import places
from auditlib.errors import Problem
from auditlib.ingest import problems, unreadable
from auditlib.ingest.deliveries import Delivery, FileReport, LeftOut, SheetReport
from auditlib.ingest.find import Folder, Wanted, find, list_folder
from auditlib.ingest.frames import Frames
from auditlib.ingest.grids import Grid
from auditlib.ingest.opening import open_grids, read_bytes
from auditlib.ingest.sheets import accepts, read_sheet
from auditlib.ingest.spellings import Spellings, read_spellings, with_own
from auditlib.ingest.tasks import Task
from auditlib.vocabulary import Vocabulary

__all__ = ["Delivery", "FileReport", "LeftOut", "SheetReport", "deliver"]

_NONE: Mapping[str, Mapping[str, str]] = MappingProxyType({})


def deliver(
    data_dir: Path,
    sources: Mapping[str, Sequence[str | Mapping[str, str]]],
    columns: Mapping[str, Mapping[str, str]] = _NONE,
    *,
    words: Vocabulary = _NONE,
    progress: Callable[[str], None] | None = None,
) -> Delivery:
    """Reads the files that ``sources`` name (glob patterns below ``data_dir``, a list per table).

    ``columns``: table -> header -> column, for headers that params/headers.csv does not know. ``words``: the spellings
    of coded values, against which what ``sources`` say of a whole file is checked. ``progress`` is told the name of each file before it is read. Raises nothing that a file can cause: see ``problems``.
    """
    spellings, wrong = read_spellings(places.HEADERS)
    spellings, own_wrong = with_own(spellings, columns)
    frames = Frames(name for name, entries in sources.items() if entries)
    if not Path(data_dir).is_dir():
        return frames.delivery([], [*wrong, *own_wrong, problems.no_folder(str(data_dir))])
    folder = list_folder(Path(data_dir))
    wanted, source_wrong = find(folder, sources, words)
    reader = _Reader(folder, spellings, frames, progress or (lambda _: None))
    reports = [report for file in groupby(wanted, key=lambda one: one.file) for report in reader.read(*file)]
    return frames.delivery(reports, [*wrong, *own_wrong, *source_wrong, *reader.problems])


class _Reader:
    """Reads files one after the other, each once, for all the tables that want it."""

    def __init__(
        self,
        folder: Folder,
        spellings: Mapping[str, Spellings],
        frames: Frames,
        progress: Callable[[str], None],
    ):
        self.folder, self.spellings, self.frames, self.progress = folder, spellings, frames, progress
        self.problems: list[Problem] = []
        self.contents: dict[tuple[str, str], str] = {}  # table and SHA-256 -> the file that first had it

    def read(self, file: str, wanted: Iterator[Wanted]) -> list[FileReport]:
        """The reports of one file, one for each table."""
        self.progress(file)
        tasks = [Task(one.table, file, one.constants, self.spellings) for one in wanted]
        sha256 = ""
        try:
            content, sha256 = read_bytes(self.folder.files[file])
            tasks = [task for task in tasks if self._is_new(task, sha256)]
            grids, encoding = open_grids(content) if tasks else ([], None)
        except unreadable.Unreadable as error:
            self.problems.append(error.at(file))
            return [FileReport(file, task.table.name, sha256, None, ()) for task in tasks]
        del content  # the sheets hold all of it; a large file need not be kept twice
        return [
            FileReport(file, t.table.name, sha256, encoding, self._sheets(t, tasks, grids)) for t in tasks
        ]

    def _is_new(self, task: Task, sha256: str) -> bool:
        first = self.contents.setdefault((task.table.name, sha256), task.file)
        if first != task.file:
            self.problems.append(problems.same_content(task.table, first, task.file))
        return first == task.file

    def _sheets(self, task: Task, tasks: Sequence[Task], grids: Sequence[Grid]) -> tuple[SheetReport, ...]:
        others = [other for other in tasks if other is not task]
        reads = [
            read_sheet(task, grid, read_elsewhere=any(accepts(o, grid) for o in others)) for grid in grids
        ]
        found = [problem for read in reads for problem in read.problems]
        if not any(read.kind == "table" for read in reads) and not found:
            found = [problems.no_data_sheet(task.table, task.file)]
        self.problems += found
        for read in reads:
            if read.kind == "table":
                self.frames.add(task.table, read.records)
        return tuple(read.report for read in reads)
