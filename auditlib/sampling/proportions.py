"""Two-sided intervals of a proportion, and the sample that estimates one to a stated precision.

Newcombe (1998) for the choice; Wilson by default. Limits are 0 at k = 0 and 1 at k = n.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from auditlib.sampling import exact
from auditlib.sampling.distributions import beta_quantile, score_interval, two_sided_normal
from auditlib.sampling.exact import Number
from auditlib.sampling.results import as_json

IntervalMethod = Literal["wilson", "wilson_cc", "clopper_pearson", "jeffreys", "agresti_coull"]
_SCIPY_NAMES = {"wilson": "wilson", "wilson_cc": "wilsoncc", "clopper_pearson": "exact"}


@dataclass(frozen=True)
class SrsPlan:
    """``n`` units for a simple random sample; ``n0`` and ``n_fpc`` (finite population) unrounded."""

    n0: float
    n_fpc: float
    n: int
    method: str
    inputs: Mapping[str, Any]
    formula: str

    def to_dict(self) -> dict[str, Any]:
        """The plan as JSON holds it."""
        return dict(as_json(self))


def proportion_interval(
    k: int, n: int, *, confidence: Number, method: IntervalMethod = "wilson"
) -> tuple[float, float]:
    """Two-sided interval of ``k`` out of ``n`` at ``confidence``, as fractions within [0, 1]."""
    trials = exact.count(n, "n", 1)
    successes = exact.count(k, "k", 0, trials)
    level = exact.confidence_level(confidence)
    name = exact.one_of(method, "method", (*_SCIPY_NAMES, "jeffreys", "agresti_coull"))
    if name == "agresti_coull":
        from statsmodels.stats.proportion import proportion_confint  # here: it takes a second to come in

        lower, upper = proportion_confint(successes, trials, alpha=float(1 - level), method=name)
        return max(0.0, float(lower)), min(1.0, float(upper))
    if name == "jeffreys":
        lower, upper = _jeffreys(successes, trials, level)
    else:
        lower, upper = score_interval(successes, trials, level, _SCIPY_NAMES[name])
    return (0.0 if successes == 0 else lower), (1.0 if successes == trials else upper)


def _jeffreys(k: int, n: int, level: Fraction) -> tuple[float, float]:
    a, b = k + 0.5, n - k + 0.5
    return beta_quantile((1 - level) / 2, a, b), beta_quantile((1 + level) / 2, a, b)


def plan_estimate(
    *, rate: Number, half_width: Number, confidence: Number, population: int | None = None
) -> SrsPlan:
    """Sample that estimates a rate near ``rate`` within +- ``half_width``, at two-sided ``confidence``.

    n0 = z² p (1 - p) / d²; with a population n0 / (1 + (n0 - 1) / N). Cochran, Sampling Techniques, ch. 4.
    """
    inputs = {name: value for name, value in locals().items() if value is not None}
    expected, width = exact.confidence_level(rate, "rate"), exact.confidence_level(half_width, "half_width")
    z = two_sided_normal(exact.confidence_level(confidence))
    n0 = z * z * float(expected * (1 - expected) / width**2)
    size = None if population is None else exact.count(population, "population", 1)
    corrected = n0 if size is None else n0 / (1 + (n0 - 1) / size)
    n = math.ceil(corrected) if size is None else min(size, math.ceil(corrected))
    formula = f"n0 = {z:.4f}² × {float(expected):g} × {float(1 - expected):g} / {float(width):g}² = {n0:.2f}"
    if size is not None:
        formula += f"; n0 / (1 + (n0 - 1) / {size}) = {corrected:.2f}"
    return SrsPlan(n0, corrected, n, "estimate of a rate, simple random sample", inputs, formula)
