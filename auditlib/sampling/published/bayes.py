"""Bayesian evaluation of a monetary unit sample with a conjugate prior.

A taint sum that is not whole is a convention, not a likelihood: decide on the Stringer bound, explain with
this.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from auditlib.sampling import exact
from auditlib.sampling.distributions import beta_quantile, beta_split, gamma_quantile, gamma_split
from auditlib.sampling.exact import Number
from auditlib.sampling.results import Result


@dataclass(frozen=True)
class BayesResult(Result):
    """The posterior of the misstated rate (a fraction): parameters, mean, mode, one-sided upper limit.

    ``mode`` is None where the density has no single peak; ``bayes_factor`` (posterior odds / prior odds of
    rate < materiality) is None for an improper prior, and infinite where the odds overflow.
    """

    posterior_alpha: float
    posterior_beta: float
    mean: float
    mode: float | None
    upper_limit: float
    prob_below_materiality: float
    bayes_factor: float | None
    method: str
    inputs: Mapping[str, Any]
    formula: str


def evaluate_mus_bayes(
    *,
    n: int,
    taint_sum: Number,
    family: Literal["gamma", "beta"],
    alpha: Number,
    beta: Number,
    confidence: Number,
    materiality: Number,
) -> BayesResult:
    """Posterior gamma(alpha + T, beta + n), or beta(alpha + T, beta + n - T), after taints of sum T in ``n``
    hits.

    ``beta`` of the gamma is a rate. ``confidence`` is one-sided; ``materiality`` a rate above 0 and below 1.
    """
    inputs = dict(locals())
    law = exact.one_of(family, "family", ("gamma", "beta"))
    hits = exact.count(n, "n", 0)
    taint_total = exact.at_least(taint_sum, "taint_sum")
    if taint_total > hits:
        raise exact.refusal("taint_sum", "at most n", taint_sum)
    prior = float(exact.at_least(alpha, "alpha")), float(exact.at_least(beta, "beta"))
    a = float(exact.fraction(alpha, "alpha") + taint_total)
    b = float(exact.fraction(beta, "beta") + hits - (taint_total if law == "beta" else 0))
    if a <= 0 or b <= 0:
        raise exact.refusal("alpha" if a <= 0 else "beta", "such that the posterior is proper", inputs)
    level, limit = (
        exact.confidence_level(confidence),
        float(exact.confidence_level(materiality, "materiality")),
    )
    upper = gamma_quantile(level, a, b) if law == "gamma" else beta_quantile(level, a, b)
    below, above = _split(law, limit, a, b)
    quantile = f"quantile at {float(level):g} = {upper:.4%}"
    formula = f"posterior {law}({a:g}, {b:g}); {quantile}; P(rate < {limit:g}) = {below:.4g}"
    return BayesResult(
        a,
        b,
        a / b if law == "gamma" else a / (a + b),
        _mode(law, a, b),
        upper,
        below,
        _bayes_factor(law, limit, prior, below, above),
        f"conjugate posterior, {law}",
        inputs,
        formula,
    )


def _split(family: str, value: float, a: float, b: float) -> tuple[float, float]:
    return gamma_split(value, a, b) if family == "gamma" else beta_split(value, a, b)


def _mode(family: str, a: float, b: float) -> float | None:
    if family == "gamma":
        return max(0.0, (a - 1) / b)
    if a < 1 or b < 1 or a + b == 2:
        return None
    return (a - 1) / (a + b - 2)


def _bayes_factor(
    family: str, materiality: float, prior: tuple[float, float], below: float, above: float
) -> float | None:
    if min(prior) <= 0:
        return None
    before, beyond = _split(family, materiality, *prior)
    if above * before == 0:
        return math.inf if below * beyond else None
    return below / above * (beyond / before)
