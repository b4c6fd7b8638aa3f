"""A column, a sheet or a file that is lost as a whole stops the run, with what stands there and what to write."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import tiny_county as tiny

from auditlib.base.errors import Problem
from auditlib.county import self_check
from auditlib.law.parameters import SelfCheck


def problems(parameters: SelfCheck) -> list[Problem]:
    return self_check.read_all(self_check.begin(parameters))[1]


def with_cells(
    folder: Path, table: str, column: str, cells: list[str], **parameters: object
) -> list[Problem]:
    """What is told of the tiny county whose first rows of ``table`` hold ``cells`` in ``column``."""
    county = tiny.tables()
    rows = [dict(row) for row in county[table]]
    for row, cell in zip(rows, cells, strict=False):
        row[column] = cell
    return problems(tiny.deliver(folder / "data", county | {table: rows}, **parameters))


LOST_COLUMNS = [
    ("payments", "term", "春季学期", "term: 2024-autumn"),
    ("payments", "pay_date", "第3周", "2024-10-31"),
    ("payments", "amount", "陆佰", "625.00"),
    ("payments", "id_number", "990111********0012", "18 位"),
    ("enrolment", "grade", "蓝班", "params/codes/grade.csv"),
    ("eligibility", "id_number", "9.90111E+17", "18 位"),
]


def test_columns_of_which_most_cells_cannot_be_read_stop_the_run_all_at_once(tmp_path: Path) -> None:
    county = tiny.tables()
    for table, column, cell, _remedy in LOST_COLUMNS:
        rows = county[table]
        stageless = {"stage": ""} if column == "grade" else {}  # a grade is read for its stage
        county[table] = [row | {column: cell} | stageless for row in rows[:8]] + rows[8:]
    problem_texts = problems(tiny.deliver(tmp_path / "data", county))
    assert len(problem_texts) == len(LOST_COLUMNS)
    for table, column, _cell, remedy in LOST_COLUMNS:
        header = tiny.HEADERS[table][column]
        [problem] = [
            p for p in problem_texts if f"“{header}”作" in p.what.zh and f"{table}.csv" in p.where.zh
        ]
        assert "8 格" in problem.what.zh and "8 of" in problem.what.en
        assert remedy in problem.remedy.zh
        assert f'columns: {{{table}: {{"{header}": null}}}}' in problem.remedy.zh
        assert "lost_share" in problem.remedy.en


def test_what_stands_there_most_often_is_told_first(tmp_path: Path) -> None:
    cells = ["甲期"] * 5 + ["乙期"] * 3
    [problem] = with_cells(tmp_path, "payments", "term", cells)
    assert "“甲期” 5、“乙期” 3" in problem.where.zh
    assert "8 行因此不能采用" in problem.what.zh


def test_names_and_numbers_are_not_told(tmp_path: Path) -> None:
    """Cells that have shifted: the term's and the result's column hold names, the day's the card's number."""
    county = tiny.tables()
    rows = [
        row | {"term": row["name"], "result": row["name"], "pay_date": f"62290000{number:08d}"}
        for number, row in enumerate(county["payments"], 1)
    ]
    problem_texts = problems(tiny.deliver(tmp_path / "data", county | {"payments": rows}))
    text = "".join(problem.into("zh") + problem.into("en") for problem in problem_texts)
    assert len(problem_texts) == 3
    assert "不在此显示" in text
    assert not any(row["name"] in text or row["pay_date"] in text for row in rows)


def test_a_name_that_stands_nowhere_as_one_is_not_told(tmp_path: Path) -> None:
    """In a file that shifted as a whole no name stands in the column of names."""
    strangers = [f"欧阳{given_name}" for given_name in "甲乙丙丁戊己庚辛"]
    [problem] = with_cells(tmp_path, "payments", "term", strangers)
    assert "可能是号码或姓名（不在此显示） 8" in problem.where.zh
    assert not any(name in problem.into("zh") + problem.into("en") for name in strangers)


def test_a_short_word_that_begins_as_nobodys_name_does_is_told(tmp_path: Path) -> None:
    county = tiny.tables()
    county["enrolment"][0]["status"] = "已转省外"
    [problem] = problems(tiny.deliver(tmp_path / "data", county))
    assert "“已转省外”" in problem.what.zh


def test_what_is_left_of_a_number_hidden_in_part_is_not_told(tmp_path: Path) -> None:
    masked_numbers = [f"990111********1{number:02d}6" for number in range(11)]
    [problem] = with_cells(tmp_path, "payments", "id_number", masked_numbers)
    assert "可能是号码或姓名（不在此显示） 11" in problem.where.zh and "990111" not in problem.into("zh")


def test_a_month_of_payment_leaves_the_day_untested_and_stops_nothing(tmp_path: Path) -> None:
    assert with_cells(tmp_path, "payments", "pay_date", ["2024年11月"] * 6 + ["2024.12"] * 6) == []


def test_half_of_the_cells_is_not_most(tmp_path: Path) -> None:
    assert len(tiny.tables()["payments"]) == 11
    assert with_cells(tmp_path / "less", "payments", "pay_date", ["?"] * 5) == []
    assert len(with_cells(tmp_path / "more", "payments", "pay_date", ["?"] * 6)) == 1


def test_the_share_is_the_auditors_choice(tmp_path: Path) -> None:
    assert len(with_cells(tmp_path / "a", "payments", "pay_date", ["?"] * 5, lost_share="0.3")) == 1
    assert with_cells(tmp_path / "b", "payments", "pay_date", ["?"] * 11, lost_share="1") == []


def test_a_few_odd_cells_of_a_column_that_is_mostly_empty_stop_nothing(tmp_path: Path) -> None:
    assert with_cells(tmp_path, "enrolment", "status_date", ["?", "?"]) == []


def test_rows_that_lack_what_they_need_are_lost_too(tmp_path: Path) -> None:
    [problem] = with_cells(tmp_path, "eligibility", "category", [""] * 8)
    assert problem.what.zh == "12 行中有 8 行不能采用"
    assert "“困难类型”为空 8 行" in problem.where.zh


def test_an_unknown_word_that_is_asked_about_is_not_told_twice(tmp_path: Path) -> None:
    losses = with_cells(tmp_path, "payments", "scheme", ["某项补助"] * 11)
    assert len(losses) == 1


def test_the_same_column_of_many_files_is_told_once_with_the_places(tmp_path: Path) -> None:
    county = tiny.tables()
    rows = [row | {"term": "春季学期"} for row in county["payments"]]
    run = tiny.deliver(tmp_path / "data", county | {"payments": rows[:5]})
    file_lines = (tmp_path / "data" / "payments.csv").read_text("utf-8").splitlines()
    tiny.deliver(tmp_path / "other", {"payments": rows[5:]})
    (tmp_path / "data" / "second.csv").write_text(
        (tmp_path / "other" / "payments.csv").read_text("utf-8"), "utf-8"
    )
    assert len(file_lines) == 6
    sources = {**run.sources, "payments": ["payments.csv", "second.csv"]}
    [problem] = problems(replace(run, sources=sources))
    assert "11 格中 11 格" in problem.what.zh and "11 行因此不能采用" in problem.what.zh
    assert "payments.csv、second.csv（最多的是：“春季学期” 11）" in problem.where.zh


def test_a_grade_whose_stage_school_and_age_tell_is_read(tmp_path: Path) -> None:
    county = tiny.tables()
    rows = [row | {"stage": "", "grade": "三(2)班"} for row in county["enrolment"]]
    lessons = [row | {"school_name": "云溪镇中心小学", "school_code": ""} for row in rows]
    problem_texts = problems(tiny.deliver(tmp_path / "data", county | {"enrolment": lessons}))
    assert not [problem for problem in problem_texts if "年级" in problem.what.zh]


def test_a_register_of_which_neither_stage_nor_grade_says_anything_is_lost(tmp_path: Path) -> None:
    county = tiny.tables()
    rows = [row | {"stage": "", "grade": ""} for row in county["enrolment"]]
    [problem] = problems(tiny.deliver(tmp_path / "data", county | {"enrolment": rows}))
    assert "12 行中只有 0 行有内容" in problem.what.zh and "“学段”“年级”" in problem.what.zh
