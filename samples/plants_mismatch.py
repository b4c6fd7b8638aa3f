"""Planted: paid without enrolment or after leaving, under another number, name, school, stage or boarding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from samples import rates
from samples.cases import Cases, school_cells
from samples.model import Child, Seat
from samples.names import OTHER_NAMES, homophone, variant
from samples.people import check_digit, with_check

STATUSES = {
    "suspended": "休学",
    "withdrawn": "退学",
    "lost": "流失",
    "graduated": "毕业",
    "transferred_out": "转出",
    "deceased": "死亡",
    "untraced": "下落不明",
}


def not_enrolled(cases: Cases) -> None:
    """Nobody's pupil: unknown children, an adult, a listed child who is at no school."""
    books = cases.books
    schools = [s for s in books.schools.schools if s.stage == "primary"]
    year = cases.term.age_day.year
    people = [cases.stranger(dt.date(year - 9, 4, 1 + n)) for n in range(cases.count)]
    people += [
        cases.stranger(dt.date(year - 11, 6, 1 + n), listed="registered_poor") for n in range(cases.count)
    ]
    people.append(cases.stranger(dt.date(year - 41, 7, 9)))
    for at, child in enumerate(people):
        school = schools[at * 5 % len(schools)]
        amount = rates.BOARDER_RATE["primary"]
        cells = {"school_code": school.code, "school_name": school.name}
        row = books.pay(child, rates.BOARDER, amount, file="primary", **cells)
        note = "listed, but enrolled nowhere" if books.listed.get(child) else "no register knows the payee"
        books.answer("mismatch.not_enrolled", child, [row], note, reason="no_record", at_stake=amount)


def inactive(cases: Cases) -> None:
    """Paid although the enrolment had ended by the count date, or on it."""
    books = cases.books
    for reason, label in STATUSES.items():
        for at in range(cases.count):
            stage = "senior" if reason == "graduated" else ("primary", "junior")[at % 2]
            child = cases.pupil("registered_poor", stage, boards=None if stage == "senior" else True)
            cells = books.enrolled[child].cells
            cells["status"], cells["status_date"] = label, cases.day(-40 - at) if at else cases.day(0)
            rows = cases.pay_due(child)
            total = sum(cases.due(child).values())
            note = f"{label}, {'on the count date itself' if not at else 'before the count date'}"
            books.answer(
                "mismatch.inactive",
                child,
                [*rows, books.enrolled[child]],
                note,
                reason=reason,
                at_stake=total,
            )


def joined_later(cases: Cases) -> None:
    """Paid for a term in which the pupil arrived, or came back, only after the count date."""
    for at in range(cases.count):
        child = cases.pupil("low_income", "primary", boards=False)
        record = cases.books.enrolled[child]
        record.cells |= {"status": ("在读", "复学")[at % 2], "status_date": cases.day(1 + 8 * at)}
        rows, total = cases.pay_due(child), sum(cases.due(child).values())
        note = f"{record.cells['status']} only from {record.cells['status_date']}"
        cases.books.answer(
            "mismatch.inactive", child, [*rows, record], note, reason="joined_later", at_stake=total
        )


def with_digits_swapped(number: str) -> str | None:
    """Two neighbouring digits of the sequence number the other way round."""
    return number[:14] + number[15] + number[14] + number[16:] if number[14] != number[15] else None


def one_digit(number: str) -> str:
    return number[:16] + str((int(number[16]) + 3) % 10) + number[17:]


def wrong_in_register(cases: Cases) -> None:
    """The register's ID number has a slip; the student number (G + the true one) still tells who it is."""
    books = cases.books
    for reason, slip in (("one_digit", one_digit), ("swapped_digits", with_digits_swapped)):
        for child in cases.boarders(
            "other_hardship",
            fits=lambda c: bool(with_digits_swapped(c.id_number)),
        ):
            number = slip(child.id_number) or ""
            books.enrolled[child].cells["id_number"] = number
            rows = cases.pay_due(child)
            books.answer(
                "mismatch.identity",
                child,
                [*rows, books.enrolled[child]],
                f"register has {number}",
                reason=f"id_number_{reason}",
                at_stake=0,
            )


