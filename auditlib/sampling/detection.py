"""How good was the county's self-check: the share of errors it had found itself, and a grade.

The city finds e errors in its random sample, b of them already in the county's list; b / e, weighted by
stratum, needs no independence of the two checks, only that the city's finding is right. Standard error
linearised over all sampled units (Cochran, ch. 6; R survey, svyratio).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from auditlib.sampling import exact
from auditlib.sampling.distributions import beta_quantile, gamma_quantile
from auditlib.sampling.exact import Number
from auditlib.sampling.logit import Interval, logit_interval
from auditlib.sampling.proportions import proportion_interval
from auditlib.sampling.results import Result

NOT_GRADABLE = "not gradable"
FEW_UNSEEN = (
    5  # errors that the county had not found; with fewer in the sample the normal interval is a fiction
)


@dataclass(frozen=True)
class CheckedStratum:
    """Units of a stratum, units sampled by the city, errors it found, those of them the county had."""

    stratum_size: int
    sample_size: int
    errors: int
    found_by_county: int


@dataclass(frozen=True)
class DetectionRate(Result):
    """The detection rate and its two-sided interval, as fractions; ``undetected`` is a number of errors.

    - ``interval_logit``: the weighted interval (None where it fails).
    - ``lower``, ``upper``: those to use. The rate itself where every unit was looked at. For one stratum Wilson, or
      Clopper-Pearson with fewer than 30 errors. For several strata logit, or where that fails Clopper-Pearson on the
      effective number of errors. With fewer than 5 errors that the county had not found, ``lower`` is not above the
      conservative limit: found errors at their lower limit, unseen ones at ``undetected_upper``, each one-sided at
      (1 + confidence) / 2.
    - ``errors``, ``found``: counts in the sample; the totals are weighted up.

    All are None where no error was found.
    """

    rate: float | None
    se: float | None
    lower: float | None
    upper: float | None
    undetected: float
    undetected_upper: float
    gradable: bool
    errors: int
    found: int
    total_errors: float
    total_found: float
    interval_logit: Interval | None
    df: int
    caveats: tuple[str, ...]
    method: str
    inputs: Mapping[str, Any]
    formula: str


@dataclass(frozen=True)
class Grade(Result):
    """A letter (or "not gradable"), the figure it rests on, and codes of what to say beside it."""

    letter: str
    basis: str
    caveats: tuple[str, ...]


def detection_rate(
    strata: Sequence[CheckedStratum],
    *,
    confidence: Number = 0.95,
    least_errors: int = 10,
    design_effect: Number = 1,
) -> DetectionRate:
    """sum (N_h/n_h) b_h / sum (N_h/n_h) e_h, two-sided; gradable from ``least_errors`` errors on.

    ``design_effect``: by how much the variance of a cluster sample exceeds that of the strata as given.
    """
    inputs = {
        "strata": list(strata),
        "confidence": confidence,
        "least_errors": least_errors,
        "design_effect": design_effect,
    }
    effect = exact.at_least(design_effect, "design_effect", 1)
    level = exact.confidence_level(confidence)
    strata = [_check(stratum) for stratum in strata]
    if not strata:
        raise exact.refusal("strata", "one at least", strata)
    errors, by_county = sum(s.errors for s in strata), sum(s.found_by_county for s in strata)
    total = sum((_weight(s) * s.errors for s in strata), Fraction(0))
    total_found = sum((_weight(s) * s.found_by_county for s in strata), Fraction(0))
    rate, se, logit = _ratio(strata, total_found, total, effect, level)
    (lower, upper), caveats = _interval(strata, rate, logit, level)
    unseen = _most_unseen(strata, level, effect)
    if lower is not None and errors - by_county < FEW_UNSEEN and len(strata) > 1 and unseen > 0:
        lower, caveats = min(lower, _conservative(strata, level, effect, unseen)), ("few_unseen", *caveats)
    gradable = errors >= exact.count(least_errors, "least_errors")
    formula = f"Σ (N_h/n_h) b_h / Σ (N_h/n_h) e_h = {float(total_found):.6g} / {float(total):.6g}"
    return DetectionRate(
        rate=None if rate is None else float(rate),
        se=se,
        lower=lower,
        upper=upper,
        undetected=float(total - total_found),
        undetected_upper=max(unseen, float(total - total_found)),
        gradable=gradable,
        errors=errors,
        found=by_county,
        total_errors=float(total),
        total_found=float(total_found),
        interval_logit=logit,
        df=sum(s.sample_size for s in strata) - len(strata),
        caveats=caveats if gradable else (*caveats, "few_errors"),
        method=f"detection rate, {'stratified ratio' if len(strata) > 1 else 'simple random sample'}",
        inputs=inputs,
        formula=formula,
    )


def _check(stratum: CheckedStratum) -> CheckedStratum:
    """The same in plain whole numbers."""
    size = exact.count(stratum.stratum_size, "stratum_size", 1)
    sample_size = exact.count(stratum.sample_size, "sample_size", 1, size)
    errors = exact.count(stratum.errors, "errors", 0, sample_size)
    by_county = exact.count(stratum.found_by_county, "found_by_county", 0, errors)
    if sample_size == 1 < size:
        raise exact.refusal(
            "sample_size", "2 at least, or the whole stratum: one unit gives no variance", sample_size
        )
    return CheckedStratum(size, sample_size, errors, by_county)


def _weight(stratum: CheckedStratum) -> Fraction:
    return Fraction(stratum.stratum_size, stratum.sample_size)


def _variance(stratum: CheckedStratum, rate: Fraction) -> Fraction:
    """Of the estimated total of z = found - rate x error: N^2 (1 - n/N) s_z^2 / n."""
    n, size = stratum.sample_size, stratum.stratum_size
    if n == size:
        return Fraction(0)
    total = stratum.found_by_county - rate * stratum.errors
    squares = stratum.found_by_county * (1 - rate) ** 2 + (stratum.errors - stratum.found_by_county) * rate**2
    return size * Fraction(size - n, n) * (squares - total**2 / n) / (n - 1)


def _ratio(
    strata: Sequence[CheckedStratum], by_county: Fraction, total: Fraction, effect: Fraction, level: Fraction
) -> tuple[Fraction, float, Interval | None] | tuple[None, None, None]:
    """The rate, its standard error and the logit interval; nothing of all three where no error was found."""
    if not total:
        return None, None, None
    rate = by_county / total
    se = math.sqrt(effect * sum(_variance(s, rate) for s in strata)) / float(total)
    return rate, se, logit_interval(float(rate), se, level)


def _interval(
    strata: Sequence[CheckedStratum], rate: Fraction | None, logit: Interval | None, level: Fraction
) -> tuple[Interval | tuple[None, None], tuple[str, ...]]:
    if rate is None:
        return (None, None), ("no_errors", "city_taken_as_truth")
    if all(s.sample_size == s.stratum_size for s in strata):  # everything was looked at
        return (float(rate), float(rate)), ("city_taken_as_truth",)
    if len(strata) == 1:
        errors, by_county = strata[0].errors, strata[0].found_by_county
        few = errors < 30
        method = "clopper_pearson" if few else "wilson"
        caveats = ("exact_interval", "city_taken_as_truth") if few else ("city_taken_as_truth",)
        return proportion_interval(by_county, errors, confidence=level, method=method), caveats  # type: ignore[arg-type]
    if logit is not None:
        return logit, ("city_taken_as_truth",)
    return _exact_interval(strata, rate, level), ("no_standard_error", "city_taken_as_truth")


def _most_unseen(strata: Sequence[CheckedStratum], level: Fraction, effect: Fraction) -> float:
    """The most errors unknown to the county, one-sided at (1 + level) / 2.

    So many in the sample allow F expected ones (the exact Poisson limit, which is above the binomial one);
    at the worst all of these lie where a unit drawn stands for the most. Strata looked at whole hold what was
    seen. One stratum sampled: Clopper-Pearson.
    """
    sampled_strata = [s for s in strata if s.sample_size < s.stratum_size]
    certain_misses = sum(s.errors - s.found_by_county for s in strata if s.sample_size == s.stratum_size)
    misses = sum(s.errors - s.found_by_county for s in sampled_strata)
    if len(sampled_strata) == 1 and effect == 1:
        (one,) = sampled_strata
        share = beta_quantile((1 + level) / 2, misses + 1, one.sample_size - misses)
        return certain_misses + one.stratum_size * share
    expected_count = gamma_quantile((1 + level) / 2, misses + 1) * float(effect)
    most = 0.0
    for stratum in sorted(sampled_strata, key=_weight, reverse=True):
        here = min(expected_count, stratum.sample_size)
        most += here * float(_weight(stratum))
        expected_count -= here
    return certain_misses + most


def _conservative(
    strata: Sequence[CheckedStratum], level: Fraction, effect: Fraction, unseen: float
) -> float:
    """L / (L + U): what the county found at its lower limit, what it did not find at its upper one."""
    sampled_strata = [s for s in strata if s.found_by_county and s.sample_size < s.stratum_size]
    certain_finds = sum(s.found_by_county for s in strata if s.sample_size == s.stratum_size)
    risk = (1 - level) / 2 / max(len(sampled_strata), 1)
    least = certain_finds + sum(_least_found(s, risk, effect) for s in sampled_strata)
    return least / (least + unseen) if least else 0.0


def _least_found(stratum: CheckedStratum, risk: Fraction, effect: Fraction) -> float:
    effective_finds, n = stratum.found_by_county / float(effect), stratum.sample_size / float(effect)
    return stratum.stratum_size * beta_quantile(risk, effective_finds, n - effective_finds + 1)


def _exact_interval(strata: Sequence[CheckedStratum], rate: Fraction, level: Fraction) -> Interval:
    """Clopper-Pearson on the effective number of errors, (sum w e)^2 / sum w^2 e."""
    weighted_errors = sum((_weight(s) * s.errors for s in strata), Fraction(0))
    effective = float(weighted_errors**2 / sum((_weight(s) ** 2 * s.errors for s in strata), Fraction(0)))
    effective_finds = float(rate) * effective
    lower = beta_quantile((1 - level) / 2, effective_finds, effective - effective_finds + 1)
    return (lower if effective_finds else 0.0), (
        1.0 if rate == 1 else beta_quantile((1 + level) / 2, effective_finds + 1, effective - effective_finds)
    )
