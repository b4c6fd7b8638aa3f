"""Discovery sampling: the chance of finding at least one of a few, and what an ordered share is worth.

Exact, by the hypergeometric distribution. One finding means stop and expand, not estimate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditlib.sampling import exact
from auditlib.sampling.distributions import hypergeometric_above
from auditlib.sampling.exact import Number
from auditlib.sampling.results import Result
from auditlib.sampling.tails import first_true, hypergeometric_tail


@dataclass(frozen=True)
class DiscoveryPlan(Result):
    """``n`` units to draw; ``achieved_confidence`` is the chance to have a critical unit among them."""

    n: int
    achieved_confidence: float
    method: str
    inputs: Mapping[str, Any]
    formula: str


@dataclass(frozen=True)
class ShareConfidence(Result):
    """What an ordered share (抽查比例) really gives.

    ``n`` units are drawn; with ``critical`` bad units in the population ``detection_probability`` is the
    chance to see one. ``required_n`` units would be needed for the confidence wanted; ``enough`` says whether
    n reaches that.
    """

    n: int
    critical: int
    detection_probability: float
    required_n: int
    enough: bool
    method: str
    inputs: Mapping[str, Any]
    formula: str


def detection_probability(*, population: int, critical: int, n: int) -> float:
    """P(at least one of ``critical`` units is among ``n`` drawn) = 1 - C(N-K, n) / C(N, n)."""
    size = exact.count(population, "population", 1)
    bad = exact.count(critical, "critical", 0, size)
    sample_size = exact.count(n, "n", 0, size)
    return hypergeometric_above(0, size, bad, sample_size)


def plan_discovery(*, population: int, critical: int, confidence: Number) -> DiscoveryPlan:
    """Smallest n that holds one of ``critical`` units with a chance not below ``confidence``."""
    inputs = dict(locals())
    size = exact.count(population, "population", 1)
    bad = exact.count(critical, "critical", 1, size)
    risk = 1 - exact.confidence_level(confidence)
    tail = hypergeometric_tail(size, bad)
    n = first_true(lambda n_units: tail.is_within(0, n_units, risk), 1, size)
    achieved_probability = detection_probability(population=size, critical=bad, n=n)
    formula = f"1 - C({size - bad}, {n}) / C({size}, {n}) = {achieved_probability:.4g} ≥ {float(1 - risk):g}"
    return DiscoveryPlan(n, achieved_probability, "discovery plan, hypergeometric", inputs, formula)


def share_confidence(
    *, population: int, share: Number, tolerable_rate: Number, confidence: Number = 0.95
) -> ShareConfidence:
    """The chance that drawing ``share`` of a population finds one deviation when ``tolerable_rate`` of it
    deviate.

    A fixed 10 % of 80 payments (8) finds a 5 % error rate (4 bad) with a chance of only 35 %.
    """
    inputs = dict(locals())
    size = exact.count(population, "population", 1)
    n = math.ceil(exact.rate(share, "share") * size)
    critical = math.ceil(
        exact.above_zero(exact.rate(tolerable_rate, "tolerable_rate"), "tolerable_rate") * size
    )
    chance = detection_probability(population=size, critical=critical, n=n)
    required_plan = plan_discovery(population=size, critical=critical, confidence=confidence).n
    formula = (
        f"n = ⌈{share} × {size}⌉ = {n}, K = ⌈{tolerable_rate} × {size}⌉ = {critical}: "
        f"1 - C({size - critical}, {n}) / C({size}, {n}) = {chance:.1%}; "
        f"for {float(exact.fraction(confidence, 'confidence')):g} draw {required_plan}"
    )
    return ShareConfidence(
        n, critical, chance, required_plan, n >= required_plan, "ordered share", inputs, formula
    )
