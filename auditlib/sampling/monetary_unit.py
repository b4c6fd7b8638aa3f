"""Monetary unit sampling (货币单元抽样), planning: the factors, the size and the interval.

AICPA Audit Guide, Audit Sampling (2017), App. C: all of Table C-1 follows from the unrounded confidence
factor.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from auditlib.sampling import exact
from auditlib.sampling.distributions import gamma_above, root
from auditlib.sampling.exact import Money, Number
from auditlib.sampling.results import Result


@dataclass(frozen=True)
class MusPlan(Result):
    """``n`` hits, one every ``interval`` yuan.

    ``factor`` is the confidence factor; ``tolerable_taint_sum`` the sum of taints at which the plan's limit
    is the tolerable misstatement.
    """

    n: int
    interval: Decimal
    factor: float
    tolerable_taint_sum: float
    method: str
    inputs: Mapping[str, Any]
    formula: str


def mus_factor(confidence: Number, ratio: Number) -> float:
    """Planning factor CF: P(Gamma(1 + ratio CF) > CF) = 1 - confidence; ``ratio`` = expected / tolerable."""
    risk = float(1 - exact.confidence_level(confidence))
    share = exact.at_least(ratio, "ratio")
    if share >= 1:
        raise exact.refusal("ratio", "below 1: the expected misstatement must be below the tolerable", ratio)
    if share == 0:
        return -math.log(risk)

    def excess(factor: float) -> float:
        return float(gamma_above(factor, 1 + float(share) * factor)) - risk

    low, high = 0.0, 1.0
    while excess(high) > 0:
        low, high = high, 2 * high
    return root(excess, low, high)


def plan_mus(*, book_value: Money, tolerable: Money, expected: Money = 0, confidence: Number) -> MusPlan:
    """Hits needed so that misstatement of ``tolerable`` yuan is accepted with a risk not above 1 -
    ``confidence``.

    n = ceil(CF x book / tolerable) with the unrounded CF; interval = book / n. Amounts in yuan, ``expected``
    below ``tolerable``; ``confidence`` is one-sided.
    """
    inputs = dict(locals())
    book = exact.above_zero(exact.money(book_value, "book_value"), "book_value")
    limit = exact.above_zero(exact.money(tolerable, "tolerable"), "tolerable")
    ratio = _ratio(expected, limit)
    risk = float(1 - exact.confidence_level(confidence))
    factor = mus_factor(confidence, ratio)
    n = math.ceil(Fraction(factor) * book / limit)
    interval = exact.yuan(book / n)
    formula = (
        f"n = ⌈{factor:.6f} × {exact.yuan(book)} / {exact.yuan(limit)}⌉ = {n}, where "
        f"P(Gamma(1 + {float(ratio):.4g} CF) > CF) = {risk:g}; "
        f"interval {exact.yuan(book)} / {n} = {interval:.2f}"
    )
    return MusPlan(n, interval, factor, float(ratio) * factor, "monetary unit plan, gamma", inputs, formula)


def _ratio(expected_misstatement: Money, tolerable: Fraction) -> Fraction:
    amount = exact.at_least(exact.money(expected_misstatement, "expected"), "expected")
    if amount >= tolerable:
        raise exact.refusal("expected", "below tolerable", expected_misstatement)
    return amount / tolerable
