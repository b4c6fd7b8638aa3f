"""A city of two tiny counties, from their packages to the conclusions: every planted fact found, nothing else."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml
from test_recheck_compare import handed_in
from tiny_county import Tables, changed, deliver, pupil, tables

from auditlib.package import seal
from auditlib.parameters import SelfCheck
from auditlib.recheck.field_columns import COLUMNS
from auditlib.recheck.field_sheet import HEAD
from auditlib.recheck.outputs import sheet_name, write_outputs
from auditlib.recheck.parameters import check_recheck
from auditlib.recheck.programme import conclude_all, draw_samples, read_visits, run_recheck
from auditlib.recheck.results import RecheckResults

EAST, WEST = "990111", "990112"


@dataclass(frozen=True)
class City:
    folder: Path
    parameters: dict[str, object]
    results: RecheckResults


def east() -> Tables:
    return tables(12)


def west() -> Tables:
    """Pupil 3 of the east is paid here too, pupil 5 enrolled here too (without number: name and birth date)."""
    own = tables(10, first=101, school="9901000002")
    guest, paid = pupil(3), own["payments"][0]
    return own | {
        "enrolment": [
            *own["enrolment"],
            own["enrolment"][0] | guest | {"student_no": "G" + guest["id_number"]},
        ],
        "eligibility": [*own["eligibility"], own["eligibility"][0] | guest | {"household_no": "H3"}],
        "payments": [*own["payments"], paid | guest | {"account_no": "6229000000000003"}],
    }


def lost_child(county: Tables) -> Tables:
    """The east lists pupil 105 of the west as eligible: missed.not_found there, settled by the west's register."""
    return changed(
        county, "eligibility", lambda rows: [*rows, rows[0] | pupil(105) | {"household_no": "H105"}]
    )


def written(folder: Path, parameters: SelfCheck) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{parameters.county_code}.yaml"
    file.write_text(yaml.safe_dump(parameters.as_json(), allow_unicode=True), encoding="utf-8")
    return file


