"""The draw: how many, which, in an order that anyone with the sealed list and the seeds can recompute.

The seed of a county's draw is ``fingerprint of its population|city's half|county's half``; units stand in ascending
order of SHA-256(``seed|unit id``). The flagged are drawn at random, the unflagged by the method of the parameters.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from auditlib import sampling
from auditlib.city.commitments import BothHalves
from auditlib.city.parameters import Sample
from auditlib.city.population import GROUPS, Population

DRAW_COLUMNS = ["unit_id", "group", "stratum", "place", "hits", "top", "digest"]
CENTS = Decimal("0.01")
LEAST = 2  # one unit gives no variance


@dataclass(frozen=True)
class CountyDraw:
    """One county's draw.

    - ``sample_units``: ``unit_id, group, stratum, place, hits, top, digest``. ``interval``: for MUS.
    - ``schools``, where they were drawn first: of how many.
    - ``halves``: the halves of the seed with their commitments; None where a seed was told that nobody had committed to.
    - ``unopened``: when the city had committed to a half all the same.
    - ``plans``: the plan of each group as JSON holds it.
    - ``ordered``: what the ordered share (抽查比例) really gives.
    """

    population: Population
    seed: str
    method: str
    sample_units: pd.DataFrame
    plans: Mapping[str, Any]
    interval: Decimal | None
    n: int
    ordered: Mapping[str, Any] | None
    schools: int | None = None
    halves: BothHalves | None = None
    unopened: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the seed and of the units drawn, in their order."""
        listed_units = json.dumps([self.seed, list(self.sample_units["unit_id"])], ensure_ascii=False)
        return hashlib.sha256(listed_units.encode()).hexdigest()

    @property
    def number(self) -> str:
        """What tells this draw from any other, on its field sheets: ``990122-1a2b3c4d``."""
        return f"{self.population.county_code}-{self.digest[:8]}"

    def proof(self) -> dict[str, Any]:
        """What goes into draw.json: everything needed to draw again, and nothing of any person."""
        return {
            "county_code": self.population.county_code,
            "number": self.number,
            "population_sha256": self.population.fingerprint,
            "units": len(self.population.units),
            "yuan": str(sum(self.population.units["amount"], Decimal(0))),
            "seed": self.seed,
            "commitments": self.halves.to_dict() if self.halves else None,
            "committed_and_not_opened": self.unopened or None,
            "order": "ascending SHA-256 of “seed|unit id”",
            "method": self.method,
            "plans": dict(self.plans),
            "interval": None if self.interval is None else str(self.interval),
            "schools": self.schools,
            "ordered_share": self.ordered,
            "drawn": self.sample_units[["unit_id", "group", "place", "hits", "top", "digest"]].to_dict(
                "records"
            ),
        }


def seed_of(population: Population, sample: Sample, halves: BothHalves | None = None) -> str:
    """The seed of a county's draw: of the two halves opened, or of what was told."""
    if halves:
        return f"{population.fingerprint}|{halves.city_half}|{halves.county_half}"
    return f"{population.fingerprint}|{sample.seed}|{sample.county_seeds.get(population.county_code, '')}"


def draw(population: Population, sample: Sample, halves: BothHalves | None = None) -> CountyDraw:
    """The sample of one county. A group of which all are needed is looked at whole."""
    seed = seed_of(population, sample, halves)
    parts, plans = [], {}
    for group in GROUPS[:2]:
        units = _of(population, group)
        sample_size = min(sample.flagged_n, len(units))
        plans[group] = {"units": len(units), "n": sample_size, "method": "simple random sample"}
        parts.append(_simple(units, sample_size, seed))
    clean = _of(population, GROUPS[2])
    clean_units, plan, interval = _clean(clean, sample, seed)
    plans[GROUPS[2]] = {"units": len(clean), **plan}
    sample_units = pd.concat([*parts, clean_units], ignore_index=True)
    n = int(plan.get("n", 0))
    ordered_share = _ordered_share(population, sample)
    return CountyDraw(
        population,
        seed,
        sample.method,
        sample_units,
        plans,
        interval,
        n,
        ordered_share,
        plan.get("schools"),
        halves,
    )


def _of(population: Population, group: str) -> pd.DataFrame:
    return population.units[population.units["group"] == group]


