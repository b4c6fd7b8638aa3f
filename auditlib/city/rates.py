"""How many of the payments that nobody flagged are wrong: the estimate and its upper limit, by the design of the draw.

- at random: the exact limit for the known population (hypergeometric);
- in strata: 20 errors or more, the end of the t interval; fewer, the exact binomial limit of as many units as the
  thinnest stratum would give for all (a proportional sample is at least as sure as a simple one: Hoeffding 1956);
- by value: one yuan is the unit, and the rate a share of yuan; units above the interval were all looked at;
- schools, then pupils: 20 errors or more, the end of the t interval on schools; fewer, the binomial limit on the
  sample size divided by the design effect 1 + (m - 1) ICC; where all schools were drawn they are strata.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from auditlib import sampling
from auditlib.city.draw import CountyDraw
from auditlib.city.parameters import Sample
from auditlib.city.population import CLEAN
from auditlib.city.strata import strata_of

FEW = 20  # errors; below, the standard error is a fiction
PAYMENTS, YUAN = "payments", "yuan"


@dataclass(frozen=True)
class MissRate:
    """Share of the unflagged that is wrong, ``of`` payments or of yuan, and its one-sided upper limit."""

    of: str
    rate: float
    upper_limit: float
    accept: bool
    errors: int
    drawn: int
    caveats: tuple[str, ...]
    method: str
    formula: str

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {
            "caveats": list(self.caveats)
        }


def missed(draw: CountyDraw, units: pd.DataFrame, sample: Sample) -> MissRate | None:
    """Of the ``units`` drawn that nobody flagged (columns ``deviates``, ``hits``, ``top``, ``amount``); None if none."""
    clean = units[units["group"] == CLEAN]
    if clean.empty:
        return None
    if draw.interval is not None:
        return _by_value(draw, clean, sample)
    size = size_of(draw)
    if len(clean) == size or sample.method in ("attribute", "discovery", "mus"):
        return _simple(clean, size, sample)
    if draw.schools is not None and clean["stratum"].nunique() < draw.schools:
        return _two_stage(draw, clean, size, sample)
    return _stratified(draw, clean, size, sample)


def size_of(draw: CountyDraw) -> int:
    """Payments that nobody flagged."""
    return int((draw.population.units["group"] == CLEAN).sum())


def design_effect(draw: CountyDraw, clean: pd.DataFrame, sample: Sample) -> Fraction:
    """1 + (m - 1) ICC (1 - n/N) with m units drawn in each of n of N schools; 1 for one stage, or where all were drawn."""
    if draw.schools is None or clean.empty:
        return Fraction(1)
    drawn = clean["stratum"].nunique()
    mean, left = Fraction(len(clean), drawn), 1 - Fraction(drawn, draw.schools)
    return 1 + max(mean - 1, Fraction(0)) * Fraction(sample.icc) * left


def totalled(draw: CountyDraw, clean: pd.DataFrame, y: list[Any], confidence: Decimal) -> sampling.Estimate:
    """The total of ``y`` by the design of the draw, in strata or in two stages; ``upper`` is the one-sided limit."""
    two_sided = 2 * confidence - 1
    if draw.schools is None or clean["stratum"].nunique() == draw.schools:
        labels, strata = strata_of(draw, clean)
        sizes = {stratum.label: stratum.size for stratum in strata}
        columns = {"stratum": list(labels), "stratum_size": list(labels.map(sizes)), "y": y}
        return sampling.estimate_stratified(columns, confidence=two_sided)
    units = draw.population.units
    sizes = units.loc[units["group"] == CLEAN, "stratum"].value_counts()
    columns = {
        "psu": list(clean["stratum"]),
        "psu_population": [draw.schools] * len(clean),
        "psu_size": list(clean["stratum"].map(sizes)),
        "y": y,
    }
    return sampling.estimate_two_stage(columns, confidence=two_sided)


def _simple(clean: pd.DataFrame, size: int, sample: Sample) -> MissRate:
    found = sampling.evaluate_attribute(
        n=len(clean), deviations=_wrong(clean), population=size, **_asked(sample)
    )
    return _made(PAYMENTS, clean, found, found.rate, found.upper_limit, sample)


def _by_value(draw: CountyDraw, clean: pd.DataFrame, sample: Sample) -> MissRate:
    below, top = clean[~clean["top"]], clean[clean["top"]]
    whole = draw.population.units
    book = sum(whole.loc[whole["group"] == CLEAN, "amount"], Decimal(0))
    known = sum(top.loc[top["deviates"], "amount"], Decimal(0))
    if below.empty:
        share = float(known / book)
        return MissRate(YUAN, share, share, share < sample.tolerable_rate, _wrong(clean), len(clean), (), "all looked at", "")  # fmt: skip
    hits, wrong = int(below["hits"].sum()), int(below.loc[below["deviates"], "hits"].sum())
    found = sampling.evaluate_attribute(n=hits, deviations=wrong, model="binomial", **_asked(sample))
    rest = float((book - sum(top["amount"], Decimal(0))) / book)
    rate, limit = (float(known / book) + rest * share for share in (found.rate, found.upper_limit))
    return _made(YUAN, clean, found, rate, limit, sample, "share_of_yuan")


def _stratified(draw: CountyDraw, clean: pd.DataFrame, size: int, sample: Sample) -> MissRate:
    _, strata = strata_of(draw, clean)
    estimate = totalled(draw, clean, _as_numbers(clean), sample.confidence)
    thinnest = min(Fraction(stratum.drawn, stratum.size) for stratum in strata)
    return _by_errors(clean, estimate, math.floor(thinnest * size), Fraction(1), size, sample, ())


def _two_stage(draw: CountyDraw, clean: pd.DataFrame, size: int, sample: Sample) -> MissRate:
    effect = design_effect(draw, clean, sample)
    estimate = totalled(draw, clean, _as_numbers(clean), sample.confidence)
    caveats = ("limit_by_design_effect",) if _wrong(clean) < FEW else ()
    return _by_errors(clean, estimate, len(clean), effect, size, sample, caveats)


def _as_numbers(clean: pd.DataFrame) -> list[int]:
    return [int(wrong) for wrong in clean["deviates"]]


def _by_errors(
    clean: pd.DataFrame, estimate: sampling.Estimate, n: int, effect: Fraction, size: int, sample: Sample,
    caveats: tuple[str, ...],
) -> MissRate:  # fmt: skip
    """The t limit, and with few errors not below the exact limit of ``n / effect`` units."""
    worth, wrong = max(1, math.floor(n / effect)), _wrong(clean)
    counted = min(worth, math.ceil(wrong / effect))
    found = sampling.evaluate_attribute(n=worth, deviations=counted, model="binomial", **_asked(sample))
    limit = max(0.0, estimate.upper / size)
    if wrong < FEW:
        limit = max(limit, found.upper_limit)
    made = _made(PAYMENTS, clean, found, max(0.0, estimate.total / size), min(1.0, limit), sample, *caveats)
    return made if wrong < FEW else _told(made, estimate)


def _told(made: MissRate, estimate: sampling.Estimate) -> MissRate:
    parts = {name: getattr(made, name) for name in made.__dataclass_fields__}
    return MissRate(**parts | {"method": estimate.method, "formula": estimate.formula})


def _made(
    of: str,
    clean: pd.DataFrame,
    found: sampling.AttributeResult,
    rate: float,
    limit: float,
    sample: Sample,
    *caveats: str,
) -> MissRate:
    accept = bool(found.accept) if limit == found.upper_limit else limit < sample.tolerable_rate
    return MissRate(of, rate, limit, accept, _wrong(clean), len(clean), caveats, found.method, found.formula)


def _asked(sample: Sample) -> Mapping[str, Any]:
    return {"confidence": sample.confidence, "tolerable_rate": sample.tolerable_rate}


def _wrong(clean: pd.DataFrame) -> int:
    return int(clean["deviates"].sum())
