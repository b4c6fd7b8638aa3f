"""Attribute sampling: how many units to draw, and how many deviations may be accepted among them.

AICPA Audit Guide, Audit Sampling (2017), App. A. The risk is the chance of seeing no more than the acceptable
number of deviations when the true rate is the tolerable one; a plan keeps it NOT ABOVE 1 - confidence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from auditlib.sampling import exact
from auditlib.sampling.discovery import detection_probability
from auditlib.sampling.exact import Number
from auditlib.sampling.results import Result
from auditlib.sampling.tails import NEAR, Tail, binomial_tail, first_true, hypergeometric_tail, poisson_tail

Model = Literal["hypergeometric", "binomial", "poisson"]
MODELS = ("hypergeometric", "binomial", "poisson")
LARGEST_SAMPLE = 10_000_000
_BLOCK = 4096


@dataclass(frozen=True)
class AttributePlan(Result):
    """``n`` units to draw; accept up to ``acceptable_deviations`` (not whole for a Poisson plan with a rate).

    ``statistical_n`` is the size before ``min_n`` and ``min_share``; ``achieved_risk`` is the chance of
    accepting a population whose rate is the tolerable one.
    """

    n: int
    acceptable_deviations: int | float
    achieved_risk: float
    model: str
    statistical_n: int
    method: str
    inputs: Mapping[str, Any]
    formula: str


def plan_attribute(
    *,
    confidence: Number,
    tolerable_rate: Number,
    expected_rate: Number = 0,
    expected_deviations: int | None = None,
    population: int | None = None,
    model: Model | None = None,
    min_n: int | None = None,
    min_share: Number | None = None,
) -> AttributePlan:
    """Smallest sample that lets ``tolerable_rate`` pass with a risk not above 1 - ``confidence`` (one-sided).

    The acceptable number is ``expected_deviations``, or ``expected_rate`` x n rounded up (for Poisson not
    rounded). ``model`` is hypergeometric where a ``population`` (units) is given, else binomial. ``min_n``
    units and ``min_share`` of the population can only raise n, and the acceptable number with it. Raises
    ValueError naming the argument, also where no sample of the population will do.
    """
    inputs = {name: value for name, value in locals().items() if value is not None}
    risk = 1 - exact.confidence_level(confidence)
    tolerable = _tolerable(tolerable_rate)
    size = None if population is None else exact.count(population, "population", 1)
    law = choose_model(model, size)
    tail = tail_at(law, tolerable, size)
    expected_errors = _expectation(expected_rate, expected_deviations, tolerable)
    n, acceptable = _smallest(tail, law, expected_errors, risk, size)
    sample_size = max(n, _ordered_size(min_n, min_share, size))
    if sample_size > n:
        acceptable = max(acceptable, _most_acceptable(tail, sample_size, risk))
    achieved_risk = float(tail.chance(acceptable, sample_size))
    formula = _formula(law, tolerable, size, sample_size, acceptable, achieved_risk, risk)
    if sample_size > n:
        formula += _formula_raised(n, sample_size, size, tolerable)
    return AttributePlan(
        sample_size, acceptable, achieved_risk, law, n, f"attribute plan, {law}", inputs, formula
    )


def choose_model(model: str | None, population: int | None) -> str:
    """The model asked for; by default hypergeometric where the population is known, else binomial."""
    law = exact.one_of(model or ("binomial" if population is None else "hypergeometric"), "model", MODELS)
    if law == "hypergeometric" and population is None:
        raise exact.refusal("population", "given for the hypergeometric model", population)
    return law


def tail_at(model: str, rate: Fraction, population: int | None) -> Tail:
    """How deviations fall in a sample when their true rate is ``rate``; K = ceil(rate x population)."""
    if model == "hypergeometric" and population is not None:
        return hypergeometric_tail(population, math.ceil(rate * population))
    return binomial_tail(rate) if model == "binomial" else poisson_tail(rate)


def _tolerable(value: Number) -> Fraction:
    tolerable = exact.rate(value, "tolerable_rate")
    if tolerable == 0:
        raise exact.refusal("tolerable_rate", "above 0", value)
    return tolerable


def _expectation(rate: Number, deviations: int | None, tolerable: Fraction) -> Fraction | int:
    """An int is a fixed number of deviations, a Fraction above zero a rate."""
    expected_errors = exact.rate(rate, "expected_rate")
    if deviations is not None:
        if expected_errors:
            raise exact.refusal("expected_rate", "left out where expected_deviations is given", rate)
        return exact.count(deviations, "expected_deviations")
    if expected_errors >= tolerable:
        raise exact.refusal("expected_rate", "below tolerable_rate", rate)
    return expected_errors or 0


def _smallest(
    tail: Tail, model: str, expected_errors: Fraction | int, risk: Fraction, population: int | None
) -> tuple[int, int | float]:
    most = LARGEST_SAMPLE if population is None else population
    smallest: tuple[int, int | float] | None
    if isinstance(expected_errors, int):
        smallest = _smallest_for_count(tail, expected_errors, risk, most)
    elif model == "poisson":
        smallest = _smallest_for_poisson_rate(tail, expected_errors, risk, most)
    else:
        smallest = _smallest_for_rate(tail, expected_errors, risk, most)
    if smallest is None:
        which = (
            "expected_deviations" if isinstance(expected_errors, int) and expected_errors else "expected_rate"
        )
        hint = (
            "; try the hypergeometric model" if population is not None and model != "hypergeometric" else ""
        )
        raise ValueError(f"{which}: no {model} sample of at most {most} units meets the confidence{hint}")
    return smallest


def _smallest_for_count(tail: Tail, k: int, risk: Fraction, most: int) -> tuple[int, int] | None:
    """With a fixed k the risk falls as n grows, so the first n can be bisected."""
    high = min(most, max(64, 2 * k))
    while high < most and not tail.is_within(k, high, risk):
        high = min(most, 2 * high)
    n = first_true(lambda size: tail.is_within(k, size, risk), 1, high)
    return (n, k) if n <= high else None


def _smallest_for_rate(
    tail: Tail, expected_errors: Fraction, risk: Fraction, most: int
) -> tuple[int, int] | None:
    """First n whose own k(n) = ceil(expected x n) is acceptable.

    The risk jumps up wherever k(n) does, so n itself cannot be bisected; but while k stays the risk falls. So
    look at the last n of every k, as arrays, and bisect only within the first k that works.
    """
    for first_k, last_sizes in _last_sizes(expected_errors, most):
        numbers = np.arange(first_k, first_k + len(last_sizes))
        for i in np.flatnonzero(tail.chance(numbers, last_sizes) <= float(risk) * (1 + NEAR)):
            k, last = int(numbers[i]), int(last_sizes[i])
            if tail.is_within(k, last, risk):
                first = math.floor((k - 1) / expected_errors) + 1
                return first_true(lambda n, k=k: tail.is_within(k, n, risk), first, last), k  # type: ignore[misc]
    return None


def _last_sizes(
    expected_errors: Fraction, most: int
) -> Iterator[tuple[int, np.ndarray[Any, np.dtype[np.int64]]]]:
    """(first k, the largest n that still has k, k + 1, ... acceptable), in blocks, up to n = ``most``."""
    up, down = expected_errors.denominator, expected_errors.numerator
    first_k = 1
    while True:
        sizes = [min(k * up // down, most) for k in range(first_k, first_k + _BLOCK)]
        ends = [i for i, size in enumerate(sizes) if size == most]
        yield first_k, np.array(sizes[: ends[0] + 1] if ends else sizes)
        if ends:
            return
        first_k += _BLOCK


def _smallest_for_poisson_rate(
    tail: Tail, expected_errors: Fraction, risk: Fraction, most: int
) -> tuple[int, float] | None:
    """First n with k = expected x n, not rounded (jfa, AICPA C-1): all n of a block at once."""
    block, start = _BLOCK, 1
    while start <= most:
        sizes = np.arange(start, min(start + block, most + 1))
        within = np.flatnonzero(tail.chance(sizes * float(expected_errors), sizes) <= float(risk))
        if len(within):
            n = int(sizes[within[0]])
            return n, float(expected_errors * n)
        start, block = start + block, 2 * block
    return None


def _most_acceptable(tail: Tail, n: int, risk: Fraction) -> int:
    return first_true(lambda k: not tail.is_within(k, n, risk), 0, n) - 1


def _ordered_size(min_n: int | None, min_share: Number | None, population: int | None) -> int:
    """The size that somebody ordered: the larger of the two minima, never more than there is."""
    least = exact.count(min_n, "min_n") if min_n is not None else 0
    if min_share is not None:
        share = exact.rate(min_share, "min_share")
        if population is None:
            raise exact.refusal("population", "given where min_share is", population)
        least = max(least, math.ceil(share * population))
    return least if population is None else min(least, population)


def _formula(
    model: str,
    tolerable: Fraction,
    population: int | None,
    n: int,
    k: float,
    achieved_risk: float,
    risk: Fraction,
) -> str:
    rate = f"{float(tolerable):g}"
    law = {
        "hypergeometric": f"K = ⌈{rate} × {population}⌉ = {math.ceil(tolerable * (population or 0))}; "
        f"P(Hyp({population}, K, {n}) ≤ {k:g})",
        "binomial": f"P(Bin({n}, {rate}) ≤ {k:g})",
        "poisson": f"P(Gamma(1 + {k:g}) > {n} × {rate})",
    }[model]
    return f"{law} = {achieved_risk:.4g} ≤ {float(risk):g}"


def _formula_raised(statistical: int, sample_size: int, population: int | None, tolerable: Fraction) -> str:
    text = f"; n = {statistical} by statistics, raised to the {sample_size} ordered"
    if population is None:
        return text
    critical = math.ceil(tolerable * population)
    chance = detection_probability(population=population, critical=critical, n=sample_size)
    return text + f", which finds at least one of {critical} in {population} with {chance:.1%}"
