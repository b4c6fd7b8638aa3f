"""How many payments of each rate make a printed total: a small exact integer solver.

A printed total is a number of payments N and a sum A. Everyone who is entitled must be paid, so the
counts of most rates follow from who is enrolled and listed. What remains free, and what each can do to
the sum:

- payments outside the enrolment register: v vocational grants of 1000 and p preschool payments of 500;
- the tier of a senior grant: 750, 1000 or 1250, that is t steps of 250 up or down;
- whether a senior pupil is listed at all (1000 + 380) and whether a junior day pupil is (312.50).

All national rates are multiples of 62.5 yuan; the published sums are not (their remainders modulo 62.5
are 25, 37.5, 27.5 in spring and 12.5, 12.5, 40 in autumn). So an amount that is no multiple of 62.5
must be in each of them: the senior fee waiver of 380 yuan, a locally approved fee. 380 leaves 5, so for
w waivers 5 w = remainder modulo 62.5, that is 2 w = remainder / 2.5 modulo 25, which fixes w modulo 25
(before planted amounts: 5, 20, 18 and 15, 15, 8). Next, modulo 250 a junior day pupil leaves 62.5, a
junior boarder 125 and a senior 130, which fixes the number of junior day pupils modulo 4. At most 24
seniors and 3 junior day pupils are taken off the list to meet both; the rest is a multiple of 250 and
is met by

    v + p = n,   1000 v + 500 p + 250 t = a   =>   v = (a - 500 n - 250 t) / 500.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from samples.model import yuan
from samples.plan import Printed
from samples.rates import (
    BOARDER_RATE,
    DAY_RATE,
    GRANT_AVERAGE,
    PRESCHOOL_RATE,
    TIER,
    VOCATIONAL_RATE,
    WAIVER_RATE,
)

SENIOR = GRANT_AVERAGE + WAIVER_RATE


@dataclass(frozen=True)
class Free:
    """What the solver may use: pupils that may be taken off the list, pools, and the number of grants."""

    seniors: int
    day_juniors: int
    vocational: int
    preschool: int
    grants: int
    wished_vocational: int


@dataclass(frozen=True)
class Mix:
    """The solution: pupils taken off the list, payments outside the register, steps of 250 on the grants."""

    dropped_seniors: int
    dropped_day_juniors: int
    vocational: int
    preschool: int
    tier_steps: int


class NoMixError(ValueError):
    """The rates cannot make the sum within the pools given."""


def solve(rest: Printed, free: Free) -> Mix:
    """The mix that meets ``rest`` exactly (printed total less everything that is fixed), dropping fewest."""
    drops = sorted(
        ((s, j) for s in range(min(25, free.seniors + 1)) for j in range(min(4, free.day_juniors + 1))),
        key=sum,
    )
    for seniors, juniors in drops:
        remainder = Printed(
            rest.persons + 2 * seniors + juniors,
            rest.amount + seniors * SENIOR + juniors * DAY_RATE["junior"],
        )
        if remainder.amount % TIER == 0:
            outside = _outside(remainder, free, free.grants - seniors)
            if outside:
                return Mix(seniors, juniors, *outside)
    raise NoMixError(f"{rest.persons} payments and {yuan(rest.amount)} yuan cannot be made of {free}")


def _outside(remainder: Printed, free: Free, grants: int) -> tuple[int, int, int] | None:
    """Vocational and preschool payments and tier steps; vocational as near as can be to what is wished."""
    surplus = remainder.amount - PRESCHOOL_RATE * remainder.persons
    step = VOCATIONAL_RATE - PRESCHOOL_RATE
    low = max(0, remainder.persons - free.preschool)
    high = min(free.vocational, remainder.persons)
    for vocational in sorted(range(low, high + 1), key=lambda v: abs(v - free.wished_vocational)):
        tiers = (surplus - step * vocational) // TIER
        if abs(tiers) <= grants * 3 // 4:
            return vocational, remainder.persons - vocational, tiers
    return None


def fallback_amounts(totals: Printed) -> list[int]:
    """Amounts that make ``printed``, each the rate of a boarder or a day pupil, three or more of each rate.

    Of all ways that in which the rarest rate is least rare.
    """
    rates = (BOARDER_RATE["primary"], BOARDER_RATE["junior"], DAY_RATE["primary"], DAY_RATE["junior"])
    ways = [counts for counts in _ways(totals, rates) if min(counts) >= 3]
    if not ways:
        raise NoMixError(
            f"{totals.persons} payments and {yuan(totals.amount)} yuan of fallback cannot be made"
        )
    counts = max(ways, key=lambda way: (min(way), way))
    return [rate for rate, count in zip(rates, counts, strict=True) for _ in range(count)]


def _ways(totals: Printed, rates: tuple[int, int, int, int]) -> Iterator[tuple[int, int, int, int]]:
    """How many of each rate; the first two follow from the sum once the others are chosen."""
    boarder, junior, day, half = rates
    for days in range(totals.persons + 1):
        for halves in range(totals.persons - days + 1):
            rest = totals.persons - days - halves
            juniors, remainder = divmod(
                totals.amount - days * day - halves * half - rest * boarder, junior - boarder
            )
            if not remainder and 0 <= juniors <= rest:
                yield rest - juniors, juniors, days, halves
