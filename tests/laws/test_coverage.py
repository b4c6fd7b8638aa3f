"""The limits that the city's report prints hold as often as they say: exact sums, and a small seeded part of the grid.

The whole grid is ``benchmarks/coverage.py``; its figures stand in ``benchmarks/coverage.md``.
"""

from __future__ import annotations

import importlib.util
import itertools
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from auditlib import sampling
from auditlib.sampling import SeenSchool, SeenStratum

FILE = Path(__file__).resolve().parents[2] / "benchmarks" / "coverage.py"
ALMOST = 1e-9


def benchmark():
    """The benchmark as a module; its name is that of a package, and beside it lies what it imports."""
    spec = importlib.util.spec_from_file_location("coverage_of_limits", FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(FILE.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(FILE.parent))
    return module


BENCHMARK = benchmark()


@pytest.mark.parametrize(
    ("sizes", "sample_sizes"),
    [((12, 8, 20), (4, 3, 5)), ((30, 6), (5, 3)), ((9, 9, 9), (3, 3, 3)), ((40, 10, 3), (6, 2, 2))],
)
@pytest.mark.parametrize("confidence", ["0.9", "0.95"])
def test_the_most_and_the_fewest_in_strata_hold_whatever_the_errors(sizes, sample_sizes, confidence):
    """Every county of these strata, every sample: by the exact chances."""
    outcomes = list(itertools.product(*(range(n + 1) for n in sample_sizes)))
    seen_strata = [
        [SeenStratum(*each) for each in zip(sizes, sample_sizes, wrong, strict=True)] for wrong in outcomes
    ]
    most = np.array([sampling.most_wrong(strata, confidence=confidence) for strata in seen_strata])
    fewest = np.array([sampling.fewest_wrong(strata, confidence=confidence) for strata in seen_strata])
    for truth in itertools.product(*(range(0, size + 1, max(1, size // 8)) for size in sizes)):
        chance = np.ones(1)
        for size, n, bad in zip(sizes, sample_sizes, truth, strict=True):
            chance = np.outer(chance, stats.hypergeom.pmf(range(n + 1), size, bad, n)).ravel()
        assert chance[most >= sum(truth)].sum() >= float(confidence) - ALMOST, truth
        assert chance[fewest <= sum(truth)].sum() >= float(confidence) - ALMOST, truth


def test_one_stratum_is_the_exact_limit_of_the_published_tables():
    for wrong in range(5):
        known_limits = sampling.evaluate_attribute(n=40, deviations=wrong, population=300, confidence="0.95")
        assert (
            sampling.most_wrong([SeenStratum(300, 40, wrong)], confidence="0.95") == known_limits.upper_count
        )


@pytest.mark.parametrize("values", [(1, 0, 0, 0, 0, 0, 0), (1, 1, 1, 0, 0, 0, 0), (0.5, 0.5, 1, 0.1, 0, 0, 0), (1,) * 7, (0.3,) * 7])  # fmt: skip
def test_the_most_in_a_total_holds_over_every_order_of_drawing(values):
    orders = list(itertools.permutations(range(7), 4))
    known_limits: dict[tuple[float, ...], float] = {}
    for order in orders:
        sample_sizes = tuple(values[place] for place in order)
        if sample_sizes not in known_limits:
            known_limits[sample_sizes] = sampling.most_in_total(sample_sizes, 7, confidence="0.8")
    verdicts = [
        known_limits[tuple(values[place] for place in order)] >= sum(values) - ALMOST for order in orders
    ]
    assert np.mean(verdicts) >= 0.8


@pytest.mark.parametrize(("schools", "school_count"), [(20, 5), (61, 20), (61, 55), (200, 60)])
def test_schools_wrong_as_a_whole_are_within_the_limit_as_often_as_said(schools, school_count):
    """Every payment of the schools drawn was looked at: the rest is which schools were drawn, an exact chance."""
    limits = []
    for bad in range(school_count + 1):
        sample_sizes = [SeenSchool(30, 30, 30 if i < bad else 0) for i in range(school_count)]
        limit = sampling.most_in_schools(sample_sizes, schools, confidence="0.95")
        assert limit.within == 30 * bad
        limits.append(bad + limit.whole_schools)
    for bad in range(schools + 1):
        chance = stats.hypergeom.pmf(range(school_count + 1), schools, bad, school_count)
        assert chance[np.array(limits) >= bad - ALMOST].sum() >= 0.95 - ALMOST, bad


def test_more_seen_never_raises_the_limit_of_a_clean_sample():
    limits = [sampling.most_wrong([SeenStratum(3000, n, 0)], confidence="0.95") for n in range(10, 3001, 115)]
    assert limits == sorted(limits, reverse=True)


def test_the_detection_rate_s_lower_limit_holds_in_every_county_of_the_grid():
    worst, counties = BENCHMARK.exact_detection()
    assert worst >= 0.975 and counties >= 500


def test_each_end_of_the_trend_s_precision_holds_at_any_precision():
    assert BENCHMARK.exact_precision() >= 0.975


def cases():
    """Those that were worst, by the names of the grid."""
    counties = sys.modules["coverage_counties"]
    county, ghosts, case = counties.county, counties.ghosts, counties.Case
    skewed_county = {"part": counties.skewed_amounts, "amounts": (250, 500, 5000)}
    yield case("4 of 60 schools, errors in three", county(2000, 80, schools=60, cluster_size=3), "schools", 4)
    yield case("30 of 61 schools, one of ghosts", ghosts(61, 40, 200), "schools", 30)
    yield case("heavy strata", county(2000, 20, heavy=True), "strata", 80)
    yield case("skewed yuan", county(1000, 300, **skewed_county), "simple", 93)
    yield case("by value, skewed", county(1000, 300, part=counties.skewed_amounts), "value", 80)
    yield case("a third unvisited", county(1000, 20), "simple", 93, unvisited=0.33)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_no_limit_of_a_hard_county_holds_less_often_than_said(case):
    rng, tally = np.random.default_rng(BENCHMARK.SEED), {}
    for _ in range(60):
        for limit, verdicts in BENCHMARK.limits_held(case, rng).items():
            tally.setdefault(limit, []).append(verdicts)
    lines = [BENCHMARK.Line(case.name, limit, np.mean(verdicts), 60) for limit, verdicts in tally.items()]
    assert [line for line in lines if line.worst] == []
