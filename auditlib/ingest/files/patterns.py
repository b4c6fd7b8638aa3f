"""Patterns of files and sheets: ``*`` and ``?`` within a name, ``**/`` over folders, ``[…]`` sets; case is of no account.

A name is held against a pattern place by place, every place that is reached at once: an expression with many ``*`` that
is tried out one way after the other takes hours over one name, and a pattern may be somebody else's.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

STAR, ANYWHERE, FOLDERS = "*", "**", "**/"
_PARTS = re.compile(r"(\*\*/|\*\*|\*|\?|\[!?[^\]/]+\])")
Part = str | re.Pattern[str]


def fits_name(name: str, pattern: str) -> bool:
    """Does the name of a file (below the data folder) or of a sheet fit the pattern?"""
    text = unicodedata.normalize("NFC", name)
    places = {0}
    for part in _parts(pattern):
        places = _after(part, text, places)
        if not places:
            return False
    return len(text) in places


def _after(part: Part, text: str, places: set[int]) -> set[int]:
    """The places in ``text`` that are reached from ``places`` by one part of a pattern."""
    if isinstance(part, re.Pattern):
        return {match.end() for place in places if (match := part.match(text, place))}
    first = min(places)
    if part == FOLDERS:
        return places | {at + 1 for at in range(first, len(text)) if text[at] == "/"}
    if part == ANYWHERE:
        return set(range(first, len(text) + 1))
    reached_places, is_open = set(), False
    for at in range(first, len(text) + 1):
        is_open = at in places or (is_open and text[at - 1] != "/")
        reached_places |= {at} if is_open else set()
    return reached_places


@lru_cache
def _parts(pattern: str) -> tuple[Part, ...]:
    plain = unicodedata.normalize("NFC", pattern.strip().replace("\\", "/").removeprefix("./"))
    return tuple(_part(part) for part in _PARTS.split(plain) if part)


def _part(part: str) -> Part:
    if part in (STAR, ANYWHERE, FOLDERS):
        return part
    return re.compile("[^/]" if part == "?" else _set_or_text(part), re.IGNORECASE)


def _set_or_text(part: str) -> str:
    """A set as an expression; what is none (``[!]``, ``[z-a]``) stands for itself."""
    inside = part[1:-1]
    negated = inside.startswith("!")
    if part[:1] == "[" and part[-1:] == "]" and inside[negated:]:
        signs = f"[{'^' if negated else ''}{re.escape(inside[negated:]).replace(re.escape('-'), '-')}]"
        try:
            re.compile(signs)
        except re.error:
            return re.escape(part)
        return signs
    return re.escape(part)


__all__ = ["fits_name"]
