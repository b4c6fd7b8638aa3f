"""Capture-recapture: how many errors there are, when county and city looked at the same ground independently.

Chapman's estimate with Seber's standard error (Seber 2002); intervals normal, log-normal, and logit (Sadinle
2009, the one to use). Match on record and error type; drop county errors that the city refutes; the city must
work blind. Dependence of the two checks biases the estimate downwards: report it as a lower limit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from auditlib.sampling import exact
from auditlib.sampling.distributions import two_sided_normal
from auditlib.sampling.exact import Number
from auditlib.sampling.logit import Interval
from auditlib.sampling.proportions import proportion_interval
from auditlib.sampling.results import Result

FEWEST_IN_BOTH = 7


@dataclass(frozen=True)
class CaptureResult(Result):
    """Numbers of errors; intervals are two-sided.

    ``lincoln_petersen`` is None without an error found by both, ``interval_lognormal`` where Chapman's
    estimate is just what was found. ``detection_rate_first`` is both / second. ``lower_limit`` is the figure
    to report: ``distinct`` where fewer than 7 were found by both, else the lower end of the logit interval,
    not below ``distinct``.
    """

    lincoln_petersen: float | None
    chapman: float
    se: float
    interval_logit: Interval
    interval_lognormal: Interval | None
    interval_normal: Interval
    distinct: int
    undetected: float
    detection_rate_first: float | None
    detection_rate_wilson: Interval | None
    detection_rate_clopper_pearson: Interval | None
    lower_limit: float
    caveats: tuple[str, ...]
    method: str
    inputs: Mapping[str, Any]
    formula: str


def capture_recapture(*, first: int, second: int, both: int, confidence: Number = 0.95) -> CaptureResult:
    """Errors in all, from ``first`` found by the county, ``second`` by the city, ``both`` by both."""
    inputs = dict(locals())
    n1, n2 = exact.count(first, "first"), exact.count(second, "second")
    m = exact.count(both, "both", 0, min(n1, n2))
    level = exact.confidence_level(confidence)
    estimate = Fraction((n1 + 1) * (n2 + 1), m + 1) - 1
    distinct = n1 + n2 - m
    se = math.sqrt(Fraction((n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m), (m + 1) ** 2 * (m + 2)))
    reach = two_sided_normal(level) * se
    logit = _logit(n1, n2, m, level)
    few = m < FEWEST_IN_BOTH
    chapman = f"({n1} + 1)({n2} + 1) / ({m} + 1) - 1 = {float(estimate):.2f}"
    formula = f"{chapman}; distinct {n1} + {n2} - {m} = {distinct}"
    return CaptureResult(
        lincoln_petersen=n1 * n2 / m if m else None,
        chapman=float(estimate),
        se=se,
        interval_logit=logit,
        interval_lognormal=_lognormal(distinct, float(estimate - distinct), se, level),
        interval_normal=(float(estimate) - reach, float(estimate) + reach),
        distinct=distinct,
        undetected=float(estimate - distinct),
        detection_rate_first=m / n2 if n2 else None,
        detection_rate_wilson=proportion_interval(m, n2, confidence=level) if n2 else None,
        detection_rate_clopper_pearson=_clopper_pearson(m, n2, level),
        lower_limit=float(distinct) if few else max(float(distinct), logit[0]),
        caveats=("lower_limit_only", "dependence") if few else ("dependence",),
        method="capture-recapture, Chapman",
        inputs=inputs,
        formula=formula,
    )


def _clopper_pearson(k: int, n: int, level: Fraction) -> Interval | None:
    return proportion_interval(k, n, confidence=level, method="clopper_pearson") if n else None


def _lognormal(distinct: int, unseen: float, se: float, level: Fraction) -> Interval | None:
    """D + f0 / C to D + f0 C, C = exp(z sqrt(ln(1 + se^2 / f0^2)))."""
    if unseen <= 0:
        return None
    spread = math.exp(two_sided_normal(level) * math.sqrt(math.log1p((se / unseen) ** 2)))
    return distinct + unseen / spread, distinct + unseen * spread


def _logit(n1: int, n2: int, m: int, level: Fraction) -> Interval:
    """D - 1/2 + q exp(-+ z s), with a half added to each of the three cells seen."""
    only_first, only_second, in_both = n1 - m + 0.5, n2 - m + 0.5, m + 0.5
    unseen = only_first * only_second / in_both
    s = math.sqrt(1 / in_both + 1 / only_first + 1 / only_second + in_both / (only_first * only_second))
    spread = math.exp(two_sided_normal(level) * s)
    base = n1 + n2 - m - 0.5
    return base + unseen / spread, base + unseen * spread
