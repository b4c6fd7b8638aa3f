"""What share of the errors was flagged, with limits that hold: the county's self-check, and the flags of both checks.

The lower limit supposes as few errors among the flagged and as many elsewhere as the visits allow, the upper one the
reverse; each end of the interval holds at (1 + confidence) / 2, a fifth of its risk for the flagged, the rest for what
nobody flagged. A payment for which nothing came back speaks against: among the flagged it is no error confirmed,
elsewhere it is an error unseen. The estimate is of what was visited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from auditlib import sampling
from auditlib.city.bounds import DrawGroup, fewest_units, group_of, most_units, shared_levels
from auditlib.city.draw import CountyDraw
from auditlib.city.parameters import Sample
from auditlib.city.population import GROUPS
from auditlib.city.strata import strata_of
from auditlib.sampling import CheckedStratum

OF_FLAGGED = Fraction(
    1, 5
)  # of the risk; the errors among the flagged are seen more closely than those elsewhere
LEAST_ERRORS = 10


def detection(
    draw: CountyDraw, units: pd.DataFrame, flagging: tuple[str, ...], sample: Sample
) -> sampling.DetectionRate | None:
    """Of the errors that the visits confirm or cannot exclude, the share in the groups ``flagging``; None before a visit.

    ``rate`` is None where of a group nobody was visited, or no error was found.
    """
    visited_units = units[units["visited"]]
    if visited_units.empty:
        return None
    _, strata = strata_of(draw, visited_units)
    checked_strata = [
        CheckedStratum(s.size, s.sample_size, s.errors, s.errors if s.group in flagging else 0)
        for s in strata
    ]
    estimate = sampling.detection_rate(
        checked_strata, confidence=sample.confidence, least_errors=LEAST_ERRORS
    )
    groups = {name: group_of(draw, units, name) for name in GROUPS}
    missing = [
        name for name, group in groups.items() if group.size and name not in set(visited_units["group"])
    ]
    ends = limits(groups, flagging, sample.confidence)
    unknown = estimate.rate is None and not missing
    return replace(
        estimate,
        rate=None if missing else estimate.rate,
        lower=None if unknown else ends.lower,
        upper=None if unknown else ends.upper,
        undetected_upper=float(ends.unseen),
        interval_logit=None,
        se=None,
        caveats=_caveats(estimate, missing),
        method="detection rate; the fewest among the flagged against the most elsewhere, and the reverse",
    )


def _caveats(estimate: sampling.DetectionRate, missing: list[str]) -> tuple[str, ...]:
    standing = ("few_errors", "no_errors", "city_taken_as_truth")
    return tuple(code for code in estimate.caveats if code in standing) + (
        ("group_unvisited",) if missing else ()
    )


@dataclass(frozen=True)
class RateLimits:
    """Both ends of the share that was flagged, and the most errors not flagged."""

    lower: float
    upper: float
    unseen: int


def limits(groups: Mapping[str, DrawGroup], flagging: tuple[str, ...], confidence: Decimal) -> RateLimits:
    """The interval at two-sided ``confidence``."""
    inner, outer = levels(confidence)
    within = {name: groups[name] for name in flagging}
    outside = {name: group for name, group in groups.items() if name not in flagging}
    (flagged_fewest, flagged_most), (unseen, unseen_most) = _between(within, inner), _between(outside, outer)
    lower = flagged_fewest / (flagged_fewest + unseen_most) if flagged_fewest else 0.0
    upper = flagged_most / (flagged_most + unseen) if unseen else 1.0
    return RateLimits(lower, upper, unseen_most)


def flagged_wrong(
    groups: Mapping[str, DrawGroup], flagging: tuple[str, ...], confidence: Decimal
) -> tuple[float, float]:
    """The least and the largest share of the flagged that is wrong, exact for the number flagged."""
    flagged_groups = {name: groups[name] for name in flagging}
    size = sum(group.size for group in flagged_groups.values())
    fewest, most = _between(flagged_groups, (1 + confidence) / 2)
    return fewest / size, most / size


def _between(groups: Mapping[str, DrawGroup], level: Decimal) -> tuple[int, int]:
    """The fewest and the most that are wrong, each at ``level``."""
    each = shared_levels(groups, level)
    fewest = sum(fewest_units(g, _confirmed(g), each[name]) for name, g in groups.items())
    return fewest, sum(most_units(g, g.sample_units["deviates"], each[name]) for name, g in groups.items())


def _confirmed(group: DrawGroup) -> pd.Series:
    return group.sample_units["deviates"] & group.sample_units["visited"]


def levels(confidence: Decimal) -> tuple[Decimal, Decimal]:
    """Of the flagged, of the rest."""
    risk = (1 - confidence) / 2
    of_flagged = risk * OF_FLAGGED.numerator / OF_FLAGGED.denominator
    return 1 - of_flagged, 1 - (risk - of_flagged)


def precision_interval(
    draw: CountyDraw, units: pd.DataFrame, flagging: tuple[str, ...], sample: Sample
) -> tuple[float, float] | None:
    """The share of the flagged that is wrong, exact for the number flagged; None where nobody flagged or was visited."""
    groups = {name: group_of(draw, units, name) for name in flagging}
    if not any(group.sample_units["visited"].any() for group in groups.values()):
        return None
    return flagged_wrong(groups, flagging, sample.confidence)
