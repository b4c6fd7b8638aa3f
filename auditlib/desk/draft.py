"""A run's parameters while they are being chosen: those of the file, kept as they stand, and what was said of each sheet.

Everything here is plain values; nothing is read from a disk.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from auditlib.base import terms

Sheet = tuple[str, str]  # file, relative to the data folder, and name of the sheet (empty: a text file)
NOT_NEEDED = ""
CONSTANTS = ("category", "scheme", "term", "stage", "boarding", "status", "result", "school_name", "batch_no")
"""Columns that may be said of a whole sheet."""
LINK_ACCEPT, LINK_REVIEW, POSTING_DAYS = "0.95", "0.50", "5"
USUAL_STAGES = ("primary", "junior", "senior", "special")
SEASONS = ("spring", "autumn")
_PATTERN_SIGNS = re.compile(r"([\[*?])")
_OF_A_TERM = re.compile(
    r"(?:19|20)?[0-9]{2,}(?:[-.年~至]+[0-9]*)*|[春秋]季?|上半年|下半年|学[年期度]|第[一二12]|[0-9]+"
)


@dataclass(frozen=True)
class Draft:
    """``values``: the parameter file's mapping but ``sources``; ``sheets``: to which table each belongs; ``constants``: what
    holds for all rows of a sheet."""

    values: Mapping[str, Any]
    sheets: Mapping[Sheet, str] = field(default_factory=dict)
    constants: Mapping[Sheet, Mapping[str, str]] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """A parameter as it is written; empty where there is none."""
        return str(self.values.get(key) or "")

    def threshold(self, key: str) -> str:
        """The same of ``thresholds``."""
        return str((self.values.get("thresholds") or {}).get(key) or "")

    def with_value(self, key: str, value: Any) -> Draft:
        """One parameter anew."""
        return replace(self, values={**self.values, key: value})

    def without_value(self, key: str) -> Draft:
        """Without a parameter, so that the program's own holds."""
        return replace(self, values={name: value for name, value in self.values.items() if name != key})

    def with_threshold(self, key: str, value: str) -> Draft:
        """One threshold anew; an empty one is taken out, so that the program's own holds."""
        limits = {**(self.values.get("thresholds") or {}), key: value}
        return self.with_value("thresholds", {k: v for k, v in limits.items() if v != ""})

    def with_table(self, sheet: Sheet, table: str) -> Draft:
        """``sheet`` belongs to ``table``, or to none; what held for it as part of another table is dropped."""
        same = self.sheets.get(sheet) == table
        constants = self.constants if same else {k: v for k, v in self.constants.items() if k != sheet}
        return replace(self, sheets={**self.sheets, sheet: table}, constants=constants)

    def with_constant(self, sheet: Sheet, column: str, value: str) -> Draft:
        """``column`` is ``value`` in all rows of ``sheet``; empty: it is not said."""
        of_sheet = {**self.constants.get(sheet, {}), column: value}
        filled_texts = {name: text for name, text in of_sheet.items() if text}
        return replace(self, constants={**self.constants, sheet: filled_texts})

    def without(self, keys: Collection[Sheet]) -> Draft:
        """Without what was said of these sheets."""
        return replace(
            self,
            sheets={sheet: table for sheet, table in self.sheets.items() if sheet not in keys},
            constants={sheet: by_sheet for sheet, by_sheet in self.constants.items() if sheet not in keys},
        )

    def of_files(self, files: Sequence[str]) -> Draft:
        """Without what was said of files that are not there."""
        there = set(files)
        return self.without([sheet for sheet in (*self.sheets, *self.constants) if sheet[0] not in there])


def new_draft(code: str, name: str, term: str, data_dir: str, output_dir: str, language: str = "zh") -> Draft:
    """A first self-check of a county, everything else as the term suggests."""
    values: dict[str, Any] = {
        "county_code": code,
        "county_name": name,
        "term": term,
        "count_date": "",
        "data_dir": data_dir,
        "policy": ["national"],
        "enrolment_covers": list(USUAL_STAGES),
        "thresholds": {"link_accept": LINK_ACCEPT, "link_review": LINK_REVIEW, "posting_days": POSTING_DAYS},
        "previous": [],
        "language": language,
        "output_dir": output_dir,
    }
    return with_days_of_term(Draft(values))


def days_of_term(term: str) -> dict[str, str]:
    """The usual days of a term: registers as of the end of its second month, letters answered by the middle of its last
    teaching month, aid paid by the end of it. Of spring: 30 April, 15 and 30 June; of autumn: 31 October, 15 and 31 December."""
    first = terms.first_day(term)
    if first.month == 3:
        days = dt.date(first.year, 4, 30), dt.date(first.year, 6, 30), dt.date(first.year, 6, 15)
    else:
        days = dt.date(first.year, 10, 31), dt.date(first.year, 12, 31), dt.date(first.year, 12, 15)
    return dict(zip(("count_date", "pay_by", "reply_by"), (day.isoformat() for day in days), strict=True))


