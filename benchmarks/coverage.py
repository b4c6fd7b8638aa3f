"""How often each limit of the city's report holds: seeded simulation over counties that are hard to judge, and exact sums.

``python benchmarks/coverage.py [runs a county]``; prints every limit with its nominal level and how often it held, and
ends with status 1 where one held so seldom that chance alone would do it once in ten thousand times. Units
are drawn by NumPy's generator, which is quicker than hashes and the same in distribution; the limits are those of
``auditlib.city``. ``--write`` puts the table into ``benchmarks/coverage.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from auditlib import sampling
from auditlib.city import detection, misstatement
from auditlib.city.bounds import Design, Group, most_units, shared
from auditlib.city.parameters import GRADES
from auditlib.city.population import BY_COUNTY, CLEAN, GROUPS

LEVEL, RUNS, SEED = Decimal("0.95"), 400, 20201231
TOLERABLE = 0.05
BY_CHANCE = (
    1e-4  # a limit that holds as often as it says looks worse than this in one of ten runs of the whole grid
)
FIVE_HUNDRED = 500
Tally = dict[str, list[bool]]


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
    flagged: int = 60,
    right_flags: int = 50,
    city: int = 20,
    city_wrong: int = 10,
    amounts: tuple[int, ...] = (500, 625, 1250),
    part: Callable[[np.random.Generator, int], Any] = lambda rng, n: np.ones(n),
    sign: int = 1,
    schools: int = 40,
    clustered: int = 0,
    heavy: bool = False,
) -> pd.DataFrame:
    """A county's payments. ``part``: what share of a wrong payment is wrong; ``clustered``: the wrong ones are in so many
    schools; ``heavy``: three strata of 90, 9 and 1 % with the wrong ones in the smallest; ``sign`` -1: short, not over."""
    rng = np.random.default_rng(SEED)
    school = np.sort(rng.integers(0, schools, clean))
    if heavy:
        school = np.repeat([0, 1, 2], [clean - clean // 10, clean // 10 - clean // 100, clean // 100])
    places = np.arange(clean)
    if clustered:
        places = places[np.isin(school, rng.permutation(schools)[:clustered])]
    elif heavy:
        places = places[::-1]
    is_wrong = np.zeros(clean, bool)
    is_wrong[places[:wrong] if heavy else rng.permutation(places)[:wrong]] = True
    parts = [_group(rng, CLEAN, school, is_wrong, amounts, part, sign)]
    for name, size, bad in ((BY_COUNTY, flagged, right_flags), ("city", city, city_wrong)):
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


def skewed(rng: np.random.Generator, n: int) -> Any:
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
    for name, part in (("skewed", skewed), ("halves", lambda rng, n: np.full(n, 0.5))):
        for share in (0.05, 0.3, 0.6):
            units = county(3000, round(3000 * share), part=part, amounts=(250, 500, 5000))
            yield Case(f"random: {name}, {share:.0%} wrong", units, "simple", 93)
    yield Case("random: short, skewed", county(3000, 900, part=skewed, sign=-1), "simple", 93)
    yield Case("random: poor self-check", county(3000, 300, flagged=40, right_flags=15), "simple", 120)
    yield Case(
        "random: hardly any error elsewhere", county(3000, 4, right_flags=55, city_wrong=1), "simple", 400
    )
    for wrong in (0, 10, 30, 90, 300):
        yield Case(f"strata: {wrong} of 3000", county(3000, wrong, schools=12), "strata", 120)
    yield Case("strata: all in one", county(3000, 60, schools=12, clustered=1), "strata", 120)
    yield Case("strata: heavy, errors in the smallest", county(3000, 30, heavy=True), "strata", 100)
    yield Case("strata: heavy, errors everywhere", county(3000, 400, heavy=True), "strata", 100)
    yield Case("strata: skewed yuan", county(3000, 900, schools=12, part=skewed), "strata", 120)
    for n in (4, 12, 30, 50):
        yield Case(f"schools: {n} of 60, errors spread", county(4000, 200, schools=60), "schools", n)
        yield Case(
            f"schools: {n} of 60, in 3 of them", county(4000, 150, schools=60, clustered=3), "schools", n
        )
        yield Case(
            f"schools: {n} of 60, in 1 of them", county(4000, 60, schools=60, clustered=1), "schools", n
        )
        yield Case(f"schools: {n} of 61, one of 500 ghosts", ghosts(61, 90, FIVE_HUNDRED), "schools", n)
    yield Case("schools: 30 of 60, 40 % wrong", county(4000, 1600, schools=60), "schools", 30)
    for how in ("fixed_interval", "cell"):
        for share, part in ((0.0, skewed), (0.01, np.ones), (0.05, np.ones), (0.3, skewed), (0.6, skewed)):
            pick = (lambda rng, n: np.ones(n)) if part is np.ones else part
            units = county(3000, round(3000 * share), part=pick, amounts=(100, 500, 625, 5000))
            yield Case(f"by value ({how}): {share:.0%} wrong, {'skewed' if part is skewed else 'in full'}", units, "value", 90, selection=how)  # fmt: skip
    yield Case("by value: short, skewed", county(3000, 900, part=skewed, sign=-1), "value", 90)


# ---- a draw ----------------------------------------------------------------------------------------------------------


def drawn_groups(case: Case, rng: np.random.Generator) -> tuple[dict[str, Group], Decimal | None]:
    """The groups as a draw and its visits leave them; ``interval`` where they were drawn by value."""
    made, interval = {}, None
    for name, whole in case.groups.items():
        if name == CLEAN and case.design == "value":
            places, hits, top, interval = _by_value(whole, case, rng)
        else:
            places = _places(whole, case, rng) if name == CLEAN else _some(rng, len(whole), case.flagged_n)
            hits, top = np.ones(len(places), int), np.zeros(len(places), bool)
        rows = whole.iloc[places].assign(hits=hits, top=top, place=np.arange(1, len(places) + 1))
        visited = rng.random(len(rows)) >= case.unvisited
        rows = rows.assign(visited=visited, deviates=rows["wrong"] | ~visited)
        design = case.design if name == CLEAN and len(rows) < len(whole) else "simple"
        stand_in: Any = SimpleNamespace(interval=interval if name == CLEAN else None)
        made[name] = Group(stand_in, name, whole, rows, design)
    return made, interval


def _some(rng: np.random.Generator, size: int, n: int) -> Any:
    return rng.permutation(size)[: min(n, size)]


def _places(whole: pd.DataFrame, case: Case, rng: np.random.Generator) -> Any:
    if case.design == "simple":
        return _some(rng, len(whole), case.n)
    inside = case.inside
    names = sorted(inside)
    if case.design == "strata":
        shares = sampling.allocate([len(inside[name]) for name in names], case.n)
        return np.concatenate(
            [rng.permutation(inside[name])[:k] for name, k in zip(names, shares, strict=True)]
        )
    chosen = rng.permutation(names)[: case.n]
    return np.concatenate([rng.permutation(inside[name])[: case.take] for name in chosen])


def _by_value(whole: pd.DataFrame, case: Case, rng: np.random.Generator) -> tuple[Any, Any, Any, Decimal]:
    order = rng.permutation(len(whole))
    ends = np.cumsum(whole["paid"].to_numpy()[order])
    interval = ends[-1] / case.n
    assert whole["paid"].max() < interval
    offsets = np.full(case.n, rng.random()) if case.selection == "fixed_interval" else rng.random(case.n)
    points = (np.arange(case.n) + 1 - offsets) * interval
    hit = order[np.minimum(np.searchsorted(ends, points), len(whole) - 1)]
    places, hits = np.unique(hit, return_counts=True)
    return places, hits, np.zeros(len(places), bool), Decimal(repr(float(interval)))


# ---- what is held against the truth ----------------------------------------------------------------------------------

CUTOFFS = {letter: float(least) for letter, least in GRADES.items()}
NOMINAL = {
    "error rate ≤": 0.95, "accepted wrongly": 0.95, "overpaid ≤": 0.95, "underpaid ≤": 0.95, "detection ≥": 0.975,
    "detection ≤": 0.975, "unseen errors ≤": 0.975, "grade too good": 0.975, "D unjustly": 0.975, "precision ≥": 0.975,
    "precision ≤": 0.975, "flags of both ≥": 0.975,
}  # fmt: skip


def judged(case: Case, rng: np.random.Generator) -> dict[str, bool]:
    """Which limits held in one draw."""
    groups, interval = drawn_groups(case, rng)
    made = _of_rate(case, groups, interval) | _of_money(case, groups, interval)
    return made | (_of_detection(case, groups) if len(groups[BY_COUNTY].all_units) else {})


def _of_rate(case: Case, groups: dict[str, Group], interval: Decimal | None) -> dict[str, bool]:
    group = groups[CLEAN]
    whole, rows = group.all_units, group.sample_units
    if interval is None:
        truth = whole["wrong"].mean()
        limit = most_units(group, rows["deviates"], LEVEL) / group.size
    else:
        truth = whole.loc[whole["wrong"], "paid"].sum() / whole["paid"].sum()
        hits = rows["hits"]
        limit = sampling.evaluate_attribute(
            n=int(hits.sum()),
            deviations=int(hits[rows["deviates"]].sum()),
            model="binomial",
            confidence=LEVEL,
        ).upper_limit
    made = {"error rate ≤": truth <= limit + 1e-9}
    return made | ({"accepted wrongly": limit >= TOLERABLE} if truth >= TOLERABLE else {})


def _of_money(case: Case, groups: dict[str, Group], interval: Decimal | None) -> dict[str, bool]:
    levels = shared(groups, LEVEL)
    held = {}
    for name, sign in (("overpaid ≤", 1), ("underpaid ≤", -1)):
        truth = (sign * (case.units["paid"] - case.units["due"])).clip(lower=0).sum()
        limit = 0.0
        for key, group in groups.items():
            rows = group.sample_units
            if not rows.empty:
                y = (sign * (rows["paid"] - rows["due"])).clip(lower=0)
                most = y.where(rows["visited"], rows["paid"]).map(as_yuan)
                limit += float(
                    misstatement.limit_of(replace(group, sample_units=rows.assign(most=most)), levels[key])
                )
        held[name] = bool(truth <= limit + 0.01)
    return held


def _of_detection(case: Case, groups: dict[str, Group]) -> dict[str, bool]:
    by = case.units.loc[case.units["wrong"], "group"].value_counts()
    found, unseen = int(by.get(BY_COUNTY, 0)), int(by.get("city", 0) + by.get(CLEAN, 0))
    truth = found / (found + unseen)
    ends = detection.limits(groups, (BY_COUNTY,), LEVEL)
    least, most = detection.flagged_wrong(groups, (BY_COUNTY,), LEVEL)
    both = detection.limits(groups, (BY_COUNTY, "city"), LEVEL)
    of_both = (found + int(by.get("city", 0))) / (found + unseen)
    letter = next((name for name, cut in CUTOFFS.items() if ends.lower >= cut), None)
    of_flagged = found / groups[BY_COUNTY].size
    return {
        "detection ≥": ends.lower <= truth + 1e-9,
        "detection ≤": truth <= ends.upper + 1e-9,
        "unseen errors ≤": unseen <= ends.unseen,
        "grade too good": letter is None or truth >= CUTOFFS[letter] - 1e-9,
        "D unjustly": letter is not None
        or ends.upper >= min(CUTOFFS.values())
        or truth < min(CUTOFFS.values()),
        "precision ≥": least <= of_flagged + 1e-9,
        "precision ≤": of_flagged <= most + 1e-9,
        "flags of both ≥": both.lower <= of_both + 1e-9,
    }


# ---- exact ------------------------------------------------------------------------------------------------------------


def exact_detection() -> tuple[float, int]:
    """The worst chance, over a grid of counties, that the lower limit of the detection rate holds; and how many counties."""
    inner, outer = (float(level) for level in detection.levels(LEVEL))
    worst, counted = 1.0, 0
    for flagged, right, city in ((60, 50, 6), (60, 60, 6), (220, 200, 30), (30, 12, 60), (12, 10, 10)):
        drawn_flagged, drawn_city = min(30, flagged), min(30, city)
        least = np.array([sampling.fewest_wrong([sampling.SeenStratum(flagged, drawn_flagged, k)], confidence=inner) for k in range(drawn_flagged + 1)])  # fmt: skip
        chance_found = stats.hypergeom.pmf(np.arange(drawn_flagged + 1), flagged, right, drawn_flagged)
        for clean, n in ((300, 88), (1000, 93), (3000, 93), (15000, 93)):
            for unseen in sorted({0, 1, 2, 5, 10, 20, 40, 80, 150}):
                for city_wrong in {0, city // 2, city}:
                    most, chance = _outside(city, drawn_city, city_wrong, clean, n, unseen, outer)
                    truth = right / (right + city_wrong + unseen)
                    with np.errstate(invalid="ignore"):
                        lower = np.where(
                            least[:, None] > 0, least[:, None] / (least[:, None] + most[None, :]), 0.0
                        )
                    held = (chance_found[:, None] * chance[None, :])[lower <= truth + 1e-9].sum()
                    worst, counted = min(worst, float(held)), counted + 1
    return worst, counted


def _outside(
    city: int, drawn: int, wrong: int, clean: int, n: int, unseen: int, level: float
) -> tuple[Any, Any]:
    """Every outcome among what the county did not flag: the most that can be wrong, and its chance."""
    left = (city - drawn) + (clean - n)
    risks = [(1 - level) * part / left for part in (city - drawn, clean - n)]
    of_city = [city_most(city, drawn, k, 1 - risks[0]) for k in range(min(drawn, wrong) + 1)]
    of_clean = [city_most(clean, n, k, 1 - risks[1]) for k in range(min(n, unseen) + 1)]
    chances = np.outer(
        stats.hypergeom.pmf(range(len(of_city)), city, wrong, drawn),
        stats.hypergeom.pmf(range(len(of_clean)), clean, unseen, n),
    )
    return np.add.outer(of_city, of_clean).ravel(), chances.ravel()


_KNOWN: dict[tuple[int, int, int, float], int] = {}


def city_most(units: int, seen: int, wrong: int, level: float) -> int:
    """Memorised :func:`auditlib.sampling.most_wrong` of one stratum."""
    key = (units, seen, wrong, level)
    if key not in _KNOWN:
        stratum = sampling.SeenStratum(units, seen, wrong)
        _KNOWN[key] = wrong if seen == units else sampling.most_wrong([stratum], confidence=level)
    return _KNOWN[key]


def exact_precision() -> float:
    """The worst chance that an end of the trend's interval of a rule's precision holds: 5 to 200 verdicts, any precision."""
    worst = 1.0
    for n in (5, 8, 12, 20, 30, 50, 100, 200):
        ends = np.array(
            [
                sampling.proportion_interval(k, n, confidence=LEVEL, method="clopper_pearson")
                for k in range(n + 1)
            ]
        )
        for rate in np.linspace(0.01, 0.99, 99):
            chance = stats.binom.pmf(range(n + 1), n, rate)
            for held in (ends[:, 0] <= rate, ends[:, 1] >= rate):
                worst = min(worst, float(chance[held].sum()))
    return worst


# ---- the table --------------------------------------------------------------------------------------------------------


@dataclass
class Line:
    """One limit of one county."""

    case: str
    limit: str
    held: float
    runs: int
    worst: bool = field(init=False)

    def __post_init__(self) -> None:
        chance = stats.binom.cdf(round(self.held * self.runs), self.runs, NOMINAL[self.limit])
        self.worst = bool(chance < BY_CHANCE)


def simulated(runs: int, only: str = "") -> Iterator[Line]:
    """Every limit of every county (whose name holds ``only``), after ``runs`` draws."""
    for number, case in enumerate(cases()):
        if only not in case.name:
            continue
        rng = np.random.default_rng([SEED, number])
        tally: Tally = {}
        for _ in range(runs):
            for limit, held in judged(case, rng).items():
                tally.setdefault(limit, []).append(bool(held))
        for limit, answers in tally.items():
            yield Line(case.name, limit, float(np.mean(answers)), runs)


def table(lines: list[Line], detected: tuple[float, int], precision: float) -> str:
    """The figures in Markdown: a row a county, the worst of each limit below."""
    frame = pd.DataFrame(
        [(line.case, line.limit, line.held) for line in lines], columns=["case", "limit", "held"]
    )
    wide = frame.pivot(index="case", columns="limit", values="held").reindex(columns=list(NOMINAL))
    wide = wide.reindex(list(dict.fromkeys(frame["case"])))
    rows = [[name, *("" if pd.isna(v) else f"{v:.3f}" for v in row)] for name, row in zip(wide.index, wide.to_numpy(), strict=True)]  # fmt: skip
    head = ["county", *NOMINAL]
    worst = ["**least**", *("" if pd.isna(v) else f"**{v:.3f}**" for v in wide.min())]
    said = [
        head,
        ["---"] + ["---:"] * len(NOMINAL),
        ["*nominal*", *(f"*{v}*" for v in NOMINAL.values())],
        *rows,
        worst,
    ]
    body = "\n".join("| " + " | ".join(cells) + " |" for cells in said)
    return (
        f"{body}\n\nExact sums: the lower limit of the detection rate holds with {detected[0]:.4f} at least in {detected[1]} counties "
        f"(nominal 0.975); each end of the trend's interval of precision with {precision:.4f} at least (nominal 0.975).\n"
    )


def main(arguments: list[str]) -> int:
    numbers = [int(word) for word in arguments if word.isdigit()]
    runs = numbers[0] if numbers else RUNS
    lines = []
    for line in simulated(runs):
        lines.append(line)
        if line.worst:
            print(f"below its level: {line.case}: {line.limit} {line.held:.3f}", flush=True)
    detected, precision = exact_detection(), exact_precision()
    written = table(lines, detected, precision)
    print(written)
    if "--write" in arguments:
        file = Path(__file__).with_suffix(".md")
        head = file.read_text("utf-8").split("<!-- figures -->")[0]
        about = f"{runs} draws a county, seed {SEED}, confidence {LEVEL}.\n\n"
        file.write_text(f"{head}<!-- figures -->\n\n{about}{written}", encoding="utf-8")
    return int(any(line.worst for line in lines) or detected[0] < 0.975 or precision < 0.975)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
