"""The chance of at most k deviations in a sample of n: fast as an array, exact where a decision hangs on it.

SciPy decides unless its value comes within one part in ten million of the risk; there the sum of
``math.comb`` terms decides, because in small populations exact ties do occur (10 of 100 unseen is 10 %).
"""

from __future__ import annotations

import bisect
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import comb
from typing import Any

from auditlib.sampling import distributions
from auditlib.sampling.distributions import Floats

NEAR = 1e-7


@dataclass(frozen=True)
class Tail:
    """P(X(n) <= k) as ``chance(k, n)`` for arrays, and as ``exact(k, n)`` where a rational value exists."""

    chance: Callable[[Any, Any], Floats]
    exact: Callable[[int, int], Fraction] | None = None

    def compare(self, k: Any, n: int, risk: Fraction) -> int:
        """-1, 0 or 1 as the chance is below, at or above ``risk``."""
        precise = None if self.exact is None else partial(self.exact, k, n)
        return compare(float(self.chance(k, n)), risk, precise)

    def is_within(self, k: Any, n: int, risk: Fraction) -> bool:
        """Is the chance not above ``risk``?"""
        return self.compare(k, n, risk) <= 0


def compare(chance: float, risk: Fraction, exact: Callable[[], Fraction] | None) -> int:
    """Sign of ``chance`` minus ``risk``, from ``exact()`` when floats are too close to tell."""
    if exact is not None and abs(chance - float(risk)) <= NEAR * float(risk):
        precise = exact()
        return (precise > risk) - (precise < risk)
    return (chance > float(risk)) - (chance < float(risk))


def binomial_tail(rate: Fraction) -> Tail:
    """Deviations fall independently at ``rate``."""
    return Tail(
        lambda k, n: distributions.binomial_at_most(k, n, rate),
        lambda k, n: binomial_sum(k, n, rate),
    )


def hypergeometric_tail(population: int, bad: int) -> Tail:
    """Drawing without replacement from ``population`` units, ``bad`` of them deviations."""
    return Tail(
        lambda k, n: distributions.hypergeometric_at_most(k, population, bad, n),
        lambda k, n: hypergeometric_sum(k, population, bad, n),
    )


def poisson_tail(rate: Fraction) -> Tail:
    """P(Gamma(1 + k) > n rate); k need not be whole. No ties: exp is irrational."""
    return Tail(lambda k, n: distributions.gamma_above(n * float(rate), 1 + k))


def binomial_sum(k: int, n: int, rate: Fraction) -> Fraction:
    """P(Bin(n, rate) <= k), exactly."""
    bad, denominator = rate.numerator, rate.denominator
    good = denominator - bad
    ways = sum(comb(n, i) * bad**i * good ** (n - i) for i in range(min(k, n) + 1))
    return Fraction(ways, denominator**n)


def hypergeometric_sum(k: int, population: int, bad: int, n: int) -> Fraction:
    """P(at most k of the ``bad`` among n of ``population``), exactly."""
    fewer, more = sorted((bad, n))  # symmetric in the two; the fewer make the smaller numbers
    least = max(0, fewer + more - population)
    ways = sum(comb(more, i) * comb(population - more, fewer - i) for i in range(least, min(k, fewer) + 1))
    return Fraction(ways, comb(population, fewer))


def first_true(predicate: Callable[[int], bool], low: int, high: int) -> int:
    """Smallest number from ``low`` to ``high`` at which a monotone ``predicate`` holds; high + 1 if none."""
    return low + bisect.bisect_left(range(low, high + 1), True, key=predicate)
