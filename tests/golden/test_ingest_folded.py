"""Several records in one row: read one by one where columns tell them apart, else asked about; never read as one."""

from __future__ import annotations

import pytest

TERM = "2024-autumn"
CHILD = "990122201501010017"
PARENT = "990122198001010015"
OTHER_PARENT = "990122198202020021"
LONELY = "990122195003030033"


def problems(county, problem_texts, table, header, *rows, title=(), **file):
    county.sheet("a.xlsx", [*title, header, *rows])
    return problem_texts(county.read(term=TERM, **{table: [{"files": "a.xlsx", **file}]}))


@pytest.mark.parametrize(
    "pair",
    [
        ("家庭成员{}姓名", "家庭成员{}身份证号"),
        ("成员{}姓名", "成员{}身份证件号码"),
        ("成员姓名{}", "成员身份证号{}"),
        ("姓名{}", "身份证号{}"),
        ("家庭成员{}", "证件号{}"),
    ],
)
def test_members_of_a_household_in_columns_are_read_one_by_one_the_head_too(county, cells, pair):
    header = [
        "序号",
        "户主姓名",
        "户主身份证号",
        *(text.format(n) for n in (1, 2, 3) for text in pair),
        "乡镇",
    ]
    rows = [[1, "样户主", PARENT, "样母", OTHER_PARENT, "样子", CHILD, None, None, "青山镇"],
            [2, "孤老", LONELY, *[None] * 6, "白水镇"], ["合计", "2户", *[None] * 8]]  # fmt: skip
    county.sheet("a.xlsx", [["低保名册"], header, *rows], merged=["A1:J1"])
    delivery = county.read(term=TERM, eligibility=[{"files": "a.xlsx", "category": "low_income"}])
    assert not delivery.problems
    household = "a.xlsx!Sheet1!3"
    assert cells(delivery, "eligibility", "source", "name", "id_number", "household_no", "town") == [
        ("a.xlsx!Sheet1!3.1", "样户主", PARENT, household, "青山镇"),
        ("a.xlsx!Sheet1!3.2", "样母", OTHER_PARENT, household, "青山镇"),
        ("a.xlsx!Sheet1!3.3", "样子", CHILD, household, "青山镇"),
        ("a.xlsx!Sheet1!4", "孤老", LONELY, "a.xlsx!Sheet1!4", "白水镇"),
    ]
    assert [out.reason for out in delivery.files[0].sheets[0].left_out] == ["title", "header", "subtotal"]


@pytest.mark.parametrize(
    "columns", [{}, {"eligibility": {"家庭成员1": "name", "证件号1": "id_number", "户类": "category"}}]
)
def test_members_are_read_one_by_one_whatever_the_other_headers_are_and_whoever_says_what_the_first_is(
    county, cells, columns
):
    """Once somebody had said what 家庭成员1 was, the second child was lost without a word."""
    header = [
        "乡",
        "户主",
        "户主证件",
        "户类",
        "家庭成员1",
        "证件号1",
        "关系1",
        "家庭成员2",
        "证件号2",
        "关系2",
    ]
    row = ["白沙乡", "样户主", PARENT, "低保", "样子", CHILD, "长子", "样女", LONELY, "次女"]
    county.sheet("a.xlsx", [["农户家庭信息"], header, row])
    source = {"files": "a.xlsx"} if columns else {"files": "a.xlsx", "category": "low_income"}
    delivery = county.read(columns, term=TERM, eligibility=[source])
    assert not delivery.problems
    assert cells(delivery, "eligibility", "name", "id_number") == [
        ("样户主", PARENT),
        ("样子", CHILD),
        ("样女", LONELY),
    ]


def test_one_numbered_member_beside_the_head_is_read_too(county, cells):
    header = ["户主姓名", "身份证号", "子女1姓名", "子女1身份证号"]
    county.sheet("a.xlsx", [header, ["样户主", PARENT, "样子", CHILD]])
    delivery = county.read(term=TERM, eligibility=[{"files": "a.xlsx", "category": "low_income"}])
    assert cells(delivery, "eligibility", "name", "id_number") == [("样户主", PARENT), ("样子", CHILD)]


