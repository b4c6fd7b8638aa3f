"""How two spellings of one name or number differ: a digit, a swap, a sound, a variant character."""

from __future__ import annotations

import os
from difflib import SequenceMatcher
from functools import cache, lru_cache
from pathlib import Path

from auditlib.base.edited_lists import listed_rows
from auditlib.base.places import code_list


def how_they_differ(written: str, registered: str) -> str:
    """``one_digit``, ``swapped_digits``, ``digit_missing`` for numbers; ``variant_character``, ``homophone``,
    ``one_character`` for names; else ``other``."""
    if _is_number(written) and _is_number(registered):
        return _number(written, registered)
    return _name(written, registered)


def differences(written: str, other: str) -> tuple[bool, ...]:
    """For each character of ``written`` whether it differs from ``other``, place by place or, if shorter, shifted."""
    if len(written) == len(other):
        return tuple(a != b for a, b in zip(written, other, strict=True))
    alike = [False] * len(written)
    for block in SequenceMatcher(None, written, other, autojunk=False).get_matching_blocks():
        alike[block.a : block.a + block.size] = [True] * block.size
    return tuple(not same for same in alike)


def _is_number(text: str) -> bool:
    return text[:6].isdigit() and len(text) >= 12


def _number(written: str, registered: str) -> str:
    if len(written) == len(registered):
        places = [i for i, pair in enumerate(zip(written, registered, strict=True)) if pair[0] != pair[1]]
        if len(places) == 1:
            return "one_digit"
        if len(places) == 2 and places[1] == places[0] + 1:
            i, j = places
            return "swapped_digits" if (written[i], written[j]) == (registered[j], registered[i]) else "other"
    shorter, longer = sorted((written, registered), key=len)
    if len(longer) == len(shorter) + 1 and any(
        longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer))
    ):
        return "digit_missing"
    return "other"


def _name(written: str, registered: str) -> str:
    if base_forms(written) == base_forms(registered):
        return "variant_character"
    if len(written) == len(registered) and [*map(sound_of, written)] == [*map(sound_of, registered)]:
        return "homophone"
    if len(written) == len(registered) and sum(a != b for a, b in zip(written, registered, strict=True)) == 1:
        return "one_character"
    return "other"


@lru_cache
def _variants(file: Path) -> dict[int, str]:
    rows = listed_rows(file, ("variant", "character"))
    return {ord(row["variant"]): row["character"] for _, row in rows if len(row["variant"]) == 1}


def base_forms(name: str) -> str:
    return name.translate(_variants(code_list("variant_characters")))


@cache
def sound_of(character: str) -> str:
    """The commonest reading without tone; a character that has none sounds like itself.

    Character by character: the reading of a whole name would change with its neighbours, a slip in one of them.
    """
    os.environ["PYPINYIN_NO_PHRASES"] = "true"  # else its readings of words are loaded too: most of the time
    from pypinyin import Style, lazy_pinyin

    return str(lazy_pinyin(character, style=Style.NORMAL, errors="default")[0])
