"""Totals and means from stratified, two-stage and PPS samples, with their standard errors.

Cochran, Sampling Techniques, ch. 5, 11 and 9A. A sample is a table with one row a unit: a DataFrame, or a
dict of columns. ``y`` may be misstatement in yuan or 0/1 for a rate; results are in the unit of y. For a
domain (one school of a county) keep all rows and put y = 0 outside it.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from auditlib.sampling import exact
from auditlib.sampling.distributions import two_sided_t
from auditlib.sampling.exact import Number
from auditlib.sampling.results import Result


class Columns(Protocol):
    """A table that gives a column by name."""

    def __getitem__(self, name: str, /) -> Iterable[Any]:
        """The column ``name``, a value a row."""


@dataclass(frozen=True)
class Estimate(Result):
    """Population ``total`` and its two-sided limits (t with ``df``); the mean if the design gives one."""

    total: float
    se: float
    df: int
    lower: float
    upper: float
    mean: float | None
    mean_se: float | None
    method: str
    inputs: Mapping[str, Any]
    formula: str


@dataclass(frozen=True)
class _Group:
    """A stratum or a school: how many units it has, and the y of those drawn."""

    name: Hashable
    size: int
    values: tuple[Fraction, ...]

    @property
    def total(self) -> Fraction:
        """Estimated total of the group."""
        return self.size * statistics.mean(self.values)

    @property
    def variance(self) -> Fraction:
        """Of that total: N^2 (1 - n/N) s^2 / n; 0 where all units were drawn."""
        n = len(self.values)
        if n == self.size:
            return Fraction(0)
        if n < 2:
            raise ValueError(
                f"sample: one unit drawn of {self.name!r} gives no variance; draw 2 or collapse groups"
            )
        return self.size * Fraction(self.size - n, n) * statistics.variance(self.values)


def estimate_stratified(sample: Columns, *, confidence: Number = 0.95) -> Estimate:
    """From columns ``stratum``, ``stratum_size`` (N_h units), ``y``: sum N_h ybar_h, df = n - H."""
    groups = _groups(sample, "stratum", "stratum_size")
    total = sum((group.total for group in groups), Fraction(0))
    variance = sum((group.variance for group in groups), Fraction(0))
    sample_size = sum(len(group.values) for group in groups)
    size = sum(group.size for group in groups)
    formula = f"Σ N_h ȳ_h; variance Σ N_h² (1 - n_h/N_h) s_h²/n_h; df = {sample_size} - {len(groups)}"
    return with_limits(
        total, variance, sample_size - len(groups), confidence, size, "stratified estimate", formula
    )


def estimate_two_stage(sample: Columns, *, confidence: Number = 0.95) -> Estimate:
    """From columns ``psu``, ``psu_population`` (N schools), ``psu_size`` (M_i units), ``y``; schools drawn at
    random.

    (N/n) sum M_i ybar_i; the mean is the ratio sum M_i ybar_i / sum M_i, without a standard error; df = n -
    1.
    """
    groups = _groups(sample, "psu", "psu_size")
    population = exact.count(only(sample["psu_population"], "psu_population"), "psu_population", len(groups))
    n = at_least_two(groups)
    totals = [group.total for group in groups]
    between = population * Fraction(population - n, n) * statistics.variance(totals)
    variance = between + Fraction(population, n) * sum((group.variance for group in groups), Fraction(0))
    formula = (
        f"({population}/{n}) Σ M_i ȳ_i; variance N² (1 - n/N) s_t²/n"
        f" + (N/n) Σ M_i² (1 - m_i/M_i) s_i²/m_i; df = {n} - 1"
    )
    total = Fraction(population, n) * sum(totals, Fraction(0))
    mean = float(sum(totals, Fraction(0)) / sum(group.size for group in groups))
    return with_limits(total, variance, n - 1, confidence, None, "two-stage estimate", formula, mean)


def with_limits(
    total: Fraction,
    variance: Fraction,
    df: int,
    confidence: Number,
    size: int | None,
    method: str,
    formula: str,
    mean: float | None = None,
) -> Estimate:
    level = exact.confidence_level(confidence)
    se = math.sqrt(variance)
    margin = se * two_sided_t(level, df) if se else 0.0
    return Estimate(
        float(total),
        se,
        df,
        float(total) - margin,
        float(total) + margin,
        mean if size is None else float(total / size),
        None if size is None else se / size,
        method,
        {"confidence": confidence},
        formula,
    )


def _groups(sample: Columns, by: str, size: str) -> list[_Group]:
    """Rows gathered by the column ``by``, in order of appearance; a group has one size."""
    values: dict[Hashable, list[Fraction]] = {}
    sizes: dict[Hashable, int] = {}
    for name, size_of_group, y in zip(sample[by], sample[size], sample["y"], strict=True):
        values.setdefault(name, []).append(exact.fraction(y, "y"))
        if sizes.setdefault(name, exact.count(size_of_group, size, 1)) != exact.count(size_of_group, size, 1):
            raise exact.refusal(size, f"the same in all rows of {name!r}", size_of_group)
    groups = [_Group(name, sizes[name], tuple(group_values)) for name, group_values in values.items()]
    for group in groups:
        exact.count(group.size, size, len(group.values))
    if not groups:
        raise exact.refusal("sample", "of one row at least", "empty")
    return groups


def only(column: Iterable[Any], name: str) -> Any:
    different = set(column)
    if len(different) != 1:
        raise exact.refusal(name, "one number, the same in all rows", sorted(map(str, different)))
    return different.pop()


def at_least_two(schools: list[Any]) -> int:
    if len(schools) < 2:
        raise exact.refusal("sample", "of two schools at least: one gives no variance", len(schools))
    return len(schools)
