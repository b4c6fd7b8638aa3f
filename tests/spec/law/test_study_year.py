"""A scheme that asks for the year of study: both sides of the year, of the day, and what cannot be told."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import plain_county
import pytest
from cell_readings import in_steps
from plain_county import Checked

from auditlib.base.errors import UsageError
from auditlib.base.places import POLICIES
from auditlib.cells import grades
from auditlib.law.policy import read_policy
from auditlib.rules import RULES

CONNECTION = ibis.duckdb.connect()

# stage and grade as the register has them -> the year of study, and whether the grant is due in autumn 2020
GRADES = [
    ("中职", "中职一年级", 1), ("中职", "职高二", 2), ("中职", "中职三年级", 3), ("中职", "职高3年级", 3),
    ("中职", "二年级", 2), ("中职", "三年级(2)班", 3), ("中职", "高三", 3), ("中职", "11", 2), ("中职", "十二年级", 3),
    ("中职", "2019级3班", 2), ("中职", "2018级", 3), ("中职", "中专2018级1班", 3), ("中职", "五年级", 5),
    ("中职", "中职", None), ("中职", "", None),
]  # fmt: skip


def pupil(stage: str, grade: str) -> dict[str, Any]:
    enrolment = {"stage": stage, "grade": grade, "boarding": "住校", "school_name": "样县职业技术学校"}
    return {"enrolment": enrolment, "payments": None, "applications": None}


@cache
def checked_county(term: str) -> Checked:
    """All of them as one county, none of them paid, beside a pupil who was."""
    rows = [*(pupil(stage, grade) for stage, grade, _ in GRADES), {}]
    county = plain_county.together([plain_county.overlaid(n, each) for n, each in enumerate(rows, 1)])
    day = {"2020-autumn": "2020-10-31", "2025-spring": "2025-04-30"}[term]
    covers = ["primary", "junior", "senior", "vocational", "special"]
    rules = {"missed.unpaid": RULES["missed.unpaid"]}
    return plain_county.check(
        county,
        read_policy(["national"], POLICIES),
        rules,
        term=term,
        count_date=day,
        enrolment_covers=covers,
    )


def outcome(run: Checked, number: int) -> str:
    """``found``, ``passed``, the reason why not tested, or ``not due``."""
    [person] = run.sources().query(f"source == '{number:03d}.csv!2'")["person_id"].unique()
    subjects = run.population("missed.unpaid")
    own = subjects[subjects["subject"].str.startswith(f"{person}|vocational_grant")]
    if own.empty:
        return "not due"
    [row] = own.itertuples()
    return row.untested if pd.isna(row.exception) else "found" if row.exception else "passed"


@pytest.mark.parametrize("number", range(1, len(GRADES) + 1), ids=lambda n: f"{GRADES[n - 1][1]}")
def test_the_vocational_grant_is_for_the_first_two_years_until_autumn_2024(number: int) -> None:
    year = GRADES[number - 1][2]
    expected = "study_year_unknown" if year is None else "found" if year <= 2 else "not due"
    assert outcome(checked_county("2020-autumn"), number) == expected


@pytest.mark.parametrize("number", range(1, len(GRADES) + 1), ids=lambda n: f"{GRADES[n - 1][1]}")
def test_from_spring_2025_it_is_for_every_year(number: int) -> None:
    assert outcome(checked_county("2025-spring"), number) == "found"


@pytest.mark.parametrize(
    ("stage", "grade", "year"),
    [
        ("primary", "三年级", 3), ("primary", "302", 3), ("primary", "七年级", None), ("junior", "八年级", 2),
        ("junior", "初三", 3), ("junior", "九年级", 3), ("senior", "高二(3)班", 2), ("senior", "10", 1),
        ("senior", "12年级", 3), ("senior", "高中2019级3班", 2), ("special", "培智七年级", 7), ("senior", "高中", None),
        ("preschool", "大班", None), ("vocational", "2009级", None), (None, "三年级", None),
    ],
)  # fmt: skip
def test_a_grade_tells_the_year_of_its_stage(stage: str | None, grade: str, year: int | None) -> None:
    row = pd.DataFrame([{"cell": grade, "stage": stage}]).astype("string")
    cells = CONNECTION.create_table("grades_written", ibis.memtable(row), overwrite=True)
    cells = in_steps(cells.mutate(written=cells["cell"]), "written", grades.STEPS)
    years = grades.evidence(cells["written"], ibis.null("string"), ibis.null("date"), "2020-autumn")[
        "grade_years"
    ]
    evidence = grades.year_evidence(cells["cell"], cells["written"], years)
    year_by_grade = grades.study_year(*evidence.values(), cells["stage"], "2020-autumn")
    assert CONNECTION.to_pyarrow(cells.select(year=year_by_grade))["year"].to_pylist() == [year]


@pytest.mark.parametrize(
    ("years", "name_in_message"),
    [("[0]", "“0”"), ("[]", "years"), ("1", "years"), ("[一]", "“一”"), ("{2015: [1]}", "“2015”"), ("{2015-03-01: }", "any")],
)  # fmt: skip
def test_years_that_are_none_are_refused(tmp_path: Path, years: str, name_in_message: str) -> None:
    text = f"title: {{zh: 试, en: trial}}\nschemes: {{aid: {{title: {{zh: 补助, en: aid}}, who: {{years: {years}}}}}}}\n"
    (tmp_path / "law.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as refusal:
        read_policy(["law"], tmp_path)
    assert name_in_message in str(refusal.value) and "law.yaml › schemes › aid › who › years" in str(
        refusal.value
    )


@pytest.mark.parametrize(("years", "read"), [("[2, 1]", (1, 2)), ("{1999-09-01: [1]}", (1,)), ("any", ())])
def test_years_of_study_are_read_with_a_day_or_without(
    tmp_path: Path, years: str, read: tuple[int, ...]
) -> None:
    text = f"title: {{zh: 试, en: trial}}\nschemes: {{aid: {{title: {{zh: 补助, en: aid}}, who: {{years: {years}}}}}}}\n"
    (tmp_path / "law.yaml").write_text(text, encoding="utf-8")
    assert read_policy(["law"], tmp_path).schemes["aid"].years_on(dt.date(2020, 9, 1)) == read
