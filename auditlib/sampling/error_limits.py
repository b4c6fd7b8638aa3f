"""Limits of how many units are wrong, from samples of several strata, that hold whatever the errors are like.

A stratum drawn at random alone: exact (hypergeometric). Several together: the number of wrong ones met is a sum of
independent events, since a hypergeometric count is one (Vatutin and Mikhailov 1982), and of such sums with a given mean
the binomial one reaches farthest (Hoeffding 1956). That bounds the number that was to be expected in the sample; the
wrong ones are then laid where they are met least. Strata whose chances differ by more than twice are bounded apart, the
risk shared out by their units. No normal approximation, no prior, no assumption on how errors lie.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from auditlib.sampling import exact
from auditlib.sampling.distributions import beta_quantile
from auditlib.sampling.exact import Number
from auditlib.sampling.limits import upper_count

ALIKE = 2  # chances that differ by more are bounded apart


@dataclass(frozen=True)
class SeenStratum:
    """Units of a stratum, how many of them were drawn at random and seen, how many of these were wrong."""

    units: int
    seen: int
    wrong: int

    @property
    def chance(self) -> Fraction:
        """That a unit was drawn."""
        return Fraction(self.seen, self.units)


@dataclass(frozen=True)
class Room:
    """How much more can be wrong among the units not seen of the strata ``members`` (their places in the list).

    A wrong unit of the i-th member takes ``costs[i]`` of ``room``.
    """

    members: tuple[int, ...]
    costs: tuple[float, ...]
    room: float


def expected_most(n: int, wrong: int, level: Number) -> float:
    """The most wrong ones that were to be expected among ``n`` seen, after ``wrong``; one-sided at ``level``."""
    quantile = n * beta_quantile(exact.fraction(level, "level"), wrong + 1, n - wrong)
    return min(float(n), max(quantile, wrong + 1.0))  # Hoeffding's inequality begins one above what was met


def expected_fewest(n: int, wrong: int, level: Number) -> float:
    """The fewest wrong ones that were to be expected among ``n`` seen, after ``wrong``; one-sided at ``level``."""
    quantile = n * beta_quantile(1 - exact.fraction(level, "level"), wrong, n - wrong + 1)
    return max(0.0, min(quantile, wrong - 1.0))


def rooms(strata: Sequence[SeenStratum], *, confidence: Number) -> list[Room]:
    """What the sample leaves open, with all rooms together holding at one-sided ``confidence``."""
    risk = 1 - exact.confidence_level(confidence)
    open_ones = [at for at, stratum in enumerate(strata) if stratum.seen < stratum.units]
    open_units = sum(strata[at].units for at in open_ones)
    return [
        _room(strata, members, 1 - risk * sum(strata[at].units for at in members) / open_units)
        for members in _alike(strata, open_ones)
    ]


def most_wrong(strata: Sequence[SeenStratum], *, confidence: Number) -> int:
    """The most units that can be wrong in all strata, one-sided at ``confidence``."""
    errors = sum(stratum.wrong for stratum in strata)
    unseen = [stratum.units - stratum.seen for stratum in strata]
    return errors + math.floor(
        sum(
            fill(
                room,
                ((1.0, cost, unseen[at]) for at, cost in zip(room.members, room.costs, strict=True)),
            )
            for room in rooms(strata, confidence=confidence)
        )
        + 1e-9
    )


def fewest_wrong(strata: Sequence[SeenStratum], *, confidence: Number) -> int:
    """The fewest that can be wrong: all, less the most that can be right."""
    right = [SeenStratum(s.units, s.seen, s.seen - s.wrong) for s in strata]
    return sum(stratum.units for stratum in strata) - most_wrong(right, confidence=confidence)


def fill(room: Room, unseen: Iterable[tuple[float, float, int]]) -> float:
    """The most that fits into ``room``: of ``unseen`` (worth of a unit, its cost, how many) the dearest for its cost
    first; the last one in part."""
    room_left, total = room.room, 0.0
    for worth, cost, count in sorted(
        unseen, key=lambda entry: -entry[0] / entry[1] if entry[1] else -math.inf
    ):
        quantity = min(float(count), room_left / cost) if cost else float(count)
        total += worth * quantity
        room_left -= cost * quantity
    return total


def _alike(strata: Sequence[SeenStratum], open_ones: Iterable[int]) -> list[list[int]]:
    """Strata in runs of rising chance, none more than twice the first of its run: known before anything is seen."""
    runs: list[list[int]] = []
    for at in sorted(open_ones, key=lambda place: (strata[place].chance, place)):
        if runs and strata[at].chance <= ALIKE * strata[runs[-1][0]].chance:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _room(strata: Sequence[SeenStratum], members: list[int], level: Fraction) -> Room:
    if len(members) == 1:
        (one,) = (strata[at] for at in members)
        if not one.seen:
            return Room(tuple(members), (1.0,), float(one.units))
        return Room(
            tuple(members), (1.0,), float(upper_count(one.units, one.seen, one.wrong, 1 - level) - one.wrong)
        )
    units_seen, wrong = (sum(getattr(strata[at], name) for at in members) for name in ("seen", "wrong"))
    costs = tuple(float(strata[at].chance) for at in members)
    spent_cost = sum(strata[at].wrong * cost for at, cost in zip(members, costs, strict=True))
    if not units_seen:
        return Room(tuple(members), costs, math.inf)
    return Room(tuple(members), costs, max(0.0, expected_most(units_seen, wrong, level) - spent_cost))
