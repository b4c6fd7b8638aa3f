"""Grades as they are written, and the stage that school and age give where the grade leaves it open."""

from __future__ import annotations

import ibis
import pandas as pd
import pytest
from cell_readings import in_steps

from auditlib.cells import grades
from auditlib.ingest.headers.fitting import fits
from auditlib.tables.delivered import ENROLMENT
from auditlib.tables.vocabulary import code_of, coding_of, codings

CONNECTION = ibis.duckdb.connect()


def stages(rows: list[tuple[str, str | None, str | None]], term: str = "2024-autumn") -> list[str | None]:
    """The stage of each (grade, school, birth date), without any code list."""
    frame = pd.DataFrame(rows, columns=["cell", "school", "born"]).assign(listed=None)
    table = ibis.memtable(frame.astype("string").reset_index())
    cells = table.mutate(text=table["cell"], born=table["born"].cast("date"))
    return _stages(in_steps(cells, "text", grades.STEPS), term)


def _stages(table: ibis.Table, term: str) -> list[str | None]:
    stored_table = CONNECTION.create_table("written", table, overwrite=True)
    evidence_text = grades.evidence(stored_table["text"], stored_table["school"], stored_table["born"], term)
    stored_table = CONNECTION.create_table("told", stored_table.mutate(**evidence_text), overwrite=True)
    read = grades.stage(
        stored_table["text"],
        stored_table["listed"],
        stored_table["grade_years"],
        stored_table["grade_age"],
        stored_table["grade_taught"],
    )
    return CONNECTION.to_pyarrow(stored_table.select("index", stage=read).order_by("index"))[
        "stage"
    ].to_pylist()


WRITTEN_GRADES = [
    "三(2)班",
    "三（2）班",
    "三2班",
    "三年2班",
    "3年2班",
    "3.2班",
    "3(2)班",
    "302",
    "302.0",
    "0302",
    "302班",
    "三",
    "三下",
    "2022级",
    "2022级3班",
    "2022级(3)班",
    "22级",
    "2022",
]


@pytest.mark.parametrize(
    ("school", "birth", "stage"),
    [
        ("青山镇中心小学", None, "primary"),
        (None, "2015-10-03", "primary"),
        ("第二初级中学", None, "junior"),
        ("样县第一中学", "2009-10-03", "junior"),
        ("样县第一中学", "2006-10-03", "senior"),
        ("样县九年一贯制学校", "2015-10-03", "primary"),
        ("样县实验学校", "2009-10-03", "junior"),
        ("第一高级中学", None, "senior"),
        ("样县职业技术学校", "2006-10-03", "vocational"),
        (None, None, None),
        ("样县第一中学", None, None),
        (None, "2006-10-03", None),
        ("青山镇中心小学", "2006-10-03", None),
        ("样县特殊教育学校", "2015-10-03", None),
    ],
)  # fmt: skip
def test_a_third_year_is_of_the_stage_that_school_and_age_leave(school, birth, stage):
    assert stages([(cell, school, birth) for cell in WRITTEN_GRADES]) == [stage] * len(WRITTEN_GRADES)


def test_the_school_year_of_a_spring_term_began_the_year_before():
    assert stages([("2022级", None, "2015-10-03")], "2025-spring") == ["primary"]
    assert stages([("2022级", "青山小学", None)], "2029-spring") == [None]  # has left the school


def test_what_is_no_grade_is_not_read():
    cells = ["一班", "12班", "2班", "13", "2018届", "1102", "32班", "高等", "国际部", "2班(三楼)"]
    assert stages([(cell, "青山小学", "2015-10-03") for cell in cells]) == [None] * len(cells)


def test_a_number_from_seven_is_junior_and_of_a_code_of_two_lists_age_or_school_tells_which():
    rows = [("七(1)班", None, None), ("802", None, None), ("9.1班", "样县一中", None)]
    assert stages(rows) == ["junior"] * 3
    rows = [
        ("11", "青山小学", None),
        ("11", None, "2017-10-03"),
        ("12", None, "2007-03-03"),
        ("12", None, None),
    ]
    assert stages(rows) == ["primary", "primary", "senior", None]


