"""Where the listed children outside compulsory age are: in kindergarten, or through with school as old records tell."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from samples.books import GRADE_NAMES, STAGE_NAMES, Books
from samples.cases import Cases
from samples.model import Child, Row

RULE = "missed.not_placed"
CLASSES = {-2: "小班", -1: "中班", 0: "大班"}
AFTER = (11, 12, 13)  # the school years of those who are 16, 17 and 18
LAST_CLASS = {"special": ("special", 9), "senior": ("senior", 12)}


def not_placed(cases: Cases) -> None:
    """Of kindergarten or senior age, listed, and nowhere; a child too young or too old for it is none."""
    for years in (3, 4, 5, 16, 17, 18):
        child = cases.stranger(_birth(cases.term.age_day, years), listed="registered_poor")
        records, note = cases.books.listed[child], f"listed, {years} years old, nowhere to be found"
        cases.books.answer(RULE, child, records, note, reason="in_no_register", at_stake=0)
    for years in (2, 19):
        child = cases.stranger(_birth(cases.term.age_day, years), listed="registered_poor")
        cases.books.trap(RULE, child, cases.books.listed[child], f"{years} years old: no stage is asked for")


def _birth(age_day: dt.date, years: int) -> dt.date:
    """Just old enough on the age day, or (even ages) just not yet a year older."""
    if years % 2:
        return age_day.replace(year=age_day.year - years)
    return dt.date(age_day.year - years - 1, 9, 1)


def place_the_others(cases: Cases) -> None:
    """A record for every other listed child of these ages whom neither a payment nor a letter knows."""
    books = cases.books
    letter_numbers = {row.cells["id_number"] for row in books.rows["letters"]}
    counts: Counter[str] = Counter()
    for child in sorted(books.listed, key=lambda c: c.number):
        somewhere = child in books.seats or child in books.paid or child.id_number in letter_numbers
        grade = child.grade(books.term.school_year)
        if child in books.used or somewhere or not (grade in CLASSES or grade in AFTER):
            continue
        note = (
            "in kindergarten, not aided there"
            if grade in CLASSES
            else "has finished school, as an old record tells"
        )
        row = _in_kindergarten(books, child) if grade in CLASSES else _graduate_row(books, child)
        counts[note] += 1
        if counts[note] <= cases.count:
            books.trap(RULE, child, [row, *books.listed[child]], note)


def _in_kindergarten(books: Books, child: Child) -> Row:
    school = books.schools.school_of(child, "preschool")
    of_class = {"class_name": "", "grade": CLASSES[child.grade(books.term.school_year)]}
    cells = _about(child, school.code, school.name) | of_class
    return books.add(Row("enrolment", cells, file="preschool", sheet=school.town))


def _graduate_row(books: Books, child: Child) -> Row:
    """The record of the last class that the child finished in the county."""
    stage, grade = LAST_CLASS.get(child.path, ("junior", 9))
    school, guardian = books.schools.school_of(child, stage), child.family.guardian
    cells = _about(child, school.code, school.name) | {
        "student_no": child.student_no,
        "stage": STAGE_NAMES[stage],
        "grade": GRADE_NAMES[grade],
        "class_name": f"{child.number % 4 + 1}班",
        "boarding": "走读",
        "status": "毕业",
        "status_date": f"{child.entry + grade}-07-05",
        "guardian_name": guardian.name,
        "guardian_id": guardian.id_number,
    }
    return books.add(Row("enrolment", cells, file=stage, sheet=school.name))


def _about(child: Child, school_code: str, school_name: str) -> dict[str, str]:
    return {
        "name": child.name,
        "id_number": child.id_number,
        "sex": child.sex,
        "birth_date": child.born.isoformat(),
        "school_code": school_code,
        "school_name": school_name,
    }
