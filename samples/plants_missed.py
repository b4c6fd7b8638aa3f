"""Planted: entitled pupils who were not paid, not enough, or are nowhere to be found."""

from __future__ import annotations

import datetime as dt

from samples import rates
from samples.cases import Cases
from samples.model import fen


def unpaid(cases: Cases) -> None:
    """Eligible and enrolled, no payment in any file."""
    books = cases.books
    for child in [
        *cases.assorted(),
        *cases.assorted(),
        *cases.pupils("urban_hardship", "primary", boards=False),
    ]:
        scheme, amount = cases.one_due(child)
        books.answer(
            "missed.unpaid",
            child,
            cases.register_rows(child),
            "entitled, never paid",
            reason="no_payment",
            scheme=scheme,
            at_stake=amount,
        )
    for child in cases.pupils("registered_poor", "senior"):
        books.pay(child, rates.GRANT, rates.GRANT_AVERAGE)
        books.answer(
            "missed.unpaid",
            child,
            cases.register_rows(child),
            "grant paid, fee not waived",
            reason="no_payment",
            scheme=rates.WAIVER,
            at_stake=rates.WAIVER_RATE,
        )
    for child in cases.pupils("other_hardship", "senior"):
        books.answer(
            "missed.unpaid",
            child,
            cases.register_rows(child),
            "senior pupil without the grant",
            reason="no_payment",
            scheme=rates.GRANT,
            at_stake=rates.GRANT_AVERAGE,
        )


def bank_returns(cases: Cases) -> None:
    """Returned by the bank and not paid again; paid and wholly reversed."""
    books = cases.books
    for at, child in enumerate(cases.assorted()):
        scheme, amount = cases.one_due(child)
        rows = [books.pay(child, scheme, amount, result=("退汇", "失败", "发放失败")[at % 3])]
        if at % 3 == 1:
            rows.append(books.pay(child, scheme, amount, file="corrections", result="退汇"))
        books.answer(
            "missed.returned",
            child,
            rows,
            "returned by the bank",
            reason="returned",
            scheme=scheme,
            at_stake=amount,
        )
    for child in cases.assorted():
        scheme, amount = cases.one_due(child)
        rows = [books.pay(child, scheme, amount), books.pay(child, scheme, -amount, file="corrections")]
        books.answer(
            "missed.returned",
            child,
            rows,
            "paid and reversed",
            reason="reversed",
            scheme=scheme,
            at_stake=amount,
        )


def underpaid(cases: Cases) -> None:
    """Net payments above zero and below the amount due."""
    books = cases.books
    short = fen(50)
    for at, child in enumerate(cases.assorted()):
        scheme, amount = cases.one_due(child)
        parts = {0: [amount - short], 1: [amount // 2 - short, amount // 2], 2: [amount, -short]}[at % 3]
        rows = [
            books.pay(child, scheme, part, file="corrections" if n else "") for n, part in enumerate(parts)
        ]
        books.answer(
            "missed.underpaid",
            child,
            rows,
            ("too little", "instalments too small", "partly reversed")[at % 3],
            reason="below_standard",
            scheme=scheme,
            at_stake=short,
        )
    child = cases.pupil("other_hardship", "senior")
    row = books.pay(child, rates.GRANT, fen(700))
    books.answer(
        "missed.underpaid",
        child,
        [row],
        "grant below the lowest tier",
        reason="below_standard",
        scheme=rates.GRANT,
        at_stake=rates.GRANT_MIN - fen(700),
    )


def not_found(cases: Cases) -> None:
    """Of school age, listed, and in no register; also on the first and the last day of school age."""
    age_day = cases.term.age_day
    births = [
        (age_day.replace(year=age_day.year - 6), "six years old on the age day itself"),
        (dt.date(age_day.year - 16, 9, 1), "fifteen on the age day, sixteen the day after"),
        (dt.date(age_day.year - 10, 3, 14), "ten years old"),
        (dt.date(age_day.year - 13, 5, 27), "thirteen years old"),
        (dt.date(age_day.year - 8, 11, 2), "seven years old"),
    ]
    for at, (birth, note) in enumerate(births):
        child = cases.stranger(birth, listed="low_income" if at == 3 else "registered_poor")
        why = f"listed, enrolled nowhere, no letter: {note}"
        cases.books.answer("missed.not_found", child, cases.books.listed[child], why, reason="in_no_register")
    too_young = (dt.date(age_day.year - 6, 9, 1), "five on the age day, six the day after")
    too_old = (age_day.replace(year=age_day.year - 16), "sixteen on the age day itself")
    for birth, note in (too_young, too_old, (dt.date(age_day.year - 17, 2, 3), "seventeen, at work")):
        child = cases.stranger(birth, listed="registered_poor")
        records = cases.books.listed[child]
        cases.books.trap("missed.not_found", child, records, note)
        cases.books.answer("missed.not_placed", child, records, note, reason="in_no_register", at_stake=0)
