"""Limits of a total whose every unit lies between nothing and a known most, and of errors in schools drawn first.

By betting, drawing without replacement (Waudby-Smith and Ramdas 2024). Somebody bets, unit after unit and on fair terms,
that more is right than a total allows. With a chance of at most ``risk`` the stake is multiplied by 1 / risk; totals under
which it would have been are excluded. Stakes are fixed beforehand. No normal approximation, however skewed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditlib.sampling import exact
from auditlib.sampling.error_limits import Room, SeenStratum, fill, most_wrong, rooms
from auditlib.sampling.exact import Number

STAKES = ((1.0, 0.5), (0.8, 0.1), (0.6, 0.1), (0.4, 0.1), (0.2, 0.1), (0.1, 0.1))  # share staked, its weight
_SHARES = np.array([share for share, _ in STAKES])
_LOG_WEIGHTS = np.log([weight for _, weight in STAKES])
WITHIN = 5  # the part of the risk given to what was not seen within the schools drawn
STEPS = 45  # halvings: far closer than a unit in a million millions


def most_in_total(sample_values: Sequence[float], units: int, *, confidence: Number) -> float:
    """The most that ``units`` values from 0 to 1 can make together, after ``sample_values`` in the order drawn (at random,
    without replacement); one-sided at ``confidence``."""
    values = [float(value) for value in sample_values]
    if any(not 0 <= value <= 1 for value in values):
        raise exact.refusal("seen", "from 0 to 1", "another")
    size = exact.count(units, "units", len(values))
    before = [0.0, *itertools.accumulate(values)][: len(values)]
    return _most(values, before, size, size - len(values) + sum(values), exact.confidence_level(confidence))


@dataclass(frozen=True)
class SeenSchool:
    """Payments of a school drawn, how many of them were drawn in it and seen, how many of these were wrong."""

    units: int
    seen: int
    wrong: int


@dataclass(frozen=True)
class SchoolLimit:
    """``within``: the most wrong in the schools drawn; ``whole_schools``: so many of those not drawn can be wrong from
    the first payment to the last (or as much in parts)."""

    within: int
    whole_schools: float


def most_in_schools(schools_drawn: Sequence[SeenSchool], schools: int, *, confidence: Number) -> SchoolLimit:
    """After ``schools_drawn`` at random of so many ``schools``; both limits together hold at one-sided ``confidence``.

    A fifth of the risk bounds the shares wrong in the schools drawn (strata), the rest what those not drawn can hold:
    nothing is supposed of how alike schools are, so a school not drawn can be wrong as a whole.
    """
    level = exact.confidence_level(confidence)
    number = exact.count(schools, "schools", len(schools_drawn))
    strata = [SeenStratum(school.units, school.seen, school.wrong) for school in schools_drawn]
    inner = 1 - (1 - level) / WITHIN
    within = most_wrong(strata, confidence=inner)
    if number == len(schools_drawn):
        return SchoolLimit(most_wrong(strata, confidence=level), 0.0)
    most = min(_shares(schools_drawn, rooms(strata, confidence=inner)), float(len(schools_drawn)))
    outer = level + (1 - level) / WITHIN
    total_limit = _most(
        _worst(most, len(schools_drawn)),
        [most] * len(schools_drawn),
        number,
        number - len(schools_drawn) + most,
        outer,
    )
    seen_shares = sum(school.wrong / school.units for school in schools_drawn)
    return SchoolLimit(within, min(float(number - len(schools_drawn)), total_limit - seen_shares))


def _shares(schools: Sequence[SeenSchool], open_rooms: list[Room]) -> float:
    """The most that the shares wrong in the schools drawn can make together."""
    return sum(school.wrong / school.units for school in schools) + sum(
        fill(
            room,
            (
                (1 / schools[at].units, cost, schools[at].units - schools[at].seen)
                for at, cost in zip(room.members, room.costs, strict=True)
            ),
        )
        for room in open_rooms
    )


def _worst(total: float, n: int) -> list[float]:
    """``n`` shares of that ``total`` that speak least against more of it: concentrated, and met last."""
    full_ones = min(math.floor(total), n)
    part = [total - full_ones] if full_ones < n else []
    return [0.0] * (n - full_ones - len(part)) + part + [1.0] * full_ones


def _most(
    values: Sequence[float], before: Sequence[float], size: int, ceiling: float, level: object
) -> float:
    """The largest total of ``size`` values that the bets do not exclude; ``before``: the sum met before each."""
    threshold = -math.log(1 - float(level))  # type: ignore[arg-type]
    if not values or ceiling <= 0:
        return max(0.0, ceiling)
    if _log_gain(values, before, size, ceiling) < threshold:
        return ceiling
    low, high = 0.0, ceiling
    for _ in range(STEPS):
        middle = (low + high) / 2
        if middle <= sum(values) or _log_gain(values, before, size, middle) < threshold:
            low = middle
        else:
            high = middle
    return high


def _log_gain(values: Sequence[float], before: Sequence[float], size: int, total: float) -> float:
    """Logarithm of what the stake has become if ``total`` were the truth."""
    places = np.arange(len(values))
    left_right = np.maximum(size - total - places + np.asarray(before), 1e-12)
    odds = (1 - np.asarray(values)) * (size - places) / left_right
    with np.errstate(divide="ignore"):
        gains = np.log1p(_SHARES[:, None] * (odds - 1)).sum(axis=1)
    return float(np.logaddexp.reduce(gains + _LOG_WEIGHTS))
