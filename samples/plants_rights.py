"""Planted: paid unlisted, above the standard, without posting, late, or to someone else's account."""

from __future__ import annotations

import datetime as dt

from samples import rates
from samples.applications import apply_for, last_day_to_apply, postings
from samples.cases import Cases
from samples.model import Row, fen

REASONS = {
    "procedure.not_posted": "no_posting",
    "procedure.posting_short": "short",
    "procedure.paid_before_posting_ended": "early",
    "procedure.not_approved": "no_approval",
}


def not_listed(cases: Cases) -> None:
    for child in cases.boarders("", count=5):
        seat = cases.books.seats[child]
        amount = rates.BOARDER_RATE[seat.stage]
        row = cases.books.pay(child, rates.BOARDER, amount)
        cases.books.answer(
            "ineligible.not_listed",
            child,
            [row, cases.books.enrolled[child]],
            "on no register",
            reason="on_no_register",
            at_stake=amount,
        )


def expiries(cases: Cases) -> None:
    """Listed until the day before the count date, or only from the day after."""
    for end in (True, False):
        for at in range(cases.count):
            child = cases.pupil(
                ("registered_poor", "low_income", "other_hardship")[at % 3], "primary", boards=True
            )
            amount = cases.one_due(child)[1]
            rows = cases.pay_due(child)
            column, days = ("valid_to", -1 - at * 9) if end else ("valid_from", 1 + at * 9)
            for row in cases.books.listed[child]:
                row.cells[column] = cases.day(days)
            cases.books.categories[child] = ()
            cases.books.answer(
                "ineligible.expired",
                child,
                [*rows, *cases.books.listed[child]],
                f"{column} {cases.day(days)}",
                reason="ended" if end else "not_begun",
                at_stake=amount,
            )


def overpaid(cases: Cases) -> None:
    books, over = cases.books, fen(100)
    for child in cases.assorted():
        scheme, amount = cases.one_due(child)
        row = books.pay(child, scheme, amount + over)
        books.answer(
            "amount.overpaid",
            child,
            [row],
            "100 yuan too much",
            reason="above_standard",
            scheme=scheme,
            at_stake=over,
        )
    child = cases.pupil("other_hardship", "senior")
    row = books.pay(child, rates.GRANT, fen(1300))
    books.answer(
        "amount.overpaid",
        child,
        [row],
        "grant above the highest tier",
        reason="above_standard",
        scheme=rates.GRANT,
        at_stake=fen(1300) - rates.GRANT_MAX,
    )


def not_entitled(cases: Cases) -> None:
    """The category is not among those of the scheme."""
    books = cases.books
    for child in cases.pupils("other_hardship", "senior"):
        books.pay(child, rates.GRANT, rates.GRANT_AVERAGE)
        row = books.pay(child, rates.WAIVER, rates.WAIVER_RATE)
        books.answer(
            "amount.overpaid",
            child,
            [row],
            "fee waived for a category without waiver",
            reason="category_not_entitled",
            scheme=rates.WAIVER,
            at_stake=rates.WAIVER_RATE,
        )
    for child in cases.pupils("other_hardship", "primary", boards=False):
        row = books.pay(child, rates.DAY, rates.DAY_RATE["primary"])
        books.answer(
            "amount.overpaid",
            child,
            [row],
            "day allowance for a category without it",
            reason="category_not_entitled",
            scheme=rates.DAY,
            at_stake=rates.DAY_RATE["primary"],
        )


def procedures(cases: Cases) -> None:
    """The pupil was paid, and the ledger shows that the posting was not as it must be."""
    times = postings(cases.term)
    for rule, choices in times.wrong.items():
        for at in range(max(cases.count, len(choices))):
            child = cases.pupil("other_hardship", ("primary", "junior")[at % 2], boards=True)
            posting = choices[at % len(choices)]
            cells = {"pay_date": posting.paid} if posting.paid else {}
            rows: list[Row] = cases.pay_due(child, **cells)
            ledger = apply_for(cases.books, child, posting)
            cases.books.answer(rule, child, [*rows, ledger], posting.note, reason=REASONS[rule], at_stake=0)
    for posting in times.right:
        child = cases.pupil("other_hardship", "junior", boards=True)
        rows = cases.pay_due(child, **({"pay_date": posting.paid} if posting.paid else {}))
        ledger = apply_for(cases.books, child, posting)
        cases.books.trap("procedure.posting_short", child, [*rows, ledger], posting.note)


def applied_late(cases: Cases) -> None:
    """Applied after the last day; on it is in time."""
    usual = postings(cases.term).usual
    for days in (1, 4, 9):
        child = cases.pupil("other_hardship", "primary", boards=True)
        rows = [*cases.pay_due(child), apply_for(cases.books, child, usual, days=days)]
        note = f"applied on {rows[-1].cells['applied_on']}"
        cases.books.answer("procedure.applied_late", child, rows, note, reason="applied_late", at_stake=0)
    child = cases.pupil("other_hardship", "primary", boards=True)
    ledger = apply_for(cases.books, child, usual)
    ledger.cells["applied_on"] = last_day_to_apply(cases.term).isoformat()
    rows = [*cases.pay_due(child), ledger]
    cases.books.trap("procedure.applied_late", child, rows, "applied on the last day allowed")


def late(cases: Cases) -> None:
    pay_by = cases.term.pay_by
    for at, child in enumerate(cases.assorted()):
        day = (pay_by + dt.timedelta(days=1 + at * 6)).isoformat()
        rows = cases.pay_due(child, pay_date=day, file="corrections")
        cases.books.answer("procedure.paid_late", child, rows, f"paid on {day}", reason="late", at_stake=0)
    child = cases.pupil("registered_poor", "primary", boards=True)
    rows = cases.pay_due(child, pay_date=pay_by.isoformat(), file="corrections")
    cases.books.trap("procedure.paid_late", child, rows, "paid on the last day allowed")


def account_holder(cases: Cases) -> None:
    """Someone who is neither the pupil nor of the household nor the guardian."""
    for child in cases.assorted():
        family_names = {person.name for person in (*child.family.adults, child)}
        holder = next(
            name for name in ("何建国", "罗志强", "谢美兰", "唐春生", "彭桂香") if name not in family_names
        )
        rows = cases.pay_due(child, account_holder=holder)
        cases.books.answer(
            "procedure.account_holder", child, rows, "the account is someone else's", reason="stranger"
        )
