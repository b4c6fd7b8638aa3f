"""What is said of some sheets of a file only, by the run's parameters or by the sheets themselves."""

from __future__ import annotations

from typing import Any

import pytest

from auditlib.base.places import ROOT
from auditlib.ingest import Delivery, deliver
from auditlib.law.policy import read_policy
from auditlib.tables.vocabulary import vocabulary

WORDS = vocabulary(read_policy(["national"], ROOT))
HEADER = ["姓名", "身份证号", "学校", "金额"]
SCHEMES = ["boarder_allowance", "day_pupil_allowance"]


def rows(*numbers: int, header: list[str] = HEADER) -> list[list[str]]:
    cells = {
        "姓名": "测试{}",
        "身份证号": "99012220100101{:03}X",
        "学校": "青山小学",
        "金额": "500",
        "类别": "低保",
    }
    return [header, *([cells[head].format(n) for head in header] for n in numbers)]


def read(county: Any, **sources: Any) -> Delivery:
    return deliver(county.root, sources, words=WORDS)


def test_a_pattern_gives_constants_to_the_sheets_it_names(county: Any, cells: Any) -> None:
    county.book("发放.xlsx", {"寄宿生": rows(1), "非寄宿生": rows(2), "补发": rows(3)})
    sources = [
        {"files": "发放*.xlsx", "scheme": "boarder_allowance", "sheets": "寄宿*"},
        {"files": "发放*.xlsx", "scheme": "day_pupil_allowance", "sheets": "非寄宿*"},
        {"files": "发放*.xlsx", "scheme": "boarder_allowance", "sheets": "补发"},
    ]
    delivery = read(county, payments=sources)
    assert delivery.problems == ()
    assert cells(delivery, "payments", "scheme") == [*SCHEMES, "boarder_allowance"]


def test_sheets_that_no_pattern_names_are_read_as_they_are(county: Any, cells: Any) -> None:
    county.book("发放.xlsx", {"一": rows(1), "二": rows(2)})
    delivery = read(
        county,
        payments=[
            {"files": "*.xlsx", "scheme": SCHEMES[0]},
            {"files": "*.xlsx", "sheets": "二", "scheme": SCHEMES[1]},
        ],
    )
    assert cells(delivery, "payments", "scheme") == SCHEMES
    [problem] = read(county, payments=[{"files": "*.xlsx", "sheets": "二", "scheme": SCHEMES[1]}]).problems
    assert "缺少必需列“资助项目”" in problem.what.zh and "一" in problem.where.zh


def test_a_pattern_that_names_no_sheet_is_told_with_those_there(county: Any) -> None:
    county.book("发放.xlsx", {"寄宿": rows(1)})
    problems = read(county, payments=[{"files": "*.xlsx", "sheets": "非寄*", "scheme": SCHEMES[1]}, {"files": "*", "scheme": SCHEMES[0]}]).problems  # fmt: skip
    [problem] = problems
    assert "非寄*" in problem.what.zh and "寄宿" in problem.where.zh


def test_two_patterns_that_say_different_things_of_a_sheet_are_refused(county: Any) -> None:
    county.book("发放.xlsx", {"非寄宿": rows(1)})
    sources = [
        {"files": "*.xlsx", "sheets": s, "scheme": c} for s, c in zip(("*寄宿", "非*"), SCHEMES, strict=True)
    ]
    assert [p.what.zh for p in read(county, payments=sources).problems] == [
        "一个文件符合两个模式，而两处给出的固定值不同"
    ]


def test_a_sheet_that_is_named_for_one_table_is_not_read_for_another(county: Any, cells: Any) -> None:
    header = ["姓名", "身份证号", "学校", "类别", "金额"]
    county.book("资助.xlsx", {"名单": rows(1, 2, header=header), "发放": rows(3, header=header)})
    delivery = read(
        county,
        eligibility=[{"files": "*.xlsx", "sheets": "名单"}],
        payments=[{"files": "*.xlsx", "sheets": "发放", "scheme": SCHEMES[0]}],
    )
    assert delivery.problems == ()
    assert len(cells(delivery, "eligibility", "name")) == 2
    assert cells(delivery, "payments", "name") == ["测试3"]


