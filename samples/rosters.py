"""Heads counted once a term: three schools send rosters by name, one sends nothing, the others count heads."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from samples.books import Books, row_fen
from samples.cases import Cases
from samples.model import Child, Row, School
from samples.people import check_digit
from samples.pupils_left import PupilsLeft, leave

ABSENT, PAID_ABSENT, UNREGISTERED = "attendance.absent", "attendance.paid_absent", "attendance.unregistered"
AT_VOCATIONAL = 6  # ninth-graders who are taught there by now, their records not moved
COUNTED_STAGES = ("primary", "junior", "senior")


def choose_schools(books: Books) -> tuple[School, School, School]:
    """The special school and the smallest primary and junior school: they send rosters by name."""
    pupils = Counter(seat.school for seat in books.seats.values())
    special, primary, junior = (
        min((s for s in pupils if s.stage == stage), key=lambda school: (pupils[school], school.code))
        for stage in ("special", "primary", "junior")
    )
    return special, primary, junior


def is_active(record: Row, day: dt.date) -> bool:
    """Is the record active on ``day``? A status holds from its date."""
    now = record.cells["status"] in ("在读", "复学")
    return now != (record.cells["status_date"] > day.isoformat())


class Roster:
    """The rosters of three schools: every pupil at school on the day of counting, then what is otherwise."""

    def __init__(self, cases: Cases, pupils_left: PupilsLeft, schools: tuple[School, School, School]) -> None:
        self.cases, self.books, self.left = cases, cases.books, pupils_left
        self.special, self.primary, self.junior = schools
        self.day = cases.term.counted_on or cases.term.count_date
        self.rows: dict[Child, Row] = {}
        for child, record in list(self.books.enrolled.items()):
            if self.books.seats[child].school in schools and is_active(record, cases.term.count_date):
                self.rows[child] = self._row(record, self.books.seats[child].school)

    def _row(self, record: Row, school: School) -> Row:
        columns = ("school_name", "grade", "class_name", "name", "id_number")
        cells = {column: record.cells[column] for column in columns}
        cells |= {"present": "是", "counted_on": self.day.isoformat()}
        return self.books.add(Row("attendance", cells, file="roster", sheet=school.name[3:]))

    def strike(self, child: Child) -> None:
        """The child is not on the roster of its school."""
        self.books.rows["attendance"].remove(self.rows.pop(child))

    def absent(self) -> None:
        """Not on the roster, or marked as not at school: of those who were paid and of those who were not."""
        books, count = self.books, self.cases.count
        for is_struck, reason in ((True, "not_on_roster"), (False, "marked_absent")):
            for child in self.left.unlisted(count, school=self.primary):
                records = [books.enrolled[child]] if is_struck else [self.rows[child]]
                self._miss(child, is_struck)
                books.answer(ABSENT, child, records, "enrolled, not at school", reason=reason, at_stake=0)
            for child in self.left.paid(count, school=self.junior):
                stake = sum(row_fen(row) for row in books.paid[child])
                self._miss(child, is_struck)
                note = "paid, and not at school"
                books.answer(PAID_ABSENT, child, books.paid[child], note, reason=reason, at_stake=stake)

    def _miss(self, child: Child, is_struck: bool) -> None:
        if is_struck:
            self.strike(child)
        else:
            self.rows[child].cells["present"] = "否"

    def excused(self) -> None:
        """Ill, taught at the vocational school, come after the day of counting: nobody is missing."""
        books, count = self.books, self.cases.count
        for child in self.left.paid(count, school=self.primary):
            self._note(child, "病假", "ill on the day of counting")
        ninth = [c for c in self.rows if books.seats[c].grade == 9 and c not in books.used][:AT_VOCATIONAL]
        for child in ninth:
            self._note(child, "在职业学校就读", "taught at the vocational school by now")
        for child in self.left.unlisted(count, school=self.primary):
            books.enrolled[child].cells["status_date"] = self.cases.day(-1)
            self.strike(child)
            books.trap(ABSENT, child, [books.enrolled[child]], "came after the day of counting")

    def _note(self, child: Child, present: str, note: str) -> None:
        self.rows[child].cells["present"] = present
        for rule in (ABSENT, PAID_ABSENT):
            self.books.trap(rule, child, [self.rows[child]], note)

    def without_record(self) -> None:
        """At school, and in no register, or in one that says the child has left; a wrong digit is neither."""
        books, count = self.books, self.cases.count
        for n in range(count):
            child = self.left.newcomer(8 + n)
            like = next(row for row in self.rows.values() if row.cells["grade"] == "三年级")
            cells = like.cells | {"name": child.name, "id_number": child.id_number}
            row = books.add(Row("attendance", cells, file="roster", sheet=like.sheet))
            books.answer(UNREGISTERED, child, [row], "on a roster alone", reason="no_record", at_stake=0)
        for child in self.left.unlisted(count, school=self.junior):
            leave(books, child, "休学", self.cases.day(-30))
            note = "on leave by the register, at school by the roster"
            records = [self.rows[child]]
            books.answer(UNREGISTERED, child, records, note, reason="record_inactive", at_stake=0)
        for child in self.left.unlisted(count, school=self.junior):
            number = child.id_number
            last = "3" if check_digit(number[:17]) != "3" else "4"
            self.rows[child].cells["id_number"] = number[:17] + last
            for rule in (UNREGISTERED, ABSENT):
                books.trap(rule, child, [self.rows[child]], "a wrong digit on the roster")


def count_heads(cases: Cases, roster_schools: tuple[School, ...]) -> None:
    """Every other school counts heads, junior schools by grade, but the silent ones; three count too few, three report other records."""
    pupils, silent = _pupils_by_school(cases, roster_schools), _silent(cases)
    rows = [
        _count(cases, school, grade, number)
        for (school, grade), number in sorted(pupils.items(), key=lambda item: (item[0][0].code, item[0][1]))
        if school.code not in silent
    ]
    lapses = (("heads", -2, "heads_differ"), ("records", 3, "records_differ"))
    for at, (column, more, reason) in enumerate(lapses):
        for row in rows[at * 7 + 3 :: 11][: cases.count]:
            row.cells[column] = str(int(row.cells[column]) + more)
            note = f"{column} by {more:+d}"
            cases.books.answer("attendance.headcount", None, [row], note, reason=reason, at_stake=0)


def count_pupils(cases: Cases, school: School, pupils: list[Child]) -> None:
    """A school outside the directory of before counts its heads, as many as its records."""
    _count(cases, school, "", len(pupils))


def _silent(cases: Cases) -> set[str]:
    """Codes of the schools that send nothing: where a record without number may be a pupil's of another school, or not."""
    again = cases.books.enrolled_again.values()
    return {record.cells["school_code"] for record in again if not record.cells["id_number"]}


