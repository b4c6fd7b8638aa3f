"""A county with everyday slips, and the same county as it is: to measure how often what is said with certainty is true.

Not a delivery: the rows are handed over as text cells, as in :mod:`samples.labelled`. ``facts`` is the county with
every number right, every guardian and every member of a household listed: what the rules find there is so. ``written`` is
the same county as offices write it: a parent's, brother's or neighbour's number, names only, cut numbers, registers without
guardians. Who is missed, paid twice, paid through another school or on a brother's card is a fact of both.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from samples.labelled import STAGES, Labelled
from samples.misspellings import NAME_MISSPELLINGS, NUMBER_MISSPELLINGS, Cells
from samples.model import Child, Family, Person, School, Seat
from samples.people import FamilyMaker, Registry, make_families
from samples.plan import AUTUMN, QINGHE, CountyPlan
from samples.schools import SchoolMap, seats

COUNTY_CODE = "990156"
SCHEMES = {
    ("primary", True): ("寄宿生生活补助", "500"),
    ("junior", True): ("寄宿生生活补助", "625"),
    ("primary", False): ("非寄宿生生活补助", "250"),
    ("junior", False): ("非寄宿生生活补助", "312.5"),
    ("senior", False): ("普通高中国家助学金", "1000"),
    ("senior", True): ("普通高中国家助学金", "1000"),
}
GRADES = dict(
    zip(
        range(1, 13),
        [
            "一年级",
            "二年级",
            "三年级",
            "四年级",
            "五年级",
            "六年级",
            "七年级",
            "八年级",
            "九年级",
            "高一",
            "高二",
            "高三",
        ],
        strict=True,
    )
)
LISTED_SHARE = 0.45  # of the families
# Of the children to be paid: what happened to them, whoever wrote it down.
UNPAID, TWICE, UNLISTED_PAID, GHOSTS, GONE_SHARE = 0.04, 0.015, 0.01, 0.012, 0.01
OTHER_SCHOOL, SHARED_CARD, ADULT_HOLDER, STRANGE_HOLDER = 0.03, 0.5, 0.5, 0.01
GUARDIAN_HOLDS = 0.8  # of the cards in a grown-up's name
ELIGIBILITY_MISSPELLINGS = 0.04


@dataclass(frozen=True)
class Habits:
    """How a county writes: does the register tell guardians, do the lists tell whole households, how often is a payment
    touched by a slip, and what share of the schools posts names only."""

    guardians: bool = True
    households: bool = True
    touched: float = 0.15
    names_only: float = 0.0


@dataclass
class Everyday:
    """``facts`` and ``written``: the tables of both; ``kind``: which slip touched a payment, by its source; ``fact_of``: the row
    of the facts that each row written stands for, as findings cite rows."""

    facts: Labelled
    written: Labelled
    fact_of: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> dict[str, str]:
        return {source: kind for table, source, _pupil, kind in self.written.truth if table == "payments"}


Context = tuple[Child, "_Writer"]
FamilyMisspelling = Callable[[Cells, Context], Cells | None]


def _under(cells: Cells, person: Person | None) -> Cells | None:
    return cells | {"id_number": person.id_number} if person else None


def parent_number(cells: Cells, context: Context) -> Cells | None:
    return _under(cells, context[0].family.guardian)


def other_parent_number(cells: Cells, context: Context) -> Cells | None:
    return _under(cells, context[0].family.adults[-1])


def sibling_number(cells: Cells, context: Context) -> Cells | None:
    child, writer = context
    others = [other for other in child.family.children if other is not child]
    return _under(cells, writer.chance.choice(others) if others else None)


def neighbour_number(cells: Cells, context: Context) -> Cells | None:
    """The number of the row above: another pupil of the same school."""
    child, writer = context
    return _under(cells, writer.neighbours.get(child))


def names_only(cells: Cells, context: Context) -> Cells | None:
    return {
        key: cell
        for key, cell in cells.items()
        if key not in ("id_number", "school_code", "account_no", "account_holder")
    }


def name_and_school(cells: Cells, context: Context) -> Cells | None:
    return {
        key: cell for key, cell in cells.items() if key not in ("id_number", "account_no", "account_holder")
    }


FAMILY_MISSPELLINGS: Mapping[str, FamilyMisspelling] = {
    "parent_number": parent_number,
    "other_parent_number": other_parent_number,
    "sibling_number": sibling_number,
    "neighbour_number": neighbour_number,
    "names_only": names_only,
    "name_and_school": name_and_school,
}
PLAIN_MISSPELLINGS = {
    name: misspelling
    for name, misspelling in {**NUMBER_MISSPELLINGS, **NAME_MISSPELLINGS}.items()
    if name != "other_student_no"
}


def everyday_county(seed: int, children_per_cohort: int = 300, habits: Habits = Habits()) -> Everyday:
    """The county of ``seed``; the same for the same seed and habits."""
    sizes = dict.fromkeys(("preschool", "primary", "junior", "senior"), children_per_cohort)
    plan = CountyPlan(
        COUNTY_CODE, "寻常县", "everyday", seed, QINGHE.towns, (AUTUMN,), children_per_cohort=sizes
    )
    registry = Registry(plan)
    families = make_families(plan, FamilyMaker(plan, registry))
    return _Writer(plan, registry, families, habits).write()


class _Writer:
    """Writes both counties; facts and slips are drawn from streams of their own, so habits change no fact."""

    def __init__(self, plan: CountyPlan, registry: Registry, families: list[Family], habits: Habits) -> None:
        self.habits, self.families, self.registry = habits, families, registry
        self.fact, self.chance = random.Random(f"{plan.key}:facts"), random.Random(f"{plan.key}:slips")
        self.schools = SchoolMap(plan)
        children = [child for family in families for child in family.children]
        self.seats = seats(children, self.schools, plan.terms[0].school_year)
        self.listed: set[Family] = set()
        self.neighbours: dict[Child, Child] = {}
        self.bare_schools = {
            school.code for school in self.schools.schools if self.chance.random() < habits.names_only
        }
        self.county = Everyday(Labelled(), Labelled())

    def write(self) -> Everyday:
        for school in self.schools.schools:
            cells = {
                "school_code": school.code,
                "school_name": school.name,
                "stage": STAGES.get(school.stage, ""),
                "town": school.town,
            }
            self._row_of_both("schools", cells, cells)
        enrolled = {
            child: self._enrol(child, seat)
            for child, seat in self.seats.items()
            if self.fact.random() >= GONE_SHARE
        }
        last: dict[str, Child] = {}
        for child in enrolled:
            code = self.seats[child].school.code
            if code in last:
                self.neighbours[child] = last[code]
            last[code] = child
        for family in self.families:
            self._household(family)
        for family in self.families:
            self._cards(family)
            for child in family.children:
                if child in self.seats:
                    self._pay(child, enrolled.get(child))
        return self.county

    def _row_of_both(
        self, table: str, fact: Cells, slipped_cells: Cells, pupil: str | None = None, kind: str = ""
    ) -> str:
        so = self.county.facts.add(table, fact, pupil, "")
        source = self.county.written.add(table, slipped_cells, pupil, kind)
        self.county.fact_of[f"{table}:{source}"] = f"{table}:{so}"
        return source

    def _enrol(self, child: Child, seat: Seat) -> str:
        guardian = child.family.guardian
        cells = {
            "student_no": child.student_no, "name": child.name, "id_number": child.id_number, "sex": child.sex,
            "birth_date": child.born.isoformat(), "school_code": seat.school.code, "school_name": seat.school.name,
            "stage": STAGES[seat.stage], "grade": GRADES[seat.grade], "boarding": "住校" if seat.boards else "走读", "status": "在读",
        }  # fmt: skip
        kin = {"guardian_name": guardian.name, "guardian_id": guardian.id_number}
        return self._row_of_both("enrolment", cells | kin, cells | (kin if self.habits.guardians else {}))

    def _household(self, family: Family) -> None:
        if self.fact.random() >= LISTED_SHARE:
            return
        self.listed.add(family)
        for at, person in enumerate([*family.adults, *family.children]):
            cells = {
                "name": person.name, "id_number": person.id_number, "category": "建档立卡", "town": family.town,
                "household_no": f"HU{family.number:06d}",
                "relation": ("户主", "配偶")[at] if at < 2 else "之父" if at < len(family.adults) else "之子",
            }  # fmt: skip
            if isinstance(person, Child):
                self._row_of_both(
                    "eligibility", cells, self._slipped(cells, person, ELIGIBILITY_MISSPELLINGS, {})[0]
                )
            elif self.habits.households:
                self._row_of_both("eligibility", cells, cells)
            else:
                self.county.facts.add("eligibility", cells, None, "")

    def _cards(self, family: Family) -> None:
        shared, common = self.fact.random() < SHARED_CARD, self.registry.account()
        adult = family.guardian if self.fact.random() < GUARDIAN_HOLDS else self.fact.choice(family.adults)
        own = self.fact.random() >= ADULT_HOLDER
        for child in family.children:
            child.account = common if shared else self.registry.account()
            child.holder = (family.children[0] if shared else child).name if own else adult.name
            if self.fact.random() < STRANGE_HOLDER:
                child.holder = self.fact.choice(self.families).guardian.name

    def _pay(self, child: Child, pupil: str | None) -> None:
        seat = self.seats[child]
        due = SCHEMES.get((seat.stage, seat.boards))
        chance_of_pay = 1 - UNPAID if child.family in self.listed else UNLISTED_PAID
        if due is None or self.fact.random() >= chance_of_pay:
            return
        for _again in range(1 + (self.fact.random() < TWICE)):
            self._payment(child, pupil, self._school(seat), due)
        if self.fact.random() < GHOSTS:
            self._ghost(child, seat.school, due)

    def _school(self, seat: Seat) -> School:
        others = [school for school in self.schools.of(seat.stage) if school is not seat.school]
        return self.fact.choice(others) if others and self.fact.random() < OTHER_SCHOOL else seat.school

    def _payment(self, child: Child, pupil: str | None, school: School, due: tuple[str, str]) -> None:
        cells = {
            "name": child.name, "id_number": child.id_number, "school_code": school.code, "scheme": due[0], "amount": due[1],
            "term": "2020年秋季学期", "result": "成功", "pay_date": "2020-11-20", "account_no": child.account, "account_holder": child.holder,
        }  # fmt: skip
        if school.code in self.bare_schools:
            bare = names_only(cells, (child, self)) or cells
            self._row_of_both(
                "payments", cells, bare | {"school_code": school.code}, pupil, "name_and_school"
            )
            return
        slipped_cells, kind = self._slipped(cells, child, self.habits.touched, FAMILY_MISSPELLINGS)
        self._row_of_both("payments", cells, slipped_cells, pupil, kind)

    def _slipped(
        self, cells: Cells, child: Child, share: float, family_misspellings: Mapping[str, FamilyMisspelling]
    ) -> tuple[Cells, str]:
        """``cells`` as they stand, or touched by a slip: one of the family's half of the time, where there are any."""
        if self.chance.random() >= share:
            return cells, ""
        while True:
            if family_misspellings and self.chance.random() < 0.6:
                kind = self.chance.choice(list(family_misspellings))
                slipped_cells = family_misspellings[kind](cells, (child, self))
            else:
                kind = self.chance.choice(list(PLAIN_MISSPELLINGS))
                slipped_cells = PLAIN_MISSPELLINGS[kind](cells, child, self.chance)
            if slipped_cells and slipped_cells != cells:
                return slipped_cells, kind

    def _ghost(self, like: Child, school: School, due: tuple[str, str]) -> None:
        """A payment to someone whom no register knows; half of them tell no number."""
        name = like.name[0] + self.fact.choice(self.families).children[0].name[1:]
        number = self.registry.id_number(like.born, like.sex) if self.fact.random() < 0.5 else ""
        cells = {
            "name": name, "id_number": number, "school_code": school.code, "scheme": due[0], "amount": due[1],
            "term": "2020年秋季学期", "result": "成功", "pay_date": "2020-11-20",
            "account_no": self.registry.account(), "account_holder": name,
        }  # fmt: skip
        self._row_of_both("payments", cells, cells, None, "ghost")


def _habits() -> tuple[Habits, ...]:
    """With and without guardians, whole households and pupils only, few slips and many, lists that tell names only."""
    plain = [Habits(guardians, households) for guardians in (True, False) for households in (True, False)]
    return (*plain, *(replace(habits, touched=0.25, names_only=0.15) for habits in plain))


EIGHT = _habits()
