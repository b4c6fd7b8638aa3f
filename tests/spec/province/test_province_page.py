"""The province's page and files: figures that tie out, a county not done by name and reason, no person."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from auditlib.city.across import PAIR, REGISTERED_ELSEWHERE
from auditlib.city.findings import crossing_findings
from auditlib.province.across import COMPARED_COLUMNS, Across
from auditlib.province.county_task import CountyOutcome
from auditlib.province.outputs import COUNTS, PAGE, write_province
from auditlib.province.page import page_of
from auditlib.province.parameters import Province
from auditlib.province.programme import ProvinceResults
from auditlib.province.tie_out import by_rule, tie_out

RULES = {
    "missed.unpaid": {"exceptions": 2, "at_stake": "1000.00"},
    "amount.overpaid": {"exceptions": 1, "at_stake": "5000.00"},
}
NUMBER = "990111201101010017"


def outcome_of(code: str, **others: object) -> CountyOutcome:
    rows = {"read": 10, "used": 7, "left_out": 2, "rejected": 1}
    findings = {"manifest.json": 3, "findings.parquet": 3}
    county_outcome = CountyOutcome(
        code, f"{code}县", "done", rows=rows, findings=findings, rules=RULES, roles={"paid": 4}
    )
    return replace(county_outcome, **others)  # type: ignore[arg-type]


def a_pair() -> pd.DataFrame:
    line = dict.fromkeys(PAIR) | {
        "reason": "paid_twice", "county_code": "990111", "other_county": "990112", "person_id": "a", "other_person": "b",
        "name": "欧阳某", "id_number": NUMBER, "scheme": "boarder_allowance", "amount": Decimal(500),
        "other_amount": Decimal(300), "confidence": 1.0, "records": ["payments:f.csv!2"], "other_records": ["payments:g.csv!3"],
    }  # fmt: skip
    return pd.DataFrame([line], columns=PAIR, dtype=object)


def results(
    folder: Path, *outcomes: CountyOutcome, compared_count: int = 4, language: str = "en"
) -> ProvinceResults:
    files = [Path(f"{outcome.county_code}.yaml") for outcome in outcomes]
    run = Province("99", "某省", "2020-autumn", files, folder, language=language)
    rows = [(o.county_code, "paid", compared_count) for o in outcomes if o.state == "done"]
    names = {o.county_code: o.county_name for o in outcomes}
    return ProvinceResults(
        run,
        list(outcomes),
        Across(
            crossing_findings(a_pair(), term="2020-autumn", language=language, names=names),
            pd.DataFrame(columns=REGISTERED_ELSEWHERE),
            pd.DataFrame(rows, columns=COMPARED_COLUMNS),
        ),
    )


FAILED_COUNTY = CountyOutcome("990113", "丙县", "failed", 1, "缺少必需列“姓名”\n  位置：发放.csv")


def test_counts_that_agree_are_said_to(tmp_path: Path) -> None:
    lines = tie_out(results(tmp_path, outcome_of("990111"), outcome_of("990112"), FAILED_COUNTY))
    assert all(line.agrees for line in lines)
    assert [(line.one, line.other) for line in lines] == [(3, 3), (20, 20), (6, 6), (6, 6), (8, 8)]


@pytest.mark.parametrize(
    ("outcome", "place"),
    [
        (outcome_of("990111", rows={"read": 10, "used": 7, "left_out": 2, "rejected": 0}), 1),
        (outcome_of("990111", findings={"manifest.json": 3, "findings.parquet": 2}), 2),
        (outcome_of("990111", rules={}), 3),
        (outcome_of("990111", roles={"paid": 5}), 4),
    ],
    ids=["rows lost", "findings lost", "rules lost", "rows not compared"],
)
def test_a_count_that_does_not_agree_names_its_county(
    outcome: CountyOutcome, place: int, tmp_path: Path
) -> None:
    county_results = results(tmp_path, outcome, outcome_of("990112"))
    apart = [line for line in tie_out(county_results) if not line.agrees]
    assert apart == [tie_out(county_results)[place]] and apart[0].counties == ("990111",)
    assert "NO: 990111" in page_of(county_results)


def test_two_counties_that_differ_by_as_much_do_not_make_up_for_each_other(tmp_path: Path) -> None:
    more, less = outcome_of("990111", roles={"paid": 5}), outcome_of("990112", roles={"paid": 3})
    assert not tie_out(results(tmp_path, more, less))[4].agrees


def test_children_who_were_missed_come_before_money(tmp_path: Path) -> None:
    lines = by_rule([outcome_of("990111"), outcome_of("990112")])
    assert [(line["rule"], line["counties"], line["findings"]) for line in lines] == [
        ("missed.unpaid", 2, 4),
        ("amount.overpaid", 2, 2),
    ]


def test_the_page_shows_the_counties_that_are_not_done_and_no_person(tmp_path: Path) -> None:
    page = page_of(
        results(tmp_path, outcome_of("990111"), outcome_of("990112"), FAILED_COUNTY, language="zh")
    )
    assert "丙县（990113）" in page and "缺少必需列“姓名”" in page
    assert 'href="counties/990111/report.html"' in page and "990113/report.html" not in page
    assert "12,000.00" in page and "两县都发了同一项目" in page
    assert NUMBER not in page and "欧阳某" not in page
    assert "http" not in page.split("</style>")[1]


def test_the_same_results_give_the_same_files_but_for_how_long_it_took(tmp_path: Path) -> None:
    county_results = results(
        tmp_path / "a", outcome_of("990111"), outcome_of("990112", seconds=3.0), FAILED_COUNTY
    )
    again = results(tmp_path / "b", outcome_of("990111", seconds=99.0), outcome_of("990112"), FAILED_COUNTY)
    assert write_province(county_results) == tmp_path / "a" / PAGE
    write_province(again)
    for name in (
        PAGE,
        COUNTS,
        "counties.csv",
        "across.parquet",
        "across.xlsx",
        "children-in-other-counties.csv",
    ):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    counts = json.loads((tmp_path / "a" / COUNTS).read_text("utf-8"))
    assert [county["state"] for county in counts["counties"]] == ["done", "done", "failed"]
    assert counts["across"] == {"findings": 1, "children": 0}
    assert NUMBER in "".join(pd.read_parquet(tmp_path / "a" / "across.parquet")["id_number"])


def test_a_county_that_is_not_done_has_no_figures_in_the_list(tmp_path: Path) -> None:
    write_province(results(tmp_path, outcome_of("990111"), FAILED_COUNTY, language="zh"))
    lines = (tmp_path / "counties.csv").read_text("utf-8-sig").splitlines()
    assert lines[1].startswith("990111,990111县,完成,10,7,2,1,3,2,6000.00")
    assert lines[2].startswith('990113,丙县,没有完成,,,,,,,,"缺少必需列')
