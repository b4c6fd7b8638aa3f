"""A draw by value as it would be with other numbers of visits, and the limits that it would give (货币单元抽样).

Nobody has drawn it yet: a payment not seen counts in part, by the chance that it would not be met, and the errors met are
taken for the cheapest, which leaves the most open.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import pandas as pd

from auditlib import sampling
from auditlib.sampling import Room


@dataclass(frozen=True, eq=False)
class Supposed:
    """``visits`` of payments of ``amounts``, the dearest first: those at the interval or above are all looked at."""

    amounts: pd.Series
    visits: int

    @property
    def is_whole(self) -> bool:
        """Are all looked at?"""
        return self.visits >= len(self.amounts)

    @cached_property
    def top(self) -> int:
        """How many are at the interval or above, as :func:`auditlib.sampling.split_top_stratum` takes them out."""
        rest, unit_count = float(self.amounts.sum()), 0
        while unit_count < self.visits and self.amounts.iloc[unit_count] >= rest / (self.visits - unit_count):
            rest -= float(self.amounts.iloc[unit_count])
            unit_count += 1
        return unit_count

    @property
    def hits(self) -> int:
        """Visits below the interval."""
        return self.visits - self.top

    def most_share(self, errors: int, level: Fraction) -> float:
        """The most yuan of all that can be wrong, as a share; ``errors`` met below the interval."""
        if self.is_whole:
            return errors / len(self.amounts)
        if errors >= self.hits:
            return 1.0
        share = float(self.amounts.iloc[self.top :].sum()) / float(self.amounts.sum())
        limit = sampling.evaluate_attribute(
            n=self.hits, deviations=errors, confidence=level, tolerable_rate=1, model="binomial"
        ).upper_limit
        return share * limit

    def most_units(self, errors: int, level: Fraction) -> int:
        """The most payments that can be wrong."""
        if self.is_whole:
            return errors
        if errors >= self.hits:
            return len(self.amounts)
        rest = self.amounts.iloc[self.top :]
        chances = (rest * self.hits / float(rest.sum())).clip(upper=1.0)
        spent_chance = errors * float(chances.min())
        room = Room((), (), max(0.0, sampling.expected_most(self.hits, errors, level) - spent_chance))
        cells = (
            (1.0, float(chance), math.ceil(n * (1 - chance))) for chance, n in chances.value_counts().items()
        )
        return errors + math.floor(sampling.fill(room, cells) + 1e-9)


def least_visits(amounts: pd.Series, is_enough: Callable[[Supposed], bool], errors: int) -> int | None:
    """The fewest visits whose limits are enough; None where all would not be."""
    dearest_first = amounts.astype(float).sort_values(ascending=False, ignore_index=True)
    low, high = max(errors, 1), len(dearest_first)
    if not high or not is_enough(Supposed(dearest_first, high)):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(Supposed(dearest_first, middle)) else (middle + 1, high)
    return low