@pytest.mark.parametrize(
    ("sheet", "title", "scheme"),
    [
        ("Sheet1", "青禾县2024年秋季学期义务教育家庭经济困难寄宿生生活补助发放表", "boarder_allowance"),
        ("寄宿生生活补助", None, "boarder_allowance"),
        ("普通高中国家助学金", None, "senior_grant"),
        ("非寄宿生生活补助", "发放明细表", "day_pupil_allowance"),
        ("2024秋", "四类非寄宿家庭经济困难学生生活补助发放表", "day_pupil_allowance"),
        ("走读生", "义务教育家庭经济困难学生生活补助发放表", "day_pupil_allowance"),
        ("寄宿", "家庭经济困难学生生活补助发放表", "boarder_allowance"),
    ],
)
def test_the_scheme_stands_in_the_sheets_name_or_title(
    county: Any, cells: Any, sheet: str, title: str | None, scheme: str
) -> None:
    county.book("发放.xlsx", {sheet: [*([[title]] if title else []), *rows(1, 2)]})
    delivery = read(county, payments=["*.xlsx"])
    assert delivery.problems == ()
    assert cells(delivery, "payments", "scheme") == [scheme] * 2
    [report] = delivery.files[0].sheets
    assert report.stated == ("scheme",)


@pytest.mark.parametrize(
    "name", ["寄宿生生活补助和普通高中国家助学金", "非普通高中国家助学金", "补助", "Sheet1"]
)
def test_where_the_name_leaves_a_choice_it_is_asked(county: Any, name: str) -> None:
    county.book("发放.xlsx", {name: rows(1, 2)})
    [problem] = read(county, payments=["*.xlsx"]).problems
    assert "缺少必需列“资助项目”" in problem.what.zh


def test_a_title_of_several_schemes_at_once_gives_way_to_the_files_name_or_is_asked_about(
    county: Any, cells: Any
) -> None:
    title = [["家庭经济困难学生生活补助发放表"]]
    county.book("非寄宿生生活补助.xlsx", {"Sheet1": [*title, *rows(1, 2)]})
    assert cells(read(county, payments=["*.xlsx"]), "payments", "scheme") == ["day_pupil_allowance"] * 2
    county.book("非寄宿生生活补助.xlsx", {"寄宿和非寄宿": [*title, *rows(1, 2)]})
    [problem] = read(county, payments=["*.xlsx"]).problems
    assert "几个项目的总称" in problem.what.zh and "为全表选定“资助项目”" in problem.remedy.zh


@pytest.mark.parametrize(
    ("name", "category"),
    [("农村低保", "low_income"), ("残联数据", "disabled"), ("脱贫户名单", "registered_poor"), ("退出低保", None), ("低保和特困", None), ("贫困学生", None)],
)  # fmt: skip
def test_the_category_of_a_register(county: Any, cells: Any, name: str, category: str | None) -> None:
    county.book("名册.xlsx", {name: rows(1, 2, header=["姓名", "身份证号"])})
    delivery = read(county, eligibility=["*.xlsx"])
    assert bool(delivery.problems) == (category is None)
    if category:
        assert cells(delivery, "eligibility", "category") == [category] * 2


def test_one_workbook_a_school(county: Any, cells: Any) -> None:
    header = ["姓名", "身份证号", "学段"]
    sheet = [["姓名", "身份证号", "学段"], ["测试一", "99012220100101001X", "小学"]]
    county.book("青山镇中心小学.xlsx", {"Sheet1": sheet})
    county.book(
        "b.xlsx",
        {"一班": [["云溪小学2024年秋季学期学生花名册"], header, ["测试二", "99012220100101002X", "小学"]]},
    )
    delivery = read(county, enrolment=["*.xlsx"])
    assert delivery.problems == ()
    assert cells(delivery, "enrolment", "school_name") == ["云溪小学", "青山镇中心小学"]


