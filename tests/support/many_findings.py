"""Tiny counties for the workbench: one in which something is wrong with nearly every pupil, one with two namesakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tiny_county import Rows, Tables, changed, deliver, pupil, tables, written

WITHDRAWN = {"status": "退学", "status_date": "2020-09-15"}


def county() -> Tables:
    """Pupil 1 withdrew, 2 has another name in the payments, 3 is a day pupil paid as boarder, 4 was paid late, 5 twice,

    6 is on no register, 7 is in no enrolment record, 8 was paid too little, 9 through another school, 10 and 11 share an
    account, 12 was not paid, 13 is eligible and nowhere else.
    """
    delivered_tables = tables(13)
    enrolment = [dict(row) | {"status_date": ""} for row in delivered_tables["enrolment"]][:12]
    payments = [dict(row) for row in delivered_tables["payments"]][:11]
    eligibility = [dict(row) for row in delivered_tables["eligibility"]]
    enrolment[0] |= WITHDRAWN
    payments[1]["name"] = payments[1]["name"][0] + "别名"
    enrolment[2]["boarding"] = "走读"
    payments[3]["pay_date"] = "2021-02-01"
    payments[7]["amount"] = "400"
    payments[10]["account_no"] = payments[9]["account_no"]
    other = {"school_code": "9901000002", "school_name": "第0002小学"}
    payments[8] |= other
    enrolment.append(
        {
            **pupil(40),
            **other,
            "student_no": "",
            "stage": "小学",
            "grade": "三年级",
            "boarding": "住校",
            "status": "在读",
            "status_date": "",
        }
    )
    twice = {**payments[4], "pay_date": "2020-11-25"}
    return {
        "eligibility": _without(eligibility, 6),
        "enrolment": _without(enrolment, 7),
        "payments": [*payments, twice],
    }  # fmt: skip


def _without(rows: Rows, number: int) -> Rows:
    return [row for row in rows if row["id_number"] != pupil(number)["id_number"]]


def namesakes() -> Tables:
    """Two pupils of one name at one school, and a payment that says no more than name and school."""

    def renamed(rows: Rows) -> Rows:
        return [{**row, "name": pupil(1)["name"]} if at == 1 else row for at, row in enumerate(rows)]

    changed_county = changed(changed(tables(), "enrolment", renamed), "eligibility", renamed)
    return changed(
        changed_county, "payments", lambda rows: [{**row, "id_number": "", "account_no": ""} if at == 0 else row for at, row in enumerate(rows) if at != 1]
    )  # fmt: skip


def run_of(folder: Path, **parameters: Any) -> Path:
    """The county's run, written; its folder."""
    return written(deliver(folder / "files", county(), **parameters))
