"""A closure is judged by the money that moved, to the fen, and by what became of the row."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from auditlib.city.closures import FINDING, closures, late_by_closing
from auditlib.decisions.dispositions import COLUMNS as DECISION
from auditlib.package.nameless import WHO

NUMBER = "990111201101010018"
SCHEME = "boarder_allowance"


def county(
    *, rule: str, before: str, now: str | None, stated: str = "", still: bool = False, due: str | None = None,
    at_stake: str = "500.00", decided_at: str = "2021-01-05", copied_on: str = "2021-01-10", nameless: bool = False,
) -> Any:  # fmt: skip
    """One closed finding of 500 yuan at stake, with what the person had at the self-check and has now."""
    row = dict.fromkeys(FINDING) | {
        "finding_id": "f1", "rule": rule, "scheme": SCHEME, "id_number": NUMBER, "amount_paid": Decimal(before),
        "at_stake": Decimal(at_stake), "records": ["payments:p.csv!2"],
    }  # fmt: skip
    findings = pd.DataFrame([row], dtype=object)
    decision = dict.fromkeys(DECISION, "") | {
        "finding_id": "f1",
        "status": "closed",
        "amount": stated,
        "decided_at": decided_at,
    }
    net = pd.DataFrame(
        [] if now is None else [(NUMBER, SCHEME, Decimal(now), due and Decimal(due))],
        columns=["id_number", "scheme", "net", "due"],
    )
    return SimpleNamespace(
        code="990111",
        is_reperformed=True,
        findings=findings if still else findings.iloc[:0],
        unchanged=findings,
        package=SimpleNamespace(
            findings=findings.assign(**dict.fromkeys(WHO)) if nameless else findings,
            decisions=pd.DataFrame([decision]),
        ),
        net=net,
        copied_on=copied_on,
    )


def rows(*changes: tuple[str, str]) -> pd.DataFrame:
    change_rows = [("payments", change, None, before, None, None) for change, before in changes]
    return pd.DataFrame(
        change_rows, columns=["table", "change", "source", "before", "person", "person_before"]
    )


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "back-paid in full": ({"rule": "missed.unpaid", "before": "0", "now": "500"}, "corrected"),
    "back-paid, one fen short": ({"rule": "missed.unpaid", "before": "0", "now": "499.99"}, "short"),
    "never paid, and the finding gone": ({"rule": "missed.unpaid", "before": "0", "now": None}, "short"),
    "dated on a day that has not come": (
        {"rule": "missed.unpaid", "before": "0", "now": "0", "still": True, "decided_at": "2099-01-01"},
        "ahead",
    ),
    "dated on a day that has not come, and paid": (
        {"rule": "missed.unpaid", "before": "0", "now": "500", "decided_at": "2099-01-01"},
        "corrected",
    ),
    "still found": ({"rule": "missed.unpaid", "before": "0", "now": "0", "still": True}, "still_found"),
    "recovered": ({"rule": "amount.overpaid", "before": "1000", "now": "500"}, "corrected"),
    "paid back in instead of recovered": (
        {"rule": "amount.overpaid", "before": "1000", "now": "1500"},
        "short",
    ),
    "a smaller sum written down does not close what was missing": (
        {"rule": "missed.unpaid", "before": "0", "now": "10", "stated": "10"},
        "short",
    ),
    "more written down, as a hand writes it, than was at stake": (
        {"rule": "missed.unpaid", "before": "0", "now": "500", "stated": "1，000元"},
        "short",
    ),
    "the city's own due, whatever the county says was at stake": (
        {
            "rule": "missed.unpaid",
            "before": "0",
            "now": "10",
            "stated": "10",
            "at_stake": "10",
            "due": "312.50",
        },
        "short",
    ),
    "the county says that most of it had been paid": (
        {
            "rule": "missed.underpaid",
            "before": "490",
            "now": "10",
            "stated": "10",
            "at_stake": "10",
            "due": "500",
        },
        "short",
    ),
    "a part recovered": (
        {"rule": "ineligible.not_listed", "before": "500", "now": "490", "stated": "10"},
        "short",
    ),
    "dated after the copy, which shows nothing of it": (
        {"rule": "missed.unpaid", "before": "0", "now": "0", "still": True, "decided_at": "2021-01-11"},
        "not_evidenced",
    ),
    "on the day of the copy": (
        {
            "rule": "missed.unpaid",
            "before": "0",
            "now": "0",
            "still": True,
            "decided_at": "2021-01-10T09:00:00",
        },
        "still_found",
    ),
    "dated after the copy, which shows a part of it": (
        {"rule": "missed.unpaid", "before": "0", "now": "250", "decided_at": "2021-01-11"},
        "short",
    ),
    "dated after the copy, no money corrects it": (
        {"rule": "mismatch.school", "before": "500", "now": "500", "still": True, "decided_at": "2021-01-11"},
        "not_evidenced",
    ),
    "a day that is none": (
        {"rule": "missed.unpaid", "before": "0", "now": "0", "still": True, "decided_at": "soon"},
        "still_found",
    ),
    "less than the county wrote": (
        {"rule": "missed.unpaid", "before": "0", "now": "500", "stated": "1,000"},
        "short",
    ),
    "a sum nobody can read": (
        {"rule": "missed.unpaid", "before": "0", "now": "500", "stated": "已补"},
        "corrected",
    ),
    "no money corrects it": ({"rule": "mismatch.identity", "before": "500", "now": "500"}, "corrected"),
    "past": ({"rule": "procedure.paid_late", "before": "500", "now": "500"}, "not_checkable"),
}


@pytest.mark.parametrize("nameless", [False, True], ids=["registers", "tokens"])
@pytest.mark.parametrize("case", CASES)
def test_a_closure_is_judged_by_what_moved_whatever_was_handed_in(case: str, nameless: bool) -> None:
    closure_case, outcome = CASES[case]
    assert list(closures(county(**closure_case, nameless=nameless), rows())["outcome"]) == [outcome]


@pytest.mark.parametrize("clock", ["2020-01-01", "2021-02-01", "2099-01-01"])
def test_within_a_year_of_the_copy_the_clock_changes_nothing(clock: str) -> None:
    closed = county(rule="missed.unpaid", before="0", now="0", still=True, decided_at="2021-06-01")
    assert list(closures(closed, rows(), today=dt.date.fromisoformat(clock))["outcome"]) == ["not_evidenced"]


@pytest.mark.parametrize("change", ["altered", "removed"])
def test_a_row_written_anew_is_no_recovery(change: str) -> None:
    small_county = county(rule="amount.overpaid", before="1000", now="500")
    assert list(closures(small_county, rows((change, "p.csv!2")))["outcome"]) == ["rewritten"]
    assert list(closures(small_county, rows((change, "p.csv!3")))["outcome"]) == ["corrected"]
    assert list(closures(small_county, None)["outcome"]) == ["corrected"]
    late = county(rule="amount.overpaid", before="1000", now="500", decided_at="2021-01-11")
    assert list(closures(late, rows((change, "p.csv!2")))["outcome"]) == ["rewritten"]


def test_a_decision_on_a_finding_that_nobody_knows_cannot_be_checked() -> None:
    small_county = county(rule="missed.unpaid", before="0", now="0")
    small_county.package.decisions["finding_id"] = "unknown"
    assert list(closures(small_county, rows())["outcome"]) == ["not_checkable"]


@pytest.mark.parametrize(
    ("now", "rule", "cause", "is_late_alone"),
    [
        ("500", "procedure.paid_late", "data_added", True),
        ("0", "procedure.paid_late", "data_added", False),
        ("500", "procedure.paid_late", "data_removed", False),
        ("500", "mismatch.school", "data_added", False),
    ],
    ids=["made good", "not made good", "a row that is no more", "another fault"],
)
def test_that_a_lawful_back_payment_came_late_is_no_omission(
    now: str, rule: str, cause: str, is_late_alone: bool
) -> None:
    closed = closures(county(rule="missed.unpaid", before="0", now=now), None)
    line = {"county_code": "990111", "rule": rule, "cause": cause, "id_number": NUMBER}
    assert list(late_by_closing(pd.DataFrame([line, line | {"id_number": None}]), closed)) == [
        is_late_alone,
        False,
    ]
