"""Intervals of an estimated share on the logit scale, which stay within 0 and 1."""

from __future__ import annotations

import math
from fractions import Fraction

from auditlib.sampling.distributions import two_sided_normal

Interval = tuple[float, float]


def logit_interval(share: float, se: float, confidence: Fraction) -> Interval | None:
    """Two-sided normal interval of ln(share / (1 - share)), turned back; None for a share 0 or 1 or se 0."""
    if se == 0 or not 0 < share < 1:
        return None
    centre = math.log(share / (1 - share))
    reach = two_sided_normal(confidence) * se / (share * (1 - share))
    return _share(centre - reach), _share(centre + reach)


def _share(logit: float) -> float:
    if logit < 0:  # either form, without overflow
        return math.exp(logit) / (1 + math.exp(logit))
    return 1 / (1 + math.exp(-logit))
