"""How often each limit of the city's report holds: seeded simulation over counties that are hard to judge, and exact sums.

``python benchmarks/coverage.py [runs a county]``; prints every limit with its nominal level and how often it held, and
ends with status 1 where one held so seldom that chance alone would do it once in ten thousand times. Units
are drawn by NumPy's generator, which is quicker than hashes and the same in distribution; the limits are those of
``auditlib.city``. ``--write`` puts the table into ``benchmarks/coverage.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from coverage_counties import SEED, Case, as_yuan, cases
from scipy import stats

from auditlib import sampling
from auditlib.city import detection, misstatement
from auditlib.city.bounds import DrawGroup, most_units, shared_levels
from auditlib.city.parameters import GRADES
from auditlib.city.population import BY_COUNTY, CLEAN

LEVEL, RUNS = Decimal("0.95"), 400
TOLERABLE = 0.05
BY_CHANCE = (
    1e-4  # a limit that holds as often as it says looks worse than this in one of ten runs of the whole grid
)
Tally = dict[str, list[bool]]


def drawn_groups(case: Case, rng: np.random.Generator) -> tuple[dict[str, DrawGroup], Decimal | None]:
    """The groups as a draw and its visits leave them; ``interval`` where they were drawn by value."""
    groups, interval = {}, None
    for name, units in case.groups.items():
        if name == CLEAN and case.design == "value":
            places, hits, top, interval = _by_value(units, case, rng)
        else:
            places = _places(units, case, rng) if name == CLEAN else _some(rng, len(units), case.flagged_n)
            hits, top = np.ones(len(places), int), np.zeros(len(places), bool)
        rows = units.iloc[places].assign(hits=hits, top=top, place=np.arange(1, len(places) + 1))
        visited = rng.random(len(rows)) >= case.unvisited
        rows = rows.assign(visited=visited, deviates=rows["wrong"] | ~visited)
        design = case.design if name == CLEAN and len(rows) < len(units) else "simple"
        stand_in: Any = SimpleNamespace(interval=interval if name == CLEAN else None)
        groups[name] = DrawGroup(stand_in, name, units, rows, design)
    return groups, interval


def _some(rng: np.random.Generator, size: int, n: int) -> Any:
    return rng.permutation(size)[: min(n, size)]


def _places(units: pd.DataFrame, case: Case, rng: np.random.Generator) -> Any:
    if case.design == "simple":
        return _some(rng, len(units), case.n)
    inside = case.inside
    names = sorted(inside)
    if case.design == "strata":
        shares = sampling.allocate([len(inside[name]) for name in names], case.n)
        return np.concatenate(
            [rng.permutation(inside[name])[:k] for name, k in zip(names, shares, strict=True)]
        )
    schools = rng.permutation(names)[: case.n]
    return np.concatenate([rng.permutation(inside[name])[: case.take] for name in schools])


def _by_value(units: pd.DataFrame, case: Case, rng: np.random.Generator) -> tuple[Any, Any, Any, Decimal]:
    order = rng.permutation(len(units))
    ends = np.cumsum(units["paid"].to_numpy()[order])
    interval = ends[-1] / case.n
    assert units["paid"].max() < interval
    offsets = np.full(case.n, rng.random()) if case.selection == "fixed_interval" else rng.random(case.n)
    points = (np.arange(case.n) + 1 - offsets) * interval
    hit = order[np.minimum(np.searchsorted(ends, points), len(units) - 1)]
    places, hits = np.unique(hit, return_counts=True)
    return places, hits, np.zeros(len(places), bool), Decimal(repr(float(interval)))


# ---- what is held against the truth ----------------------------------------------------------------------------------

CUTOFFS = {letter: float(least) for letter, least in GRADES.items()}
NOMINAL = {
    "error rate ≤": 0.95, "accepted wrongly": 0.95, "overpaid ≤": 0.95, "underpaid ≤": 0.95, "detection ≥": 0.975,
    "detection ≤": 0.975, "unseen errors ≤": 0.975, "grade too good": 0.975, "D unjustly": 0.975, "precision ≥": 0.975,
    "precision ≤": 0.975, "flags of both ≥": 0.975,
}  # fmt: skip


def limits_held(case: Case, rng: np.random.Generator) -> dict[str, bool]:
    """Which limits held in one draw."""
    groups, interval = drawn_groups(case, rng)
    limits = _of_rate(case, groups, interval) | _of_money(case, groups, interval)
    return limits | (_of_detection(case, groups) if len(groups[BY_COUNTY].all_units) else {})


def _of_rate(case: Case, groups: dict[str, DrawGroup], interval: Decimal | None) -> dict[str, bool]:
    group = groups[CLEAN]
    units, rows = group.all_units, group.sample_units
    if interval is None:
        truth = units["wrong"].mean()
        limit = most_units(group, rows["deviates"], LEVEL) / group.size
    else:
        truth = units.loc[units["wrong"], "paid"].sum() / units["paid"].sum()
        hits = rows["hits"]
        limit = sampling.evaluate_attribute(
            n=int(hits.sum()),
            deviations=int(hits[rows["deviates"]].sum()),
            model="binomial",
            confidence=LEVEL,
        ).upper_limit
    answers = {"error rate ≤": truth <= limit + 1e-9}
    return answers | ({"accepted wrongly": limit >= TOLERABLE} if truth >= TOLERABLE else {})


def _of_money(case: Case, groups: dict[str, DrawGroup], interval: Decimal | None) -> dict[str, bool]:
    levels = shared_levels(groups, LEVEL)
    answers = {}
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
        answers[name] = bool(truth <= limit + 0.01)
    return answers


def _of_detection(case: Case, groups: dict[str, DrawGroup]) -> dict[str, bool]:
    by = case.units.loc[case.units["wrong"], "group"].value_counts()
    flagged_wrong, unseen = int(by.get(BY_COUNTY, 0)), int(by.get("city", 0) + by.get(CLEAN, 0))
    truth = flagged_wrong / (flagged_wrong + unseen)
    ends = detection.limits(groups, (BY_COUNTY,), LEVEL)
    least, most = detection.flagged_wrong(groups, (BY_COUNTY,), LEVEL)
    of_all = detection.limits(groups, (BY_COUNTY, "city"), LEVEL)
    of_both = (flagged_wrong + int(by.get("city", 0))) / (flagged_wrong + unseen)
    letter = next((name for name, cut in CUTOFFS.items() if ends.lower >= cut), None)
    of_flagged = flagged_wrong / groups[BY_COUNTY].size
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
        "flags of both ≥": of_all.lower <= of_both + 1e-9,
    }


# ---- exact ------------------------------------------------------------------------------------------------------------


def exact_detection() -> tuple[float, int]:
    """The worst chance, over a grid of counties, that the lower limit of the detection rate holds; and how many counties."""
    inner, outer = (float(level) for level in detection.levels(LEVEL))
    worst, trial_count = 1.0, 0
    for flagged_count, right, city in ((60, 50, 6), (60, 60, 6), (220, 200, 30), (30, 12, 60), (12, 10, 10)):
        drawn_flagged, drawn_city = min(30, flagged_count), min(30, city)
        least = np.array([sampling.fewest_wrong([sampling.SeenStratum(flagged_count, drawn_flagged, k)], confidence=inner) for k in range(drawn_flagged + 1)])  # fmt: skip
        chance_found = stats.hypergeom.pmf(np.arange(drawn_flagged + 1), flagged_count, right, drawn_flagged)
        for clean, n in ((300, 88), (1000, 93), (3000, 93), (15000, 93)):
            for unseen in sorted({0, 1, 2, 5, 10, 20, 40, 80, 150}):
                for city_wrong in {0, city // 2, city}:
                    most, chance = _outside(city, drawn_city, city_wrong, clean, n, unseen, outer)
                    truth = right / (right + city_wrong + unseen)
                    with np.errstate(invalid="ignore"):
                        lower = np.where(
                            least[:, None] > 0, least[:, None] / (least[:, None] + most[None, :]), 0.0
                        )
                    chance_held = (chance_found[:, None] * chance[None, :])[lower <= truth + 1e-9].sum()
                    worst, trial_count = min(worst, float(chance_held)), trial_count + 1
    return worst, trial_count


def _outside(
    city: int, sample_size: int, wrong: int, clean: int, n: int, unseen: int, level: float
) -> tuple[Any, Any]:
    """Every outcome among what the county did not flag: the most that can be wrong, and its chance."""
    outside = (city - sample_size) + (clean - n)
    risks = [(1 - level) * part / outside for part in (city - sample_size, clean - n)]
    of_city = [city_most(city, sample_size, k, 1 - risks[0]) for k in range(min(sample_size, wrong) + 1)]
    of_clean = [city_most(clean, n, k, 1 - risks[1]) for k in range(min(n, unseen) + 1)]
    chances = np.outer(
        stats.hypergeom.pmf(range(len(of_city)), city, wrong, sample_size),
        stats.hypergeom.pmf(range(len(of_clean)), clean, unseen, n),
    )
    return np.add.outer(of_city, of_clean).ravel(), chances.ravel()


_LIMITS_SEEN: dict[tuple[int, int, int, float], int] = {}


def city_most(units: int, sample_size: int, wrong: int, level: float) -> int:
    """Memorised :func:`auditlib.sampling.most_wrong` of one stratum."""
    key = (units, sample_size, wrong, level)
    if key not in _LIMITS_SEEN:
        stratum = sampling.SeenStratum(units, sample_size, wrong)
        _LIMITS_SEEN[key] = (
            wrong if sample_size == units else sampling.most_wrong([stratum], confidence=level)
        )
    return _LIMITS_SEEN[key]


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
            for is_within in (ends[:, 0] <= rate, ends[:, 1] >= rate):
                worst = min(worst, float(chance[is_within].sum()))
    return worst


# ---- the table --------------------------------------------------------------------------------------------------------


@dataclass
class Line:
    """One limit of one county."""

    case: str
    limit: str
    share: float
    runs: int
    worst: bool = field(init=False)

    def __post_init__(self) -> None:
        chance = stats.binom.cdf(round(self.share * self.runs), self.runs, NOMINAL[self.limit])
        self.worst = bool(chance < BY_CHANCE)


def simulations(runs: int, only: str = "") -> Iterator[Line]:
    """Every limit of every county (whose name holds ``only``), after ``runs`` draws."""
    for number, case in enumerate(cases()):
        if only not in case.name:
            continue
        rng = np.random.default_rng([SEED, number])
        tally: Tally = {}
        for _ in range(runs):
            for limit, is_held in limits_held(case, rng).items():
                tally.setdefault(limit, []).append(bool(is_held))
        for limit, answers in tally.items():
            yield Line(case.name, limit, float(np.mean(answers)), runs)


def table(lines: list[Line], detected: tuple[float, int], precision: float) -> str:
    """The figures in Markdown: a row a county, the worst of each limit below."""
    frame = pd.DataFrame(
        [(line.case, line.limit, line.share) for line in lines], columns=["case", "limit", "held"]
    )
    wide = frame.pivot(index="case", columns="limit", values="held").reindex(columns=list(NOMINAL))
    wide = wide.reindex(list(dict.fromkeys(frame["case"])))
    rows = [[name, *("" if pd.isna(v) else f"{v:.3f}" for v in row)] for name, row in zip(wide.index, wide.to_numpy(), strict=True)]  # fmt: skip
    head = ["county", *NOMINAL]
    worst = ["**least**", *("" if pd.isna(v) else f"**{v:.3f}**" for v in wide.min())]
    table_rows = [
        head,
        ["---"] + ["---:"] * len(NOMINAL),
        ["*nominal*", *(f"*{v}*" for v in NOMINAL.values())],
        *rows,
        worst,
    ]
    body = "\n".join("| " + " | ".join(cells) + " |" for cells in table_rows)
    return (
        f"{body}\n\nExact sums: the lower limit of the detection rate holds with {detected[0]:.4f} at least in {detected[1]} counties "
        f"(nominal 0.975); each end of the trend's interval of precision with {precision:.4f} at least (nominal 0.975).\n"
    )


def main(arguments: list[str]) -> int:
    numbers = [int(word) for word in arguments if word.isdigit()]
    runs = numbers[0] if numbers else RUNS
    lines = []
    for line in simulations(runs):
        lines.append(line)
        if line.worst:
            print(f"below its level: {line.case}: {line.limit} {line.held:.3f}", flush=True)
    detected, precision = exact_detection(), exact_precision()
    figures = table(lines, detected, precision)
    print(figures)
    if "--write" in arguments:
        file = Path(__file__).with_suffix(".md")
        head = file.read_text("utf-8").split("<!-- figures -->")[0]
        about = f"{runs} draws a county, seed {SEED}, confidence {LEVEL}.\n\n"
        file.write_text(f"{head}<!-- figures -->\n\n{about}{figures}", encoding="utf-8")
    return int(any(line.worst for line in lines) or detected[0] < 0.975 or precision < 0.975)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
