"""How good are the automatic flags: precision, recall and F1 from a stratified labelled sample.

Recall needs labels among the UNFLAGGED. Variances with finite population correction, recall by the delta
method, intervals on the logit scale.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from auditlib.sampling import exact
from auditlib.sampling.distributions import beta_quantile
from auditlib.sampling.exact import Number
from auditlib.sampling.logit import Interval, logit_interval
from auditlib.sampling.results import Result


@dataclass(frozen=True)
class FlagStratum:
    """A stratum of flagged or of unflagged units: its size, units labelled, true errors among them."""

    flagged: bool
    stratum_size: int
    sample_size: int
    errors: int


@dataclass(frozen=True)
class FlagPerformance(Result):
    """Shares with standard errors and two-sided intervals (None where the standard error or the share says
    nothing).

    ``precision`` is None without a flagged stratum, ``recall`` without an unflagged one or without any error.
    ``recall_lower_conservative`` exists for one flagged and one unflagged stratum; where no error was seen
    among the unflagged it is the only figure to believe.
    """

    precision: float | None
    precision_se: float | None
    precision_interval: Interval | None
    recall: float | None
    recall_se: float | None
    recall_interval: Interval | None
    recall_lower_conservative: float | None
    f1: float | None
    prevalence: float
    true_positives: float
    false_negatives: float
    caveats: tuple[str, ...]
    method: str
    inputs: Mapping[str, Any]
    formula: str


def flag_performance(strata: Sequence[FlagStratum], *, confidence: Number) -> FlagPerformance:
    """TP = sum N_h y_h / n_h over flagged strata, FN over unflagged ones; two-sided intervals."""
    inputs = {"strata": list(strata), "confidence": confidence}
    level = exact.confidence_level(confidence)
    strata = [_check(stratum) for stratum in strata]
    if not strata:
        raise exact.refusal("strata", "one at least", strata)
    flagged_strata = [stratum for stratum in strata if stratum.flagged]
    unflagged_strata = [stratum for stratum in strata if not stratum.flagged]
    (hits, hits_variance), (misses, misses_variance) = _total(flagged_strata), _total(unflagged_strata)
    size = sum(stratum.stratum_size for stratum in flagged_strata)
    precision = hits / size if size else None
    precision_se = math.sqrt(hits_variance) / size if size else None
    has_recall = bool(unflagged_strata) and hits + misses > 0
    recall = hits / (hits + misses) if has_recall else None
    recall_se = _recall_se(hits, misses, hits_variance, misses_variance) if has_recall else None
    unseen = bool(unflagged_strata) and misses == 0
    return FlagPerformance(
        precision=_float(precision),
        precision_se=precision_se,
        precision_interval=_interval(precision, precision_se, level),
        recall=_float(recall),
        recall_se=recall_se,
        recall_interval=_interval(recall, recall_se, level),
        recall_lower_conservative=_conservative(flagged_strata, unflagged_strata, level),
        f1=_f1(precision, recall),
        prevalence=float((hits + misses) / sum(stratum.stratum_size for stratum in strata)),
        true_positives=float(hits),
        false_negatives=float(misses),
        caveats=("recall_without_misses",) if unseen else (),
        method="precision and recall, stratified sample",
        inputs=inputs,
        formula=f"TP = {float(hits):.6g}, FN = {float(misses):.6g}; TP / {size}; TP / (TP + FN)",
    )


def _check(stratum: FlagStratum) -> FlagStratum:
    """The same in plain whole numbers."""
    if stratum.flagged not in (True, False):
        raise exact.refusal("flagged", "True or False", stratum.flagged)
    size = exact.count(stratum.stratum_size, "stratum_size", 1)
    sample_size = exact.count(stratum.sample_size, "sample_size", 1, size)
    errors = exact.count(stratum.errors, "errors", 0, sample_size)
    if sample_size == 1 < size:
        raise exact.refusal(
            "sample_size", "2 at least, or the whole stratum: one unit gives no variance", sample_size
        )
    return FlagStratum(bool(stratum.flagged), size, sample_size, errors)


def _total(strata: Sequence[FlagStratum]) -> tuple[Fraction, Fraction]:
    """Estimated errors and their variance, sum N^2 (1 - n/N) p (1 - p) / (n - 1)."""
    total = sum((Fraction(s.stratum_size * s.errors, s.sample_size) for s in strata), Fraction(0))
    return total, sum((_variance(s) for s in strata), Fraction(0))


def _variance(stratum: FlagStratum) -> Fraction:
    n, size = stratum.sample_size, stratum.stratum_size
    if n == size:
        return Fraction(0)
    p = Fraction(stratum.errors, n)
    return size * (size - n) * p * (1 - p) / (n - 1)


def _recall_se(hits: Fraction, misses: Fraction, hits_variance: Fraction, misses_variance: Fraction) -> float:
    variance = misses**2 * hits_variance + hits**2 * misses_variance
    return math.sqrt(variance / (hits + misses) ** 4)


def _interval(share: Fraction | None, se: float | None, level: Fraction) -> Interval | None:
    return None if share is None or se is None else logit_interval(float(share), se, level)


def _f1(precision: Fraction | None, recall: Fraction | None) -> float | None:
    if precision is None or recall is None or precision + recall == 0:
        return None
    return float(2 * precision * recall / (precision + recall))


def _conservative(
    flagged_strata: list[FlagStratum], unflagged_strata: list[FlagStratum], level: Fraction
) -> float | None:
    """N1 L / (N1 L + N0 U): Clopper-Pearson, each one-sided at (1 + confidence) / 2 (97.5 %)."""
    if len(flagged_strata) != 1 or len(unflagged_strata) != 1:
        return None
    (hit,), (miss,) = flagged_strata, unflagged_strata
    lower = beta_quantile((1 - level) / 2, hit.errors, hit.sample_size - hit.errors + 1)
    upper = beta_quantile((1 + level) / 2, miss.errors + 1, miss.sample_size - miss.errors)
    least, most = hit.stratum_size * lower, miss.stratum_size * upper
    return least / (least + most)


def _float(share: Fraction | None) -> float | None:
    return None if share is None else float(share)
