"""Amounts as lists write them: a unit of the whole list, capitals, a column each for yuan, jiao and fen."""

from __future__ import annotations

import pytest

from auditlib.ingest.columns.written_amounts import in_figures

HEADER = ["姓名", "身份证号", "学校", "资助项目"]


@pytest.mark.parametrize(
    ("unit", "factor"), [("千元", "1000"), ("百元", "100"), ("角", "0.1"), ("分", "0.01"), ("万元", "10000")]
)
def test_the_unit_of_a_header_is_the_factor_of_its_amounts(county, cells, problem_texts, unit, factor):
    county.sheet("a.xlsx", [[*HEADER, f"金额（{unit}）"], county.person()])
    delivery = county.read(payments=["a.xlsx"])
    assert problem_texts(delivery) == []
    assert cells(delivery, "payments", "amount_unit") == [factor]


@pytest.mark.parametrize(
    ("written_file", "figure"),
    [
        ("壹仟元整", "1000.00"),
        ("人民币叁佰壹拾贰元伍角", "312.50"),
        ("柒佰伍拾圆正", "750.00"),
        ("壹萬零伍元零叁分", "10005.03"),
        ("拾贰万叁仟元", "123000.00"),
        ("叁佰零伍元壹角贰分", "305.12"),
    ],
)
def test_capitals_are_read_as_figures(written_file, figure):
    assert in_figures(written_file) == figure


@pytest.mark.parametrize("cell", ["625", "625元", "元", "壹仟", "壹贰叁元", "壹仟元或贰仟元", None, ""])
def test_what_is_not_written_out_in_capitals_stays_as_it_is(cell):
    assert in_figures(cell) == cell


def test_a_list_with_amounts_in_capitals_alone_is_read(county, cells, problem_texts):
    county.sheet("a.xlsx", [[*HEADER, "金额（大写）"], county.person(金额="陆佰贰拾伍元整")])
    delivery = county.read(payments=["a.xlsx"])
    assert problem_texts(delivery) == []
    assert cells(delivery, "payments", "amount") == ["625.00"]


def test_yuan_jiao_and_fen_in_a_column_each_are_one_amount(county, cells):
    rows = [
        [*HEADER, "金额", None, None],
        [None] * 4 + ["元", "角", "分"],
        [*county.person(1, 金额="312"), 5, 0],
        [*county.person(2, 金额="625"), None, None],
        [*county.person(3, 金额="312"), "五", 0],
    ]
    county.sheet("a.xlsx", rows, merged=["E1:G1"])
    assert cells(county.read(payments=["a.xlsx"]), "payments", "amount") == [
        "312.50",
        "625.00",
        "312元五角0分",
    ]


def test_a_column_for_every_digit_of_an_amount_is_one_amount(county, cells):
    rows = [
        [*HEADER, "金额", None, None, None, None, None],
        [None] * 4 + ["千", "百", "十", "元", "角", "分"],
        [*county.person(1, 金额="￥"), 3, 1, 2, 5, 0],
        [*county.person(2, 金额="1"), 0, 0, 0, 0, 0],
    ]
    county.sheet("a.xlsx", rows, merged=["E1:J1"])
    assert cells(county.read(payments=["a.xlsx"]), "payments", "amount") == ["312.50", "1000.00"]
