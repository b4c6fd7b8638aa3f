"""Small groups: where numbers leave the office 1 to 4 is not given exactly, nor another number from which it could be worked out.

One switch tells the county's own pages, in full, from what may be handed out; without it small numbers are hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import wraps
from typing import Any

from auditlib.page import markup
from auditlib.page.markup import SMALL_GROUP, count
from auditlib.page.section import Section
from auditlib.trend.results import TrendResults

_IN_FULL = ContextVar("in_full", default=False)

LEFT_OUT = "…"
"""Stands for a number that would give a small one away, whether small itself or not."""


def in_full_unless_public(section: Callable[[TrendResults], Section]) -> Callable[[TrendResults], Section]:
    """``section``, which hides small numbers where its results are to be handed out and nowhere else."""

    @wraps(section)
    def section_of(results: TrendResults) -> Section:
        before = _IN_FULL.set(not results.public)
        try:
            return section(results)
        finally:
            _IN_FULL.reset(before)

    return section_of


def is_few(number: Any) -> bool:
    """Is ``number`` from 1 to 4, where such are hidden?"""
    return not _IN_FULL.get() and markup.is_few(number)


def few(number: Any) -> str:
    """``number`` as it is shown by itself."""
    return markup.few(number) if is_few(number) else count(number)


def all_small(numbers: Sequence[int]) -> bool:
    """Is none of ``numbers`` above 4, where such are hidden?"""
    return not _IN_FULL.get() and max(numbers, default=0) < SMALL_GROUP


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
