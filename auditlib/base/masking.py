"""What a publication may show of a person: first character of a name, ends of a number, never the whole nor how long it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

AREA, TAIL, ACCOUNT_TAIL = 6, 2, 4
OF_NAME, OF_NUMBER, OF_ACCOUNT, OF_DAY = (
    "**",
    "**********",
    "****",
    "********",
)  # stands for what is hidden, however much that is
HIDDEN_AT_LEAST = 7  # fewer hidden characters of an ID number (the birth date alone has eight) can be guessed

# A digest is no person's number, though its digits may stand in a row: it is matched first and left alone.
_NUMBERS = re.compile(
    r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])|(?<![0-9])(?:[0-9]\.[0-9]{5,}[Ee]\+?[0-9]+|[0-9]{17}[Xx]|[0-9]{15,})(?![0-9])"
)
_DIGEST_LENGTH = 64
_ROLE = re.compile("[^：:]*(?:：|: )")


def masked_name(name: str) -> str:
    """``欧阳娜`` and ``欧阳`` as ``欧**``; a name of one character is hidden altogether."""
    first = name[:1] if len(name) > 1 and name[0] != "*" else ""
    return first + OF_NAME if name else ""


def masked_number(number: str) -> str:
    """An ID or student number: its letter, the area and the last two; a short or damaged one is hidden.

    One that a spreadsheet cut (``9.90122E+17``) has neither its area at the beginning nor its own digits at the end.
    """
    letter = number[:1] if number[:1].isalpha() else ""
    body = number[len(letter) :]
    if len(body) - AREA - TAIL < HIDDEN_AT_LEAST or _is_cut(body):
        return letter + OF_NUMBER if number else ""
    return f"{letter}{body[:AREA]}{OF_NUMBER}{body[-TAIL:]}"


def placed_name(name: str) -> str:
    """``欧阳娜`` as ``欧**`` and ``欧阳`` as ``欧*``: a star a character, where it is to be seen which of them differs."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def placed_number(number: str) -> str:
    """As :func:`masked_number`, with a star a character."""
    letter = number[:1] if number[:1].isalpha() else ""
    body = number[len(letter) :]
    hidden_length = len(body) - AREA - TAIL
    stars = "*" * hidden_length
    return letter + (
        "*" * len(body)
        if hidden_length < HIDDEN_AT_LEAST or _is_cut(body)
        else f"{body[:AREA]}{stars}{body[-TAIL:]}"
    )


def _is_cut(number: str) -> bool:
    return "." in number or "+" in number


def masked_person(text: str) -> str:
    """班主任：某某, or Class teacher: 某某, with the name masked: what somebody is responsible for stays."""
    role = _ROLE.match(text)
    begin = role.end() if role else 0
    return text[:begin] + masked_name(text[begin:])


def masked_household(number: str) -> str:
    """A household's number: its last two; some counties make it of the householder's ID number."""
    return OF_NUMBER + number[-TAIL:] if number else ""


def masked_birth(date: str) -> str:
    """A birth date in ISO: its year, for age is what aid depends on."""
    return date[:4] + "*" * (len(date) - 4)


def masked_day(_date: str) -> str:
    """A day where nobody is to see it: it may be one of birth."""
    return OF_DAY


def masked_account(account: str) -> str:
    """A card number: its last four characters; one that is shorter than eight is hidden."""
    tail = account[-ACCOUNT_TAIL:] if len(account) >= 2 * ACCOUNT_TAIL else ""
    return OF_ACCOUNT + tail if account else ""


def without_name(text: str, name: str) -> str:
    """``text`` with the full ``name`` masked wherever it stands."""
    return text.replace(name, masked_name(name)) if len(name) > 1 else text


def masked_sentence(text: str, name: object) -> str:
    """A sentence about a pupil: without the ``name`` (a text, or nothing known) and without long numbers."""
    return scrub(without_name(text, name) if isinstance(name, str) else text)


def scrub(text: str) -> str:
    """``text`` with every run of digits as long as an ID or card number masked (addresses, file names)."""
    return _NUMBERS.sub(_hide, text)


def scrub_all(value: Any, mask: Callable[[str], str] = scrub) -> Any:
    """``mask`` of every text in a value of JSON, keys too."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, (list, tuple)):
        return [scrub_all(item, mask) for item in value]
    if isinstance(value, dict):
        return {mask(str(key)): scrub_all(item, mask) for key, item in value.items()}
    return value


def _hide(match: re.Match[str]) -> str:
    digits = match.group()
    is_digest = len(digits) == _DIGEST_LENGTH and not digits.isdigit()
    return digits if is_digest else masked_number(digits)


MASKS: Mapping[str, Callable[[str], str]] = {
    "name": masked_name,
    "person": masked_person,
    "id": masked_number,
    "student": masked_number,
    "account": masked_account,
    "scrub": scrub,
}
"""What hides a cell, by the kind of its column (of a delivered table) or by how it is declared to be masked (of a finding)."""
