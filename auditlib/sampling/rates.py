"""How far the rate of a count may be off by chance alone."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist


def count_interval(k: int, level: float = 0.95) -> tuple[float, float]:
    """Two-sided limits of the expectation of a Poisson count ``k``: Byar's approximation to the exact ones
    (Breslow and Day, Statistical Methods in Cancer Research II, 1987, p. 69), within a percent of them from k = 5 on."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    low = k * (1 - 1 / (9 * k) - z / (3 * sqrt(k))) ** 3 if k else 0.0
    above = k + 1
    return max(low, 0.0), above * (1 - 1 / (9 * above) + z / (3 * sqrt(above))) ** 3
