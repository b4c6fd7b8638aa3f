"""Columns given in another shape, and records that say themselves that they are none of the table's."""

from __future__ import annotations

import pytest

TERM = "2024-autumn"


@pytest.mark.parametrize(
    ("year_header", "year", "half", "term"),
    [
        ("学年", "2024-2025", "第一学期", "2024-autumn"),
        ("资助学年", "2024—2025学年", "春季学期", "2025-spring"),
        ("学年", "2024-2025", "秋季学期", "2024-autumn"),
        ("学年", "2024-2025学年度", "2", "2025-spring"),
        ("资助年度", "2024", "春季学期", "2024-spring"),
        ("年度", "2024年", "下半年", "2024-autumn"),
        ("学年", "2024", "秋季", "2024-autumn"),
        # what the two do not tell for certain stays as it stands
        ("学年", "2024", "春季", "春季"),
        ("年度", "2024", "第一学期", "第一学期"),
        ("学年", "2024-2026", "第一学期", "第一学期"),
        ("学年", "2024-2025", "全年", "全年"),
    ],
)
def test_a_term_is_put_together_of_two_columns(county, cells, year_header, year, half, term):
    county.sheet("a.xlsx", [[*county.header, year_header, "学期"], [*county.person(), year, half]])
    delivery = county.read(term=TERM, payments=["a.xlsx"])
    assert cells(delivery, "payments", "term") == [term]


@pytest.mark.parametrize(
    ("title", "half", "term"),
    [
        ("样县2023年春季学期发放表", "春季学期", "2023-spring"),
        ("样县2023年春季学期发放表", "秋季学期", "秋季学期"),
        ("发放表", "第一学期", TERM),
        ("发放表", "第二学期", "第二学期"),
    ],
)
def test_a_half_of_a_year_gets_it_from_the_title_or_the_run_where_they_agree(
    county, cells, title, half, term
):
    county.sheet("a.xlsx", [[title], [*county.header, "资助学期"], [*county.person(), half]])
    assert cells(county.read(term=TERM, payments=["a.xlsx"]), "payments", "term") == [term]


@pytest.mark.parametrize(
    ("cell_text", "first", "last"),
    [
        ("2024.9.18-2024.9.25", "2024-9-18", "2024-9-25"),
        ("2024年9月18日至9月25日", "2024-9-18", "2024-9-25"),
        ("9月18日-9月25日", "2024-9-18", "2024-9-25"),
        ("9.18—9.25", "2024-9-18", "2024-9-25"),
        ("2024年9月18日—25日", "2024-9-18", "2024-9-25"),
        ("2024/12/28～2025/1/4", "2024-12-28", "2025-1-4"),
        ("12月28日至1月4日", "2024-12-28", "2025-1-4"),
        ("2024-09-18至2024-09-25", "2024-09-18", "2024-09-25"),
        ("2024-09-18", "2024-09-18", None),
        ("五个工作日", "五个工作日", None),
    ],
)
def test_a_period_in_one_cell_is_its_first_and_last_day(county, cells, cell_text, first, last):
    county.sheet("a.xlsx", [["姓名", "身份证号", "公示时间"], ["样学生", "990122201001010017", cell_text]])
    delivery = county.read(term=TERM, applications=["a.xlsx"])
    assert cells(delivery, "applications", "posted_from", "posted_to") == [(first, last)]


@pytest.mark.parametrize(
    ("header", "number", "read"),
    [
        ("残疾人证号", "99012220100101001742", "990122201001010017"),
        ("残疾证号码", "99012220100101001742B1", "990122201001010017"),
        ("残疾人证编号", "'99012220100101001742", "990122201001010017"),
        ("残疾人证编号", '="99012220100101001742"', "990122201001010017"),
        ("残疾证编号", "990122201001010017", "990122201001010017"),
        ("残疾证编码", "99012220100101001742", "990122201001010017"),
        ("残疾证号", "99012220100101001799", "99012220100101001799"),
        ("身份证号", "99012220100101001742", "99012220100101001742"),
    ],
)
def test_the_number_of_a_disability_certificate_begins_with_the_persons(county, cells, header, number, read):
    county.sheet("a.xlsx", [["姓名", header, "类别"], ["样学生", number, "残疾"]])
    assert cells(county.read(term=TERM, eligibility=["a.xlsx"]), "eligibility", "id_number") == [read]


