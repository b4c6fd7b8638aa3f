"""Stop-or-go sampling with two equal stages, planned before the first unit is drawn.

Accept on no deviation; on exactly one draw the second stage and accept on none there; otherwise reject.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from auditlib.sampling import exact
from auditlib.sampling.exact import Number
from auditlib.sampling.results import Result
from auditlib.sampling.tails import compare, first_true


@dataclass(frozen=True)
class StopOrGoPlan(Result):
    """``n_per_stage`` units in either stage; ``risk`` is P0 + P1 P0 at the tolerable rate."""

    n_per_stage: int
    risk: float
    method: str
    inputs: Mapping[str, Any]
    formula: str


def plan_stop_or_go(
    *, confidence: Number, tolerable_rate: Number, model: Literal["binomial", "poisson"] = "binomial"
) -> StopOrGoPlan:
    """Smallest stage whose risk of accepting the tolerable rate is not above 1 - ``confidence``."""
    inputs = dict(locals())
    allowed_risk = 1 - exact.confidence_level(confidence)
    rate = exact.above_zero(exact.rate(tolerable_rate, "tolerable_rate"), "tolerable_rate")
    law = exact.one_of(model, "model", ("binomial", "poisson"))

    def is_within(n: int) -> bool:
        return (
            compare(
                _risk(law, n, rate), allowed_risk, (lambda: _exact(n, rate)) if law == "binomial" else None
            )
            <= 0
        )

    high = 1
    while not is_within(high):
        high *= 2
    n = first_true(is_within, 1, high)
    formula = (
        f"P0 + P1 P0 = {_risk(law, n, rate):.4g} ≤ {float(allowed_risk):g} at n = {n}, rate {float(rate):g}"
    )
    return StopOrGoPlan(n, _risk(law, n, rate), f"stop-or-go plan, {law}", inputs, formula)


def _risk(model: str, n: int, rate: Fraction) -> float:
    if model == "poisson":
        none, one = math.exp(-n * float(rate)), n * float(rate) * math.exp(-n * float(rate))
    else:
        none, one = float(1 - rate) ** n, n * float(rate) * float(1 - rate) ** (n - 1)
    return none + one * none


def _exact(n: int, rate: Fraction) -> Fraction:
    none, one = (1 - rate) ** n, n * rate * (1 - rate) ** (n - 1)
    return none + one * none
