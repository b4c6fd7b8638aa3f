"""What holds of the re-check statistics whatever the numbers."""

from __future__ import annotations

import hashlib
import json
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auditlib import sampling

CONFIDENCES = st.sampled_from(["0.80", "0.90", "0.95", "0.975", "0.99"])
RATES = st.sampled_from(["0.01", "0.02", "0.05", "0.07", "0.10", "0.30"])
AMOUNTS = st.integers(min_value=1, max_value=500_000).map(lambda fen: Decimal(fen) / 100)
UNIT_IDS = st.lists(st.integers(min_value=0, max_value=9999).map("{:04d}".format), min_size=1, unique=True)


def law(*strategies):
    """Holds in forty cases, always the same ones."""
    return lambda test: settings(max_examples=40, deadline=None, derandomize=True)(given(*strategies)(test))


@st.composite
def samples(draw):
    """(population, n, deviations)"""
    population = draw(st.integers(min_value=2, max_value=300))
    n = draw(st.integers(min_value=1, max_value=population))
    return population, n, draw(st.integers(min_value=0, max_value=n))


# --- attribute sampling


@law(samples(), CONFIDENCES, st.sampled_from(["hypergeometric", "binomial", "poisson"]))
def test_one_more_deviation_never_lowers_the_upper_limit(sample, confidence, model):
    population, n, k = sample
    assume(k < n)
    limits = [
        sampling.evaluate_attribute(
            n=n, deviations=number, confidence=confidence, population=population, model=model
        ).upper_limit
        for number in (k, k + 1)
    ]
    assert k / n <= limits[0] <= limits[1]


@law(samples(), CONFIDENCES)
def test_when_everything_was_looked_at_the_limit_is_what_was_found(sample, confidence):
    population, _, k = sample
    result = sampling.evaluate_attribute(
        n=population, deviations=k, confidence=confidence, population=population
    )
    assert (result.upper_count, result.upper_limit) == (k, k / population)


@law(st.integers(min_value=20, max_value=2000), RATES, CONFIDENCES, st.integers(min_value=0, max_value=3))
def test_a_plan_accepts_its_acceptable_number_and_not_one_more(population, tolerable, confidence, expected):
    assume(math.ceil(Fraction(tolerable) * population) > expected)
    plan = sampling.plan_attribute(
        confidence=confidence,
        tolerable_rate=tolerable,
        expected_deviations=expected,
        population=population,
    )
    verdicts = [
        sampling.evaluate_attribute(
            n=plan.n, deviations=k, confidence=confidence, tolerable_rate=tolerable, population=population
        ).accept
        for k in (expected, expected + 1)
    ]
    assert verdicts[0] and not verdicts[1]
    assert plan.achieved_risk <= float(1 - Fraction(confidence)) + 1e-12


@law(st.integers(min_value=5, max_value=400), RATES, CONFIDENCES)
def test_a_plan_is_the_smallest_sample(population, tolerable, confidence):
    plan = sampling.plan_attribute(confidence=confidence, tolerable_rate=tolerable, population=population)
    critical = math.ceil(Fraction(tolerable) * population)
    unseen = [
        Fraction(math.comb(population - critical, n), math.comb(population, n)) for n in (plan.n, plan.n - 1)
    ]
    assert unseen[0] <= 1 - Fraction(confidence) < unseen[1]
    discovery = sampling.plan_discovery(population=population, critical=critical, confidence=confidence)
    assert discovery.n == plan.n


