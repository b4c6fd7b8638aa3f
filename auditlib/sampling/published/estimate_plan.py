"""The simple random sample that estimates a rate to a stated precision. Cochran, Sampling Techniques, ch. 4."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditlib.sampling import exact
from auditlib.sampling.distributions import two_sided_normal
from auditlib.sampling.exact import Number
from auditlib.sampling.results import Result


@dataclass(frozen=True)
class SrsPlan(Result):
    """``n`` units for a simple random sample; ``n0`` and ``n_fpc`` (finite population) unrounded."""

    n0: float
    n_fpc: float
    n: int
    method: str
    inputs: Mapping[str, Any]
    formula: str


def plan_estimate(
    *, rate: Number, half_width: Number, confidence: Number, population: int | None = None
) -> SrsPlan:
    """Sample that estimates a rate near ``rate`` within +- ``half_width``, at two-sided ``confidence``.

    n0 = z² p (1 - p) / d²; with a population n0 / (1 + (n0 - 1) / N). Cochran, Sampling Techniques, ch. 4.
    """
    inputs = {name: value for name, value in locals().items() if value is not None}
    expected_rate, width = (
        exact.confidence_level(rate, "rate"),
        exact.confidence_level(half_width, "half_width"),
    )
    z = two_sided_normal(exact.confidence_level(confidence))
    n0 = z * z * float(expected_rate * (1 - expected_rate) / width**2)
    size = None if population is None else exact.count(population, "population", 1)
    corrected_size = n0 if size is None else n0 / (1 + (n0 - 1) / size)
    n = math.ceil(corrected_size) if size is None else min(size, math.ceil(corrected_size))
    formula = f"n0 = {z:.4f}² × {float(expected_rate):g} × {float(1 - expected_rate):g} / {float(width):g}² = {n0:.2f}"
    if size is not None:
        formula += f"; n0 / (1 + (n0 - 1) / {size}) = {corrected_size:.2f}"
    return SrsPlan(n0, corrected_size, n, "estimate of a rate, simple random sample", inputs, formula)
