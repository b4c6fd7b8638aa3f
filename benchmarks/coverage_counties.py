"""Counties that are hard to judge, by seeded simulation: heavy strata, rare and clustered errors, partial visits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from auditlib.city.bounds import Design
from auditlib.city.population import BY_COUNTY, CLEAN, GROUPS

SEED, FIVE_HUNDRED = 20201231, 500


@dataclass(frozen=True)
class Case:
    """A county: ``units`` with ``amount, due, group, stratum``; how the unflagged are drawn, and so many of how many.

    ``n``: units (schools, where these come first); ``take``: units of a school; ``unvisited``: the share of the drawn
    from which nothing comes back.
    """

    name: str
    units: pd.DataFrame
    design: Design
    n: int
    take: int = 10
    unvisited: float = 0.0
    flagged_n: int = 30
    selection: str = "fixed_interval"

    @cached_property
    def groups(self) -> dict[str, pd.DataFrame]:
        return {name: self.units[self.units["group"] == name].reset_index(drop=True) for name in GROUPS}

    @cached_property
    def inside(self) -> dict[str, Any]:
        """The places of the unflagged, by stratum or school."""
        return {name: at.to_numpy() for name, at in self.groups[CLEAN].groupby("stratum").groups.items()}


def as_yuan(value: float) -> Decimal:
    return Decimal(f"{value:.2f}")


def county(
    clean: int,
    wrong: int,
    *,
    flagged_count: int = 60,
    right_flags: int = 50,
    city: int = 20,
    city_wrong: int = 10,
    amounts: tuple[int, ...] = (500, 625, 1250),
    part: Callable[[np.random.Generator, int], Any] = lambda rng, n: np.ones(n),
    sign: int = 1,
    schools: int = 40,
    cluster_size: int = 0,
    heavy: bool = False,
) -> pd.DataFrame:
    """A county's payments. ``part``: what share of a wrong payment is wrong; ``clustered``: the wrong ones are in so many
    schools; ``heavy``: three strata of 90, 9 and 1 % with the wrong ones in the smallest; ``sign`` -1: short, not over."""
    rng = np.random.default_rng(SEED)
    school = np.sort(rng.integers(0, schools, clean))
    if heavy:
        school = np.repeat([0, 1, 2], [clean - clean // 10, clean // 10 - clean // 100, clean // 100])
    places = np.arange(clean)
    if cluster_size:
        places = places[np.isin(school, rng.permutation(schools)[:cluster_size])]
    elif heavy:
        places = places[::-1]
    is_wrong = np.zeros(clean, bool)
    is_wrong[places[:wrong] if heavy else rng.permutation(places)[:wrong]] = True
    parts = [_group(rng, CLEAN, school, is_wrong, amounts, part, sign)]
    for name, size, bad in ((BY_COUNTY, flagged_count, right_flags), ("city", city, city_wrong)):
        parts.append(_group(rng, name, np.zeros(size, int), np.arange(size) < bad, amounts, part, sign))
    units = pd.concat(parts, ignore_index=True)
    return units.assign(unit_id=range(len(units)))


def _group(
    rng: np.random.Generator,
    name: str,
    school: Any,
    wrong: Any,
    amounts: tuple[int, ...],
    part: Any,
    sign: int,
) -> pd.DataFrame:
    paid = rng.choice(amounts, len(school)).astype(float)
    off = np.where(wrong, np.round(paid * part(rng, len(school)), 2), 0.0)
    return _payments(paid, paid - sign * off, school).assign(group=name)


def _payments(paid: Any, due: Any, stratum: Any) -> pd.DataFrame:
    exact = [as_yuan(value) for value in paid]
    columns = {"paid": paid, "amount": exact, "due": due, "wrong": paid != due, "stratum": stratum}
    return pd.DataFrame(columns)


def skewed_amounts(rng: np.random.Generator, n: int) -> Any:
    """Most a trifle, a few the whole."""
    return np.where(rng.random(n) < 0.03, 1.0, 0.01 + 0.04 * rng.random(n))


def ghosts(schools: int, of_each: int, ghost_school: int) -> pd.DataFrame:
    """So many schools, all right but one that is wrong from the first payment to the last."""
    sizes = [of_each] * (schools - 1) + [ghost_school]
    names = np.repeat(range(schools), sizes)
    wrong = names == schools - 1
    paid = np.full(len(names), 625.0)
    units = _payments(paid, np.where(wrong, 0.0, paid), names)
    return units.assign(group=CLEAN, unit_id=range(len(units)))


def cases() -> Iterator[Case]:
    """The grid."""
    for clean, n in ((60, 38), (300, 88), (3000, 93), (15000, 93)):
        for share in (0.0, 0.005, 0.02, 0.05, 0.1, 0.4):
            if clean * share >= 1 or not share:
                yield Case(
                    f"random: {clean}, {share:.1%} wrong", county(clean, round(clean * share)), "simple", n
                )
    yield Case("random: a third unvisited", county(3000, 60), "simple", 93, unvisited=0.33)
    yield Case("random: nobody visited of half", county(3000, 150), "simple", 93, unvisited=0.5)
    for name, part in (("skewed", skewed_amounts), ("halves", lambda rng, n: np.full(n, 0.5))):
        for share in (0.05, 0.3, 0.6):
            units = county(3000, round(3000 * share), part=part, amounts=(250, 500, 5000))
            yield Case(f"random: {name}, {share:.0%} wrong", units, "simple", 93)
    yield Case("random: short, skewed", county(3000, 900, part=skewed_amounts, sign=-1), "simple", 93)
    yield Case("random: poor self-check", county(3000, 300, flagged_count=40, right_flags=15), "simple", 120)
    yield Case(
        "random: hardly any error elsewhere", county(3000, 4, right_flags=55, city_wrong=1), "simple", 400
    )
    for wrong in (0, 10, 30, 90, 300):
        yield Case(f"strata: {wrong} of 3000", county(3000, wrong, schools=12), "strata", 120)
    yield Case("strata: all in one", county(3000, 60, schools=12, cluster_size=1), "strata", 120)
    yield Case("strata: heavy, errors in the smallest", county(3000, 30, heavy=True), "strata", 100)
    yield Case("strata: heavy, errors everywhere", county(3000, 400, heavy=True), "strata", 100)
    yield Case("strata: skewed yuan", county(3000, 900, schools=12, part=skewed_amounts), "strata", 120)
    for n in (4, 12, 30, 50):
        yield Case(f"schools: {n} of 60, errors spread", county(4000, 200, schools=60), "schools", n)
        yield Case(
            f"schools: {n} of 60, in 3 of them", county(4000, 150, schools=60, cluster_size=3), "schools", n
        )
        yield Case(
            f"schools: {n} of 60, in 1 of them", county(4000, 60, schools=60, cluster_size=1), "schools", n
        )
        yield Case(f"schools: {n} of 61, one of 500 ghosts", ghosts(61, 90, FIVE_HUNDRED), "schools", n)
    yield Case("schools: 30 of 60, 40 % wrong", county(4000, 1600, schools=60), "schools", 30)
    for how in ("fixed_interval", "cell"):
        for share, part in (
            (0.0, skewed_amounts),
            (0.01, np.ones),
            (0.05, np.ones),
            (0.3, skewed_amounts),
            (0.6, skewed_amounts),
        ):
            pick = (lambda rng, n: np.ones(n)) if part is np.ones else part
            units = county(3000, round(3000 * share), part=pick, amounts=(100, 500, 625, 5000))
            yield Case(f"by value ({how}): {share:.0%} wrong, {'skewed' if part is skewed_amounts else 'in full'}", units, "value", 90, selection=how)  # fmt: skip
    yield Case("by value: short, skewed", county(3000, 900, part=skewed_amounts, sign=-1), "value", 90)


# ---- a draw ----------------------------------------------------------------------------------------------------------
