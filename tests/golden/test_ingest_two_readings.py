"""What could be read in two ways: lists abreast, one word below two groups, another term in the title."""

from __future__ import annotations

import pytest

from auditlib.ingest import deliver


@pytest.mark.parametrize("gap", [[], [None]])
def test_lists_side_by_side_are_read_as_one(county, cells, gap):
    rows = [["青山小学寄宿生生活补助发放表"], [*county.header, *gap, *county.header]]
    rows += [[*county.person(1), *gap, *county.person(2)], [*county.person(3), *gap]]
    county.sheet("a.xlsx", rows, merged=["A1:F1"])
    delivery = county.read(payments=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "payments", "source", "name") == [
        ("a.xlsx!Sheet1!3.1", "测试二"),
        ("a.xlsx!Sheet1!3.2", "测试三"),
        ("a.xlsx!Sheet1!4", "测试四"),
    ]


def test_the_title_over_lists_side_by_side_still_states_scheme_and_school(county, cells):
    header = ["姓名", "身份证号", "金额"]
    rows = [
        ["青山小学2024年秋季学期寄宿生生活补助发放表"],
        header * 3,
        ["样甲", "1", "625", "样乙", "2", "625"],
    ]
    county.sheet("a.xlsx", rows, merged=["A1:I1"])
    read = cells(
        county.read(term="2024-autumn", payments=["a.xlsx"]), "payments", "name", "school_name", "scheme"
    )
    assert read == [(name, "青山小学", "boarder_allowance") for name in ("样甲", "样乙")]


def test_other_lists_side_by_side_are_not_half_read(county, problem_texts):
    county.sheet(
        "a.xlsx",
        [[*county.header, None, *county.header, "备注"], [*county.person(1), None, *county.person(2), "x"]],
    )
    assert problem_texts(county.read(payments=["a.xlsx"])) == [
        "一张表里左右并排了两份名单（姓名、身份证号、学校、资助项目、金额各出现两次）"
    ]


def test_a_scheme_and_its_amount_twice_in_a_line_are_not_half_read(county, problem_texts):
    county.sheet("a.xlsx", [[*county.header, "资助项目", "金额"], [*county.person(), "营养膳食", "400"]])
    assert problem_texts(county.read(payments=["a.xlsx"])) == [
        "有几列都是“资助项目”，分不清用哪一列",
        "有几列都是“金额”，分不清用哪一列",
    ]


BY_TERM = [
    ["姓名", "身份证号", "学校", "资助项目", "2020年春季", None, "2020年秋季", None],
    [None, None, None, None, "金额", "发放日期", "金额", "发放日期"],
]
BY_TERM_MERGED = ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:H1"]


@pytest.mark.parametrize(
    ("groups", "column", "parts"),
    [
        (("2020年春季", "2020年秋季"), "term", ("2020年春季", "2020年秋季")),
        (("第一批", "第二批"), "batch_no", ("第一批", "第二批")),
        (("首批", "第2批"), "batch_no", ("首批", "第2批")),
    ],
)
def test_terms_and_batches_with_their_days_side_by_side_are_a_payment_each(
    county, cells, groups, column, parts
):
    group_line = [*BY_TERM[0][:4], groups[0], None, groups[1], None]
    once = [*county.person(2)[:4], None, None, "125", "2020-12-11"]
    rows = [[*county.person(), "2020-05-01", "250", "2020-12-01"], once]
    county.sheet("a.xlsx", [group_line, BY_TERM[1], *rows], merged=BY_TERM_MERGED)
    delivery = county.read(term="2020-autumn", payments=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "payments", column, "amount", "pay_date") == [
        (parts[0], county.person()[4], "2020-05-01"),
        (parts[1], "250", "2020-12-01"),
        (parts[1], "125", "2020-12-11"),
    ]


