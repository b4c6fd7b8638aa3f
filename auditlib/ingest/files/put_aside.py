"""Files and sheets that the parameters say are not needed and that hold persons' numbers all the same: told with their count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from auditlib.base.language import Text
from auditlib.ingest.files.cells import is_id_like
from auditlib.ingest.files.find import Folder, is_named_as_table
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.files.opening import open_grids, read_bytes
from auditlib.ingest.files.patterns import fits_name
from auditlib.ingest.files.unreadable import UnreadableFile
from auditlib.ingest.messages.problems import Place

PUT_ASIDE = Text(
    "{place}：参数写明不需要，没有用；其中 {n} 行有证件号，请确认这些人不必核对",
    "{place}: not needed by the parameters, and not used; rows with an ID number: {n}. Is it right that these people are not checked?",
)


def put_aside(folder: Folder, not_needed: Sequence[Any]) -> list[Text]:
    """One line a sheet of ``not_needed`` (patterns, or ``{files, sheets}``) with rows that hold an ID number."""
    entries = [entry if isinstance(entry, Mapping) else {"files": entry} for entry in not_needed]
    patterns = [(str(entry["files"]), str(entry.get("sheets", "*"))) for entry in entries]
    lines = []
    for file in sorted(filter(is_named_as_table, folder.files)):
        sheets = [sheet for files, sheet in patterns if fits_name(file, files)]
        for grid in _grids(folder, file) if sheets else []:
            rows = _persons(grid)
            if rows and any(fits_name(grid.name, sheet) for sheet in sheets):
                lines.append(PUT_ASIDE.fill(place=Place(file, grid.name).text(), n=rows))
    return lines


def _grids(folder: Folder, file: str) -> list[Grid]:
    """The sheets of a file; none where it cannot be opened: nobody needs it."""
    try:
        return open_grids(read_bytes(folder.files[file])[0])[0]
    except UnreadableFile:
        return []


def _persons(grid: Grid) -> int:
    return sum(any(map(is_id_like, grid.row(row))) for row in grid.filled_rows(len(grid.numbers)))
