"""What the visits say: of the payments, of the money, of the county's self-check, of the flags, of the inspectors.

All figures are of payments: a child who was never paid is in no list of payments and is judged by re-performance alone.
A unit drawn for which nothing came back counts as wrong in full until shown otherwise, and is said to be open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from auditlib import sampling
from auditlib.recheck.draw import CountyDraw
from auditlib.recheck.misstatement import misstated
from auditlib.recheck.parameters import Sample
from auditlib.recheck.population import BY_CITY, BY_COUNTY, CLEAN
from auditlib.recheck.strata import Stratum, strata_of
from auditlib.sampling import CheckedStratum, FlagStratum

ZERO = Decimal(0)


@dataclass(frozen=True)
class Conclusion:
    """What can be said of one county, each part as ``auditlib.sampling`` gives it (None: cannot be said).

    ``open_units``: drawn, and nothing came back. ``missed``: errors among the payments that nobody flagged.
    ``county_flags``, ``all_flags``: how often a flag was right and how much it missed, of the county's, and of the
    county's and the city's together.
    ``over``, ``under``: misstatement in yuan, never netted. ``agreement_flags``: the county's flags against the visit.
    """

    county_code: str
    county_name: str
    units: int
    visited: int
    open_units: int
    missed: sampling.AttributeResult | None
    over: Mapping[str, Any] | None
    under: Mapping[str, Any] | None
    detection: sampling.DetectionRate | None
    grade: sampling.Grade | None
    county_flags: sampling.FlagPerformance | None
    all_flags: sampling.FlagPerformance | None
    agreement_flags: sampling.Agreement | None
    agreement_inspectors: sampling.Agreement | None
    ordered: Mapping[str, Any] | None

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        parts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {k: v.to_dict() if hasattr(v, "to_dict") else v for k, v in parts.items()}


def conclude(
    draw: CountyDraw, results: pd.DataFrame, sample: Sample, grades: Mapping[str, Decimal]
) -> Conclusion:
    """The conclusions on one county from the units visited (``field_reading``). Nothing is said before a visit."""
    units = _units(draw, results)
    visited, total = int(units["visited"].sum()), len(draw.population.units)
    if not visited:
        return _unvisited(draw, total, len(units))
    _, strata = strata_of(draw, units)
    judged = draw.population.submitted  # without a package there is no self-check to judge
    detection = _detection(strata, sample) if judged else None
    return Conclusion(
        county_code=draw.population.county_code,
        county_name=draw.population.county_name,
        units=total,
        visited=visited,
        open_units=len(units) - visited,
        missed=_missed(draw, units, sample),
        over=misstated(draw, units, sample, "over"),
        under=misstated(draw, units, sample, "under"),
        detection=detection,
        grade=None if detection is None else sampling.grade_self_check(detection, dict(grades)),
        county_flags=_flags(strata, (BY_COUNTY,), sample) if judged else None,
        all_flags=_flags(strata, (BY_COUNTY, BY_CITY), sample),
        agreement_flags=_agreement(units["group"] == BY_COUNTY, units["deviates"], sample)
        if judged
        else None,
        agreement_inspectors=_between_inspectors(units, sample),
        ordered=draw.ordered,
    )


def _unvisited(draw: CountyDraw, total: int, drawn: int) -> Conclusion:
    code, name = draw.population.county_code, draw.population.county_name
    nothing: dict[str, Any] = dict.fromkeys(Conclusion.__dataclass_fields__)
    known = {"county_code": code, "county_name": name, "units": total, "visited": 0, "open_units": drawn}
    return Conclusion(**(nothing | known | {"ordered": draw.ordered}))


def _units(draw: CountyDraw, results: pd.DataFrame) -> pd.DataFrame:
    """Every unit drawn, with what was found; an open one deviates and is due nothing."""
    kept = results[["unit_id", "deviates", "audited", "kind", "second_deviates"]]
    units = draw.drawn.merge(draw.population.units[["unit_id", "amount"]], on="unit_id").merge(
        kept, on="unit_id", how="left"
    )
    visited = units["deviates"].notna()
    return units.assign(
        visited=visited,
        deviates=units["deviates"].where(visited, True).astype(bool),
        audited=units["audited"].where(visited, ZERO),
    )


def _missed(draw: CountyDraw, units: pd.DataFrame, sample: Sample) -> sampling.AttributeResult | None:
    """The rate of errors among the unflagged; by value drawn it is said in yuan alone, for the chances differ."""
    clean = units[units["group"] == CLEAN]
    if clean.empty or draw.interval is not None:
        return None
    if sample.method == "stratified" and len(clean) < _size(draw, CLEAN):
        return None
    return sampling.evaluate_attribute(
        n=len(clean),
        deviations=int(clean["deviates"].sum()),
        confidence=sample.confidence,
        tolerable_rate=sample.tolerable_rate,
        population=_size(draw, CLEAN),
    )


def _detection(strata: list[Stratum], sample: Sample) -> sampling.DetectionRate | None:
    checked = [
        CheckedStratum(s.size, s.drawn, s.errors, s.errors if s.group == BY_COUNTY else 0) for s in strata
    ]
    return sampling.detection_rate(checked, confidence=sample.confidence) if checked else None


def _flags(
    strata: list[Stratum], flagging: tuple[str, ...], sample: Sample
) -> sampling.FlagPerformance | None:
    labelled = [FlagStratum(s.group in flagging, s.size, s.drawn, s.errors) for s in strata]
    return sampling.flag_performance(labelled, confidence=sample.confidence) if labelled else None


def _agreement(first: pd.Series, second: pd.Series, sample: Sample) -> sampling.Agreement | None:
    """Of two judgements of the same units: rows the first's, error before no error."""
    if first.empty:
        return None
    table = [[int(((first == a) & (second == b)).sum()) for b in (True, False)] for a in (True, False)]
    return sampling.agreement(table, confidence=sample.confidence)


def _between_inspectors(units: pd.DataFrame, sample: Sample) -> sampling.Agreement | None:
    twice = units[units["second_deviates"].notna()]
    return _agreement(twice["deviates"], twice["second_deviates"].astype(bool), sample)


def _size(draw: CountyDraw, group: str) -> int:
    return int((draw.population.units["group"] == group).sum())
