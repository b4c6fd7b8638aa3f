"""Do two inspectors, or county and city, agree on the same units? Never kappa alone.

Where errors are rare kappa can be near 0 or negative at 94 % agreement; so observed and specific agreement
and Gwet's AC1 stand beside it. Cohen (1960), Fleiss, Cohen and Everitt (1969), Gwet (2008), Krippendorff.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from auditlib.sampling import exact
from auditlib.sampling.distributions import two_sided_normal
from auditlib.sampling.exact import Number
from auditlib.sampling.logit import Interval
from auditlib.sampling.results import Result


@dataclass(frozen=True)
class Agreement(Result):
    """Coefficients of two raters; None where one is not defined (all units in one category).

    ``observed`` is the share of units on which they agree. ``se`` is the large-sample standard error of ``kappa``,
    ``interval`` kappa +- z se, not cut at 1. ``positive`` and ``negative`` are the specific agreements of a 2 x 2
    table, its first category being positive.
    """

    observed: float
    kappa: float | None
    se: float | None
    interval: Interval | None
    ac1: float | None
    alpha: float | None
    pi: float | None
    brennan_prediger: float
    positive: float | None
    negative: float | None
    method: str
    inputs: Mapping[str, Any]
    formula: str


def agreement(table: Sequence[Sequence[int]], *, confidence: Number) -> Agreement:
    """Agreement of two raters on nominal categories; ``table`` counts units, rows by the first rater.

    ``confidence`` is that of the two-sided interval of kappa.
    """
    inputs = {"table": [list(row) for row in table], "confidence": confidence}
    counts = _square(table)
    level = exact.confidence_level(confidence)
    n = sum(map(sum, counts))
    categories = range(len(counts))
    rows = [Fraction(sum(counts[i]), n) for i in categories]
    columns = [Fraction(sum(row[i] for row in counts), n) for i in categories]
    means = [(row + column) / 2 for row, column in zip(rows, columns, strict=True)]
    observed_share = Fraction(sum(counts[i][i] for i in categories), n)
    by_chance = sum((row * column for row, column in zip(rows, columns, strict=True)), Fraction(0))
    alike = sum((mean**2 for mean in means), Fraction(0))
    unlike = (1 - alike) / (len(counts) - 1)
    kappa, se, interval = _kappa(counts, observed_share, by_chance, level)
    return Agreement(
        observed=float(observed_share),
        kappa=kappa,
        se=se,
        interval=interval,
        ac1=_beyond(observed_share, unlike),
        alpha=_alpha(observed_share, alike, n),
        pi=_beyond(observed_share, alike),
        brennan_prediger=float((observed_share - Fraction(1, len(counts))) / (1 - Fraction(1, len(counts)))),
        positive=_specific(counts, 0),
        negative=_specific(counts, 1),
        method="agreement of two raters",
        inputs=inputs,
        formula=f"(observed - chance) / (1 - chance); {float(observed_share):.4g}, {float(by_chance):.4g}",
    )


def _square(table: Sequence[Sequence[int]]) -> list[list[int]]:
    counts = [[exact.count(cell, "table") for cell in row] for row in table]
    if len(counts) < 2 or any(len(row) != len(counts) for row in counts):
        raise exact.refusal("table", "square, of two categories at least", table)
    if not any(map(any, counts)):
        raise exact.refusal("table", "of one unit at least", table)
    return counts


def _beyond(observed_share: Fraction, chance: Fraction) -> float | None:
    """Agreement beyond chance."""
    return None if chance == 1 else float((observed_share - chance) / (1 - chance))


def _kappa(
    counts: list[list[int]], observed_share: Fraction, by_chance: Fraction, level: Fraction
) -> tuple[float | None, float | None, Interval | None]:
    kappa = _beyond(observed_share, by_chance)
    if kappa is None:
        return None, None, None
    if observed_share == 1:
        return 1.0, 0.0, (1.0, 1.0)
    from statsmodels.stats import inter_rater  # here: it takes a second to come in

    with np.errstate(
        invalid="ignore", divide="ignore"
    ):  # statsmodels also works out 0 / 0 for a test not used here
        se = float(inter_rater.cohens_kappa(np.array(counts)).std_kappa)
    reach = two_sided_normal(level) * se
    return kappa, se, (kappa - reach, kappa + reach)


def _alpha(observed_share: Fraction, alike: Fraction, n: int) -> float | None:
    """Krippendorff's alpha of two raters without missing labels: 2n labels in all."""
    expected_share = (1 - alike) * Fraction(2 * n, 2 * n - 1)
    return None if expected_share == 0 else float(1 - (1 - observed_share) / expected_share)


def _specific(counts: list[list[int]], category: int) -> float | None:
    if len(counts) != 2:
        return None
    times_used = sum(counts[category]) + sum(row[category] for row in counts)
    return 2 * counts[category][category] / times_used if times_used else None
