"""The strata that a sample is evaluated in: the draw's own, joined where one unit alone would give no variance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from auditlib.city.draw import CountyDraw
from auditlib.city.population import CLEAN

LEAST = 2


@dataclass(frozen=True)
class Stratum:
    """Units of the population, units drawn, errors among these; ``group`` is county, city or clean."""

    label: str
    group: str
    size: int
    sample_size: int
    errors: int


def strata_of(draw: CountyDraw, units: pd.DataFrame) -> tuple[pd.Series, list[Stratum]]:
    """The label of each unit drawn, and the strata. ``units``: as drawn, with ``amount`` and ``deviates``.

    Drawn by value, the unflagged are parted by amount: within one amount every payment had the same chance. Drawn in
    two stages, each school drawn stands for so many as there are to one drawn.
    """
    labels = labels_of(draw, units, units)
    sizes = labels_of(draw, units, draw.population.units).value_counts()
    clean = units["group"] == CLEAN
    if draw.schools is not None and clean.any():
        stands_for = Fraction(draw.schools, units.loc[clean, "stratum"].nunique())
        of_clean = set(labels[clean])
        sizes = pd.Series({x: round(n * stands_for) if x in of_clean else n for x, n in sizes.items()})
    counted_rows = units.assign(label=labels).groupby("label", sort=True)
    strata = [
        Stratum(
            str(label), str(part["group"].iloc[0]), int(sizes[label]), len(part), int(part["deviates"].sum())
        )
        for label, part in counted_rows
    ]
    return labels, strata


def labels_of(draw: CountyDraw, sample_units: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """The stratum of each of ``units``, as the strata were joined for ``sample_units``; None where nothing was drawn."""
    population_units = draw.population.units
    if draw.schools is not None:  # of the schools not drawn nothing was seen
        population_units = population_units[
            (population_units["group"] != CLEAN)
            | population_units["stratum"].isin(sample_units.loc[sample_units["group"] == CLEAN, "stratum"])
        ]
    sizes = _part(draw, population_units).value_counts().sort_index()
    joined_labels = dict(_join(sizes, _part(draw, sample_units).value_counts()))
    return _part(draw, units).map(joined_labels)


def _part(draw: CountyDraw, units: pd.DataFrame) -> pd.Series:
    within = pd.Series("", index=units.index)
    if draw.method == "stratified" or draw.schools is not None:
        within = "|" + units["stratum"].astype(str)
    elif draw.interval is not None:
        within = "|" + units["amount"].map(lambda amount: f"{amount:014.2f}").astype(str)
    return units["group"].astype(str) + within.where(units["group"] == CLEAN, "")


def _join(sizes: pd.Series, counts: pd.Series) -> Iterator[tuple[str, str]]:
    """Part to label: neighbours within a group are joined until two units of each were drawn, or all."""
    groups: dict[str, list[str]] = {}
    for part in sizes.index:
        groups.setdefault(str(part).split("|")[0], []).append(str(part))
    for parts in groups.values():
        if any(counts.get(part, 0) for part in parts):
            for together in _runs(parts, sizes, counts):
                yield from ((part, together[0]) for part in together)


def _runs(parts: Iterable[str], sizes: pd.Series, counts: pd.Series) -> list[list[str]]:
    runs: list[list[str]] = [[]]
    for part in parts:
        runs[-1].append(part)
        if _is_enough(runs[-1], sizes, counts):
            runs.append([])
    rest = runs.pop()
    if rest and runs:
        runs[-1] += rest
    elif rest:
        runs.append(rest)
    return runs


def _is_enough(parts: list[str], sizes: pd.Series, counts: pd.Series) -> bool:
    n, size = sum(counts.get(part, 0) for part in parts), sum(sizes[part] for part in parts)
    return bool(n >= min(LEAST, size))
