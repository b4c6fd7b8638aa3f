"""What an inspector has filtered and sorted: a value that every panel shares, and its form as SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from auditlib.tables.findings import PARTICULARS, of_kind

CHOICES, AMOUNTS = of_kind("choice"), of_kind("amount", "share")
WORDS = ("name", "id_number", "student_no", "message", "sources", "policy_ref", "number", *PARTICULARS)
COLUMNS = (*CHOICES, *AMOUNTS, *WORDS)
EMPTY = ""
"""The choice that stands for "nothing there": a total has no school."""
NUMBER = r"(\d+(?:\.\d+)?)"
BETWEEN = re.compile(rf"^\s*{NUMBER}?\s*(?:-|–|~|～|至|\.\.|to)\s*{NUMBER}?\s*$")
COMPARED_PATTERN = re.compile(rf"^\s*(>=|≥|<=|≤|>|<|=)?\s*{NUMBER}\s*$")
SIGNS = {"≥": ">=", "≤": "<=", None: "="}


class NoAmount(ValueError):
    """What stands in a filter of amounts is none; holds the text and the column."""


@dataclass(frozen=True)
class ListFilter:
    """``choices``: column -> codes of which one must hold; ``typed``: column -> text or amounts as typed.

    ``order``: a column, or empty for the order of the working list: missed children first, then by yuan at stake.
    """

    search: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    order: str = ""
    descending: bool = False

    @property
    def is_whole(self) -> bool:
        """Nothing is filtered away."""
        return not (self.search.strip() or self.choices or self.typed)

    def choosing(self, column: str, codes: tuple[str, ...]) -> ListFilter:
        """The same with ``codes`` of ``column``; none means all."""
        return replace(self, choices=_with(self.choices, column, codes))

    def typing(self, column: str, text: str) -> ListFilter:
        """The same with ``text`` in the filter of ``column``.

        Raises NoAmount where the column holds amounts and the text tells none.
        """
        if column in AMOUNTS and text.strip():
            _amounts(column, text)
        return replace(self, typed=_with(self.typed, column, text.strip()))

    def toggling(self, column: str, code: str) -> ListFilter:
        """A click on a bar: the code alone, or all again where it was alone already."""
        return self.choosing(column, () if self.choices.get(column) == (code,) else (code,))

    def where(self) -> tuple[str, list[Any]]:
        """The condition on the table of findings, and its values."""
        parts = [_search_condition(self.search)] if self.search.strip() else []
        parts += [_choice_condition(column, codes) for column, codes in self.choices.items()]
        parts += [_typed_condition(column, text) for column, text in self.typed.items()]
        condition = " AND ".join(f"({part})" for part, _values in parts) or "TRUE"
        return condition, [value for _part, values in parts for value in values]

    def without(self, column: str) -> ListFilter:
        """The same with nothing filtered by ``column``."""
        return replace(self, choices=_with(self.choices, column, ()), typed=_with(self.typed, column, ""))


def _with(filters: Mapping[str, Any], column: str, value: Any) -> dict[str, Any]:
    if column not in COLUMNS:
        raise KeyError(column)
    other_filters = {name: value_before for name, value_before in filters.items() if name != column}
    return {**other_filters, column: value} if value else other_filters


def _search_condition(text: str) -> tuple[str, list[Any]]:
    """Each word stands in the name or the school, is the tail of a person's number, or the beginning of a finding's."""
    words = text.split()
    one = (
        "contains(lower(coalesce(name, '')), ?) OR contains(lower(coalesce(school_name, '')), ?)"
        " OR ends_with(lower(coalesce(id_number, '')), ?) OR ends_with(lower(coalesce(student_no, '')), ?)"
        " OR starts_with(lower(number), ?)"
    )
    return " AND ".join([f"({one})"] * len(words)), [
        w.lower() for w in words for _place in range(one.count("?"))
    ]


def _choice_condition(column: str, codes: tuple[str, ...]) -> tuple[str, list[Any]]:
    return f"coalesce({column}, '') IN ({', '.join('?' * len(codes))})", list(codes)


def _typed_condition(column: str, text: str) -> tuple[str, list[Any]]:
    if column in AMOUNTS:
        return _amounts(column, text)
    return f"contains(lower(coalesce({column}, '')), ?)", [text.lower()]


def _amounts(column: str, text: str) -> tuple[str, list[Any]]:
    """``500``, ``>=500``, ``100-500``, ``-500``, ``500-``; thousands may be set off by commas."""
    plain = text.replace(",", "").replace("，", "")
    comparison, between = COMPARED_PATTERN.match(plain), BETWEEN.match(plain)
    if comparison:
        sign, number = comparison.groups()
        return f"{column} {SIGNS.get(sign, sign)} ?", [Decimal(number)]
    if between and any(between.groups()):
        ends = [
            (f"{column} {sign} ?", Decimal(end))
            for sign, end in zip((">=", "<="), between.groups(), strict=True)
            if end
        ]
        return " AND ".join(part for part, _end in ends), [end for _part, end in ends]
    raise NoAmount(text, column)