def wrong_in_payment(cases: Cases) -> None:
    """The payment states another possible ID number; student number and name agree."""
    books = cases.books
    for child in cases.boarders("other_hardship"):
        birth = child.born + dt.timedelta(days=417)
        number = cases.maker.registry.id_number(birth, child.sex, area=books.plan.county_code)
        rows = cases.pay_due(child, id_number=number)
        books.answer(
            "mismatch.identity",
            child,
            [*rows, books.enrolled[child]],
            f"payment has {number}",
            reason="id_number_other",
            at_stake=0,
        )


def another(name: str) -> str:
    """The same surname before a wholly different given name."""
    return name[0] + OTHER_NAMES[len(name) % len(OTHER_NAMES)]


def can_be_spelt(spell: Callable[[str], str | None], child: Child) -> bool:
    return spell(child.name) is not None


def other_names(cases: Cases) -> None:
    """The same ID number, another name."""
    makers: dict[str, Callable[[str], str | None]] = {
        "homophone": homophone,
        "variant_character": variant,
        "other": another,
    }
    for reason, spell in makers.items():
        for child in cases.boarders("other_hardship", fits=partial(can_be_spelt, spell)):
            name = spell(child.name) or ""
            rows = cases.pay_due(child, name=name, account_holder="")
            cases.books.answer(
                "mismatch.identity",
                child,
                [*rows, cases.books.enrolled[child]],
                f"payment has {name}",
                reason=f"name_{reason}",
                at_stake=0,
            )


def impossible(number: str, reason: str) -> str:
    """``number`` made impossible in one way; the area 9900… is a province as a whole, where nobody is registered."""
    if reason == "length":
        return number[:15] + number[16:]
    if reason == "date":
        return with_check(number[:10] + "13" + number[12:17])
    if reason == "area":
        return with_check(number[:2] + "00" + number[4:17])
    return number[:17] + ("5" if check_digit(number[:17]) != "5" else "6")


def invalid_id(cases: Cases) -> None:
    books = cases.books
    for reason in ("length", "date", "check_digit", "area"):
        for child in cases.boarders("other_hardship"):
            number = impossible(child.id_number, reason)
            rows = cases.pay_due(child, id_number=number)
            books.answer(
                "mismatch.invalid_id", child, rows, f"payment has {number}", reason=reason, at_stake=0
            )


def wrong_school(cases: Cases) -> None:
    for child in cases.assorted():
        rows = cases.pay_due(child, **school_cells(cases.other_seat(child)))
        cases.books.answer(
            "mismatch.school",
            child,
            [*rows, cases.books.enrolled[child]],
            "paid through another school",
            reason="other_school",
            at_stake=0,
        )


def wrong_stage(cases: Cases) -> None:
    """Day pupils to whom nothing is due, paid a scheme of another stage."""
    schemes = {
        "junior": ((rates.GRANT, rates.GRANT_AVERAGE), (rates.VOCATIONAL, rates.VOCATIONAL_RATE)),
        "primary": ((rates.PRESCHOOL, rates.PRESCHOOL_RATE), (rates.GRANT, rates.GRANT_AVERAGE)),
    }
    for stage, wrong in schemes.items():
        for scheme, amount in wrong:
            for child in cases.pupils("other_hardship", stage, boards=False, count=2):
                row = cases.books.pay(child, scheme, amount, file="corrections")
                cases.books.answer(
                    "mismatch.stage",
                    child,
                    [row, cases.books.enrolled[child]],
                    f"{scheme} to a {stage} pupil",
                    reason="other_stage",
                    at_stake=amount,
                )


def wrong_boarding(cases: Cases) -> None:
    """The other form's allowance; the difference is at stake."""
    for boards, reason in ((False, "day_pupil_paid_as_boarder"), (True, "boarder_paid_as_day_pupil")):
        for at in range(cases.count):
            child = cases.pupil("low_income", ("primary", "junior")[at % 2], boards=boards)
            seat = cases.books.seats[child]
            wrong = Seat(seat.school, seat.stage, seat.grade, seat.class_no, not boards)
            ((scheme, amount),) = rates.due(
                wrong.stage, wrong.boards, ("low_income",), cases.term.term
            ).items()
            row = cases.books.pay(child, scheme, amount)
            cases.books.answer(
                "mismatch.boarding",
                child,
                [row, cases.books.enrolled[child]],
                "the other form's allowance",
                reason=reason,
                at_stake=abs(amount - cases.one_due(child)[1]),
            )
