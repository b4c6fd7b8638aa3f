"""What stands beside a figure tells what it is: who boards of which scheme, the month of how many visits; else it is asked."""

from __future__ import annotations

import csv
from pathlib import Path

import exported_county as exported
import pandas as pd
import tiny_county as tiny

from auditlib.county import self_check
from auditlib.law.parameters import SelfCheck

UMBRELLA = "义务教育家庭经济困难学生生活补助"
HOME_TEACHING = {"files": "台账.xlsx", "sheets": "送教上门"}
DROPOUTS = {"files": "台账.xlsx", "sheets": "控辍台账"}


def read(parameters: SelfCheck, table: str) -> tuple[pd.DataFrame, str]:
    """The rows of a table as they are read, and everything that is asked."""
    run = self_check.begin(parameters)
    registers, problems = self_check.read_all(run)
    return run.engine.fetch(registers.tables[table]), "\n".join(problem.into("zh") for problem in problems)


def scheme_rows(folder: Path, boarding: list[str], scheme: str | None) -> tuple[list[str], str]:
    """The schemes that are read of a list with 是否寄宿生, its scheme in a column or (None) in the file's name alone."""
    county = tiny.tables(len(boarding) + 1)
    parameters = tiny.deliver(folder / "data", county | {"payments": []})
    rows = [["姓名", "身份证号", "是否寄宿生", "金额", *(["资助项目"] if scheme else [])]]
    for one, boards in zip(county["payments"], boarding, strict=True):
        rows.append([one["name"], one["id_number"], boards, "500", *([scheme] if scheme else [])])
    file = f"{UMBRELLA}.csv"
    with (folder / "data" / file).open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(rows)
    parameters.sources["payments"] = [file]  # type: ignore[index]
    payments, question_texts = read(parameters, "payments")
    return sorted(payments["scheme"].dropna()), question_texts


def test_a_name_for_boarders_and_day_pupils_means_the_one_that_the_row_says(tmp_path: Path) -> None:
    schemes, question_texts = scheme_rows(tmp_path, ["是", "否", "是"], UMBRELLA)
    assert (
        schemes == ["boarder_allowance", "boarder_allowance", "day_pupil_allowance"] and question_texts == ""
    )


def test_where_the_row_does_not_say_who_boards_it_is_asked(tmp_path: Path) -> None:
    _schemes, question_texts = scheme_rows(tmp_path, ["是", "", "否"], UMBRELLA)
    assert "是几个项目的总称" in question_texts


def home_teaching(folder: Path, note: str) -> tuple[list[tuple[str, int]], str]:
    """Months and visits that are read of a sheet with a column a month, in a workbook of two registers."""
    child = tiny.pupil(3)
    months = [
        ["姓名", "身份证号", "9月", "10月", "送教教师"],
        [child["name"], child["id_number"], "2", "0", "样老师"],
    ]
    dropouts = [
        ["姓名", "身份证号", "劝返方式", "销号时间"],
        [child["name"], child["id_number"], "家访", "2020-10-01"],
    ]
    parameters = tiny.deliver(folder / "data", tiny.tables())
    exported.book(folder / "data" / "台账.xlsx", {"送教上门": [*months, [note]], "控辍台账": dropouts})
    parameters.sources.update(home_teaching=[HOME_TEACHING], dropouts=[DROPOUTS])  # type: ignore[attr-defined]
    lessons, question_texts = read(parameters, "home_teaching")
    return [(str(row.month)[:7], int(row.visits)) for row in lessons.itertuples()], question_texts


def test_a_column_a_month_is_read_where_it_is_said_that_visits_are_counted(tmp_path: Path) -> None:
    assert home_teaching(tmp_path, "注：每格为当月送教次数，由学校填写") == (
        [("2020-09", 2), ("2020-10", 0)],
        "",
    )


def test_a_column_a_month_is_asked_about_where_it_may_be_lessons_though_another_table_has_the_workbook(
    tmp_path: Path,
) -> None:
    _lessons, question_texts = home_teaching(tmp_path, "注：由学校按月填写，期末报县教育局")
    assert "一行写了几次或几个月的送教" in question_texts and "送教上门" in question_texts


