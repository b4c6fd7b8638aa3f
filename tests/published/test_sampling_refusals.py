"""The results of the re-check statistics are frozen and turn into JSON; bad numbers are refused by name."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from auditlib import sampling


def checked_numbers(*numbers):
    return [sampling.CheckedStratum(*stratum) for stratum in numbers]


def everything():
    frame = [(f"{i:03d}", "ab"[i % 2]) for i in range(20)]
    detection = sampling.detection_rate(checked_numbers((900, 60, 12, 7)))
    return [
        sampling.plan_attribute(confidence=0.95, tolerable_rate=Decimal("0.05"), population=60, min_n=50),
        sampling.evaluate_attribute(n=60, deviations=1, confidence="0.95", tolerable_rate=0.05),
        sampling.plan_stop_or_go(confidence=0.95, tolerable_rate=0.05),
        sampling.plan_discovery(population=60, critical=3, confidence=0.95),
        sampling.share_confidence(population=80, share=Fraction(1, 10), tolerable_rate=0.05),
        sampling.plan_estimate(rate=0.05, half_width=0.02, confidence=0.95, population=500),
        sampling.plan_mus(book_value="1000000", tolerable=50000, confidence=0.95),
        sampling.split_top_stratum([1, 2, 300], 2),
        sampling.select_fixed_interval({"a": 1, "b": "2.50"}, 2, start=1),
        sampling.evaluate_mus([0.5], n=60, interval=1000, confidence=0.95, tolerable=5000),
        sampling.evaluate_mus(items=[sampling.MusItem(500, 400)], n=60, interval=1000, confidence=0.95),
        sampling.evaluate_mus_bayes(
            n=60, taint_sum=0.5, family="beta", alpha=1, beta=1, confidence=0.95, materiality=0.05
        ),
        sampling.select_srs(dict(frame), 3, 1),
        sampling.select_stratified(frame, {"a": 2, "b": 2}, 1),
        sampling.select_two_stage(frame, 3, 2, 1, {"a": 10, "b": 10}),
        sampling.estimate_stratified({"stratum": [1, 1], "stratum_size": [9, 9], "y": [0, 1]}),
        detection,
        sampling.capture_recapture(first=20, second=10, both=8),
        sampling.flag_performance([sampling.FlagStratum(True, 9, 5, 2)], confidence=0.95),
        sampling.agreement([[5, 1], [2, 8]], confidence=0.95),
        sampling.plan_variables(population=900, sd=80, tolerable=9000, expected=0, ria=0.05),
        sampling.evaluate_variables(
            [(5, 4), (6, 6), (9, 9)], population=90, book_value=600, method="ratio", confidence=0.9
        ),
    ]


@pytest.mark.parametrize("result", everything())
def test_a_result_is_frozen_says_how_it_came_about_and_turns_into_json(result):
    content = json.loads(json.dumps(result.to_dict(), allow_nan=False, ensure_ascii=False))
    assert content["method"] and content["formula"] and isinstance(content["inputs"], dict)
    with pytest.raises(AttributeError):
        result.method = "another"


def test_caveats_are_told_in_both_languages():
    codes = sampling.detection_rate(checked_numbers((900, 60, 9, 9))).caveats
    assert all(sampling.explain(code) != sampling.explain(code, "en") for code in codes)


PLAN = {"confidence": 0.95, "tolerable_rate": 0.05}
MUS = {"n": 60, "interval": 1000, "confidence": 0.95}
REFUSALS = [
    ("confidence", lambda: sampling.plan_attribute(confidence=95, tolerable_rate=0.05)),
    ("confidence", lambda: sampling.plan_attribute(confidence=float("nan"), tolerable_rate=0.05)),
    ("tolerable_rate", lambda: sampling.plan_attribute(confidence=0.95, tolerable_rate=0)),
    ("tolerable_rate", lambda: sampling.plan_attribute(confidence=0.95, tolerable_rate="5%")),
    ("expected_rate", lambda: sampling.plan_attribute(**PLAN, expected_rate=0.05)),
    ("expected_rate", lambda: sampling.plan_attribute(**PLAN, expected_rate=0.01, expected_deviations=1)),
    ("expected_deviations", lambda: sampling.plan_attribute(**PLAN, expected_deviations=0.5)),
    ("expected_deviations", lambda: sampling.plan_attribute(**PLAN, expected_deviations=3, population=60)),
    ("expected_rate", lambda: sampling.plan_attribute(**PLAN, population=40, model="binomial")),
    ("population", lambda: sampling.plan_attribute(**PLAN, model="hypergeometric")),
    ("population", lambda: sampling.plan_attribute(**PLAN, min_share=0.1)),
    ("min_share", lambda: sampling.plan_attribute(**PLAN, population=60, min_share=10)),
    ("model", lambda: sampling.plan_attribute(**PLAN, model="normal")),
    ("deviations", lambda: sampling.evaluate_attribute(n=10, deviations=11, confidence=0.95)),
    ("n", lambda: sampling.evaluate_attribute(n=61, deviations=0, confidence=0.95, population=60)),
    ("n", lambda: sampling.evaluate_attribute(n=True, deviations=0, confidence=0.95)),
    ("critical", lambda: sampling.plan_discovery(population=60, critical=0, confidence=0.95)),
    ("n", lambda: sampling.detection_probability(population=60, critical=1, n=61)),
    ("k", lambda: sampling.proportion_interval(3, 2, confidence=0.95)),
    ("method", lambda: sampling.proportion_interval(1, 2, confidence=0.95, method="wald")),
    ("book_value", lambda: sampling.plan_mus(book_value=1e6, tolerable=5, confidence=0.95)),
    (
        "expected",
        lambda: sampling.plan_mus(book_value=100, tolerable=5, expected=5, confidence=0.95),
    ),
    ("ratio", lambda: sampling.mus_factor(0.95, 1)),
    ("j", lambda: sampling.poisson_factor(0.95, -1)),
    ("start", lambda: sampling.select_fixed_interval([1, 1], 2, start=0)),
    ("start", lambda: sampling.select_fixed_interval([1, 1], 2, start="1.01")),
    ("fractions", lambda: sampling.select_cells([1, 1], 2, fractions=[0.5])),
    ("fractions", lambda: sampling.select_cells([1, 1], 2, fractions=[0.5, 1])),
    ("units", lambda: sampling.select_cells([1, -1], 1, fractions=[0])),
    ("taints", lambda: sampling.evaluate_mus([1.5], **MUS)),
    ("factors", lambda: sampling.evaluate_mus([0.5], **MUS, factors=[3])),
    ("bound", lambda: sampling.evaluate_mus([], **MUS, bound="normal")),
    (
        "taint_sum",
        lambda: sampling.evaluate_mus_bayes(
            n=1, taint_sum=2, family="beta", alpha=1, beta=1, confidence=0.95, materiality=0.1
        ),
    ),
    ("unit_ids", lambda: sampling.order_by_seed(["a", "a"], 1)),
    ("unit_ids", lambda: sampling.order_by_seed(["\u00e9", "e\u0301"], 1)),  # the same é twice
    ("unit_ids", lambda: sampling.order_by_seed(["a "], 1)),
    ("unit_ids", lambda: sampling.order_by_seed([1], 1)),
    ("seed", lambda: sampling.order_by_seed(["a"], 1.5)),
    ("n", lambda: sampling.select_srs(["a"], 2, 1)),
    ("frame", lambda: sampling.select_stratified([("a", "x"), ("a", "y")], {"x": 1, "y": 1}, 1)),
    ("allocation", lambda: sampling.select_stratified([("a", "x")], {"y": 1}, 1)),
    ("size", lambda: sampling.select_two_stage([("a", "x")], 1, 1, 1, {})),
    ("n ", lambda: sampling.allocate([10, 10], 3)),
    ("n ", lambda: sampling.allocate([10, 10], 21)),
    ("sds", lambda: sampling.allocate([10, 10], 5, sds=[1])),
    ("sample", lambda: sampling.estimate_stratified({"stratum": [1], "stratum_size": [9], "y": [0]})),
    (
        "stratum_size",
        lambda: sampling.estimate_stratified({"stratum": [1, 1], "stratum_size": [9, 8], "y": [0, 1]}),
    ),
    ("sample_size", lambda: sampling.detection_rate(checked_numbers((90, 100, 1, 1)))),
    ("found_by_county", lambda: sampling.detection_rate(checked_numbers((90, 10, 1, 2)))),
    (
        "cutoffs",
        lambda: sampling.grade_self_check(sampling.detection_rate(checked_numbers((90, 10, 1, 1))), {}),
    ),
    ("both", lambda: sampling.capture_recapture(first=2, second=3, both=3)),
    ("flagged", lambda: sampling.flag_performance([sampling.FlagStratum("0", 9, 5, 2)], confidence=0.95)),
    ("table", lambda: sampling.agreement([[1, 2]], confidence=0.95)),
    ("counts", lambda: sampling.fleiss_kappa([[3, 0], [2, 0]])),
    ("ratings", lambda: sampling.krippendorff_alpha([["a", None], [None, "b"]])),
    (
        "expected",
        lambda: sampling.plan_variables(population=9, sd=1, tolerable=1, expected=1, ria=0.05),
    ),
]


@pytest.mark.parametrize(("name", "call"), REFUSALS)
def test_bad_input_is_refused_by_the_name_of_the_argument(name, call):
    with pytest.raises(ValueError, match=rf"^{name}\b"):
        call()
