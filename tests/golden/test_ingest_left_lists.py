"""Lists of those who left, remarks with reasons, periods in one cell, cells to be filled down: read rightly, or asked about."""

from __future__ import annotations

from typing import Any

import pytest

NUMBERS = [f"99012220100101{n:03}X" for n in range(1, 7)]
NAMES = ["测试一", "测试二", "测试三", "测试四", "测试五", "测试六"]
TERM = "2024-autumn"
PEOPLE = [*zip(NAMES, NUMBERS, strict=True)]


# --- who left ------------------------------------------------------------------------------------------------

PUPILS = [["姓名", "身份证号", "学校", "年级"], *([n, i, "青山小学", "三年级"] for n, i in PEOPLE)]


@pytest.mark.parametrize(
    ("sheet", "status"),
    [("转出学生", "transferred_out"), ("休学", "suspended"), ("死亡学生名单", "deceased"), ("毕业班", None), ("在校生", None)],
)  # fmt: skip
def test_a_sheet_called_by_how_they_left_says_their_status(
    county: Any, cells: Any, sheet: str, status: str | None
) -> None:
    county.book("学籍.xlsx", {"三年级": PUPILS[:4], sheet: [PUPILS[0], *PUPILS[4:]]})
    delivery = county.read(enrolment=["学籍.xlsx"], term=TERM)
    assert delivery.problems == ()
    assert cells(delivery, "enrolment", "status") == [None] * 3 + [status] * 3


@pytest.mark.parametrize("name", ["转入转出学生名单", "学籍异动学生名册"])
def test_a_list_of_changes_without_a_status_is_asked_about(
    county: Any, problem_texts: Any, name: str
) -> None:
    county.book("学籍.xlsx", {name: PUPILS})
    [question] = problem_texts(county.read(enrolment=["学籍.xlsx"], term=TERM))
    assert question.startswith(f"“{name}”像是异动（离校）学生的名单")
    source = {"files": "学籍.xlsx", "status": "transferred_out"}
    assert county.read(enrolment=[source], term=TERM).problems == ()


@pytest.mark.parametrize(
    ("sheet", "is_asked"),
    [
        ("县外就读", True),
        ("外地就读学生", True),
        ("县域外来就读", False),
        ("三年级", False),
        ("外县来我县就读", False),
    ],
)
def test_a_sheet_of_pupils_who_study_elsewhere_is_asked_about(
    county: Any, problem_texts: Any, sheet: str, is_asked: bool
) -> None:
    rows = [[*row, "学生状态" if not n else "在读"] for n, row in enumerate(PUPILS)]
    county.book("学籍.xlsx", {"二年级": rows[:4], sheet: [rows[0], *rows[4:]]})
    questions = problem_texts(county.read(enrolment=["学籍.xlsx"], term=TERM))
    assert [question.startswith(f"“{sheet}”像是在外地就读的学生") for question in questions] == [
        True
    ] * is_asked
    here = {"files": "学籍.xlsx", "sheets": sheet, "status": "enrolled"}
    assert county.read(enrolment=["学籍.xlsx", here], term=TERM).problems == ()


def test_the_day_of_each_way_to_leave_is_read(county: Any, cells: Any) -> None:
    header = ["姓名", "身份证号", "学校", "年级", "学生状态", "转出时间", "休学时间"]
    days = [["转出", "2024-09-10", ""], ["休学", "", "2024-10-08"]]
    rows = [[*PUPILS[n + 1], *day] for n, day in enumerate(days)]
    county.csv("学籍.csv", [header, *rows])
    delivery = county.read(enrolment=["学籍.csv"], term=TERM)
    assert cells(delivery, "enrolment", "status_date") == ["2024-09-10", "2024-10-08"]


@pytest.mark.parametrize(
    ("title", "is_other"),
    [
        ("青禾县2023-2024学年第二学期学籍表", True),
        ("青禾县2023-2024学年学生花名册", True),
        ("青禾县2024-2025学年学生花名册", False),
        ("青禾县2024年秋季学期学籍表", False),
        ("2022年秋季入学学生名册", False),
    ],
)
def test_a_register_of_another_term_is_asked_about(
    county: Any, problem_texts: Any, title: str, is_other: bool
) -> None:
    county.book("学籍.xlsx", {"Sheet1": [[title], *PUPILS]})
    questions = problem_texts(county.read(enrolment=["学籍.xlsx"], term=TERM))
    assert [text[:12] for text in questions] == (["学籍的标题或名称写的是另"] if is_other else [])


@pytest.mark.parametrize("remark", ["转往外省", "9.1转走", "随父母外出务工地就读", "已到外省就读", "未返校"])
def test_a_remark_that_a_pupil_is_elsewhere_is_asked_about(
    county: Any, problem_texts: Any, remark: str
) -> None:
    county.csv("学籍.csv", [[*PUPILS[0], "备注"], [*PUPILS[1], remark], [*PUPILS[2], ""]])
    [question] = problem_texts(county.read(enrolment=["学籍.csv"], term=TERM))
    assert question.startswith("没有“学生状态”一列，而“备注”中写有")


# --- money that came back ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("remark", "came_back"),
    [
        ("户名不符已退回", True),
        ("卡号错误，退回", True),
        ("退汇：账户不存在", True),
        ("社保卡未激活", True),
        ("账号有误已更正", False),
        ("上学期退汇补发", False),
        ("退回，已补发", False),
    ],
)
def test_a_remark_that_gives_the_reason_of_a_return_is_asked_about(
    county: Any, problem_texts: Any, remark: str, came_back: bool
) -> None:
    county.csv("发放.csv", [[*county.header, "备注"], [*county.person(1), remark], [*county.person(2), ""]])
    questions = problem_texts(county.read(payments=["发放.csv"], term=TERM))
    assert bool(questions) == came_back
    assert not questions or questions[0].startswith("没有“发放结果”一列，而“备注”中写有")