@law(st.integers(min_value=30, max_value=500), st.integers(min_value=1, max_value=100))
def test_an_ordered_share_only_raises_a_plan(population, percent):
    terms = {"confidence": 0.95, "tolerable_rate": 0.1, "population": population}
    plain = sampling.plan_attribute(**terms)
    ordered_plan = sampling.plan_attribute(**terms, min_share=Decimal(percent) / 100, min_n=5)
    assert ordered_plan.n == max(plain.n, min(population, max(5, -(-population * percent // 100))))
    assert ordered_plan.statistical_n == plain.n
    assert ordered_plan.acceptable_deviations >= plain.acceptable_deviations
    assert ordered_plan.achieved_risk <= 0.05 + 1e-12


def test_ten_per_cent_of_eighty_payments_finds_four_bad_ones_with_35_per_cent():
    worth = sampling.share_confidence(population=80, share=0.1, tolerable_rate=0.05)
    assert (worth.n, worth.critical, worth.enough) == (8, 4, False)
    assert worth.detection_probability == pytest.approx(0.35, abs=0.001)
    assert sampling.detection_probability(population=80, critical=4, n=worth.required_n) >= 0.95


def test_products_are_formed_from_the_typed_decimals():
    plan = sampling.plan_attribute(confidence=0.975, tolerable_rate=0.09, expected_rate=0.07)
    assert (plan.n, plan.acceptable_deviations) == (800, 56)
    assert 0.07 * 800 > 56  # what a float makes of it


def test_exact_ties_are_within_the_risk_of_a_plan_and_are_rejected_as_a_limit():
    assert sampling.plan_discovery(population=260, critical=1, confidence=0.9).n == 234
    plan = sampling.plan_attribute(confidence=0.9, tolerable_rate=0.1, expected_rate=0.0975, population=500)
    assert plan.n == 499
    result = sampling.evaluate_attribute(n=1, deviations=0, confidence=0.9, tolerable_rate=0.9)
    assert result.upper_limit == pytest.approx(0.9) and result.accept is False


def test_one_school_of_sixty_needs_38_where_the_binomial_asks_for_59():
    terms = {"confidence": 0.95, "tolerable_rate": 0.05}
    assert sampling.plan_attribute(**terms, population=60).n == 38
    assert sampling.plan_attribute(**terms).n == 59
    assert sampling.plan_attribute(**terms, model="poisson").n == 60


@law(st.integers(min_value=1, max_value=80), st.data(), CONFIDENCES)
def test_an_interval_holds_the_share_seen_and_ends_exactly_at_0_and_1(n, data, confidence):
    k = data.draw(st.integers(min_value=0, max_value=n))
    for method in ("wilson", "wilson_cc", "clopper_pearson", "jeffreys", "agresti_coull"):
        lower, upper = sampling.proportion_interval(k, n, confidence=confidence, method=method)
        assert 0 <= lower <= k / n <= upper <= 1
        if method != "agresti_coull":
            assert (k > 0 or lower == 0) and (k < n or upper == 1)


# --- monetary unit sampling


@law(
    st.integers(min_value=10_000, max_value=50_000_000),
    st.integers(min_value=1, max_value=20),
    st.sampled_from([0, 10, 25, 40, 60]),
    CONFIDENCES,
)
def test_a_monetary_unit_plan_evaluates_within_the_tolerable(book, percent, expected_percent, confidence):
    tolerable = Decimal(book * percent) / 100
    plan = sampling.plan_mus(
        book_value=book,
        tolerable=tolerable,
        expected=tolerable * expected_percent / 100,
        confidence=confidence,
    )
    whole_taints = ["1"] * int(plan.tolerable_taint_sum)
    for bound in ("poisson", "binomial"):
        result = sampling.evaluate_mus(
            whole_taints,
            n=plan.n,
            interval=plan.interval,
            confidence=confidence,
            bound=bound,
            tolerable=tolerable,
        )
        assert result.upper_limit <= tolerable * (1 + Decimal("1e-12"))
    assert math.isclose(plan.interval * plan.n, book, rel_tol=1e-12)


@law(
    st.lists(st.integers(min_value=1, max_value=100).map(lambda part: Fraction(part, 100)), max_size=8),
    CONFIDENCES,
    st.randoms(use_true_random=False),
)
def test_the_limit_is_the_sum_of_its_parts_in_whatever_order_taints_come(taints, confidence, random):
    terms = {"n": 100, "interval": "1234.56", "confidence": confidence, "top": "10.01"}
    results = [sampling.evaluate_mus(taints, **terms, bound=bound) for bound in ("poisson", "binomial")]
    shuffled_rows = random.sample(taints, len(taints))
    assert sampling.evaluate_mus(shuffled_rows, **terms).upper_limit == results[0].upper_limit
    for result in results:
        parts = result.projected + result.basic + result.incremental
        assert math.isclose(parts, result.upper_limit, rel_tol=1e-12)
        assert math.isclose(result.projected, Decimal("1234.56") * float_sum(taints) + Decimal("10.01"))
    assert results[1].upper_limit <= results[0].upper_limit


def float_sum(taints):
    return Decimal(float(sum(taints)))


def test_over_and_underpayments_are_two_evaluations():
    items = [
        sampling.MusItem("500", "250"),
        sampling.MusItem("500", "625"),
        sampling.MusItem("500", "500"),
        sampling.MusItem("20000", "19000"),
        sampling.MusItem("20000", "20500"),
    ]
    terms = {"n": 60, "interval": "1000", "confidence": 0.95}
    over = sampling.evaluate_mus(items=items, **terms)
    under = sampling.evaluate_mus(items, direction="under", **terms)
    assert (over.taints, over.projected) == ((0.5,), Decimal(1500))
    assert (under.taints, under.projected) == ((0.25,), Decimal(750))


def test_the_limit_equal_to_the_tolerable_is_rejected():
    terms = {"n": 60, "interval": "26000", "confidence": 0.9, "factors": ["2.31"]}
    assert sampling.evaluate_mus([], **terms, tolerable="60060").accept is False
    assert sampling.evaluate_mus([], **terms, tolerable="60060.01").accept is True


@law(st.lists(AMOUNTS, min_size=1, max_size=40), st.integers(min_value=1, max_value=30), st.data())
def test_every_point_hits_one_unit(amounts, n, data):
    interval = sum(map(Fraction, amounts)) / n
    start = interval * data.draw(st.fractions(min_value=Fraction(1, 1000), max_value=1, max_denominator=1000))
    cells = data.draw(st.lists(st.sampled_from(["0", "0.25", "0.999"]), min_size=n, max_size=n))
    fixed_plan = sampling.select_fixed_interval(amounts, n, start=start)
    in_cells = sampling.select_cells(amounts, n, fractions=cells)
    assert sum(hit.times for hit in fixed_plan.hits) == sum(hit.times for hit in in_cells.hits) == n
    for hit in fixed_plan.hits:
        reach = Fraction(amounts[hit.unit - 1]) / interval
        assert math.floor(reach) <= hit.times <= math.ceil(reach)


@law(st.lists(AMOUNTS, min_size=1, max_size=40), st.integers(min_value=1, max_value=30))
def test_no_unit_left_to_sample_reaches_the_interval(amounts, n):
    split = sampling.split_top_stratum({f"p{i}": amount for i, amount in enumerate(amounts)}, n)
    assert len(split.top) + len(split.rest) == len(amounts) and split.n_rest == n - len(split.top)
    assert split.rest_value == sum(split.rest.values())
    assert all(value * split.n_rest < split.rest_value for value in split.rest.values())


def test_zero_and_negative_amounts_are_set_apart_and_never_hit():
    split = sampling.split_top_stratum({"a": 100, "b": 0, "c": "-5", "d": 30, "e": 30}, 2)
    assert (list(split.top), list(split.rest), split.unreachable) == (["a"], ["d", "e"], ("b", "c"))
    hits = sampling.select_cells({"b": 0, **split.rest}, 2, fractions=[0, "0.5"]).hits
    assert [hit.unit for hit in hits] == ["d", "e"]


def test_the_bayesian_limit_with_a_flat_gamma_prior_is_the_poisson_limit():
    result = sampling.evaluate_mus_bayes(
        n=100, taint_sum=2, family="gamma", alpha=1, beta=0, confidence=0.95, materiality=0.05
    )
    assert result.upper_limit == pytest.approx(sampling.poisson_factor(0.95, 2) / 100)
    assert result.bayes_factor is None


# --- drawing and designs


@law(UNIT_IDS, st.integers(min_value=0, max_value=99), st.randoms(use_true_random=False), st.data())
def test_redrawing_gives_the_same_units_and_an_extension_continues(unit_ids, seed, random, data):
    n = data.draw(st.integers(min_value=0, max_value=len(unit_ids)))
    draw = sampling.select_srs(unit_ids, n, seed)
    again = sampling.select_srs(random.sample(unit_ids, len(unit_ids)), n, str(seed))
    everything = sampling.order_by_seed(unit_ids, seed)
    assert draw == again
    assert sorted(everything) == sorted(unit_ids) and everything[:n] == list(draw.unit_ids)


def test_the_digest_is_what_sha256sum_prints():
    assert sampling.unit_digest(83712, "县一中") == hashlib.sha256("83712|县一中".encode()).hexdigest()


@law(UNIT_IDS, st.integers(min_value=1, max_value=5), st.integers(min_value=1, max_value=4))
def test_a_draw_by_group_takes_the_allocation_from_each(unit_ids, groups, take):
    frame = [(unit_id, f"S{int(unit_id) % groups}") for unit_id in unit_ids]
    sizes = {group: sum(own == group for _, own in frame) for group in sorted({own for _, own in frame})}
    allocation = {group: min(take, size) for group, size in sizes.items()}
    drawn_units = sampling.select_stratified(frame, allocation, "2024").drawn
    assert {group: sum(unit.group == group for unit in drawn_units) for group in sizes} == allocation
    for size in (None, sizes):
        schools = sampling.select_two_stage(frame, len(sizes), take, "2024", size)
        assert len(set(schools.unit_ids)) == len(schools.unit_ids)
        assert sum(schools.group_hits.values()) == len(sizes)
        for group, hits in schools.group_hits.items():
            assert sum(unit.group == group for unit in schools.drawn) == min(take * hits, sizes[group])


@law(
    st.lists(st.integers(min_value=0, max_value=300), min_size=1, max_size=8).filter(any),
    st.integers(min_value=0, max_value=4),
    st.data(),
)
def test_an_allocation_adds_up_and_keeps_its_bounds(sizes, minimum, data):
    floors = [min(minimum, size) for size in sizes]
    n = data.draw(st.integers(min_value=sum(floors), max_value=sum(sizes)))
    sds = data.draw(st.none() | st.lists(RATES | st.just("0"), min_size=len(sizes), max_size=len(sizes)))
    assume(sds is None or any(size and sd != "0" for size, sd in zip(sizes, sds, strict=True)))
    shares = sampling.allocate(sizes, n, sds=sds, minimum=minimum)
    assert sum(shares) == n
    assert all(floor <= share <= size for floor, share, size in zip(floors, shares, sizes, strict=True))


def test_looking_at_every_unit_leaves_no_standard_error():
    columns = {"stratum": ["a", "a", "b"], "stratum_size": [2, 2, 1], "y": ["1.10", "2.20", 3]}
    estimate = sampling.estimate_stratified(columns)
    assert (estimate.total, estimate.se, estimate.lower, estimate.upper) == (6.3, 0, 6.3, 6.3)


def test_one_school_of_one_stage_and_the_same_school_twice_agree_with_the_plain_formulas():
    schools = {"psu": [1, 1, 2, 2], "psu_population": [2] * 4, "psu_size": [2] * 4, "y": [1, 3, 5, 7]}
    assert sampling.estimate_two_stage(schools).total == 16 and sampling.estimate_two_stage(schools).se == 0
    drawn_units = {"psu_population": [100, 100], "psu_size": [10, 10], "y": [5, 5]}
    assert (sampling.estimate_pps(drawn_units).total, sampling.estimate_pps(drawn_units).se) == (50, 0)


# --- the self-check, flags, raters


def checked_numbers(*numbers):
    return [sampling.CheckedStratum(*stratum) for stratum in numbers]


CUTOFFS = {"A": "0.90", "B": "0.75", "C": "0.50"}


def test_the_grade_rests_on_the_lower_limit():
    result = sampling.detection_rate(checked_numbers((900, 100, 50, 46), (400, 100, 20, 19)))
    assert result.rate > 0.9 > result.lower
    assert sampling.grade_self_check(result, CUTOFFS).letter == "B"
    assert sampling.grade_self_check(result, {"passed": 0.5}, below="failed").letter == "passed"


def test_few_errors_are_not_graded_and_none_give_no_rate():
    few = sampling.detection_rate(checked_numbers((900, 60, 9, 9)))
    none = sampling.detection_rate(checked_numbers((900, 60, 0, 0)))
    assert sampling.grade_self_check(few, CUTOFFS).letter == sampling.NOT_GRADABLE
    assert (none.rate, none.lower, none.gradable) == (None, None, False)
    assert sampling.grade_self_check(none, CUTOFFS).letter == sampling.NOT_GRADABLE


def test_all_errors_found_is_no_proof_of_a_rate_of_one():
    one = sampling.detection_rate(checked_numbers((900, 60, 12, 12)))
    several = sampling.detection_rate(checked_numbers((900, 60, 6, 6), (100, 60, 6, 6)))
    assert (one.rate, one.upper, several.rate, several.upper) == (1, 1, 1, 1)
    assert several.lower < one.lower < 0.75  # unequal weights are worth fewer errors
    census = sampling.detection_rate(checked_numbers((60, 60, 12, 6)))
    assert census.lower == census.upper == 0.5


@pytest.mark.parametrize(("population", "n"), [(200, 20), (2000, 60)])
def test_the_lower_limit_of_the_detection_rate_is_too_high_no_oftener_than_said(population, n):
    """Ten errors flagged and confirmed, ``bad`` ones among the unflagged: exact chances of every sample."""
    strata = [
        [sampling.CheckedStratum(20, 20, 10, 10), sampling.CheckedStratum(population, n, x, 0)]
        for x in range(n + 1)
    ]
    lower = [sampling.detection_rate(part).lower for part in strata]
    for bad in range(0, population // 4, population // 50):
        too_high = [x for x in range(min(n, bad) + 1) if lower[x] > 10 / (10 + bad) + 1e-12]
        ways = sum(math.comb(bad, x) * math.comb(population - bad, n - x) for x in too_high)
        assert Fraction(ways, math.comb(population, n)) <= Fraction(1, 40), bad


@law(st.integers(min_value=0, max_value=80), st.integers(min_value=0, max_value=80), st.data())
def test_nobody_can_find_more_errors_than_there_are(first, second, data):
    number = data.draw(st.integers(min_value=0, max_value=min(first, second)))
    result = sampling.capture_recapture(first=first, second=second, both=number)
    assert result.chapman >= result.distinct == first + second - number
    assert result.lower_limit >= result.distinct
    assert ("lower_limit_only" in result.caveats) == (number < 7)
    json.dumps(result.to_dict(), allow_nan=False)


def test_recall_without_a_miss_has_only_a_conservative_limit():
    strata = [sampling.FlagStratum(True, 300, 60, 50), sampling.FlagStratum(False, 9000, 300, 0)]
    result = sampling.flag_performance(strata, confidence=0.95)
    assert (result.recall, result.recall_interval) == (1, None)
    assert 0 < result.recall_lower_conservative < 0.9
    assert result.caveats == ("recall_without_misses",)
    assert sampling.flag_performance(strata[:1], confidence=0.95).recall is None


def test_raters_who_agree_in_all_and_raters_who_know_one_word():
    perfect = sampling.agreement([[5, 0], [0, 5]], confidence=0.95)
    assert (perfect.kappa, perfect.se, perfect.ac1, perfect.alpha) == (1, 0, 1, 1)
    single = sampling.agreement([[9, 0], [0, 0]], confidence=0.95)
    assert (single.observed, single.kappa, single.alpha, single.negative) == (1, None, None, None)
    assert sampling.fleiss_kappa([[3, 0], [3, 0]]) is None
    assert sampling.fleiss_kappa([[3, 0], [0, 3]]) == 1
    assert sampling.krippendorff_alpha([["a", "b", None], ["a", "b", "c"]]) == 1
    assert sampling.krippendorff_alpha([["a", "a"], ["a", "a"]]) is None


@law(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=3, max_size=20), st.integers(min_value=0, max_value=50))
def test_a_sample_without_misstatement_projects_none(pairs, more):
    books = [book for book, _ in pairs]
    assume(len(set(books)) > 1)
    terms = {"population": len(pairs) + more, "book_value": sum(books), "confidence": 0.95}
    for method in ("difference", "ratio", "regression"):
        result = sampling.evaluate_variables([(book, book) for book in books], method=method, **terms)
        assert (result.misstatement, result.se) == (0, 0)
        assert result.warnings == ("few_misstatements",)
