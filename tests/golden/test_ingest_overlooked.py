"""Columns that nobody read and that look like one the audit needs."""

from __future__ import annotations

from typing import Any

import pytest

from auditlib.base.places import ROOT
from auditlib.ingest import deliver
from auditlib.law.policy import read_policy
from auditlib.tables.vocabulary import vocabulary

WORDS = vocabulary(read_policy(["national"], ROOT))
NAMES = ["赵安", "钱邦", "孙昌", "李德"]
NUMBERS = [f"99012220100101{n:03}X" for n in range(4)]


@pytest.fixture
def questions_of(county: Any) -> Any:
    """``questions_of(table, header=cells, …)``: what is told of one sheet with these columns, as problems."""

    def of(table: str, columns: dict[str, list[str]] | None = None, own: Any = None) -> Any:
        rows = list(zip(*columns.values(), strict=True))
        county.csv("f.csv", [list(columns), *rows])
        return deliver(county.root, {table: ["f.csv"]}, {table: own or {}}, words=WORDS).problems

    return of


ENROLMENT = {"姓名": NAMES, "身份证号": NUMBERS, "学校标识码": ["9990000123"] * 4, "学段": ["小学"] * 4}
PAYMENTS = {"姓名": NAMES, "学校": ["青山小学"] * 4, "资助项目": ["寄宿生生活补助"] * 4, "金额": ["625"] * 4}
LETTERS = {"姓名": NAMES, "身份证号": NUMBERS}
ROSTER = {**LETTERS, "学校": ["青山小学"] * 4}
LISTED_PUPIL = {**LETTERS, "困难类型": ["脱贫户"] * 4}


@pytest.mark.parametrize(
    ("table", "sheet", "header", "cells", "column"),
    [
        ("payments", PAYMENTS, "持证编号", NUMBERS, "id_number"),
        ("payments", PAYMENTS, "残疾证", [n + "44" for n in NUMBERS], "id_number"),
        ("payments", PAYMENTS, "资金到卡那天", ["2024-11-20"] * 4, "pay_date"),
        ("payments", PAYMENTS, "代发回执", ["成功", "失败", "成功", "成功"], "result"),
        ("payments", PAYMENTS, "代发回执", ["成功", "卡未激活", "成功", "成功"], "result"),
        ("enrolment", ENROLMENT, "在册情形", ["在读", "随迁离县", "在读", "在读"], "status"),
        ("payments", PAYMENTS, "所属期", ["2024年秋季学期"] * 4, "term"),
        ("enrolment", ENROLMENT, "食宿情形", ["住校", "走读", "走读", "住校"], "boarding"),
        ("enrolment", ENROLMENT, "在册情形", ["在读", "休学", "在读", "在读"], "status"),
        ("enrolment", ENROLMENT, "学籍异动的日期", ["2024-10-08", "2024-09-01", "2024-09-02", "2024-09-03"], "status_date"),
        ("applications", {"姓名": NAMES, "身份证号": NUMBERS}, "张榜的起讫", ["9月24日至9月28日"] * 4, "posted_from"),
        ("applications", {"姓名": NAMES, "身份证号": NUMBERS}, "张贴", ["9.18-9.26"] * 2 + ["2024年9月18日—26日"] * 2, "posted_from"),
        ("eligibility", LISTED_PUPIL, "停保的月份", ["2024年6月"] * 4, "valid_to"),
        ("enrolment", ENROLMENT, "学校名称[登记]", ["青山小学"] * 4, "school_name"),
        ("letters", LETTERS, "外地回复内容", ["是", "否", "√", "是"], "aided"),
        ("letters", LETTERS, "当地落实情况", ["有", "无", "有", "有"], "aided"),
        ("letters", LETTERS, "邮寄的那天", ["2024-09-20"] * 4, "sent_on"),
        ("attendance", ROSTER, "当日情形", ["√", "×", "√", "√"], "present"),
        ("eligibility", LISTED_PUPIL, "是否已停止享受", ["否", "是", "否", "否"], "entitled"),
        ("eligibility", LISTED_PUPIL, "停发", ["否", "是", "否", "否"], "entitled"),
        ("eligibility", LISTED_PUPIL, "家庭状态", ["正常", "停保", "正常", "正常"], "entitled"),
        ("eligibility", LISTED_PUPIL, "是否死亡", ["否", "是", "否", "否"], "entitled"),
        ("eligibility", LISTED_PUPIL, "审核结果", ["通过", "不通过", "通过", "通过"], "entitled"),
        ("eligibility", LISTED_PUPIL, "风险状态", ["未消除", "已消除", "未消除", "未消除"], "entitled"),
        ("eligibility", LISTED_PUPIL, "有效期", ["2023.1-2024.6"] * 4, "valid_from"),
        ("enrolment", ENROLMENT, "借宿", ["否", "是", "否", "否"], "boarding"),
        ("enrolment", ENROLMENT, "住宿情况?", ["住校", "走读", "走读", "住校"], "boarding"),
        ("enrolment", ENROLMENT, "是否走读", ["否", "是", "否", "否"], "boarding"),
        ("enrolment", ENROLMENT, "辍学", ["否", "是", "否", "否"], "status"),
        ("payments", PAYMENTS, "是否退汇", ["否", "是", "否", "否"], "result"),
        ("attendance", ROSTER, "缺勤", ["否", "是", "否", "否"], "present"),
        ("attendance", ROSTER, "到校天数", ["20", "0", "20", "18"], "present"),
        ("attendance", ROSTER, "签到", ["到", "到", "", "到"], "present"),
        ("letters", LETTERS, "是否未资助", ["否", "是", "否", "否"], "aided"),
    ],
)  # fmt: skip
def test_a_column_that_looks_needed_is_asked_about_and_can_be_declined(
    questions_of: Any, table: str, sheet: Any, header: str, cells: list[str], column: str
) -> None:
    [problem] = questions_of(table, {**sheet, header: cells})
    assert header in problem.what.zh and "没有用上" in problem.what.zh
    assert f'"{header}": {column}}}' in problem.remedy.zh
    assert f'"{header}": null}}' in problem.remedy.en
    assert not any(n in problem.into("zh") for n in NUMBERS)
    assert questions_of(table, {**sheet, header: cells}, {header: None}) == ()
    assert questions_of(table, {**sheet, header: cells}, {header: column}) == ()


