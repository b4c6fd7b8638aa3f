"""Days and answers as ledgers write them: without a year, beside a signature, above the header, an answer with its reason."""

from __future__ import annotations

import pytest

from auditlib.ingest.ledgers.days import days_in, keeps_nought

TERM = "2020-autumn"
CHILD, OTHER = "990122201501010017", "990122201501010025"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("9月10日", "2020-9-10"),
        ("9.12", "2020-9-12"),
        ("1.15", "2021-1-15"),
        ("钱某 2020.9.13 同意", "2020-9-13"),
        ("9.13同意", "2020-9-13"),
        ("2020年9月10日，外出务工", "2020-9-10"),
        ("2020年10月10日上午9:00-10:30", "2020-10-10"),
        ("是，9月20日", "2020-9-20"),
        ("2020年9月10日", "2020年9月10日"),  # a whole day stays as it is written
        # What denies the day, or leaves it open, is no day.
        ("未复学，10月20日再访", "未复学，10月20日再访"),
        ("拟于10月20日返校", "拟于10月20日返校"),
        ("不同意 2020.9.13", "不同意 2020.9.13"),
        ("10月20日前", "10月20日前"),
        ("9月12日入户，9月20日再访", "9月12日入户，9月20日再访"),
        ("9.1", "9.1"),  # the first, or the tenth without its nought
        ("2.5小时", "2.5小时"),
        (None, None),
    ],
)
def test_the_one_day_of_a_cell(cell, day):
    assert days_in([cell], TERM, is_text=keeps_nought([cell])) == [day]


def test_a_nought_that_was_kept_tells_the_first_from_the_tenth():
    assert days_in(["9.1", "9.10"], TERM, is_text=True) == ["2020-9-1", "2020-9-10"]


def test_a_visit_is_no_return_of_who_is_said_not_to_be_back(county, cells):
    header = ["姓名", "身份证号", "学校", "劝返时间", "劝返结果"]
    county.sheet("a.xlsx", [header, ["样甲", CHILD, "青山小学", "9月20日", "未返校"], ["样乙", OTHER, "青山小学", "9月20日", "已复学"]])  # fmt: skip
    delivery = county.read(term=TERM, dropouts=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "dropouts", "returned_on", "back") == [(None, "未返校"), ("2020-9-20", "已复学")]


@pytest.mark.parametrize(("choice", "day"), [("returned_on", "2020-9-20"), (None, None)])
def test_a_day_that_may_be_of_the_visit_is_asked_about(county, cells, problem_texts, choice, day):
    county.sheet("a.xlsx", [["姓名", "身份证号", "学校", "劝返时间", "辍学时间"], ["样甲", CHILD, "青山小学", "9月20日", "9月1日"]])  # fmt: skip
    delivery = county.read(term=TERM, dropouts=["a.xlsx"])
    [text] = problem_texts(delivery)
    assert "“劝返时间”是去劝的那天，还是学生复学的那天" in text
    delivery = county.read(term=TERM, columns={"dropouts": {"劝返时间": choice}}, dropouts=["a.xlsx"])
    assert not delivery.problems
    assert (
        cells(delivery, "dropouts", "returned_on") == [day]
        if choice
        else "returned_on" not in delivery.columns_found["dropouts"]
    )


def test_the_chain_of_approval_with_signatures(county, cells):
    rows = [
        ["姓名", "身份证号", "学校", "班主任意见", "学校审核", None, "教育局意见", "公示有无异议"],
        [None, None, None, None, "分管领导", "校长", None, None],
        [
            "样甲",
            CHILD,
            "青山小学",
            "钱某 9月13日 同意",
            "2020.9.14",
            "同意 2020.9.15",
            "同意",
            "已公示，无异议",
        ],
    ]
    county.sheet("a.xlsx", rows, merged=["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:G2", "H1:H2"])
    delivery = county.read(term=TERM, applications=["a.xlsx"])
    columns = ("teacher_on", "deputy_on", "head_on", "approved_on", "objection")
    assert cells(delivery, "applications", *columns) == [
        ("2020-9-13", "2020.9.14", "2020-9-15", None, "已公示，无异议")
    ]
    assert "approved_on" not in delivery.columns_found["applications"]  # an opinion without any day


