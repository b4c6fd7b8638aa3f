"""Headers of several lines, with notes in brackets; several categories in a cell; lists without amounts."""

from __future__ import annotations

from typing import Any

import pytest

PEOPLE = [
    ("测试一", "99012220100101001X"),
    ("测试二", "99012220100101002X"),
    ("测试三", "99012220100101003X"),
]
TERM = "2024-autumn"


def test_schemes_in_the_third_line_of_a_header_are_payments(county: Any, cells: Any) -> None:
    """寄宿生 below 生活补助 is a scheme only together; 国家助学金 is that of 高中阶段 two lines above."""
    rows: list[list[Any]] = [
        ["序号", "学校", "姓名", "身份证号", "义务教育阶段", None, "高中阶段"],
        [None, None, None, None, "生活补助", None, None],
        [None, None, None, None, "寄宿生", "非寄宿生", "国家助学金"],
    ]
    amounts = [[625, None, None], [None, 312.5, None], [None, None, 1000]]
    rows += [[n, "青山学校", *p, *a] for n, (p, a) in enumerate(zip(PEOPLE, amounts, strict=True), 1)]
    merges = ["E1:F1", "E2:F2", "A1:A3", "B1:B3", "C1:C3", "D1:D3"]
    county.book("汇总.xlsx", {"表": rows}, merged=merges)
    delivery = county.read(payments=["汇总.xlsx"], term=TERM)
    assert delivery.problems == ()
    assert cells(delivery, "payments", "scheme", "amount") == [
        ("boarder_allowance", "625"),
        ("day_pupil_allowance", "312.5"),
        ("senior_grant", "1000"),
    ]


def test_categories_that_are_ticked_below_one_header(county: Any, cells: Any) -> None:
    rows: list[list[Any]] = [
        ["姓名", "身份证号", "困难类型（打√）", None, None],
        [None, None, "低保", "特困", "残疾"],
    ]
    rows += [[*p, *("√" if n == at else None for at in range(3))] for n, p in enumerate(PEOPLE)]
    county.book("名单.xlsx", {"表": rows}, merged=["C1:E1", "A1:A2", "B1:B2"])
    delivery = county.read(eligibility=["名单.xlsx"], term=TERM)
    assert delivery.problems == ()
    assert cells(delivery, "eligibility", "category") == ["低保", "特困", "残疾"]


def test_several_categories_in_a_cell_are_a_row_each(county: Any, cells: Any) -> None:
    categories = ["脱贫户、残疾", "低保", "低保/某某"]
    rows = [[*p, c] for p, c in zip(PEOPLE, categories, strict=True)]
    county.csv("名单.csv", [["姓名", "身份证号", "困难类型"], *rows])
    delivery = county.read(eligibility=["名单.csv"], term=TERM)
    assert cells(delivery, "eligibility", "name", "category") == [
        ("测试一", "脱贫户"),
        ("测试一", "残疾"),
        ("测试二", "低保"),
        ("测试三", "低保/某某"),  # asked about as it stands
    ]
    sources = cells(delivery, "eligibility", "source")
    assert sources == ["名单.csv!2.1", "名单.csv!2.2", "名单.csv!3", "名单.csv!4"]


@pytest.mark.parametrize(
    ("header", "is_name"),
    [
        ("姓名（与户口簿一致，不得有空格）", True),
        ("姓名（请勿简写）", True),
        ("姓名（户主）", False),
        ("姓名（请填监护人姓名）", False),
    ],
)
def test_a_note_on_how_to_fill_a_column_in_is_no_part_of_its_name(
    county: Any, problem_texts: Any, header: str, is_name: bool
) -> None:
    rows = [[*p, "低保"] for p in PEOPLE]
    county.csv("名单.csv", [[header, "身份证号", "困难类型（低保/特困/残疾）"], *rows])
    questions = problem_texts(county.read(eligibility=["名单.csv"], term=TERM))
    assert bool(questions) != is_name


def test_a_note_that_tells_a_unit_is_not_dropped(county: Any, problem_texts: Any) -> None:
    header = [*county.header[:-1], "金额（万元，保留四位小数）"]
    county.csv("发放.csv", [header, county.person(1, 金额="0.0625")])
    assert problem_texts(county.read(payments=["发放.csv"], term=TERM)) == ["缺少必需列“金额”"]


def test_a_list_without_amounts_is_told_what_it_may_be(county: Any) -> None:
    rows = [[*p, "青山中学", "√"] for p in PEOPLE]
    county.csv("免费教科书.csv", [["姓名", "身份证号", "学校", "领取情况"], *rows])
    problems = county.read(payments=[{"files": "免费教科书.csv", "scheme": "senior_fee_waiver"}], term=TERM)
    [problem] = problems.problems
    assert "免教科书费" in problem.remedy.zh and "amount: 金额" in problem.remedy.zh
    source = {"files": "免费教科书.csv", "scheme": "senior_fee_waiver", "amount": "400"}
    assert county.read(payments=[source], term=TERM).problems == ()


def test_schemes_abreast_below_groups_leave_the_pupil_his_name(county, cells, problem_texts):
    rows = [
        ["序号", "学生信息", None, None, "资助情况", None, None],
        [None, "姓名", "身份证号", "学校", "义务教育", None, "小计"],
        [None, None, None, None, "寄宿生生活补助", "非寄宿生生活补助", None],
        [1, "测试一", "990122200101010018", "青山小学", 625, None, 625],
        [2, "测试二", "990122200102020029", "青山小学", None, 312.5, 312.5],
    ]
    county.sheet(
        "a.xlsx", rows, merged=["A1:A3", "B1:D1", "E1:G1", "B2:B3", "C2:C3", "D2:D3", "E2:F2", "G2:G3"]
    )
    delivery = county.read(term="2024-autumn", payments=["a.xlsx"])
    assert problem_texts(delivery) == []
    assert cells(delivery, "payments", "name") == ["测试一", "测试二"]
    assert cells(delivery, "payments", "school_name") == ["青山小学"] * 2