def test_a_number_of_the_persons_own_is_preferred_to_a_certificates(county, cells):
    header = ["姓名", "残疾人证号", "身份证号", "类别"]
    county.sheet("a.xlsx", [header, ["样学生", "99012220100101001742", "990122201001010018", "残疾"]])
    assert cells(county.read(term=TERM, eligibility=["a.xlsx"]), "eligibility", "id_number") == [
        "990122201001010018"
    ]


def test_the_kind_of_monitoring_comes_before_the_kind_of_household_and_this_where_it_is_empty(county, cells):
    header = ["姓名", "身份证号", "户类型", "监测对象类别"]
    rows = [
        ["样甲", "1", "一般农户", "边缘易致贫户"],
        ["样乙", "2", "脱贫户", None],
        ["样丙", "3", "脱贫户", "无"],
    ]
    county.sheet("a.xlsx", [header, *rows])
    delivery = county.read(term=TERM, eligibility=["a.xlsx"])
    assert cells(delivery, "eligibility", "category") == ["边缘易致贫户", "脱贫户", "脱贫户"]


def test_a_kind_of_household_merged_over_its_members_holds_for_each_of_them(county, cells):
    header = ["姓名", "身份证号", "监测对象类别", "户类型"]
    rows = [
        ["样甲", "1", None, "脱贫户"],
        ["样乙", "2", None, None],
        ["样丙", "3", "边缘易致贫户", "一般农户"],
    ]
    county.sheet("a.xlsx", [header, *rows], merged=["D2:D3"])
    delivery = county.read(term=TERM, eligibility=["a.xlsx"])
    assert cells(delivery, "eligibility", "category") == ["脱贫户", "脱贫户", "边缘易致贫户"]


@pytest.mark.parametrize(
    ("header", "out", "stays"),
    [
        ("是否享受政策", "否", "是"),
        ("脱贫属性", "脱贫不享受政策", "已脱贫"),
        ("脱贫属性", "已脱贫（不享受政策）", "脱贫享受政策"),
        ("风险是否已消除", "是", "否"),
        ("风险是否消除", "已消除", "未消除"),
        ("是否已解除风险", "是", "否"),
        ("风险是否已消除", "已消除", None),
        ("低保状态", "停保", "在享"),
    ],
)
def test_who_is_no_longer_entitled_is_left_out_and_counted(county, cells, left_out, header, out, stays):
    rows = [["样甲", "1", "脱贫户", out], ["样乙", "2", "脱贫户", stays]]
    county.sheet("a.xlsx", [["姓名", "身份证号", "困难类型", header], *rows])
    delivery = county.read(term=TERM, eligibility=["a.xlsx"])
    assert cells(delivery, "eligibility", "name") == ["样乙"]
    assert left_out(delivery)["a.xlsx!Sheet1!2"] == "not_entitled"


def test_where_an_end_is_dated_the_day_decides(county, cells):
    header = ["姓名", "身份证号", "监测对象类别", "风险是否已消除", "风险消除时间"]
    county.sheet("a.xlsx", [header, ["样甲", "1", "边缘易致贫户", "是", "2025-03"]])
    assert cells(county.read(term=TERM, eligibility=["a.xlsx"]), "eligibility", "valid_to") == ["2025-03"]


def test_a_category_may_say_that_it_is_none(county, cells, left_out):
    header = ["姓名", "身份证号", "脱贫户类型"]
    county.sheet(
        "a.xlsx",
        [
            header,
            ["样甲", "1", "脱贫不享受政策户"],
            ["样乙", "2", "脱贫享受政策户"],
            ["样丙", "3", "非贫困户"],
        ],
    )
    delivery = county.read(term=TERM, eligibility=["a.xlsx"])
    assert cells(delivery, "eligibility", "category") == ["脱贫享受政策户", "非贫困户"]
    assert left_out(delivery)["a.xlsx!Sheet1!2"] == "not_entitled"


