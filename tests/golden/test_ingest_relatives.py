"""Relatives of the layouts met in public: what must be read, what must be asked, and what only looks alike."""

from __future__ import annotations

from typing import Any

import pytest
from relatives import children

CHILDREN = children()
NAMES, NUMBERS = [c.name for c in CHILDREN], [c.number for c in CHILDREN]
PARENTS, THEIRS = [c.parent for c in CHILDREN], [c.parents_number for c in CHILDREN]
CARDS = [c.card for c in CHILDREN]
PAID = {"补助项目": "寄宿生生活补助", "金额": 625}
PUPIL = {"姓名": NAMES, "身份证号": NUMBERS}
AT_SCHOOL = {"学校": "青山小学", **PUPIL}


@pytest.fixture
def relative(county: Any) -> Any:
    """``relative(table, columns, …)``: the delivery of one sheet whose columns are lists, or one value for all rows."""

    def of(table: str, columns: dict[str, Any], title: str = "", sheet: str = "Sheet1") -> Any:
        rows = [
            [column[i] if isinstance(column, list) else column for column in columns.values()]
            for i in range(len(CHILDREN))
        ]
        county.book("a.xlsx", {sheet: [*([[title]] if title else []), list(columns), *rows]})
        return county.read(term="2024-autumn", **{table: ["a.xlsx"]})

    return of


READ: list[tuple[str, dict[str, Any], dict[str, list[str | None]]]] = [
    # whose number it is
    ("payments", {"家长姓名": PARENTS, "居民身份证号": THEIRS, "受助学生姓名": NAMES, **PAID}, {"name": NAMES, "id_number": [None] * 6}),
    ("enrolment", {"学校": "青山小学", "监护人姓名": PARENTS, "证件号码": THEIRS, "学生姓名": NAMES, "学段": "小学"},
     {"name": NAMES, "id_number": [None] * 6, "guardian_name": PARENTS}),
    ("payments", {"学生姓名": NAMES, **PAID, "银行卡号": CARDS, "持卡人姓名": PARENTS, "身份证号码": THEIRS}, {"name": NAMES, "id_number": [None] * 6}),
    ("eligibility", {"户主": PARENTS, "身份证号": THEIRS, "人员姓名": NAMES, "身份证号码": NUMBERS, "类别": "低保"}, {"name": NAMES, "id_number": NUMBERS}),
    ("eligibility", {"户主姓名": PARENTS, **PUPIL, "类别": "低保"}, {"name": NAMES, "id_number": NUMBERS}),
    ("payments", {"户主姓名": PARENTS, "户主身份证号": THEIRS, "学生姓名": NAMES, "身份证号": NUMBERS, **PAID}, {"name": NAMES, "id_number": NUMBERS}),
    # terms in two columns
    ("payments", {**PUPIL, "学年": "2024-2025学年", "学期": "1", **PAID}, {"term": ["2024-autumn"] * 6}),
    ("payments", {**PUPIL, "学年度": "2024/2025", "学期": "上学期", **PAID}, {"term": ["2024-autumn"] * 6}),
    ("payments", {**PUPIL, "学年": "2023-2024", "学期": "第二学期", **PAID}, {"term": ["2024-spring"] * 6}),
    ("payments", {**PUPIL, "年度": "2024", "学期": "秋季", **PAID}, {"term": ["2024-autumn"] * 6}),
    # grades in classes, codes of grades
    ("enrolment", {**AT_SCHOOL, "班级": "四年级（1）班"}, {"grade": ["四年级（1）班"] * 6}),
    ("enrolment", {**AT_SCHOOL, "年级代码": ["11", "12", "13", "14", "15", "16"]}, {"grade_coding": ["two_digit"] * 6}),
    ("enrolment", {**AT_SCHOOL, "年级代码": ["7", "8", "9", "7", "8", "9"]}, {"grade_coding": [""] * 6}),
    # two columns of categories, money due and paid, stars
    ("eligibility", {**PUPIL, "户类型": ["脱贫户", "一般农户"] * 3, "监测对象类型": ["", "突发严重困难户"] * 3},
     {"category": ["脱贫户", "突发严重困难户"] * 3}),
    ("payments", {**PUPIL, "补助项目": "寄宿生生活补助", "应发金额": 700, "实发金额": 625}, {"amount": ["625"] * 6}),
    ("payments", {"姓名（＊）": NAMES, "【*】身份证号": NUMBERS, "补助项目★": "寄宿生生活补助", "金额（元）(*)": 625}, {"id_number": NUMBERS, "amount": ["625"] * 6}),
    # certificates
    ("eligibility", {"姓名": NAMES, "残疾人证号": [n + "42" for n in NUMBERS], "类别": "残疾"}, {"id_number": NUMBERS}),
    ("eligibility", {"姓名": NAMES, "残疾证号码": [n + "42B1" for n in NUMBERS], "类别": "残疾"}, {"id_number": NUMBERS}),
    # a household a row; the head, who is a member too, is read once
    ("eligibility", {"户主姓名": PARENTS, "成员1姓名": NAMES, "成员1身份证号": NUMBERS, "成员2姓名": PARENTS, "类别": "低保"},
     {"name": [n for pair in zip(PARENTS, NAMES, strict=True) for n in pair], "id_number": [n for m in NUMBERS for n in (None, m)]}),
    # days of the term's year, and days whose year stays open
    ("payments", {**PUPIL, **PAID, "发放日期": "11月20日"}, {"pay_date": ["2024-11-20"] * 6}),
    ("payments", {**PUPIL, **PAID, "发放日期": "1月8日"}, {"pay_date": ["2025-1-8"] * 6}),
    ("payments", {**PUPIL, **PAID, "学期": "2024年春季学期", "发放日期": "5月6日"}, {"pay_date": ["2024-5-6"] * 6}),
    ("payments", {**PUPIL, **PAID, "发放日期": "5月6日"}, {"pay_date": ["5月6日"] * 6}),
    ("payments", {**PUPIL, **PAID, "发放日期": "11.2"}, {"pay_date": ["11.2"] * 6}),
]  # fmt: skip


