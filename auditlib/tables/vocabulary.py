"""Spellings of coded values: params/codes/*.csv, and the aliases of the policy's schemes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from auditlib.base.edited_lists import listed_rows
from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import Text
from auditlib.base.places import code_list
from auditlib.cells.hygiene import INVISIBLE, QUOTES
from auditlib.cells.kinds import OPTION
from auditlib.law.policy import Policy

Vocabulary = Mapping[str, Mapping[str, str]]
_NONE: Vocabulary = MappingProxyType({})
CODED_COLUMNS = (
    "category", "stage", "grade", "status", "boarding", "sex", "result", "yes_no", "entitled",
    "in_school", "present", "objection", "basis", "issue_state",
)  # fmt: skip


def spelling(value: str) -> str:
    """A spelling as :func:`auditlib.cells.kinds.code_text` leaves a cell, in plain Python."""
    plain = unicodedata.normalize("NFKC", value).upper()
    bare = "".join(c for c in plain if c not in QUOTES + INVISIBLE + "=" and not c.isspace())
    return re.sub(OPTION, r"\1", re.sub(r"^([0-9]+)\.0+$", r"\1", bare))


def _codes(name: str) -> Mapping[str, str]:
    return _codes_in(code_list(name))


@lru_cache
def _codes_in(file: Path) -> Mapping[str, str]:
    rows = listed_rows(file, ("code", "value"))
    return {
        code_of(row["value"], row.get("coding", "")): row["code"]
        for _, row in rows
        if row["value"] and row["code"]
    }


def codings(name: str) -> Mapping[str, frozenset[str]]:
    """Coding -> the spellings that a code list has in it; the list's own (``""``) among them."""
    return _codings_in(code_list(name))


@lru_cache
def _codings_in(file: Path) -> Mapping[str, frozenset[str]]:
    spellings: dict[str, set[str]] = {"": set()}
    for _, row in listed_rows(file, ("code", "value")):
        spellings.setdefault(row.get("coding", ""), set()).add(spelling(row["value"]))
    return {coding: frozenset(values) for coding, values in spellings.items()}


def coding_of(name: str, cells: Iterable[str | None]) -> str:
    """The coding in which all the ``cells`` of a column stand, where the list's own has not all of them; else ``""``.

    11, 13 and 21 as grades are a list's codes for the first, the third and the seventh.
    """
    words = {spelling(cell) for cell in {*cells} if cell}
    lists = codings(name)
    if not words or words <= lists[""]:
        return ""
    return next((coding for coding, spellings in lists.items() if words <= spellings), "")


def code_of(value: str, coding: str) -> str:
    """The key of a spelling; a column's own coding (``yes_no`` of 是否住校) stands in front."""
    return f"{coding.upper()}:{spelling(value)}" if coding else spelling(value)


def vocabulary(policy: Policy, own: Mapping[str, Mapping[str, str]] = _NONE) -> Vocabulary:
    """For each coded kind the spellings (cleaned) and their codes; the run's ``own`` (kind -> spelling -> code) win.

    Raises UsageError for a code that the kind does not have.
    """
    schemes = {
        spelling(word): scheme.id
        for scheme in policy.schemes.values()
        for word in (scheme.id, scheme.title.zh, scheme.title.en, *scheme.aliases)
    }
    # Names of schemes that are not audited, and of several at once; a policy that has such a scheme outranks them.
    words_of = {
        **{name: _codes(name) for name in CODED_COLUMNS},
        "scheme": {**_codes("other_schemes"), **schemes},
    }
    wrong = [
        _no_code(kind, word, code, sorted(set(words_of[kind].values())))
        for kind, words in own.items()
        for word, code in words.items()
        if code not in words_of[kind].values()
    ]
    if wrong:
        raise UsageError(wrong)
    return {kind: {**words, **_spellings_of(own.get(kind, {}))} for kind, words in words_of.items()}


def _spellings_of(own: Mapping[str, str]) -> dict[str, str]:
    """Under a header with a coding of its own (是否住校) the word means the same."""
    return {code_of(word, coding): code for word, code in own.items() for coding in ("", "yes_no")}


def _no_code(kind: str, word: str, code: str, codes: list[str]) -> Problem:
    return Problem(
        Text(
            f"“{word}”写成了没有的代码“{code}”", f"“{word}” is given the code “{code}”, which does not exist"
        ),
        Text(f"参数 values › {kind}", f"parameter values › {kind}"),
        Text(f"写其中之一：{'、'.join(codes)}", f"write one of: {', '.join(codes)}"),
    )
