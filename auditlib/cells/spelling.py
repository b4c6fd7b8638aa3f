"""How two spellings of one name or number differ: a digit, a swap, a sound, a variant character."""

from __future__ import annotations

import os
import re
from difflib import SequenceMatcher
from functools import cache, lru_cache
from pathlib import Path

from auditlib.base.edited_lists import listed_rows
from auditlib.base.places import code_list

LATIN = "^[A-Z][A-Z '·-]+$"  # a name in Latin letters, as it is cleaned
DOUBLE = 4  # characters from which on a family name may have two


def how_they_differ(spelling: str, registered_text: str) -> str:
    """``one_digit``, ``swapped_digits``, ``digit_missing`` for numbers; ``variant_character``, ``homophone``,
    ``one_character`` for names; else ``other``."""
    if _is_number(spelling) and _is_number(registered_text):
        return _number(spelling, registered_text)
    return _name(spelling, registered_text)


def differences(text: str, other: str) -> tuple[bool, ...]:
    """For each character of ``text`` whether it differs from ``other``, place by place or, if shorter, shifted."""
    if len(text) == len(other):
        return tuple(a != b for a, b in zip(text, other, strict=True))
    alike = [False] * len(text)
    for block in SequenceMatcher(None, text, other, autojunk=False).get_matching_blocks():
        alike[block.a : block.a + block.size] = [True] * block.size
    return tuple(not same for same in alike)


def _is_number(text: str) -> bool:
    return text[:6].isdigit() and len(text) >= 12


def _number(spelling: str, registered_text: str) -> str:
    if len(spelling) == len(registered_text):
        places = [
            i for i, pair in enumerate(zip(spelling, registered_text, strict=True)) if pair[0] != pair[1]
        ]
        if len(places) == 1:
            return "one_digit"
        if len(places) == 2 and places[1] == places[0] + 1:
            i, j = places
            return (
                "swapped_digits"
                if (spelling[i], spelling[j]) == (registered_text[j], registered_text[i])
                else "other"
            )
    shorter, longer = sorted((spelling, registered_text), key=len)
    if len(longer) == len(shorter) + 1 and any(
        longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer))
    ):
        return "digit_missing"
    return "other"


def _name(spelling: str, registered_text: str) -> str:
    if base_forms(spelling) == base_forms(registered_text):
        return "variant_character"
    one_in_letters = bool(re.match(LATIN, spelling)) != bool(re.match(LATIN, registered_text))
    if one_in_letters and latin_sounds(spelling) & latin_sounds(registered_text):
        return "homophone"
    if len(spelling) == len(registered_text) and [*map(sound_of, spelling)] == [
        *map(sound_of, registered_text)
    ]:
        return "homophone"
    if (
        len(spelling) == len(registered_text)
        and sum(a != b for a, b in zip(spelling, registered_text, strict=True)) == 1
    ):
        return "one_character"
    return "other"


@lru_cache
def _variants(file: Path) -> dict[int, str]:
    rows = listed_rows(file, ("variant", "character"))
    return {ord(row["variant"]): row["character"] for _, row in rows if len(row["variant"]) == 1}


def variants() -> dict[int, str]:
    """Variant characters to the usual ones, as ``str.translate`` takes them; asks the disk where the list lies."""
    return _variants(code_list("variant_characters"))


def base_forms(name: str) -> str:
    return name.translate(variants())


@cache
def sound_of(character: str) -> str:
    """The commonest reading without tone; a character that has none sounds like itself.

    Character by character: the reading of a whole name would change with its neighbours, a slip in one of them.
    """
    os.environ["PYPINYIN_NO_PHRASES"] = "true"  # else its readings of words are loaded too: most of the time
    from pypinyin import Style, lazy_pinyin

    return str(lazy_pinyin(character, style=Style.NORMAL, errors="default")[0])


def latin_sounds(name: str) -> frozenset[str]:
    """How ``name`` is written in letters, without tones and blanks: of a name in characters family name first, and last; one
    in Latin letters as it stands. ü is written v, u and yu."""
    if re.match(LATIN, name):
        return frozenset({_letters(name)})
    syllables = [*map(sound_of, name)]
    turns = [0, 1, 2] if len(syllables) >= DOUBLE else [0, 1]
    return frozenset(_letters("".join(syllables[at:] + syllables[:at])) for at in turns)


def _letters(text: str) -> str:
    letters = "".join(letter for letter in text.lower() if letter.isalpha())
    return letters.replace("yu", "u").replace("v", "u")
