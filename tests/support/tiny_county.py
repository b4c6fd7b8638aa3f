"""A county of a dozen pupils as files on disk: small enough to run the whole chain in a test."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from plain_county import PARAMETERS, check_digit, person_name

from auditlib.county import self_check
from auditlib.county.outputs import write_outputs
from auditlib.law.parameters import SelfCheck, check_self_check

Rows = list[dict[str, str]]
Tables = dict[str, Rows]
HEADERS = {
    "eligibility": {"name": "姓名", "id_number": "身份证号", "category": "类别", "household_no": "户编号"},
    "enrolment": {
        "student_no": "学籍号", "name": "姓名", "id_number": "身份证件号", "school_code": "学校标识码",
        "school_name": "学校名称", "stage": "学段", "grade": "年级", "boarding": "就读方式", "status": "学生状态",
        "status_date": "异动日期",
    },
    "payments": {
        "name": "姓名", "id_number": "身份证号", "school_code": "学校标识码", "school_name": "学校名称",
        "scheme": "资助项目", "term": "学期", "amount": "金额", "pay_date": "发放日期", "result": "发放结果",
        "account_no": "银行卡号",
    },
    "letters": {
        "name": "姓名", "id_number": "身份证号", "destination": "就读地", "sent_on": "发函日期",
        "replied_on": "回函日期", "aided": "是否已资助", "fallback_amount": "兜底金额",
    },
    "schools": {"school_code": "学校标识码", "school_name": "学校名称", "stage": "学段"},
}  # fmt: skip

IF_TOLD = {"eligibility": {"town": "乡镇"}, "schools": {"town": "乡镇"}}
"""Columns that a file has only where some row of it tells them."""


def pupil(number: int, area: str = "990111") -> dict[str, str]:
    """A made-up pupil (area 99), the same for the same number."""
    body = f"{area}2011{number % 12 + 1:02d}{number % 27 + 1:02d}{number % 1000:03d}"
    return {"name": person_name(number, 1), "id_number": body + check_digit(body)}


def tables(pupils: int = 12, *, first: int = 1, school: str = "9901000001") -> Tables:
    """Every pupil eligible, enrolled as boarder and paid in full; the last one is not paid: one finding."""
    people = [pupil(first + i) for i in range(pupils)]
    place = {"school_code": school, "school_name": f"第{school[-4:]}小学"}
    return {
        "eligibility": [p | {"category": "建档立卡", "household_no": f"H{p['id_number'][-8:]}"} for p in people],
        "enrolment": [
            p | place | {"student_no": "G" + p["id_number"], "stage": "小学", "grade": "三年级", "boarding": "住校", "status": "在读"}
            for p in people
        ],
        "payments": [
            p | place | {
                "scheme": "寄宿生生活补助", "term": "2020-autumn", "amount": "500", "pay_date": "2020-11-20",
                "result": "成功", "account_no": f"6229{p['id_number'][-12:]}",
            }
            for p in people[:-1]
        ],
    }  # fmt: skip


def deliver(
    folder: Path, county: Tables, *, code: str = "990111", output: Path | None = None, **parameters: Any
) -> SelfCheck:
    """``county`` as CSV files under ``folder``, and the parameters to audit them."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in county.items():
        further = {
            name: title for name, title in IF_TOLD.get(table, {}).items() if any(name in row for row in rows)
        }
        headers = HEADERS[table] | further
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as lines:
            out = csv.DictWriter(lines, list(headers), extrasaction="ignore")
            out.writerow(headers)
            out.writerows(rows)
    values = PARAMETERS | {
        "county_code": code,
        "county_name": f"样{code[-2:]}县",
        "data_dir": str(folder),
        "policy": ["national"],
        "sources": {table: [f"{table}.csv"] for table in county},
        "output_dir": str(output or folder.parent / f"run-{code}"),
    }
    return check_self_check(values | parameters, base=folder)


def written(parameters: SelfCheck) -> Path:
    """The whole run of ``parameters``, its files written; its folder."""
    run = self_check.begin(parameters)
    registers = self_check.ingest(run)
    audit = self_check.link(run, registers)
    results = self_check.sum_up(run, registers, audit, self_check.check(run, audit))
    write_outputs(run, registers, audit, results)
    return parameters.output_dir


def changed(county: Tables, table: str, change: Callable[[Rows], Rows]) -> Tables:
    """``county`` with the rows of one table as ``change`` makes them."""
    return county | {table: change([dict(row) for row in county.get(table, [])])}
