"""漏资助及时预警: a check while the money is still to come calls nobody missed who is in the list of what is to be paid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tiny_county import HEADERS, Tables, deliver, tables

from auditlib.county import self_check
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.report import before_payment
from auditlib.report.verdict import children_sentence

FIRST, SECOND = (tables(4, first=1 + 4 * at, school=f"990100000{1 + at}") for at in (0, 1))


def county() -> Tables:
    """Two schools: of the first all but one are paid, of the second nobody; all are planned but the last pupil of the second."""
    both_lists = {table: FIRST[table] + SECOND[table] for table in ("eligibility", "enrolment")}
    of_list = HEADERS["payments"].keys() - {"pay_date", "account_no", "result"}
    plans = [
        {column: cell for column, cell in {**FIRST["payments"][0], **pupil}.items() if column in of_list}
        for pupil in both_lists["enrolment"][:-1]
    ]
    return both_lists | {"payments": FIRST["payments"], "planned": plans}


def results_of(folder: Path, county: Tables, **parameters: Any) -> Results:
    run = self_check.begin(deliver(folder / "files", county, **parameters))
    registers = self_check.ingest(run)
    audit = self_check.link(run, registers)
    return self_check.sum_up(run, registers, audit, self_check.check(run, audit))


def counts(results: Results) -> dict[str, int]:
    return {str(rule): int(n) for rule, n in results.findings.groupby("rule").size().items()}


def states(results: Results) -> dict[str, int]:
    return {str(state): int(n) for state, n in results.children.groupby("state")["pupils"].sum().items()}


@pytest.fixture(autouse=True)
def headers_of_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        HEADERS,
        "planned",
        {k: v for k, v in HEADERS["payments"].items() if k not in ("pay_date", "account_no", "result")},
    )


def test_while_payment_lasts_those_who_are_planned_are_awaited_and_the_one_in_no_list_is_named(
    tmp_path: Path,
) -> None:
    results = results_of(tmp_path, county(), as_of="2020-11-10")
    assert counts(results) == {"warning.not_in_plan": 1, "warning.passed_over": 1}
    assert states(results) == {"paid": 3, "awaited": 4, "warning.not_in_plan": 1}
    figures = results.conclusion
    assert (figures["unpaid"], figures["awaited"], figures["paid_in_full"], figures["entitled_pupils"]) == (
        0,
        5,
        3,
        8,
    )
    assert results.unclear.empty
    assert "1 人疑似应助未助" in children_sentence(figures).zh
    awaited, warning_text, passed_over = (text.zh for text in before_payment.sentences(results))
    assert "4 人尚未发放" in awaited and "1 人，请在发放前补报" in warning_text
    assert "其本人还没有的 1 人，请逐人问明" in passed_over
    in_public = [text.zh for text in before_payment.sentences(results, count=markup.few)]
    assert "1–4 人尚未发放" in in_public[0] and "1–4 人，请" in in_public[1]


def test_before_any_payment_the_list_alone_tells_who_is_left_out(tmp_path: Path) -> None:
    lists = {table: rows for table, rows in county().items() if table != "payments"}
    results = results_of(tmp_path, lists)
    assert counts(results) == {"warning.not_in_plan": 1}
    assert states(results) == {"awaited": 7, "warning.not_in_plan": 1}
    assert "发放前核对：名册儿童中 7 人" in before_payment.sentences(results)[0].zh


def test_once_the_term_is_over_they_are_missed_and_the_reader_is_told_what_would_change_it(
    tmp_path: Path,
) -> None:
    results = results_of(tmp_path, county())
    assert counts(results) == {"missed.unpaid": 5, "payments.two_lists": 4, "warning.not_in_plan": 1}
    assert "awaited" not in states(results)
    [sentence] = before_payment.sentences(results)
    assert "有 3 人已在拟发放名单" in sentence.zh and "as_of" in sentence.en


def test_a_check_before_the_count_date_says_so(tmp_path: Path) -> None:
    results = results_of(tmp_path, county(), as_of="2020-10-15")
    assert "早于核定基准日（2020 年 10 月 31 日）" in before_payment.sentences(results)[-1].zh


def test_whoever_has_left_by_the_record_is_looked_for_though_a_plan_names_the_child(tmp_path: Path) -> None:
    lists = county()
    lists["enrolment"] = [
        pupil | ({"status": "退学", "status_date": "2020-09-10"} if at == 4 else {})
        for at, pupil in enumerate(lists["enrolment"])
    ]
    results = results_of(tmp_path, lists, as_of="2020-11-10")
    assert states(results)["left:withdrawn"] == 1
    assert len(results.uncovered) == 1
