"""What the visits say: of the payments, of the money, of the county's self-check, of the flags, of the inspectors.

All figures are of payments: a child who was never paid is in no list of payments and is judged by re-performance alone.
A unit drawn for which nothing came back is said to be open, and every limit takes it the worse way until shown otherwise:
wrong in full among the payments, not confirmed among the flags.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pandas as pd

from auditlib import sampling
from auditlib.city.detection import detection, precision_interval
from auditlib.city.draw import CountyDraw
from auditlib.city.misstatement import misstatement
from auditlib.city.parameters import Sample
from auditlib.city.population import BY_CITY, BY_COUNTY
from auditlib.city.rates import MissRate, missed
from auditlib.city.strata import strata_of
from auditlib.sampling import FlagStratum

ZERO = Decimal(0)


@dataclass(frozen=True)
class Conclusion:
    """What can be said of one county, each part as ``auditlib.sampling`` gives it (None: cannot be said).

    ``book``: yuan paid in all. ``open_units``: drawn, and nothing came back. ``missed``: errors among the payments that nobody flagged.
    ``county_flags``, ``all_flags``: how often a flag was right, of the county's, and of the county's and the city's
    together; ``recall``: what share of the errors the flags of both caught.
    ``over``, ``under``: misstatement in yuan, never netted. ``agreement_flags``: the county's flags against the visit.
    """

    county_code: str
    county_name: str
    units: int
    book: Decimal
    visited: int
    open_units: int
    missed: MissRate | None
    over: Mapping[str, Any] | None
    under: Mapping[str, Any] | None
    detection: sampling.DetectionRate | None
    grade: sampling.Grade | None
    county_flags: sampling.FlagPerformance | None
    all_flags: sampling.FlagPerformance | None
    recall: sampling.DetectionRate | None
    agreement_flags: sampling.Agreement | None
    agreement_inspectors: sampling.Agreement | None
    ordered: Mapping[str, Any] | None

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        parts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        plain = {k: v.to_dict() if hasattr(v, "to_dict") else v for k, v in parts.items()}
        return plain | {"book": str(self.book)}


def conclude(
    draw: CountyDraw, results: pd.DataFrame, sample: Sample, grades: Mapping[str, Decimal]
) -> Conclusion:
    """The conclusions on one county from the units visited (``field_reading``). Nothing is said before a visit."""
    units = _units(draw, results)
    visit_count, total = int(units["visited"].sum()), len(draw.population.units)
    if not visit_count:
        return _without_visits(draw, total, len(units))
    has_self_check = draw.population.submitted  # without a package there is no self-check to judge
    visited_units = units[units["visited"]]
    detection_rate = detection(draw, units, (BY_COUNTY,), sample) if has_self_check else None
    return Conclusion(
        county_code=draw.population.county_code,
        county_name=draw.population.county_name,
        units=total,
        book=_book(draw),
        visited=visit_count,
        open_units=len(units) - visit_count,
        missed=missed(draw, units, sample),
        over=misstatement(draw, units, sample, "over"),
        under=misstatement(draw, units, sample, "under"),
        detection=detection_rate,
        grade=None if detection_rate is None else sampling.grade_by_evidence(detection_rate, dict(grades)),
        county_flags=_flags(draw, units, (BY_COUNTY,), sample) if has_self_check else None,
        all_flags=_flags(draw, units, (BY_COUNTY, BY_CITY), sample),
        recall=detection(draw, units, (BY_COUNTY, BY_CITY), sample),
        agreement_flags=_agreement(visited_units["group"] == BY_COUNTY, visited_units["deviates"], sample)
        if has_self_check
        else None,
        agreement_inspectors=_between_inspectors(units, sample),
        ordered=draw.ordered,
    )


def _without_visits(draw: CountyDraw, total: int, n_drawn: int) -> Conclusion:
    code, name = draw.population.county_code, draw.population.county_name
    nothing: dict[str, Any] = dict.fromkeys(Conclusion.__dataclass_fields__)
    facts = {
        "county_code": code,
        "county_name": name,
        "units": total,
        "book": _book(draw),
        "visited": 0,
        "open_units": n_drawn,
    }
    return Conclusion(**(nothing | facts | {"ordered": draw.ordered}))


def _units(draw: CountyDraw, results: pd.DataFrame) -> pd.DataFrame:
    """Every unit drawn, with what was found; an open one deviates and is due nothing."""
    answers = results[["unit_id", "deviates", "audited", "kind", "second_deviates"]]
    units = draw.sample_units.merge(draw.population.units[["unit_id", "amount"]], on="unit_id").merge(
        answers, on="unit_id", how="left"
    )
    is_visited = units["deviates"].notna()
    return units.assign(
        visited=is_visited,
        deviates=units["deviates"].where(is_visited, True).astype(bool),
        audited=units["audited"].where(is_visited, ZERO),
    )


def _flags(
    draw: CountyDraw, units: pd.DataFrame, flagging: tuple[str, ...], sample: Sample
) -> sampling.FlagPerformance | None:
    """How often the flags were right, of those visited, with the exact interval; their recall: see ``recall``."""
    _, strata = strata_of(draw, units[units["visited"]])
    flag_strata = [FlagStratum(s.group in flagging, s.size, s.sample_size, s.errors) for s in strata]
    if not any(stratum.flagged for stratum in flag_strata):
        return None
    performance = sampling.flag_performance(flag_strata, confidence=sample.confidence)
    interval = precision_interval(draw, units, flagging, sample)
    return replace(
        performance,
        precision_interval=interval,
        recall_se=None,
        recall_interval=None,
        recall_lower_conservative=None,
    )


def _agreement(first: pd.Series, second: pd.Series, sample: Sample) -> sampling.Agreement | None:
    """Of two judgements of the same units: rows the first's, error before no error."""
    if first.empty:
        return None
    table = [[int(((first == a) & (second == b)).sum()) for b in (True, False)] for a in (True, False)]
    return sampling.agreement(table, confidence=sample.confidence)


def _between_inspectors(units: pd.DataFrame, sample: Sample) -> sampling.Agreement | None:
    twice = units[units["second_deviates"].notna()]
    return _agreement(twice["deviates"], twice["second_deviates"].astype(bool), sample)


def _book(draw: CountyDraw) -> Decimal:
    return sum(draw.population.units["amount"], ZERO)
