"""Raw text to typed tables: no cell is lost, what cannot be used says why, and an empty cell has its meaning."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import ibis
import pandas as pd
import plain_county
import pytest

from auditlib.base.engine import duckdb_engine
from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.places import headers
from auditlib.ingest.cleaning.standardise import column_types, defects, standardise
from auditlib.ingest.cleaning.unknown_values import unknown_values
from auditlib.ingest.headers.spellings import read_spellings, recognise
from auditlib.tables.delivered import TABLES
from auditlib.tables.vocabulary import vocabulary

# Cells that hold something and can be read as nothing, one for every column that can be unsound.
UNREADABLE: dict[str, dict[str, str]] = {
    "eligibility": {"id_number": "12", "category": "富户", "birth_date": "春天", "valid_from": "去年", "valid_to": "45x", "household_no": "3.6E+17", "sex": "?"},
    "enrolment": {"student_no": "12", "stage": "太学", "grade": "", "boarding": "天上", "status": "云游", "status_date": "2020-02-30", "school_code": "9.9E+15"},
    "payments": {"scheme": "压岁钱", "amount": "6229000000001", "term": "某学期", "result": "在途", "pay_date": "00000000", "account_no": "6.2E+18"},
    "applications": {"applied_on": "2020-13-01", "posted_from": "x", "posted_to": "一周", "approved_on": "同意"},
    "letters": {"sent_on": "寄了", "replied_on": "电话", "aided": "也许", "fallback_amount": "若干"},
    "schools": {"stage": "太学"},
    "control_totals": {"term": "2020年", "category": "富户", "scheme": "压岁钱", "persons": "七千", "amount": "一万"},
    "attendance": {"grade": "某年级", "counted_on": "上周", "present": "也许", "heads": "三十余", "records": "若干"},
    "dropouts": {"dropped_on": "去年", "notice_on": "寄了", "returned_on": "快了", "closed_on": "x", "sex": "?"},
    "unable": {"certified_education": "也许", "certified_disabled": "在办", "certified_health": "？", "certified_civil": "再议"},
    "home_teaching": {"taught_on": "每周", "lessons": "若干"},
    "quotas": {"scheme": "压岁钱", "places": "若干"},
    "funds": {"scheme": "压岁钱", "allotted": "若干", "received_on": "年初", "paid_out": "大部分"},
    "issues": {"due_on": "年底", "state": "天知道", "closed_on": "x"},
}  # fmt: skip

ANSWERS = {
    "失败-户名不符": "returned",
    "退汇（卡号错误）": "returned",
    "待发放：资料未齐": "not_paid",
    "成功-补录": None,
}

PRESENT = {"×（随父母外出）": "absent", "请假：发热": "excused", "外出务工": "absent", "在校（午后到）": None}


@pytest.fixture(scope="module")
def read() -> dict[str, Any]:
    """Tables of one county: example 1 has unreadable cells, 2 is plain, 3 has empty cells, the others the bank's answers."""
    empty = {
        "payments": {"result": "", "term": "", "school_code": ""},
        "enrolment": {"status": "", "stage": ""},
        "letters": {"sent_on": ""},
    }
    answers = [{"payments": {"result": answer}} for answer in ANSWERS]
    answers += [{"attendance": {"present": answer}} for answer in PRESENT]
    counties = [
        plain_county.overlaid(number, rows)
        for number, rows in enumerate((UNREADABLE, {}, empty, *answers), 1)
    ]
    parameters, engine = plain_county.parameters_of(), duckdb_engine(threads=2)
    tables = plain_county.standardised(
        engine, plain_county.together(counties), parameters, plain_county.policy_of(parameters)
    )
    frames = {name: engine.fetch(table).set_index("source") for name, table in tables.items()}
    unsound = pd.concat([engine.fetch(defects(tables[name], TABLES[name])) for name in TABLES])
    return {**frames, "defects": unsound}


CELLS = [(table, column) for table, cells in UNREADABLE.items() for column, cell in cells.items() if cell]


