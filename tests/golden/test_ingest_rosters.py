"""Rosters, counts and ledgers whose columns stand for days, weeks, grades, states or stages; names that a child bears."""

from __future__ import annotations

import pytest

from auditlib.ingest.accounts.persons_in_names import with_persons_hidden

TERM = "2020-autumn"
CHILD, OTHER = "990122201501010017", "990122201501010025"
SCHOOLS = ("青山小学", "白水小学")


def test_a_roll_with_a_column_a_day(county, cells):
    rows = [["青山小学考勤表"], ["姓名", "身份证号", "10月28日", "10.29(周四)"], ["样甲", CHILD, "√", "×"], ["样乙", OTHER, None, "√"]]  # fmt: skip
    county.sheet("a.xlsx", rows)
    delivery = county.read(term=TERM, attendance=["a.xlsx"])
    assert not delivery.problems
    columns = ("source", "name", "counted_on", "present")
    assert cells(delivery, "attendance", *columns) == [
        ("a.xlsx!Sheet1!3.1", "样甲", "2020-10-28", "√"),
        ("a.xlsx!Sheet1!3.2", "样甲", "2020-10-29", "×"),
        ("a.xlsx!Sheet1!4", "样乙", "2020-10-29", "√"),
    ]


def test_states_that_are_ticked_side_by_side(county, cells):
    rows = [["姓名", "身份证号", "学校", "在校", "请假", "休学"], ["样甲", CHILD, "青山小学", "√", None, None], ["样乙", OTHER, "青山小学", None, None, "√"]]  # fmt: skip
    county.sheet("a.xlsx", rows)
    delivery = county.read(term=TERM, attendance=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "attendance", "present") == ["在校", "休学"]