@pytest.mark.parametrize(
    "header",
    [
        [["学校", "寄宿生生活补助", "非寄宿生生活补助", "合计"]],
        [["学校", "寄宿生生活补助(元)", "非寄宿生生活补助(万元)"]],
        [["学校", "低保", None, "特困", None], [None, "户数", "补助", "户数", "补助"]],
    ],
)
def test_totals_abreast_whose_figures_do_not_say_what_they_are_are_refused_with_what_to_write(
    county: Any, header: list[list[str | None]]
) -> None:
    figures = [["青山小学", 1, 2, 3, 4][: len(header[0])], ["合计", 1, 2, 3, 4][: len(header[0])]]
    county.book("统计表.xlsx", {"资助情况统计表": [["资助情况统计表"], *header, *figures]})
    [problem] = read(county, control_totals=["*.xlsx"]).problems
    assert "交叉表" in problem.what.zh
    assert "资助项目、困难类型、人次、金额" in problem.remedy.zh


SIDE_BY_SIDE = [
    ([["乡镇", "低保", None, "特困", None, "合计", None], [None, *["人次", "金额(万元)"] * 3]], [3, 0.09, 1, 0.03, 4, 0.12],
     [("低保", None, "3", "0.09", "10000"), ("特困", None, "1", "0.03", "10000")]),
    ([["学校", "寄宿生生活补助(元)", "非寄宿生生活补助（元）"]], [900, 300],
     [(None, "寄宿生生活补助", None, "900", "1"), (None, "非寄宿生生活补助", None, "300", "1")]),
    ([["学校", "寄宿生生活补助", None, "非寄宿生生活补助", None], [None, "资助金额", "人次", "资助金额", "人次"]], [900, 3, 300, 1],
     [(None, "寄宿生生活补助", "3", "900", "1"), (None, "非寄宿生生活补助", "1", "300", "1")]),
]  # fmt: skip


@pytest.mark.parametrize(("header", "figures", "expected"), SIDE_BY_SIDE)
def test_totals_with_schemes_or_categories_abreast_are_read_downwards(
    county: Any, cells: Any, header: list[list[str | None]], figures: list[float], expected: list[Any]
) -> None:
    """The rows of towns and schools are kept beside the county's: parts are held against their whole."""
    rows = [["青山", *figures], ["合计", *figures], ["填表人：", None, "负责人："]]
    county.book("统计表.xlsx", {"统计": [["资助情况统计表"], *header, *rows]})
    delivery = read(county, control_totals=["*.xlsx"])
    assert delivery.problems == ()
    columns = ("category", "scheme", "persons", "amount", "amount_unit")
    assert cells(delivery, "control_totals", *columns) == expected * 2
    row = len(header) + 2
    assert cells(delivery, "control_totals", "source") == [
        f"统计表.xlsx!统计!{place}.{part}" for place in (row, row + 1) for part in (1, 2)
    ]


def test_totals_downwards_are_no_cross_tab(county: Any, cells: Any) -> None:
    rows_ = [
        ["类别", "资助项目", "人次", "金额"],
        ["低保", "寄宿生生活补助", 3, 900],
        ["特困", "非寄宿生生活补助", 1, 300],
    ]
    county.book("统计表.xlsx", {"汇总": rows_})
    delivery = read(county, control_totals=["*.xlsx"])
    assert delivery.problems == ()
    assert cells(delivery, "control_totals", "persons") == ["3", "1"]


def test_a_ledger_of_one_sheet_without_a_column_that_others_have_is_told(county: Any) -> None:
    posting_rows = [["姓名", "身份证号", "公示时间"], ["测试一", "99012220100101001X", "2024.9.18-2024.9.26"]]
    bare = [["姓名", "身份证号", "申请日期"], ["测试二", "99012220100101002X", "2024-09-06"]]
    county.book("申请.xlsx", {"青山小学": posting_rows, "白水小学": bare})
    delivery = read(county, applications=["*.xlsx"])
    assert delivery.sheets_lacking == {
        "applications.posted_from": ("申请.xlsx!白水小学",),
        "applications.posted_to": ("申请.xlsx!白水小学",),
    }