@pytest.mark.parametrize(("table", "column"), CELLS)
def test_a_cell_that_held_something_and_reads_as_nothing_has_a_defect(
    read: dict[str, Any], table: str, column: str
) -> None:
    row = read[table].loc["001.csv!2"]
    assert pd.isna(row[column]) or column in ("id_number", "student_no")
    assert isinstance(row[f"{column}_defect"], str)
    listed_defects = read["defects"][
        (read["defects"]["table"] == table) & (read["defects"]["column"] == column)
    ]
    assert "001.csv!2" in set(listed_defects["source"])


def test_a_plain_county_has_no_defect_and_no_rejected_row(read: dict[str, Any]) -> None:
    assert not read["defects"]["source"].str.startswith(("002", "003")).any()
    assert all(read[name].filter(like="002", axis=0)["rejected"].isna().all() for name in TABLES)


def test_empty_cells_have_their_meaning(read: dict[str, Any]) -> None:
    paid, enrolled = read["payments"].loc["003.csv!2"], read["enrolment"].loc["003.csv!2"]
    assert (paid["result"], paid["term"]) == ("success", "2020-autumn")
    assert (enrolled["status"], enrolled["stage"]) == ("enrolled", "primary")


def test_what_failed_is_told_by_the_word_before_its_reason_and_what_succeeded_is_asked_about(
    read: dict[str, Any],
) -> None:
    paid = [read["payments"].loc[f"{number:03}.csv!2", "result"] for number in range(4, 8)]
    assert [None if pd.isna(result) else result for result in paid] == [*ANSWERS.values()]


def test_who_is_not_there_is_told_by_the_word_before_its_reason(read: dict[str, Any]) -> None:
    first = 4 + len(ANSWERS)
    states = [read["attendance"].loc[f"{n:03}.csv!2", "present"] for n in range(first, first + len(PRESENT))]
    assert [None if pd.isna(state) else state for state in states] == [*PRESENT.values()]


def test_an_unreadable_cell_that_decides_rejects_its_row(read: dict[str, Any]) -> None:
    assert read["payments"].loc["001.csv!2", "rejected"] == "unreadable:scheme"
    assert read["control_totals"].loc["001.csv!2", "rejected"].startswith("unreadable:")
    assert pd.isna(read["applications"].loc["001.csv!2", "rejected"])


def test_values_have_their_types(read: dict[str, Any]) -> None:
    paid = read["payments"].loc["002.csv!2"]
    assert paid["amount"] == Decimal("500.00") and pd.Timestamp(paid["pay_date"]).date() == dt.date(
        2020, 11, 20
    )


def test_a_number_in_a_column_of_words_is_told_once_and_not_repeated() -> None:
    parameters, engine = plain_county.parameters_of(), duckdb_engine(threads=2)
    shifted_rows = [{"category": "{id}"}, {"category": "{name}，{student_no}"}, *[{"category": "富户"}] * 3]
    county = plain_county.overlaid(1, {"eligibility": shifted_rows})
    plain_county.standardised(engine, county, parameters, plain_county.policy_of(parameters))
    number, word = unknown_values(engine)
    assert "001.csv › 2" in number.where.zh
    assert "2 行" in number.where.zh
    assert "富户" in word.what.zh
    person = plain_county.places(1, {1: plain_county.DEFAULT_BIRTH})
    texts = [text for part in (number.what, number.where, number.remedy) for text in (part.zh, part.en)]
    assert not any(problem_text in text for problem_text in (person["id"], person["name"]) for text in texts)


def unknown(rows: list[dict[str, str]], codes: dict[str, set[str]] | None = None) -> list[Problem]:
    """What is said of the spellings in the registers of pupils, a row each."""
    parameters, engine = plain_county.parameters_of(), duckdb_engine(threads=2)
    county = plain_county.overlaid(1, {"eligibility": rows})
    plain_county.standardised(engine, county, parameters, plain_county.policy_of(parameters))
    return unknown_values(engine, codes)


def problem_text(problem: Problem) -> str:
    return "".join(text.zh + text.en for text in (problem.what, problem.where, problem.remedy))


