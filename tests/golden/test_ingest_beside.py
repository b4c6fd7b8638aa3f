"""What stands beside a value, a header or a row and changes it: remarks, units, sums of a part, forms with several readings."""

from __future__ import annotations

from typing import Any

import pytest
from relatives import children

CHILDREN = children()
NAMES, NUMBERS = [c.name for c in CHILDREN], [c.number for c in CHILDREN]
PUPIL: dict[str, Any] = {"姓名": NAMES, "身份证号": NUMBERS}
AT_SCHOOL = {"学校": "青山小学", **PUPIL, "年级": "三年级"}
PAID = {**PUPIL, "资助项目": "寄宿生生活补助", "金额": 625}
LISTED_PUPIL = {**PUPIL, "困难类型": "低保"}
TERM = "2024-autumn"


@pytest.fixture
def sheet_of(county: Any) -> Any:
    """``sheet_of(table, columns, …)``: the delivery of one sheet whose columns are lists, or one value for all rows."""

    def of(table: str, columns: dict[str, Any], *above: list[str], sheet: str = "Sheet1") -> Any:
        rows = [[c[i] if isinstance(c, list) else c for c in columns.values()] for i in range(len(NAMES))]
        county.book("a.xlsx", {sheet: [*above, list(columns), *rows]})
        return county.read(term=TERM, **{table: ["a.xlsx"]})

    return of


def said_of_one(word: str) -> list[str]:
    return [word] + [""] * 5


# --- remarks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "columns", "remark"),
    [
        ("payments", {**PAID, "发放结果": "成功"}, "退汇"),
        ("payments", {**PAID, "发放结果": "成功"}, "停发"),
        ("enrolment", {**AT_SCHOOL, "学生状态": "在读"}, "已转出到外县"),
        ("eligibility", {**LISTED_PUPIL, "是否享受政策": "是"}, "2024年3月停保"),
    ],
)
def test_a_remark_that_denies_what_its_row_says_is_asked_about(
    sheet_of: Any, problem_texts: Any, table: str, columns: dict[str, Any], remark: str
) -> None:
    [question] = problem_texts(sheet_of(table, {**columns, "备注": said_of_one(remark)}))
    assert question.startswith("同一行里“") and "“备注”写有“" in question


@pytest.mark.parametrize(
    ("table", "columns", "remark"),
    [
        ("payments", {**PAID, "发放结果": ["失败"] + ["成功"] * 5}, "退汇"),
        ("payments", {**PAID, "发放结果": "成功"}, "退汇后已补发"),
        ("enrolment", {**AT_SCHOOL, "学生状态": ["转出"] + ["在读"] * 5}, "已转出到外县"),
        ("enrolment", {**AT_SCHOOL, "学生状态": "在读"}, "转入"),
        (
            "eligibility",
            {**LISTED_PUPIL, "是否享受政策": "是", "停保日期": said_of_one("2024-03-01")},
            "已停保",
        ),
    ],
)
def test_a_remark_that_repeats_its_row_or_is_set_right_asks_nothing(
    sheet_of: Any, table: str, columns: dict[str, Any], remark: str
) -> None:
    assert sheet_of(table, {**columns, "备注": said_of_one(remark)}).problems == ()


@pytest.mark.parametrize(
    "remark", ["已退汇，不发", "停发", "未领取", "与上条重复", "重复录入", "已退学，不再发放"]
)
def test_a_payment_that_was_not_made_by_its_remark_is_asked_about(
    sheet_of: Any, problem_texts: Any, remark: str
) -> None:
    [question] = problem_texts(sheet_of("payments", {**PAID, "备注": said_of_one(remark)}))
    assert question.startswith("没有“发放结果”一列，而“备注”中写有“")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("本月变动", ["减少（死亡）", "减少", "新增", "不变", None, "核减"]),
        ("证件状态", ["注销", "已注销", "正常", "有效", None, "注销"]),
        ("保障状态", ["终止保障", "终止", "保障中", "享受中", None, "停止保障"]),
    ],
)
def test_who_is_no_longer_entitled_by_a_state_or_a_change_is_left_out(
    sheet_of: Any, cells: Any, left_out: Any, header: str, words: list[str | None]
) -> None:
    delivery = sheet_of("eligibility", {**LISTED_PUPIL, header: words})
    assert delivery.problems == ()
    assert cells(delivery, "eligibility", "name") == NAMES[2:5]
    assert [*left_out(delivery).values()].count("not_entitled") == 3