@pytest.mark.parametrize(
    ("table", "sheet", "header", "cells"),
    [
        ("enrolment", ENROLMENT, "入学年月", ["2020-09-01"] * 4),
        ("enrolment", ENROLMENT, "原就读学校", ["青山小学"] * 4),
        ("enrolment", ENROLMENT, "父亲身份证号", NUMBERS),
        ("enrolment", ENROLMENT, "是否受过学前教育", ["是", "否", "是", "是"]),
        ("enrolment", ENROLMENT, "户籍状态", ["正常"] * 4),
        ("payments", {**PAYMENTS, "身份证号": NUMBERS}, "班主任证件", NUMBERS),
        ("payments", PAYMENTS, "学生出生日期", ["2012-01-02"] * 4),
        ("payments", PAYMENTS, "评议小组时间", ["2024-10-02"] * 4),
        ("applications", {"姓名": NAMES, "身份证号": NUMBERS}, "民主评议时间", ["2024-10-02"] * 4),
        ("payments", PAYMENTS, "联系电话", ["13900000000"] * 4),
        ("payments", PAYMENTS, "备用", ["625", "500", "1", "2"]),
        ("payments", PAYMENTS, "交易状况", ["成功"] * 4),
        ("letters", LETTERS, "是否寄宿", ["是", "否", "是", "是"]),
        ("attendance", ROSTER, "是否低保", ["是", "否", "是", "是"]),
        ("eligibility", LISTED_PUPIL, "是否已停止享受", ["否"] * 4),
        ("eligibility", LISTED_PUPIL, "是否党员户", ["是", "否", "是", "是"]),
        ("payments", PAYMENTS, "交易状况", ["成功", "/", "成功", "-"]),
        ("payments", PAYMENTS, "是否退汇", ["否"] * 4),
        ("enrolment", ENROLMENT, "是否享受寄宿生补助", ["是", "否", "是", "是"]),
        ("enrolment", ENROLMENT, "宿舍", ["1", "2", "1", "3"]),
        ("eligibility", LISTED_PUPIL, "审核结果", ["通过"] * 4),
        ("eligibility", LISTED_PUPIL, "是否死亡", ["否"] * 4),
        ("attendance", ROSTER, "到校天数", ["20", "19", "20", "18"]),
        ("eligibility", LISTED_PUPIL, "身份证有效期", ["2010.1-2030.1"] * 4),
    ],
)
def test_other_columns_are_left_alone(
    questions_of: Any, table: str, sheet: Any, header: str, cells: list[str]
) -> None:
    assert questions_of(table, {**sheet, header: cells}) == ()


