"""Totals of schools drawn in proportion to size, with replacement: Hansen and Hurwitz (1943)."""

from __future__ import annotations

import statistics

from auditlib.sampling import exact
from auditlib.sampling.designs import Columns, Estimate, at_least_two, only, with_limits
from auditlib.sampling.exact import Number


def estimate_pps(sample: Columns, *, confidence: Number = 0.95) -> Estimate:
    """From columns ``psu_population`` (total size X), ``psu_size`` (x_i), ``y`` (total of the school drawn).

    Hansen-Hurwitz for drawing with replacement, a row a draw: the mean of y_i X / x_i, variance s^2 / n, df =
    n - 1.
    """
    population = exact.above_zero(
        exact.fraction(only(sample["psu_population"], "psu_population"), "psu_population"), "psu_population"
    )
    sizes = [exact.above_zero(exact.fraction(size, "psu_size"), "psu_size") for size in sample["psu_size"]]
    values = [exact.fraction(y, "y") for y in sample["y"]]
    n = at_least_two(values)
    expanded_values = [y * population / size for y, size in zip(values, sizes, strict=True)]
    formula = f"mean of y_i X / x_i over {n} draws, X = {float(population):g}; variance s²/n; df = {n} - 1"
    variance = statistics.variance(expanded_values) / n
    return with_limits(
        statistics.mean(expanded_values),
        variance,
        n - 1,
        confidence,
        None,
        "Hansen-Hurwitz estimate",
        formula,
    )