# --- units and sums -----------------------------------------------------------------------------------------------


def test_a_unit_that_makes_figures_of_persons_impossible_is_asked_about(
    sheet_of: Any, problem_texts: Any
) -> None:
    [question] = problem_texts(sheet_of("payments", PAID, ["单位：万元"]))
    assert question == "表里写的单位是“万元”，“金额”里有“625”，即每人 625万元，不合常理"
    assert sheet_of("payments", {**PAID, "金额": "0.0625"}, ["单位：万元"]).problems == ()


def test_the_sum_of_a_stage_among_its_schools_is_no_part(county: Any, cells: Any, left_out: Any) -> None:
    rows = [
        ["甲小学", 2, 1000],
        ["乙小学", 3, 1500],
        ["小学小计", 5, 2500],
        ["丙中学", 1, 625],
        ["初中小计", 1, 625],
        ["总计", 6, 3125],
    ]
    county.sheet("a.xlsx", [["学校名称", "人次", "金额"], *rows])
    delivery = county.read(term=TERM, control_totals=["a.xlsx"])
    assert cells(delivery, "control_totals", "school_name") == ["甲小学", "乙小学", "丙中学", None]
    assert [*left_out(delivery).values()].count("subtotal") == 2


def test_parts_that_are_all_called_sums_stay(county: Any, cells: Any) -> None:
    county.sheet(
        "a.xlsx", [["学段", "人次", "金额"], ["小学小计", 5, 2500], ["初中小计", 1, 625], ["总计", 6, 3125]]
    )
    delivery = county.read(term=TERM, control_totals=["a.xlsx"])
    assert cells(delivery, "control_totals", "persons") == ["5", "1", "6"]


# --- categories ---------------------------------------------------------------------------------------------------


def test_an_answer_tells_the_category_that_the_column_of_categories_leaves_empty(
    sheet_of: Any, cells: Any
) -> None:
    columns = {**PUPIL, "是否脱贫户": ["是", "否"] * 3, "监测对象类型": ["", "突发严重困难户"] * 3}
    delivery = sheet_of("eligibility", columns)
    assert delivery.problems == ()
    assert cells(delivery, "eligibility", "category") == ["脱贫户", "突发严重困难户"] * 3


def test_an_ordinary_household_is_what_another_column_says(sheet_of: Any, cells: Any) -> None:
    columns = {**PUPIL, "户属性": ["脱贫户", "一般农户", "一般农户"] * 2, "低保类型": ["", "农村低保", ""] * 2,
               "监测对象类别": ["", "", "边缘易致贫户"] * 2}  # fmt: skip
    delivery = sheet_of("eligibility", columns)
    assert cells(delivery, "eligibility", "category") == ["脱贫户", "农村低保", "边缘易致贫户"] * 2


def test_an_ordinary_household_of_which_nothing_else_is_said_is_asked_about(
    sheet_of: Any, cells: Any
) -> None:
    columns = {**PUPIL, "户属性": ["脱贫户", "一般农户"] * 3, "低保类型": ""}
    assert cells(sheet_of("eligibility", columns), "eligibility", "category") == ["脱贫户", "一般农户"] * 3


def test_numbers_of_certificates_below_another_header_begin_with_the_childs(
    sheet_of: Any, cells: Any
) -> None:
    columns = {"姓名": NAMES, "证件号码": [f"{number}42" for number in NUMBERS], "困难类型": "残疾"}
    assert cells(sheet_of("eligibility", columns), "eligibility", "id_number") == NUMBERS


# --- schemes ------------------------------------------------------------------------------------------------------

PAYMENT = {**PUPIL, "金额": 625}


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("小学寄宿生补助", "寄宿生补助"),
        ("初中非寄宿生补助", "非寄宿生补助"),
        ("义务教育阶段寄宿生生活补助(小学)", "义务教育阶段寄宿生生活补助"),
        ("一补(非寄宿生)", "非寄宿生生活补助"),
        ("一补（寄宿）", "寄宿生生活补助"),
        ("普通高中国家助学金（二等）", "普通高中国家助学金"),
        ("小学免学杂费", "小学免学杂费"),
        ("高中助学金", "高中助学金"),
    ],
)
def test_what_stands_beside_the_name_of_a_scheme_is_dropped(
    sheet_of: Any, cells: Any, name: str, read: str
) -> None:
    delivery = sheet_of("payments", {**PAYMENT, "资助项目": name})
    assert {*cells(delivery, "payments", "scheme")} == {read}


