"""Factors as the AICPA prints them: Audit Guide, Audit Sampling (2017), App. C."""

from __future__ import annotations

import math

from auditlib.sampling import exact
from auditlib.sampling.distributions import gamma_quantile
from auditlib.sampling.exact import Number


def poisson_factor(confidence: Number, j: int) -> float:
    """Evaluation factor (保证系数) for ``j`` misstatements: GammaInv(confidence; j + 1), unrounded."""
    return gamma_quantile(exact.confidence_level(confidence), exact.count(j, "j") + 1)


def incremental_factor(confidence: Number, j: int) -> float:
    """What the ``j``-th misstatement adds beyond itself: F(j) - F(j-1) - 1, for j from 1."""
    number = exact.count(j, "j", 1)
    return poisson_factor(confidence, number) - poisson_factor(confidence, number - 1) - 1


def round_up(value: float, places: int) -> float:
    """``value`` rounded up to ``places`` decimals, as the AICPA prints limits (1) and factors (2)."""
    scale = float(10**places)
    return math.ceil(value * scale - 1e-9) / scale