def test_a_whole_file_may_be_said_to_be_of_people_no_longer_entitled(county, left_out):
    county.sheet("a.xlsx", [["姓名", "身份证号"], ["样甲", "1"], ["样乙", "2"]])
    delivery = county.read(term=TERM, eligibility=[{"files": "a.xlsx", "category": "not_entitled"}])
    assert not delivery.problems
    assert list(left_out(delivery).values()) == ["header", "not_entitled", "not_entitled"]


@pytest.mark.parametrize("word", ["待发放", "未发放", "待支付", "暂缓发放"])
def test_what_is_still_to_be_paid_is_no_payment(county, cells, left_out, word):
    rows = [[*county.person(1), "已发放"], [*county.person(2), word], [*county.person(3), "发放失败"]]
    county.sheet("a.xlsx", [[*county.header, "发放状态"], *rows])
    delivery = county.read(term=TERM, payments=["a.xlsx"])
    assert cells(delivery, "payments", "result") == ["已发放", "发放失败"]
    assert left_out(delivery)["a.xlsx!Sheet1!3"] == "not_paid"


@pytest.mark.parametrize("mark", ["(*)", "（*）", "*", "★", "【*】"])
def test_the_mark_of_a_required_column_hides_no_header(county, cells, mark):
    county.sheet("a.xlsx", [[text + mark for text in county.header], county.person()])
    assert len(cells(county.read(payments=["a.xlsx"]), "payments", "name")) == 1


def test_where_no_header_is_found_the_fullest_row_is_listed_but_no_record(county):
    header = ["申请人", "低保证号", "手机号码", "申请时间", "经办人"]
    county.sheet("a.xlsx", [["名单"], header, *[["样甲", "N1", "1990", "2024", "样乙"]] * 3])
    county.sheet("b.xlsx", [["样甲", "样乙", "样丙", "样丁"]] * 4)
    (listed_problem,), (bare,) = (county.read(payments=[file]).problems for file in ("a.xlsx", "b.xlsx"))
    assert "申请人、低保证号、手机号码、申请时间、经办人" in listed_problem.where.zh
    assert "样" not in bare.where.zh


@pytest.mark.parametrize(
    "header",
    [
        "困难类型（可多选）",
        "4、困难类型（多选）",
        "困难类型（单选题）",
        "困难类型【限单选】",
        "困难类型(多选题)",
    ],
)
def test_what_a_form_says_of_its_choice_is_no_part_of_the_header(county, header):
    county.sheet("a.xlsx", [["姓名", "身份证号", header], ["样甲", "990122201501010017", "低保"]])
    delivery = county.read(eligibility=["a.xlsx"])
    assert not delivery.problems
    assert list(delivery.raw["eligibility"]["category"]) == ["低保"]


@pytest.mark.parametrize("header", ["持证编号", "残疾人的证"])
def test_certificates_in_a_column_that_the_county_chose_are_read_too(county, cells, header):
    county.sheet("a.xlsx", [["姓名", header, "类别"], ["样学生", "99012220100101001742", "残疾"]])
    own_headers = {"eligibility": {header: "id_number"}}
    delivery = county.read(own_headers, term=TERM, eligibility=["a.xlsx"])
    assert cells(delivery, "eligibility", "id_number") == ["990122201001010017"]


def test_an_end_that_the_county_chose_says_the_contrary(county, cells):
    rows = [["样甲", "1", "脱贫户", "是"], ["样乙", "2", "脱贫户", "否"]]
    county.sheet("a.xlsx", [["姓名", "身份证号", "困难类型", "已停止帮扶"], *rows])
    delivery = county.read({"eligibility": {"已停止帮扶": "entitled"}}, term=TERM, eligibility=["a.xlsx"])
    assert cells(delivery, "eligibility", "name") == ["样乙"]


