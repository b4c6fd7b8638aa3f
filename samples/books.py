"""One term's books of a county: who sits where, who is listed, what was paid; and the answers to be found."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable

from samples import rates
from samples.model import AnswerRow, Child, Family, Person, Row, School, Seat, fen, yuan
from samples.people import Registry
from samples.plan import CountyPlan, Printed, TermPlan
from samples.schools import SchoolMap

STATUS = "在读"
STAGE_NAMES = {"primary": "小学", "junior": "初中", "senior": "普通高中", "special": "特殊教育"}
PAYMENT_FILE = {"primary": "primary", "special": "primary", "junior": "junior", "senior": "senior"}
GRADE_NAMES = ("", *(f"{n}年级" for n in "一二三四五六七八九"), "高一", "高二", "高三")
REGISTER_OF = {
    "registered_poor": "脱贫户",
    "monitored": "监测对象",
    "low_income": "低保",
    "destitute": "特困",
    "orphan": "孤儿",
    "disabled": "残疾",
    "urban_hardship": "城镇解困",
    "other_hardship": "其他困难",
}
DISABILITIES = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
LABELS = {
    "registered_poor": ("一般脱贫户", "脱贫户", "脱贫享受政策户"),
    "monitored": ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户"),
    "low_income": ("",),
    "destitute": ("特困供养",),
    "orphan": ("孤儿", "事实无人抚养儿童"),
    "disabled": ("残疾学生",),
    "urban_hardship": ("城镇困难职工", "城镇贫困群众", "城镇解困"),
    "other_hardship": ("其他困难", "其他家庭经济困难学生"),
}


class Books:
    """Rows of every table of one term. A child in ``used`` belongs to a plant or a trap and is left alone."""

    def __init__(self, plan: CountyPlan, term: TermPlan, schools: SchoolMap, registry: Registry) -> None:
        self.plan, self.term, self.schools, self.registry = plan, term, schools, registry
        self.random = random.Random(f"{plan.key}:{term.term}")
        self.seats: dict[Child, Seat] = {}
        self.categories: dict[Child, tuple[str, ...]] = {}
        self.listed: dict[Child, list[Row]] = defaultdict(list)
        self.enrolled: dict[Child, Row] = {}
        self.enrolled_again: dict[Child, Row] = {}
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.paid: dict[Child, list[Row]] = defaultdict(list)
        self.family_rows: dict[Family, list[Row]] = defaultdict(list)
        self.applied: dict[Child, Row] = {}
        self.children: list[Child] = []
        self.used: set[Child] = set()
        self.answers: list[AnswerRow] = []
        self.traps: list[AnswerRow] = []

    # -- rows ------------------------------------------------------------------------------------------------

    def add(self, row: Row) -> Row:
        self.rows[row.table].append(row)
        return row

    def enrol(self, child: Child, seat: Seat) -> Row:
        """The child's record in the enrolment register."""
        self.seats[child] = seat
        guardian = child.family.guardian
        row = Row(
            "enrolment",
            {
                "student_no": child.student_no,
                "name": child.name,
                "id_number": child.id_number,
                "sex": child.sex,
                "birth_date": child.born.isoformat(),
                "school_code": seat.school.code,
                "school_name": seat.school.name,
                "stage": STAGE_NAMES[seat.stage],
                "grade": GRADE_NAMES[seat.grade],
                "class_name": f"{seat.class_no}班",
                "boarding": "住校" if seat.boards else "走读",
                "status": STATUS,
                "status_date": "",
                "guardian_name": guardian.name,
                "guardian_id": guardian.id_number,
            },
            file=seat.stage,
            sheet=sheet_of(seat),
        )
        self.enrolled[child] = row
        return self.add(row)

    def enrol_again(self, child: Child, seat: Seat, **cells: str) -> Row:
        """A second record of the child, at another school."""
        school = {"school_code": seat.school.code, "school_name": seat.school.name}
        first = self.enrolled[child]
        row = Row("enrolment", first.cells | school | cells, file=first.file, sheet=sheet_of(seat))
        self.enrolled_again[child] = row
        return self.add(row)

    def move_in(self, child: Child, *, boards: bool) -> None:
        """Change between boarder and day pupil."""
        seat = self.seats[child]
        self.seats[child] = Seat(seat.school, seat.stage, seat.grade, seat.class_no, boards)
        self.enrolled[child].cells["boarding"] = "住校" if boards else "走读"

    def list_person(
        self,
        person: Person,
        family: Family,
        category: str,
        relation: str,
        valid_from: str,
        valid_to: str = "",
    ) -> Row:
        """A row of the register that keeps ``category``."""
        labels = LABELS[category]
        row = Row(
            "eligibility",
            {
                "name": person.name,
                "id_number": person.id_number,
                "category": labels[family.number % len(labels)],
                "household_no": household_no(self.plan.county_code, family, category),
                "relation": relation,
                "sex": person.sex,
                "birth_date": person.born.isoformat(),
                "town": family.town,
                "village": family.village,
                "valid_from": valid_from,
                "valid_to": valid_to,
                "school_name": "",
                "disability": DISABILITIES[family.number % len(DISABILITIES)]
                if category == "disabled"
                else "",
            },
            file=REGISTER_OF[category],
            sheet=family.town,
        )
        self.family_rows[family].append(row)
        return self.add(row)

    def pay(self, child: Child, scheme: str, amount: int, *, file: str = "", **cells: str) -> Row:
        """A payment, as it should be unless ``cells`` say otherwise; ``amount`` in fen."""
        seat = self.seats.get(child)
        spellings = rates.SPELLINGS[scheme]
        category = rates.stated_category(self.categories.get(child, ()))
        row = Row(
            "payments",
            {
                "payment_no": "",
                "name": child.name,
                "id_number": child.id_number,
                "student_no": child.student_no if seat else "",
                "school_code": seat.school.code if seat else "",
                "school_name": self.name_of(seat.school, child) if seat else "",
                "scheme": spellings[child.number % len(spellings)],
                "term": self.term_name(2 if seat and seat.stage == "junior" else child.number),
                "amount": yuan(amount),
                "pay_date": self._pay_date(child).isoformat(),
                "result": "成功",
                "account_no": child.account,
                "account_holder": child.holder,
                "batch_no": f"{self.term.term[:4]}-{'01' if self.term.term.endswith('spring') else '02'}",
                "category": rates.CATEGORY_SPELLINGS[category],
            }
            | cells,
            file=file or (PAYMENT_FILE[seat.stage] if seat else "outside"),
        )
        self.paid[child].append(row)
        return self.add(row)

    def term_name(self, salt: int) -> str:
        year, season = self.term.term.split("-")
        school_year = self.term.school_year
        half = "一" if season == "autumn" else "二"
        names = (
            f"{year}年{'秋' if season == 'autumn' else '春'}季学期",
            f"{school_year}-{school_year + 1}学年第{half}学期",
            f"{year}{'秋' if season == 'autumn' else '春'}",
        )
        return names[salt % 7 % 3]

    def name_of(self, school: School, child: Child) -> str:
        """The school's name, in one case of five the one it had before."""
        return school.aliases[child.number % len(school.aliases)] if child.number % 5 == 0 else school.name

    def _pay_date(self, child: Child) -> dt.date:
        return self.term.pay_dates[child.number % 2]

    # -- answers ---------------------------------------------------------------------------------------------

    def answer(
        self,
        rule: str,
        child: Child | None,
        records: Iterable[Row],
        note: str,
        *,
        reason: str = "",
        scheme: str = "",
        at_stake: int | str = "",
        **subject: str,
    ) -> None:
        """A finding that must be made; ``at_stake`` "" where the key does not state it."""
        self.answers.append(self._case(rule, child, records, note, reason, scheme, at_stake, subject))

    def trap(self, rule: str, child: Child | None, records: Iterable[Row], note: str, **subject: str) -> None:
        """A case that looks like a finding of ``rule`` and is none."""
        self.traps.append(self._case(rule, child, records, note, "", "", "", subject))

    def _case(
        self,
        rule: str,
        child: Child | None,
        records: Iterable[Row],
        note: str,
        reason: str,
        scheme: str,
        at_stake: int | str,
        subject: dict[str, str],
    ) -> AnswerRow:
        if child:
            self.used.add(child)
            who = {"name": child.name, "id_number": child.id_number, "student_no": child.student_no}
            subject = (who if child in self.enrolled else who | {"student_no": ""}) | subject
        if scheme:
            subject = subject | {"scheme": scheme}
        stake = yuan(at_stake) if isinstance(at_stake, int) else at_stake
        return AnswerRow(rule, reason, subject, stake, tuple(records), note)

    # -- sums ------------------------------------------------------------------------------------------------

    def paid_total(self, category: str) -> Printed:
        """Person-times and net sum of the successful payments of the term, as stated in the payment list."""
        label = rates.CATEGORY_SPELLINGS[category]
        persons = amount = 0
        for row in self.rows["payments"]:
            if row.cells["category"] == label and self.counts(row):
                value = row_fen(row)
                persons, amount = persons + (value > 0), amount + value
        return Printed(persons, amount)

    def counts(self, row: Row) -> bool:
        """Is the row a successful payment (or reversal) of the term?"""
        of_term = {self.term_name(salt) for salt in range(7)}
        return row.cells["result"] == "成功" and not row.rejected and row.cells["term"] in of_term


def row_fen(row: Row) -> int:
    amount = row.cells["amount"]
    return -fen(amount[1:]) if amount.startswith("-") else fen(amount)


def sheet_of(seat: Seat) -> str:
    """Primary schools are listed by town, the others by school."""
    return seat.school.town if seat.stage == "primary" else seat.school.name


def household_no(county_code: str, family: Family, category: str) -> str:
    """Each register numbers households in its own way; two of them know no households."""
    forms = {
        "registered_poor": f"{county_code}1{family.number:07d}",
        "monitored": f"{county_code}2{family.number:07d}",
        "low_income": f"DB{family.number:06d}",
        "destitute": f"TK{family.number:05d}",
        "urban_hardship": f"CZ{family.number:06d}",
    }
    return forms.get(category, "")
