"""How many visits a conclusion needs: of the payments that nobody flagged, or of schools, where these are drawn first.

Worked out with the very limits that the report prints, for visits that meet no further error. Strata are reckoned as if
drawn at random, which is near enough to plan by.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from auditlib import sampling
from auditlib.city import detection
from auditlib.city.draw import CountyDraw
from auditlib.city.needs_by_value import Supposed, least_visits
from auditlib.city.parameters import Sample
from auditlib.city.population import BY_COUNTY, CLEAN
from auditlib.sampling import SeenSchool, SeenStratum


@dataclass(frozen=True)
class VisitNeed:
    """``visits`` of the unflagged payments in all, or of ``schools``; None where not even all of them would do."""

    visits: int | None
    in_schools: bool


def for_grades(draw: CountyDraw, sample: Sample, grades: Mapping[str, Decimal]) -> dict[str, VisitNeed]:
    """Before the draw: what each letter needs, if every flag of the county drawn is right and no error is met elsewhere."""
    flagged_count = int((draw.population.units["group"] == BY_COUNTY).sum())
    visits = min(sample.flagged_n, flagged_count)
    inner, _ = detection.levels(sample.confidence)
    county_flags = SeenStratum(flagged_count, visits, visits)
    fewest = sampling.fewest_wrong([county_flags], confidence=inner) if flagged_count else 0
    return {letter: for_grade(draw, sample, least, fewest, 0) for letter, least in grades.items()}


def for_grade(
    draw: CountyDraw, sample: Sample, least: Decimal, errors: int, errors_elsewhere: int
) -> VisitNeed:
    """The sample that shows a detection rate of ``least``: ``errors`` were found by the county, ``errors_elsewhere`` were not."""
    if not errors:
        return VisitNeed(None, draw.schools is not None)
    _, outer = detection.levels(sample.confidence)
    allowed_errors = math.floor(Fraction(errors) * (1 - Fraction(least)) / Fraction(least))
    return _need(draw, sample, allowed_errors, errors_elsewhere, Fraction(outer))


def for_acceptance(draw: CountyDraw, sample: Sample, errors: int = 0) -> VisitNeed:
    """So that the limit of the error rate is below the tolerable one, after ``errors`` errors."""
    size, level = _size(draw), Fraction(sample.confidence)
    if draw.interval is not None:
        return _by_value(draw, lambda would: would.most_share(errors, level) < sample.tolerable_rate, errors)
    return _need(draw, sample, math.ceil(Fraction(sample.tolerable_rate) * size) - 1, errors, level)


def _size(draw: CountyDraw) -> int:
    return int((draw.population.units["group"] == CLEAN).sum())


def _need(draw: CountyDraw, sample: Sample, allowed_errors: int, errors: int, level: Fraction) -> VisitNeed:
    size = _size(draw)
    if draw.interval is not None:
        return _by_value(draw, lambda would: would.most_units(errors, level) <= allowed_errors, errors)
    if draw.schools is not None:
        return VisitNeed(_schools(draw, sample, allowed_errors, errors, level), True)
    if not size:
        return VisitNeed(0, False)

    def is_enough(n: int) -> bool:
        return sampling.most_wrong([SeenStratum(size, n, errors)], confidence=level) <= allowed_errors

    return VisitNeed(_first(is_enough, max(errors, 1), size) if errors <= allowed_errors else None, False)


def _by_value(draw: CountyDraw, is_enough: Callable[[Supposed], bool], errors: int) -> VisitNeed:
    units = draw.population.units
    return VisitNeed(least_visits(units.loc[units["group"] == CLEAN, "amount"], is_enough, errors), False)


def _schools(
    draw: CountyDraw, sample: Sample, allowed_errors: int, errors: int, level: Fraction
) -> int | None:
    units = draw.population.units
    sizes = sorted(units.loc[units["group"] == CLEAN, "stratum"].value_counts(), reverse=True)
    middle = sizes[len(sizes) // 2]

    def is_enough(schools: int) -> bool:
        visits = min(sample.per_school, middle)
        schools_seen = [SeenSchool(middle, visits, errors if not i else 0) for i in range(schools)]
        limit = sampling.most_in_schools(schools_seen, len(sizes), confidence=level)
        return int(limit.within + sum(sizes[: math.ceil(limit.whole_schools)])) <= allowed_errors

    return _first(is_enough, 1, len(sizes)) if errors <= min(allowed_errors, sample.per_school) else None


def _first(is_enough: Callable[[int], bool], low: int, high: int) -> int | None:
    """The least number that is enough, where more never does worse; None where the highest is not."""
    if not is_enough(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle + 1, high)
    return low
