"""Pupils whom no case of the money half uses, for the ledgers of the child half; each is given out once."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterator

from samples.books import Books
from samples.cases import Cases
from samples.model import Child, Row, School, Seat

Condition = Callable[[Child], bool]


def anybody(_child: Child) -> bool:
    return True


class PupilsLeft:
    """``apart``: schools whose pupils are given out only when asked for by school."""

    def __init__(self, cases: Cases, apart: tuple[School, ...]) -> None:
        self.cases, self.books, self.apart = cases, cases.books, apart
        student_numbers = Counter(row.cells.get("student_no", "") for row in self.books.rows["enrolment"])
        self._pupils = [child for child in self.books.seats if _is_plain(cases, child, student_numbers)]
        random.Random(f"{self.books.plan.key}:{self.books.term.term}:children").shuffle(self._pupils)

    def unlisted(
        self, count: int, *, school: School | None = None, stage: str = "", fits: Condition = anybody
    ) -> Iterator[Child]:
        """Pupils of compulsory stages who are on no register, apply for nothing and were never paid."""
        books = self.books
        return self._give(
            count,
            lambda child: (
                not (books.listed.get(child) or books.paid.get(child) or child in books.applied)
                and fits(child)
            ),
            school,
            stage,
        )

    def paid(self, count: int, *, school: School | None = None, fits: Condition = anybody) -> Iterator[Child]:
        """Pupils who were paid once, all that is due, in a row that nothing is wrong with."""
        books = self.books

        def is_paid(child: Child) -> bool:
            rows = books.paid.get(child, [])
            return len(rows) == 1 and not rows[0].raw and bool(books.categories[child]) and fits(child)

        return self._give(count, is_paid, school, "")

    def _give(self, count: int, fits: Condition, school: School | None, stage: str) -> Iterator[Child]:
        """``count`` of them, of ``school``, or of any school that is not set apart."""
        fitting = [
            child
            for child in self._pupils
            if child not in self.books.used and self._is_at(child, school, stage) and fits(child)
        ][:count]
        if len(fitting) < count:
            raise ValueError(f"the county is too small for the child half: {school or stage or 'any school'}")
        self.books.used.update(fitting)
        return iter(fitting)

    def _is_at(self, child: Child, school: School | None, stage: str) -> bool:
        seat = self.books.seats[child]
        if school is not None:
            return seat.school == school
        of_stage = seat.stage == stage if stage else seat.stage in ("primary", "junior")
        return of_stage and seat.school not in self.apart

    def newcomer(self, years: int, *, listed: str = "") -> Child:
        """A child of ``years`` on the age day whom no other case knows, at no school."""
        day = self.cases.term.age_day
        return self.cases.stranger(day.replace(year=day.year - years, month=5, day=8), listed=listed)

    def enrol(self, child: Child, **cells: str) -> Row:
        """A record for a newcomer, in the third year of a school that is not set apart."""
        school = next(s for s in self.books.schools.of("primary", child.family.town) if s not in self.apart)
        child.student_no = "G" + child.id_number
        record = self.books.enrol(child, Seat(school, "primary", 3, 1, boards=False))
        record.cells |= cells
        return record


def _is_plain(cases: Cases, child: Child, student_numbers: dict[str, int]) -> bool:
    """Is the record as it should be: one, active since ever, under the child's own name and numbers?"""
    record = cases.books.enrolled[child]
    return (
        child not in cases.books.used
        and child not in cases.lister.lists.preferred
        and "·" not in child.name
        and len(child.name) > 1
        and not record.raw
        and not record.cells["status_date"]
        and record.cells["student_no"] == "G" + record.cells["id_number"] == "G" + child.id_number
        and student_numbers[child.student_no] == 1
    )


def day_before(day: dt.date, days: int) -> str:
    return (day - dt.timedelta(days=days)).isoformat()


def leave(books: Books, child: Child, status: str, day: str) -> Row:
    """The pupil's record ends on ``day``."""
    books.enrolled[child].cells |= {"status": status, "status_date": day}
    return books.enrolled[child]