def _clean(
    units: pd.DataFrame, sample: Sample, seed: str
) -> tuple[pd.DataFrame, dict[str, Any], Decimal | None]:
    if units.empty:
        return _none(), {"n": 0}, None
    if sample.method == "mus":
        return _by_value(units, sample, seed)
    sample_size, plan = _plan(len(units), sample)
    if sample.method == "two_stage" and sample_size < len(units):
        return _two_stage(units, sample_size, plan, sample, seed)
    if sample.method == "stratified" and sample_size < len(units):
        allocation = _allocation(units["stratum"].value_counts().sort_index(), sample_size, plan, sample)
        plan = plan | {"n": sum(allocation.values()), "statistical_n": sample_size}
        return _stratified_rows(units, allocation, seed), plan, None
    return _simple(units, sample_size, seed), plan, None


def _plan(size: int, sample: Sample) -> tuple[int, dict[str, Any]]:
    if sample.method == "discovery":
        critical = min(sample.critical, size)
        discovery = sampling.plan_discovery(population=size, critical=critical, confidence=sample.confidence)
        n = max(discovery.n, min(sample.min_n, size), _share(sample, size), min(LEAST, size))
        return n, discovery.to_dict() | {"n": n, "statistical_n": discovery.n}
    try:
        plan = sampling.plan_attribute(
            confidence=sample.confidence,
            tolerable_rate=sample.tolerable_rate,
            expected_rate=sample.expected_rate,
            population=size,
            min_n=min(sample.min_n, size) or None,
            min_share=sample.ordered_share,
        )
    except ValueError:  # too small for any sample to do: look at all
        return size, {"n": size, "method": "all"}
    return plan.n, plan.to_dict()


def _share(sample: Sample, size: int) -> int:
    return math.ceil((sample.ordered_share or 0) * size)  # of a Decimal: exact


def _simple(units: pd.DataFrame, n: int, seed: str) -> pd.DataFrame:
    if units.empty or not n:
        return _none()
    return _as_frame(sampling.select_srs(list(units["unit_id"]), n, seed).drawn, units)


