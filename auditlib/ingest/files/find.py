"""Finding the files that a run's ``sources`` mean, inside the data folder and nowhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

from auditlib.base.errors import Problem
from auditlib.ingest.files.cells import column_text
from auditlib.ingest.files.patterns import fits_name
from auditlib.ingest.files.unreadable import closed_folder
from auditlib.ingest.messages import parameter_problems, problems
from auditlib.tables.delivered import TABLES, Table
from auditlib.tables.vocabulary import Vocabulary, spelling

LONGEST_PATTERN, MOST_STARS = 500, 8
_IGNORED_PATTERN = re.compile(r"[.~]|__MACOSX$|desktop\.ini$|thumbs\.db$", re.IGNORECASE)

_TABLE_ENDINGS = (
    ".xlsx",
    ".xls",
    ".xlsm",
    ".csv",
    ".tsv",
    ".txt",
    ".ods",
    ".xlsb",
    ".et",
    ".html",
    ".htm",
    ".dbf",
)


@dataclass(frozen=True)
class Wanted:
    """A file for a table, and what the parameters say of all its rows, or (``by_sheet``: patterns of sheets' names and
    constants) of those of some of its sheets."""

    table: Table
    file: str
    constants: Mapping[str, str]
    by_sheet: tuple[tuple[str, Mapping[str, str]], ...] = ()
    not_needed: tuple[str, ...] = ()  # patterns of sheets that are of no table


@dataclass(frozen=True)
class Folder:
    """The files of the data folder by their relative path.

    ``leading_out``: links out of it; ``closed``: folders that may not be listed. Names that are not in UTF-8, as an
    archive packed under Windows leaves them, are read as GB18030.
    """

    root: Path
    files: Mapping[str, Path]
    leading_out: frozenset[str]
    closed: tuple[str, ...] = ()


def list_folder(root: Path) -> Folder:
    """Every file below ``root`` that is not hidden; links to folders are not followed."""
    files, out = {}, set()
    closed: list[str] = []
    real_root = root.resolve()
    for folder, names, here in os.walk(root, onerror=lambda error: closed.append(str(error.filename))):
        links = [name for name in names if (Path(folder) / name).is_symlink()]
        names[:] = sorted(name for name in names if not _IGNORED_PATTERN.match(name) and name not in links)
        for name in sorted([*here, *links]):
            path = Path(folder) / name
            relative = _path_shown(path.relative_to(root).as_posix())
            if _leads_away(path, real_root):
                out.add(relative)
            elif name in here and not _IGNORED_PATTERN.match(name):
                files[relative] = path
    shut = tuple(_path_shown(Path(folder).relative_to(root).as_posix()) for folder in sorted(closed))
    return Folder(root, files, frozenset(out), shut)


def unnamed_files(
    folder: Folder, delivered_files: Collection[str], not_needed: Sequence[Any], results: Path
) -> list[str]:
    """The tables in the folder that no pattern of ``sources`` names and that nobody said are not needed, in order; none of those that
    a run has left in ``results``, which may lie in the folder."""
    patterns = [str(entry["files"] if isinstance(entry, Mapping) else entry) for entry in not_needed]
    own = results.resolve()
    tables = [
        file
        for file, path in folder.files.items()
        if is_named_as_table(file) and not path.resolve().is_relative_to(own)
    ]
    return sorted(
        file
        for file in tables
        if file not in delivered_files and not any(fits_name(file, pattern) for pattern in patterns)
    )


def is_named_as_table(file: str) -> bool:
    """Does the file's name end as those of tables do? Scans and letters lie in the same folder."""
    return file.casefold().endswith(_TABLE_ENDINGS)


def _leads_away(path: Path, real_root: Path) -> bool:
    """Is the path, links followed, outside the folder? A loop of links leads nowhere and is found when it is opened."""
    try:
        return not path.resolve().is_relative_to(real_root)
    except (OSError, RuntimeError):
        return False


def _path_shown(path: str) -> str:
    """The path as text that can be written and shown."""
    raw = os.fsencode(path)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def find(folder: Folder, sources: Mapping[str, Any], words: Vocabulary) -> tuple[list[Wanted], list[Problem]]:
    """The files wanted, in the order of their names, once a table each; what is wrong with ``sources``.

    ``words``: the spellings of each coded kind, for what the parameters say of a whole file.
    """
    wanted_files: dict[tuple[str, str], Wanted] = {}
    wrong: list[Problem] = []
    for name, entries in sources.items():
        if name not in TABLES:
            wrong.append(parameter_problems.unknown_table(f"sources.{name}", str(name), TABLES))
            continue
        for entry in _entries(entries):
            files, trouble = _find_entry(folder, TABLES[name], entry, words)
            wrong += trouble
            for one in files:
                before = wanted_files.setdefault((one.table.name, one.file), one)
                if before.by_sheet or one.by_sheet:
                    wanted_files[(one.table.name, one.file)] = _of_sheets_too(before, one)
                elif before.constants != one.constants:
                    wrong.append(problems.conflicting_constants(one.table, one.file))
    return sorted(
        wanted_files.values(), key=lambda one: (one.file, list(TABLES).index(one.table.name))
    ), wrong


