"""Who finished school last term: the last year of a stage is the last unless classes of a later one are there."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from auditlib.audit.last_term import COLUMNS, with_finished
from auditlib.base.engine import duckdb_engine

A_SCHOOL, ANOTHER = "甲校", "乙校"
Group = tuple[str, int, int]


def finished_run(
    *groups: Group, graduates: Group | None = None, term: str = "2020-autumn"
) -> dict[tuple[str, int], bool]:
    """School and year of junior pupils, and whether they had finished. ``groups``: school, year, how many active pupils."""
    rows = [(*group, True) for group in groups] + ([(*graduates, False)] if graduates else [])
    pupils = [(school, year, active) for school, year, heads, active in rows for _ in range(heads)]
    frame = pd.DataFrame(pupils, columns=["school_name", "study_year", "active"], dtype=object)
    frame = frame.assign(
        stage="junior", birth=dt.date(2005, 5, 4), person_id=[f"P{at}" for at in range(len(pupils))]
    )
    engine = duckdb_engine()
    last = engine.load("last_term", frame.reindex(columns=list(COLUMNS)), COLUMNS)
    answers = engine.fetch(with_finished(last, term)).groupby(["school_name", "study_year"])["finished"]
    assert (answers.nunique() == 1).all()
    return {group: bool(answer) for group, answer in answers.first().items()}


@pytest.mark.parametrize("repeaters", [1, 2, 4, 19])
def test_a_few_of_a_fourth_year_keep_no_ninth_grader_at_school(repeaters: int) -> None:
    answers = finished_run((A_SCHOOL, 2, 40), (A_SCHOOL, 3, 40), (A_SCHOOL, 4, repeaters))
    assert answers == {(A_SCHOOL, 2): False, (A_SCHOOL, 3): True, (A_SCHOOL, 4): True}


def test_one_or_two_repeaters_make_no_year_beside_one_pupil() -> None:
    assert finished_run((A_SCHOOL, 3, 1), (A_SCHOOL, 4, 2))[A_SCHOOL, 3]


def test_where_classes_of_a_fourth_year_are_there_the_third_goes_on() -> None:
    answers = finished_run((A_SCHOOL, 3, 40), (A_SCHOOL, 4, 20))
    assert answers == {(A_SCHOOL, 3): False, (A_SCHOOL, 4): True}


def test_in_a_county_of_four_years_a_small_school_has_the_fourth_too() -> None:
    assert not finished_run((A_SCHOOL, 3, 1), (ANOTHER, 3, 40), (ANOTHER, 4, 38))[A_SCHOOL, 3]


def test_one_school_of_four_years_among_those_of_three() -> None:
    answers = finished_run((A_SCHOOL, 3, 30), (A_SCHOOL, 4, 30), (ANOTHER, 3, 200))
    assert (answers[A_SCHOOL, 3], answers[ANOTHER, 3]) == (False, True)


def test_graduates_whom_the_register_keeps_make_no_fourth_year() -> None:
    assert finished_run((A_SCHOOL, 3, 40), graduates=(A_SCHOOL, 4, 38))[A_SCHOOL, 3]


def test_in_spring_nobody_has_finished() -> None:
    assert not finished_run((A_SCHOOL, 3, 40), term="2020-spring")[A_SCHOOL, 3]
