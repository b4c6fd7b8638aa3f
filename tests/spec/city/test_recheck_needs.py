"""What the report says is needed is enough, and every sentence can be said in both languages, whatever came back."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from recheck_fixture import population, sample
from test_recheck_conclude import CUTOFFS, METHODS, of_group, school_population, visits

from auditlib.city.conclude import Conclusion, conclude
from auditlib.city.draw import CountyDraw, draw
from auditlib.city.needs import for_acceptance, for_grade, for_grades
from auditlib.city.parameters import Sample, sample_of
from auditlib.city.report.conclusions import sentences
from auditlib.city.report.verdict import ACCEPTABLE, NOT_ACCEPTABLE, NOT_YET, payments_verdict
from auditlib.city.report.words import share_of, upper


def report_of(
    county_conclusion: Conclusion, drawn_county: CountyDraw, sample_choices: Sample, language: str
) -> Any:
    """As much of a re-check as the sentences ask for."""
    choice_values = vars(sample_choices) | {"strata": list(sample_choices.strata)}
    county = SimpleNamespace(
        code=county_conclusion.county_code, name=county_conclusion.county_name, package=object()
    )
    parameters = {"sample": choice_values, "grades": dict(CUTOFFS), "language": language}
    return SimpleNamespace(
        language=language,
        parameters=parameters,
        draws=[drawn_county],
        counties=[county],
        conclusions=[county_conclusion],
    )


def right_flags(drawn_county: CountyDraw) -> dict[str, Decimal]:
    """All the county's flags drawn are right, and nothing else is wrong."""
    return dict.fromkeys(of_group(drawn_county, "county", 1000), Decimal(0))


@pytest.mark.parametrize(("letter", "flagged_rows"), [("A", 150), ("B", 150), ("C", 30)])
def test_so_many_visits_as_a_grade_needs_give_the_grade(letter: str, flagged_rows: int) -> None:
    people, usual = (
        population(clean=1500, county=flagged_rows, city=0),
        {"flagged_n": 60, "expected_rate": Decimal(0)},
    )
    need = for_grades(draw(people, sample(**usual)), sample(**usual), CUTOFFS)[letter]
    letters = []
    for n in (need.visits, need.visits - 5):
        choices = sample(min_n=n, **usual)
        county_draw = draw(people, choices)
        letters.append(
            conclude(
                county_draw, visits(county_draw, right_flags(county_draw)), choices, CUTOFFS
            ).grade.letter
        )
    assert letters[0] == letter != letters[1]


def test_a_letter_beyond_reach_is_said_to_be() -> None:
    choices = sample()
    needs = for_grades(draw(population(clean=300, county=0), choices), choices, CUTOFFS)
    assert {need.visits for need in needs.values()} == {None}  # who flagged nothing has found nothing
    county_draw = draw(population(clean=300, county=10), choices)
    assert for_grade(county_draw, choices, Decimal("0.9"), errors=10, errors_elsewhere=2).visits is None
    assert for_grade(county_draw, choices, Decimal("0.9"), errors=18, errors_elsewhere=2).visits > 290


@pytest.mark.parametrize("visit_count", [1, 3])
def test_so_many_visits_as_acceptance_needs_are_enough(visit_count: int) -> None:
    people = population(clean=1500, county=0, city=0)
    need = for_acceptance(draw(people, sample()), sample(), visit_count)
    acceptances = []
    for n in (need.visits, need.visits - 1):
        choices = sample(min_n=n, expected_rate=Decimal(0))
        county_draw = draw(people, choices)
        assert len(county_draw.sample_units) == n
        wrong = dict.fromkeys(of_group(county_draw, "clean", visit_count), Decimal(0))
        acceptances.append(conclude(county_draw, visits(county_draw, wrong), choices, CUTOFFS).missed.accept)
    assert acceptances == [True, False]


@pytest.mark.parametrize(("clean", "visit_count"), [(150, 2), (1500, 1)])
def test_so_many_visits_drawn_by_value_as_acceptance_needs_are_enough(clean: int, visit_count: int) -> None:
    people = population(clean=clean, county=0, city=0)
    usual: dict[str, Any] = {"method": "mus", "expected_rate": Decimal(0)}
    need = for_acceptance(draw(people, sample(**usual)), sample(**usual), visit_count)
    acceptances = []
    for n in (need.visits, need.visits - 4):
        choices = sample(min_n=n, **usual)
        county_draw = draw(people, choices)
        assert county_draw.interval is not None and len(county_draw.sample_units) == n
        below = county_draw.sample_units[~county_draw.sample_units["top"]]["unit_id"]
        wrong = dict.fromkeys(below[:visit_count], Decimal(0))
        acceptances.append(conclude(county_draw, visits(county_draw, wrong), choices, CUTOFFS).missed.accept)
    assert acceptances == [True, False]