@pytest.mark.parametrize(
    ("table", "sheet", "header", "column", "cells", "words"),
    [
        ("enrolment", ENROLMENT, "是否走读", "boarding", ["是", "否", "走读"], ["走读", "住校", "走读"]),
        ("enrolment", ENROLMENT, "不住校", "boarding", ["√", "", ""], ["走读", "住校", "住校"]),
        ("enrolment", ENROLMENT, "是否休学", "status", ["是", "否", ""], ["休学", None, None]),
        ("payments", PAYMENTS, "退汇", "result", ["是", "否", "否"], ["失败", "成功", "成功"]),
        ("attendance", ROSTER, "缺勤", "present", ["√", "", ""], ["不在校", "在校", "在校"]),
        ("letters", LETTERS, "未资助", "aided", ["是", "否", "否"], ["未资助", "已资助", "已资助"]),
        ("dropouts", LETTERS, "是否仍未返校", "back", ["是", "否", "否"], ["未复学", "已复学", "已复学"]),
    ],
)
def test_an_answer_below_a_header_that_asks_the_other_way_round_is_turned(
    county: Any, table: str, sheet: Any, header: str, column: str, cells: list[str], words: list[str | None]
) -> None:
    columns = {**sheet, header: cells}
    county.csv("f.csv", [list(columns), *zip(*columns.values(), strict=False)])
    delivery = deliver(county.root, {table: ["f.csv"]}, {table: {header: column}}, words=WORDS)
    assert delivery.raw[table][column].tolist() == words


def test_a_payment_that_was_made_and_came_back_in_one_row_is_asked_about(questions_of: Any) -> None:
    columns = {**PAYMENTS, "发放结果": ["成功"] * 4, "是否退汇": ["否", "是", "否", "否"]}
    [problem] = questions_of("payments", columns)
    assert "“发放结果”写的是“成功”" in problem.what.zh and "“是否退汇”" in problem.what.zh


def test_a_column_read_for_another_is_told_beside_it(county: Any) -> None:
    columns = {**PAYMENTS, "资助年份": ["2024"] * 4, "学期": ["春季", "秋季"] * 2}
    county.csv("f.csv", [list(columns), *zip(*columns.values(), strict=True)])
    delivery = deliver(county.root, {"payments": ["f.csv"]}, words=WORDS, term="2024-autumn")
    [sheet] = delivery.files[0].sheets
    assert sheet.helpers == {"资助年份": "term"}
    assert "资助年份" not in {*sheet.unused, *(one.header for one in delivery.unused)}


def test_what_is_proposed_for_a_missing_column_has_been_held_against_its_cells(questions_of: Any) -> None:
    sheet = {"姓名": NAMES, "身份证号": NUMBERS, "学段": ["小学"] * 4, "校代号": ["是"] * 4}
    [problem] = questions_of("enrolment", sheet)
    assert "学校标识码" in problem.what.zh
    assert "如“校代号”" not in problem.remedy.zh
    [problem] = questions_of("enrolment", sheet | {"校代号": ["9990000123"] * 4})
    assert "如“校代号”" in problem.remedy.zh


def test_a_pupils_own_number_is_not_proposed_for_the_schools(questions_of: Any) -> None:
    sheet = {"姓名": NAMES, "身份证号": NUMBERS, "学段": ["小学"] * 4, "学号": ["2024100301"] * 4}
    [problem] = questions_of("enrolment", sheet)
    assert "学校标识码" in problem.what.zh and "“学号”" not in problem.remedy.zh


def test_a_former_schools_column_is_not_proposed_even_where_its_cells_are_schools(questions_of: Any) -> None:
    sheet = {"姓名": NAMES, "身份证号": NUMBERS, "学段": ["小学"] * 4, "原学校代号": ["9990000123"] * 4}
    [problem] = questions_of("enrolment", sheet)
    assert "如“原学校代号”" not in problem.remedy.zh


def test_a_missing_column_is_proposed_by_its_cells_where_no_header_is_like_it(questions_of: Any) -> None:
    sheet = {"姓名": NAMES, "身份证号": NUMBERS, "金额": ["625"] * 4, "钱款名目": ["寄宿生生活补助"] * 4}
    [problem] = questions_of("payments", sheet)
    assert 'payments: {"钱款名目": scheme}' in problem.remedy.zh


def test_the_unit_behind_a_header_does_not_hide_what_it_is_like(questions_of: Any) -> None:
    sheet = {
        "姓名": NAMES,
        "身份证号": NUMBERS,
        "资助项目": ["寄宿生生活补助"] * 4,
        "应发补助金额（元）": ["625"] * 4,
    }
    [problem] = questions_of("planned", sheet)
    assert 'planned: {"应发补助金额（元）": amount}' in problem.remedy.zh


