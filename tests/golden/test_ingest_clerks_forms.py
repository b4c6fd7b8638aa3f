"""Forms as clerks fill them in: several things in a cell, totals below ticks, lists abreast under titles of their own."""

from __future__ import annotations

from typing import Any

import pytest

from auditlib.base.places import ROOT
from auditlib.law.policy import read_policy
from auditlib.tables.vocabulary import vocabulary

TERM = "2024-autumn"
NUMBERS = [f"99012220100101{i:03}X" for i in range(4)]
NAMES = [f"测试{n}" for n in "一二三四"]
AID = "普通高中国家助学金"


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("学生姓名及身份证号", "{}（{}）"),
        ("姓名（身份证号）", "{}\n{}"),
        ("姓名", "{} 身份证号：{}"),
        ("学生", "{}/{}"),
        ("身份证号、姓名", "{1} {0}"),
    ],
)
def test_a_name_and_a_number_in_one_cell_are_two_columns(
    county: Any, cells: Any, problem_texts: Any, header: str, form: str
) -> None:
    rows = [[form.format(*pair), AID, 1000] for pair in zip(NAMES, NUMBERS, strict=True)]
    county.sheet("a.xlsx", [[header, "资助项目", "金额"], *rows])
    delivery = county.read(term=TERM, payments=["a.xlsx"])
    assert problem_texts(delivery) == []
    assert cells(delivery, "payments", "name", "id_number") == [*zip(NAMES, NUMBERS, strict=True)]


def test_a_number_beside_another_persons_name_stays_his(county: Any, cells: Any) -> None:
    heads = [f"户主{n}（{number}）" for n, number in zip("甲乙丙丁", NUMBERS, strict=True)]
    rows = [[head, name, "低保"] for head, name in zip(heads, NAMES, strict=True)]
    county.sheet("a.xlsx", [["户主姓名及身份证号", "学生姓名", "困难类型"], *rows])
    delivery = county.read(term=TERM, eligibility=["a.xlsx"])
    assert cells(delivery, "eligibility", "name", "id_number")[-1] == (NAMES[-1], None)


# --- totals below ticks ------------------------------------------------------------------------------------------

TOTALS: list[list[Any]] = [
    ["合计", None, None, 2, 22],
    [None, "合计", None, 2, 22],
    ["合计", "4人", None, 2, 22],
]


@pytest.mark.parametrize("total", TOTALS)
@pytest.mark.parametrize(
    ("table", "column", "headers", "values"),
    [
        ("eligibility", "category", ["低保", "特困"], ["低保", "低保", "特困", "特困"]),
        ("enrolment", "boarding", ["走读", "住校"], ["走读", "走读", "住校", "住校"]),
    ],
)
def test_a_total_below_ticks_is_no_tick(
    county: Any, cells: Any, problem_texts: Any, table: str, column: str, headers: list[str], values: list[str], total: list[Any]
) -> None:  # fmt: skip
    ticks = [["√", None], ["√", None], [None, "√"], [None, "√"]]
    rows = [[i, *pair, *tick] for i, (pair, tick) in enumerate(zip(zip(NAMES, NUMBERS, strict=True), ticks, strict=True))]  # fmt: skip
    rows = [[*row, "青山小学", "三年级"] for row in rows]
    county.sheet("a.xlsx", [["序号", "姓名", "身份证号", *headers, "学校", "年级"], *rows, total])
    delivery = county.read(term=TERM, **{table: ["a.xlsx"]})
    assert problem_texts(delivery) == []
    assert cells(delivery, table, column) == values


# --- lists abreast, each under a title ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "groups", "schemes"),
    [
        ("2024年秋季学期生活补助发放表", ["寄宿生", "走读生"], ["寄宿生生活补助", "非寄宿生生活补助"]),
        ("资助发放表", ["寄宿生生活补助", "普通高中国家助学金"], ["寄宿生生活补助", "普通高中国家助学金"]),
        ("寄宿生生活补助发放表", ["701班", "702班"], ["寄宿生生活补助"] * 2),
    ],
)
def test_lists_abreast_take_their_scheme_from_their_own_title(
    county: Any, cells: Any, problem_texts: Any, title: str, groups: list[str], schemes: list[str]
) -> None:
    header = ["序号", "姓名", "身份证号", "金额"]
    people = [[i, *pair, 625] for i, pair in enumerate(zip(NAMES, NUMBERS, strict=True), 1)]
    rows = [
        [title],
        [groups[0], *[None] * 4, groups[1], *[None] * 3],
        [*header, None, *header],
        [*people[0], None, *people[2]],
        [*people[1], None, *people[3]],
    ]
    county.sheet("a.xlsx", rows, merged=["A2:D2", "F2:I2"])
    delivery = county.read(term=TERM, payments=["a.xlsx"])
    assert problem_texts(delivery) == []
    codes = vocabulary(read_policy(["national"], ROOT))["scheme"]
    told_text = dict(cells(delivery, "payments", "name", "scheme"))
    expected = dict(zip(NAMES, [schemes[0]] * 2 + [schemes[1]] * 2, strict=True))
    assert {n: codes.get(told_text[n], told_text[n]) for n in NAMES} == {
        n: codes[name] for n, name in expected.items()
    }


