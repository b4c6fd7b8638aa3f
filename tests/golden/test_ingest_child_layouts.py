"""The ledgers of the child half as schools and offices lay them out."""

from __future__ import annotations

import pytest

TERM = "2020-autumn"
CHILD, OTHER = "990122201501010017", "990122201501010025"
TITLE = ["青禾县2020年秋季学期在校学生清点花名册"]


def test_a_roster_below_two_lines_of_headers(county, cells):
    rows = [
        TITLE,
        ["序号", "学生基本信息", None, None, "就读信息", None, None, "清点情况", None],
        [None, "姓名", "身份证号", "学籍号", "学校", "年级", "班级", "清点日期", "是否在校"],
        [1, "样甲", CHILD, "G" + CHILD, "青山小学", "三年级", "3.1", "2020.10.28", "不在校"],
    ]
    county.sheet("a.xlsx", rows, merged=["B2:D2", "E2:G2", "H2:I2"])
    delivery = county.read(term=TERM, attendance=["a.xlsx"])
    assert not delivery.problems
    columns = ("name", "id_number", "school_name", "grade", "class_name", "counted_on", "present")
    assert cells(delivery, "attendance", *columns) == [
        ("样甲", CHILD, "青山小学", "三年级", "3.1", "2020.10.28", "不在校")
    ]