# --- until when somebody is entitled -------------------------------------------------------------------------


def entitled_county(county: Any, header: str, cells_of: list[str], **columns: Any) -> Any:
    rows = [[n, i, "低保", cell] for (n, i), cell in zip(PEOPLE, cells_of, strict=False)]
    county.csv("名单.csv", [["姓名", "身份证号", "困难类型", header], *rows])
    return county.read(columns or None, eligibility=["名单.csv"], term=TERM)


def test_a_period_in_one_cell_has_two_ends(county: Any, cells: Any) -> None:
    spans = ["2020.01-至今", "2020年1月至2023年12月", "2021.3.1起", "2022-09-01", "2020-01-2023-12"]
    delivery = entitled_county(county, "享受起止时间", spans)
    assert delivery.problems == ()
    assert cells(delivery, "eligibility", "valid_from", "valid_to") == [
        ("2020.01", None),
        ("2020年1月", "2023年12月"),
        ("2021.3.1", None),
        ("2022-09-01", None),
        ("2020-01", "2023-12"),
    ]


def test_periods_under_an_unknown_header_are_asked_about(county: Any, problem_texts: Any) -> None:
    questions = problem_texts(entitled_county(county, "某期", ["2020.01-2021.03", "2020.01-至今"]))
    assert len(questions) == 1 and "“某期”" in questions[0] and "纳入日期" in questions[0]


@pytest.mark.parametrize(
    ("remark", "rows"),
    [
        ("2024年3月停保", [("测试一", "2024年3月"), ("测试二", None)]),
        ("已退出", [("测试二", None)]),
        ("死亡", [("测试二", None)]),
    ],
)
def test_a_remark_that_aid_has_ended_is_asked_about_and_then_read(
    county: Any, problem_texts: Any, cells: Any, remark: str, rows: list[tuple[str, str | None]]
) -> None:
    """The day is that of the end; who is no longer entitled is left out."""
    [question] = problem_texts(entitled_county(county, "备注", [remark, "新增", "留守"]))
    assert question.startswith("没有“是否享受政策”一列，而“备注”中写有")
    delivery = entitled_county(county, "备注", [remark, ""], eligibility={"备注": "entitled"})
    assert cells(delivery, "eligibility", "name", "valid_to") == rows


# --- the first row of a group --------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["学校", "资助项目"])
def test_a_column_of_which_the_first_row_of_a_group_speaks_is_asked_about(
    county: Any, problem_texts: Any, column: str
) -> None:
    values = {"学校": ["青山小学", "绿水小学"], "资助项目": ["寄宿生生活补助", "非寄宿生生活补助"]}[column]
    rows = [county.person(n, **{column: values[n // 4] if n in (1, 4) else None}) for n in range(1, 8)]
    county.book("发放.xlsx", {"表": [[*county.header], *rows]})
    questions = problem_texts(county.read(payments=["发放.xlsx"], term=TERM))
    assert questions == [f"“{column}”只写在每组的第一行：7 行中 5 行空着"]


@pytest.mark.parametrize(
    ("rows", "questions"),
    [
        ([("建档立卡", None), ("低保", None), (None, None), (None, "小学"), (None, "初中")], []),
        ([("建档立卡", "小学"), (None, "初中"), (None, "高中"), ("低保", "小学"), (None, "初中"), (None, "高中"), (None, None)],
         ["“困难类型”只写在每组的第一行：7 行中 5 行空着"]),
    ],
)  # fmt: skip
def test_an_empty_cell_of_a_printed_total_is_of_all_unless_two_rows_would_then_count_the_same(
    county: Any, problem_texts: Any, rows: list[tuple[str | None, str | None]], questions: list[str]
) -> None:
    header = ["学期", "困难类型", "学段", "统计口径", "资助人次", "资助金额（万元）"]
    totals = [[TERM, category, stage, "发放", 2, 0.1] for category, stage in rows]
    county.book("统计表.xlsx", {"统计": [header, *totals]})
    assert problem_texts(county.read(control_totals=["统计表.xlsx"], term=TERM)) == questions


def test_a_column_with_gaps_is_no_group(county: Any) -> None:
    rows = [county.person(n, 学校=None if n % 3 else "青山小学") for n in range(1, 10)]
    county.book("发放.xlsx", {"表": [[*county.header], *rows]})
    assert county.read(payments=["发放.xlsx"], term=TERM).problems == ()


def test_a_household_is_told_by_the_row_of_its_head(county: Any, cells: Any) -> None:
    header = ["户编号", "姓名", "身份证号", "与户主关系", "困难类型"]
    rows = [[f"H{n // 2}" if n % 2 == 0 else None, name, number, "之子" if n % 2 else "户主", None if n % 2 else "低保"]
            for n, (name, number) in enumerate(PEOPLE)]  # fmt: skip
    county.book("名单.xlsx", {"表": [header, *rows]})
    delivery = county.read(eligibility=["名单.xlsx"], term=TERM)
    assert delivery.problems == ()
    assert cells(delivery, "eligibility", "household_no") == ["H0", "H0", "H1", "H1", "H2", "H2"]
    assert cells(delivery, "eligibility", "category") == ["低保"] * 6