def test_a_column_of_boarders_and_day_pupils_tells_the_scheme_whatever_its_header(
    sheet_of: Any, cells: Any
) -> None:
    columns = {
        **PAYMENT,
        "学生类别": ["寄宿生", "非寄宿生"] * 3,
        "资助项目": "义务教育家庭经济困难学生生活补助",
    }
    delivery = sheet_of("payments", columns)
    assert delivery.problems == ()
    assert cells(delivery, "payments", "scheme") == ["寄宿生生活补助", "非寄宿生生活补助"] * 3


def test_a_column_that_says_of_some_whether_they_board_leaves_the_scheme_open(
    sheet_of: Any, problem_texts: Any
) -> None:
    columns = {
        **PAYMENT,
        "学生类别": ["寄宿生", "留守儿童"] * 3,
        "资助项目": "义务教育家庭经济困难学生生活补助",
    }
    assert any("是几个项目的总称" in text for text in problem_texts(sheet_of("payments", columns)))


@pytest.mark.parametrize("group", ["资助项目", "资助项目（元）"])
def test_a_group_called_scheme_stands_over_schemes_side_by_side(county: Any, cells: Any, group: str) -> None:
    rows = [
        [n, i, 625, None, 625] if at % 2 else [n, i, None, 312.5, 312.5]
        for at, (n, i) in enumerate(zip(NAMES, NUMBERS, strict=True))
    ]
    header = [
        ["姓名", "身份证号", group, None, "合计"],
        [None, None, "寄宿生生活补助", "非寄宿生生活补助", None],
    ]
    county.sheet("a.xlsx", [*header, *rows], merged=["A1:A2", "B1:B2", "C1:D1", "E1:E2"])
    delivery = county.read(term=TERM, payments=["a.xlsx"])
    assert delivery.problems == ()
    assert cells(delivery, "payments", "amount") == ["312.5", "625"] * 3


def test_terms_side_by_side_are_a_payment_each(sheet_of: Any, cells: Any) -> None:
    columns = {
        **PUPIL,
        "资助项目": "寄宿生生活补助",
        "2024年春季": [625, None] * 3,
        "2024年秋季学期金额": 750,
        "全年合计": [1375, 750] * 3,
    }
    delivery = sheet_of("payments", columns)
    assert delivery.problems == ()
    paid = cells(delivery, "payments", "term", "amount")
    assert (
        paid[:3] == [("2024年春季", "625"), ("2024年秋季学期", "750"), ("2024年秋季学期", "750")]
        and len(paid) == 9
    )


def test_terms_side_by_side_whose_sum_is_another_are_asked_about(sheet_of: Any, problem_texts: Any) -> None:
    columns = {**PUPIL, "资助项目": "寄宿生生活补助", "2024年春季": 625, "2024年秋季": 750, "全年合计": 2000}
    assert problem_texts(sheet_of("payments", columns)) == ["缺少必需列“金额”"]


def test_seasons_with_their_year_in_another_column_are_terms(sheet_of: Any, cells: Any) -> None:
    columns = {**PAID, "资助年份": 2024, "资助季度": ["春季", "秋季"] * 3}
    assert cells(sheet_of("payments", columns), "payments", "term") == ["2024-spring", "2024-autumn"] * 3


def test_seasons_below_an_unknown_header_are_asked_about(sheet_of: Any, problem_texts: Any) -> None:
    [question] = problem_texts(sheet_of("payments", {**PAID, "何时": ["春季", "秋季"] * 3}))
    assert question.startswith("“何时”一列没有用上，看来是“学期”")


# --- headers ------------------------------------------------------------------------------------------------------


def test_hints_in_front_of_a_header_and_its_english_are_dropped(sheet_of: Any, cells: Any) -> None:
    columns = {
        "【必填】姓名": NAMES,
        "身份证号 ID No.": NUMBERS,
        "[必填]困难类型": "低保",
        "【选填】乡镇 Town": "青山镇",
    }
    delivery = sheet_of("eligibility", columns)
    assert cells(delivery, "eligibility", "name", "id_number") == [*zip(NAMES, NUMBERS, strict=True)]
    assert {*cells(delivery, "eligibility", "town")} == {"青山镇"}


