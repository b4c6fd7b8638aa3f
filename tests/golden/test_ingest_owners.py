"""Whose an ID number is: the name on the left of its column tells, and the ages in the numbers."""

from __future__ import annotations

import pytest

CHILD = ["990122201001010017", "990122201102020028"]
PARENT = ["990122198001010015", "990122198202020026"]


def list_of_payments(county, header, *rows, table="payments"):
    county.sheet("a.xlsx", [header, *rows])
    return county.read(term="2020-autumn", **{table: ["a.xlsx"]})


def column(delivery, name, table="payments"):
    return list(delivery.raw[table][name])


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("户主姓名", "身份证号码"), ("家长姓名", "身份证号"), ("监护人姓名", "证件号码"), ("户主", "公民身份号码"),
        ("领款人", "身份证号"), ("父亲姓名", "身份证"), ("申请人姓名", "身份证号"), ("持卡人姓名", "证件号"),
    ],
)  # fmt: skip
def test_a_number_between_another_persons_name_and_the_pupils_is_that_persons(county, head, number):
    header = ["序号", head, number, "补助项目", "金额", "学生姓名"]
    rows = [[i, "样家长", PARENT[i], "寄宿生生活补助", 500, f"样学生{i}"] for i in range(2)]
    delivery = list_of_payments(county, header, *rows)
    assert not delivery.problems
    assert column(delivery, "id_number") == [None, None]
    assert column(delivery, "name") == ["样学生0", "样学生1"]


@pytest.mark.parametrize(
    "header",
    [
        ["户主姓名", "学生姓名", "身份证号", "补助项目", "金额"],
        ["户主姓名", "学生身份证号", "学生姓名", "补助项目", "金额"],
        ["身份证号", "户主姓名", "学生姓名", "补助项目", "金额"],
        ["学生姓名", "户主姓名", "身份证号", "补助项目", "金额"],
    ],
)
def test_the_pupils_own_number_stays_wherever_it_stands(county, header):
    cells = {"户主姓名": "样家长", "学生姓名": "样学生", "补助项目": "寄宿生生活补助", "金额": 500}
    rows = [[cells.get(text, number) for text in header] for number in CHILD]
    delivery = list_of_payments(county, header, *rows)
    assert not delivery.problems
    assert column(delivery, "id_number") == CHILD


def test_a_childs_number_between_the_heads_name_and_the_childs_is_asked_about(county, problem_texts):
    header = ["户主姓名", "身份证号", "学生姓名", "补助项目", "金额"]
    delivery = list_of_payments(
        county, header, *(["样家长", number, "样学生", "寄宿生生活补助", 500] for number in CHILD)
    )
    assert problem_texts(delivery) == ["“身份证号”排在“户主姓名”之后，分不清是谁的号码"]
    assert 'payments: {"身份证号": id_number}' in delivery.problems[0].into("zh")


def test_what_the_run_says_of_the_number_holds(county):
    county.sheet(
        "a.xlsx",
        [
            ["户主姓名", "身份证号", "学生姓名", "补助项目", "金额"],
            ["样家长", CHILD[0], "样学生", "寄宿生生活补助", 500],
        ],
    )
    own = {"payments": {"身份证号": "id_number"}}
    delivery = county.read(columns=own, term="2020-autumn", payments=["a.xlsx"])
    assert not delivery.problems
    assert column(delivery, "id_number") == CHILD[:1]


def test_in_a_register_of_whole_households_a_number_that_changes_within_one_is_the_members(county):
    header = ["姓名", "户主姓名", "身份证号", "类别"]
    rows = [["样甲", "样户主", PARENT[0], "低保"], ["样乙", "样户主", CHILD[0], "低保"]]
    delivery = list_of_payments(county, header, *rows, table="eligibility")
    assert not delivery.problems
    assert column(delivery, "id_number", "eligibility") == [PARENT[0], CHILD[0]]


def test_a_parents_number_behind_both_names_is_not_the_pupils(county):
    header = ["学生姓名", "家长姓名", "身份证号", "补助项目", "金额"]
    delivery = list_of_payments(
        county, header, *(["样学生", "样家长", n, "寄宿生生活补助", 500] for n in PARENT)
    )
    assert column(delivery, "id_number") == [None, None]
    assert "身份证号" in delivery.files[0].sheets[0].unused
