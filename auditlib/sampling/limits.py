"""Attribute sampling, evaluation: the upper limit of the deviation rate, and whether it is tolerable.

Clopper-Pearson (binomial), Poisson, or the exact limit for a known population (hypergeometric, the only one
that is k/N when everything was looked at).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from auditlib.sampling import exact
from auditlib.sampling.attribute import Model, choose_model, tail_at
from auditlib.sampling.distributions import beta_quantile, gamma_quantile
from auditlib.sampling.exact import Number
from auditlib.sampling.results import Result
from auditlib.sampling.tails import first_true, hypergeometric_tail


@dataclass(frozen=True)
class AttributeResult(Result):
    """``rate`` seen and one-sided ``upper_limit``, as fractions; the Poisson limit is raw and may exceed 1.

    ``upper_count`` is the limit in units of the population (hypergeometric only). ``p_value`` is the chance
    of so few deviations if the rate were the tolerable one; ``accept`` means limit < tolerable rate, equality
    being rejected.
    """

    rate: float
    upper_limit: float
    upper_count: int | None
    p_value: float | None
    accept: bool | None
    method: str
    inputs: Mapping[str, Any]
    formula: str


def evaluate_attribute(
    *,
    n: int,
    deviations: int,
    confidence: Number,
    tolerable_rate: Number | None = None,
    population: int | None = None,
    model: Model | None = None,
) -> AttributeResult:
    """One-sided upper limit at ``confidence`` of the deviation rate, after ``deviations`` in ``n`` units.

    ``model`` is hypergeometric where a ``population`` is given, else binomial. Missing evidence counts as a
    deviation.
    """
    inputs = {name: value for name, value in locals().items() if value is not None}
    size = None if population is None else exact.count(population, "population", 1)
    sample_size = exact.count(n, "n", 1, size)
    k = exact.count(deviations, "deviations", 0, sample_size)
    level = exact.confidence_level(confidence)
    law = choose_model(model, size)
    population_size = size if law == "hypergeometric" else None
    upper = None if population_size is None else upper_count(population_size, sample_size, k, 1 - level)
    limit = (
        Fraction(upper, population_size)
        if upper is not None and population_size
        else Fraction(_upper_rate(law, sample_size, k, level))
    )
    p_value, accept = _judge(law, sample_size, k, 1 - level, limit, tolerable_rate, population_size)
    formula = _formula(law, sample_size, k, level, limit, upper, population_size)
    return AttributeResult(
        k / sample_size, float(limit), upper, p_value, accept, f"attribute limit, {law}", inputs, formula
    )


@lru_cache(maxsize=8192)
def upper_count(population: int, n: int, k: int, risk: Fraction) -> int:
    """Most deviations in the population with which P(at most ``k`` in ``n``) is still above ``risk``."""

    def is_excluded(bad: int) -> bool:
        return hypergeometric_tail(population, bad).is_within(k, n, risk)

    return first_true(is_excluded, k + 1, population - n + k) - 1


def _upper_rate(model: str, n: int, k: int, level: Fraction) -> float:
    if model == "poisson":
        return gamma_quantile(level, k + 1) / n
    return beta_quantile(level, k + 1, n - k)


def _judge(
    model: str,
    n: int,
    k: int,
    risk: Fraction,
    limit: Fraction,
    tolerable: Number | None,
    population: int | None,
) -> tuple[float | None, bool | None]:
    if tolerable is None:
        return None, None
    rate = exact.above_zero(exact.rate(tolerable, "tolerable_rate"), "tolerable_rate")
    tail = tail_at(model, rate, population)
    # The binomial limit is below the rate just where the chance at the rate is below the risk.
    accept = tail.compare(k, n, risk) < 0 if model == "binomial" else limit < rate
    return float(tail.chance(k, n)), accept


def _formula(
    model: str, n: int, k: int, level: Fraction, limit: Fraction, upper: int | None, population: int | None
) -> str:
    if model == "hypergeometric":
        chance = f"P(Hyp({population}, K, {n}) ≤ {k})"
        text = f"max K: {chance} > {float(1 - level):g} is {upper}; {upper} / {population}"
    elif model == "poisson":
        text = f"GammaInv({float(level):g}; {k} + 1) / {n}"
    else:
        text = f"BetaInv({float(level):g}; {k} + 1, {n} - {k})"
    return f"{text} = {float(limit):.4%}"
