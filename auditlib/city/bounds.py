"""How many of a group's payments can be wrong, by the design in which they were drawn: limits that hold.

- at random: hypergeometric, exact;
- in strata, and in two stages where every school was drawn: :mod:`auditlib.sampling.error_limits`;
- schools first: :mod:`auditlib.sampling.bounded`; a school not drawn can be wrong as a whole;
- by value: the wrong ones met bound how many were to be expected, and the cheapest payments are met least.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pandas as pd

from auditlib import sampling
from auditlib.city.draw import CountyDraw
from auditlib.city.population import CLEAN
from auditlib.sampling import Room, SchoolLimit, SeenSchool, SeenStratum

Design = Literal["simple", "strata", "schools", "value"]


@dataclass(frozen=True)
class DrawGroup:
    """One group of a draw: ``all_units`` of the population, ``sample_units`` of them, and how they were drawn."""

    draw: CountyDraw
    name: str
    all_units: pd.DataFrame
    sample_units: pd.DataFrame
    design: Design

    @property
    def size(self) -> int:
        return len(self.all_units)

    @property
    def unseen(self) -> pd.DataFrame:
        """The units not drawn."""
        return self.all_units[~self.all_units["unit_id"].isin(self.sample_units["unit_id"])]

    def strata(self, wrong: pd.Series) -> tuple[list[str], list[SeenStratum]]:
        """Names and strata; one without a name where the draw was at random."""
        if self.design == "simple":
            return [""], [SeenStratum(self.size, len(self.sample_units), int(wrong.sum()))]
        sizes = self.all_units["stratum"].value_counts().sort_index()
        visits = self.sample_units["stratum"].value_counts()
        errors = self.sample_units.loc[wrong, "stratum"].value_counts()
        counts = [(int(n), int(visits.get(name, 0)), int(errors.get(name, 0))) for name, n in sizes.items()]
        return [str(name) for name in sizes.index], [SeenStratum(*each) for each in counts]


def group_of(draw: CountyDraw, units: pd.DataFrame, name: str) -> DrawGroup:
    """The group ``name`` of the units drawn."""
    population_units = draw.population.units
    group_sample = units[units["group"] == name]
    group_units = population_units[population_units["group"] == name]
    return DrawGroup(
        draw,
        name,
        group_units,
        group_sample,
        _design(draw, group_units, group_sample) if name == CLEAN else "simple",
    )


def _design(draw: CountyDraw, group_units: pd.DataFrame, group_sample: pd.DataFrame) -> Design:
    if draw.interval is not None:
        return "value"
    if len(group_units) == len(group_sample) or draw.method not in ("stratified", "two_stage"):
        return "simple"
    if draw.schools is not None and group_sample["stratum"].nunique() < draw.schools:
        return "schools"
    return "strata"


def most_units(group: DrawGroup, wrong: pd.Series, level: Decimal | Fraction) -> int:
    """The most of the group that can be wrong, one-sided at ``level``; ``wrong``: which of the drawn are."""
    if not len(group.sample_units):
        return group.size
    if group.design == "value":
        return _most_by_value(group, wrong, level)
    if group.design == "schools":
        limit = by_schools(group, wrong, level)
        sizes = _not_drawn(group).groupby("stratum").size()
        return int(limit.within + math.floor(_largest_sum(limit.whole_schools, sizes) + 1e-9))
    return int(sampling.most_wrong(group.strata(wrong)[1], confidence=level))


def fewest_units(group: DrawGroup, wrong: pd.Series, level: Decimal | Fraction) -> int:
    """The fewest that can be; by schools those met, since of the others nothing is known."""
    errors = int(wrong.sum())
    if not len(group.sample_units) or group.design == "schools":
        return errors
    if group.design == "value":
        below = ~group.sample_units["top"]
        hits = group.sample_units["hits"]
        expected_count = sampling.expected_fewest(
            int(hits[below].sum()), int(hits[below & wrong].sum()), level
        )
        dearest = max(_chances(group, group.all_units).max(), 1e-12)
        return max(errors, int((wrong & ~below).sum()) + math.ceil(expected_count / float(dearest) - 1e-9))
    return max(errors, sampling.fewest_wrong(group.strata(wrong)[1], confidence=level))


def by_schools(group: DrawGroup, wrong: pd.Series, level: Decimal | Fraction) -> SchoolLimit:
    """What can be wrong within the schools drawn, and how many of the others as a whole."""
    _, strata = group.strata(wrong)
    schools = [SeenSchool(s.units, s.seen, s.wrong) for s in strata if s.seen]
    return sampling.most_in_schools(schools, len(strata), confidence=level)


def shared_levels(groups: Mapping[str, DrawGroup], level: Decimal) -> dict[str, Fraction]:
    """The level at which each group's limit must hold so that all do together: risk by the units not seen."""
    unseen = {name: group.size - len(group.sample_units) for name, group in groups.items()}
    unseen_total = sum(unseen.values())
    risk = 1 - Fraction(level)
    return {
        name: 1 - risk * Fraction(n, unseen_total) if n and unseen_total else Fraction(level)
        for name, n in unseen.items()
    }


