"""Rows that are no records are left out with their reason; every other row is handed on, however odd."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditlib.ingest import deliver


def below(county, *rows, file="a.xlsx"):
    county.sheet(file, [county.header, county.person(1), *rows])
    return county.read(payments=[file])


@pytest.mark.parametrize(
    "row",
    [
        ["合计", None, None, None, "1500"],
        ["合 计", None, None, None, "1500"],
        ["小　计：", None, None, None, "1500"],
        ["总计", "3", None, None, "1500"],
        ["共计", "3人", None, None, "1500"],
        ["本页合计", None, None, None, "1500"],
        ["累计", None, None, None, "1500"],
        ["总数", "3", None, None, "1500"],
        ["合计（人次）12", None, None, None, None],
        ["合计：3人，共1500元", None, None, None, None],
        ["合计（大写）：壹仟伍佰元整", None, None, None, None],
        ["青山小学小计", None, None, None, "1500"],
        [None, None, "青山小学 小计", None, "1500"],
        [None, None, "合计", None, "1500"],
    ],
)
def test_totals(county, cells, left_out, row):
    delivery = below(county, row, county.person(2))
    assert left_out(delivery)["a.xlsx!Sheet1!3"] == "subtotal"
    assert len(cells(delivery, "payments", "name")) == 2


def test_the_total_in_the_name_cell_behind_a_number(county, left_out):
    county.sheet(
        "a.xlsx", [["序号", *county.header], [1, *county.person()], [2, "合计", None, None, None, "500"]]
    )
    assert left_out(county.read(payments=["a.xlsx"]))["a.xlsx!Sheet1!3"] == "subtotal"


@pytest.mark.parametrize(
    "row",
    [
        [
            "合计",
            "990122201001010021",
            "青山小学",
            "补助",
            "500",
        ],  # an ID number: a person, whatever the name
        ["欧阳小计", None, "青山小学", "补助", "500"],
        ["计小合", None, "青山小学", "补助", "500"],
        ["测试七", None, "小计", None, "500"],  # the first cell is a name
        [None, None, None, None, "500"],  # a total that does not say so
        [None, None, "青山小学", None, None],
        ["审核", "990122201001010021", "青山小学", "补助", "500"],
        ["注册", None, "青山小学", "补助", "500"],
        ["附中小学", None, None, None, None],
        ["一、城区小学", None, None, None, None],
        ["2020-12-31", None, None, None, None],
        ["x", "y"],
    ],
)
def test_odd_rows_are_handed_on(county, cells, row):
    delivery = below(county, row)
    assert cells(delivery, "payments", "source") == ["a.xlsx!Sheet1!2", "a.xlsx!Sheet1!3"]


@pytest.mark.parametrize(
    ("footer", "reason"),
    [
        ("洛溪县残疾人联合会  2025年2月28日", "signature"),
        ("民政局社会事务股", "signature"),
        ("民政局负责人：         填表人：测试甲", "signature"),
        ("打印柜员：0107", "signature"),
        ("测试甲", None),
    ],
)
def test_who_sends_the_list_stands_below_it_behind_no_name(county, left_out, footer, reason):
    header, record = ["序号", *county.header], ["1", *county.person(1)]
    county.sheet("a.xlsx", [header, record, [footer]])
    assert left_out(county.read(payments=["a.xlsx"])).get("a.xlsx!Sheet1!3") == reason


def test_a_school_alone_in_its_column_is_no_signature(county, cells):
    county.sheet("a.xlsx", [county.header, county.person(1), [None, None, "青山教学服务中心", None, None]])
    assert len(cells(county.read(payments=["a.xlsx"]), "payments", "source")) == 2


@pytest.mark.parametrize(
    "row",
    [
        ["填表人：测试甲", None, "审核人：测试乙", None, "负责人：测试丙"],
        ["制表人:测试甲"],
        ["经办人（签字）：", None, None, "日期：2020年12月31日"],
        ["单位（盖章）："],
        ["单位负责人(签章)：测试甲"],
        ["填报日期：2020-12-31"],
        ["打印时间：2020/12/31 08:00"],
        ["审 核 人", "测试甲", "填表人", "测试乙"],
        ["校长签字：", None, None, "经办人签字："],
        [None, None, "制表人：测试甲"],
    ],
)
def test_signatures(county, left_out, row):
    assert left_out(below(county, [], row))["a.xlsx!Sheet1!4"] == "signature"


@pytest.mark.parametrize(
    "row",
    [
        ["注：本表一式两份"],
        ["备注：数据截至12月"],
        ["说明：1、金额为实发数"],
        ["附：学校名单"],
        ["注1：退汇另列"],
        ["（注）：退汇另列"],
        ["第1页 共3页"],
        ["第 2 页"],
    ],
)
def test_notes(county, left_out, row):
    assert left_out(below(county, row))["a.xlsx!Sheet1!3"] == "note"


def test_the_numbered_lines_of_a_note(county, left_out):
    delivery = below(
        county, ["填报说明："], ["1、金额为实发数"], ["2、退汇另列"], county.person(2), ["3、散落的一行"]
    )
    assert [address[-1] for address, reason in left_out(delivery).items() if reason == "note"] == [
        "3",
        "4",
        "5",
    ]


def test_the_header_printed_again_on_every_page(county, cells, left_out):
    top = [["某县发放表"], ["单位：元"], county.header]
    county.sheet("a.xlsx", [*top, county.person(1), *top, county.person(2), [*county.header[:3], None, None]])
    delivery = county.read(payments=["a.xlsx"])
    reasons = left_out(delivery)
    assert [reasons[f"a.xlsx!Sheet1!{row}"] for row in (5, 6, 7, 9)] == [
        "title",
        "unit",
        "repeated_header",
    ] * 1 + ["repeated_header"]
    assert cells(delivery, "payments", "source") == ["a.xlsx!Sheet1!4", "a.xlsx!Sheet1!8"]


def test_two_header_lines_printed_again(county, left_out):
    lines = [["学生", None, None, "发放", None], ["姓名", "身份证号", "学校", "资助项目", "金额"]]
    county.csv("a.csv", [*lines, county.person(1), *lines, county.person(2)])
    assert [*left_out(county.read(payments=["a.csv"])).values()] == ["header"] * 2 + ["repeated_header"] * 2


def test_a_heading_merged_over_the_columns_between_records(county, left_out):
    county.sheet(
        "a.xlsx", [county.header, county.person(1), ["二、乡镇小学"], county.person(2)], merged=["A3:E3"]
    )
    assert left_out(county.read(payments=["a.xlsx"]))["a.xlsx!Sheet1!3"] == "title"


def test_blank_rows_are_counted_and_are_no_rows(county, cells):
    county.csv(
        "a.csv",
        [county.header, county.person(1), [], ["", " ", "\u3000", "\u200b", "\xa0"], county.person(2)],
    )
    delivery = county.read(payments=["a.csv"])
    [sheet] = delivery.files[0].sheets
    assert (sheet.blank_rows, sheet.rows_read, sheet.rows_handed_on) == (2, 3, 2)
    assert cells(delivery, "payments", "source") == ["a.csv!2", "a.csv!5"]


# --- merged cells ------------------------------------------------------------------------------------------


def test_vertical_merges_are_filled_down(county, cells):
    rows = [county.header, county.person(1), county.person(2, 学校=None), county.person(3, 学校=None)]
    county.sheet("a.xlsx", rows, merged=["C2:C4"])
    delivery = county.read(payments=["a.xlsx"])
    assert cells(delivery, "payments", "school_name") == ["青山小学"] * 3
    assert delivery.files[0].sheets[0].merged_filled == 1


def test_a_gap_that_is_not_merged_stays_empty(county, cells):
    county.sheet("a.xlsx", [county.header, county.person(1), county.person(2, 学校=None)])
    assert cells(county.read(payments=["a.xlsx"]), "payments", "school_name") == ["青山小学", None]


def test_a_merged_amount_is_not_paid_twice(county, cells):
    county.sheet("a.xlsx", [county.header, county.person(1), county.person(2, 金额=None)], merged=["E2:E3"])
    assert cells(county.read(payments=["a.xlsx"]), "payments", "amount") == ["500", "合并单元格"]


def test_a_subtotal_below_a_merged_school(county, cells, left_out):
    rows = [county.header, county.person(1), ["小计", None, None, None, "500"]]
    county.sheet("a.xlsx", rows, merged=["C2:C3"])
    delivery = county.read(payments=["a.xlsx"])
    assert left_out(delivery)["a.xlsx!Sheet1!3"] == "subtotal"
    assert len(cells(delivery, "payments", "name")) == 1


def test_blank_rows_within_a_merge_stay_blank(county, cells):
    county.sheet(
        "a.xlsx", [county.header, county.person(1), [], county.person(2, 学校=None)], merged=["C2:C4"]
    )
    delivery = county.read(payments=["a.xlsx"])
    assert cells(delivery, "payments", "source") == ["a.xlsx!Sheet1!2", "a.xlsx!Sheet1!4"]
    assert delivery.files[0].sheets[0].blank_rows == 1


# --- what a remark says ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["退汇", "已退回", "打卡失败", "银行退票", " 未到账 "])
def test_a_remark_that_a_payment_came_back_is_not_passed_over(county, problem_texts, word):
    county.sheet("a.xlsx", [[*county.header, "备注"], county.person(1), [*county.person(2), word]])
    delivery = county.read(payments=["a.xlsx"])
    assert problem_texts(delivery) == [f"没有“发放结果”一列，而“备注”中写有“{word.strip()}”"]
    assert delivery.problems[0].where.zh == "a.xlsx › Sheet1 › 第 3 行"
    assert not county.read(columns={"payments": {"备注": "result"}}, payments=["a.xlsx"]).problems


@pytest.mark.parametrize("word", ["上学期退汇补发", "无", "退役军人子女", "新增"])
def test_other_remarks_stop_nothing(county, word):
    county.sheet("a.xlsx", [[*county.header, "备注"], [*county.person(1), word]])
    county.sheet("b.xlsx", [[*county.header, "发放结果", "备注"], [*county.person(2), "成功", "退汇"]])
    assert not county.read(payments=["*.xlsx"]).problems


def test_a_remark_that_a_pupil_left_where_no_status_is_given(county, problem_texts):
    county.csv("a.csv", [["姓名", "学校名称", "年级", "备注"], ["测试一", "青山小学", "一年级", "已转出"]])
    assert problem_texts(county.read(enrolment=["a.csv"])) == ["没有“学生状态”一列，而“备注”中写有“已转出”"]


# --- printed totals ----------------------------------------------------------------------------------------


def test_in_printed_totals_a_total_is_a_record_for_all(county, cells, left_out):
    header = ["学期", "困难类型", "资助项目", "人次", "金额（万元）"]
    rows = [
        header,
        ["2020秋", "低保", "寄宿生生活补助", "100", "5"],
        ["2020秋", "低保", "小计", "120", "6"],
        ["2020秋", "合 计", "全部", "200", "10"],
        ["总计", None, None, "400", "20"],
        ["合计", None, None, None, None],
        ["填表人：测试甲"],
    ]
    county.sheet("报表.xlsx", rows)
    delivery = county.read(control_totals=["报表.xlsx"])
    assert cells(delivery, "control_totals", "term", "category", "scheme", "persons", "amount_unit") == [
        ("2020秋", "低保", "寄宿生生活补助", "100", "10000"),
        ("2020秋", "低保", None, "120", "10000"),
        ("2020秋", None, None, "200", "10000"),
        (None, None, None, "400", "10000"),
    ]
    assert [*left_out(delivery).values()] == ["header", "subtotal", "signature"]


def test_a_printed_total_whose_word_stands_in_an_unused_column(county, cells):
    county.sheet("报表.xlsx", [["序号", "困难类型", "人次"], [1, "低保", 7], ["合计", None, 7]])
    delivery = county.read(control_totals=["报表.xlsx"])
    assert cells(delivery, "control_totals", "category", "persons") == [("低保", "7"), (None, "7")]


def test_a_merged_category_of_printed_totals(county, cells):
    rows = [
        ["困难类型", "资助项目", "人次", "金额"],
        ["低保", "甲", 1, 2],
        [None, "乙", 3, 4],
        [None, "小计", 4, 6],
    ]
    county.sheet("报表.xlsx", rows, merged=["A2:A4"])
    assert cells(county.read(control_totals=["报表.xlsx"]), "control_totals", "category", "scheme") == [
        ("低保", "甲"),
        ("低保", "乙"),
        ("低保", None),
    ]


# --- whatever comes ----------------------------------------------------------------------------------------

CELL = st.one_of(
    st.sampled_from(
        ["合计", "小计：", "姓名", "身份证号", "金额", "注：", "制表人：", "第1页", "990122201001010013"]
    ),
    st.sampled_from(["", " ", "\u3000", "单位：元", "1、", "青山小学", "测试一", "500", "（元）", "监护人"]),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=6),
)


@given(st.lists(st.lists(CELL, max_size=7), max_size=12), st.integers(0, 3))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_every_row_is_handed_on_or_left_out_or_blank_or_there_is_a_problem(rows, above):
    """And what is handed on stands where its address says, cell by cell."""
    header = ["姓名", "身份证号", "学校", "资助项目", "金额"]
    file_rows = [*rows[:above], header, *rows[above:]]
    with tempfile.TemporaryDirectory() as folder:
        lines = ["\t".join(cell.replace('"', "") for cell in row) for row in file_rows]
        (Path(folder) / "a.txt").write_text("\n".join(lines), encoding="utf-8")
        delivery = deliver(Path(folder), {"payments": ["a.txt"]})
    for sheet in delivery.files[0].sheets if not delivery.problems else ():
        assert sheet.rows_read == sheet.rows_handed_on + len(sheet.left_out)
        assert sheet.rows_read + sheet.blank_rows in (
            len(file_rows),
            len(file_rows) - 1,
        )  # a blank last line is none
        handed_on = delivery.raw["payments"]
        for source, name in zip(handed_on["source"], handed_on["name"], strict=True):
            cells = lines[int(source.removeprefix("a.txt!")) - 1].split("\t")
            # Where another row says 姓名 too, it may be part of the header and name another column.
            places = cells if any("姓名" in row for row in rows) else cells[:1]
            assert name is None or name in places
