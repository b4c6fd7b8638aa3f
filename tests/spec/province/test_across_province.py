"""Persons across counties: the city's comparison, by the exact number alone, whoever holds the rows."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditlib.base.workers import Here
from auditlib.province.across import Across, across_counties
from auditlib.province.packages import ADDRESS, COMPARED_COLUMNS
from auditlib.province.parameters import Province

RUN = Province("99", "某省", "2020-autumn", [], Path("out"))
NAMES = {"990111": "甲县", "990112": "乙县", "990113": "丙县"}


def row(county: str, person: str, role: str, **cells: Any) -> dict[str, Any]:
    empty = dict.fromkeys(COMPARED_COLUMNS)
    records = cells.pop("records", [f"{'payments' if role == 'paid' else 'enrolment'}:f.csv!{person}"])
    return empty | {"county_code": county, "person_id": person, "role": role, "records": records} | cells  # fmt: skip


def paid(county: str, person: str, number: str | None, **cells: Any) -> dict[str, Any]:
    return row(county, person, "paid", **({"scheme": "boarder_allowance", "amount": Decimal("500.00"), "number": number} | cells))  # fmt: skip


def enrolled(county: str, person: str, number: str | None, *, active: bool = True) -> dict[str, Any]:
    return row(county, person, "enrolled", active=active, number=number)


def comparison_of(rows: list[dict[str, Any]], folder: Path) -> Across:
    """The comparison of ``rows``, each county's tables standing below ``folder``."""
    here, schema = Here(), ibis.schema(COMPARED_COLUMNS).to_pyarrow()
    table = here.engine.load_arrow("token_rows", pa.Table.from_pylist(rows, schema), COMPARED_COLUMNS)
    folders = {code: folder / code for code in NAMES}
    for code, place in folders.items():
        (place / "tables").mkdir(parents=True)
        for name in ("payments", "enrolment", "letters"):
            own = [r for r in rows if r["county_code"] == code and r["records"][0].startswith(name)]
            lines = [
                {"source": f"f.csv!{r['person_id']}", "person_id": f"id:{r['person_id']}", "name": "某生", "id18": "9901"}
                for r in own
            ]  # fmt: skip
            kinds = {n: k for n, k in ADDRESS.items() if n not in ("county_code", "record")} | {
                "source": "string"
            }
            pq.write_table(
                pa.Table.from_pylist(lines, ibis.schema(kinds).to_pyarrow()),
                place / "tables" / f"{name}.parquet",
            )
    return across_counties(RUN, here, table, folders, NAMES)


def test_one_number_paid_one_scheme_in_two_counties_is_a_finding_of_the_first(tmp_path: Path) -> None:
    comparison = comparison_of(
        [
            paid("990111", "a", "n1"),
            paid("990112", "b", "n1", amount=Decimal("300.00")),
            paid("990113", "c", "n2"),
        ],
        tmp_path,
    )
    [finding] = comparison.findings.to_dict("records")
    assert (finding["rule"], finding["county_code"], finding["reason"]) == (
        "recheck.cross_county_duplicate", "990111", "paid_twice",
    )  # fmt: skip
    assert finding["at_stake"] == Decimal("300.00") and finding["confidence"] == 1.0
    assert finding["records"] == ["990111/payments:f.csv!a", "990112/payments:f.csv!b"]
    assert finding["message"] == "与乙县重复：两县都发了同一项目"
    assert (finding["name"], finding["id_number"]) == ("某生", "9901")


@pytest.mark.parametrize(
    "rows",
    [
        [paid("990111", "a", "n1"), paid("990111", "b", "n1")],
        [paid("990111", "a", None), paid("990112", "b", None)],
        [paid("990111", "a", "n1"), paid("990112", "b", "n1", scheme="senior_grant")],
        [enrolled("990111", "a", "n1"), enrolled("990112", "b", "n1", active=False)],
        [paid("990111", "a", "n1"), paid("990112", "b", "n2")],
    ],
    ids=["one county", "no number", "two schemes", "left one", "two numbers"],
)
def test_what_is_no_person_in_two_counties(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    assert comparison_of(rows, tmp_path).findings.empty


def test_active_in_three_counties_is_a_finding_for_each_pair(tmp_path: Path) -> None:
    comparison = comparison_of([enrolled(code, code, "n1") for code in NAMES], tmp_path)
    assert list(comparison.findings["reason"]) == ["enrolled_twice"] * 3
    assert sorted(comparison.findings["county_code"]) == ["990111", "990111", "990112"]


def test_a_missed_child_is_found_in_another_countys_register(tmp_path: Path) -> None:
    missed = row(
        "990111", "m", "missed", number="n1", finding_id="f1", rule="missed.not_found",
        records=["eligibility:e.csv!2"],
    )  # fmt: skip
    comparison = comparison_of([missed, enrolled("990112", "b", "n1"), paid("990112", "b", "n1")], tmp_path)
    [child] = comparison.registered_elsewhere.to_dict("records")
    assert (child["finding_id"], child["found_in"]) == ("f1", "990112")
    assert bool(child["active"]) and bool(child["paid_there"])


def test_every_row_that_was_given_is_counted(tmp_path: Path) -> None:
    rows = [paid("990111", "a", "n1"), enrolled("990111", "a", "n1"), enrolled("990112", "b", None)]
    compared_count = comparison_of(rows, tmp_path).compared
    assert compared_count.to_dict("records") == [
        {"county_code": "990111", "role": "enrolled", "rows": 1},
        {"county_code": "990111", "role": "paid", "rows": 1},
        {"county_code": "990112", "role": "enrolled", "rows": 1},
    ]
