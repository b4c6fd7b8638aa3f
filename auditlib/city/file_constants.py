"""What parameters say of whole files or sheets (``sources: {files: …, scheme: …}``, ``constants``), and the same said of the
city's copy, in which files may bear other names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from auditlib.base.masking import scrub, scrub_all
from auditlib.cells.kinds import COUNT, DATE, DATE_FROM, DATE_TO, TERM, YUAN
from auditlib.ingest.files.patterns import fits_name
from auditlib.law.parameters import SelfCheck
from auditlib.package import Package
from auditlib.tables.delivered import TABLES
from auditlib.tables.vocabulary import Vocabulary, spelling

WHOLE_FILE = ""  # of all sheets of a file; else a pattern of the names of sheets
PATTERNS = ("files", "sheets")
PLAIN_KINDS = (COUNT, DATE, DATE_FROM, DATE_TO, TERM, YUAN)
PLAIN = re.compile(r"[0-9][0-9年月日季学期春秋./,-]{0,11}")
SIGNS = re.compile(r"[*?\[]")  # of a pattern
LAST = "![^!]*$"  # the row of an address
NONE = "—"
UNSHOWN = "…"  # in place of a value that may be a person
StatedValues = Mapping[str, Mapping[str, str]]  # WHOLE or a pattern of sheets -> column -> value


def constants_of(parameters: SelfCheck, table: str, file: str) -> StatedValues:
    """What ``parameters`` say of ``file`` as a whole and of its sheets; of two entries the first holds, ``sources`` before
    ``constants``."""
    entries = [*parameters.sources.get(table, ()), *parameters.constants.get(table, ())]
    by_sheets: dict[str, dict[str, str]] = {}
    for entry in entries:
        if isinstance(entry, Mapping) and fits_name(file, str(entry["files"])):
            part = by_sheets.setdefault(str(entry.get("sheets", WHOLE_FILE)), {})
            own = {str(c): str(value) for c, value in entry.items() if c not in PATTERNS}
            part |= {column: value for column, value in own.items() if column not in part}
    return {sheets: part for sheets, part in by_sheets.items() if part}


def says(own: StatedValues, theirs: StatedValues) -> bool:
    """Does ``own`` say all that ``theirs`` says, in which numbers are masked?"""
    own = scrub_all(own)
    return all(part.items() <= own.get(sheets, {}).items() for sheets, part in theirs.items())


def in_words(table: str, constants: Iterable[StatedValues], words: Vocabulary) -> str:
    """``table.column`` and its values in JSON, each once; what none of the spellings in ``words`` is may be a person, and is not
    shown."""
    by_column: dict[str, set[str]] = {}
    for column, value in ((c, v) for one in constants for part in one.values() for c, v in part.items()):
        by_column.setdefault(f"{table}.{column}", set()).add(_cell_words(table, column, value, words))
    ordered_values = {column: sorted(values) for column, values in sorted(by_column.items())}
    return json.dumps(ordered_values, ensure_ascii=False) if ordered_values else NONE


def _cell_words(table: str, column: str, value: str, words: Vocabulary) -> str:
    declaration = TABLES[table].by_name.get(column)
    if declaration is None:
        return UNSHOWN
    is_word = spelling(value) in words.get(declaration.kind.codes, {})
    is_plain = declaration.kind in PLAIN_KINDS and PLAIN.fullmatch(value)
    return value if is_word or is_plain else UNSHOWN


def with_constants(parameters: SelfCheck, table: str, by_file: Mapping[str, StatedValues]) -> SelfCheck:
    """``parameters`` that say of each file of ``by_file``, which are all of the table, what stands there before what they say
    themselves."""
    entries = []
    for file, theirs in by_file.items():
        own = constants_of(parameters, table, file)
        entries += [
            _entry(file, sheets, {**own.get(sheets, {}), **theirs.get(sheets, {})})
            for sheets in sorted({*own, *theirs})
        ]
    bare = [_without_constants(entry) for entry in parameters.sources.get(table, ())]
    sources, constants = {**parameters.sources, table: bare}, {**parameters.constants, table: entries}
    return replace(parameters, sources=sources, constants=constants)


def _entry(file: str, sheets: str, columns: Mapping[str, str]) -> dict[str, str]:
    exact = SIGNS.sub(lambda sign: f"[{sign[0]}]", file)
    return {"files": exact, **({"sheets": sheets} if sheets else {}), **columns}


def _without_constants(entry: Any) -> Any:
    return {key: entry[key] for key in PATTERNS if key in entry} if isinstance(entry, Mapping) else entry


def counterparts(
    package: Package, manifest: Mapping[str, Any], rows: pd.DataFrame | None
) -> dict[str, dict[str, str]]:
    """Table -> file of the city's copy -> the county's file that it stands for: the one of its name, else the one with most of
    its persons, else the only one that there is, else none (""). ``rows``: the fingerprints of the city's copy. Files bear the
    names that their rows tell, since a manifest masks numbers in them."""
    theirs, ours = _files(package.manifest, package.fingerprints), _files(manifest, rows)
    return {
        table: {file: _counterpart(table, file, theirs[table], package.fingerprints, rows) for file in files}
        for table, files in sorted(ours.items())
        if table in theirs
    }


def _counterpart(
    table: str, file: str, theirs: list[str], before: pd.DataFrame, rows: pd.DataFrame | None
) -> str:
    if file in theirs:
        return file
    persons = set() if rows is None else set(_of_file(rows, table, file)["person"].dropna())
    shared_persons = {f: _of_file(before, table, f)["person"].isin(persons).sum() for f in theirs}
    best = max(theirs, key=lambda f: (shared_persons[f], f))
    return best if shared_persons[best] or len(theirs) == 1 else ""


def _files(manifest: Mapping[str, Any], rows: pd.DataFrame | None) -> dict[str, list[str]]:
    by_table: dict[str, set[str]] = {}
    for entry in manifest["inputs"]:
        by_table.setdefault(str(entry["table"]), set()).add(str(entry["file"]))
    return {table: sorted(_in_full(files, table, rows)) for table, files in by_table.items()}


def _in_full(files: set[str], table: str, rows: pd.DataFrame | None) -> set[str]:
    """The names of ``files`` as the addresses of their rows have them; as they are where no row tells."""
    if rows is None:
        return files
    sources = rows.loc[rows["table"] == table, "source"]  # none of a table that an older format did not print
    places = sources.str.replace(LAST, "", regex=True).unique()
    starts = {
        "!".join(parts[:n]) for parts in (p.split("!") for p in places) for n in range(1, len(parts) + 1)
    }
    full_names: dict[str, set[str]] = {}
    for start in starts:
        full_names.setdefault(scrub(start), set()).add(start)
    return {name for file in files for name in full_names.get(file, {file})}


def _of_file(rows: pd.DataFrame, table: str, file: str) -> pd.DataFrame:
    own = rows[rows["table"] == table]
    return own[own["source"].str.startswith(f"{file}!")]
