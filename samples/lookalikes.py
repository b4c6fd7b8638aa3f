"""Regular cases that look like findings: entered in the list of traps, nothing about them is changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from samples import rates
from samples.cases import Cases
from samples.model import Child, Family, Row
from samples.oddities import Oddities

WHO = ("mismatch.identity", "mismatch.not_enrolled", "missed.unpaid")


def note_lookalikes(cases: Cases, odd: Oddities) -> None:
    _odd_people(cases, odd)
    _families(cases)
    _two_schemes(cases)
    _outside(cases)
    _recognition(cases)
    _other_school_names(cases)


def _note(cases: Cases, rules: Iterable[str], child: Child, rows: list[Row], note: str) -> None:
    for rule in rules:
        cases.books.trap(rule, child, rows, note)


def _paid(cases: Cases, child: Child) -> list[Row]:
    return cases.books.paid.get(child, [])


def _odd_people(cases: Cases, odd: Oddities) -> None:
    for child in odd.without_number:
        if _paid(cases, child):
            _note(
                cases,
                WHO,
                child,
                _paid(cases, child),
                "no ID number, J student number; name, birth date and school agree",
            )
    for child, lender in zip(odd.borrowed, odd.lenders, strict=True):
        if _paid(cases, child):
            note = f"L student number that looks like the ID number of another pupil, {lender.id_number}"
            _note(cases, (*WHO, "duplicate.enrolment"), child, _paid(cases, child), note)
    for first, second in odd.namesakes:
        rows = [*_paid(cases, first), *_paid(cases, second)]
        if rows:
            seats = [cases.books.seats.get(child) for child in (first, second)]
            where = (
                "class" if seats[0] and seats[1] and seats[0].class_no == seats[1].class_no else "school year"
            )
            note = f"two pupils of one {where} with one name"
            _note(
                cases,
                ("duplicate.same_scheme", "duplicate.enrolment", "mismatch.identity"),
                first,
                rows,
                note,
            )


def _families(cases: Cases) -> None:
    """Brothers and sisters on one account; twins."""
    groups: dict[Family, list[Child]] = defaultdict(list)
    for child in cases.books.paid:
        if child not in cases.books.used and child in cases.books.listed:
            groups[child.family].append(child)
    several = [group for group in groups.values() if len(group) > 1]
    one_account = [group for group in several if group[0].account == group[1].account]
    twins = [group for group in several if group[0].born == group[1].born]
    for group in one_account[: 2 * cases.count]:
        rows = [row for child in group for row in _paid(cases, child)]
        _note(
            cases,
            ("duplicate.shared_account", "procedure.account_holder"),
            group[0],
            rows,
            "one household account for its children",
        )
    for group in twins[: 2 * cases.count]:
        rows = [row for child in group for row in _paid(cases, child)]
        _note(
            cases,
            ("duplicate.same_scheme", "mismatch.identity", "duplicate.enrolment"),
            group[0],
            rows,
            "twins",
        )


def _two_schemes(cases: Cases) -> None:
    books = cases.books
    pairs = [
        c for c, rows in books.paid.items() if c not in books.used and len(rows) == 2 and c in books.seats
    ]
    for child in pairs[: cases.count]:
        rules = ("duplicate.same_scheme", "duplicate.exclusive_schemes")
        _note(cases, rules, child, _paid(cases, child), "grant and fee waiver go together")


def _outside(cases: Cases) -> None:
    """Kindergarten and vocational school: stages that the enrolment register does not cover."""
    for scheme, note in ((rates.PRESCHOOL, "kindergarten"), (rates.VOCATIONAL, "vocational school")):
        payees = [
            c
            for c, rows in cases.books.paid.items()
            if c not in cases.books.used
            and c not in cases.books.seats
            and rows[0].cells["scheme"] in rates.SPELLINGS[scheme]
        ]
        for child in payees[: cases.count] + payees[-cases.count :]:
            rules = ("mismatch.not_enrolled", "ineligible.not_listed", "mismatch.stage")
            _note(cases, rules, child, _paid(cases, child), f"{note}: outside the enrolment register")


def _recognition(cases: Cases) -> None:
    books = cases.books
    mine = [
        c
        for c, of in books.categories.items()
        if of == ("other_hardship",) and c not in books.used and c in books.seats
    ]
    for child in [c for c in mine if _paid(cases, c)][: cases.count]:
        _note(cases, ("ineligible.not_listed",), child, _paid(cases, child), "recognised by the school alone")
    for child in [c for c in mine if not _paid(cases, c)][: cases.count]:
        rows = cases.register_rows(child)
        _note(cases, ("missed.unpaid",), child, rows, "recognised day pupil: nothing is due to the category")


def _other_school_names(cases: Cases) -> None:
    """Payment lists that write the school's former or short name."""
    books = cases.books
    former_names = [
        (child, rows)
        for child, rows in books.paid.items()
        if child not in books.used
        and child in books.seats
        and rows[0].file == "junior"
        and rows[0].cells["school_name"] != books.seats[child].school.name
    ]
    for child, rows in former_names[: cases.count]:
        _note(cases, ("mismatch.school",), child, rows, "the school under another of its names")
