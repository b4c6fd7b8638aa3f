"""Money that several findings rest on is counted once, and what is counted twice is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from auditlib.findings.yuan_once import PAYMENT, YuanOnce, unsure_yuan, yuan_once

PAID = {f"{PAYMENT}a.csv!{row}": Decimal(500) for row in range(2, 8)}


def finding(rule: str, yuan: int, *rows: int, **finding_cells: Any) -> dict[str, Any]:
    finding_cells = {
        "id_number": "1",
        "student_no": None,
        "name": "甲",
        "school_name": "乙",
        "scheme": "a",
        "reason": "",
    } | finding_cells
    finding_cells = {"finding_id": f"{rule}{yuan}{finding_cells}"} | finding_cells
    records = ["enrolment:b.csv!3", *(f"{PAYMENT}a.csv!{row}" for row in rows)]
    return {"family": rule, "at_stake": Decimal(yuan), "records": records, **finding_cells}


def once(*findings: dict[str, Any]) -> YuanOnce:
    return yuan_once(pd.DataFrame(findings), PAID)


def parts(*findings: dict[str, Any]) -> tuple[int, ...]:
    """owed, wrong, other, repeated, balances; the same in whatever order the findings stand."""
    forth, back = once(*findings), once(*reversed(findings))
    assert forth == back
    assert forth.one_by_one == sum(each["at_stake"] for each in findings)
    return tuple(int(getattr(forth, name)) for name in ("owed", "wrong", "other", "repeated", "balances"))


def test_what_rests_on_findings_below_the_line_is_told_as_what_would_fall_away() -> None:
    sure, unsure = {"confidence": 1.0}, {"confidence": 0.06}
    each = [
        finding("missed", 500) | unsure,
        finding("mismatch", 500, 2) | unsure,
        finding("ineligible", 500, 2) | sure,  # the same money, for certain
        finding("mismatch", 500, 3) | unsure,
        finding("amount", 100, 4) | sure,
    ]
    told = unsure_yuan(pd.DataFrame(each), PAID, 0.95)
    assert told == {"owed": Decimal(500), "wrong": Decimal(500), "once": Decimal(1000)}
    assert not any(unsure_yuan(pd.DataFrame(each), PAID, 0.05).values())


def test_findings_on_different_payments_add_up() -> None:
    assert parts(finding("mismatch", 500, 2), finding("duplicate", 500, 3)) == (0, 1000, 0, 0, 0)


def test_two_findings_on_one_payment_are_one_sum() -> None:
    assert parts(finding("mismatch", 500, 2), finding("ineligible", 500, 2)) == (0, 500, 0, 500, 0)


def test_a_card_of_many_and_what_is_wrong_with_one_of_them() -> None:
    assert parts(finding("duplicate", 1500, 2, 3, 4), finding("mismatch", 500, 3)) == (0, 1500, 0, 500, 0)


def test_a_part_of_two_payments_and_the_whole_of_one_overlap_as_far_as_they_can() -> None:
    assert parts(finding("duplicate", 500, 2, 3), finding("mismatch", 500, 3)) == (0, 500, 0, 500, 0)
    assert parts(finding("duplicate", 600, 2, 3), finding("mismatch", 500, 3)) == (0, 600, 0, 500, 0)


def test_where_the_rows_stand_in_their_file_changes_no_sum() -> None:
    """Of two payments one was too much; the card of one of them, the second or the first, is a stranger's."""
    twice = finding("duplicate", 500, 2, 3)
    for row in (2, 3):
        assert parts(twice, finding("procedure", 500, row)) == (0, 500, 0, 500, 0)
        assert parts(twice, finding("procedure", 500, row), finding("procedure", 300, 5 - row)) == (
            0,
            500,
            300,
            500,
            0,
        )


def test_what_is_wrong_comes_before_what_is_only_out_of_order() -> None:
    assert parts(finding("procedure", 1000, 2, 3), finding("amount", 100, 2)) == (0, 100, 900, 100, 0)


def test_what_is_owed_rests_on_what_is_due_and_not_on_what_was_paid() -> None:
    short = finding("missed", 200, 2)
    assert parts(short, finding("amount", 100, 2)) == (200, 100, 0, 0, 0)
    assert parts(short, finding("payments", 200, 2, reason="other_amount")) == (200, 0, 0, 200, 0)
    assert parts(short, finding("missed", 300, scheme="b"), finding("missed", 50, id_number="2")) == (
        550,
        0,
        0,
        0,
        0,
    )


def test_differences_of_printed_totals_are_money_of_no_payment() -> None:
    assert parts(finding("totals", 700), finding("funds", 20), finding("mismatch", 500, 2)) == (
        0,
        500,
        0,
        0,
        720,
    )


def test_fallback_that_two_findings_rest_on_is_one_sum() -> None:
    letter = {"records": ["letters:c.csv!4"]}
    assert parts(finding("duplicate", 250) | letter, finding("letters", 250) | letter) == (0, 250, 0, 250, 0)


def test_it_is_read_back_from_a_manifest_as_it_was_written() -> None:
    finding_cells = once(finding("mismatch", 500, 2), finding("totals", 7))
    assert YuanOnce.of(finding_cells.as_json()) == finding_cells
