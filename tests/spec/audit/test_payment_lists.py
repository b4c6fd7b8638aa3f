"""Two lists of the same money: asked about where both are given as payments, joined and compared where it is said."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import tiny_county as tiny

from auditlib.county import self_check
from auditlib.law.parameters import SelfCheck

PAID = {"scheme": "寄宿生生活补助", "term": "2020-autumn", "amount": "500"}
BANK = {"name": "姓名", "id_number": "身份证号", "amount": "金额", "pay_date": "发放日期", "result": "发放结果", "account_no": "银行卡号"}  # fmt: skip


def lists(folder: Path, **parameters: Any) -> SelfCheck:
    """Twelve pupils planned in the system's list; the bank's has no schools, one return, one short, one not at all."""
    county = tiny.tables()
    county["payments"] = [row | PAID for row in (*county["payments"], tiny.tables()["enrolment"][-1])]
    bank = [row | {"pay_date": "2020-11-20", "result": "成功", "account_no": f"6229{row['id_number'][-12:]}"} for row in county["payments"]]  # fmt: skip
    bank[0]["result"], bank[1]["amount"] = "失败", "250"
    run = tiny.deliver(folder / "data", county, **parameters)
    with (folder / "data" / "bank.csv").open("w", encoding="utf-8", newline="") as lines:
        out = csv.DictWriter(lines, list(BANK), extrasaction="ignore")
        out.writerow(BANK)
        out.writerows(bank[:-1])
    return run


BOTH_SOURCES = [{"files": "bank.csv", "scheme": "boarder_allowance"}]
REGISTERS = {"eligibility": ["eligibility.csv"], "enrolment": ["enrolment.csv"]}


def test_two_lists_of_the_same_money_are_asked_about(tmp_path: Path) -> None:
    run = lists(tmp_path, sources=REGISTERS | {"payments": ["payments.csv", *BOTH_SOURCES]})
    [problem] = self_check.read_all(self_check.begin(run))[1]
    assert "像是同一笔钱：10 笔" in problem.what.zh
    assert "payments.csv" in problem.where.zh and "bank.csv" in problem.where.zh
    assert "sources.planned" in problem.remedy.zh and "batch_no" in problem.remedy.en


def test_lists_that_name_different_batches_are_two_payments(tmp_path: Path) -> None:
    batches = [{"files": "payments.csv", "batch_no": "一"}, BOTH_SOURCES[0] | {"batch_no": "二"}]
    run = lists(tmp_path, sources=REGISTERS | {"payments": batches})
    assert self_check.read_all(self_check.begin(run))[1] == []


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("lists")
    run = lists(folder, sources=REGISTERS | {"payments": BOTH_SOURCES, "planned": ["payments.csv"]})
    return self_check.run_self_check(run)[1]


def test_what_the_lists_differ_in_is_found_and_nothing_twice(results: Any) -> None:
    found_rows = sorted(zip(results.findings["rule"], results.findings["reason"], strict=True))
    assert found_rows == [
        ("missed.returned", "returned"),
        ("missed.underpaid", "below_standard"),
        ("missed.unpaid", "no_payment"),
        ("payments.two_lists", "other_amount"),
        ("payments.two_lists", "planned_not_paid"),
    ]


def test_the_schools_come_from_the_systems_list(results: Any) -> None:
    rules = results.rules.set_index("rule")
    assert rules.loc["mismatch.school", "status"] == "run"
    assert rules.loc["mismatch.school", "tested"] == 10