def test_members_below_a_group_header_that_says_the_same_again_and_again(county, cells):
    upper = ["低保证号", "户主", None, "家庭成员情况", None, None, None, None, None]
    lower = [None, "姓名", "身份证号", *["姓名", "身份证号", "与户主关系"] * 2]
    row = ["D1", "样户主", PARENT, "样户主", PARENT, "本人", "样子", CHILD, "之子"]
    county.sheet("a.xlsx", [upper, lower, row], merged=["A1:A2", "B1:C1", "D1:I1"])
    delivery = county.read(term=TERM, eligibility=[{"files": "a.xlsx", "category": "low_income"}])
    assert not delivery.problems
    assert cells(delivery, "eligibility", "source", "name", "household_no", "relation") == [
        ("a.xlsx!Sheet1!3.1", "样户主", "D1", "户主"),
        ("a.xlsx!Sheet1!3.2", "样子", "D1", "之子"),
    ]


def test_a_pupils_family_beside_the_pupil_is_no_household(county, problem_texts, cells):
    header = ["学生姓名", "身份证号", "困难类型", "成员1姓名", "成员1身份证号", "成员2姓名", "成员2身份证号"]
    row = ["样子", CHILD, "低保", "样父", PARENT, "样母", PARENT]
    assert not problems(county, problem_texts, "eligibility", header, row)


def test_a_list_of_heads_is_not_proposed_as_one_of_children(county, problem_texts):
    county.sheet(
        "a.xlsx", [["序号", "户主姓名", "低保证号", "保障人数"], *[[n, "样户主", "N1", 2] for n in (1, 2, 3)]]
    )
    (problem,) = county.read(term=TERM, eligibility=[{"files": "a.xlsx", "category": "low_income"}]).problems
    assert "没有家庭成员" in problem.what.zh
    assert "name}" not in problem.remedy.zh


@pytest.mark.parametrize("between", [",", "、", "，", ";", "/", "\n"])
def test_several_people_in_a_cell_are_read_where_names_and_numbers_are_as_many(county, cells, between):
    row = [f"样户主{between}样孩子", f"{PARENT}{between}{CHILD}", "低保"]
    county.sheet("a.xlsx", [["家庭成员姓名", "家庭成员身份证号", "类别"], row])
    delivery = county.read(term=TERM, eligibility=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "eligibility", "source", "name", "id_number") == [
        ("a.xlsx!Sheet1!2.1", "样户主", PARENT),
        ("a.xlsx!Sheet1!2.2", "样孩子", CHILD),
    ]


def test_several_people_in_a_cell_with_fewer_names_than_numbers_are_asked_about(county, problem_texts):
    rows = [
        ["样户主、样孩子", f"{PARENT}、{CHILD}", "低保"],
        ["样母、样女", f"{OTHER_PARENT}、{LONELY}、{CHILD}", "低保"],
    ]
    texts_of_problems = problems(
        county, problem_texts, "eligibility", ["家庭成员姓名", "家庭成员身份证号", "类别"], *rows
    )
    assert texts_of_problems == ["“家庭成员姓名”一格里写了几个人：第 2、3 行，共 2 行"]


def test_a_category_in_columns_of_yes_and_no_of_which_one_is_unknown_is_asked_about(county, problem_texts):
    header = ["姓名", "身份证号", "学校", "年级", "班级", "是否建档立卡户", "是否低保户", "是否重病户"]
    rows = [
        ["样甲", CHILD, "小学", "一年级", "1班", "是", "否", "否"],
        ["样乙", CHILD, "小学", "一年级", "1班", "否", "是", "否"],
    ]
    assert not problems(county, problem_texts, "eligibility", header, *rows)
    rows.append(["样丙", CHILD, "小学", "一年级", "1班", "否", "否", "是"])
    assert problems(county, problem_texts, "eligibility", header, *rows) == ["困难类型写在 3 个“是否”列中"]