def test_a_low_grade_of_a_school_that_is_no_primary_school_is_of_its_own_stage():
    schools = ["第一高级中学", "样县一中附小", "第二初级中学", "第二初级中学"]
    frame = pd.DataFrame({"text": "一年级", "listed": "primary", "school": schools, "born": None}).astype(
        "string"
    )
    frame.loc[3, "born"] = "2017-03-03"
    table = ibis.memtable(frame.reset_index())
    found = _stages(table.mutate(born=table["born"].cast("date")), "2024-autumn")
    assert found == ["senior", "primary", "junior", "primary"]


def test_a_first_small_class_is_of_a_kindergarten_by_school_or_age():
    rows = [
        ("小一班", "样县实验幼儿园", None),
        ("小2班", None, "2021-03-03"),
        ("小一班", "青山小学", "2017-10-03"),
        ("小一班", None, None),
    ]
    assert stages(rows) == ["preschool", "preschool", None, None]


def test_sections_classes_and_half_years_around_a_grade_are_dropped():
    spellings = {
        "小学部三年级": "小学三年级", "初中部八年级": "初中八年级", "高三(5)班": "高三", "高三5班": "高三", "小学2019级3班": "小学",
        "初中2021级(2)班": "初中", "六年级一班": "六年级", "小学三(2)班": "小学三", "六年级下学期": "六年级", "小学一年级下期": "小学一年级",
        "大一班": "大班", "大(1)班": "大班", "大班1班": "大班", "中二班": "中班", "小(2)班": "小班", "小一班": "小一班", "中职2023级": "中职",
        "高2020级": "高", "三年级上": "三年级",
    }  # fmt: skip
    table = ibis.memtable({"i": range(len(spellings)), "cell": list(spellings)})
    clean_cells = CONNECTION.to_pyarrow(in_steps(table, "cell", grades.STEPS).order_by("i"))
    assert clean_cells["cell"].to_pylist() == list(spellings.values())


@pytest.mark.parametrize(
    ("cell", "grade"),
    [
        ("青川镇中心小学三年级2班", "小学三年级2班"), ("中心小学三(2)班", "小学三(2)班"), ("城关小学302", "小学3年级"),
        ("第二初级中学二年级", "初中二年级"), ("第一高级中学高一", "高一"), ("二中九(3)班", "九(3)班"), ("实验学校小学部三年级", "小学三年级"),
        ("县职业高中一年级", "职高一年级"), ("第一中学一年级", "第一中学一年级"), ("小2024级3班", "小学2024级3班"),
        ("初23级(2)班", "初2023级(2)班"), ("高2025届", "高"), ("初2022", "初2022级"), ("小学五年", "小学五年级"), ("初二2", "初二"), ("八3", "八"),
        ("五·2班", "五.2班"), ("六⑴", "六1"), ("G12", "12年级"), ("培智2班", "特教班"), ("学前一班", "学前班"), ("中心幼儿园大班", "大班"),
        ("四年级（1）班", "四年级（1）班"), ("大一班", "大一班"), ("2018届", "2018届"), ("1班", "1班"), (None, None),
    ],
)  # fmt: skip
def test_a_grade_behind_a_school_or_in_short_is_spelled_out(cell, grade):
    assert grades.spelled_out(cell) == grade


def test_a_class_from_1001_is_of_a_senior_school_and_the_tenth_grade_has_a_name():
    rows = [("1002班", "第一高级中学", None), ("1203", "样县第一中学", None), ("1002", "青山小学", None)]
    assert stages(rows) == ["senior", "senior", None]
    assert {"十", "十一", "十二"} <= codings("grade")[""]


def test_all_the_cells_of_a_column_tell_that_they_are_codes_of_a_list():
    assert coding_of("grade", ["11", "13", "21.0", None, "31"]) == "two_digit"
    assert coding_of("grade", ["10", "9", "8"]) == ""
    assert coding_of("grade", ["13", "三年级"]) == ""
    assert coding_of("grade", ["一年级", "七年级"]) == ""
    assert code_of("21", "two_digit") == "TWO_DIGIT:21"
    assert not codings("grade")[""] & {"11", "12"}


def test_a_column_of_classes_tells_grades_where_its_cells_do():
    grade = ENROLMENT.by_name["grade"]
    for cells in (["三年级1班", "四年级2班"], ["302", "401"], ["七(1)班"], ["2022级3班"], ["高三(5)班"]):
        assert fits(grade, cells, {}), cells
    for cells in (["1班", "2班"], ["1", "2", "实验班"], ["火箭班"], [None]):
        assert not fits(grade, cells, {"grade": {}}), cells
