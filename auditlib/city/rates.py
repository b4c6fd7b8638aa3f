"""How many of the payments that nobody flagged are wrong: the estimate and its upper limit, by the design of the draw.

The estimate is the total that the design gives (strata, two stages); the limit is the most that can be wrong
(:mod:`auditlib.city.bounds`), which supposes nothing of how errors lie. Drawn by value, one yuan is the unit and the
rate a share of yuan; units above the interval were all looked at, the rest has the exact binomial limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pandas as pd

from auditlib import sampling
from auditlib.city.bounds import DrawGroup, group_of, most_units
from auditlib.city.draw import CountyDraw
from auditlib.city.parameters import Sample
from auditlib.city.population import CLEAN
from auditlib.city.strata import strata_of

PAYMENTS, YUAN = "payments", "yuan"
METHODS = {
    "strata": ("most that can be wrong in strata", "n BetaInv(level; k + 1, n - k) expected in the sample, laid where drawn least"),
    "schools": ("most that can be wrong, schools drawn first", "schools not drawn can be wrong as a whole: bets against their number"),
}  # fmt: skip
CAVEATS = {"strata": ("limit_by_count",), "schools": ("limit_by_schools",)}


@dataclass(frozen=True)
class MissRate:
    """Share of the unflagged that is wrong, ``of`` payments or of yuan, and its one-sided upper limit.

    ``errors`` of the ``drawn`` count as wrong; ``open`` of them because no result came back.
    """

    of: str
    rate: float
    upper_limit: float
    accept: bool
    errors: int
    drawn: int
    caveats: tuple[str, ...]
    method: str
    formula: str
    open: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {
            "caveats": list(self.caveats)
        }


def missed(draw: CountyDraw, units: pd.DataFrame, sample: Sample) -> MissRate | None:
    """Of the ``units`` drawn that nobody flagged (columns ``deviates``, ``visited``, ``hits``, ``top``, ``amount``); None if none."""
    group = group_of(draw, units, CLEAN)
    if group.sample_units.empty:
        return None
    return replace(_rate(draw, group, sample), open=int((~group.sample_units["visited"]).sum()))


def _rate(draw: CountyDraw, group: DrawGroup, sample: Sample) -> MissRate:
    if group.design == "value":
        return _by_value(draw, group.sample_units, sample)
    if group.design == "simple":
        return _simple(group.sample_units, group.size, sample)
    return _by_design(draw, group, sample)


def projection(draw: CountyDraw, rows: pd.DataFrame, y: list[Any]) -> float:
    """The total of ``y`` of one group or several, by the design of the draw, in strata or in two stages."""
    clean = rows[rows["group"] == CLEAN]
    if draw.schools is None or clean.empty or clean["stratum"].nunique() == draw.schools:
        labels, strata = strata_of(draw, rows)
        sizes = {stratum.label: stratum.size for stratum in strata}
        columns = {"stratum": list(labels), "stratum_size": list(labels.map(sizes)), "y": y}
        return sampling.estimate_stratified(columns).total
    units = draw.population.units
    sizes = units.loc[units["group"] == CLEAN, "stratum"].value_counts()
    columns = {
        "psu": list(rows["stratum"]),
        "psu_population": [draw.schools] * len(rows),
        "psu_size": list(rows["stratum"].map(sizes)),
        "y": y,
    }
    return sampling.estimate_two_stage(columns).total


def _simple(clean: pd.DataFrame, size: int, sample: Sample) -> MissRate:
    evaluation = sampling.evaluate_attribute(
        n=len(clean), deviations=_wrong(clean), population=size, **_sample_terms(sample)
    )
    return _miss_rate(PAYMENTS, clean, evaluation, evaluation.rate, evaluation.upper_limit, sample)


def _by_value(draw: CountyDraw, clean: pd.DataFrame, sample: Sample) -> MissRate:
    below, top = clean[~clean["top"]], clean[clean["top"]]
    all_units = draw.population.units
    book = sum(all_units.loc[all_units["group"] == CLEAN, "amount"], Decimal(0))
    top_errors = sum(top.loc[top["deviates"], "amount"], Decimal(0))
    if below.empty:
        share = float(top_errors / book)
        return MissRate(YUAN, share, share, share < sample.tolerable_rate, _wrong(clean), len(clean), (), "all looked at", "")  # fmt: skip
    hits, wrong = int(below["hits"].sum()), int(below.loc[below["deviates"], "hits"].sum())
    evaluation = sampling.evaluate_attribute(
        n=hits, deviations=wrong, model="binomial", **_sample_terms(sample)
    )
    rest = float((book - sum(top["amount"], Decimal(0))) / book)
    rate, limit = (
        float(top_errors / book) + rest * share for share in (evaluation.rate, evaluation.upper_limit)
    )
    return _miss_rate(YUAN, clean, evaluation, rate, limit, sample, "share_of_yuan")


def _by_design(draw: CountyDraw, group: DrawGroup, sample: Sample) -> MissRate:
    """In strata, or schools first: the estimate of the design, the most that can be wrong."""
    clean = group.sample_units
    most = most_units(group, clean["deviates"], sample.confidence)
    estimate = projection(draw, clean, [int(wrong) for wrong in clean["deviates"]]) / group.size
    method, formula = METHODS[group.design]
    limit = most / group.size
    return MissRate(
        of=PAYMENTS,
        rate=min(max(0.0, estimate), 1.0),
        upper_limit=limit,
        accept=Decimal(most) < sample.tolerable_rate * group.size,
        errors=_wrong(clean),
        drawn=len(clean),
        caveats=CAVEATS[group.design],
        method=method,
        formula=f"{formula}: {most} / {group.size} = {limit:.4%}",
    )


def _miss_rate(
    of: str,
    clean: pd.DataFrame,
    evaluation: sampling.AttributeResult,
    rate: float,
    limit: float,
    sample: Sample,
    *caveats: str,
) -> MissRate:
    accept = bool(evaluation.accept) if limit == evaluation.upper_limit else limit < sample.tolerable_rate
    return MissRate(
        of, rate, limit, accept, _wrong(clean), len(clean), caveats, evaluation.method, evaluation.formula
    )


def _sample_terms(sample: Sample) -> Mapping[str, Any]:
    return {"confidence": sample.confidence, "tolerable_rate": sample.tolerable_rate}


def _wrong(clean: pd.DataFrame) -> int:
    return int(clean["deviates"].sum())
