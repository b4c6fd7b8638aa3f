"""Printed totals of a part are not held against the whole county."""

from __future__ import annotations

import pytest

TERM = "2024-autumn"


def totals(county, *rows, **file):
    county.sheet("a.xlsx", [list(row) for row in rows])
    return county.read(term=TERM, control_totals=[{"files": "a.xlsx", **file}])


@pytest.mark.parametrize(
    ("header", "parts", "county_rows"),
    [
        ("学校名称", ["第一小学", "第二小学"], "合计"),
        ("乡镇", ["甲镇", "乙镇"], "全县"),
        ("学段", ["小学", "初中"], "秋季合计"),
    ],
)
def test_rows_of_schools_towns_or_stages_stay_parts_beside_the_countys(
    county, cells, header, parts, county_rows
):
    rows = [[part, 3, 1500] for part in parts]
    delivery = totals(county, [header, "人次", "金额"], *rows, [county_rows, 6, 3000])
    assert not delivery.problems
    column = {"学校名称": "school_name", "乡镇": "town", "学段": "stage"}[header]
    sheet_cells = cells(delivery, "control_totals", column, "persons")
    assert sheet_cells == [*((part, "3") for part in parts), (None, "6")]


@pytest.mark.parametrize("year", ["全年", "2024年", "2024年度", "全年合计"])
def test_a_year_is_the_sum_of_the_terms_of_its_sheet(county, cells, year):
    header, spring, autumn = ["学期", "人次"], ["2024年春季", 3], ["2024年秋季", 4]
    sheet_cells = cells(
        totals(county, header, spring, autumn, [year, 7]), "control_totals", "term", "persons"
    )
    assert sheet_cells == [("2024年春季", "3"), ("2024年秋季", "4"), (None, "7")]


def test_a_year_beside_one_term_stays_what_is_written(county, cells):
    sheet_cells = cells(
        totals(county, ["学期", "人次"], ["2024年秋季", 4], ["2024年", 7]), "control_totals", "term"
    )
    assert sheet_cells == ["2024年秋季", "2024年"]


def test_without_a_row_of_the_county_it_is_asked(county, problem_texts):
    delivery = totals(county, ["学校名称", "人次", "金额"], ["第一小学", 3, 1500], ["第二小学", 3, 1500])
    assert problem_texts(delivery) == ["报表的每一行都只是一所学校、一个乡镇或一个学段的，没有全县的行"]


def test_a_total_under_a_title_of_a_part_of_the_aid_is_asked_about(county, problem_texts):
    title = ["样县2024年秋季学期义务教育家庭困难学生生活补助经费表"]
    rows = [["学校", "金额(元)"], ["第一小学", 1500], ["合计", 3000]]
    assert problem_texts(totals(county, title, *rows))[0].startswith("没有“资助项目”一列")
    assert not totals(county, title, *rows, scheme="boarder_allowance").problems


def test_totals_by_scheme_or_category_are_of_the_county(county, cells):
    rows = [["寄宿生生活补助", 3, 1500], ["非寄宿生生活补助", 2, 500], ["合计", 5, 2000]]
    delivery = totals(county, ["样县生活补助汇总表"], ["资助项目", "人次", "金额"], *rows)
    assert not delivery.problems
    assert cells(delivery, "control_totals", "persons") == ["3", "2", "5"]
