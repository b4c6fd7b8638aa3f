"""The monthly sheet by town and school, and what has changed since the run before it of the same term."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import plain_county
import pytest
from plain_county import Checked

from auditlib.forms.ledgers.month import SCHEMAS, _in_towns, monthly

# Pupils who were paid, missed, missed and paid since; one who is newly missed; one who was not paid and is paid half by now.
THEN: list[dict[str, Any]] = [{}, {"payments": None}, {"payments": None}, {}, {"payments": None}]
NOW: list[dict[str, Any]] = [
    {"planned": {}},
    {"payments": None},
    {},
    {"payments": None},
    {"payments": {"amount": "250"}},
]


def checked_county(rows: list[dict[str, Any]], **parameters: Any) -> Checked:
    counties = [plain_county.overlaid(at, school_rows) for at, school_rows in enumerate(rows, 1)]
    return plain_county.check(plain_county.together(counties), **parameters)


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the run of the month before leaves of itself."""
    folder = tmp_path_factory.mktemp("runs") / "october"
    (folder / "tables").mkdir(parents=True)
    then = checked_county(THEN)
    tables = {"people": then.audit.people, "aid": then.audit.aid, "payments": then.audit.rows["payments"]}
    for name, schema in SCHEMAS.items():
        then.engine.fetch(tables[name].select(*schema)).to_parquet(folder / "tables" / f"{name}.parquet")
    then.findings.to_parquet(folder / "findings.parquet")
    manifest_values = {
        "parameters": {"county_code": then.audit.parameters.county_code, "term": then.audit.parameters.term}
    }
    (folder / "manifest.json").write_text(json.dumps(manifest_values), encoding="utf-8")
    return folder


def sums(frame: pd.DataFrame, *columns: str) -> list[Any]:
    return [frame[column].sum() for column in columns]


def test_with_a_run_of_the_month_before_it_says_what_came_and_went(earlier: Path) -> None:
    now = checked_county(NOW, previous=[str(earlier)])
    month_rows = monthly(now.engine, now.audit, now.findings)
    assert sums(month_rows, "paid_persons", "missed_persons", "missed_new", "missed_gone") == [3, 3, 1, 1]
    assert sums(month_rows, "paid_persons_change", "paid_yuan_change") == [1, Decimal(250)]
    assert set(month_rows["since"]) == {"october"}
    by_school = month_rows.set_index("school_name")["paid_persons_change"]
    assert sorted(by_school) == [-1, 0, 0, 1, 1]


def test_without_one_there_is_no_change_to_tell_and_what_was_not_delivered_is_no_nought(
    earlier: Path,
) -> None:
    now = checked_county(NOW)
    month_rows = monthly(now.engine, now.audit, now.findings)
    assert not {"since", "missed_new", "paid_yuan_change"} & set(month_rows.columns)
    assert sums(month_rows, "planned_persons", "approved_persons") == [1, 5]
    assert {"planned_persons", "approved_persons"} & set(monthly(*_without_lists()).columns) == set()


def test_a_school_is_one_row_whatever_is_known_of_who_was_paid_through_it() -> None:
    stranger = {"of": 2, "school_name": "{school_name}", "school_code": "{school}"}
    outside = {"of": 3, "school_name": "", "school_code": "", "scheme": "学前资助"}
    alone = {table: dict[str, Any]() for table in ("eligibility", "enrolment", "applications", "schools")}
    now = checked_county([{"payments": [{}, stranger, outside], **alone}, {}])
    month_rows = monthly(now.engine, now.audit, now.findings)
    assert month_rows["paid_persons"].tolist() == [2, 1, 1]
    assert month_rows["town"].tolist() == ["青山镇", "青山镇", "（乡镇未注明）"]
    assert month_rows["school_name"].iloc[-1] == "（学籍以外：学前、中职等）"


def test_before_any_payment_it_tells_what_is_due_and_planned_and_who_is_in_no_list() -> None:
    bare = {"payments": None, "applications": None}
    now = checked_county([bare | {"planned": {}}, bare])
    month_rows = monthly(now.engine, now.audit, now.findings)
    assert sums(month_rows, "due_persons", "planned_persons", "warned_persons") == [2, 1, 1]
    assert not [name for name in month_rows.columns if name.startswith(("paid_", "returned_"))]


def test_who_is_in_no_list_any_more_or_not_yet_is_told_against_the_month_before(earlier: Path) -> None:
    now = checked_county([{}, {"planned": {"of": 2}, "payments": None}], previous=[str(earlier)])
    month_rows = monthly(now.engine, now.audit, now.findings)
    assert sums(month_rows, "warned_persons", "warned_new", "warned_gone") == [1, 1, 0]


def _without_lists() -> tuple[Any, Any, pd.DataFrame]:
    bare = checked_county([{"applications": None}])
    return bare.engine, bare.audit, bare.findings


def test_schools_of_which_nobody_tells_a_town_have_their_rows() -> None:
    places = pd.MultiIndex.from_tuples([("", "青山小学"), ("", "")], names=["town", "school_name"])
    town_counts = _in_towns(pd.DataFrame({"due": [3, 1]}, index=places))
    assert town_counts.to_dict("list") == {"town": ["", ""], "school_name": ["", "青山小学"], "due": [1, 3]}
