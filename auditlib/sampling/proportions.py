"""Two-sided intervals of a proportion.

Newcombe (1998) for the choice; Wilson by default. Limits are 0 at k = 0 and 1 at k = n.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from auditlib.sampling import exact
from auditlib.sampling.distributions import beta_quantile, score_interval
from auditlib.sampling.exact import Number

IntervalMethod = Literal["wilson", "wilson_cc", "clopper_pearson", "jeffreys", "agresti_coull"]
_SCIPY_NAMES = {"wilson": "wilson", "wilson_cc": "wilsoncc", "clopper_pearson": "exact"}


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