def test_a_figure_of_a_cross_tab_that_nobody_knows_is_asked_about_and_not_lost(tmp_path: Path) -> None:
    schemes = ["学校", "寄宿生生活补助", None, "非寄宿生生活补助", None]
    figures = [None, "人数", "金额", "人数", "金额"]
    rows = [[f"第{number}小学", "11", "5500.00", "2", "500.00"] for number in range(1, 10)]
    rows.append(["合计", "99", "49500.00", "18", "4500.00"])
    parameters = tiny.deliver(tmp_path / "data", tiny.tables())
    exported.book(tmp_path / "data" / "统计表.xlsx", {"统计表": [schemes, figures, *rows]})
    parameters.sources["control_totals"] = ["统计表.xlsx"]  # type: ignore[index]
    totals, question_texts = read(parameters, "control_totals")
    assert len(totals) == 2 * len(rows) and "“人数”一列没有用上：报表核对的是人次" in question_texts
    parameters.columns["control_totals"] = {"人数": "persons"}  # type: ignore[index]
    totals, question_texts = read(parameters, "control_totals")
    assert sorted({*totals["persons"]}) == [2, 11, 18, 99] and question_texts == ""


def test_printed_totals_are_of_the_term_in_their_title(tmp_path: Path) -> None:
    rows = [
        ["2020年秋季学期资助情况统计表"],
        ["资助项目", "人次", "金额"],
        ["寄宿生生活补助", "11", "5500.00"],
    ]
    parameters = tiny.deliver(tmp_path / "data", tiny.tables())
    exported.book(tmp_path / "data" / "统计表.xlsx", {"统计表": rows})
    parameters.sources["control_totals"] = ["统计表.xlsx"]  # type: ignore[index]
    totals, question_texts = read(parameters, "control_totals")
    assert [*totals["term"]] == ["2020-autumn"] and question_texts == ""


def by_month(folder: Path, months: list[str], cell: str) -> tuple[list[str], str]:
    """The amounts that are read of a list with a column a month and their sum, and what is asked."""
    people = [tiny.pupil(number) for number in (1, 2)]
    header = ["姓名", "身份证号", *months, "合计"]
    rows = [[one["name"], one["id_number"], *["100"] * (len(months) - 1), cell, "400"] for one in people]
    total = ["合计", "2人", *["200"] * len(months), "800"]
    county = tiny.tables()
    parameters = tiny.deliver(folder / "data", county | {"payments": []})
    exported.book(folder / "data" / "寄宿生生活补助.xlsx", {"表": [header, *rows, total]})
    parameters.sources["payments"] = ["寄宿生生活补助.xlsx"]  # type: ignore[index]
    payments, question_texts = read(parameters, "payments")
    return [str(amount) for amount in payments["amount"]], question_texts


def test_months_abreast_are_one_payment_of_the_term(tmp_path: Path) -> None:
    assert by_month(tmp_path / "a", ["9月", "10月", "11月份", "12月"], "100") == (["400.00", "400.00"], "")
    assert by_month(tmp_path / "b", ["11月", "12月", "1月"], "50.50") == (["250.50", "250.50"], "")


def test_months_of_two_terms_or_without_amounts_are_asked_about(tmp_path: Path) -> None:
    for number, (months, cell) in enumerate([(["6月", "7月", "9月"], "100"), (["9月", "10月"], "未发")]):
        _amounts, question_texts = by_month(tmp_path / str(number), months, cell)
        assert "缺少必需列“金额”" in question_texts


def test_what_is_lost_where_a_row_is_several_records_stops_the_run_too(tmp_path: Path) -> None:
    people = [tiny.pupil(number) for number in range(1, 6)]
    header = ["姓名", "身份证号", "普通高中国家助学金", "普通高中免学杂费", "发放日期"]
    rows = [[one["name"], one["id_number"], "1000", "400", "第3周"] for one in people]
    parameters = tiny.deliver(tmp_path / "data", tiny.tables() | {"payments": []})
    exported.book(tmp_path / "data" / "普高.xlsx", {"表": [header, *rows]})
    parameters.sources["payments"] = ["普高.xlsx"]  # type: ignore[index]
    payments, question_texts = read(parameters, "payments")
    assert (
        len(payments) == 2 * len(people)
        and "“发放日期”作为“发放日期”" in question_texts
        and "10 格" in question_texts
    )
