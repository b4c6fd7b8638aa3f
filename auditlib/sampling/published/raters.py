"""Agreement of more than two raters: Fleiss (1971), Krippendorff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from fractions import Fraction

import numpy as np

from auditlib.sampling import exact


def fleiss_kappa(counts: Sequence[Sequence[int]]) -> float | None:
    """Fleiss' kappa; ``counts`` of raters by subject (rows) and category. None if all use one category."""
    table = [[exact.count(cell, "counts") for cell in row] for row in counts]
    sums = {sum(row) for row in table}
    if len(sums) != 1 or len({len(row) for row in table}) != 1 or min(sums) < 2:
        raise exact.refusal("counts", "rows of equal length, each of the same two or more raters", counts)
    if sum(any(column) for column in zip(*table, strict=True)) < 2:
        return None
    from statsmodels.stats import inter_rater  # here: it takes a second to come in

    return float(inter_rater.fleiss_kappa(np.array(table), method="fleiss"))


def krippendorff_alpha(ratings: Sequence[Sequence[Hashable | None]]) -> float | None:
    """Krippendorff's alpha for nominal labels; a row a rater, a column a unit, None where a label is missing.

    Units with fewer than two labels do not count. None where all labels are the same; ValueError where none
    count.
    """
    if len({len(row) for row in ratings}) != 1:
        raise exact.refusal("ratings", "rows of equal length, one a rater", ratings)
    units = [Counter(label for label in unit if label is not None) for unit in zip(*ratings, strict=True)]
    units = [unit for unit in units if unit.total() > 1]
    total = sum(unit.total() for unit in units)
    if not total:
        raise exact.refusal("ratings", "two labels of one unit at least", ratings)
    labels: Counter[Hashable] = sum(units, Counter())
    disagreeing = sum((_pairs(unit) / (unit.total() - 1) for unit in units), Fraction(0)) / total
    expected_disagreement = _pairs(labels) / (total * (total - 1))
    return float(1 - disagreeing / expected_disagreement) if expected_disagreement else None


def _pairs(labels: Counter[Hashable]) -> Fraction:
    """Ordered pairs of different labels."""
    return Fraction(labels.total() ** 2 - sum(times**2 for times in labels.values()))