def with_days_of_term(draft: Draft) -> Draft:
    """The usual days of the draft's term."""
    days = days_of_term(draft.text("term"))
    dated_draft = draft.with_value("count_date", days["count_date"])
    return dated_draft.with_threshold("pay_by", days["pay_by"]).with_threshold("reply_by", days["reply_by"])


def following(term: str) -> str:
    """The term after ``term``."""
    year, season = term.split("-")
    return f"{year}-autumn" if season == "spring" else f"{int(year) + 1}-spring"


OF_ONE_TERM = ("as_of", "empty_tables")
"""What was said of a term and of no other: that a ledger truly had no row is asked again."""


def next_term(draft: Draft, data_dir: str, output_dir: str) -> Draft:
    """The same county a term later: another folder, the run before it named, nothing yet said of the files."""
    earlier = [*(draft.values.get("previous") or []), draft.text("output_dir")]
    values = {
        **{key: value for key, value in draft.values.items() if key not in OF_ONE_TERM},
        "term": following(draft.text("term")),
        "data_dir": data_dir,
        "output_dir": output_dir,
        "previous": list(dict.fromkeys(earlier)),
    }
    tasks = draft.values.get("rectification") or {}
    units = {entry: {key: text for key, text in task.items() if key != "by"} for entry, task in tasks.items()}
    if units:  # the deadlines were those of the term before
        values["rectification"] = {entry: task for entry, task in units.items() if task}
    return with_days_of_term(Draft(values))


def alike(name: str) -> str:
    """A file's name without what changes from term to term: years, days, seasons."""
    plain = unicodedata.normalize("NFKC", name.rpartition("/")[2].rpartition(".")[0] or name)
    return re.sub(r"[\s_()（）.-]+", "", _OF_A_TERM.sub("", plain)).casefold()


# --- as it is written -------------------------------------------------------------------------------------------


def parameters(draft: Draft) -> dict[str, Any]:
    """The mapping of the parameter file, in the order of the shipped ones."""
    mapping = {**draft.values, "sources": sources(draft), "not_needed": not_needed(draft)}
    for key in ("not_needed", "as_of"):
        if not mapping.get(key):
            mapping.pop(key, None)
    order = [*ORDER, *(key for key in mapping if key not in ORDER)]
    return {key: mapping[key] for key in order if key in mapping}


ORDER = (
    "county_code", "county_name", "term", "count_date", "as_of", "data_dir", "sources", "not_needed", "empty_tables", "columns", "values", "constants", "policy",
    "enrolment_covers", "thresholds", "ages", "answers_for", "lost_share", "rectification", "leave_out", "previous", "hand_in",
    "language", "output_dir",
)  # fmt: skip


def sources(draft: Draft) -> dict[str, list[Any]]:
    """Table -> entries, a file each; sheets are named only where a file's sheets are not all of one table and one kind."""
    entries: dict[str, list[Any]] = {}
    for file in sorted({file for file, _sheet in draft.sheets}):
        for table, entry in _entries(draft, file):
            entries.setdefault(table, []).append(entry)
    return entries


def not_needed(draft: Draft) -> list[Any]:
    """Entries of files and of sheets that are of no table; remembered, so that they are not proposed again."""
    entries = list[Any]()
    for file in sorted({file for file, _sheet in draft.sheets}):
        idle = [sheet for (one, sheet), table in draft.sheets.items() if one == file and not table]
        no_table = all(not table for (one, _sheet), table in draft.sheets.items() if one == file)
        entries += [_entry(file, None, {})] if no_table else [_entry(file, sheet, {}) for sheet in idle]
    return entries


def _entries(draft: Draft, file: str) -> list[tuple[str, Any]]:
    of_file = {name: table for (one, name), table in draft.sheets.items() if one == file and table}
    by_sheet = {name: dict(draft.constants.get((file, name), {})) for name in of_file}
    tables = list(dict.fromkeys(of_file.values()))
    if len(tables) == 1 and all(
        constants == next(iter(by_sheet.values())) for constants in by_sheet.values()
    ):
        return [(tables[0], _entry(file, None, next(iter(by_sheet.values()))))]
    if (
        len(tables) == 1
    ):  # a file's other sheets are read as they are: only those of which something holds are named
        entries = [(tables[0], _entry(file, name, by_sheet[name])) for name in of_file if by_sheet[name]]
        return [(tables[0], _entry(file, None, {})), *entries]
    return [(of_file[name], _entry(file, name, by_sheet[name])) for name in of_file]


def _entry(file: str, sheet: str | None, constants: Mapping[str, str]) -> Any:
    pattern = _as_pattern(file)
    if sheet is None and not constants:
        return pattern
    return {"files": pattern, **({"sheets": _as_pattern(sheet)} if sheet else {}), **constants}


def _as_pattern(name: str) -> str:
    """The pattern that fits this name alone."""
    return _PATTERN_SIGNS.sub(r"[\1]", name)
