"""From one term to the next: pupils of last term's register whom nothing of this term knows, and those who are gone with a reason."""

from __future__ import annotations

from collections.abc import Iterator

from samples.books import STAGE_NAMES, Books
from samples.cases import Cases
from samples.model import Child, Row, Seat
from samples.pupils_left import PupilsLeft, leave
from samples.rosters import is_active

VANISHED = "enrolment.vanished"
NINTH = "九年级"


def strike_off(cases: Cases, pupils_left: PupilsLeft, before: Books) -> None:
    """Planted: pupils of ``before`` and leavers of it without a record now. Traps: finished, moved away by the register or by a letter."""
    books = cases.books
    for child in _plain(cases, pupils_left, before):
        _strike(books, child)
        note = "on last term's register, in nothing of this term"
        books.answer(VANISHED, child, [], note, reason="in_none_now", at_stake=0)
    for child in _plain(cases, pupils_left, before):
        leave(before, child, "流失", before.term.first_day.isoformat())
        _strike(books, child)
        _answer_left(books, child)
    for child in _left_before(books, before):
        _answer_left(books, child)
    for child in _plain(cases, pupils_left, before):
        leave(books, child, "转出", cases.day(-40))
        books.trap(VANISHED, child, [books.enrolled[child]], "moved away, and the register says so")
    for child in _graduates(books, before, cases.count):
        books.trap(VANISHED, child, [], "finished the ninth year last term")
    for child, letter in _moved_with_letter(books, cases.count):
        child.student_no = "G" + child.id_number
        school = before.schools.of("primary", child.family.town)[-1]
        before.enrol(child, Seat(school, "primary", child.grade(before.term.school_year), 1, boards=False))
        books.trap(VANISHED, child, [letter], "moved away with the parents; a letter was sent and answered")


def _plain(cases: Cases, pupils_left: PupilsLeft, before: Books) -> Iterator[Child]:
    """Pupils on no register of either term, of compulsory years in both, whose records nothing is wrong with."""

    def was_plain(child: Child) -> bool:
        record = before.enrolled.get(child)
        return (
            record is not None
            and not record.raw
            and not record.cells["status_date"]
            and child not in before.used
            and child not in before.enrolled_again
            and not (before.listed.get(child) or before.paid.get(child) or child in before.applied)
            and child not in cases.books.enrolled_again
        )

    return pupils_left.unlisted(cases.count, fits=was_plain)


def _strike(books: Books, child: Child) -> None:
    books.rows["enrolment"].remove(books.enrolled.pop(child))
    del books.seats[child]


def _answer_left(books: Books, child: Child) -> None:
    note = "had left without finishing last term, in nothing of this term"
    books.answer(VANISHED, child, [], note, reason="left_and_in_none_now", at_stake=0)


def _left_before(books: Books, before: Books) -> list[Child]:
    """Of last term's leavers of compulsory age those whom this term's books do not know, as it happens."""
    day, youngest = books.term.age_day, books.term.age_day.year - 16
    return [
        child
        for child, record in before.enrolled.items()
        if not is_active(record, before.term.count_date)
        and record.cells["status"] in ("休学", "退学", "流失", "下落不明")
        and (child.born.year, child.born.month, child.born.day) > (youngest, day.month, day.day)
        and child not in books.used
        and not (child in books.enrolled or books.listed.get(child) or books.paid.get(child))
    ]


def _graduates(books: Books, before: Books, count: int) -> list[Child]:
    graduates = (
        child
        for child, record in before.enrolled.items()
        if record.cells["grade"] == NINTH
        and record.cells["stage"] == STAGE_NAMES["junior"]
        and is_active(record, before.term.count_date)
        and child not in before.used | books.used
        and not (child in books.enrolled or books.listed.get(child) or books.paid.get(child))
    )
    return [child for child, _ in zip(graduates, range(count), strict=False)]


def _moved_with_letter(books: Books, count: int) -> Iterator[tuple[Child, Row]]:
    """Children elsewhere with a plain letter, whose families came onto the register this term."""
    letters = {row.cells["id_number"]: row for row in books.rows["letters"] if not row.raw}
    children = (
        child
        for family in books.family_rows
        if family.away
        and books.family_rows[family][0].cells["valid_from"] >= books.term.first_day.isoformat()
        for child in family.children
        if child not in books.used
        and child.id_number in letters
        and 2 <= child.grade(books.term.school_year) <= 6
    )
    for child, _ in zip(children, range(count), strict=False):
        yield child, letters[child.id_number]