def test_family_and_given_name_in_two_columns_are_one_name(sheet_of: Any, cells: Any) -> None:
    columns = {
        "姓": [name[0] for name in NAMES],
        "名": [name[1:] for name in NAMES],
        "身份证号": NUMBERS,
        "困难类型": "低保",
    }
    assert cells(sheet_of("eligibility", columns), "eligibility", "name") == NAMES


def test_months_and_standards_are_not_proposed_for_the_amount(sheet_of: Any) -> None:
    columns = {**PUPIL, "资助项目": "寄宿生生活补助", "补助标准（元/月）": 125, "发放月数": 5}
    [question] = sheet_of("payments", columns).problems
    assert "发放月数" not in question.remedy.zh and "发放月数" in question.where.zh


def test_a_list_that_begins_with_a_person_is_told_to_have_no_header(county: Any, problem_texts: Any) -> None:
    county.sheet("a.xlsx", [[name, number, "低保"] for name, number in zip(NAMES, NUMBERS, strict=True)])
    assert problem_texts(county.read(eligibility=["a.xlsx"])) == [
        "第一行就是人员数据，上面没有表头（资格名册）"
    ]


def test_names_of_fields_are_shown_where_no_header_is_found(county: Any) -> None:
    rows = [[n, i, "青山小学", "三年级"] for n, i in zip(NAMES, NUMBERS, strict=True)]
    county.csv("a.csv", [["XM", "SFZJH", "XXMC", "NJ"], *rows])
    [question] = county.read(enrolment=["a.csv"]).problems
    assert "XM、SFZJH、XXMC、NJ" in question.where.zh


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("家庭成员", "赵建方\n吴桂花\n赵海强"),
        ("家庭成员及身份证号", "吴桂花（妻）99013119850502222X；赵海强（子）99013120170203103X"),
    ],
)
def test_members_in_one_cell_are_told_and_not_taken_for_a_list_of_heads(
    sheet_of: Any, problem_texts: Any, header: str, cell: str
) -> None:
    columns = {"户主姓名": NAMES, "户主身份证号": NUMBERS, header: cell, "类别": "低保"}
    assert problem_texts(sheet_of("eligibility", columns)) == [f"“{header}”一格里写了几个人"]


def test_a_sheet_called_by_a_category_alone_is_of_it(sheet_of: Any, cells: Any) -> None:
    delivery = sheet_of("eligibility", PUPIL, sheet="其他困难")
    assert delivery.problems == () and {*cells(delivery, "eligibility", "category")} == {"other_hardship"}
    assert sheet_of("eligibility", PUPIL, sheet="贫困学生名单").problems


# --- codes --------------------------------------------------------------------------------------------------------


def test_ticks_alone_leave_day_pupils_without_one(sheet_of: Any, cells: Any) -> None:
    ticked_rows = cells(
        sheet_of("enrolment", {**AT_SCHOOL, "住校": ["√", None] * 3}), "enrolment", "boarding"
    )
    assert ticked_rows == ["√", "否"] * 3
    answer_count = sheet_of("enrolment", {**AT_SCHOOL, "住校": ["是", None, "否"] * 2})
    assert cells(answer_count, "enrolment", "boarding") == ["是", None, "否"] * 2


def test_a_code_in_front_of_its_word_is_dropped(sheet_of: Any) -> None:
    words = ["01脱贫户", "02-低保户", "03监测户", "05残疾", "06孤儿", "01脱贫户"]
    assert sheet_of("eligibility", {**PUPIL, "困难类型": words}).problems == ()


@pytest.mark.parametrize(
    ("sheet", "grade"),
    [
        ("01七年级1班", "七年级1班"),
        ("0一年级2班", "一年级2班"),
        ("3五年级2班", "五年级2班"),
        ("10高一2班", "高一2班"),
    ],
)
def test_a_number_in_front_of_the_grade_in_a_sheets_name_is_no_part_of_it(
    sheet_of: Any, cells: Any, sheet: str, grade: str
) -> None:
    columns = {header: column for header, column in AT_SCHOOL.items() if header != "年级"}
    delivery = sheet_of("enrolment", columns, sheet=sheet)
    assert not delivery.problems
    assert set(cells(delivery, "enrolment", "grade")) == {grade}