def test_so_many_visits_drawn_by_value_as_a_grade_needs_give_the_grade() -> None:
    people = population(clean=1500, county=60, city=0)
    usual: dict[str, Any] = {"method": "mus", "flagged_n": 60, "expected_rate": Decimal(0)}
    need = for_grades(draw(people, sample(**usual)), sample(**usual), CUTOFFS)["C"]
    letters = []
    for n in (need.visits, need.visits * 9 // 10):
        choices = sample(min_n=n, **usual)
        county_draw = draw(people, choices)
        letters.append(
            conclude(
                county_draw, visits(county_draw, right_flags(county_draw)), choices, CUTOFFS
            ).grade.letter
        )
    assert letters[0] == "C" != letters[1]


def test_so_many_schools_as_acceptance_needs_are_enough() -> None:
    choices = sample(method="two_stage", per_school=10, icc=Decimal(0))
    need = for_acceptance(draw(school_population(), choices), choices)
    assert need.in_schools and need.visits
    again = sample(method="two_stage", per_school=10, icc=Decimal(0), schools=need.visits)
    county_draw = draw(school_population(), again)
    assert conclude(county_draw, visits(county_draw, {}), again, CUTOFFS).missed.accept


def test_a_good_county_is_not_called_bad_for_want_of_visits() -> None:
    choices = sample()
    county_draw = draw(population(clean=3000), choices)
    county_conclusion = conclude(county_draw, visits(county_draw, right_flags(county_draw)), choices, CUTOFFS)
    results = report_of(county_conclusion, county_draw, choices, "zh")
    assert payments_verdict(county_conclusion, results) in (ACCEPTABLE, NOT_YET)
    assert not any("推算数本身已达到" in text for text in sentences(county_conclusion, results))
    wrong = right_flags(county_draw) | dict.fromkeys(of_group(county_draw, "clean", 30), Decimal(0))
    county_conclusion = conclude(county_draw, visits(county_draw, wrong), choices, CUTOFFS)
    results = report_of(county_conclusion, county_draw, choices, "zh")
    assert payments_verdict(county_conclusion, results) == NOT_ACCEPTABLE
    texts = sentences(county_conclusion, results)
    assert any("推算数本身已达到可容忍的" in text and "不是凭下限" in text for text in texts)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_outcome_can_be_said(method: str, language: str) -> None:
    choices = sample(method=method)
    county_draw = draw(population(clean=800, county=40, city=10), choices)
    clean, county = of_group(county_draw, "clean", 30), of_group(county_draw, "county", 30)
    outcomes = [{}, right_flags(county_draw), dict.fromkeys(clean, Decimal(0)), {clean[0]: Decimal(9999)}]
    for wrong in outcomes:
        results = visits(county_draw, wrong, second=9)
        for came in (
            results,
            results[~results["unit_id"].isin(county)],
            results[results["unit_id"].isin(county)],
        ):
            conclusion = conclude(county_draw, came, choices, CUTOFFS)
            texts = sentences(conclusion, report_of(conclusion, county_draw, choices, language))
            assert all(texts) and not any(word in line for line in texts for word in ("None", "{", "nan"))


def test_numbers_that_stand_elsewhere_with_another_value_are_reconciled_where_they_stand() -> None:
    """What the annex plans for supposes no error; an unseen error is counted by number, the error rate by yuan."""
    choices = sample(method="mus")
    county_draw = draw(population(clean=800, county=40, city=10), choices)
    wrong = right_flags(county_draw) | dict.fromkeys(of_group(county_draw, "clean", 2), Decimal(0))
    results = visits(county_draw, wrong)
    conclusion = conclude(county_draw, results.iloc[1:], choices, CUTOFFS)
    texts = "".join(sentences(conclusion, report_of(conclusion, county_draw, choices, "zh")))
    drawn, plan = len(results), for_acceptance(county_draw, choices).visits
    assert f"抽取 {drawn} 笔" in texts and f"已检查 {drawn - 1} 笔" in texts
    assert f"附件“抽样及其凭证”所列的 {plan} 是一笔错误也没有碰到时的数" in texts
    assert conclusion.missed and f"比上面按金额说的 {upper(conclusion.missed.upper_limit)} 宽" in texts


def test_the_choices_for_the_draw_are_read_from_what_the_manifest_says() -> None:
    choices = sample(ordered_share=Decimal("0.1"), strata=("scheme", "town"))
    choice_values = vars(choices) | {"strata": ["scheme", "town"]}
    assert sample_of(choice_values) == choices


def test_a_share_is_shown_as_all_or_nothing_only_where_it_is() -> None:
    assert [share_of(rate) for rate in (0, 0.0004, 0.5, 0.9996, 1)] == [
        "0.0%",
        "<0.1%",
        "50.0%",
        ">99.9%",
        "100.0%",
    ]