def test_heads_with_a_column_a_grade(county, cells):
    title = ["各学校在校学生人数统计表（2020年10月28日）"]
    county.sheet("a.xlsx", [title, ["学校", "三年级", "五年级", "合计"], *([s, 5, 4, 9] for s in SCHOOLS), ["合计", 10, 8, 18]])  # fmt: skip
    below = [None, "学籍人数", "实到人数", "学籍人数", "实到人数"]
    header = ["学校", "三年级", None, "五年级", None]
    county.sheet("b.xlsx", [header, below, [SCHOOLS[0], 5, 5, 4, 3]], merged=["A1:A2", "B1:C1", "D1:E1"])
    delivery = county.read(term=TERM, attendance=["a.xlsx", "b.xlsx"])
    assert not delivery.problems
    columns = ("school_name", "grade", "heads", "records")
    assert cells(delivery, "attendance", *columns) == [
        *((school, grade, heads, None) for school in SCHOOLS for grade, heads in (("三年级", "5"), ("五年级", "4"))),
        (SCHOOLS[0], "三年级", "5", "5"),
        (SCHOOLS[0], "五年级", "3", "4"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("weeks", "rows"),
    [
        (["9月3日", None, "9月17日"], [("2020-9-3", None, None), ("2020-9-17", None, None)]),
        ([1, 0, 2], [(None, "1", "2020-09"), (None, "2", "2020-09")]),
        (["√", "×", "√"], [(None, "1", "2020-09"), (None, "1", "2020-09")]),
    ],
)
def test_home_teaching_with_a_column_a_week(county, cells, weeks, rows):
    header = ["姓名", "身份证号", "第一周", "第二周", "第三周", "合计"]
    county.book("a.xlsx", {"9月": [header, ["样甲", CHILD, *weeks, 2]]})
    delivery = county.read(term=TERM, home_teaching=["a.xlsx"])
    assert not delivery.problems
    visit_rows = cells(delivery, "home_teaching", "taught_on", *(["visits", "month"] if rows[0][1] else []))
    assert visit_rows == (rows if rows[0][1] else [day for day, _, _ in rows])


def test_several_days_of_home_teaching_in_one_cell(county, cells):
    county.sheet("a.xlsx", [["姓名", "身份证号", "送教日期", "课时"], ["样甲", CHILD, "2020.9.10、9月24日", "每次2课时"]])  # fmt: skip
    delivery = county.read(term=TERM, home_teaching=["a.xlsx"])
    assert cells(delivery, "home_teaching", "taught_on") == ["2020.9.10", "2020-9-24"]


TICKS = [
    ["姓名", "身份证号", "学校", "困难类型", None, "资助项目", "拟发放金额"],
    [None, None, None, "低保", "孤儿", None, None],
    ["样甲", CHILD, "青山小学", "√", None, "寄宿生生活补助", 500],
    ["样乙", OTHER, "青山小学", None, "√", "寄宿生生活补助", 500],
]
MERGED_CELLS = ["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2", "G1:G2"]


@pytest.mark.parametrize("table", ["planned", "eligibility", "applications"])
def test_categories_that_are_ticked_below_their_header(county, cells, table):
    county.sheet("a.xlsx", TICKS, merged=MERGED_CELLS)
    delivery = county.read(term=TERM, **{table: ["a.xlsx"]})
    assert not delivery.problems
    assert cells(delivery, table, "name", "category") == [("样甲", "低保"), ("样乙", "孤儿")]


def test_a_row_of_money_stays_one_row_with_several_categories(county, cells):
    header = ["姓名", "身份证号", "资助项目", "金额", "低保", "孤儿"]
    county.sheet("a.xlsx", [header, ["样甲", CHILD, "寄宿生生活补助", 500, "是", "是"], ["样乙", OTHER, "寄宿生生活补助", 500, "否", "是"]])  # fmt: skip
    delivery = county.read(term=TERM, planned=["a.xlsx"])
    assert cells(delivery, "planned", "category") == ["低保、孤儿", "孤儿"]


def test_sheets_that_are_called_by_boarding_alone(county, cells):
    header = ["姓名", "身份证号", "拟发放金额"]
    county.book(
        "a.xlsx", {"寄宿生": [header, ["样甲", CHILD, 500]], "非寄宿生名单": [header, ["样乙", OTHER, 250]]}
    )
    delivery = county.read(term=TERM, planned=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "planned", "scheme") == ["boarder_allowance", "day_pupil_allowance"]
    register = ["姓名", "身份证号", "学校", "年级"]
    county.book("b.xlsx", {"寄宿生": [register, ["样甲", CHILD, "青山小学", "三年级"]]})
    assert cells(county.read(term=TERM, enrolment=["b.xlsx"]), "enrolment", "boarding") == ["boarding"]


def test_printed_totals_with_the_stages_side_by_side(county, cells):
    rows = [["学校", "小学", None, "初中", None, "合计", None], [None, *["人次", "金额（元）"] * 3], ["青山小学", 2, 1000, None, None, 2, 1000], ["合计", 2, 1000, 1, 625, 3, 1625]]  # fmt: skip
    county.sheet("a.xlsx", rows, merged=["A1:A2", "B1:C1", "D1:E1", "F1:G1"])
    delivery = county.read(term=TERM, control_totals=["a.xlsx"])
    assert not delivery.problems
    columns = ("school_name", "stage", "persons", "amount")
    assert cells(delivery, "control_totals", *columns)[-1] == (None, None, "3", "1625")


def test_a_header_over_several_columns_that_all_hold_something_is_asked_about(county, problem_texts):
    rows = [["资金文号", "下达金额", None, "到账日期"], ["教1号", 100, 50, "2020-09-10"]]
    county.sheet("a.xlsx", rows, merged=["B1:C1"])
    (text,) = problem_texts(county.read(term=TERM, funds=["a.xlsx"]))
    assert "合并在几列之上" in text


def test_a_figure_that_the_parameters_give_two_headers_is_asked_about(county):
    county.sheet("a.xlsx", [["资金文号", "中央", "省级"], ["教1号", 100, 50]])
    own = {"funds": {"中央": "allotted", "省级": "allotted"}}
    (problem,) = county.read(own, term=TERM, funds=["a.xlsx"]).problems
    assert "下达金额" in problem.what.zh


def test_former_names_beside_and_behind_a_schools_name(county, cells):
    county.sheet("a.xlsx", [["学校名称", "标识码"], ["青山小学（原西山小学）", "9901000001"]])
    county.sheet("b.xlsx", [["学校名称（现）", "学校名称（原）"], ["白水小学", "黑水小学"]])
    delivery = county.read(term=TERM, schools=["a.xlsx", "b.xlsx"])
    assert cells(delivery, "schools", "school_name", "alias") == [
        ("青山小学", "西山小学"),
        ("白水小学", "黑水小学"),
    ]


def test_a_sheet_that_is_called_by_a_child_must_be_renamed_and_is_not_repeated(county):
    rows = [["姓名", "身份证号", "送教日期"], ["样小甲", CHILD, "2020-10-10"]]
    county.book("样小甲送教记录.xlsx", {"样小甲": rows})
    delivery = county.read(term=TERM, home_teaching=["样小甲送教记录.xlsx"])
    first, *_rest = with_persons_hidden(delivery, ())
    assert first.where.zh == "样**送教记录.xlsx › 样**"
    county.book("b.xlsx", {"9月": rows})
    assert not with_persons_hidden(county.read(term=TERM, home_teaching=["b.xlsx"]), ())


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"PK\x03\x04" + b"\0" * 30 + b"word/document.xml", "Word"),
        (b"\x03\x18\x0a\x1c" + b"\0" * 60, ".dbf"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_what_to_do_with_a_file_of_another_program(county, problem_texts, content, word):
    county.bytes("a.docx", content)
    (problem,) = county.read(attendance=["a.docx"]).problems
    assert word in problem.what.zh and ".xlsx" in problem.remedy.zh
