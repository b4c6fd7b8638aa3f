"""Spellings of coded values: params/codes/*.csv, and the aliases of the policy's schemes."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from auditlib.base.places import CODES
from auditlib.cells.hygiene import INVISIBLE, QUOTES
from auditlib.law.policy import Policy

Vocabulary = Mapping[str, Mapping[str, str]]
CODED = (
    "category", "stage", "grade", "status", "boarding", "sex", "result", "yes_no",
    "in_school", "present", "objection", "basis", "issue_state",
)  # fmt: skip


def spelling(value: str) -> str:
    """A spelling as :func:`auditlib.cells.kinds.code_text` leaves a cell, in plain Python."""
    plain = unicodedata.normalize("NFKC", value).upper()
    bare = "".join(c for c in plain if c not in QUOTES + INVISIBLE + "=" and not c.isspace())
    return re.sub(r"^([0-9]+)\.0+$", r"\1", bare)


@lru_cache
def _codes(name: str) -> Mapping[str, str]:
    with (CODES / f"{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
        return {coded(row["value"], row.get("coding") or ""): row["code"] for row in csv.DictReader(lines)}


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
    return {**{name: _codes(name) for name in CODED}, "scheme": schemes}