def closed(folder: Path, finding: str) -> None:
    """The county writes the finding down as rectified, and hands in its package anew."""
    row = ("2021-01-05", "县资助中心", finding, "rectified", "应发未发，已补发", "500", "", "")
    with (folder / "dispositions.csv").open("a", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerow(row)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("city")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITLIB_KEYS", str(folder / "keys"))
        first = deliver(folder / "east", lost_child(east()), code=EAST, output=folder / "run-east")
        package = handed_in(first)
        found = pd.read_parquet(folder / "run-east" / "findings.parquet").set_index("rule")["finding_id"]
        closed(folder / "run-east", found["missed.unpaid"])
        handed_in(first)
        second = deliver(folder / "west", west(), code=WEST, output=folder / "run-west")
        handed_in(second)
        # The city's own copies: one payment of the east was taken away after the self-check.
        copy = changed(lost_child(east()), "payments", lambda rows: rows[1:])
        params = [
            written(folder / "city", deliver(folder / "city" / "east", copy, code=EAST)),
            written(folder / "city", deliver(folder / "city" / "west", west(), code=WEST)),
        ]
        parameters: dict[str, object] = {
            "city_code": "9901",
            "city_name": "青禾市",
            "term": "2020-autumn",
            "packages": [str(package), str(folder / "run-west" / "package.zip")],
            "county_params": [str(file) for file in params],
            "keys": {EAST: str(folder / "run-east" / f"public-key-{EAST}.pem")},
            "sample": {
                "method": "attribute", "confidence": "0.95", "tolerable_rate": "0.2", "expected_rate": "0",
                "seed": "20201231", "ordered_share": "0.1",
            },
            "output_dir": str(folder / "out"),
        }  # fmt: skip
        yield City(folder, parameters, run_recheck(check_recheck(parameters, base=folder)))


def test_the_findings_of_the_re_check_are_what_was_planted(city: City) -> None:
    found = city.results.comparison.findings
    told = Counter(zip(found["rule"], found["county_code"], found["reason"], strict=True))
    assert told == {
        ("recheck.data_changed", EAST, "removed"): 1,
        ("recheck.false_closure", EAST, "still_found"): 1,
        ("recheck.cross_county_duplicate", EAST, "paid_twice"): 1,
        ("recheck.cross_county_duplicate", EAST, "enrolled_twice"): 1,
    }
    paid_twice = found[found["reason"] == "paid_twice"].iloc[0]
    assert paid_twice["at_stake"] == Decimal("500.00") and paid_twice["id_number"] == pupil(3)["id_number"]
    assert paid_twice["finding_id"] and found["finding_id"].is_unique


def test_the_missing_child_is_settled_by_the_neighbour(city: City) -> None:
    settled = city.results.comparison.settled
    assert settled[["rule", "county_code", "found_in", "active", "paid_there"]].values.tolist() == [
        ["missed.not_found", EAST, WEST, True, True]
    ]


def test_tokens_alone_find_the_same_pairs_by_number(city: City) -> None:
    tokens = city.results.comparison.tokens.set_index("kind")
    assert tokens["by_tokens"].to_dict() == {"paid_twice": 1, "enrolled_twice": 1}
    assert tokens["recall"].tolist() == [1, 1]


def test_the_outputs_are_whole_and_the_same_twice(city: City) -> None:
    run = check_recheck(city.parameters, base=city.folder)
    write_outputs(run, city.results)
    first = {path.name: path.read_bytes() for path in run.output_dir.iterdir()}
    write_outputs(run, city.results)
    assert {path.name: path.read_bytes() for path in run.output_dir.iterdir()} == first
    proof = json.loads(first["draw.json"])
    assert [entry["county_code"] for entry in proof] == [EAST, WEST]
    numbers = {row["id_number"] for row in east()["enrolment"]}
    for name in ("draw.json", "manifest.json", "conclusions.json", "draws.csv", f"population-{EAST}.csv"):
        assert not any(number in first[name].decode() for number in numbers), name
    form = openpyxl.load_workbook(run.output_dir / "comparison.xlsx")
    assert form.sheetnames == [EAST, WEST]


def test_the_visits_are_concluded_on(city: City) -> None:
    run = check_recheck(city.parameters, base=city.folder)
    draws = draw_samples(run, city.results.counties)
    write_outputs(run, city.results)
    files = [
        _visited(run.output_dir / sheet_name(draw), city.folder / f"{i}.xlsx") for i, draw in enumerate(draws)
    ]
    again = check_recheck(city.parameters | {"field_results": list(map(str, files))}, base=city.folder)
    visits = read_visits(again, draws)
    made = conclude_all(again, city.results.counties, city.results.comparison, draws, visits)
    assert [c.visited for c in made.conclusions] == [len(draw.drawn) for draw in draws]
    assert all(c.missed is None or c.missed.accept in (True, False) for c in made.conclusions)
    assert all(c.over and Decimal(c.over["projected"]) == 0 for c in made.conclusions)


def _visited(sheet: Path, filled: Path) -> Path:
    """Every row filled in, nothing wrong."""
    book = openpyxl.load_workbook(sheet)
    at = {column.name: place for place, column in enumerate(COLUMNS, start=1)}
    for page in book.worksheets[1:]:
        for row in range(HEAD + 2, page.max_row + 1):
            if page.cell(row, at["unit_id"]).value:
                good = {
                    "seen": "是",
                    "deviates": "否",
                    "audited": page.cell(row, at["amount"]).value,
                    "inspector": "甲",
                    "inspected_on": "2021-01-15",
                }
                for name, value in good.items():
                    page.cell(row, at[name]).value = value
    book.save(filled)
    return filled


def test_an_unsigned_package_is_a_finding(city: City) -> None:
    from test_package import members_of, rezipped

    from auditlib.recheck.counties import open_packages

    whole = (city.folder / "run-east" / "package.zip").read_bytes()
    unsigned = city.folder / "unsigned.zip"
    unsigned.write_bytes(rezipped({k: v for k, v in members_of(whole).items() if k != seal.SIGNATURE}))
    packages = [str(unsigned), str(city.folder / "run-west" / "package.zip")]
    opened = open_packages(check_recheck(city.parameters | {"packages": packages}, base=city.folder))
    assert opened[EAST].package is None and opened[EAST].refused == "unsigned"
    assert opened[WEST].package is not None
