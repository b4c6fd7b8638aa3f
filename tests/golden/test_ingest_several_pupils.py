"""Payments with a row a household, its pupils side by side; a form for each pupil."""

from __future__ import annotations

HEADER = [
    "户主姓名",
    "学生1姓名",
    "学生1身份证号",
    "学生1金额",
    "学生2姓名",
    "学生2身份证号",
    "学生2金额",
    "资助项目",
]
FIRST, SECOND, THIRD = "990122200101010018", "990122200102020029", "990122200103030030"
ROWS = [
    ["户主甲", "测试一", FIRST, "625", "测试二", SECOND, "312.5", "寄宿生生活补助"],
    ["户主乙", "测试三", THIRD, "625", None, None, None, "寄宿生生活补助"],
]


def test_pupils_side_by_side_with_their_own_amounts_are_a_payment_each(county, cells, problem_texts):
    county.sheet("a.xlsx", [HEADER, *ROWS])
    delivery = county.read(payments=["a.xlsx"])
    assert problem_texts(delivery) == []
    assert cells(delivery, "payments", "name") == ["测试一", "测试二", "测试三"]
    assert cells(delivery, "payments", "amount") == ["625", "312.5", "625"]


def test_pupils_side_by_side_with_one_amount_are_asked_about(county, problem_texts):
    at = [1, 2, 4, 5, 7]
    rows = [[row[i] for i in at] + ["937.5"] for row in ROWS]
    county.sheet("a.xlsx", [[HEADER[i] for i in at] + ["合计金额"], *rows])
    assert problem_texts(county.read(payments=["a.xlsx"])) == ["一户一行，几个人写在各列，其中的孩子会读不到"]


def test_a_form_for_each_pupil_is_told_from_a_list(county, problem_texts):
    forms = [
        row
        for person, number in (("测试一", FIRST), ("测试二", SECOND), ("测试三", THIRD))
        for row in (
            ["资助资金领取单", None, None, None],
            ["姓名", person, "身份证号", number],
            ["学校", "青山小学", "资助项目", "寄宿生生活补助"],
            ["金额", "625", "发放日期", "2020-11-20"],
        )
    ]
    county.sheet("a.xlsx", forms)
    assert problem_texts(county.read(payments=["a.xlsx"])) == ["一人一张表单：项目与内容左右相邻，一人占几行"]


def test_two_children_in_a_cell_of_one_row_are_told_with_the_row(county, problem_texts):
    rows = [["测试一、测试二", f"{FIRST}\n{SECOND}", "低保"], ["测试三", THIRD, "低保"]]
    county.sheet("a.xlsx", [["姓名", "身份证号", "困难类型"], *rows])
    assert problem_texts(county.read(eligibility=["a.xlsx"])) == ["“姓名”一格里写了几个人：第 2 行，共 1 行"]