def most_yuan(group: DrawGroup, wrong: pd.Series, level: Decimal | Fraction) -> float:
    """The most yuan of the units not seen that can be wrong, each in full (not by value: see Stringer's bound)."""
    unseen = group.unseen
    if group.design == "schools":
        limit = by_schools(group, wrong, level)
        within = unseen[unseen["stratum"].isin(group.sample_units["stratum"])]
        outside = _not_drawn(group).groupby("stratum")["amount"].sum().astype(float)
        return _dearest(within, limit.within - int(wrong.sum())) + _largest_sum(limit.whole_schools, outside)
    names, strata = group.strata(wrong)
    if group.design == "simple":
        return _dearest(unseen, sampling.most_wrong(strata, confidence=level) - int(wrong.sum()))
    cells = unseen.groupby(["stratum", "amount"]).size()
    of_stratum: dict[str, list[tuple[float, int]]] = {name: [] for name in names}
    for (name, amount), n in cells.items():
        of_stratum[str(name)].append((float(amount), int(n)))
    return sum(
        sampling.fill(room, _cells(room, [of_stratum[names[at]] for at in room.members]))
        for room in sampling.rooms(strata, confidence=level)
    )


def _cells(room: Room, cells: list[list[tuple[float, int]]]) -> Iterator[tuple[float, float, int]]:
    for cost, of_stratum in zip(room.costs, cells, strict=True):
        yield from ((amount, cost, n) for amount, n in of_stratum)


def _dearest(units: pd.DataFrame, n: int) -> float:
    return float(units["amount"].astype(float).nlargest(max(n, 0)).sum())


def _not_drawn(group: DrawGroup) -> pd.DataFrame:
    """Units of the schools that were not drawn."""
    return group.all_units[~group.all_units["stratum"].isin(group.sample_units["stratum"])]


def _largest_sum(number: float, worths: pd.Series) -> float:
    """So many of the largest, the last in part."""
    return sampling.fill(Room((), (), number), ((float(worth), 1.0, 1) for worth in worths))


def _most_by_value(group: DrawGroup, wrong: pd.Series, level: Decimal | Fraction) -> int:
    below = ~group.sample_units["top"]
    hits = group.sample_units["hits"]
    n, wrong_hits = int(hits[below].sum()), int(hits[below & wrong].sum())
    if not n:
        return int(wrong.sum())
    spent_chance = float(_chances(group, group.sample_units[below & wrong]).sum())
    room = Room((), (), max(0.0, sampling.expected_most(n, wrong_hits, level) - spent_chance))
    costs = _chances(group, group.unseen).value_counts()
    more = sampling.fill(room, ((1.0, float(cost), int(count)) for cost, count in costs.items()))
    return int(wrong.sum()) + math.floor(more + 1e-9)


def _chances(group: DrawGroup, units: pd.DataFrame) -> pd.Series:
    """How often each unit was to be hit; at the interval or above, once."""
    interval = float(group.draw.interval or 1)
    return (units["amount"].astype(float) / interval).clip(upper=1.0)
