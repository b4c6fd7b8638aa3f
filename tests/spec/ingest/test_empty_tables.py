"""A table whose files hold a header and no row: a needed register stops the run, another is taken as not delivered."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
import tiny_county as tiny

from auditlib.county import ingest_only, self_check
from auditlib.law.parameters import SelfCheck


def problems(parameters: SelfCheck) -> list[str]:
    return [p.into("zh") for p in self_check.read_all(self_check.begin(parameters))[1]]


@pytest.mark.parametrize("table", ["eligibility", "enrolment", "payments"])
def test_a_needed_register_without_a_row_stops_the_run(tmp_path: Path, table: str) -> None:
    county = tiny.tables() | {table: []}
    [problem] = problems(tiny.deliver(tmp_path / "data", county))
    assert "只有表头，没有一行记录" in problem and f"{table}.csv" in problem
    assert f"empty_tables: [{table}]" in problem
    assert problems(tiny.deliver(tmp_path / "meant", county, empty_tables=[table])) == []


def test_a_list_of_schemes_that_are_not_audited_is_not_called_empty(tmp_path: Path) -> None:
    county = tiny.tables()
    county["payments"] = [payment | {"scheme": "营养改善计划"} for payment in county["payments"]]
    [problem] = problems(tiny.deliver(tmp_path / "data", county))
    assert f"{len(county['payments'])} 行都不是本次核对的项目" in problem
    assert "只有表头" not in problem and "other-lists" in problem and "勾上" not in problem


def test_one_empty_file_of_several_is_told_and_stops_nothing(tmp_path: Path) -> None:
    county = tiny.tables()
    data = tmp_path / "data"
    tiny.deliver(data, {"payments": []})
    (data / "payments.csv").rename(data / "payments2.csv")
    run = tiny.deliver(data, county, sources={t: [f"{t}*.csv"] for t in county})
    assert problems(run) == []
    lines: list[str] = []
    ingest_only.write_ingest(run, lines.append)
    assert any("payments2.csv 只有表头" in line for line in lines)


def test_a_sheet_with_a_header_alone_in_a_filled_workbook_is_told(tmp_path: Path) -> None:
    county = tiny.tables()
    data = tmp_path / "data"
    tiny.deliver(data, county)
    rows = list(csv.reader((data / "enrolment.csv").read_text("utf-8-sig").splitlines()))
    book = openpyxl.Workbook()
    for name, lines in (("城关", rows), ("禾丰", rows[:1])):
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.remove(book.worksheets[0])
    book.save(data / "enrolment.xlsx")
    sources = {table: [f"{table}.csv"] for table in county} | {"enrolment": ["enrolment.xlsx"]}
    run = tiny.deliver(data, {"payments": county["payments"]}, sources=sources)
    assert problems(run) == []
    lines_told: list[str] = []
    ingest_only.write_ingest(run, lines_told.append)
    assert any("enrolment.xlsx!禾丰 只有表头" in line for line in lines_told)
    assert not any("城关 只有表头" in line for line in lines_told)


def test_another_table_without_a_row_is_told_and_its_rules_are_not_run(tmp_path: Path) -> None:
    county = tiny.tables() | {"letters": []}
    parameters = tiny.deliver(tmp_path / "data", county)
    lines: list[str] = []
    ingest_only.write_ingest(parameters, lines.append)
    assert any("函告台账（letters.csv）只有表头" in line for line in lines)
    run = self_check.begin(parameters)
    registers = self_check.ingest(run)
    assert not registers.delivery.columns_found.get("letters")
    outcomes = self_check.check(run, self_check.link(run, registers))
    not_run = {one.rule.id: one.not_run for one in outcomes if one.population is None}
    assert not_run["letters.order"] == "letters"


def test_a_name_that_is_no_tables_is_refused(tmp_path: Path) -> None:
    [problem] = problems(tiny.deliver(tmp_path / "data", tiny.tables(), empty_tables=["letter"]))
    assert "没有名为“letter”的表" in problem