@pytest.mark.parametrize(
    ("above", "day"),
    [
        (["学校：青山小学", "截至2020年10月28日"], "2020-10-28"),
        (["青山小学在校学生花名册（2020年10月28日）"], "2020-10-28"),
        (["学校：青山小学", "2020.10.28"], "2020-10-28"),
        (["学校：青山小学", "填报日期：2020年10月28日"], None),  # the paper's
        (["青山小学在校学生花名册（2020年10月28日）", "清点时间：2020年10月29日"], "2020-10-29"),
    ],
)
def test_the_day_of_counting_above_a_roster(county, cells, above, day):
    rows = [*([line] for line in above), ["姓名", "身份证号", "是否在校"], ["样甲", CHILD, "√"]]
    county.sheet("a.xlsx", rows)
    delivery = county.read(term=TERM, attendance=["a.xlsx"])
    assert cells(delivery, "attendance", "counted_on", "school_name") == [(day, "青山小学")]


def test_the_days_of_a_posting_above_the_list(county, cells):
    rows = [["公示时间：2020年9月16日至9月23日"], ["姓名", "学校", "身份证号"], ["样甲", "青山小学", CHILD]]
    county.sheet("a.xlsx", rows)
    delivery = county.read(term=TERM, applications=["a.xlsx"])
    assert cells(delivery, "applications", "posted_from", "posted_to") == [("2020-9-16", "2020-9-23")]


def test_a_reply_and_its_day_in_one_cell(county, cells):
    rows = [["姓名", "身份证号", "就读地", "发函日期", "回执"]]
    rows += [
        ["样甲", CHILD, "外县", "10月10日", "10月25日 已资助"],
        ["样乙", OTHER, "外县", "10月10日", "未回执"],
    ]
    county.sheet("a.xlsx", rows)
    delivery = county.read(term=TERM, letters=["a.xlsx"])
    assert not delivery.problems
    columns = ("sent_on", "replied_on", "aided")
    assert cells(delivery, "letters", *columns) == [
        ("2020-10-10", "2020-10-25", "已资助"),
        ("2020-10-10", None, "未回执"),
    ]


def test_an_office_that_writes_the_day_of_its_seal_has_certified(county, cells):
    rows = [
        ["姓名", "身份证号", "教育局（盖章）", "残联", "民政局"],
        ["样甲", CHILD, "盖章", "2020.9.15已盖章", "未盖章"],
    ]
    county.sheet("a.xlsx", rows)
    delivery = county.read(term=TERM, unable=["a.xlsx"])
    columns = ("certified_education", "certified_disabled", "certified_civil")
    assert cells(delivery, "unable", *columns) == [("盖章", "是", "未盖章")]


def test_a_sheet_called_by_a_town(county, cells):
    county.book("a.xlsx", {"青川镇": [["姓名", "身份证号", "就读地"], ["样甲", CHILD, "外县"]]})
    assert cells(county.read(term=TERM, letters=["a.xlsx"]), "letters", "town") == ["青川镇"]


def test_an_answer_beside_the_day_of_reply_is_not_dropped_beside_a_column_of_answers(county, cells):
    rows = [
        ["姓名", "身份证号", "就读地", "发函日期", "回执", "是否已资助"],
        ["样甲", CHILD, "外县", "10月10日", "10月25日 已资助", None],
        ["样乙", OTHER, "外县", "10月10日", "10月26日 未资助", "是"],
    ]
    county.sheet("a.xlsx", rows)
    delivery = county.read(term=TERM, letters=["a.xlsx"])
    assert cells(delivery, "letters", "aided") == ["已资助", "是；未资助"]  # the second is asked about


def test_a_list_of_replies_without_an_answer_is_asked_about(county, cells, problem_texts):
    rows = [
        ["姓名", "身份证号", "资助学校", "资助项目", "资助金额"],
        ["样甲", CHILD, "外县某小学", "寄宿生生活补助", "625"],
    ]
    county.sheet("a.xlsx", rows)
    [text] = problem_texts(county.read(term=TERM, letters=["a.xlsx"]))
    assert "没有写当地是否已资助" in text
    delivery = county.read(term=TERM, columns={"letters": {"资助项目": "aided"}}, letters=["a.xlsx"])
    assert not delivery.problems and cells(delivery, "letters", "aided") == [
        "寄宿生生活补助"
    ]  # whose meaning is asked
    assert not county.read(
        term=TERM, columns={"letters": {"资助项目": None, "资助金额": None}}, letters=["a.xlsx"]
    ).problems


def test_visits_under_bare_numbers_are_asked_about(county, problem_texts):
    county.sheet("a.xlsx", [["姓名", "身份证号", "1", "2", "3"], ["样甲", CHILD, "9.10", "9.24", "10.9"]])
    assert any("几次" in text for text in problem_texts(county.read(term=TERM, home_teaching=["a.xlsx"])))