def test_heads_counted_on_a_sheet_a_school(county, cells):
    first = [
        ["年级", "学籍人数", "实际在校人数", None, None],
        [None, None, "男", "女", "合计"],
        ["三年级", 12, 6, 5, 11],
        ["合计", 12, 6, 5, 11],
    ]
    second = [["学校：白水小学"], ["年级", "学籍人数", "实到人数"], ["一年级", 30, 29], ["小计", 30, 29]]
    county.book("a.xlsx", {"青山小学": first}, merged=["A1:A2", "B1:B2", "C1:E1"])
    county.book("b.xlsx", {"Sheet1": second})
    delivery = county.read(term=TERM, attendance=["a.xlsx", "b.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "attendance", "school_name", "grade", "heads", "records") == [
        ("青山小学", "三年级", "11", "12"),
        ("白水小学", "一年级", "29", "30"),
    ]


def test_a_notice_below_a_group_of_headers(county, cells):
    rows = [
        ["序号", "姓名", "身份证号", "劝返情况", None, None, "复学时间"],
        [None, None, None, "劝返人", "劝返方式", "限期复学通知书送达时间", None],
        [1, "样甲", CHILD, "村干部", "入户", "2020年9月20日", "2020年10月8日"],
    ]
    county.sheet("a.xlsx", rows, merged=["D1:F1"])
    delivery = county.read(term=TERM, dropouts=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "dropouts", "notice_on", "persuader", "returned_on") == [
        ("2020年9月20日", "村干部", "2020年10月8日")
    ]


def test_whether_a_child_is_back_is_read_where_the_day_is_not_told(county, cells):
    rows = [
        ["姓名", "身份证号", "劝返人", None, "劝返情况", None],
        [None, None, "姓名", "电话", "是否复学", "复学时间"],
        ["样甲", CHILD, "村干部", "0", "是", None],
    ]
    county.sheet("a.xlsx", rows, merged=["C1:D1", "E1:F1"])
    delivery = county.read(term=TERM, dropouts=["a.xlsx"])
    assert cells(delivery, "dropouts", "persuader", "back", "returned_on") == [("村干部", "是", None)]


OFFICES = ("certified_education", "certified_disabled", "certified_health", "certified_civil")


def test_four_offices_below_one_header(county, cells):
    rows = [
        ["姓名", "身份证号", "残疾类型", "不具备学习条件原因", "认定意见", None, None, None],
        [None, None, None, None, "教育", "残联", "卫健", "民政"],
        ["样甲", CHILD, "智力", "重度", "√", "√", "√", None],
    ]
    county.sheet("a.xlsx", rows, merged=["E1:H1"])
    delivery = county.read(term=TERM, unable=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "unable", *OFFICES) == [("√", "√", "√", None)]


@pytest.mark.parametrize(
    ("cell_text", "answers"),
    [
        ("教育、残联、卫健、民政", ("是", "是", "是", "是")),
        ("教育局、县残联", ("是", "是", "否", "否")),
        ("四部门联合认定", ("是", "是", "是", "是")),
        ("未认定", ("否", "否", "否", "否")),
        (None, (None, None, None, None)),
    ],
)
def test_four_offices_in_one_cell(county, cells, cell_text, answers):
    rows = [["姓名", "身份证号", "不具备学习条件原因", "认定部门"], ["样甲", CHILD, "重度", cell_text]]
    county.sheet("a.xlsx", rows)
    assert cells(county.read(term=TERM, unable=["a.xlsx"]), "unable", *OFFICES) == [answers]


def test_home_teaching_on_a_sheet_a_month(county, cells):
    visits = [["姓名", "身份证号", "日期", "课时", "送教教师"], ["样甲", CHILD, "{}10日", 2, "教师"]]
    months = {
        month: [visits[0], [str(c).format(month) for c in visits[1]]] for month in ("9月", "12月", "1月")
    }
    county.book("a.xlsx", months)
    figures = [["姓名", "身份证号", "送教次数", "课时"], ["样乙", OTHER, 2, 4]]
    county.book("b.xlsx", {"9月": figures, "2020年10月份": [*figures[:1], ["样乙", OTHER, 1, 2]]})
    delivery = county.read(term=TERM, home_teaching=["a.xlsx", "b.xlsx"])
    assert not delivery.problems
    days = [row for row in cells(delivery, "home_teaching", "taught_on") if row]
    assert days == ["2020-9-10", "2020-12-10", "2021-1-10"]
    visit_cells = cells(delivery, "home_teaching", "month", "visits", "lessons")[3:]
    assert visit_cells == [("2020-09", "2", "4"), ("2020-10", "1", "2")]


def test_a_column_of_months_gets_the_year_of_the_term(county, cells):
    rows = [
        ["姓名", "身份证号", "月份", "送教次数", "课时"],
        *(["样甲", CHILD, m, 2, 4] for m in ("9月", 10, "2020年11月")),
    ]
    county.sheet("a.xlsx", rows)
    delivery = county.read(term=TERM, home_teaching=["a.xlsx"])
    assert cells(delivery, "home_teaching", "month") == ["2020-09", "2020-10", "2020年11月"]


OWN = ["样甲", CHILD]
DAYS = ["2020-09-10", "2020-09-24"]
TWICE = [(DAYS[0], "2"), (DAYS[1], "1")]


@pytest.mark.parametrize(
    "heads",
    [
        ["第一次送教日期", "课时", "第二次送教日期", "课时"],
        ["送教日期1", "课时1", "送教日期2", "课时2"],
        ["第1次送教时间", "第1次课时", "第2次送教时间", "第2次课时"],
        ["送教日期", "课时", "送教日期", "课时"],
        ["第一次", "课时", "第二次", "课时"],
    ],
)
def test_several_visits_in_a_row_are_read_as_a_row_each(county, cells, heads):
    visits = [DAYS[0], 2, DAYS[1], 1]
    county.sheet("a.xlsx", [["姓名", "身份证号", *heads], [*OWN, *visits], ["样乙", OTHER, *visits[:2]]])
    delivery = county.read(term=TERM, home_teaching=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "home_teaching", "name", "taught_on", "lessons") == [
        *(("样甲", *visit) for visit in TWICE),
        ("样乙", *TWICE[0]),
    ]


def test_visits_below_a_merged_number_and_lessons_that_are_each_visits(county, cells):
    rows = [
        ["姓名", "身份证号", "第一次", None, "第二次", None],
        [None, None, "日期", "课时", "日期", "课时"],
        [*OWN, DAYS[0], 2, DAYS[1], 1],
    ]
    county.sheet("a.xlsx", rows, merged=["C1:D1", "E1:F1"])
    county.sheet("b.xlsx", [["姓名", "身份证号", "送教日期1", "送教日期2", "每次课时"], [*OWN, *DAYS, 2]])
    delivery = county.read(term=TERM, home_teaching=["a.xlsx", "b.xlsx"])
    assert not delivery.problems
    visits = cells(delivery, "home_teaching", "taught_on", "lessons")
    assert visits == [*TWICE, (DAYS[0], "2"), (DAYS[1], "2")]


def test_lessons_without_a_day_are_kept(county, cells):
    county.sheet(
        "a.xlsx",
        [["姓名", "身份证号", "送教日期1", "课时1", "送教日期2", "课时2"], [*OWN, DAYS[0], 2, None, 1]],
    )
    delivery = county.read(term=TERM, home_teaching=["a.xlsx"])
    assert cells(delivery, "home_teaching", "taught_on", "lessons") == [(DAYS[0], "2"), (None, "1")]


@pytest.mark.parametrize(
    ("lines", "merges"),
    [
        ([["姓名", "身份证号", "9月次数", "9月课时", "10月次数", "10月课时"]], []),
        (
            [
                ["姓名", "身份证号", "九月", None, "十月", None],
                [None, None, "送教次数", "课时", "送教次数", "课时"],
            ],
            ["C1:D1", "E1:F1"],
        ),
    ],
)
def test_several_months_in_a_row_are_read_as_a_row_each(county, cells, lines, merges):
    county.sheet("a.xlsx", [*lines, [*OWN, 2, 4, 1, 2]], merged=merges)
    delivery = county.read(term=TERM, home_teaching=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "home_teaching", "month", "visits", "lessons") == [
        ("2020-09", "2", "4"),
        ("2020-10", "1", "2"),
    ]


@pytest.mark.parametrize(
    "heads",
    [
        ["送教日期1", "送教日期2", "课时"],  # lessons of one visit, or of all
        ["9月", "10月", "11月"],  # visits or lessons
        ["第一次送教日期", "第二次送教日期", "送教日期"],
    ],
)
def test_visits_of_which_a_figure_may_be_anyones_are_asked_about(county, problem_texts, heads):
    county.sheet("a.xlsx", [["姓名", "身份证号", *heads], [*OWN, *DAYS, 2]])
    assert problem_texts(county.read(term=TERM, home_teaching=["a.xlsx"])) == [
        "一行写了几次或几个月的送教，只能读到其中一次"
    ]


@pytest.mark.parametrize(
    ("lines", "merges"),
    [
        ([["学校", "寄宿生生活补助", "非寄宿生生活补助", "合计"]], []),
        ([["学校", "寄宿生生活补助名额", "非寄宿生生活补助名额", "合计"]], []),
        ([["学校", "寄宿生生活补助", "非寄宿生生活补助", None], [None, "名额", "名额", "合计"]], []),
    ],
)
def test_places_of_schemes_side_by_side_are_read_as_a_row_each(county, cells, lines, merges):
    schools = [["青山小学", 20, 5, 25], ["白水小学", 8, None, 8], ["合计", 28, 5, 33]]
    county.sheet("a.xlsx", [*lines, *schools], merged=merges)
    delivery = county.read(term=TERM, quotas=["a.xlsx"])
    assert not delivery.problems
    boarders, day_pupils = "寄宿生生活补助", "非寄宿生生活补助"
    sheet_cells = cells(delivery, "quotas", "school_name", "scheme", "places")
    assert [(school, scheme.removesuffix("名额"), places) for school, scheme, places in sheet_cells] == [
        ("青山小学", boarders, "20"),
        ("青山小学", day_pupils, "5"),
        ("白水小学", boarders, "8"),
    ]


def test_places_beside_another_figure_of_the_scheme(county, cells):
    rows = [
        ["学校", "寄宿生生活补助", None, "非寄宿生生活补助", None],
        [None, "名额", "金额", "名额", "金额"],
        ["青山小学", 20, 10000, 5, 1250],
    ]
    county.sheet("a.xlsx", rows, merged=["B1:C1", "D1:E1"])
    delivery = county.read(term=TERM, quotas=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "quotas", "places") == ["20", "5"]
    assert delivery.files[0].sheets[0].unused == ("金额",)


def test_places_by_category_are_asked_about(county, problem_texts):
    county.sheet("a.xlsx", [["学校", "低保", "特困"], ["青山小学", 20, 5]])
    assert problem_texts(county.read(term=TERM, quotas=["a.xlsx"])) == ["几个资助项目的名额左右并排"]


def test_of_a_leader_and_an_office_the_leader_is_responsible(county, cells):
    rows = [
        ["序号", "存在问题", "整改措施", "责任单位", "责任领导", "整改时限", "完成情况"],
        [1, "落实不到位", "逐校排查", "资助中心", "某局长", "2020年12月底前", "正在推进"],
    ]
    county.sheet("a.xlsx", rows)
    delivery = county.read(term=TERM, issues=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "issues", "measure", "responsible", "due_on") == [
        ("逐校排查", "某局长", "2020年12月底前")
    ]


def test_a_state_in_place_of_a_deadline_is_the_state(county, cells):
    """长期坚持 is no day that cannot be read: it is never overdue; who is done is done."""
    header = ["问题", "整改措施", "责任人", "整改时限", "整改情况"]
    states = [
        ("长期坚持", "正在推进"),
        ("长期坚持", "已完成"),
        ("立行立改", "已完成"),
        ("立行立改", None),
        ("2020-11-30", "整改中"),
    ]
    county.sheet("a.xlsx", [header, *(["不实", "逐校排查", "某局长", *two] for two in states)])
    delivery = county.read(term=TERM, issues=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "issues", "due_on", "state") == [
        (None, "长期坚持"),
        (None, "已完成"),
        (None, "已完成"),
        (None, "立行立改"),
        ("2020-11-30", "整改中"),
    ]


def test_a_class_teacher_is_read_and_her_number_is_not_the_pupils(county, cells):
    rows = [
        ["学籍号", "班主任姓名", "身份证号", "学生姓名", "身份证号", "学校", "年级"],
        ["G" + CHILD, "某老师", "990122198001010015", "样甲", CHILD, "青山小学", "三年级"],
    ]
    county.sheet("a.xlsx", rows)
    delivery = county.read(term=TERM, enrolment=["a.xlsx"])
    assert cells(delivery, "enrolment", "name", "id_number", "class_teacher") == [("样甲", CHILD, "某老师")]


def test_a_former_name_is_read_beside_the_name(county, cells):
    rows = [
        ["学籍号", "姓名", "曾用名", "身份证件号", "学校", "年级"],
        ["G" + CHILD, "样甲", "样乙", CHILD, "青山小学", "三年级"],
    ]
    county.sheet("a.xlsx", rows)
    delivery = county.read(term=TERM, enrolment=["a.xlsx"])
    assert cells(delivery, "enrolment", "name", "former_name", "id_number") == [("样甲", "样乙", CHILD)]


@pytest.mark.parametrize("signature", ["清点人：样某", "统计人：", "核查人"])
def test_who_counted_the_heads_signs_and_is_no_child(county, cells, signature):
    rows = [["姓名", "身份证号", "学校", "是否在校"], ["样甲", CHILD, "青山小学", "是"], [signature]]
    county.sheet("a.xlsx", rows)
    delivery = county.read(term=TERM, attendance=["a.xlsx"])
    assert cells(delivery, "attendance", "name") == ["样甲"]
    assert [row.reason for row in delivery.files[0].sheets[0].left_out][-1] == "signature"


def test_who_leads_a_school_stands_in_the_list_of_schools(county, cells):
    rows = [["学校名称", "校长", "分管副校长", "乡镇责任人"], ["青山小学", "某校长", "某副校长", "某干部"]]
    county.sheet("a.xlsx", rows)
    delivery = county.read(term=TERM, schools=["a.xlsx"])
    assert cells(delivery, "schools", "head", "deputy", "officer") == [("某校长", "某副校长", "某干部")]


@pytest.mark.parametrize(
    "heads",
    [
        ("就读省", "就读市", "就读县", "就读学校"),
        ("就读省份", "就读地市", "就读县区名称", "就读学校名称"),
        ("就读省（区、市）", "就读市（州）", "就读县区名称", "就读学校"),
    ],
)
def test_the_place_of_study_in_four_columns(county, cells, heads):
    place = ("广东省", "某市", "某县", "某某小学")
    rows = [["姓名", "身份证号", *heads, "发函日期"], ["样甲", CHILD, *place, "2020.9.20"]]
    county.sheet("函告台账.xlsx", rows)
    delivery = county.read(term=TERM, letters=["函告台账.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "letters", "province", "city", "county", "destination") == [place]
