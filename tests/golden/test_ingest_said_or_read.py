"""Layouts of which a part was lost, or misread, without a word: each is read rightly, or asked about."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from auditlib.spreadsheets import crossed_out

NUMBERS = [f"99012220100101{n:03}X" for n in (1, 2, 3)]
NAMES = ["测试一", "测试二", "测试三"]
MONTHS = ["9月", "10月", "11月", "12月", "1月"]
TERM = "2024-autumn"


def by_month(header: str, cells: list[str]) -> list[list[str | None]]:
    """A list with a line of months below one header that covers them."""
    gap: list[str | None] = [None] * 4
    people = [[name, number, *cells, "625元"] for name, number in zip(NAMES, NUMBERS, strict=True)]
    rows: list[list[str | None]] = [["青山小学2024年秋季寄宿生生活补助发放册"]]
    rows += [["姓名", "身份证号", header, *gap, "合计"], [None, None, *MONTHS, None]]
    return [*rows, *([*row] for row in people)]


@pytest.mark.parametrize("header", ["每月发放金额", "补助金额", "发放情况"])
def test_months_below_a_header_that_covers_them_are_summed(county: Any, cells: Any, header: str) -> None:
    county.book("册.xlsx", {"表": by_month(header, ["125元"] * 5)}, merged=["C2:G2", "A2:A3", "B2:B3"])
    delivery = county.read(payments=["册.xlsx"], term=TERM)
    assert delivery.problems == () and cells(delivery, "payments", "amount") == ["625"] * 3


def test_months_that_cannot_be_summed_are_no_amount_and_none_is_proposed(
    county: Any, problem_texts: Any
) -> None:
    county.book("册.xlsx", {"表": by_month("补助金额", ["125元"] * 4 + ["停发"])}, merged=["C2:G2"])
    delivery = county.read(payments=["册.xlsx"], term=TERM)
    assert problem_texts(delivery) == ["缺少必需列“金额”"]
    assert "月" not in delivery.problems[0].remedy.zh


REMARKS = ["已转出（2024.9.20）", "死亡（2024年9月12日）", "9月3日休学", "转学至外县", "2024.11病故"]
SET_RIGHT = ["休学，11月已复学", "班长", "转出手续已取消", "留守儿童"]


@pytest.mark.parametrize("remark", REMARKS)
def test_a_remark_that_a_pupil_left_is_asked_about_with_its_day(
    county: Any, problem_texts: Any, cells: Any, remark: str
) -> None:
    rows = [
        ["姓名", "身份证号", "学校", "年级", "备注"],
        [NAMES[0], NUMBERS[0], "青山小学", "三年级", remark],
    ]
    county.csv("学籍.csv", [*rows, [NAMES[1], NUMBERS[1], "青山小学", "三年级", ""]])
    questions = problem_texts(county.read(enrolment=["学籍.csv"], term=TERM))
    assert len(questions) == 1 and questions[0].startswith("没有“学生状态”一列，而“备注”中写有")
    delivery = county.read({"enrolment": {"备注": "status"}}, enrolment=["学籍.csv"], term=TERM)
    status = cells(delivery, "enrolment", "status")[0]
    assert status in ("已转出", "死亡", "休学", "转学", "病故")
    if "9" in remark:
        assert cells(delivery, "enrolment", "status_date")[0] in ("2024.9.20", "2024年9月12日", "2024-9-3")


@pytest.mark.parametrize("remark", SET_RIGHT)
def test_a_remark_that_was_set_right_is_none(county: Any, remark: str) -> None:
    rows = [
        ["姓名", "身份证号", "学校", "年级", "备注"],
        [NAMES[0], NUMBERS[0], "青山小学", "三年级", remark],
    ]
    county.csv("学籍.csv", rows)
    assert county.read(enrolment=["学籍.csv"], term=TERM).problems == ()


@pytest.mark.parametrize(
    ("sheet", "title", "grade"),
    [
        ("一年级", "花名册", "一年级"),
        ("七年级2班", "花名册", "七年级2班"),
        ("Sheet1", "青山小学三年级学生名单", "三年级"),
        ("Sheet1", "青山小学一年级至六年级学生名单", None),
        ("Sheet1", "青山小学学生名单", None),
    ],
)
def test_the_grade_that_a_sheet_is_called_by(
    county: Any, cells: Any, sheet: str, title: str, grade: str | None
) -> None:
    rows = [[n, name, number, n] for n, (name, number) in enumerate(zip(NAMES, NUMBERS, strict=True), 1)]
    header = ["编号", "姓名", "身份证号", "班别"]
    county.book("名单.xlsx", {sheet: [[title, None, None, None], header, *rows]})
    source = {"files": "名单.xlsx", "school_name": "青山小学"}
    delivery = county.read(enrolment=[source], term=TERM)
    if grade:
        assert delivery.problems == () and cells(delivery, "enrolment", "grade") == [grade] * 3
    else:
        assert [p.what.zh for p in delivery.problems] == ["缺少必需列“学段”或“年级”"]


def test_a_running_number_is_proposed_for_no_grade(county: Any) -> None:
    rows = [[str(n), f"测试{n}", f"99012220100101{n:03}X", "青山小学"] for n in range(1, 21)]
    county.csv("名单.csv", [["编号", "姓名", "身份证号", "学校"], *rows])
    (problem,) = county.read(enrolment=["名单.csv"], term=TERM).problems
    assert "编号" not in problem.remedy.zh


def test_another_list_below_with_columns_of_its_own_is_asked_about(county: Any, problem_texts: Any) -> None:
    shared_columns = ["乡镇", "户编号", "姓名", "身份证号"]
    poor = [["青山镇", "N1", NAMES[0], NUMBERS[0], "2018"]]
    watch_row = [["青山镇", "N2", NAMES[1], NUMBERS[1], "边缘易致贫户"]]
    rows = [
        ["脱贫户花名册"],
        [*shared_columns, "脱贫年度"],
        *poor,
        [],
        [*shared_columns, "监测对象类别"],
        *watch_row,
    ]
    county.book("花名册.xlsx", {"表": rows})
    delivery = county.read(eligibility=[{"files": "花名册.xlsx", "category": "registered_poor"}], term=TERM)
    assert problem_texts(delivery) == ["数据中间出现另一种表头，其后各列含义不同"]


def test_the_answer_to_a_letter_under_another_name(county: Any, problem_texts: Any, cells: Any) -> None:
    header = ["姓名", "身份证号", "发函时间", "回函时间"]
    answers = ["未资助", "已资助", ""]
    rows = [[n, i, "2024-09-18", "2024-10-25", a] for n, i, a in zip(NAMES, NUMBERS, answers, strict=True)]
    county.csv("函.csv", [[*header, "回函结果"], *rows])
    assert cells(county.read(letters=["函.csv"], term=TERM), "letters", "aided") == ["未资助", "已资助", None]
    county.csv("函.csv", [[*header, "回函说明"], *rows])
    assert "看来是" in problem_texts(county.read(letters=["函.csv"], term=TERM))[0]


def test_a_scheme_behind_a_label_above_the_list(county: Any, cells: Any) -> None:
    header = ["姓名", "身份证号", "交易金额"]
    rows = [
        ["农商行代发清单"],
        ["摘要：2024年秋季义务教育非寄宿生生活补助"],
        header,
        [NAMES[0], NUMBERS[0], "312.5"],
    ]
    county.book("代发.xlsx", {"表": rows})
    assert cells(county.read(payments=["代发.xlsx"], term=TERM), "payments", "scheme") == [
        "day_pupil_allowance"
    ]


@pytest.mark.parametrize(
    ("line", "day"),
    [("发放时间：2024年11月28日　　单位：元", "2024-11-28"), ("发放时间：2024.11.1-2024.11.28", "")],
)
def test_the_day_of_payment_above_the_list(county: Any, line: str, day: str) -> None:
    rows = [["姓名", "身份证号", "金额"], [NAMES[0], NUMBERS[0], "625"]]
    county.book("寄宿生生活补助.xlsx", {"表": [["寄宿生生活补助发放册"], [line], *rows]})
    frame = county.read(payments=["寄宿生生活补助.xlsx"], term=TERM).raw["payments"]
    assert [one or "" for one in frame["pay_date"]] == [day]


def test_both_halves_of_the_year_that_the_title_states(county: Any, cells: Any) -> None:
    header = ["姓名", "身份证号", "资助项目", "金额", "学期"]
    rows = [[NAMES[0], NUMBERS[0], "寄宿生生活补助", "625", half] for half in ("春季", "秋季")]
    county.book("名单.xlsx", {"表": [["2024年资助名单（春、秋两季）"], header, *rows]})
    terms = cells(county.read(planned=["名单.xlsx"], term=TERM), "planned", "term")
    assert terms == ["2024-spring", "2024-autumn"]
    county.book("名单.xlsx", {"表": [["2025年1月资助名单"], header, *rows]})
    terms = cells(county.read(planned=["名单.xlsx"], term=TERM), "planned", "term")
    assert terms[0] != "2025-spring", "the month of the list is no year of its rows"


@pytest.mark.parametrize(("cells_struck", "asks"), [(range(1, 5), True), ([4], False), ([], False)])
def test_a_row_that_is_crossed_out_is_asked_about(
    county: Any, problem_texts: Any, cells_struck: Any, asks: bool
) -> None:
    rows = [[name, number, "寄宿生生活补助", "625"] for name, number in zip(NAMES, NUMBERS, strict=True)]
    county.book("册.xlsx", {"表": [["姓名", "身份证号", "资助项目", "金额"], *rows]})
    book = openpyxl.load_workbook(county.root / "册.xlsx")
    for column in cells_struck:
        book["表"].cell(3, column).font = Font(strike=True)
    book.save(county.root / "册.xlsx")
    assert (
        problem_texts(county.read(payments=["册.xlsx"], term=TERM))
        == ["有 1 行划了删除线：是作废的，还是有效的？"] * asks
    )


@pytest.mark.parametrize("mark", ["<s>{}</s>", "<span style='text-decoration:line-through'>{}</span>"])
def test_a_row_that_is_crossed_out_in_a_web_page_is_asked_about(
    county: Any, problem_texts: Any, mark: str
) -> None:
    cells = "".join(f"<td>{mark.format(text)}</td>" for text in (NAMES[0], NUMBERS[0], "低保"))
    county.text("导出.xls", PAGE.replace("{rows}", f"<tr>{cells}</tr>"))
    assert problem_texts(county.read(eligibility=["导出.xls"], term=TERM)) == [
        "有 1 行划了删除线：是作废的，还是有效的？"
    ]


def test_an_old_workbook_in_which_something_is_crossed_out_is_asked_about() -> None:
    def font(flags: int) -> bytes:
        name = "宋体".encode("utf-16-le")
        return b"\x31\x00" + bytes([20, 0, 220, 0, flags, 0, 0, 0, 144, 1, 0, 0, 0, 0, 134, 0, 2, 1]) + name

    def xf(font_number: int, of_style: int = 0) -> bytes:
        return b"\xe0\x00\x14\x00" + bytes([font_number, 0, 0, 0, of_style, 0, *[0] * 14])

    fonts = font(0) * 4 + font(8)  # numbered 0 to 3 and 5
    assert crossed_out.is_used(fonts + xf(0) + xf(5))
    assert not crossed_out.is_used(fonts + xf(0) + xf(5, of_style=4))
    assert not crossed_out.is_used(fonts + xf(0) + xf(3))
    assert not crossed_out.is_used(font(0) + xf(0))


# --- web pages under the name .xls ----------------------------------------------------------------------------

PAGE = (
    "<html><head><meta charset=gb2312><title>x</title><style>td{}</style></head><body><table><tr><th colspan=3>名册</th></tr>"
    "<tr><td>姓名<td>身份证号<td>困难类型</tr>{rows}</table></body></html>"
)


def test_a_list_in_a_web_page_keeps_its_digits_and_merges(county: Any, cells: Any) -> None:
    two = f"<tr><td>{NAMES[0]}</td><td x:str>{NUMBERS[0]}</td><td rowspan=2>低&nbsp;保</td></tr>"
    two += f"<tr style='display:none'><td>{NAMES[1]}<br></td><td>{NUMBERS[1]}</td></tr>"
    county.bytes("导出.xls", PAGE.replace("{rows}", two).encode("gb18030"))
    delivery = county.read(eligibility=["导出.xls"], term=TERM)
    assert delivery.problems == ()
    assert cells(delivery, "eligibility", "id_number") == NUMBERS[:2]
    assert [
        cell.replace("\xa0", "").replace(" ", "") for cell in cells(delivery, "eligibility", "category")
    ] == ["低保"] * 2
    assert delivery.files[0].sheets[0].hidden_rows == (4,)


@pytest.mark.parametrize(
    "content",
    [
        "<html><body>登录超时，请重新登录</body></html>",
        "<table><tr><td><table><tr><td>姓名<td>号</tr><tr><td>甲<td>1</tr></table></td></tr></table>",
        "<html><frameset><frame src=sheet001.htm></frameset></html>",
        "<table><tr>" + "<td colspan=1000 rowspan=65534>甲" * 99,
    ],
)
def test_a_web_page_that_holds_no_list_says_what_to_do(county: Any, content: str) -> None:
    county.text("导出.xls", content)
    (problem,) = county.read(eligibility=["导出.xls"], term=TERM).problems
    assert problem.what.zh in ("这是网页或 XML，其中没有可读的名单", "文件展开后过大（超过 40,000,000 格）")


# --- totals printed within a list -----------------------------------------------------------------------------


def of_classes(*totals: str) -> list[list[str]]:
    """A list of two classes, 小计 below each and 合计 at the end."""
    people = [[name, number, "寄宿生生活补助", "625"] for name, number in zip(NAMES, NUMBERS, strict=True)]
    lines = [["小计", "", "", totals[0]], ["小计（1人）", "", "", totals[1]], ["合计", "3人", "", totals[2]]]
    return [["姓名", "身份证号", "资助项目", "金额"], *people[:2], lines[0], people[2], *lines[1:]]


@pytest.mark.parametrize(
    ("totals", "differing"),
    [
        (("1,250.00", "625元", "1875"), []),
        (("1250", "1250", "1875"), [("册.xlsx!表!6", "1250", "625")]),
        (("1250", "625", "1825"), [("册.xlsx!表!7", "1825", "1875")]),
        (("1250", "", "1875"), []),
    ],
)
def test_a_total_within_a_list_is_held_against_its_rows(
    county: Any, totals: tuple[str, ...], differing: list[tuple[str, str, str]]
) -> None:
    county.book("册.xlsx", {"表": of_classes(*totals)})
    (sheet,) = county.read(payments=["册.xlsx"], term=TERM).files[0].sheets
    assert len(sheet.sums) == sum(map(bool, totals))
    assert [(one.source, one.printed, one.detail) for one in sheet.sums if not one.agrees] == differing


@pytest.mark.parametrize(
    ("header", "cells", "word"),
    [
        ("认定结果", ["通过", "不予认定", "通过"], "不予认定"),
        ("审核意见", ["同意", "审核未通过", "同意"], "审核未通过"),
        ("是否认定", ["是", "否", "是"], "否"),
        ("备注", ["", "不符合条件", ""], "不符合条件"),
        ("评审结论", ["困难", "不困难", "困难"], "不困难"),
        ("是否放弃", ["否", "是", "否"], "是"),
        ("困难等级", ["一般困难", "不予认定", "一般困难"], "不予认定"),
        ("认定结果", ["通过", "予以认定", "通过"], ""),
        ("公示结果", ["无异议", "无", "无异议"], ""),
        ("是否残疾", ["否", "否", "是"], ""),
    ],
)
def test_an_application_that_was_refused_is_asked_about(
    county: Any, problem_texts: Any, header: str, cells: list[str], word: str
) -> None:
    rows = [
        [f"测试{n}", f"99012220100101{at:03}X", "青山小学", "低保", "2024-09-10", cell]
        for at, (n, cell) in enumerate(zip("一二三", cells, strict=True), 1)
    ]
    county.sheet("申请.xlsx", [["姓名", "身份证号", "学校", "困难类型", "申请日期", header], *rows])
    questions = [
        text for text in problem_texts(county.read(applications=["申请.xlsx"])) if "没有通过" in text
    ]
    assert len(questions) == bool(word)
    assert not word or questions[0].startswith(f"“{header}”写明 1 行没有通过（如“{word}”）")
    waiver = county.read(applications=["申请.xlsx"], columns={"applications": {header: None}})
    assert not any("没有通过" in text for text in problem_texts(waiver))
