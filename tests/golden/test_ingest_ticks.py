"""Two columns of ticks for boarding and day pupils; two lists of which the lower has the fuller header."""

from __future__ import annotations

import pytest

HEADER = ["姓名", "身份证号", "学校", "年级", "就读方式", None]
PUPILS = [[f"测试{n}", f"99012220100101{i:03}X", "青山小学", "三年级"] for i, n in enumerate("一二三四", 1)]


@pytest.mark.parametrize("tick", ["√", "1", "是"])
def test_ticks_below_boarding_and_day_are_one_column(county, cells, problem_texts, tick):
    ticks = [[tick, None], [None, tick], [tick, tick], [None, None]]
    rows = [HEADER, [None] * 4 + ["走读", "住校"], *([*p, *t] for p, t in zip(PUPILS, ticks, strict=True))]
    county.sheet("a.xlsx", rows, merged=["E1:F1"])
    delivery = county.read(term="2024-autumn", enrolment=["a.xlsx"])
    assert problem_texts(delivery) == []
    assert cells(delivery, "enrolment", "boarding") == ["走读", "住校", "走读、住校", None]


def test_ticks_below_plain_headers_are_one_column(county, cells):
    county.sheet(
        "a.xlsx", [[*HEADER[:4], "住宿生", "走读生"], [*PUPILS[0], "√", None], [*PUPILS[1], None, "√"]]
    )
    assert cells(county.read(term="2024-autumn", enrolment=["a.xlsx"]), "enrolment", "boarding") == [
        "住宿生",
        "走读生",
    ]


def test_two_columns_that_hold_words_are_no_ticks(county, cells):
    county.sheet("a.xlsx", [[*HEADER[:4], "住宿生", "走读生"], [*PUPILS[0], "301室", None]])
    assert cells(county.read(term="2024-autumn", enrolment=["a.xlsx"]), "enrolment", "boarding") != ["住宿生"]


def test_a_second_list_with_a_fuller_header_is_told_as_one(county, problem_texts):
    upper, lower = [*HEADER[:4], "就读方式"], [*HEADER[:4], "就读方式", "学籍状态", "异动日期"]
    rows = [upper, [*PUPILS[0], "走读"], [], lower, [*PUPILS[1], "走读", "转出", "2020-09-12"]]
    county.sheet("a.xlsx", rows)
    assert all(
        "表头之前" not in what
        for what in problem_texts(county.read(term="2024-autumn", enrolment=["a.xlsx"]))
    )