def test_a_childs_name_in_a_column_of_words_is_counted_and_not_repeated() -> None:
    people = ["王小明", "欧阳娜娜", "阿依古丽·买买提", "高中华", "李雷", "李雷", "张孤儿"]
    [problem] = unknown([{"category": name} for name in people])
    assert "7 行" in problem.where.zh
    assert not any(name in problem_text(problem) for name in people)


def test_whole_columns_that_shifted_are_one_message_though_some_names_recur() -> None:
    people = [f"{first}{second}" for first in "赵钱孙李周吴郑王" for second in "伟芳娜敏静"]
    [problem] = unknown([{"category": name} for name in [*people, "王伟", "王伟"]])
    assert "42 行" in problem.where.zh


def test_a_word_that_holds_a_name_of_the_registers_is_not_quoted_however_often_it_stands_there() -> None:
    [problem] = unknown(
        [{"category": "{name}的低保户"}, *[{"category": "{name}"}] * 4], {"category": {"低保户"}}
    )
    person = plain_county.places(1, {1: plain_county.DEFAULT_BIRTH})
    assert person["name"] not in problem_text(problem)


def test_a_long_spelling_like_a_known_one_is_quoted_though_it_stands_there_once() -> None:
    [problem] = unknown([{"category": "农村低保边缘户家庭"}], {"category": {"低保边缘家庭"}})
    assert "农村低保边缘户家庭" in problem.what.zh


def test_the_number_in_the_name_of_a_file_is_masked_in_every_message() -> None:
    where = Text("990122201003070017.xlsx › 2", "990122201003070017.xlsx › 2")
    text = AuditError(Problem(Text("错", "wrong"), where, Text("改", "mend"))).into("zh")
    assert "990122201003070017" not in text
    assert "990122**********17.xlsx" in text


def test_an_unknown_word_is_placed_at_its_first_row() -> None:
    parameters, engine = plain_county.parameters_of(), duckdb_engine(threads=2)
    county = plain_county.overlaid(1, {"eligibility": [{}] * 7 + [{"category": "富户"}] * 4})
    plain_county.standardised(engine, county, parameters, plain_county.policy_of(parameters))
    [word] = unknown_values(engine)
    assert "001.csv › 9 行" in word.where.zh


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_nobody_delivered_has_the_same_columns_and_types(name: str) -> None:
    engine = duckdb_engine(threads=2)
    rows = plain_county.frame(TABLES[name], [])
    raw = engine.load(f"{name}_raw", rows, dict.fromkeys(rows.columns, "string"))
    words = vocabulary(plain_county.policy_of(plain_county.parameters_of()))
    read = standardise(engine, raw, TABLES[name], words, "2020-autumn")
    assert ibis.schema(column_types(TABLES[name])) == read.schema()


@pytest.mark.parametrize("table", ["funds", "quotas"])
def test_a_ledger_of_money_or_places_names_the_scheme_by_a_bare_word(table: str) -> None:
    """文号、项目、下达金额 and 学校、项目、名额: the columns as the requirements name them."""
    header = recognise("项目", read_spellings(headers())[0][table])
    assert header is not None
    assert header.spelling.column == "scheme"


@pytest.mark.parametrize("way", ["送教上门", "随班就读"])
def test_a_way_of_attending_tells_not_whether_a_child_boards(way: str) -> None:
    """就读方式 of a child that is taught at home, or with another class: it stops no run, and nothing is due by it."""
    rows = {
        "enrolment": [{"boarding": way}, {"of": 2}],
        "payments": {"of": 2},
    }
    checked_rows = plain_county.check(plain_county.overlaid(1, rows))
    assert unknown_values(checked_rows.engine) == []
    assert "boarding_unknown" in set(checked_rows.population("missed.unpaid")["untested"])
    assert checked_rows.found() == []


@pytest.mark.parametrize(
    "word",
    ["国家助学贷款", "助学贷款", "教科书费", "营养餐", "教育基金会资助", "大学新生资助", "民政大学生补助"],
)
def test_money_of_schemes_that_are_not_audited_stops_no_run(word: str) -> None:
    """Loans, textbooks, meals, an education foundation, civil affairs' supplement: read, counted, and held against nothing."""
    words = vocabulary(plain_county.policy_of(plain_county.parameters_of()))
    assert words["scheme"][word] == "outside"