def test_beside_a_category_such_columns_say_nothing(county, problem_texts):
    header = ["姓名", "身份证号", "困难类型", "是否残疾", "是否孤儿"]
    rows = [["样甲", CHILD, "低保", "是", "否"], ["样乙", CHILD, "低保", "否", "是"]]
    assert not problems(county, problem_texts, "eligibility", header, *rows)


SCHEMES = [
    "序号",
    "学校",
    "姓名",
    "身份证号",
    "寄宿生生活补助",
    "非寄宿生生活补助",
    "营养膳食补助",
    "实发合计",
]


def test_schemes_side_by_side_of_another_sum_or_said_to_be_one_are_asked_about(county, problem_texts):
    row = [1, "青山小学", "样甲", CHILD, 625, None, 500, 1125]
    question_texts = ["几个资助项目左右并排，合计金额是几个项目之和"]
    assert problems(county, problem_texts, "payments", SCHEMES, [*row[:-1], 1000]) == question_texts
    county.sheet("a.xlsx", [SCHEMES, row])
    own = {"payments": {"实发合计": "amount"}}
    file = {"files": "a.xlsx", "scheme": "boarder_allowance"}
    assert problem_texts(county.read(own, term=TERM, payments=[file])) == question_texts


BOARDING = ["姓名", "身份证号", "学校", "是否寄宿", "补助金额"]
MIXED_ROWS = [["样甲", CHILD, "青山小学", "是", 625], ["样乙", CHILD, "青山小学", "否", 312.5]]


def test_a_title_of_both_schemes_and_a_column_of_boarding_tell_the_scheme(county, cells):
    county.sheet("a.xlsx", [["样县2024年秋季学期义务教育生活补助发放花名册"], BOARDING, *MIXED_ROWS])
    delivery = county.read(term=TERM, payments=["a.xlsx"])
    assert not delivery.problems
    is_boarder = {row[0]: row[3] == "是" for row in MIXED_ROWS}
    for name, scheme in cells(delivery, "payments", "name", "scheme"):
        assert scheme == ("寄宿生生活补助" if is_boarder[name] else "非寄宿生生活补助")


@pytest.mark.parametrize(
    ("title", "file"),
    [([["样县2024年秋季学期寄宿生生活补助发放花名册"]], {}), ([], {"scheme": "boarder_allowance"})],
)
def test_boarders_and_day_pupils_in_one_list_without_schemes_are_asked_about(
    county, problem_texts, title, file
):
    assert problems(county, problem_texts, "payments", BOARDING, *MIXED_ROWS, title=title, **file)[
        0
    ].startswith("没有“资助项目”一列")


def test_where_the_scheme_does_not_depend_on_boarding_or_all_board_nothing_is_asked(county, problem_texts):
    assert not problems(county, problem_texts, "payments", BOARDING, *MIXED_ROWS, scheme="senior_grant")
    assert not problems(
        county, problem_texts, "payments", BOARDING, MIXED_ROWS[0], scheme="boarder_allowance"
    )


def test_a_name_of_several_schemes_is_asked_about_and_never_proposed_as_an_alias(county):
    county.sheet("a.xlsx", [county.header, county.person(资助项目="义务教育家庭经济困难学生生活补助")])
    (problem,) = county.read(term=TERM, payments=["a.xlsx"]).problems
    assert problem.what.zh == "“义务教育家庭经济困难学生生活补助”是几个项目的总称"
    assert "aliases" not in problem.remedy.zh


def test_a_file_or_a_row_of_a_scheme_outside_the_audit_is_left_out_and_counted(county, cells, left_out):
    county.sheet("a.xlsx", [["姓名", "金额"], ["样甲", 1500]])
    delivery = county.read(term=TERM, payments=[{"files": "a.xlsx", "scheme": "outside"}])
    assert not delivery.problems
    assert left_out(delivery) == {"a.xlsx!Sheet1!1": "header", "a.xlsx!Sheet1!2": "other_scheme"}
    county.sheet("b.xlsx", [county.header, county.person(资助项目="营养膳食补助"), county.person()])
    assert cells(county.read(term=TERM, payments=["b.xlsx"]), "payments", "scheme") == ["寄宿生生活补助"]
