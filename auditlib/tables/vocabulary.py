"""Spellings of coded values: params/codes/*.csv, and the aliases of the policy's schemes."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from auditlib.base.places import CODES
from auditlib.cells.hygiene import INVISIBLE, QUOTES
from auditlib.law.policy import Policy

Vocabulary = Mapping[str, Mapping[str, str]]
CODED = ("category", "stage", "grade", "status", "boarding", "sex", "result", "yes_no", "entitled")


def spelling(value: str) -> str:
    """A spelling as :func:`auditlib.cells.kinds.code_text` leaves a cell, in plain Python."""
    plain = unicodedata.normalize("NFKC", value).upper()
    bare = "".join(c for c in plain if c not in QUOTES + INVISIBLE + "=" and not c.isspace())
    return re.sub(r"^([0-9]+)\.0+$", r"\1", bare)


@lru_cache
def _codes(name: str) -> Mapping[str, str]:
    with (CODES / f"{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
        return {coded(row["value"], row.get("coding") or ""): row["code"] for row in csv.DictReader(lines)}


@lru_cache
def codings(name: str) -> Mapping[str, frozenset[str]]:
    """Coding -> the spellings that a code list has in it; the list's own (``""``) among them."""
    found: dict[str, set[str]] = {"": set()}
    with (CODES / f"{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row.get("coding") or "", set()).add(spelling(row["value"]))
    return {coding: frozenset(values) for coding, values in found.items()}


def coding_of(name: str, cells: Iterable[str | None]) -> str:
    """The coding in which all the ``cells`` of a column stand, where the list's own has not all of them; else ``""``.

    11, 13 and 21 as grades are a list's codes for the first, the third and the seventh.
    """
    words = {spelling(cell) for cell in {*cells} if cell}
    lists = codings(name)
    if not words or words <= lists[""]:
        return ""
    return next((coding for coding, known in lists.items() if words <= known), "")


def coded(value: str, coding: str) -> str:
    """The key of a spelling; a column's own coding (``yes_no`` of 是否住校) stands in front."""
    return f"{coding.upper()}:{spelling(value)}" if coding else spelling(value)


def vocabulary(policy: Policy) -> Vocabulary:
    """For each coded kind the spellings (cleaned) and their codes."""
    schemes = {
        spelling(word): scheme.id
        for scheme in policy.schemes.values()
        for word in (scheme.id, scheme.title.zh, scheme.title.en, *scheme.aliases)
    }
    # Names of schemes that are not audited, and of several at once; a policy that has such a scheme outranks them.
    return {**{name: _codes(name) for name in CODED}, "scheme": {**_codes("other_schemes"), **schemes}}
