"""A new teaching point whose payments and plan are still to come: who is entitled there and in no list is to be warned of."""

from __future__ import annotations

from collections.abc import Iterator

from samples import rates
from samples.cases import Cases
from samples.model import Child, Row, School, Seat
from samples.pupils_left import PupilsLeft

WARNING, UNPAID = "warning.not_in_plan", "missed.unpaid"
YEARS = 8  # of age, in the third year of school


def open_teaching_point(cases: Cases, pupils_left: PupilsLeft) -> tuple[School, list[Child]]:
    """The school, in the directory by now, and its pupils on the count date."""
    books = cases.books
    last = max(books.schools.of("primary"), key=lambda school: school.code)
    name = f"{books.plan.county_name}{last.town}石门教学点"
    school = School(f"{int(last.code) + 900}", name, "primary", last.town)
    cells = {
        "school_code": school.code,
        "school_name": name,
        "alias": "",
        "stage": "小学",
        "town": school.town,
    }
    books.add(Row("schools", cells, file="schools"))
    return school, [*_pupils_due(cases, pupils_left, school), *_no_longer_listed(cases, pupils_left, school)]


def _pupils_due(cases: Cases, pupils_left: PupilsLeft, school: School) -> Iterator[Child]:
    """Poor, enrolled, in no plan and in no payment."""
    for _ in range(cases.count):
        child, records = _pupil(cases, pupils_left, school)
        cases.books.answer(WARNING, child, records, "entitled, not planned", reason="not_planned", at_stake=0)
        cases.books.answer(
            UNPAID, child, records, "entitled, not paid yet", reason="no_payment", scheme=rates.DAY,
            at_stake=rates.DAY_RATE["primary"],
        )  # fmt: skip
        yield child


def _no_longer_listed(cases: Cases, pupils_left: PupilsLeft, school: School) -> Iterator[Child]:
    """Off the register on the day before the count date: in no list, and none is due."""
    for _ in range(cases.count):
        child, records = _pupil(cases, pupils_left, school)
        for row in cases.books.listed[child]:
            row.cells["valid_to"] = cases.day(-1)
        for rule in (WARNING, UNPAID):
            cases.books.trap(rule, child, records, "off the register the day before the count date")
        yield child


def _pupil(cases: Cases, pupils_left: PupilsLeft, school: School) -> tuple[Child, list[Row]]:
    child = pupils_left.newcomer(YEARS, listed="registered_poor")
    child.student_no = "G" + child.id_number
    record = cases.books.enrol(child, Seat(school, "primary", 3, 1, boards=False))
    return child, [*cases.books.listed[child], record]
