"""Ledgers whose headers ask for more than one thing, and answers with a sum or a seal behind them."""

from __future__ import annotations

import pytest

from auditlib.ingest.layouts.rolls import EMPTY

TERM = "2020-autumn"
CHILD, OTHER = "990122201501010017", "990122201501010025"


def test_a_roster_that_marks_only_who_is_away(county, cells):
    rows = [
        ["姓名", "身份证号", "学校", "是否在校"],
        ["样甲", CHILD, "青山小学", "请假"],
        ["样乙", OTHER, "青山小学", None],
    ]
    county.sheet("a.xlsx", rows)
    assert cells(county.read(term=TERM, attendance=["a.xlsx"]), "attendance", "present") == [
        "请假",
        EMPTY,
    ]  # asked about
    rows[2][3] = "√"
    county.sheet("b.xlsx", [*rows, ["样丙", None, "青山小学", None]])
    delivery = county.read(term=TERM, attendance=["b.xlsx"])
    assert cells(delivery, "attendance", "present") == ["请假", "√", None]


def test_there_or_not_there_side_by_side(county, cells):
    rows = [["姓名", "身份证号", "学校", "到校", "未到校"], ["样甲", CHILD, "青山小学", "√", None], ["样乙", OTHER, "青山小学", None, "√"]]  # fmt: skip
    county.sheet("a.xlsx", rows)
    assert cells(county.read(term=TERM, attendance=["a.xlsx"]), "attendance", "present") == ["到校", "未到校"]


def test_one_column_for_who_is_at_school_that_the_parameters_give_several_headers_is_asked_about(county):
    rows = [["姓名", "身份证号", "学校", "9月", "10月"], ["样甲", CHILD, "青山小学", "在校", "外出务工"]]
    county.sheet("a.xlsx", rows)
    own = {"attendance": {"9月": "present", "10月": "present"}}
    (problem,) = county.read(own, term=TERM, attendance=["a.xlsx"]).problems
    assert "是否在校" in problem.what.zh


def test_what_became_of_a_child_is_a_return_or_none(county, cells):
    rows = [["姓名", "身份证号", "学校", "辍学时间", "是否劝返", "目前状况"], ["样甲", CHILD, "青山小学", "9.3", "是", "仍在劝返"], ["样乙", OTHER, "青山小学", "9.20", "是", "已复学"]]  # fmt: skip
    county.sheet("a.xlsx", rows)
    delivery = county.read(term=TERM, dropouts=["a.xlsx"])
    assert not delivery.problems  # 是否劝返 asks whether somebody went to see the child
    assert cells(delivery, "dropouts", "dropped_on", "back") == [
        ("2020-9-3", "仍在劝返"),
        ("2020-9-20", "已复学"),
    ]


@pytest.mark.parametrize("header", ["是否经四部门认定", "四部门认定情况"])
def test_one_answer_for_all_four_offices(county, cells, header):
    county.sheet("a.xlsx", [["姓名", "身份证号", "原因", header], ["样甲", CHILD, "重残", "是"]])
    own = {"unable": {header: "certified_education"}}
    delivery = county.read(own, term=TERM, unable=["a.xlsx"])
    offices = ("certified_education", "certified_disabled", "certified_health", "certified_civil")
    assert cells(delivery, "unable", *offices) == [("是",) * 4]


def test_visits_numbered_in_brackets_and_months_that_say_how_often(county, cells):
    header = ["姓名", "身份证号", "送教时间（第一次）", "课时", "送教时间（第二次）", "课时"]
    county.sheet("a.xlsx", [header, ["样甲", CHILD, "9.10", 2, "9.24", 1]])
    county.sheet("b.xlsx", [["姓名", "身份证号", "九月", "十月"], ["样乙", OTHER, "2次", "1次"]])
    delivery = county.read(term=TERM, home_teaching=["a.xlsx", "b.xlsx"])
    assert not delivery.problems
    columns = ("taught_on", "lessons", "month", "visits")
    assert cells(delivery, "home_teaching", *columns) == [
        ("2020-9-10", "2", None, None),
        ("2020-9-24", "1", None, None),
        (None, None, "2020-09", "2次"),
        (None, None, "2020-10", "1次"),
    ]


def test_signatures_with_their_day_asked_for_in_the_header(county, cells):
    header = ["姓名", "身份证号", "学校", "校长签字及日期", "县教育局审批（签字、日期）", "是否公示"]
    county.sheet("a.xlsx", [header, ["样甲", CHILD, "青山小学", "赵某2020年9月15日", "同意。9月25日", "是"]])
    delivery = county.read(term=TERM, applications=["a.xlsx"])
    assert not delivery.problems  # 是否公示 asks for no objection
    assert cells(delivery, "applications", "head_on", "approved_on") == [("2020-9-15", "2020-9-25")]


