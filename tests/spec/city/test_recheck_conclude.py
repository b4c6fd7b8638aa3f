"""What the visits say, held against figures worked out by hand or by the sampling module's published tables."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from recheck_fixture import population, sample

from auditlib import sampling
from auditlib.city.capture import captured_rows
from auditlib.city.conclude import conclude
from auditlib.city.draw import CountyDraw, draw
from auditlib.city.parameters import GRADES, Sample
from auditlib.city.population import Population
from auditlib.city.report.words import errors_of

CUTOFFS = {letter: Decimal(least) for letter, least in GRADES.items()}
METHODS = ("attribute", "stratified", "two_stage", "discovery", "mus")


def visits(drawn_units: CountyDraw, wrong: dict[str, Decimal], second: int = 0) -> pd.DataFrame:
    """Every unit drawn visited; ``wrong``: unit to the amount due."""
    units = drawn_units.sample_units[["unit_id"]].merge(
        drawn_units.population.units[["unit_id", "amount"]], on="unit_id"
    )
    due = [wrong.get(unit, amount) for unit, amount in zip(units["unit_id"], units["amount"], strict=True)]
    return pd.DataFrame(
        {
            "unit_id": units["unit_id"],
            "deviates": [unit in wrong for unit in units["unit_id"]],
            "audited": due,
            "kind": None,
            "second_deviates": [
                unit in wrong if i < second else None for i, unit in enumerate(units["unit_id"])
            ],
        }
    )


def of_group(drawn_units: CountyDraw, group: str, n: int) -> list[str]:
    return list(drawn_units.sample_units.loc[drawn_units.sample_units["group"] == group, "unit_id"])[:n]


def conclusion_of(
    choices: dict[str, Any], n: dict[str, int], due: str = "0", **size: int
) -> tuple[CountyDraw, Any]:
    """A draw and its conclusion with the first ``n`` of each group wrong, due being ``due``."""
    sample_choices: Sample = sample(**choices)
    county_draw = draw(population(**size), sample_choices)
    wrong = {unit: Decimal(due) for group, count in n.items() for unit in of_group(county_draw, group, count)}
    return county_draw, conclude(county_draw, visits(county_draw, wrong, second=20), sample_choices, CUTOFFS)


def test_nothing_is_said_before_a_visit() -> None:
    choices = sample(ordered_share=Decimal("0.1"))
    county_draw = draw(population(), choices)
    conclusion = conclude(county_draw, visits(county_draw, {}).iloc[:0], choices, CUTOFFS)
    assert (conclusion.visited, conclusion.missed, conclusion.grade, conclusion.over) == (0, None, None, None)
    assert conclusion.ordered and conclusion.to_dict()["open_units"] == len(county_draw.sample_units)


def test_the_rate_among_the_unflagged_has_the_hypergeometric_limit() -> None:
    drawn_units, county_conclusion = conclusion_of({}, {"clean": 1, "county": 9})
    n = (drawn_units.sample_units["group"] == "clean").sum()
    expected = sampling.evaluate_attribute(
        n=int(n), deviations=1, confidence="0.95", tolerable_rate="0.05", population=300
    )
    assert (county_conclusion.missed.upper_limit, county_conclusion.missed.accept) == (
        expected.upper_limit,
        expected.accept,
    )


def test_an_open_unit_counts_as_wrong_in_full() -> None:
    choices = sample()
    county_draw = draw(population(), choices)
    results = visits(county_draw, {})
    unit = of_group(county_draw, "clean", 1)[0]
    conclusion = conclude(county_draw, results[results["unit_id"] != unit], choices, CUTOFFS)
    assert conclusion.open_units == 1
    assert conclusion.missed.rate > 0
    assert Decimal(conclusion.over["projected"]) > 0


def test_the_detection_rate_weighs_the_groups() -> None:
    drawn_units, county_conclusion = conclusion_of({"flagged_n": 12}, {"county": 12, "city": 2, "clean": 1})
    n = int((drawn_units.sample_units["group"] == "clean").sum())
    assert county_conclusion.detection.total_found == 12
    assert county_conclusion.detection.total_errors == pytest.approx(12 + 2 + 300 / n)
    assert county_conclusion.detection.rate == pytest.approx(12 / (14 + 300 / n))
    assert (
        county_conclusion.detection.lower
        <= county_conclusion.detection.rate
        <= county_conclusion.detection.upper
    )
    assert (
        county_conclusion.grade.letter == sampling.NOT_ENOUGH
    )  # 13 visits short of any letter, and nothing shown against it


def test_few_errors_are_not_graded() -> None:
    _, county_conclusion = conclusion_of({}, {"county": 3})
    assert county_conclusion.grade.letter == sampling.NOT_GRADABLE
    assert county_conclusion.county_flags.precision == pytest.approx(3 / 12)


@pytest.mark.parametrize("method", METHODS)
def test_no_error_is_projected_as_none_with_a_limit_above(method: str) -> None:
    _, county_conclusion = conclusion_of({"method": method}, {})
    for part in (county_conclusion.over, county_conclusion.under):
        assert Decimal(part["projected"]) == 0
        assert Decimal(part["upper_limit"]) > 0


def test_nothing_found_in_a_part_bounds_the_rest_by_the_count_that_can_be_wrong() -> None:
    drawn_units, county_conclusion = conclusion_of({"flagged_n": 2}, {}, county=0, city=0)
    n = len(drawn_units.sample_units)
    most = sampling.evaluate_attribute(n=n, deviations=0, confidence="0.95", population=300).upper_count
    units = drawn_units.population.units
    unseen = units.loc[~units["unit_id"].isin(drawn_units.sample_units["unit_id"]), "amount"]
    assert Decimal(county_conclusion.over["upper_limit"]) == sum(sorted(unseen, reverse=True)[:most])


def test_over_and_under_are_never_netted() -> None:
    _, over = conclusion_of({"method": "mus"}, {"clean": 2}, due="0")
    _, under = conclusion_of({"method": "mus"}, {"clean": 2}, due="1100")
    assert Decimal(over.over["projected"]) > 0 == Decimal(over.under["projected"])
    assert Decimal(under.under["projected"]) > 0 == Decimal(under.over["projected"])


def test_monetary_units_give_stringer_s_bound() -> None:
    drawn_units, county_conclusion = conclusion_of({"method": "mus"}, {"clean": 2}, clean=3000)
    clean = drawn_units.sample_units[drawn_units.sample_units["group"] == "clean"]
    assert not clean["top"].any()
    expected = sampling.evaluate_mus(
        [1, 1], n=int(clean["hits"].sum()), interval=drawn_units.interval, confidence="0.95"
    )  # all the flagged were visited: the whole risk is left for these
    assert county_conclusion.over["unflagged"]["upper_limit"] == str(expected.upper_limit)
    of_yuan = sampling.evaluate_attribute(
        n=int(clean["hits"].sum()), deviations=2, confidence="0.95", model="binomial"
    )
    assert (county_conclusion.missed.of, county_conclusion.missed.upper_limit) == (
        "yuan",
        of_yuan.upper_limit,
    )
    assert county_conclusion.detection.total_errors > 2


def by_schools(**choices: Any) -> dict[str, Any]:
    return {"method": "two_stage", "per_school": 8, "schools": 2, **choices}


def school_population(schools: int = 40, pupils: int = 30) -> Population:
    """``schools`` of ``pupils`` unflagged payments each."""
    people = population(clean=schools * pupils, county=0, city=0)
    names = [f"学校{i % schools:02d}" for i in range(len(people.units))]
    return replace(people, units=people.units.assign(stratum=names, school_name=names))


def test_two_stages_are_estimated_from_schools() -> None:
    choices = sample(**by_schools())
    county_draw = draw(school_population(), choices)
    plan = county_draw.plans["clean"]
    assert county_draw.sample_units["stratum"].nunique() == plan["schools_drawn"] < county_draw.schools == 40
    assert set(county_draw.sample_units["stratum"].value_counts()) == {8}
    wrong = dict.fromkeys(
        county_draw.sample_units.loc[county_draw.sample_units["place"] <= 3, "unit_id"], Decimal(0)
    )  # 3 in each school
    conclusion = conclude(county_draw, visits(county_draw, wrong), choices, CUTOFFS)
    assert conclusion.missed.rate == pytest.approx(3 / 8)
    columns = {
        "psu": list(county_draw.sample_units["stratum"]),
        "psu_population": [40] * len(county_draw.sample_units),
        "psu_size": [30] * len(county_draw.sample_units),
        "y": [int(unit in wrong) for unit in county_draw.sample_units["unit_id"]],
    }
    expected = sampling.estimate_two_stage(columns, confidence="0.9")
    assert conclusion.missed.upper_limit > expected.upper / 1200
    assert conclusion.detection.total_errors == pytest.approx(expected.total)


def test_a_school_not_drawn_can_be_wrong_as_a_whole() -> None:
    choices = sample(**by_schools(icc=Decimal("0.1")))
    county_draw = draw(school_population(), choices)
    conclusion = conclude(county_draw, visits(county_draw, {}), choices, CUTOFFS)
    schools = county_draw.plans["clean"]["schools_drawn"]
    bad = max(
        k for k in range(40) if sampling.detection_probability(population=40, critical=k, n=schools) < 0.95
    )
    assert bad >= 2
    assert (
        conclusion.missed.upper_limit >= bad * 30 / 1200
    )  # so many schools can be wrong and none of them drawn
    assert conclusion.missed.caveats == ("limit_by_schools",)
    assert not conclusion.missed.accept
    assert Decimal(conclusion.over["upper_limit"]) > conclusion.book * bad / 40 / 2


def test_more_schools_say_more() -> None:
    limits = []
    for schools in (10, 25, 39, 40):
        choices = sample(**by_schools(icc=Decimal(0), schools=schools))
        county_draw = draw(school_population(), choices)
        limits.append(conclude(county_draw, visits(county_draw, {}), choices, CUTOFFS).missed.upper_limit)
    assert limits == sorted(limits, reverse=True) and limits[-1] < 0.02


def test_where_all_schools_are_drawn_they_are_strata() -> None:
    choices = sample(**by_schools(per_school=2, icc=Decimal("0.3")))
    county_draw = draw(school_population(schools=4, pupils=60), choices)
    assert county_draw.sample_units["stratum"].nunique() == county_draw.schools == 4
    conclusion = conclude(county_draw, visits(county_draw, {}), choices, CUTOFFS)
    expected = sampling.evaluate_attribute(
        n=len(county_draw.sample_units), deviations=0, confidence="0.95", model="binomial"
    )
    assert expected.upper_limit - 1 / 240 < conclusion.missed.upper_limit <= expected.upper_limit
    assert conclusion.missed.caveats == ("limit_by_count",)


def test_more_alike_schools_ask_for_more_of_them() -> None:
    counts = [
        draw(school_population(), sample(**by_schools(icc=Decimal(icc)))).plans["clean"]["schools_drawn"]
        for icc in ("0", "0.1", "0.3")
    ]
    assert counts == sorted(set(counts))


def test_strata_with_few_errors_have_an_exact_limit() -> None:
    drawn_units, county_conclusion = conclusion_of({"method": "stratified"}, {"clean": 1}, clean=3000)
    clean = drawn_units.sample_units[drawn_units.sample_units["group"] == "clean"]
    sizes = drawn_units.population.units.query("group == 'clean'")["stratum"].value_counts()
    counts = clean["stratum"].value_counts()
    expected = sampling.expected_most(len(clean), 1, "0.95")  # met, had they been looked for for ever
    stratum = clean.loc[clean["unit_id"] == of_group(drawn_units, "clean", 1)[0], "stratum"].item()
    thinnest = min(counts[name] / sizes[name] for name in sizes.index)
    most = 1 + (expected - counts[stratum] / sizes[stratum]) / thinnest
    assert most - len(clean) / 3 < county_conclusion.missed.upper_limit * 3000 <= most
    assert county_conclusion.missed.accept  # the plan saw to it that so many would do


def test_no_error_unseen_by_the_county_is_no_proof_of_a_good_self_check() -> None:
    """Of 15 000 payments nobody flagged 150 are drawn and right: a hundred errors may still be there."""
    _, county_conclusion = conclusion_of(
        {"method": "mus", "flagged_n": 30}, {"county": 25}, clean=15000, county=150, city=0
    )
    assert county_conclusion.detection.rate == 1
    assert county_conclusion.detection.lower < 0.5 and county_conclusion.detection.undetected_upper > 100
    assert county_conclusion.detection.upper == 1
    assert county_conclusion.grade.letter == sampling.NOT_ENOUGH  # neither good nor bad is shown


def test_the_worst_grade_is_for_a_county_shown_to_be_bad() -> None:
    _, county_conclusion = conclusion_of(
        {}, {"county": 4, "city": 20, "clean": 30}, county=12, city=20, clean=1000
    )
    assert county_conclusion.detection.upper < Decimal(GRADES["C"])
    assert county_conclusion.grade.letter == "D"


def test_where_nobody_was_visited_nothing_is_confirmed() -> None:
    choices = sample()
    county_draw = draw(population(county=40), choices)
    results = visits(county_draw, {})
    conclusion = conclude(
        county_draw, results[~results["unit_id"].isin(of_group(county_draw, "county", 40))], choices, CUTOFFS
    )
    assert conclusion.detection.rate is None and conclusion.detection.lower == 0
    assert conclusion.grade.letter == sampling.NOT_GRADABLE
    assert conclusion.county_flags is None
    assert "group_unvisited" in conclusion.detection.caveats


def test_a_flag_not_visited_is_neither_right_nor_wrong() -> None:
    choices = sample(flagged_n=30)
    county_draw = draw(population(county=40, city=0), choices)
    flagged_rows = of_group(county_draw, "county", 30)
    results = visits(county_draw, dict.fromkeys(flagged_rows, Decimal(0)))
    conclusion = conclude(county_draw, results[~results["unit_id"].isin(flagged_rows[20:])], choices, CUTOFFS)
    assert conclusion.county_flags.precision == 1
    low, high = conclusion.county_flags.precision_interval
    assert 20 / 40 <= low < 0.6 and high == 1  # the ten could all have been right


def test_thirty_of_thirty_right_have_a_lower_limit() -> None:
    _, county_conclusion = conclusion_of({"flagged_n": 30}, {"county": 30}, county=220, city=0)
    low, high = county_conclusion.county_flags.precision_interval
    right = max(
        k
        for k in range(220)
        if sampling.detection_probability(population=220, critical=220 - k, n=30) >= 0.975
    )
    assert (low, high) == ((right + 1) / 220, 1)


def test_short_by_more_than_was_paid_leaves_no_limit() -> None:
    for method in METHODS:
        _, county_conclusion = conclusion_of({"method": method}, {"clean": 1}, due="5000", clean=3000)
        assert (
            county_conclusion.under["upper_limit"] is None
            and Decimal(county_conclusion.under["projected"]) > 0
        )
        assert county_conclusion.over["upper_limit"] is not None


def test_short_by_more_where_all_was_seen_needs_no_limit() -> None:
    _, county_conclusion = conclusion_of({}, {"county": 1}, due="5000", county=12)
    assert Decimal(county_conclusion.under["flagged"]["upper_limit"]) >= 4000


@pytest.mark.parametrize("method", ["attribute", "mus"])
def test_an_open_unit_can_be_short_as_well(method: str) -> None:
    choices = sample(method=method)
    county_draw = draw(population(), choices)
    results = visits(county_draw, {})
    conclusion = conclude(county_draw, results, choices, CUTOFFS)
    unit = of_group(county_draw, "clean", 1)[0]
    with_open_unit = conclude(county_draw, results[results["unit_id"] != unit], choices, CUTOFFS)
    rate = with_open_unit.missed
    assert (rate.errors, rate.open) == (1, 1)
    assert errors_of(rate).zh == "0 笔有误、1 笔未交回结果（按有误计）"
    assert errors_of(conclusion.missed).zh == "0 笔有误"
    assert Decimal(with_open_unit.under["projected"]) == 0
    formula = with_open_unit.under["unflagged"].get("formula", "projected 0.00")
    assert formula.startswith("projected 0.00")
    assert Decimal(with_open_unit.under["upper_limit"]) > Decimal(conclusion.under["upper_limit"])


def test_everything_looked_at_leaves_no_doubt() -> None:
    _, county_conclusion = conclusion_of(
        {"flagged_n": 50}, {"clean": 1, "county": 2}, clean=10, county=3, city=0
    )
    assert county_conclusion.missed.upper_limit == pytest.approx(1 / 10)
    assert county_conclusion.over["projected"] == county_conclusion.over["upper_limit"]


def test_two_inspectors_and_flags_agree_or_not() -> None:
    _, county_conclusion = conclusion_of({}, {"county": 12})
    assert county_conclusion.agreement_inspectors.observed == 1
    assert county_conclusion.agreement_flags.observed == 1
    _, county_conclusion = conclusion_of({}, {"clean": 3})
    assert county_conclusion.agreement_flags.positive == 0


def test_two_lists_of_errors_give_a_lower_limit() -> None:
    outcomes = ["same"] * 8 + ["only_county"] * 2 + ["only_city"] * 4
    lines = pd.DataFrame(
        {
            "county_code": "990122",
            "rule": "missed.unpaid",
            "finding_id": [f"f{i}" for i in range(14)],
            "outcome": outcomes,
            "disposition": None,
            "cause": "unexplained",
        }
    )
    row = captured_rows(lines, {"f8"}, Decimal("0.95")).iloc[0]
    assert (row["first"], row["second"], row["both"], row["distinct"]) == (9, 12, 8, 13)
    expected = sampling.capture_recapture(first=9, second=12, both=8)
    assert row["chapman"] == expected.chapman and row["lower_limit"] == expected.lower_limit
    assert "dependence" in row["caveats"]


def test_without_a_package_no_self_check_is_judged() -> None:
    choices = sample()
    people = replace(population(county=0), submitted=False)
    county_draw = draw(people, choices)
    wrong = {unit: Decimal(0) for unit in of_group(county_draw, "clean", 12)}
    conclusion = conclude(county_draw, visits(county_draw, wrong), choices, CUTOFFS)
    assert (conclusion.detection, conclusion.grade, conclusion.county_flags) == (None, None, None)
    assert conclusion.missed is not None and conclusion.all_flags is not None