@pytest.mark.parametrize("merged", [[], ["A2:A3", "B2:B3", "C2:C3", "D2:E2"]])
def test_terms_in_a_line_below_the_amount_are_a_payment_each(county, cells, merged):
    """春季 was taken for the amount, and what stood below 秋季 was lost without a word."""
    header = ["姓名", "身份证号", "资助项目", "补助金额（元）", None]
    name, number = county.person()[:2]
    rows = [
        ["某县2020年发放花名册"],
        header,
        [None, None, None, "春季", "秋季"],
        [name, number, "寄宿生生活补助", "500", "400"],
    ]
    county.sheet("a.xlsx", [*rows, ["合计", None, None, "500", "400"]], merged=merged)
    delivery = county.read(term="2020-autumn", payments=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "payments", "term", "amount") == [("2020-spring", "500"), ("2020-autumn", "400")]


def test_one_word_below_two_groups_is_not_read_by_guess(county):
    rows = [[*BY_TERM[0][:4], "县级", None, "市级", None], BY_TERM[1], [*county.person(), "x", "250", "y"]]
    county.sheet("a.xlsx", rows, merged=BY_TERM_MERGED)
    amount, paid_on = county.read(term="2020-autumn", payments=["a.xlsx"]).problems
    text = amount.into("zh")
    assert text.startswith(
        "有几列都是“金额”，分不清用哪一列\n  位置：a.xlsx › Sheet1 › 表头第 2 行（县级金额、市级金额）\n"
    )
    assert text.endswith("各列都要用的，改成每行一笔，上下排列")
    assert "发放日期" in paid_on.what.zh


def test_the_run_says_which_of_the_groups_is_meant(county, cells):
    county.sheet("a.xlsx", [*BY_TERM, [*county.person(), "x", "250", "y"]], merged=BY_TERM_MERGED)
    own = {"payments": {"2020年秋季金额": "amount", "2020年秋季发放日期": "pay_date"}}
    delivery = county.read(columns=own, payments=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "payments", "amount", "pay_date") == [("250", "y")]


def test_printed_totals_of_two_terms_abreast_are_not_read_as_one(county, problem_texts):
    upper = ["困难类型", "春季", None, "秋季", None]
    lower = [None, "人次", "金额", "人次", "金额"]
    county.sheet("a.xlsx", [upper, lower, ["低保", 7, 3500, 8, 4000]], merged=["A1:A2", "B1:C1", "D1:E1"])
    assert problem_texts(county.read(control_totals=["a.xlsx"])) == [
        "有几列都是“人次”，分不清用哪一列",
        "有几列都是“金额”，分不清用哪一列",
    ]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["户主姓名", "身份证号", "学生姓名", "身份证号"], ["户", "H", "生", "S"]),
        (["户主姓名", "身份证号", "学生姓名", "证件号码"], ["户", "H", "生", "S"]),
        (["学生姓名", "身份证号", "监护人", "身份证号"], ["生", "S", "户", "H"]),
        (["身份证号", "学生姓名", "家长姓名", "身份证号"], ["S", "生", "户", "H"]),
        (["姓名", "身份证号", "家庭成员姓名", "身份证号"], ["户", "H", "生", "S"]),
        (["姓名", "身份证号", "家庭成员姓名", "家庭成员身份证号"], ["户", "H", "生", "S"]),
    ],
)
def test_a_number_is_taken_with_the_name_it_follows(county, cells, header, row):
    county.sheet("a.xlsx", [[*header, "类别"], [*row, "低保"]])
    delivery = county.read(eligibility=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "eligibility", "name", "id_number") == [("生", "S")]


@pytest.mark.parametrize("planned_list", ["金额", "资助金额", "补助金额"])
def test_of_two_amounts_the_one_that_says_paid_is_read(county, cells, planned_list):
    county.sheet("a.xlsx", [[*county.header[:4], planned_list, "实发金额"], [*county.person(), "250"]])
    assert cells(county.read(payments=["a.xlsx"]), "payments", "amount") == ["250"]


