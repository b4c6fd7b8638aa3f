"""Sheets that would be read wrongly without a word: a list of returns, two columns of status, a sheet on its side."""

from __future__ import annotations

from typing import Any

TERM = "2025-spring"
HEADER = ["姓名", "身份证号", "学校", "资助项目", "金额"]


def paid(*more: Any) -> list[Any]:
    return ["测试甲", "99012220150101001X", "青山小学", "寄宿生生活补助", 625, *more]


def test_a_list_of_what_came_back_is_not_read_as_paid(county: Any, problem_texts: Any, cells: Any) -> None:
    county.sheet("代发失败清单.xlsx", [HEADER, paid()])
    [problem] = county.read(term=TERM, payments=["*.xlsx"]).problems
    assert (
        problem.what.zh.startswith("“代发失败清单”是退汇（失败）名单") and "not_needed" in problem.remedy.zh
    )
    delivery = county.read(term=TERM, payments=[{"files": "*.xlsx", "result": "returned"}])
    assert not delivery.problems and cells(delivery, "payments", "name") == ["测试甲"]
    delivery = county.read(term=TERM, payments=[{"files": "*.xlsx", "result": "taken_back"}])
    assert not delivery.problems and cells(delivery, "payments", "amount", "result") == [("-625", "success")]
    county.sheet("代发失败清单.xlsx", [[*HEADER, "处理结果"], paid("失败")])
    assert not county.read(term=TERM, payments=["*.xlsx"]).problems


def test_a_row_that_takes_a_payment_back_is_below_zero(county: Any, cells: Any) -> None:
    county.sheet(
        "代发.xlsx",
        [[*HEADER, "处理结果"], paid("成功"), paid("taken_back"), ["合计", None, None, None, 625, None]],
    )
    delivery = county.read(term=TERM, payments=["*.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "payments", "amount", "result") == [("625", "成功"), ("-625", "success")]


def test_what_was_paid_again_after_it_came_back_is_paid(county: Any) -> None:
    county.sheet("退汇补发明细.xlsx", [HEADER, paid()])
    assert not county.read(term=TERM, payments=["*.xlsx"]).problems


ENROLMENT = ["姓名", "身份证号", "学校", "年级", "学籍状态", "异动类型"]
PUPILS = [
    ["测试甲", "99012220150101001X", "青山小学", "三年级", "在籍", "转学"],
    ["测试乙", "99012220150101002X", "青山小学", "三年级", "在籍", None],
    ["测试丙", "99012220150101003X", "青山小学", "三年级", "在籍", "转入"],
]


def test_a_second_column_of_status_that_says_otherwise_is_asked_about(county: Any, cells: Any) -> None:
    county.sheet("学籍.xlsx", [ENROLMENT, *PUPILS])
    [problem] = county.read(term=TERM, enrolment=["*.xlsx"]).problems
    assert problem.what.zh == "“学籍状态”为在读的 1 人，“异动类型”写着“转学” 1：以哪一列为准？"
    own = {"enrolment": {"异动类型": "status"}}
    delivery = county.read(own, term=TERM, enrolment=["*.xlsx"])
    assert not delivery.problems and cells(delivery, "enrolment", "status") == ["转学", "在籍", "转入"]
    delivery = county.read({"enrolment": {"异动类型": None}}, term=TERM, enrolment=["*.xlsx"])
    assert not delivery.problems and cells(delivery, "enrolment", "status") == ["在籍"] * 3


def test_two_columns_of_status_that_agree_are_not(county: Any) -> None:
    county.sheet("学籍.xlsx", [ENROLMENT, *PUPILS[1:]])
    assert not county.read(term=TERM, enrolment=["*.xlsx"]).problems


def test_a_sheet_on_its_side_is_told_as_one(county: Any) -> None:
    fields = ["姓名", "身份证号", "发函日期", "回函日期", "是否已资助"]
    child = ["测试甲", "99012220150101001X", "2025-03-16", "2025-04-10", "是"]
    county.sheet("函告.xlsx", [list(row) for row in zip(fields, child, child, strict=True)])
    [problem] = county.read(term=TERM, letters=["*.xlsx"]).problems
    assert (
        problem.what.zh.startswith("表是横着的")
        and "转置" in problem.remedy.zh
        and "发函日期" in problem.where.zh
    )


def test_what_has_a_reason_for_its_failure_failed_where_no_column_gives_results(
    county: Any, cells: Any
) -> None:
    rows = [paid(None), paid("账号不存在"), paid("成功"), paid("-")]
    county.sheet("代发.xlsx", [[*HEADER, "失败原因"], *rows])
    delivery = county.read(term=TERM, payments=["*.xlsx"])
    assert not delivery.problems and cells(delivery, "payments", "result") == [None, "失败", None, None]
    county.sheet("代发.xlsx", [[*HEADER, "失败原因", "处理状态"], [*rows[1], "成功"]])
    assert cells(county.read(term=TERM, payments=["*.xlsx"]), "payments", "result") == ["成功"]


def test_the_codes_of_a_bank_are_results_and_seasons_side_by_side_are_terms(county: Any, cells: Any) -> None:
    county.sheet("代发.xlsx", [[*HEADER, "返回码"], paid("0000")])
    assert cells(county.read(term=TERM, payments=["*.xlsx"]), "payments", "result") == ["0000"]
    county.sheet("代发.xlsx", [[*HEADER[:4], "春季金额", "秋季金额"], paid(625)])
    delivery = county.read(term=TERM, payments=["*.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "payments", "term", "amount") == [
        ("2025-spring", "625"),
        ("秋季", "625"),  # of which year nothing tells: counted as a row that cannot be read
    ]
