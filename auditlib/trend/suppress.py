"""Small groups: 1 to 4 is not given exactly, nor another number from which it could be worked out."""

from __future__ import annotations

from collections.abc import Sequence

from auditlib.report.markup import SMALL_GROUP, count, few, is_few

LEFT_OUT = "…"
"""Stands for a number that is not small itself, but would give a small one away."""


def hidden(numbers: Sequence[int], *, totalled: bool) -> list[bool]:
    """Which of ``numbers`` must not be shown; with ``totalled`` their sum is known to the reader.

    Known to add up to n, or to 4n, n small numbers are all 1 or all 4, and one alone is what is missing from the sum:
    then the next smallest is hidden too.
    """
    secret = {at for at, number in enumerate(numbers) if is_few(number)}
    others = sorted((number, at) for at, number in enumerate(numbers) if at not in secret and number)
    while totalled and secret and others and _given_away([numbers[at] for at in secret]):
        secret.add(others.pop(0)[1])
    return [at in secret for at in range(len(numbers))]


def _given_away(numbers: Sequence[int]) -> bool:
    if any(number >= SMALL_GROUP for number in numbers):
        return False
    return len(numbers) == 1 or sum(numbers) in (len(numbers), (SMALL_GROUP - 1) * len(numbers))


def counts(numbers: Sequence[int], *, totalled: bool = True) -> list[str]:
    """``numbers`` as they may be shown."""
    return [
        shown(number, secret)
        for number, secret in zip(numbers, hidden(numbers, totalled=totalled), strict=True)
    ]


def shown(number: int, secret: bool) -> str:
    """One number: exact, ``1–4``, or left out because it would give another away."""
    if not secret:
        return count(number)
    return few(number) if is_few(number) else LEFT_OUT