def test_a_column_in_many_files_is_asked_about_once(county: Any) -> None:
    for school in ("甲", "乙", "丙"):
        sheet = {**PAYMENTS, "姓名": [school + name for name in NAMES]}
        rows = zip(*sheet.values(), ["2024-11-20"] * 4, strict=True)
        county.csv(f"{school}校.csv", [[*PAYMENTS, "款项到卡"], *rows])
    problems = deliver(county.root, {"payments": ["*校.csv"]}, words=WORDS).problems
    [problem] = [problem for problem in problems if "没有用上" in problem.what.zh]
    assert all(f"{school}校.csv" in problem.where.zh for school in ("甲", "乙", "丙"))
    assert "12 格" in problem.where.zh


@pytest.mark.parametrize(("header", "asks"), [("又叫", True), ("所属中心校", False)])
def test_a_column_of_the_names_that_registers_write_is_asked_about_as_schools_other_names(
    county: Any, header: str, asks: bool
) -> None:
    short = ["青山小学", "绿水小学", "白石初中", "城关二小"]
    schools = [[f"999000012{i}", f"样县{name}全称学校", name] for i, name in enumerate(short)]
    county.csv("学校.csv", [["学校标识码", "学校名称", header], *schools])
    listed_columns = {**LISTED_PUPIL, "学校": short}
    county.csv("名册.csv", [[*listed_columns], *zip(*listed_columns.values(), strict=True)])
    sources = {"schools": ["学校.csv"], "eligibility": ["名册.csv"]}
    problems = deliver(county.root, sources, words=WORDS).problems
    assert [f'schools: {{"{header}": alias}}' in problem.remedy.zh for problem in problems] == [True] * asks


def test_an_age_is_named_and_not_offered_for_a_stage(questions_of: Any) -> None:
    sheet = {k: v for k, v in ENROLMENT.items() if k != "学段"} | {"年龄": ["8", "12", "13", "15"]}
    [problem] = questions_of("enrolment", sheet)
    assert "“年龄”不能代替" in problem.what.zh and "stage: primary" in problem.remedy.zh
    assert '"年龄"' not in problem.remedy.zh and "Stage” or “Grade" in problem.what.en


@pytest.mark.parametrize(
    ("header", "cells", "amount"),
    [
        ("退回金额", ["0", "625", "", ""], "金额"),
        ("退款日期", ["", "2024-12-01", "", ""], "实发金额"),
        ("扣减", ["0", "125", "0", "0"], "金额"),
        ("补发金额", ["125"] * 4, "资助金额"),
    ],
)
def test_money_that_came_back_or_was_added_beside_the_amount_is_asked_about(
    questions_of: Any, header: str, cells: list[str], amount: str
) -> None:
    columns = {(amount if name == "金额" else name): column for name, column in PAYMENTS.items()}
    [problem] = questions_of("payments", {**columns, header: cells})
    assert f"“{header}”有 " in problem.what.zh and f'"{header}": null' in problem.remedy.zh
    assert questions_of("payments", {**columns, header: cells}, {header: None}) == ()
    assert questions_of("payments", {**columns, header: ["0", "", "0", ""]}) == ()


def test_money_that_came_back_in_a_row_that_says_so_itself_is_not_asked_about(questions_of: Any) -> None:
    results = {"发放结果": ["成功", "失败", "成功", "成功"], "退回金额": ["", "625", "", ""]}
    assert questions_of("payments", {**PAYMENTS, **results}) == ()


@pytest.mark.parametrize(
    ("table", "sheet", "line"),
    [
        ("payments", PAYMENTS, "以下学生退汇"),
        ("enrolment", ENROLMENT, "已转出："),
        ("eligibility", LISTED_PUPIL, "停保人员"),
    ],
)
def test_a_line_that_says_of_the_rows_below_it_that_they_are_otherwise_is_asked_about(
    county: Any, table: str, sheet: Any, line: str
) -> None:
    rows = [list(row) for row in zip(*sheet.values(), strict=True)]
    county.csv("f.csv", [list(sheet), *rows[:2], [line, *[""] * (len(sheet) - 1)], *rows[2:]])
    [problem] = deliver(county.root, {table: ["f.csv"]}, words=WORDS).problems
    assert "名单中间有一行单独写着" in problem.what.zh and line not in problem.into("zh")