def test_three_header_lines(county, cells, left_out):
    lines = [
        ["姓名", "身份证号", "监护人信息", None, "资助信息（万元）", None, None],
        [None, None, "基本情况", None, "项目名称", "发放", None],
        [None, None, "姓名", "身份证号", None, "金额", "日期"],
    ]
    row = ["测试子", "990122201001010013", "测试父", "990122198001010019", "补助", "0.05", "2020-12-01"]
    merges = ["A2:A4", "B2:B4", "C2:D2", "C3:D3", "E2:G2", "E3:E4", "F3:G3"]
    county.sheet("a.xlsx", [["某县发放表"], *lines, row], merged=merges)
    delivery = county.read(payments=["a.xlsx"])
    assert not delivery.problems
    assert cells(
        delivery, "payments", "source", "name", "id_number", "scheme", "amount", "pay_date", "amount_unit"
    ) == [("a.xlsx!Sheet1!5", "测试子", "990122201001010013", "补助", "0.05", "2020-12-01", "10000")]
    assert list(left_out(delivery).values()) == ["title", "header", "header", "header"]


def test_another_header_among_the_records_stops_the_run(county, problem_texts):
    other = ["身份证号", "姓名", "资助项目", "学校", "金额"]
    county.sheet("a.xlsx", [county.header, county.person(1), other, county.person(2)])
    delivery = county.read(payments=["a.xlsx"])
    assert problem_texts(delivery) == ["数据中间出现另一种表头，其后各列含义不同"]
    assert delivery.problems[0].where.zh == "a.xlsx › Sheet1 › 第 3 行"


def test_records_above_the_header_stop_the_run(county, problem_texts):
    county.sheet("a.xlsx", [county.person(1), county.header, county.person(2)])
    assert problem_texts(county.read(payments=["a.xlsx"])) == ["表头之前有像是数据的行"]


@pytest.mark.parametrize(
    ("title", "title_term"),
    [
        ("某县2020年春季学期发放明细表", "2020-spring"),
        ("某县2019-2020学年第二学期发放明细表", "2020-spring"),
        ("某县2020年（春）发放花名册", "2020-spring"),
        ("某县2019学年第一学期发放明细表", "2019-autumn"),
    ],
)
def test_payments_that_a_title_puts_into_another_term(county, title, title_term):
    county.sheet("a.xlsx", [[title], county.header, county.person()])
    [problem] = deliver(county.root, {"payments": ["a.xlsx"]}, term="2020-autumn").problems
    assert "另一学期" in problem.what.zh and f"term: {title_term}" in problem.remedy.zh


@pytest.mark.parametrize(
    ("title", "constants"),
    [
        ("某县2020年秋季学期发放明细表", {}),
        ("某县2020-2021学年第一学期发放明细表", {}),
        ("某县2020年下半年发放明细表", {}),
        ("某县2020年发放明细表", {}),
        ("填表说明：2020年春季已经发放过的学生不在本表填报，另行报送", {}),
        ("某县2020年春季学期发放明细表", {"term": "2020-spring"}),
        ("某县2020年春季学期发放明细表（2020年秋季补发）", {}),
    ],
)
def test_payments_that_are_of_the_runs_term_or_say_of_which(county, title, constants):
    county.sheet("a.xlsx", [[title], county.header, county.person()])
    source = {"files": "a.xlsx", **constants}
    assert not deliver(county.root, {"payments": [source]}, term="2020-autumn").problems


def test_the_term_in_a_name_and_in_a_column(county):
    county.csv("发放2020年春季.csv", [county.header, county.person()])
    county.csv("另2020年春季.csv", [[*county.header, "学期"], [*county.person(), "2020年秋季"]])
    [problem] = deliver(county.root, {"payments": ["*.csv"]}, term="2020-autumn").problems
    assert problem.where.zh.startswith("发放2020年春季.csv")
