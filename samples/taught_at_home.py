"""Children who cannot attend, and those to whom teachers come."""

from __future__ import annotations

from samples.cases import Cases
from samples.model import Child, Row
from samples.pupils_left import PupilsLeft, leave
from samples.rosters import ABSENT, PAID_ABSENT, Roster

UNCERTIFIED, IN_SCHOOL = "unable.uncertified", "unable.in_school"
TOO_FEW, NOT_ENROLLED = "home.too_few", "home.not_enrolled"
OFFICES = ("certified_education", "certified_disabled", "certified_health", "certified_civil")
VISITS = {"09": ("2020-09-09", "2020-09-23"), "10": ("2020-10-14", "2020-10-28")}
SHEETS = {"09": "9月", "10": "10月"}
TEACHERS = ("赵文静", "孙立", "钱玉兰")
KINDS = ("肢体一级", "智力一级", "多重一级")
LESSONS = 2


class TaughtAtHome:
    def __init__(self, cases: Cases, pupils_left: PupilsLeft, roster: Roster) -> None:
        self.cases, self.books, self.left, self.roster = cases, cases.books, pupils_left, roster

    def visit(self, child: Child, day: str, lessons: int = LESSONS) -> Row:
        guardian = child.family.guardian.name
        cells = {
            "name": child.name,
            "id_number": child.id_number,
            "student_no": child.student_no,
            "taught_on": day,
            "lessons": str(lessons),
            "teacher": TEACHERS[child.number % len(TEACHERS)],
            "signed_by": guardian,
        }
        return self.books.add(Row("home_teaching", cells, file="home_teaching", sheet=SHEETS[day[5:7]]))

    def visits(self, child: Child, months: tuple[str, ...] = ("09", "10")) -> list[Row]:
        """Twice a month, two lessons each."""
        return [self.visit(child, day) for month in months for day in VISITS[month]]

    def home_teaching(self) -> None:
        """Too seldom, too short; as it should be, from September or from October on: absent from school with reason."""
        books, special = self.books, self.roster.special
        for child in self._pupils():
            rows = [*self.visits(child, ("09",)), self.visit(child, VISITS["10"][0])]
            books.answer(TOO_FEW, child, rows, "once in October", reason="visits", at_stake=0)
        for child in self._pupils():
            rows = [
                *self.visits(child, ("09",)),
                self.visit(child, VISITS["10"][0]),
                self.visit(child, VISITS["10"][1], 1),
            ]
            books.answer(TOO_FEW, child, rows, "one lesson on one day", reason="lessons", at_stake=0)
        for months in (("09", "10"), ("10",)):
            for child in self._pupils():
                rows = self.visits(child, months)
                books.trap(TOO_FEW, child, rows, f"twice a month from month {months[0]} on")
                for rule in (ABSENT, PAID_ABSENT):
                    books.trap(rule, child, rows, f"taught at home, on no roster of {special.name}")
                self.roster.strike(child)

    def _pupils(self) -> list[Child]:
        """Pupils of the special school, marked on its roster as taught at home."""
        pupils = list(self.left.paid(self.cases.count, school=self.roster.special))
        for child in pupils:
            self.roster.rows[child].cells["present"] = "送教上门"
        return pupils

    def without_record(self) -> None:
        books = self.books
        for child in self.left.unlisted(self.cases.count):
            leave(books, child, "休学", self.cases.day(-50))
            rows = self.visits(child)
            note = "taught at home, on leave by the register"
            books.answer(NOT_ENROLLED, child, rows, note, reason="record_inactive", at_stake=0)
        for n in range(self.cases.count):
            child = self.left.newcomer(9 + n)
            note = "taught at home, in no register"
            books.answer(NOT_ENROLLED, child, self.visits(child), note, reason="no_record", at_stake=0)

    def certify(self, child: Child, *offices: str) -> Row:
        cells = {
            "name": child.name,
            "sex": child.sex,
            "id_number": child.id_number,
            "student_no": child.student_no,
            "disability": KINDS[child.number % len(KINDS)],
            "cause": "重度残疾，生活不能自理",
        } | {office: "是" if office in offices else "否" for office in OFFICES}
        return self.books.add(Row("unable", cells, file="unable"))

    def unable(self) -> None:
        """Certified by fewer than four; held to be unable, and enrolled without home teaching."""
        books, count = self.books, self.cases.count
        for number, reason in ((3, "three"), (0, "none")):
            for child in self.left.unlisted(count):
                leave(books, child, "休学", self.cases.day(-40))
                row = self.certify(child, *OFFICES[:number])
                books.answer(UNCERTIFIED, child, [row], f"certified by {reason}", reason=reason, at_stake=0)
        for child in self.left.unlisted(count):
            row = self.certify(child, *OFFICES)
            note = "certified, enrolled, taught by nobody"
            books.answer(IN_SCHOOL, child, [row], note, reason="enrolled", at_stake=0)
        for child in self.left.unlisted(count):
            leave(books, child, "休学", self.cases.day(-40))
            rows = [self.certify(child, *OFFICES), books.enrolled[child]]
            for rule in (UNCERTIFIED, IN_SCHOOL, "dropout.unledgered"):
                books.trap(rule, child, rows, "certified by all four, on leave")
        for child in self._pupils():
            rows = [self.certify(child, *OFFICES), *self.visits(child)]
            books.trap(IN_SCHOOL, child, rows, "certified by all four, enrolled, taught at home")
