"""Planted: the poverty register writes a pupil otherwise than the enrolment register, or lists a child too late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from samples.cases import Cases
from samples.model import Child, Row
from samples.names import homophone, variant
from samples.plants_mismatch import another, can_be_spelt, one_digit, with_digits_swapped

IDENTITY, SCHOOL = "mismatch.register_identity", "mismatch.register_school"


def listed_under_another_name(cases: Cases) -> None:
    """The register of the poor has the right number under another name; paid under the right one."""
    makers: dict[str, Callable[[str], str | None]] = {
        "homophone": homophone,
        "variant_character": variant,
        "other": another,
    }
    for reason, spell in makers.items():
        for child in cases.pupils("registered_poor", "primary", fits=partial(can_be_spelt, spell)):
            name = spell(child.name) or ""
            cases.pay_due(child, account_holder=child.family.guardian.name)
            _differs(cases, child, "name", name, f"name_{reason}")


def listed_under_another_number(cases: Cases) -> None:
    """The school's own list has a slip in the number; the payment has the right one."""
    for reason, slip in (("one_digit", one_digit), ("swapped_digits", with_digits_swapped)):
        for child in cases.boarders("other_hardship", fits=lambda c: bool(with_digits_swapped(c.id_number))):
            number = slip(child.id_number) or ""
            cases.pay_due(child, account_holder=child.family.guardian.name)
            _differs(cases, child, "id_number", number, f"id_number_{reason}")


def _differs(cases: Cases, child: Child, column: str, cell: str, reason: str) -> None:
    (row,) = cases.books.listed[child]
    row.cells[column] = cell
    records = [row, cases.books.enrolled[child]]
    cases.books.answer(IDENTITY, child, records, f"the register has {cell}", reason=reason, at_stake=0)


def listed_at_another_school(cases: Cases) -> None:
    """The register is older than the enrolment: another school, another stage, or none at all."""
    for reason, stage in (
        ("listed_other_school", "primary"),
        ("listed_out_of_school", "primary"),
        ("listed_other_stage", "junior"),
    ):
        for child in cases.pupils("registered_poor", stage):
            cases.pay_due(child)
            (row,) = cases.books.listed[child]
            row.cells |= _stale(cases, child, reason)
            records = [row, cases.books.enrolled[child]]
            school_text = row.cells["school_name"] or row.cells["in_school"]
            cases.books.answer(
                SCHOOL, child, records, f"the register says {school_text}", reason=reason, at_stake=0
            )


def _stale(cases: Cases, child: Child, reason: str) -> dict[str, str]:
    if reason == "listed_other_school":
        return {"school_name": cases.other_seat(child).school.name}
    word = "非在校生" if reason == "listed_out_of_school" else "小学"
    return {"school_name": "", "in_school": word}


def moved_since_listed(cases: Cases) -> None:
    """The register names the school that the pupil left within the term, of which there is a record too."""
    books = cases.books
    for child in cases.pupils("registered_poor", "primary"):
        former = cases.other_seat(child)
        old = books.enrol_again(child, former, status="转出", status_date=cases.day(-25))
        books.enrolled[child].cells["status_date"] = cases.day(-24)
        (row,) = books.listed[child]
        row.cells["school_name"] = former.school.name
        rows = [row, *cases.pay_due(child), old, books.enrolled[child]]
        books.trap(SCHOOL, child, rows, "the register names the school left within the term")


def listed_late(cases: Cases) -> None:
    """On a register only after the count date and within the term, and not paid; or after the term."""
    first, last = cases.term.count_date + dt.timedelta(days=1), cases.term.last_day
    for day in (first, first + dt.timedelta(days=20), last):
        child, row = _listed_from(cases, day)
        records = [row, cases.books.enrolled[child]]
        note = f"on a register only from {day}, within the term"
        cases.books.answer("missed.listed_late", child, records, note, reason="no_payment", at_stake=0)
    child, row = _listed_from(cases, last + dt.timedelta(days=1))
    cases.books.trap("missed.listed_late", child, [row], "on a register from the day after the term")


def _listed_from(cases: Cases, day: dt.date) -> tuple[Child, Row]:
    child = cases.pupil("", "primary", boards=True)
    return child, cases.books.list_person(child, child.family, "orphan", "", day.isoformat())