def test_sums_behind_an_answer_and_a_fallback_in_words(county, cells):
    header = ["姓名", "身份证号", "就读地", "第一次发函时间", "资助情况", "兜底情况"]
    rows = [
        ["样甲", CHILD, "外县", "9.20", "已资助625元", None],
        ["样乙", OTHER, "外县", "9.20", "未资助", "已兜底625元"],
    ]
    county.sheet("a.xlsx", [header, *rows])
    delivery = county.read(term=TERM, letters=["a.xlsx"])
    assert not delivery.problems
    columns = ("sent_on", "aided", "fallback_amount")
    assert cells(delivery, "letters", *columns) == [
        ("2020-9-20", "已资助", None),
        ("2020-9-20", "未资助", "625"),
    ]


def test_two_columns_of_former_names(county, cells):
    county.sheet("a.xlsx", [["学校名称", "曾用名1", "曾用名2"], ["青山小学", "西山小学", "老山小学"], ["白水小学", None, None]])  # fmt: skip
    assert cells(county.read(term=TERM, schools=["a.xlsx"]), "schools", "alias") == [
        "西山小学、老山小学",
        None,
    ]


def test_a_list_that_names_parents_only_is_not_to_be_read_as_one_of_pupils(county):
    county.sheet("a.xlsx", [["家长姓名", "银行卡号", "资助项目", "金额"], ["样家长", "6229000000000000001", "寄宿生生活补助", 500]])  # fmt: skip
    (problem,) = county.read(term=TERM, payments=["a.xlsx"]).problems
    assert "没有学生姓名" in problem.what.zh and "不要" in problem.remedy.zh


def test_the_seal_behind_a_schools_name_is_no_part_of_it(county, cells):
    county.sheet(
        "a.xlsx", [["填报单位：青山小学（公章）"], ["姓名", "身份证号", "在校（√）"], ["样甲", CHILD, "√"]]
    )
    delivery = county.read(term=TERM, attendance=["a.xlsx"])
    assert cells(delivery, "attendance", "school_name", "present") == [("青山小学", "√")]


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("教育局意见", "不同意 2020.9.25"),
        ("审批意见", "不同意"),
        ("审批意见", "经核实不符合条件，不予认定。钱某"),
    ],
)
def test_an_opinion_that_refuses_is_asked_about(county, header, cell):
    rows = [
        ["姓名", "身份证号", "学校", header],
        ["样甲", CHILD, "青山小学", "同意"],
        ["样乙", OTHER, "青山小学", cell],
    ]
    county.sheet("a.xlsx", rows)
    (problem,) = county.read(term=TERM, applications=["a.xlsx"]).problems
    assert "1 行没有通过" in problem.what.zh
    assert "钱某" not in problem.what.zh
    own = {"applications": {header: None}}
    assert not county.read(own, term=TERM, applications=["a.xlsx"]).problems


def test_children_who_have_not_dropped_out_are_asked_about(county):
    rows = [["姓名", "身份证号", "学校", "核实情况", "是否辍学"], ["样甲", CHILD, "青山小学", "已转学", "否"]]
    county.sheet("a.xlsx", rows)
    (problem,) = county.read(term=TERM, dropouts=["a.xlsx"]).problems
    assert "1 人不是辍学" in problem.what.zh
    assert not county.read({"dropouts": {"是否辍学": None}}, term=TERM, dropouts=["a.xlsx"]).problems


def test_what_the_place_of_study_paid_is_not_proposed_as_the_countys_fallback(county):
    rows = [["姓名", "身份证号", "就读地", "发函日期", "是否回函", "资助金额"]]
    rows += [
        ["样甲", CHILD, "外县", "2020-9-20", "是", 625],
        ["样乙", OTHER, "外县", "2020-9-20", "否", None],
    ]
    county.sheet("a.xlsx", rows)
    problems = county.read(term=TERM, letters=["a.xlsx"]).problems
    assert not any("兜底金额" in problem.what.zh or "是否回函" in problem.what.zh for problem in problems)


def test_numbers_of_pupils_are_not_proposed_as_who_is_at_school(county):
    county.sheet(
        "a.xlsx",
        [["学校", "年级", "学籍在册数", "实有人数", "随班就读"], *[["青山小学", "三年级", 5, 5, 0]] * 3],
    )
    assert not county.read(term=TERM, attendance=["a.xlsx"]).problems


def test_days_of_the_month_that_the_title_names(county, cells):
    county.sheet(
        "a.xlsx", [["送教上门情况登记表（9月）"], ["姓名", "身份证号", "送教日期"], ["样甲", CHILD, "3日"]]
    )
    assert cells(county.read(term=TERM, home_teaching=["a.xlsx"]), "home_teaching", "taught_on") == [
        "2020-09-3"
    ]


def test_printed_totals_whose_headers_say_both_what_and_of_whom(county, cells):
    header = ["学段", "寄宿生人次", "寄宿生金额（元）", "非寄宿生人次", "非寄宿生金额（元）"]
    county.sheet("a.xlsx", [header, ["合计", 3, 1500, 2, 500]])
    delivery = county.read(term=TERM, control_totals=["a.xlsx"])
    columns = ("scheme", "persons", "amount")
    assert cells(delivery, "control_totals", *columns) == [
        ("寄宿生生活补助", "3", "1500"),
        ("非寄宿生生活补助", "2", "500"),
    ]
