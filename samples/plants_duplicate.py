"""Planted: paid twice, paid two schemes that exclude each other, strangers on one account, enrolled twice."""

from __future__ import annotations

from samples import rates
from samples.cases import Cases, school_cells
from samples.names import HOMOPHONES, homophone

RULE = "duplicate.same_scheme"


def same_school(cases: Cases) -> None:
    books = cases.books
    for child in cases.assorted():
        scheme, amount = cases.one_due(child)
        rows = [books.pay(child, scheme, amount), books.pay(child, scheme, amount, file="corrections")]
        books.answer(
            RULE,
            child,
            rows,
            "paid again in a later batch",
            reason="same_school",
            scheme=scheme,
            at_stake=amount,
        )
    child = cases.pupil("other_hardship", "primary", boards=True)
    scheme, amount = cases.one_due(child)
    rows = [books.pay(child, scheme, amount)] + [
        books.pay(child, scheme, amount, file="corrections") for _ in range(3)
    ]
    books.answer(
        RULE, child, rows, "paid four times", reason="same_school", scheme=scheme, at_stake=3 * amount
    )


def other_school(cases: Cases) -> None:
    books = cases.books
    for child in cases.assorted():
        scheme, amount = cases.one_due(child)
        second = books.pay(child, scheme, amount, file="corrections", **school_cells(cases.other_seat(child)))
        rows = [books.pay(child, scheme, amount), second]
        books.answer(
            RULE, child, rows, "paid by two schools", reason="other_school", scheme=scheme, at_stake=amount
        )


def other_spelling(cases: Cases) -> None:
    books = cases.books
    for child in cases.boarders("other_hardship", fits=lambda c: c.name[-1] in HOMOPHONES):
        scheme, amount = cases.one_due(child)
        name = homophone(child.name) or ""
        second = books.pay(child, scheme, amount, file="corrections", name=name, account_holder="")
        rows = [books.pay(child, scheme, amount), second]
        books.answer(
            RULE,
            child,
            rows,
            f"the second payment spells the name {name}",
            reason="other_spelling",
            scheme=scheme,
            at_stake=amount,
        )


def exclusive(cases: Cases) -> None:
    """A boarder paid the allowance of boarders and that of day pupils."""
    books = cases.books
    for at, child in enumerate(cases.boarders("low_income")):
        scheme, amount = cases.one_due(child)
        extra = rates.DAY_RATE[books.seats[child].stage]
        rows = [
            books.pay(child, scheme, amount),
            books.pay(child, rates.DAY, extra, file="corrections" if at else ""),
        ]
        books.answer(
            "duplicate.exclusive_schemes",
            child,
            rows,
            "boarder and day allowance",
            reason="exclusive",
            at_stake=extra,
        )


def shared_account(cases: Cases) -> None:
    """One account for pupils of different registered households; the holder written is each pupil."""
    books = cases.books
    for size in (2, 3, 4):
        group = list(cases.pupils("registered_poor", "primary", boards=False, count=size))
        account = group[0].account
        rows = [
            row
            for child in group
            for row in cases.pay_due(child, account_no=account, account_holder=child.name)
        ]
        books.answer(
            "duplicate.shared_account",
            None,
            rows,
            f"{size} pupils of {size} households on one account",
            reason="several_households",
            account_no=account,
        )


def enrolled_twice(cases: Cases) -> None:
    """Two active records in two schools; nobody paid."""
    books = cases.books
    for at, child in enumerate(cases.pupils("", "primary", count=4)):
        number = cases.maker.registry.id_number(child.born, child.sex, area=books.plan.county_code)
        other = {"student_no": "L" + number} if at % 2 else {}
        records = [books.enrolled[child], books.enrol_again(child, cases.other_seat(child), **other)]
        note = "two active records of one ID number"
        books.answer("duplicate.enrolment", child, records, note, reason="other_school", at_stake=0)
