"""Missed children whom a neighbour's register knows: counted in the city's report, listed one by one for their county."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl

from auditlib.city.outputs import write_form
from auditlib.city.report.points import across_counties
from auditlib.city.results import RecheckResults

SHEET = "邻县查到的孩子"


def test_they_are_listed_with_where_each_is(sample_results: RecheckResults, tmp_path: Path) -> None:
    there = sample_results.comparison.registered_elsewhere
    children = set(there["finding_id"])
    own = next(county for county in sample_results.counties if county.code == there["county_code"].iloc[0])
    names = own.findings.set_index("finding_id").loc[sorted(children), "name"]
    body = str(across_counties(sample_results).body)
    assert f"{len(children)} 人在邻县学籍中查到" in body and f"“{SHEET}”" in body
    assert not [name for name in names if name in body]
    write_form(sample_results, tmp_path / "form.xlsx")
    _heads, *rows = openpyxl.load_workbook(tmp_path / "form.xlsx")[SHEET].values
    assert {row[2] for row in rows} == set(names) and len(rows) == len(there)
    assert {row[4] for row in rows} == {sample_results.names[code] for code in there["found_in"]}
    assert {row[5] for row in rows} <= {"在读", "不在读"} and {row[6] for row in rows} <= {"已发", "没有发放"}


def test_where_there_is_nobody_there_is_no_sheet(sample_results: RecheckResults, tmp_path: Path) -> None:
    nobody = sample_results.comparison.registered_elsewhere.iloc[:0]
    comparison = replace(sample_results.comparison, registered_elsewhere=nobody)
    write_form(replace(sample_results, comparison=comparison), tmp_path / "form.xlsx")
    assert SHEET not in openpyxl.load_workbook(tmp_path / "form.xlsx").sheetnames
