"""Lists one below another, each with its own title; aid of several schemes in one row; names that several stages share."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from auditlib.cells import grades

TERM = "2024-autumn"
HEADER = ["序号", "姓名", "身份证号"]


def people(*numbers: int) -> list[list[Any]]:
    return [[n, f"测试{'甲乙丙丁戊己'[n]}", f"99012220150101{n:03}X"] for n in numbers]


def stacked_lists(
    first: list[Any], second: list[Any], header: list[str] = HEADER, *more: Any
) -> list[list[Any]]:
    """Two lists, of three people and of two, the first over a page; ``more``: what stands in each row behind the number."""
    rows = [[*person, *more] for person in people(0, 1, 2, 3, 4)]
    end = ["制表：", None, "日期："]
    return [first, header, *rows[:2], header, rows[2], [], second, header, *rows[3:], end]


def test_the_category_in_the_title_of_each_list_is_that_of_its_rows(
    county: Any, cells: Any, left_out: Any
) -> None:
    county.sheet("名单.xlsx", stacked_lists(["一、特困供养学生"], ["二、孤儿名单"]))
    delivery = county.read(term=TERM, eligibility=["*.xlsx"])
    assert delivery.problems == ()
    assert cells(delivery, "eligibility", "category") == ["destitute"] * 3 + ["orphan"] * 2
    assert [place.rpartition("!")[2] for place, why in left_out(delivery).items() if why == "title"] == [
        "1",
        "8",
    ]


def test_a_title_of_the_whole_sheet_that_names_them_all_leaves_each_list_its_own(
    county: Any, cells: Any
) -> None:
    rows = stacked_lists(["一、特困供养学生"], ["二、孤儿（含事实无人抚养儿童）"])
    county.sheet("名单.xlsx", [["青禾县特困供养、孤儿及事实无人抚养儿童名册"], *rows])
    delivery = county.read(term=TERM, eligibility=["*.xlsx"])
    assert delivery.problems == ()
    assert cells(delivery, "eligibility", "category") == ["destitute"] * 3 + ["orphan"] * 2


def test_where_one_title_tells_nothing_its_rows_have_no_category_and_none_of_another_list(
    county: Any, cells: Any
) -> None:
    county.sheet(
        "名单.xlsx",
        [*stacked_lists(["特困供养学生名单"], ["孤儿名单"]), [], ["其他学生"], HEADER, *people(5)],
    )
    delivery = county.read(term=TERM, eligibility=["*.xlsx"])
    assert cells(delivery, "eligibility", "category")[-1] is None


def test_lists_of_several_classes_one_below_another(county: Any, cells: Any) -> None:
    county.sheet(
        "园.xlsx", stacked_lists(["班级：小一班", None, "教师：样师"], ["班级：大一班", None, "教师：样师"])
    )
    delivery = county.read(term=TERM, enrolment=[{"files": "园.xlsx", "school_name": "青山幼儿园"}])
    assert delivery.problems == ()
    assert cells(delivery, "enrolment", "grade") == ["小一班"] * 3 + ["大一班"] * 2


def test_lists_of_several_schools_one_below_another(county: Any, cells: Any) -> None:
    titles = ["青山小学寄宿生生活补助发放表"], ["白水小学寄宿生生活补助发放表"]
    county.sheet("校.xlsx", stacked_lists(*titles, [*HEADER, "金额"], 625))
    delivery = county.read(term=TERM, payments=["校.xlsx"])
    assert delivery.problems == ()
    assert cells(delivery, "payments", "school_name") == ["青山小学"] * 3 + ["白水小学"] * 2
    assert cells(delivery, "payments", "scheme") == ["boarder_allowance"] * 5


def test_lines_between_the_rows_begin_a_list_of_their_own(county: Any, cells: Any, left_out: Any) -> None:
    sections = [
        ["民政对象名单"],
        HEADER,
        ["一、特困供养学生"],
        *people(0, 1),
        ["二、孤儿"],
        *people(2),
        ["三、其他"],
        *people(3),
    ]
    county.sheet("名单.xlsx", sections)
    delivery = county.read(term=TERM, eligibility=["名单.xlsx"])
    assert cells(delivery, "eligibility", "category") == ["destitute", "destitute", "orphan", None]
    assert "名单.xlsx!Sheet1!3" in left_out(delivery)
    paid = [[*person, 625] for person in people(0, 1, 2)]
    county.sheet(
        "发放.xlsx",
        [["寄宿生生活补助发放表"], [*HEADER, "金额"], ["青山小学"], *paid[:2], ["白水小学"], paid[2]],
    )
    delivery = county.read(term=TERM, payments=["发放.xlsx"])
    assert cells(delivery, "payments", "school_name") == ["青山小学"] * 2 + ["白水小学"]


def test_the_class_in_the_title_of_each_list_of_a_kindergarten(county: Any, cells: Any) -> None:
    county.sheet("园.xlsx", stacked_lists(["青山幼儿园小一班幼儿花名册"], ["青山幼儿园大二班幼儿花名册"]))
    delivery = county.read(term=TERM, enrolment=["园.xlsx"])
    assert delivery.problems == ()
    assert cells(delivery, "enrolment", "grade") == ["小一班"] * 3 + ["大二班"] * 2


def test_a_class_of_a_kindergarten_tells_its_grade() -> None:
    assert grades.tells_grade("小一班") and not grades.tells_grade("小")


ABREAST = [*HEADER, "国家助学金", "免学杂费(元)", "营养餐", "免费教科书", "合计"]
ROWS = [[*people(0)[0], 1000, 420, None, None, 1420], [*people(1)[0], 1000, None, 500, 90, 1590], ["合计", "2人", None, 2000, 420, 500, 90, 3010]]  # fmt: skip


def test_aid_of_several_schemes_in_a_row_is_a_payment_each(county: Any, cells: Any) -> None:
    county.sheet("a.xlsx", [["样县高级中学2024年秋季学期资助发放花名册"], ABREAST, *ROWS])
    delivery = county.read(term=TERM, payments=["a.xlsx"])
    assert delivery.problems == ()
    assert cells(delivery, "payments", "scheme", "amount") == [
        ("senior_grant", "1000"), ("senior_fee_waiver", "420"), ("senior_grant", "1000"),
    ]  # fmt: skip
    [sheet] = delivery.files[0].sheets
    assert [one.agrees for one in sheet.sums] == [True]


def test_a_scheme_with_its_unit_is_a_scheme(county: Any, cells: Any) -> None:
    header = [*HEADER, "学前教育资助(元)", "免保育教育费金额（元）", "发放合计(元)"]
    county.sheet("a.xlsx", [header, [*people(0)[0], 500, 300, 800]])
    delivery = county.read(term=TERM, payments=["a.xlsx"])
    assert cells(delivery, "payments", "scheme", "amount") == [
        ("preschool_aid", "500"),
        ("preschool_fee_waiver", "300"),
    ]


def test_where_the_sum_is_another_or_a_second_line_stands_below_it_is_asked(
    county: Any, problem_texts: Any
) -> None:
    question_texts = ["几个资助项目左右并排，合计金额是几个项目之和"]
    county.sheet(
        "a.xlsx", [["样县高级中学资助发放花名册"], ABREAST, [*people(0)[0], 1000, 420, None, None, 1500]]
    )
    assert problem_texts(county.read(term=TERM, payments=["a.xlsx"])) == question_texts
    below = [None] * 3 + ["人数", "标准", "标准", "标准", None]
    county.sheet("a.xlsx", [["样县高级中学资助发放花名册"], ABREAST, below, *ROWS])
    assert county.read(term=TERM, payments=["a.xlsx"]).problems


PAID = [*HEADER, "学校", "班级", "资助项目", "金额"]


@pytest.mark.parametrize(
    ("file", "title", "row", "scheme"),
    [
        ("国家助学金.xlsx", "样县高级中学2024年秋季学期国家助学金发放表", ["样县高级中学", "2023级1班"], "senior_grant"),
        ("普高资助.xlsx", "国家助学金发放名单", ["一中", "1班"], "senior_grant"),
        ("资助.xlsx", "国家助学金发放名单", ["样县职业技术学校", "1班"], "vocational_grant"),
        ("资助.xlsx", "国家助学金发放名单", ["样县一中", "高二(1)班"], "senior_grant"),
        ("资助.xlsx", "免学费名单", ["样县中等专业学校职业高中部", "1班"], "vocational_fee_waiver"),
    ],
)  # fmt: skip
def test_a_name_that_several_stages_share_means_the_one_that_is_spoken_of(
    county: Any, cells: Any, file: str, title: str, row: list[str], scheme: str
) -> None:
    name = "免学费" if "免学费" in title else "国家助学金"
    county.sheet(file, [[title], PAID, [*people(0)[0], *row, name, 1000]])
    county.sheet("b.xlsx", [["名单"], PAID, [*people(1)[0], "青山小学", "一年级", "寄宿生生活补助", 625]])
    delivery = county.read(term=TERM, payments=["*.xlsx"])
    assert delivery.problems == ()
    assert scheme in cells(delivery, "payments", "scheme")
    without = [cell for cell in PAID if cell != "资助项目"]
    county.sheet(file, [[title], without, [*people(0)[0], *row, 1000]])
    delivery = county.read(term=TERM, payments=["*.xlsx"])
    assert delivery.problems == () and scheme in cells(delivery, "payments", "scheme")


def test_where_no_stage_or_two_are_spoken_of_it_is_asked_and_no_alias_proposed(county: Any) -> None:
    for title in ("国家助学金发放名单", "普高、中职国家助学金发放名单"):
        county.sheet("资助.xlsx", [[title], PAID, [*people(0)[0], "青山", "1班", "国家助学金", 1000]])
        [problem] = county.read(term=TERM, payments=["*.xlsx"]).problems
        assert problem.what.zh == "“国家助学金”几个学段都有" and "senior_grant" in problem.remedy.zh


def test_an_archive_is_told_as_one(county: Any) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.xlsx", b"PK")
    county.bytes("各园.zip", content.getvalue())
    [problem] = county.read(payments=["*.zip"]).problems
    assert problem.what.zh.startswith("这是压缩包") and "解压" in problem.remedy.zh


def test_the_one_term_in_a_longer_text_is_the_rows_term(county: Any, cells: Any) -> None:
    header = [*HEADER, "金额", "学期"]
    texts = ["2024年秋季学期寄宿生生活补助", "2024年春季学期补发2023年秋季学期生活补助"]
    county.sheet(
        "a.xlsx", [header, *([*one, 625, text] for one, text in zip(people(0, 1), texts, strict=True))]
    )
    delivery = county.read(term=TERM, payments=[{"files": "a.xlsx", "scheme": "boarder_allowance"}])
    assert cells(delivery, "payments", "term") == ["2024-autumn", texts[1]]


def test_the_grade_in_a_sheets_name_stands_behind_its_school(county: Any, cells: Any) -> None:
    rows = [["姓名", "身份证号", "学校"], ["测试一", "99012220100101001X", "青山镇中心小学"]]
    county.book(
        "学籍.xlsx",
        {
            "中心小学三年级": rows,
            "第二初级中学八年级": [rows[0], ["测试二", "99012220100101002X", "第二初级中学"]],
        },
    )
    delivery = county.read(enrolment=["学籍.xlsx"])
    assert cells(delivery, "enrolment", "grade") == ["小学三年级", "初中八年级"]
