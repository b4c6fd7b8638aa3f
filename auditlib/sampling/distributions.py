"""SciPy's distributions, typed, in the terms of this package. The only file that imports SciPy.

SciPy brings in its rooms when they are first asked for: a county's run needs none, and they take a second.

Quantiles take ``level``, the chance below; a Fraction is fine everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

Real = float | Fraction
Floats = NDArray[np.float64]


def binomial_at_most(k: Any, n: Any, rate: Real) -> Floats:
    """P(Bin(n, rate) <= k), elementwise."""
    return np.asarray(scipy.stats.binom.cdf(k, n, float(rate)), dtype=float)


def hypergeometric_at_most(k: Any, population: int, bad: int, n: Any) -> Floats:
    """P(at most k of the ``bad`` among n drawn without replacement), elementwise."""
    return np.asarray(scipy.stats.hypergeom.cdf(k, population, bad, n), dtype=float)


def hypergeometric_above(k: int, population: int, bad: int, n: int) -> float:
    """P(more than k of the ``bad`` among n drawn without replacement), accurate where it is tiny."""
    return float(scipy.stats.hypergeom.sf(k, population, bad, n))


def gamma_above(value: Any, shape: Any) -> Floats:
    """P(Gamma(shape) > value), elementwise; for a whole shape k + 1 this is P(Poisson(value) <= k)."""
    return np.asarray(scipy.stats.gamma.sf(value, shape), dtype=float)


def gamma_quantile(level: Real, shape: float, rate: float = 1.0) -> float:
    """Quantile of Gamma(shape, rate)."""
    return float(scipy.stats.gamma.ppf(float(level), shape)) / rate


def gamma_split(value: float, shape: float, rate: float) -> tuple[float, float]:
    """(chance below, chance above) ``value`` of Gamma(shape, rate)."""
    return float(scipy.stats.gamma.cdf(value * rate, shape)), float(scipy.stats.gamma.sf(value * rate, shape))


def beta_quantile(level: Real, a: float, b: float) -> float:
    """Quantile of Beta(a, b); its limits 0 for a = 0 and 1 for b = 0."""
    if a <= 0:
        return 0.0
    return 1.0 if b <= 0 else float(scipy.stats.beta.ppf(float(level), a, b))


def beta_split(value: float, a: float, b: float) -> tuple[float, float]:
    """(chance below, chance above) ``value`` of Beta(a, b)."""
    return float(scipy.stats.beta.cdf(value, a, b)), float(scipy.stats.beta.sf(value, a, b))


def normal_quantile(level: Real) -> float:
    """Quantile of the standard normal."""
    return float(scipy.stats.norm.ppf(float(level)))


def two_sided_normal(confidence: Fraction) -> float:
    """z of a two-sided normal interval: 1.96 for 95 %."""
    return normal_quantile((1 + confidence) / 2)


def two_sided_t(confidence: Fraction, df: int) -> float:
    """t of a two-sided interval with ``df`` degrees of freedom."""
    return float(scipy.stats.t.ppf(float((1 + confidence) / 2), df))


def score_interval(k: int, n: int, confidence: Fraction, method: str) -> tuple[float, float]:
    """Two-sided interval of k/n by SciPy's ``exact``, ``wilson`` or ``wilsoncc``."""
    interval = scipy.stats.binomtest(k, n).proportion_ci(confidence_level=float(confidence), method=method)
    return float(interval.low), float(interval.high)


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """The zero of ``function`` between ``low`` and ``high`` (Brent), to the last digits of a float."""
    return float(scipy.optimize.brentq(function, low, high, xtol=1e-14, rtol=4 * float(np.finfo(float).eps)))
