"""Payments that are all of another term stop the run; other tables of another term are told of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tiny_county as tiny

from auditlib.base.errors import AuditError
from auditlib.county import ingest_only, self_check

EARLIER = {"term": "2019-2020学年第二学期"}
BY_DAY = {"pay_date": "2019-11-20"}
ROSTER = {"name": "姓名", "id_number": "身份证号", "school_code": "学校标识码", "counted_on": "清点日期"}


def problems(folder: Path, county: tiny.Tables, **parameters: object) -> list[str]:
    run = tiny.deliver(folder, county, **parameters)
    return [p.into("zh") for p in self_check.read_all(self_check.begin(run))[1]]


@pytest.mark.parametrize(
    ("change", "words"),
    [(EARLIER, ("没有一行是本学期", "2020-spring 11 行")), (BY_DAY, ("都在本学期", "2019-autumn 11 行"))],
    ids=["term", "day"],
)
def test_payments_all_of_another_term_are_asked_about_with_every_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], words: tuple[str, str]
) -> None:
    county = tiny.tables()
    county["payments"] = [row | change for row in county["payments"]]
    headers = {k: v for k, v in tiny.HEADERS["payments"].items() if k != "term" or "term" in change}
    monkeypatch.setitem(tiny.HEADERS, "payments", headers)
    run = tiny.deliver(tmp_path / "data", county)
    with pytest.raises(AuditError):
        ingest_only.write_ingest(run)
    account = json.loads((run.output_dir / ingest_only.INGEST).read_text("utf-8"))
    assert account["of_other_terms"] == ["payments"]
    [problem] = account["problems"]
    ways = ("换文件", "改参数文件的 term", "从 sources 中去掉 payments", "empty_tables: [payments]")
    assert all(part in problem for part in (*words, *ways))
    assert problems(tmp_path / "meant", county, empty_tables=["payments"]) == []


def test_other_tables_of_another_term_and_payments_of_several_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tiny.HEADERS, "attendance", ROSTER)
    county = tiny.tables()
    county["payments"] = [row | (EARLIER if at else {}) for at, row in enumerate(county["payments"])]
    county["attendance"] = [row | {"counted_on": "2019-10-08"} for row in county["enrolment"]]
    lines: list[str] = []
    ingest_only.write_ingest(tiny.deliver(tmp_path / "data", county), lines.append)
    assert any("2020-spring 10 行、2020-autumn 1 行" in line for line in lines)
    assert any("attendance.csv" in line and "2019-autumn 12 行" in line for line in lines)
