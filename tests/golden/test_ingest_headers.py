"""Headers as they come: below titles, in two lines, with stars, units and breaks, or not at all."""

from __future__ import annotations

import pytest

from auditlib.tables.delivered import TABLES


def test_a_plain_sheet(county, cells, left_out):
    county.sheet("发放.xlsx", [county.header, county.person(1)])
    delivery = county.read(payments=["发放.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "payments", "source", "file", "name", "id_number", "amount", "amount_unit") == [
        ("发放.xlsx!Sheet1!2", "发放.xlsx", "测试二", "99012220100101001X", "500", "1")
    ]
    assert left_out(delivery) == {"发放.xlsx!Sheet1!1": "header"}
    assert delivery.columns_found["payments"] == {"name", "id_number", "school_name", "scheme", "amount"}
    [sheet] = delivery.files[0].sheets
    assert sheet.columns["school_name"] == "学校"
    assert (sheet.header_rows, sheet.unused, sheet.rows_read) == ((1,), (), 2)


def test_every_column_of_the_table_is_there_and_empty_where_the_file_has_none(county):
    county.sheet("发放.xlsx", [county.header, county.person()])
    frame = county.read(payments=["*.xlsx"]).raw["payments"]
    assert list(frame.columns) == ["source", "file", *TABLES["payments"].by_name, "amount_unit"]
    assert frame["pay_date"].tolist() == [None]
    assert all(type(cell) is str or cell is None for cell in frame.to_numpy().ravel())


def test_title_and_unit_rows_above(county, cells, left_out):
    rows = [
        ["某县2020年秋季学期发放明细表"],
        ["填报单位：某县教体局", None, None, None, "单位：万元"],
        county.header,
    ]
    county.sheet("发放.xlsx", [*rows, county.person(金额="0.05")], merged=["A1:E1"])
    delivery = county.read(payments=["*.xlsx"])
    assert cells(delivery, "payments", "amount", "amount_unit") == [("0.05", "10000")]
    assert list(left_out(delivery).values()) == ["title", "unit", "header"]


def test_forty_blank_rows_above(county, cells):
    county.sheet("a.xlsx", [*[[]] * 40, county.header, county.person()])
    county.csv("b.csv", [*[[]] * 40, county.header, county.person()])
    delivery = county.read(payments=["a.xlsx", "b.csv"])
    assert cells(delivery, "payments", "source") == ["a.xlsx!Sheet1!42", "b.csv!42"]
    assert [file.sheets[0].blank_rows for file in delivery.files] == [40, 40]


def test_thirty_rows_of_instructions_above(county, cells):
    county.sheet(
        "a.xlsx", [*[[f"{i}、填表要求第{i}条"] for i in range(1, 31)], county.header, county.person()]
    )
    assert cells(county.read(payments=["a.xlsx"]), "payments", "source") == ["a.xlsx!Sheet1!32"]


@pytest.mark.parametrize(
    ("header_text", "column"),
    [
        ("＊姓名", "name"),
        ("*学生姓名*", "name"),
        ("★姓　名", "name"),
        ("姓\n名", "name"),
        ("姓名：", "name"),
        ("“姓名”", "name"),
        ("姓名（必填）", "name"),
        ("\u200b姓名\ufeff", "name"),
        ("1.姓名", "name"),
        ("（2）姓名", "name"),
        ("③姓名", "name"),
        ("四、姓名", "name"),
        ("學生姓名", "name"),
    ],
)
def test_decorated_headers(county, header_text, column):
    county.sheet("a.xlsx", [[header_text, *county.header[1:]], county.person()])
    delivery = county.read(payments=["a.xlsx"])
    assert not delivery.problems
    assert column in delivery.columns_found["payments"]


@pytest.mark.parametrize(
    ("header_text", "unit"),
    [
        ("金额", "1"),
        ("金额(元)", "1"),
        ("金额（万元）", "10000"),
        ("发放金额（单位：万元）", "10000"),
        ("实发金额\n（人民币元）", "1"),
        ("金额：万元", "10000"),
        ("金额(元/学期)", "1"),
        ("金额（万元）（必填）", "10000"),
    ],
)
def test_the_unit_of_an_amount_header(county, cells, header_text, unit):
    county.sheet("a.xlsx", [[*county.header[:4], header_text], county.person()])
    delivery = county.read(payments=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "payments", "amount_unit") == [unit]


def test_the_unit_of_the_header_wins_over_the_unit_row(county, cells):
    county.sheet("a.xlsx", [["单位：万元"], [*county.header[:4], "金额（元）"], county.person()])
    assert cells(county.read(payments=["a.xlsx"]), "payments", "amount_unit") == ["1"]


@pytest.mark.parametrize(
    "row", ["单位：元", "（金额单位:元）", "单位：元、人次", "单位：人、元", "填报单位：元宝小学"]
)
def test_unit_rows_in_yuan(county, cells, row):
    county.sheet("a.xlsx", [[row], county.header, county.person()])
    assert cells(county.read(payments=["a.xlsx"]), "payments", "amount_unit") == ["1"]


@pytest.mark.parametrize(
    "row",
    [
        "单位：万元",
        "单位：人次、万元",
        "发放汇总（单位：万元）",
        "金额单位: 万元 人次",
        "2020年秋季学期发放明细表（万元）",
        "万元",
        "单位：万",
        "说明：金额以万元计",
        "金额以万元为单位，保留四位小数",
    ],
)
def test_unit_rows_in_ten_thousand_yuan(county, cells, row):
    county.sheet("a.xlsx", [[row], county.header, county.person()])
    assert cells(county.read(payments=["a.xlsx"]), "payments", "amount_unit") == ["10000"]


@pytest.mark.parametrize("header", ["金额（元/年）", "补助金额（元/月）"])
def test_an_amount_by_the_year_or_the_month_is_no_payment_of_a_term(county, problem_texts, header):
    county.sheet("a.xlsx", [[*county.header[:4], header], county.person()])
    assert problem_texts(county.read(payments=["a.xlsx"])) == ["缺少必需列“金额”"]


@pytest.mark.parametrize(("first", "last"), [("开始", "结束"), ("起", "止"), ("起始日期", "截止日期")])
@pytest.mark.parametrize("group", ["公示", "公示时间", "公示日期", "公示期"])
def test_a_posting_below_its_group(county, cells, group, first, last):
    rows = [["姓名", "身份证号", group, None], [None, None, first, last], ["甲", "1", "2020-9-1", "2020-9-8"]]
    county.sheet("a.xlsx", rows, merged=["A1:A2", "B1:B2", "C1:D1"])
    assert cells(county.read(applications=["a.xlsx"]), "applications", "posted_from", "posted_to") == [
        ("2020-9-1", "2020-9-8")
    ]


def test_the_unit_beside_the_word_unit_is_no_group_of_the_header(county, cells):
    county.sheet("a.xlsx", [[None, None, None, "单位：", "万元"], county.header, county.person()])
    delivery = county.read(payments=["a.xlsx"])
    assert cells(delivery, "payments", "amount_unit") == ["10000"]
    assert delivery.files[0].sheets[0].header_rows == (2,)


def test_the_unit_of_a_group_holds_for_the_amount_below_it(county, cells):
    upper = [*county.header[:4], "发放情况（万元）", None]
    lower = [None, None, None, None, "实发金额", "发放日期"]
    county.sheet("a.xlsx", [upper, lower, [*county.person(), "2020-12-01"]], merged=["E1:F1"])
    assert cells(county.read(payments=["a.xlsx"]), "payments", "amount_unit") == ["10000"]


def test_the_unit_that_only_a_note_or_a_name_states(county, cells):
    county.sheet("a.xlsx", [county.header, county.person(1), ["注：金额单位为万元"]])
    county.book("b.xlsx", {"明细（万元）": [county.header, county.person(2)]})
    county.csv("c（万元）.csv", [county.header, county.person(3)])
    delivery = county.read(payments=["*.xlsx", "*.csv"])
    assert cells(delivery, "payments", "amount_unit") == ["10000"] * 3


def test_a_unit_that_cannot_be_used_stops_the_run(county, problem_texts):
    county.sheet("a.xlsx", [["单位：亿元"], county.header, county.person()])
    assert problem_texts(county.read(payments=["a.xlsx"])) == ["金额单位“亿元”不能用"]


@pytest.mark.parametrize(
    ("table", "header", "column"),
    [
        ("schools", "曾用名、简称", "alias"),
        ("schools", "简称，曾用名", "alias"),
        ("dropouts", "限期复学通知书送达时间", "notice_on"),
        ("payments", "受助学生证件号码", "id_number"),
        ("payments", "银行卡号码", "account_no"),
        ("eligibility", "停保时间", "valid_to"),
    ],
)
def test_a_header_that_differs_by_its_ending_or_the_sign_between_two_words_alone(
    county, table, header, column
):
    columns_needed = {
        "schools": ["学校名称"],
        "payments": county.header[:1] + county.header[2:],
        "eligibility": ["姓名", "类别"],
    }
    county.sheet("a.xlsx", [[*columns_needed.get(table, ["姓名"]), header], ["甲"] * 5])
    [sheet] = county.read(**{table: ["a.xlsx"]}).files[0].sheets
    assert sheet.columns.get(column) == header


def test_a_parenthesis_that_is_part_of_the_header(county, cells):
    county.sheet("a.xlsx", [["姓名", "类别", "乡（镇）"], ["测试一", "低保", "青山镇"]])
    assert cells(county.read(eligibility=["a.xlsx"]), "eligibility", "town") == ["青山镇"]


@pytest.mark.parametrize("other", ["姓名（户主）", "户主姓名", "姓名(监护人)", "应发金额"])
def test_a_header_of_something_else_is_not_taken(county, other):
    county.sheet("a.xlsx", [[other, *county.header], ["别的", *county.person()]])
    [sheet] = county.read(payments=["a.xlsx"]).files[0].sheets
    assert sheet.unused == (other,)


def test_two_headers_for_one_column_take_the_one_that_the_list_names_first(county, cells):
    county.sheet("a.xlsx", [["证件号码", *county.header], ["K1", *county.person()]])
    delivery = county.read(payments=["a.xlsx"])
    assert cells(delivery, "payments", "id_number") == ["99012220100101001X"]
    assert delivery.files[0].sheets[0].unused == ("证件号码",)


def test_two_header_lines_with_groups(county, cells, left_out):
    upper = ["序号", "学生信息", None, None, "发放信息", None]
    lower = [None, "姓名", "身份证号", "学校", "资助项目", "金额"]
    county.sheet(
        "a.xlsx", [["某县发放表"], upper, lower, [1, *county.person()]], merged=["A2:A3", "B2:D2", "E2:F2"]
    )
    delivery = county.read(payments=["a.xlsx"])
    assert cells(delivery, "payments", "payment_no", "name", "amount") == [("1", "测试二", "500")]
    assert list(left_out(delivery).values()) == ["title", "header", "header"]
    assert delivery.files[0].sheets[0].header_rows == (2, 3)
    assert delivery.files[0].sheets[0].columns["name"] == "学生信息姓名"


@pytest.mark.parametrize("group", ["监护人", "监护人信息", "监护人基本情况"])
def test_the_guardian_below_a_group_header_is_not_the_pupil(county, cells, group):
    upper = [group, None, "学生", None, "学校名称", "年级"]
    lower = ["姓名", "身份证件号", "姓名", "身份证件号", None, None]
    row = ["测试父", "990122198001010019", "测试子", "990122201001010013", "青山小学", "三年级"]
    county.csv("a.csv", [upper, lower, row])
    delivery = county.read(enrolment=["a.csv"])
    columns = ("name", "id_number", "guardian_name", "guardian_id", "school_name")
    expected = ("测试子", "990122201001010013", "测试父", "990122198001010019", "青山小学")
    assert cells(delivery, "enrolment", *columns) == [expected]


def test_a_householder_group_before_the_member_group(county, cells):
    upper = ["户主", None, "家庭成员", None, "类别"]
    lower = ["姓名", "身份证号", "姓名", "身份证号", None]
    row = ["测试户主", "990122198001010019", "测试成员", "990122201001010013", "低保"]
    county.sheet("a.xlsx", [upper, lower, row], merged=["A1:B1", "C1:D1", "E1:E2"])
    assert cells(county.read(eligibility=["a.xlsx"]), "eligibility", "name") == ["测试成员"]


def test_the_account_below_an_account_group(county, cells):
    upper = ["学生信息", None, None, None, None, "开户信息", None]
    lower = [*county.header, "户名", "银行账号"]
    county.sheet(
        "a.xlsx", [upper, lower, [*county.person(), "测试母", "62290001"]], merged=["A1:E1", "F1:G1"]
    )
    assert cells(county.read(payments=["a.xlsx"]), "payments", "account_holder") == ["测试母"]


def test_a_second_header_line_with_the_unit_only(county, cells, left_out):
    county.sheet("a.xlsx", [county.header, [None, None, None, None, "（万元）"], county.person()])
    delivery = county.read(payments=["a.xlsx"])
    assert cells(delivery, "payments", "source", "amount_unit") == [("a.xlsx!Sheet1!3", "10000")]
    assert set(left_out(delivery).values()) == {"header"}


def test_a_line_that_numbers_the_columns(county, cells, left_out):
    county.sheet("a.xlsx", [county.header, [1, 2, 3, 4, 5], county.person()])
    delivery = county.read(payments=["a.xlsx"])
    assert cells(delivery, "payments", "source") == ["a.xlsx!Sheet1!3"]
    assert left_out(delivery)["a.xlsx!Sheet1!2"] == "header"


def test_the_first_record_is_not_taken_for_a_header_line(county, cells):
    county.sheet(
        "a.xlsx", [[*county.header, "备注"], [None, None, None, None, None, "见附件"], county.person()]
    )
    assert cells(county.read(payments=["a.xlsx"]), "payments", "source") == [
        "a.xlsx!Sheet1!2",
        "a.xlsx!Sheet1!3",
    ]


def test_a_missing_column_says_what_where_and_what_to_write(county):
    county.sheet(
        "发放表.xlsx", [["某县"], [], ["学生名", "证件号", "资助项目", "金额"], ["测试一", "x", "补助", "1"]]
    )
    [problem] = county.read(payments=["*.xlsx"]).problems
    assert problem.into("zh") == (
        "缺少必需列“姓名”\n"
        "  位置：发放表.xlsx › Sheet1 › 表头第 3 行（现有列：学生名、证件号、资助项目、金额）\n"
        "  处理：工作台：“文件”一步打开这张表，在“学生名”上方选“姓名”。"
        '手写：如“学生名”即姓名，请在参数文件 columns 中写明 payments: {"学生名": name}，'
        "或在 params/headers.csv 加一行"
    )
    assert "Required column “Name” is missing" in problem.into("en")


def test_all_missing_columns_of_all_files_are_told_at_once(county, problem_texts):
    county.sheet("a.xlsx", [["姓名", "身份证号", "学校"], ["测试一", "x", "y"]])
    county.sheet("b.xlsx", [["学籍号", "学校名称", "年级"], ["G1", "青山小学", "一年级"]])
    assert problem_texts(county.read(payments=["a.xlsx"], enrolment=["b.xlsx"])) == [
        "缺少必需列“资助项目”",
        "缺少必需列“金额”",
        "缺少必需列“姓名”",
    ]


def test_one_of_a_group_of_columns_is_needed(county, problem_texts):
    county.sheet("a.xlsx", [["姓名", "身份证件号", "年级"], ["测试一", "x", "一年级"]])
    assert problem_texts(county.read(enrolment=["a.xlsx"])) == ["缺少必需列“学校标识码”或“学校名称”"]


def test_what_a_whole_file_has_in_common_may_be_given_for_it(county):
    county.sheet("a.xlsx", [["姓名", "身份证号", "金额"], ["测试一", "x", "1"]])
    county.sheet("b.xlsx", [["姓名", "身份证件号", "年级"], ["测试一", "x", "一年级"]])
    scheme, school = county.read(payments=["a.xlsx"], enrolment=["b.xlsx"]).problems
    assert "scheme: boarder_allowance" in scheme.remedy.zh
    assert "school_name: 第一小学" in school.remedy.en


def test_a_file_of_another_table(county, problem_texts):
    county.sheet(
        "a.xlsx",
        [["学籍号", "姓名", "身份证件号", "学校名称", "年级", "班级"], ["G1", "测试一", "x", "y", "一", "1"]],
    )
    assert problem_texts(county.read(payments=["a.xlsx"])) == ["这张表像是“学籍”，不是“发放明细”"]


@pytest.mark.parametrize("table", ["control_totals", "schools"])
def test_a_list_of_persons_is_no_table_without_persons(county, problem_texts, table):
    county.sheet("a.xlsx", [["学校标识码", *county.header], ["1", *county.person()]])
    [what] = problem_texts(county.read(**{table: ["a.xlsx"]}))
    assert what.startswith("这张表像是“发放明细”")


def test_the_only_column_of_a_sheet_may_be_its_header(county, cells):
    county.sheet("a.xlsx", [["学校名称"], ["青山小学"], ["绿水小学"]])
    assert cells(county.read(schools=["a.xlsx"]), "schools", "school_name") == ["青山小学", "绿水小学"]


def test_yes_or_no_for_boarding(county, cells):
    header = ["姓名", "学校名称", "年级"]
    county.csv("a.csv", [[*header, "是否住校"], ["测试一", "青山小学", "一年级", "是"]])
    county.csv("b.csv", [[*header, "就读方式"], ["测试二", "青山小学", "一年级", "2"]])
    county.csv("c.csv", [header, ["测试三", "青山小学", "一年级"]])
    delivery = county.read(enrolment=["*.csv"])
    assert cells(delivery, "enrolment", "boarding", "boarding_coding") == [
        ("是", "yes_no"),
        ("2", ""),
        (None, ""),
    ]


def test_a_header_that_asks_yes_or_no_in_so_many_words(county, cells):
    county.csv(
        "a.csv", [["姓名", "学校名称", "年级", "是否住校（是/否）"], ["测试一", "青山小学", "一年级", "否"]]
    )
    assert cells(county.read(enrolment=["a.csv"]), "enrolment", "boarding", "boarding_coding") == [
        ("否", "yes_no")
    ]


def test_columns_without_header_are_listed(county):
    county.sheet("a.xlsx", [county.header, [*county.person(), "手写备注"]])
    assert county.read(payments=["a.xlsx"]).files[0].sheets[0].unused == ("第 6 列（无表头）",)


def test_a_header_and_nothing_below(county):
    county.sheet("a.xlsx", [county.header])
    delivery = county.read(payments=["a.xlsx"])
    assert not delivery.problems
    assert len(delivery.raw["payments"]) == 0
    assert delivery.columns_found["payments"] >= {"name", "amount"}


def test_sixteen_thousand_columns(county, cells):
    county.csv(
        "a.csv", [[*county.header, *(f"列{i}" for i in range(16_000))], [*county.person(), *["x"] * 16_000]]
    )
    delivery = county.read(payments=["a.csv"])
    assert not delivery.problems
    assert cells(delivery, "payments", "name") == ["测试二"]
