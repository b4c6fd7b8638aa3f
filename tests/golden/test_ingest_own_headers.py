"""Headers that a run names itself, under columns in its parameters."""

from __future__ import annotations


def test_own_headers_of_the_run(county, cells):
    county.sheet("a.xlsx", [["学员", *county.header[1:]], county.person()])
    delivery = county.read(columns={"payments": {"学员": "name"}}, payments=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "payments", "name") == ["测试二"]


def test_own_headers_win_over_the_list(county, cells):
    county.sheet("a.xlsx", [["经办金额", *county.header], ["7", *county.person()]])
    delivery = county.read(columns={"payments": {"经办金额": "amount"}}, payments=["a.xlsx"])
    assert cells(delivery, "payments", "amount") == ["7"]
    assert delivery.files[0].sheets[0].unused == ("金额",)


def test_own_header_that_asks_yes_or_no(county, cells):
    county.csv("a.csv", [["姓名", "学校名称", "年级", "是否在校住"], ["测试一", "青山小学", "一年级", "是"]])
    delivery = county.read(columns={"enrolment": {"是否在校住": "boarding"}}, enrolment=["a.csv"])
    assert cells(delivery, "enrolment", "boarding_coding") == ["yes_no"]


def test_own_headers_with_wrong_names_are_told(county, problem_texts):
    county.sheet("a.xlsx", [county.header, county.person()])
    wrong = {"payments": {"证件": "id"}, "payment": {"证件": "id_number"}}
    assert problem_texts(county.read(columns=wrong, payments=["a.xlsx"])) == [
        "表 payments（发放明细）没有列“id”",
        "没有名为“payment”的表",
    ]