@pytest.mark.parametrize("groups", [["户主", "学生"], ["春季", "秋季"], ["发放成功", "发放失败"]])
def test_lists_abreast_of_other_persons_terms_or_results_are_asked_about(
    county: Any, problem_texts: Any, groups: list[str]
) -> None:
    header = ["姓名", "身份证号", "金额"]
    rows = [[groups[0], None, None, groups[1], None, None], header * 2]
    rows += [[NAMES[0], NUMBERS[0], 625, NAMES[1], NUMBERS[1], 625]]
    county.sheet("寄宿生生活补助.xlsx", rows, merged=["A1:C1", "D1:F1"])
    assert problem_texts(county.read(term=TERM, payments=["寄宿生生活补助.xlsx"]))


# --- answers to letters -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            ["已回函，已享受资助", "未回函", "已回函，未享受资助", None],
            ["已回函,已享受资助", "未回函", "已回函,未享受资助", None],
        ),
        (["已回函", "未回函", "已回函", None], None),
        (["是", "否", "是", None], None),
    ],
)
def test_what_an_answer_said_is_read_beside_its_day(
    county: Any, cells: Any, answers: list[Any], expected: list[Any] | None
) -> None:
    rows = [[*pair, "2024.10.20", "2024.11.5", answer] for pair, answer in zip(zip(NAMES, NUMBERS, strict=True), answers, strict=True)]  # fmt: skip
    county.sheet("a.xlsx", [["姓名", "身份证号", "发函时间", "回函时间", "回函情况"], *rows])
    delivery = county.read(term=TERM, letters=["a.xlsx"])
    told = cells(delivery, "letters", "aided") if "aided" in delivery.raw["letters"] else None
    assert (told if told and any(told) else None) == expected


# --- rolls --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "header", "days"),
    [
        ("青山小学三年级学生考勤表（2024年10月）", ["10.8", "10.9"], ["2024-10-8", "2024-10-9"]),
        ("青山小学三年级2024年10月考勤表", [*"12345"], ["2024年10月1日", "2024年10月2日"]),
        ("青山小学三年级考勤表（10月）", [f"{n}日" for n in range(8, 13)], ["2024-10-8", "2024-10-9"]),
    ],
)
def test_a_roll_of_names_and_days_is_one_of_the_school_in_its_title(
    county: Any, cells: Any, problem_texts: Any, title: str, header: list[str], days: list[str]
) -> None:
    rest = [None] * (len(header) - 2)
    rows = [[1, NAMES[0], "√", "×", *rest], [2, NAMES[1], "×", "×", *rest], ["班主任：", None, "√出勤 ×缺勤"]]
    county.sheet("a.xlsx", [[title], ["序号", "姓名", *header, "出勤天数"], *rows])
    delivery = county.read(term=TERM, attendance=["a.xlsx"])
    assert problem_texts(delivery) == []
    marks = zip([NAMES[0]] * 2 + [NAMES[1]] * 2, days * 2, "√×××", strict=True)
    assert cells(delivery, "attendance", "name", "counted_on", "present")[:4] == [*marks]


def test_days_below_a_month_are_its_visits(county: Any, cells: Any, problem_texts: Any) -> None:
    rows = [
        ["姓名", "身份证号", "9月", None, "10月", None],
        [None, None, "日期", "课时", "日期", "课时"],
        [NAMES[0], NUMBERS[0], "5日、19日", 4, "10日、24日、30日", 6],
        [NAMES[1], NUMBERS[1], "5日", 2, None, None],
    ]
    county.sheet("a.xlsx", rows, merged=["C1:D1", "E1:F1"])
    delivery = county.read(term=TERM, home_teaching=["a.xlsx"])
    assert problem_texts(delivery) == []
    told = cells(delivery, "home_teaching", "name", "month", "visits", "lessons")
    assert told == [
        (NAMES[0], "2024-09", "2", "4"),
        (NAMES[0], "2024-10", "3", "6"),
        (NAMES[1], "2024-09", "1", "2"),
    ]


# --- registers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", ["减少人员", "停保名单", "9月退出"])
def test_a_list_of_those_who_left_a_register_is_asked_about(
    county: Any, problem_texts: Any, sheet: str
) -> None:
    header = ["姓名", "身份证号", "困难类型"]
    county.book(
        "低保.xlsx",
        {"新增": [header, [NAMES[0], NUMBERS[0], "低保"]], sheet: [header, [NAMES[1], NUMBERS[1], "低保"]]},
    )
    [question] = problem_texts(county.read(term=TERM, eligibility=["低保.xlsx"]))
    assert f"“{sheet}”像是已退出人员的名单" in question
    answered = county.read(
        term=TERM, eligibility=["低保.xlsx"], not_needed=[{"files": "低保.xlsx", "sheets": sheet}]
    )
    assert problem_texts(answered) == []