def _pupils_by_school(cases: Cases, roster_schools: tuple[School, ...]) -> Counter[tuple[School, str]]:
    """Active pupils of a school (a junior school: of a grade), as the register has them."""
    books, by_code = cases.books, {school.code: school for school in cases.books.schools.schools}
    pupils: Counter[tuple[School, str]] = Counter()
    for child, record in books.enrolled.items():
        seat = _record_of(record, books.enrolled_again.get(child), cases.term.count_date)
        school = by_code[seat.cells["school_code"]] if seat else None
        if school and seat and school.stage in COUNTED_STAGES and school not in roster_schools:
            pupils[school, seat.cells["grade"] if school.stage == "junior" else ""] += 1
    return pupils


def _record_of(record: Row, again: Row | None, day: dt.date) -> Row | None:
    """The active record; of two under one number that of the first school, else the one whose number is right."""
    active = [each for each in (record, again) if each and is_active(each, day)]
    if len({each.cells["id_number"] for each in active}) == 1:
        return min(active, key=lambda each: each.cells["school_code"])
    return active[0] if active else None


def _count(cases: Cases, school: School, grade: str, number: int) -> Row:
    counted_cells = {"school_name": school.name, "grade": grade, "records": str(number), "heads": str(number)}
    cells = counted_cells | {"counted_on": (cases.term.counted_on or cases.term.count_date).isoformat()}
    return cases.books.add(Row("attendance", cells, file="heads"))
