"""The school that stands only in the title, above the header, or in the sheet's or the file's name."""

from __future__ import annotations

import pytest

TERM = "2024-autumn"
HEADER = ["姓名", "身份证号", "资助项目", "金额"]
ROW = ["样甲", "990122201501010017", "寄宿生生活补助", 625]


@pytest.mark.parametrize(
    ("above", "sheet", "school"),
    [
        (["学校（盖章）：青山镇中心小学"], "Sheet1", "青山镇中心小学"),
        (["填报单位：样县第二初级中学"], "Sheet1", "样县第二初级中学"),
        (["青山镇中心小学2024年秋季学期寄宿生补助发放表"], "Sheet1", "青山镇中心小学"),
        ([], "样县第二初级中学", "样县第二初级中学"),
        (["样县第二初级中学2024年秋季学期发放表"], "第二初级中学", "样县第二初级中学"),
        (["附件2：青山小学2024年秋季学期发放表"], "Sheet1", "青山小学"),
        (["2024年秋季学期青山小学寄宿生生活补助发放表"], "Sheet1", "青山小学"),
        (["青山小学寄宿生生活补助发放表（2024年秋季学校资助）"], "Sheet1", "青山小学"),
        ([], "青山镇中心小学三年级", "青山镇中心小学"),
        (["实验小学附属幼儿园2024年秋季发放表"], "Sheet1", "实验小学附属幼儿园"),
        (["样县青山镇中心幼儿园在园幼儿花名册"], "青山幼儿园", "样县青山镇中心幼儿园"),
        (["样县青山镇初级中学在校学生名册"], "青山初中", "样县青山镇初级中学"),
        (["样县第一高级中学普通高中国家助学金发放明细表"], "Sheet1", "样县第一高级中学"),
        (["样县白河九年一贯制学校初中部学生花名册"], "初中部", "样县白河九年一贯制学校"),
        (["样县白河学校小学部2024年秋季发放表"], "小学部", "样县白河学校"),
        (["样县第一中学高一年级在籍学生名册（2024年9月）"], "高一", "样县第一中学"),
        (["样县第一中学2024级高二(3)班学生名册"], "Sheet1", "样县第一中学"),
        (["样县青山镇中心小学6年级花名册"], "Sheet1", "样县青山镇中心小学"),
        (["样县职业教育中心2024年秋季学期在籍学生名册"], "在籍", "样县职业教育中心"),
        # another school in the sheet's name, a bureau, or schools in general: none is read
        (["学校：青山小学"], "白水小学", None),
        (["学校：样县第十一小学"], "第一小学", None),
        (["样县青山镇中心幼儿园在园幼儿花名册"], "白水幼儿园", None),
        (["填报单位（盖章）：样县教育局"], "Sheet1", None),
        (["样县各学校2024年秋季学期发放表"], "义务教育学校", None),
        (["样县2024年秋季学期发放表"], "小学", None),
        (["样县小学家庭经济困难学生资助发放表"], "Sheet1", None),
        (["普通高中2024年秋季学期国家助学金发放表"], "Sheet1", None),
        (["2024年秋季学期初级中学学生花名册"], "Sheet1", None),
    ],
)
def test_the_school_of_a_sheet_is_what_it_states_alone(county, cells, above, sheet, school):
    county.book("a.xlsx", {sheet: [*([text] for text in above), HEADER, ROW]})
    assert cells(county.read(term=TERM, payments=["a.xlsx"]), "payments", "school_name") == [school]


def test_a_school_of_the_files_name_serves_where_the_sheets_state_none(county, cells):
    county.sheet("青山镇中心小学.xlsx", [HEADER, ROW])
    assert cells(county.read(term=TERM, payments=["*.xlsx"]), "payments", "school_name") == ["青山镇中心小学"]


def test_a_column_of_schools_outranks_the_title(county, cells):
    county.book("a.xlsx", {"青山小学": [[*HEADER, "学校"], [*ROW, "白水小学"]]})
    assert cells(county.read(term=TERM, payments=["a.xlsx"]), "payments", "school_name") == ["白水小学"]


def test_a_class_list_of_a_sheet_a_school_lacks_no_school(county, cells):
    county.book(
        "a.xlsx", {"青山小学": [["姓名", "身份证号", "班级"], ["样甲", "990122201501010017", "三(2)班"]]}
    )
    delivery = county.read(term=TERM, enrolment=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "enrolment", "school_name", "grade") == [("青山小学", "三(2)班")]


def test_a_copy_under_another_name_is_still_a_copy(county, problem_texts):
    rows = [HEADER, ROW, ["样乙", "990122201502020028", "寄宿生生活补助", 625]]
    for sheets in (
        {"青山小学": rows, "青山小学 (2)": rows},
        {"青山小学": rows, "全部": rows},
        {"青山小学": rows, "白水小学": rows},
    ):
        county.book("a.xlsx", sheets)
        assert problem_texts(county.read(term=TERM, payments=["a.xlsx"])) == [
            "同样的记录出现在两处（发放明细），会使每条记录重复"
        ]


def test_a_class_that_is_a_bare_number_is_no_grade_and_the_stage_is_asked_for(county):
    person = ["样甲", "990122200801010017"]
    county.book(
        "a.xlsx", {"青山中学": [["姓名", "身份证号", "班"], [*person, "1"], [*person, "2"], [*person, "1班"]]}
    )
    [problem] = county.read(term=TERM, enrolment=["a.xlsx"]).problems
    assert "缺少必需列“学段”或“年级”" in problem.what.zh and "为全表选定“学段”" in problem.remedy.zh


@pytest.mark.parametrize(
    ("entry_year", "grade"),
    [("2022-09", "2022级"), ("2022年9月1日", "2022级"), ("202209", "2022级"), (44805, "2022级"), ("2022", "2022级"), ("2023-03", "2023-03")],
)  # fmt: skip
def test_where_no_column_tells_the_grade_the_year_of_entry_does(county, cells, entry_year, grade):
    header = ["姓名", "身份证号", "学校", "入学年月"]
    row = ["样甲", "990122201001010017", "青山中学", entry_year]
    county.book("a.xlsx", {"Sheet1": [header, row]})
    delivery = county.read(term=TERM, enrolment=["a.xlsx"])
    assert not delivery.problems and cells(delivery, "enrolment", "grade") == [grade]
    county.book("a.xlsx", {"Sheet1": [[*header, "年级"], [*row, "初一"]]})
    assert cells(county.read(term=TERM, enrolment=["a.xlsx"]), "enrolment", "grade") == ["初一"]
    county.book("a.xlsx", {"Sheet1": [[*header[:3], "入校的年份"], row]})
    own = {"enrolment": {"入校的年份": "grade"}}
    assert cells(county.read(own, term=TERM, enrolment=["a.xlsx"]), "enrolment", "grade") == [grade]