@pytest.mark.parametrize(("table", "columns", "expected"), READ, ids=range(len(READ)))
def test_a_relative_is_read(
    relative: Any, table: str, columns: dict[str, Any], expected: dict[str, list[str | None]]
) -> None:
    delivery = relative(table, columns)
    assert delivery.problems == ()
    frame = delivery.raw[table]
    assert {column: frame[column].tolist() for column in expected} == expected


@pytest.mark.parametrize(
    "period",
    [
        "2024.9.18-9.25", "2024年9月18日至9月25日", "9月18日—9月25日", "2024/9/18~2024/9/25", "9.18-9.25", "2024-9-18至2024-9-25",
    ],
)  # fmt: skip
def test_a_period_in_one_cell(relative: Any, period: str) -> None:
    delivery = relative("applications", {**PUPIL, "公示时间": period, "县级审批时间": "2024.10.8"})
    assert delivery.problems == ()
    frame = delivery.raw["applications"]
    assert {*frame["posted_from"]} == {"2024-9-18"}
    assert {*frame["posted_to"]} == {"2024-9-25"}


@pytest.mark.parametrize(
    ("table", "title", "sheet"),
    [
        ("payments", "", "青山小学寄宿生生活补助"),
        ("planned", "青山小学2024年秋季学期寄宿生生活补助拟发放名单", "Sheet1"),
        ("payments", "2024年秋季学期青山小学寄宿生生活补助发放表", "寄宿生生活补助"),
    ],
)
def test_school_and_scheme_of_a_name_or_a_title(relative: Any, table: str, title: str, sheet: str) -> None:
    amount = "应发金额" if table == "planned" else "金额"
    delivery = relative(table, {**PUPIL, amount: 625}, title, sheet)
    assert delivery.problems == ()
    assert {*delivery.raw[table]["school_name"]} == {"青山小学"}
    assert {*delivery.raw[table]["scheme"]} == {"boarder_allowance"}
    [report] = delivery.files[0].sheets
    assert report.stated == ("scheme", "school_name")


@pytest.mark.parametrize(
    ("columns", "reason", "left_out_count"),
    [
        ({"类别": "脱贫户", "是否享受政策": ["是", "否"] * 3}, "not_entitled", 3),
        ({"类别": "低保", "保障状态": ["在保", "停保", "在保"] * 2}, "not_entitled", 2),
    ],
)
def test_who_is_no_longer_entitled_is_left_out_and_counted(
    relative: Any, left_out: Any, columns: dict[str, Any], reason: str, left_out_count: int
) -> None:
    delivery = relative("eligibility", {**PUPIL, **columns})
    assert delivery.problems == ()
    assert list(left_out(delivery).values()).count(reason) == left_out_count


ASKED_RULES: list[tuple[str, dict[str, Any], str]] = [
    ("enrolment", {**AT_SCHOOL, "班级": "向日葵班"}, "缺少必需列“学段”或“年级”"),
    ("eligibility", {"户主": PARENTS, "家庭成员": [f"{a}、{b}" for a, b in zip(NAMES, PARENTS, strict=True)], "身份证号": THEIRS, "类别": "低保"}, "“家庭成员”一格里写了几个人"),
    ("eligibility", {"户主姓名": PARENTS, "身份证号": THEIRS, "类别": "低保"}, "名单只有“户主姓名”"),
    ("eligibility", {**PUPIL, "是否脱贫户": ["是", "否"] * 3, "是否重病户": ["否", "是"] * 3}, "困难类型写在 2 个“是否”列中"),
    ("payments", {"户主姓名": PARENTS, "身份证号": NUMBERS, "学生姓名": NAMES, **PAID}, "分不清是谁的号码"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "columns", "question"), ASKED_RULES, ids=range(len(ASKED_RULES)))
def test_a_relative_that_cannot_be_read_for_certain_is_asked_about(
    relative: Any, table: str, columns: dict[str, Any], question: str
) -> None:
    [problem] = relative(table, columns).problems
    assert question in problem.what.zh