def with_constants(wanted_files: Sequence[Wanted], constants: Mapping[str, Sequence[Any]]) -> list[Wanted]:
    """``wanted_files`` with the constants of the entries (as ``sources`` have them) that fit; what a file has already stays."""
    return [
        reduce(_with_entry, (e for e in constants.get(one.table.name, ()) if isinstance(e, Mapping)), one)
        for one in wanted_files
    ]


def without(wanted_files: Sequence[Wanted], not_needed: Sequence[Any]) -> list[Wanted]:
    """``wanted_files`` without those that the entries name (a pattern, or ``{files, sheets}``), or without some of their
    sheets."""
    entries = [entry if isinstance(entry, Mapping) else {"files": entry} for entry in not_needed]
    needed_files = []
    for one in wanted_files:
        fitting = [entry for entry in entries if fits_name(one.file, str(entry["files"]))]
        if all("sheets" in entry for entry in fitting):
            needed_files.append(replace(one, not_needed=tuple(str(entry["sheets"]) for entry in fitting)))
    return needed_files


def _with_entry(one: Wanted, entry: Mapping[str, Any]) -> Wanted:
    entry_constants = {str(key): str(value) for key, value in entry.items() if key in one.table.by_name}
    if not fits_name(one.file, str(entry.get("files", ""))):
        return one
    if "sheets" in entry:
        return replace(one, by_sheet=(*one.by_sheet, (str(entry["sheets"]), entry_constants)))
    return replace(one, constants={**entry_constants, **one.constants})


def _of_sheets_too(before: Wanted, one: Wanted) -> Wanted:
    """Both patterns together: one of them, or both, speak of some sheets only."""
    if before is one:
        return before
    by_sheet = tuple(part for pattern in (before, one) for part in pattern.by_sheet)
    return replace(before, constants={**before.constants, **one.constants}, by_sheet=by_sheet)


def _entries(entries: Any) -> Sequence[Any]:
    """The list as written; a single pattern or a malformed value is one entry, judged as such."""
    if entries is None:
        return []
    return entries if isinstance(entries, Sequence) and not isinstance(entries, str) else [entries]


def _find_entry(
    folder: Folder, table: Table, entry: Any, words: Vocabulary
) -> tuple[list[Wanted], list[Problem]]:
    parts = dict(entry) if isinstance(entry, Mapping) else {"files": entry}
    pattern, sheets = parts.pop("files", None), parts.pop("sheets", None)
    if not isinstance(pattern, str) or not pattern.strip() or not isinstance(sheets, str | None):
        return [], [parameter_problems.bad_source(table.name)]
    unknown = [
        parameter_problems.unknown_constant(table, str(column))
        for column in parts
        if column not in table.by_name
    ]
    constants = {str(c): text for c, value in parts.items() if (text := column_text([value])[0]) is not None}
    valid_constants = {column: text for column, text in constants.items() if column in table.by_name}
    for column, codes in _not_known(table, valid_constants, words):
        unknown.append(
            parameter_problems.unknown_constant_value(table, column, valid_constants[column], codes)
        )
        valid_constants[column] = ""  # said once, here: not again of every row
    if len(pattern) > LONGEST_PATTERN or pattern.count("*") > MOST_STARS:
        return [], [*unknown, parameter_problems.bad_source(table.name)]
    if _leads_out(pattern):
        return [], [*unknown, problems.escapes_folder(table, pattern)]
    unknown += [closed_folder(table, inner) for inner in folder.closed if _enters(pattern, inner)]
    files = list(_matching(folder.files, pattern))
    if any(_matching(folder.leading_out, pattern)) or any(
        _enters(pattern, link) for link in folder.leading_out
    ):
        unknown.append(problems.escapes_folder(table, pattern))
    elif not files:
        unknown.append(problems.matches_nothing(table, pattern, sorted(folder.files)))
    if sheets:
        return [Wanted(table, file, {}, ((sheets, valid_constants),)) for file in files], unknown
    return [Wanted(table, file, valid_constants) for file in files], unknown


def _not_known(table: Table, constants: Mapping[str, str], words: Vocabulary) -> list[tuple[str, list[str]]]:
    """The columns whose constant no list of spellings knows, each with the codes there are."""
    lists = {column: words.get(table.by_name[column].kind.codes, {}) for column in constants}
    return [
        (column, sorted(set(allowed_values.values())))
        for column, allowed_values in lists.items()
        if allowed_values and spelling(constants[column]) not in allowed_values
    ]


def _leads_out(pattern: str) -> bool:
    plain = pattern.replace("\\", "/")
    return plain.startswith(("/", "~")) or ":" in plain.split("/")[0] or ".." in plain.split("/")


def _enters(pattern: str, folder: str) -> bool:
    """Does the pattern look for files in this folder or below it?"""
    above = pattern.strip().replace("\\", "/").removeprefix("./").split("/")[:-1]
    depth = len(folder.split("/"))
    if "**" in above[:depth]:
        return True
    return folder == "." or (
        len(above) >= depth and any(_matching(frozenset([folder]), "/".join(above[:depth])))
    )


def _matching(files: Mapping[str, Path] | frozenset[str], pattern: str) -> Iterator[str]:
    return (file for file in sorted(files) if fits_name(file, pattern))
