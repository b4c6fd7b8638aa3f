"""Traps with payments of their own: what looks like a finding and is none."""

from __future__ import annotations

from samples import rates
from samples.cases import Cases
from samples.people import check_digit


def instalments(cases: Cases) -> None:
    for child in cases.assorted():
        scheme, amount = cases.one_due(child)
        rows = [
            cases.books.pay(child, scheme, amount - amount // 5),
            cases.books.pay(child, scheme, amount // 5, file="corrections"),
        ]
        for rule in ("duplicate.same_scheme", "missed.underpaid"):
            cases.books.trap(rule, child, rows, "two instalments that make the amount due")


def paid_again(cases: Cases) -> None:
    for child in cases.assorted():
        scheme, amount = cases.one_due(child)
        rows = [
            cases.books.pay(child, scheme, amount, result="退汇"),
            cases.books.pay(child, scheme, amount, file="corrections"),
        ]
        for rule in ("missed.returned", "duplicate.same_scheme"):
            cases.books.trap(rule, child, rows, "returned by the bank, then paid again")


def recoveries(cases: Cases) -> None:
    for child in cases.assorted():
        scheme, amount = cases.one_due(child)
        rows = [cases.books.pay(child, scheme, amount)]
        rows += [cases.books.pay(child, scheme, part, file="corrections") for part in (amount, -amount)]
        cases.books.trap("duplicate.same_scheme", child, rows, "paid twice, the second recovered")


def corrections(cases: Cases) -> None:
    """Someone without any right, paid and recovered: net zero."""
    for child in cases.boarders(""):
        amount = rates.BOARDER_RATE[cases.books.seats[child].stage]
        rows = [
            cases.books.pay(child, rates.BOARDER, part, file=f)
            for part, f in ((amount, ""), (-amount, "corrections"))
        ]
        cases.books.trap("ineligible.not_listed", child, rows, "paid by mistake and recovered")


def transferred_within(cases: Cases) -> None:
    """An old record that ended within the term, a new one, and the payment through the new school."""
    books = cases.books
    for child in cases.assorted():
        new = books.enrolled[child]
        old = books.enrol_again(child, cases.other_seat(child), status="转出", status_date=cases.day(-25))
        new.cells["status_date"] = cases.day(-24)
        rows = [*cases.pay_due(child), old, new]
        for rule in ("duplicate.enrolment", "mismatch.inactive", "mismatch.school", "missed.unpaid"):
            books.trap(rule, child, rows, "changed school within the term, paid through the new one")


def back_payment(cases: Cases) -> None:
    """Paid for this term, and in the same batch for the term before."""
    year = cases.term.first_day.year
    earlier = f"{year}年春季学期" if cases.autumn else f"{year - 1}年秋季学期"
    for child in cases.pupils("low_income", "primary", boards=False, count=5):
        rows = cases.pay_due(child)
        rows.append(
            cases.books.pay(child, rates.DAY, rates.DAY_RATE["primary"], file="corrections", term=earlier)
        )
        for rule in ("duplicate.same_scheme", "procedure.paid_late"):
            cases.books.trap(rule, child, rows, "back-payment of the term before")


def around_eligibility(cases: Cases) -> None:
    """Eligibility that ends or begins on the count date or beside it."""
    month = cases.term.count_date.isoformat()[:7]
    spans = [
        ({"valid_to": cases.day(1)}, "ends the day after the count date"),
        ({"valid_to": cases.day(0)}, "ends on the count date"),
        ({"valid_to": month}, "ends in the month of the count date, its last day"),
        ({"valid_to": cases.day(40)}, "ends after the count date"),
        ({"valid_from": cases.day(0)}, "begins on the count date"),
    ]
    for cells, note in spans:
        child = cases.pupil("registered_poor", "primary", boards=True)
        for row in cases.books.listed[child]:
            row.cells.update(cells)
        rows = [*cases.pay_due(child), *cases.books.listed[child]]
        cases.books.trap("ineligible.expired", child, rows, note)


def around_enrolment(cases: Cases) -> None:
    """Leaving after the count date; coming back on it; gone before it, or come after it, and not paid."""
    books = cases.books
    active = [
        ("转出", cases.day(1), "leaves the day after the count date"),
        ("退学", cases.day(30), "leaves after the count date"),
        ("复学", cases.day(0), "comes back on the count date"),
        ("复学", cases.day(-20), "came back before the count date"),
    ]
    for status, day, note in active:
        child = cases.pupil("registered_poor", "junior", boards=True)
        books.enrolled[child].cells |= {"status": status, "status_date": day}
        books.trap("mismatch.inactive", child, [*cases.pay_due(child), books.enrolled[child]], note)
    unpaid = [
        ("休学", cases.day(-30), "on leave, not paid"),
        ("转出", cases.day(-30), "left for another county, not paid"),
        ("在读", cases.day(3), "arrived after the count date, not paid"),
        ("复学", cases.day(1), "came back the day after the count date, not paid"),
    ]
    for status, day, note in unpaid:
        child = cases.pupil("registered_poor", "junior", boards=True)
        books.enrolled[child].cells |= {"status": status, "status_date": day}
        for rule in ("missed.unpaid", "missed.not_found"):
            books.trap(rule, child, cases.register_rows(child), note)


def wrong_check_digit_in_register(cases: Cases) -> None:
    """A number mistyped in the enrolment register, of someone not aided, or paid without stating a number."""
    books = cases.books
    for category in ("", "other_hardship", "low_income"):
        for _ in range(2):
            child = cases.pupil(category, "primary", boards=True)
            number = child.id_number
            last = "3" if check_digit(number[:17]) != "3" else "4"
            books.enrolled[child].cells["id_number"] = number[:17] + last
            rows = cases.pay_due(child, id_number="") if category else []
            for rule in ("mismatch.invalid_id", "mismatch.identity"):
                books.trap(
                    rule, child, [books.enrolled[child], *rows], "wrong check digit in the enrolment register"
                )
            if category:
                records = [books.enrolled[child], *books.listed[child]]
                note = f"the enrolment register has {number[:17] + last}"
                reason = "id_number_one_digit"
                books.answer("mismatch.register_identity", child, records, note, reason=reason, at_stake=0)


def changed_number(cases: Cases) -> None:
    """The ID number was changed after registration; the student number keeps the old one."""
    books = cases.books
    for child in cases.pupils("other_hardship", "primary", boards=True):
        old = cases.maker.registry.id_number(child.born, child.sex, area="990101")
        student_no = "G" + old
        books.enrolled[child].cells["student_no"] = student_no
        rows = cases.pay_due(child, student_no=student_no)
        books.trap(
            "mismatch.identity",
            child,
            [*rows, books.enrolled[child]],
            f"student number keeps {old}",
            student_no=student_no,
        )


def vocational_at_fifteen(cases: Cases) -> None:
    """Listed, fifteen, in no register of schools: but paid through the vocational school."""
    day = cases.term.age_day
    for n in range(cases.count):
        child = cases.stranger(day.replace(year=day.year - 16, month=11, day=3 + n), listed="registered_poor")
        row = cases.books.pay(child, rates.VOCATIONAL, rates.VOCATIONAL_RATE, file="outside")
        for rule in ("missed.not_found", "mismatch.not_enrolled"):
            cases.books.trap(rule, child, [row], "fifteen, at the vocational school, which is in no register")


def right_account(cases: Cases) -> None:
    """Held by the guardian in the enrolment register, and by another adult of the household."""
    for category in ("other_hardship", "registered_poor"):
        for child in cases.pupils(category, "primary", boards=True):
            adult = child.family.guardian if category == "other_hardship" else child.family.adults[1]
            rows = cases.pay_due(child, account_holder=adult.name)
            kind = "guardian" if category == "other_hardship" else "adult of the household"
            cases.books.trap("procedure.account_holder", child, rows, f"held by the {kind}")


def two_registers(cases: Cases) -> None:
    """Registered poor and on a second list: one payment."""
    books = cases.books
    for child in cases.pupils("registered_poor", "primary", boards=True):
        row = books.list_person(child, child.family, "disabled", "", "2018-03-07")
        books.listed[child].append(row)
        rows = cases.pay_due(child)
        for rule in ("missed.unpaid", "duplicate.same_scheme"):
            books.trap(rule, child, [*rows, *books.listed[child]], "on two registers, one allowance")


def leavers(cases: Cases) -> None:
    """Records that have ended, of pupils who never had aid: as any register holds them."""
    statuses = ("转出", "转出", "转出", "休学", "退学", "下落不明")
    for n, child in enumerate(cases.pupils("", count=20 * cases.count)):
        cells = {"status": statuses[n % len(statuses)], "status_date": cases.day(-3 - n)}
        cases.books.enrolled[child].cells |= cells
