"""Two figures of one printed total in a sheet are refused, with the column that nobody read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tiny_county import deliver, tables

from auditlib.base.errors import Problem
from auditlib.county.self_check import begin, read_all

DISTRICT = [
    ["地域情形", "学期", "人次", "金额（万元）"],
    ["区内", "2020年春季", "13772", "1044.9"],
    ["市外", "2020年春季", "784", "61.475"],
    ["合计", "2020年春季", "14556", "1106.4"],
]


def problems(folder: Path, rows: Sequence[Sequence[str]], **parameters: object) -> list[Problem]:
    county = {name: rows_ for name, rows_ in tables(2).items() if name == "payments"}
    run = begin(
        deliver(
            folder, county, sources={"payments": ["payments.csv"], "control_totals": ["t.csv"]}, **parameters
        )
    )
    (folder / "t.csv").write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    return [problem for problem in read_all(run)[1] if "t.csv" in problem.where.zh]


def test_an_unknown_column_that_divides_a_total_is_named(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path / "data", DISTRICT)
    assert problem.what.zh.startswith("报表里同一个数有两种写法：t.csv!2、t.csv!3")
    assert "地域情形: place" in problem.remedy.zh and "地域情形: place" in problem.remedy.en


def test_once_the_column_is_named_nothing_contradicts(tmp_path: Path) -> None:
    columns = {"control_totals": {"地域情形": "place"}}
    assert not problems(tmp_path / "data", DISTRICT, columns=columns)


@pytest.mark.parametrize(
    ("again", "is_refused"),
    [
        (["2020年春季", "14556", "1106.4"], False),
        (["2020年春季", "14556", "1106.38"], False),  # rounded otherwise
        (["2020年春季", "14557", "1106.4"], True),
        (["2020年春季", "14556", "1106.2"], True),
        (["2020年秋季", "14557", "1106.2"], False),
    ],
)
def test_the_same_figure_twice_is_one_total(tmp_path: Path, again: list[str], is_refused: bool) -> None:
    rows = [["学期", "人次", "金额（万元）"], ["2020年春季", "14556", "1106.4"], again]
    problem_texts = problems(tmp_path / "data", rows)
    assert bool(problem_texts) == is_refused
    assert all("加一列" in problem.remedy.zh for problem in problem_texts)


def test_rows_whose_scheme_nobody_knows_yet_are_not_taken_for_one_total(tmp_path: Path) -> None:
    rows = [
        ["学期", "资助项目", "人次", "金额（万元）"],
        ["2020年春季", "甲种补", "10", "1"],
        ["2020年春季", "乙种补", "12", "1.2"],
    ]
    texts = [problem.what.zh for problem in problems(tmp_path / "data", rows)]
    assert texts and all("不认识的值" in text for text in texts)
