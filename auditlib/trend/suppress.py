"""Small groups: 1 to 4 is not given exactly, nor another number from which it could be worked out."""

from __future__ import annotations

from collections.abc import Sequence

from auditlib.page.markup import SMALL_GROUP, count, few, is_few

LEFT_OUT = "…"
"""Stands for a number that would give a small one away, whether small itself or not."""


def hide(numbers: Sequence[int], *, totalled: bool) -> list[str]:
    """For each of ``numbers`` what is shown in its place; empty where it may be shown.

    With ``totalled`` their sum is known to the reader. Numbers from 5 on are then hidden too, the smallest first,
    until the small ones cannot be told from the sum; where that is not enough, small and large look alike.
    """
    small = {at for at, number in enumerate(numbers) if is_few(number)}
    others = sorted((number, at) for at, number in enumerate(numbers) if at not in small and number)
    hidden_large: list[int] = []
    while (
        totalled
        and _given_away([numbers[at] for at in small], [numbers[at] for at in hidden_large])
        and others
    ):
        hidden_large.append(others.pop(0)[1])
    is_given_away = totalled and _given_away(
        [numbers[at] for at in small], [numbers[at] for at in hidden_large]
    )
    signs = {at: LEFT_OUT if is_given_away and hidden_large else few(numbers[at]) for at in small}
    return [signs.get(at, LEFT_OUT if at in hidden_large else "") for at in range(len(numbers))]


def _given_away(small: Sequence[int], hidden_large: Sequence[int]) -> bool:
    """Does the sum of what is hidden leave one way only to fill the small places with 1 to 4, the taken with 5 and more?"""
    hidden_sum = sum(small) + sum(hidden_large)
    least = len(small) + SMALL_GROUP * len(hidden_large)
    most = (SMALL_GROUP - 1) * len(small)
    return bool(small) and (
        hidden_sum == least or (not hidden_large and (len(small) == 1 or hidden_sum == most))
    )


def counts(numbers: Sequence[int], *, totalled: bool = True) -> list[str]:
    """``numbers`` as they may be shown."""
    return [
        count_or_sign(number, sign)
        for number, sign in zip(numbers, hide(numbers, totalled=totalled), strict=True)
    ]


def count_or_sign(number: int, sign: str) -> str:
    """One number, or the sign of :func:`hide` that stands in its place."""
    return sign or count(number)