@pytest.mark.parametrize("edges", [("起", "讫"), ("始", "终"), ("开始", "结束")])
@pytest.mark.parametrize("merges", [(), ("C1:D1",)])
def test_both_ends_of_a_period_stand_below_a_group_that_names_it(county, cells, edges, merges):
    header = [["姓名", "身份证号", "校内公示", None, "备注"], [None, None, *edges, None]]
    row = ["样学生", "990122201001010017", "2024-9-18", "2024-9-25", None]
    county.sheet("a.xlsx", [*header, row], merged=merges)
    delivery = county.read(term=TERM, applications=["a.xlsx"])
    assert cells(delivery, "applications", "posted_from", "posted_to") == [("2024-9-18", "2024-9-25")]


def test_households_below_groups_keep_what_they_share(county, cells):
    groups = ["户主信息", None, None, None, "家庭成员一", None, "家庭成员二", None, "脱贫信息"]
    fields = [
        "户编号",
        "乡镇",
        "户主姓名",
        "户主身份证号",
        "姓名",
        "证件号码",
        "姓名",
        "证件号码",
        "识别时间",
    ]
    row = [
        "F1",
        "白石镇",
        "样父",
        "990122198001010018",
        "样甲",
        "990122201001010017",
        "样乙",
        "990122201201010013",
        "2016年",
    ]
    merges = ("A1:D1", "E1:F1", "G1:H1")
    county.sheet("脱贫户.xlsx", [groups, fields, row], merged=merges)
    delivery = county.read(term=TERM, eligibility=["脱贫户.xlsx"])
    assert not delivery.problems
    read = cells(delivery, "eligibility", "name", "household_no", "town", "valid_from")
    assert read == [(name, "F1", "白石镇", "2016年") for name in ("样父", "样甲", "样乙")]


@pytest.mark.parametrize(
    ("name", "number"), [("享受人姓名", "享受人证件号"), ("补助对象姓名", "补助对象身份证号码")]
)
def test_the_subjects_own_word_before_a_field_changes_nothing(county, cells, name, number):
    county.sheet("a.xlsx", [[name, number, "类别"], ["样学生", "990122201001010017", "低保"]])
    read = cells(county.read(term=TERM, eligibility=["a.xlsx"]), "eligibility", "name", "id_number")
    assert read == [("样学生", "990122201001010017")]


def test_a_column_of_yes_and_no_for_each_category_is_read_as_a_row_for_each_yes(county, cells):
    header = ["学校", "姓名", "身份证号", "是否建档立卡户", "低保", "是否其他困难", "是否寄宿"]
    rows = [
        ["青山小学", "样甲", "1", "是", "√", "否", "是"],
        ["青山小学", "样乙", "2", "否", None, "是", "否"],
    ]
    county.sheet("认定汇总.xlsx", [["认定汇总表"], header, *rows])
    delivery = county.read(term=TERM, eligibility=["认定汇总.xlsx"])
    assert not delivery.problems
    read = cells(delivery, "eligibility", "name", "category", "source")
    at = "认定汇总.xlsx!Sheet1!"
    assert read == [
        ("样甲", "建档立卡户", f"{at}3.1"),
        ("样甲", "低保", f"{at}3.2"),
        ("样乙", "其他困难", f"{at}4"),
    ]


@pytest.mark.parametrize(
    ("file", "header"), [("残联.xlsx", ["是否低保", "是否特困"]), ("a.xlsx", ["是否低保", "是否党员"])]
)
def test_questions_beside_a_category_that_is_told_or_a_single_one_are_no_categories(
    county, problem_texts, file, header
):
    sheet = "残疾学生" if file == "残联.xlsx" else "名单"
    county.book(file, {sheet: [["姓名", "身份证号", *header], ["样甲", "1", "是", "否"]]})
    delivery = county.read(term=TERM, eligibility=[file])
    assert problem_texts(delivery) == ([] if sheet == "残疾学生" else ["缺少必需列“困难类型”"])