def test_categories_in_numbered_columns_are_a_row_each(county: Any, cells: Any, problem_texts: Any) -> None:
    rows = [
        [NAMES[0], NUMBERS[0], "低保", "残疾"],
        [NAMES[1], NUMBERS[1], None, "特困"],
        [NAMES[2], NUMBERS[2], "低保", "低保"],
    ]
    county.sheet("a.xlsx", [["姓名", "身份证号", "困难类型1", "困难类型2"], *rows])
    delivery = county.read(term=TERM, eligibility=["a.xlsx"])
    assert problem_texts(delivery) == []
    assert cells(delivery, "eligibility", "name", "category") == [
        (NAMES[0], "低保"), (NAMES[0], "残疾"), (NAMES[1], "特困"), (NAMES[2], "低保"),
    ]  # fmt: skip


@pytest.mark.parametrize(("header", "tick"), [("是否寄宿", "是"), ("住宿生打√", "√")])
def test_nothing_beside_yes_alone_is_no(county: Any, cells: Any, header: str, tick: str) -> None:
    """Also below a header of the county's own, of which it was said that it tells of boarding."""
    own = {"enrolment": {"住宿生打√": "boarding"}}
    rows = [[*pair, "青山小学", "三年级", cell] for pair, cell in zip(zip(NAMES, NUMBERS, strict=True), [tick, None, tick, None], strict=True)]  # fmt: skip
    county.sheet("a.xlsx", [["姓名", "身份证号", "学校", "年级", header], *rows])
    delivery = county.read(own, term=TERM, enrolment=["a.xlsx"])
    assert cells(delivery, "enrolment", "boarding") == [tick, "否", tick, "否"]


# --- money --------------------------------------------------------------------------------------------------------


def test_living_aid_beside_meals_is_a_scheme_of_its_own(county: Any, cells: Any, problem_texts: Any) -> None:
    rows = [[*pair, kind, 625, 500, 1125] for pair, kind in zip(zip(NAMES, NUMBERS, strict=True), "是否是否", strict=True)]  # fmt: skip
    county.sheet(
        "a.xlsx",
        [["姓名", "身份证号", "是否寄宿", "生活补助（元）", "营养膳食补助（元）", "合计（元）"], *rows],
    )
    delivery = county.read(term=TERM, payments=["a.xlsx"])
    assert problem_texts(delivery) == []
    schemes = cells(delivery, "payments", "scheme", "amount")
    assert schemes == [("寄宿生生活补助", "625"), ("非寄宿生生活补助", "625")] * 2


def test_a_part_of_another_kind_in_a_statistic_is_left_out(
    county: Any, cells: Any, problem_texts: Any, left_out: Any
) -> None:
    rows = [["其中：低保", 3, 1875], ["其中：女", 2, 1250], ["合计", 5, 3125]]
    county.sheet("2024年秋季学期统计表.xlsx", [["类别", "人次", "金额"], ["特困", 2, 1250], *rows])
    delivery = county.read(term=TERM, control_totals=["2024年秋季学期统计表.xlsx"])
    assert problem_texts(delivery) == []
    assert cells(delivery, "control_totals", "category")[:2] == ["特困", "低保"]
    assert "subtotal" in left_out(delivery).values()


@pytest.mark.parametrize(
    ("groups", "advised"), [(["春季", "秋季", "全年"], "秋季人次"), (["第一批", "第二批"], "…")]
)
def test_of_several_columns_the_one_of_the_runs_term_is_advised(
    county: Any, groups: list[str], advised: str
) -> None:
    upper = ["类别", *[cell for group in groups for cell in (group, None)]]
    rows = [[None, *["人次", "金额"] * len(groups)], ["低保", *[1, 625] * len(groups)]]
    merged = [f"{a}1:{b}1" for a, b in zip("BDF", "CEG", strict=True)][: len(groups)]
    county.sheet("a.xlsx", [upper, *rows], merged=merged)
    remedies = [p.remedy.zh for p in county.read(term=TERM, control_totals=["a.xlsx"]).problems]
    assert any(f'"{advised}": persons' in remedy for remedy in remedies)
    assert not any("全年" in remedy or "第二批" in remedy for remedy in remedies)


def test_pupils_at_school_are_the_subjects_of_their_household(
    county: Any, cells: Any, problem_texts: Any
) -> None:
    rows = [["户主甲", *pair, "低保"] for pair in zip(NAMES, NUMBERS, strict=True)]
    county.sheet("a.xlsx", [["户主姓名", "在校生姓名", "在校生身份证号", "困难类型"], *rows])
    delivery = county.read(term=TERM, eligibility=["a.xlsx"])
    assert problem_texts(delivery) == []
    assert cells(delivery, "eligibility", "name", "id_number") == [*zip(NAMES, NUMBERS, strict=True)]


def test_options_of_a_questionnaire_are_a_row_each(county: Any, cells: Any, problem_texts: Any) -> None:
    county.sheet(
        "a.xlsx", [["姓名", "身份证号", "困难类型（可多选）"], [NAMES[0], NUMBERS[0], "低保户┋E.残疾"]]
    )
    delivery = county.read(term=TERM, eligibility=["a.xlsx"])
    assert problem_texts(delivery) == []
    assert cells(delivery, "eligibility", "category") == ["低保户", "残疾"]
