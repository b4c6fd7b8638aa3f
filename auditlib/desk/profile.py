"""The county's profile as it is chosen by mouse: what its headers and spellings mean, kept for the next term."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

AS_READ = "="
"""The choice of saying nothing: the program reads the header by its own lists."""
NOT_NEEDED = "-"


@dataclass(frozen=True)
class Profile:
    """``columns``: table -> header -> column (None: not needed); ``values``: list of codes -> spelling -> code; ``more``: what
    else the file says."""

    columns: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def column(self, table: str, header: str) -> str:
        """What was chosen for a header: a column, ``-`` for one that nobody needs, ``=`` where nothing was."""
        headers = self.columns.get(table, {})
        return AS_READ if header not in headers else headers[header] or NOT_NEEDED

    def with_column(
        self, table: str, header: str, choice: str, beside: Collection[str] | None = None
    ) -> Profile:
        """The header anew; another header of the same sheet (``beside``; None: any) that was chosen for the column loses it.
        Sheets of two offices call one column by two names."""
        rest = {
            h: c
            for h, c in self.columns.get(table, {}).items()
            if h != header and (c is None or c != choice or (beside is not None and h not in beside))
        }
        if choice != AS_READ:
            rest[header] = None if choice == NOT_NEEDED else choice
        return replace(self, columns=_without_empty({**self.columns, table: rest}))

    def with_value(self, kind: str, word: str, code: str) -> Profile:
        """What a spelling means; an empty ``code`` takes it back."""
        rest = {w: c for w, c in self.values.get(kind, {}).items() if w != word}
        if code:
            rest[word] = code
        return replace(self, values=_without_empty({**self.values, kind: rest}))

    def as_mapping(self) -> dict[str, Any]:
        """The file's mapping."""
        own = {"columns": self.columns, "values": self.values}
        return {**{key: value for key, value in own.items() if value}, **self.more}


def _without_empty(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: dict(entry) for name, entry in entries.items() if entry}
