"""A county of which it is known who every record is: to train the linkage on, and to measure it with.

Not a delivery: the rows are handed over as text cells, for files are read elsewhere. Twins, siblings and namesakes
come at the rates of :mod:`samples.people`; brothers and sisters often share a character of their names.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from auditlib.tables.delivered import TABLES
from samples.doubled import double
from samples.misspellings import MISSPELLINGS, NAME_MISSPELLINGS, NUMBER_MISSPELLINGS, Cells
from samples.model import Child, Family, Person, Seat
from samples.names import OTHER_NAMES, SEPARATOR
from samples.people import FamilyMaker, Registry, make_families
from samples.plan import AUTUMN, QINGHE, CountyPlan
from samples.schools import SchoolMap, seats

# Of the rows of each table the share that is touched by one of the slips, all kinds alike.
MISSPELT_SHARES = {"payments": 0.12, "eligibility": 0.08, "applications": 0.08, "letters": 0.08}
BOTH_SHARE = 0.5  # of the slips in a name, the share that comes with a slip in the number
GENERATION = 0.3  # of the families, the share whose children have a character in common
PAID, TWICE, LISTED_SHARE, APPLICATION_SHARE = 0.6, 0.2, 0.25, 0.4
OTHER_HOLDER = (
    0.2  # of the families, the share whose card is any grown-up's of the household, guardian or not
)
STAGES = {"primary": "小学", "junior": "初中", "senior": "高中", "special": "特殊教育"}
NO_NUMBER_IN_REGISTER = 0.01
SCHOOL_AGE_DAY = dt.date(2014, 9, 1)  # born before this day: has been at school
STRANGERS = 0.005  # payments to nobody's pupil, of all payments
TIMES_WITH_DOT = (
    4  # names with a separator are touched so many times as often, or there would be too few to measure
)


@dataclass
class Labelled:
    """``tables``: raw rows by table; ``truth``: ``table, source, pupil`` (the enrolment row, or nothing) and ``kind``.

    Apart from them, for the register held against itself: ``seconds``, a pupil's second record and the source of the
    first, and ``mistyped``, records as someone wrote them who slipped, by source.
    """

    tables: dict[str, list[Cells]] = field(default_factory=lambda: {name: [] for name in TABLES})
    truth: list[tuple[str, str, str | None, str]] = field(default_factory=list)
    seconds: list[tuple[Cells, str]] = field(default_factory=list)
    mistyped: dict[str, Cells] = field(default_factory=dict)

    def add(self, table: str, cells: Cells, pupil: str | None, kind: str) -> str:
        source = f"{table}!{len(self.tables[table]) + 2}"
        self.tables[table].append(cells | {"source": source})
        self.truth.append((table, source, pupil, kind))
        return source

    @property
    def labels(self) -> pd.DataFrame:
        return pd.DataFrame(self.truth, columns=["table", "source", "pupil", "kind"])


def labelled_county(seed: int, children_per_cohort: int = 1700) -> Labelled:
    """A county with some twelve times ``children_per_cohort`` pupils; the same for the same seed."""
    sizes = dict.fromkeys(("preschool", "primary", "junior", "senior"), children_per_cohort)
    plan = CountyPlan(
        "990155", "榜样县", "labelled", seed, QINGHE.towns, (AUTUMN,), children_per_cohort=sizes
    )
    registry = Registry(plan)
    families = make_families(plan, FamilyMaker(plan, registry))
    return _Writer(plan, registry, families).write()


class _Writer:
    """Writes the tables; every random choice comes from one stream."""

    def __init__(self, plan: CountyPlan, registry: Registry, families: list[Family]) -> None:
        self.plan, self.families, self.registry = plan, families, registry
        self.chance = random.Random(f"{plan.key}:labelled")
        self.schools = SchoolMap(plan)
        self.children = [child for family in families for child in family.children]
        self.seats = seats(self.children, self.schools, plan.terms[0].school_year)
        self.enrolled: dict[Child, str] = {}
        self.county = Labelled()

    def write(self) -> Labelled:
        for family in self.families:
            self._prepare(family)
        for school in self.schools.schools:
            cells = {"school_code": school.code, "school_name": school.name, "town": school.town}
            self.county.add("schools", cells, None, "")
        for child, seat in self.seats.items():
            self.enrolled[child] = self.county.add("enrolment", self._record(child, seat), None, "")
        for child in self.children:
            self._payment(child)
            self._stranger(child)
            self._application(child)
        for family in self.families:
            self._household(family)
        double(self.county, self.enrolled, self.seats, self.schools, self.registry, self.plan.key)
        return self.county

    def _prepare(self, family: Family) -> None:
        account, shared = self.registry.account(), self.chance.random() < 0.3
        common = self.chance.random() < GENERATION
        own_holder = self.chance.random() < 0.5
        adult = self.chance.choice(family.adults) if self.chance.random() < OTHER_HOLDER else family.guardian
        first = family.children[0].name
        numbers = {first}
        for child in family.children[1:]:
            alike = child.name[0] + first[1] + child.name[2:]
            if common and len(child.name) == 3 and len(first) == 3 and alike not in numbers:
                child.name = alike
            # Nobody has two children of one name, though the draw of names may.
            others = (child.name[0] + other for other in OTHER_NAMES)
            child.name = next(name for name in (child.name, *others) if name not in numbers)
            numbers.add(child.name)
        for child in family.children:
            child.account = account if shared else self.registry.account()
            child.holder = child.name if own_holder else adult.name

    def _record(self, child: Child, seat: Seat) -> Cells:
        bare = self.chance.random() < NO_NUMBER_IN_REGISTER
        guardian = child.family.guardian
        return {
            "student_no": "J" + self.registry.id_number(child.born, child.sex) if bare else child.student_no,
            "name": child.name,
            "id_number": "" if bare else child.id_number,
            "sex": child.sex,
            "birth_date": child.born.isoformat(),
            "school_code": seat.school.code,
            "school_name": seat.school.name,
            "stage": STAGES[seat.stage],
            "guardian_name": guardian.name,
            "guardian_id": guardian.id_number,
        }

    def _slipped(self, table: str, cells: Cells, person: Person) -> tuple[Cells, str]:
        """``cells`` as they stand, or touched by a slip, and of which kind."""
        dotted = SEPARATOR in person.name
        if not isinstance(person, Child) or self.chance.random() >= MISSPELT_SHARES[table] * (
            TIMES_WITH_DOT if dotted else 1
        ):
            return cells, ""
        while True:
            kind = (
                "separator"
                if dotted and self.chance.random() < 0.5
                else self.chance.choice(list(MISSPELLINGS))
            )
            if kind == "other_student_no" and "student_no" not in cells:
                continue
            misspelt_cells = MISSPELLINGS[kind](cells, person, self.chance)
            if misspelt_cells and kind in NAME_MISSPELLINGS and self.chance.random() < BOTH_SHARE:
                number = self.chance.choice(
                    [name for name in NUMBER_MISSPELLINGS if name != "other_student_no"]
                )
                misspelt_cells = NUMBER_MISSPELLINGS[number](misspelt_cells, person, self.chance)
            if misspelt_cells:
                return misspelt_cells, kind

    def _add(self, table: str, cells: Cells, person: Person) -> None:
        slipped_cells, kind = self._slipped(table, cells, person)
        pupil = self.enrolled.get(person) if isinstance(person, Child) else None
        self.county.add(table, slipped_cells, pupil, kind)

    def _payment(self, child: Child) -> None:
        seat = self.seats.get(child)
        if self.chance.random() >= PAID:
            return
        school = seat.school if seat else self.schools.school_of(child, "preschool")
        cells = {
            "name": child.name,
            "id_number": child.id_number,
            "school_code": school.code,
            "scheme": "寄宿生生活补助",
        }
        cells |= {"amount": "500", "account_no": child.account, "account_holder": child.holder}
        if seat and int(school.code) % 2:
            cells["student_no"] = child.student_no
        self._add("payments", cells, child)
        if self.chance.random() < TWICE:
            self._add("payments", cells, child)

    def _stranger(self, like: Child) -> None:
        """Now and then a payment through a pupil's school to someone whom no register knows, often without number."""
        seat = self.seats.get(like)
        if not seat or self.chance.random() >= STRANGERS:
            return
        name = like.name[0] + self.chance.choice(self.children).name[1:]
        number = self.registry.id_number(like.born, like.sex) if self.chance.random() < 0.5 else ""
        cells = {
            "name": name,
            "id_number": number,
            "school_code": seat.school.code,
            "scheme": "寄宿生生活补助",
        }
        cells |= {"amount": "500", "account_no": self.registry.account(), "account_holder": name}
        self.county.add("payments", cells, None, "stranger")

    def _application(self, child: Child) -> None:
        seat = self.seats.get(child)
        if seat and self.chance.random() < APPLICATION_SHARE:
            cells = {"name": child.name, "id_number": child.id_number, "school_name": seat.school.name}
            self._add("applications", cells, child)

    def _household(self, family: Family) -> None:
        if self.chance.random() >= LISTED_SHARE:
            return
        people: Iterator[Person] = iter([*family.adults, *family.children])
        for at, person in enumerate(people):
            cells = {
                "name": person.name,
                "id_number": person.id_number,
                "category": "建档立卡",
                "household_no": f"HU{family.number:06d}",
                "relation": ("户主", "配偶")[at] if at < 2 else "之父" if at < len(family.adults) else "之子",
                "town": family.town,
            }
            if family.number % 2:
                cells |= {"sex": person.sex, "birth_date": person.born.isoformat()}
            if isinstance(person, Child) and person.number % 3 and person.born < SCHOOL_AGE_DAY:
                cells["school_name"] = self._stale(person)
            self._add("eligibility", cells, person)
            if isinstance(person, Child) and person not in self.seats and person.born < SCHOOL_AGE_DAY:
                letter = {"name": person.name, "id_number": person.id_number, "destination": "外省某小学"}
                self._add("letters", letter, person)

    def _stale(self, child: Child) -> str:
        """The school as the village wrote it down: half of them have moved on since."""
        seat = self.seats.get(child)
        if seat and self.chance.random() < 0.5:
            return seat.school.name
        return self.schools.school_of(child, "primary").name