def _allocation(sizes: pd.Series, n: int, plan: Mapping[str, Any], sample: Sample) -> dict[str, int]:
    """Units of each stratum, in proportion: ``n``, or as many more as bring the limit in strata below the tolerable rate
    with the errors that the plan allows for."""
    population_size = int(sizes.sum())
    while True:
        least = sum(min(LEAST, size) for size in sizes)
        shares = dict(zip(sizes.index, sampling.allocate(list(sizes), max(n, least)), strict=True))
        n = sum(shares.values())
        if n >= population_size or _most_share(sizes, shares, plan) < sample.tolerable_rate * population_size:
            return shares
        n = min(population_size, n + max(1, n // 50))


def _most_share(sizes: pd.Series, shares: Mapping[str, int], plan: Mapping[str, Any]) -> int:
    """The most that can be wrong after the errors that were planned for, met where units stand for the most."""
    errors_left = int(plan.get("acceptable_deviations", 0))
    strata = []
    for name in sorted(sizes.index, key=lambda name: (Fraction(shares[name], int(sizes[name])), name)):
        wrong = min(errors_left, shares[name])
        strata.append(sampling.SeenStratum(int(sizes[name]), shares[name], wrong))
        errors_left -= wrong
    return sampling.most_wrong(strata, confidence=plan["inputs"]["confidence"])


def _stratified_rows(units: pd.DataFrame, allocation: Mapping[str, int], seed: str) -> pd.DataFrame:
    pairs = list(zip(units["unit_id"], units["stratum"], strict=True))
    return _as_frame(sampling.select_stratified(pairs, allocation, seed).drawn, units)


def _two_stage(
    units: pd.DataFrame, n: int, plan: dict[str, Any], sample: Sample, seed: str
) -> tuple[pd.DataFrame, dict[str, Any], Decimal | None]:
    """Schools in hash order, then ``per_school`` in each: as many schools as make ``n`` times the design effect.

    Where all schools are too few for that, more in each.
    """
    sizes = units["stratum"].value_counts()
    in_all = int(sizes.clip(upper=sample.per_school).sum())
    effect = 1 + (Fraction(in_all, len(sizes)) - 1) * Fraction(sample.icc)
    school_count = math.ceil(n * effect * len(sizes) / in_all)
    schools = min(len(sizes), max(school_count, sample.schools, LEAST))
    take = sample.per_school
    while schools == len(sizes) and int(sizes.clip(upper=take).sum()) < n:
        take += 1
    pairs = list(zip(units["unit_id"], units["stratum"], strict=True))
    sample_units = _as_frame(sampling.select_two_stage(pairs, schools, take, seed).drawn, units)
    stages = {
        "n": len(sample_units), "statistical_n": n, "design_effect": float(effect), "schools": len(sizes),
        "schools_drawn": schools, "per_school": take, "method": "two stages: schools, then payments",
        "formula": f"{plan.get('formula', n)}; × {float(effect):.3g} (1 + (m - 1) × {sample.icc})"
                   f" / {take}",
    }  # fmt: skip
    return sample_units, stages, None


def _by_value(
    units: pd.DataFrame, sample: Sample, seed: str
) -> tuple[pd.DataFrame, dict[str, Any], Decimal | None]:
    book = sum(units["amount"], Decimal(0))
    plan = sampling.plan_mus(
        book_value=book,
        tolerable=(book * sample.tolerable_rate).quantize(CENTS),
        expected=(book * sample.expected_rate).quantize(CENTS),
        confidence=sample.confidence,
    )
    n = max(plan.n, sample.min_n, _share(sample, len(units)))
    if n >= len(units):
        return _simple(units, len(units), seed), {"n": len(units), "method": "all"}, None
    values = dict(zip(units["unit_id"], units["amount"], strict=True))
    in_order = {unit: values[unit] for unit in sampling.order_by_seed(values, seed)}
    split = sampling.split_top_stratum(in_order, n)
    hits = dict.fromkeys(map(str, split.top), 1)
    if split.n_rest and split.interval:
        selection = _select(split, sample.selection, seed)
        hits |= {str(hit.unit): hit.times for hit in selection.hits}
    plan_made = plan.to_dict() | {
        "n": n,
        "top": len(split.top),
        "n_rest": split.n_rest,
        "selection": sample.selection,
    }
    return _laid_by_value(units, hits, set(map(str, split.top)), seed), plan_made, split.interval


def _select(split: sampling.TopStratum, how: str, seed: str) -> sampling.ValueDraw:
    if how == "cell":
        fractions = [sampling.random_fraction(seed, f"cell {i}") for i in range(1, split.n_rest + 1)]
        return sampling.select_cells(split.rest, split.n_rest, fractions=fractions)
    # The unrounded interval: a start at its rounded value could lie a hair beyond it.
    interval = sum(map(Fraction, split.rest.values()), Fraction(0)) / split.n_rest
    start = interval * (1 - sampling.random_fraction(seed, "start"))
    return sampling.select_fixed_interval(split.rest, split.n_rest, start=start)


def _as_frame(draws: Iterable[sampling.DrawnUnit], units: pd.DataFrame) -> pd.DataFrame:
    rows = [(unit.unit_id, unit.place, 1, False, unit.digest) for unit in draws]
    frame = pd.DataFrame(rows, columns=["unit_id", "place", "hits", "top", "digest"])
    return frame.merge(units[["unit_id", "group", "stratum"]], on="unit_id", how="left")[DRAW_COLUMNS]


def _laid_by_value(units: pd.DataFrame, hits: Mapping[str, int], top: set[str], seed: str) -> pd.DataFrame:
    rows = [
        (unit, place, hits[unit], unit in top, sampling.unit_digest(seed, unit))
        for place, unit in enumerate(sampling.order_by_seed(hits, seed), start=1)
    ]
    frame = pd.DataFrame(rows, columns=["unit_id", "place", "hits", "top", "digest"])
    return frame.merge(units[["unit_id", "group", "stratum"]], on="unit_id", how="left")[DRAW_COLUMNS]


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=DRAW_COLUMNS).astype({"place": int, "hits": int, "top": bool})


def _ordered_share(population: Population, sample: Sample) -> dict[str, Any] | None:
    if sample.ordered_share is None or population.units.empty:
        return None
    return sampling.share_confidence(
        population=len(population.units),
        share=sample.ordered_share,
        tolerable_rate=sample.tolerable_rate,
        confidence=sample.confidence,
    ).to_dict()
