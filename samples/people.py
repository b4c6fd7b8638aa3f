"""Families and children: made-up names, ID numbers with an area that no one has, paths through school."""

from __future__ import annotations

import datetime as dt
import random

from stdnum.cn import ric

from samples.model import Child, Family, Person
from samples.names import NameMaker
from samples.plan import CountyPlan


def check_digit(body: str) -> str:
    """The check character of 17 digits (GB 11643-1999)."""
    return ric.calc_check_digit(body + "0")  # stdnum takes a whole number and looks at all but its last


def with_check(body: str) -> str:
    return body + check_digit(body)


class Registry:
    """Hands out ID numbers and account numbers, each once."""

    def __init__(self, plan: CountyPlan) -> None:
        self._random = random.Random(f"{plan.key}:numbers")
        self._taken: set[str] = set()
        self._area = plan.county_code

    def id_number(self, birth: dt.date, sex: str, area: str = "") -> str:
        """A number never given before; one child in twelve was registered in another county."""
        while True:
            place = area or (
                self._area
                if self._random.random() < 0.92
                else f"{self._area[:4]}{self._random.randint(41, 49)}"
            )
            order = self._random.randint(0, 499) * 2 + (1 if sex == "男" else 0)
            number = with_check(f"{place}{birth:%Y%m%d}{order:03d}")
            if number not in self._taken:
                self._taken.add(number)
                return number

    def account(self) -> str:
        while True:
            number = "9990" + "".join(self._random.choices("0123456789", k=15))
            if number not in self._taken:
                self._taken.add(number)
                return number


class FamilyMaker:
    """Makes families; every random choice comes from one stream."""

    def __init__(self, plan: CountyPlan, registry: Registry) -> None:
        self.plan = plan
        self.registry = registry
        self.names = NameMaker(f"{plan.key}:names")
        self.random = random.Random(f"{plan.key}:families")
        self.families = 0
        self.children = 0

    def family(self, entries: list[int], *, twins: bool = False, away: bool = False) -> Family:
        """A family whose children entered (or will enter) primary school in the years ``entries``."""
        self.families += 1
        town = self.random.choices(self.plan.towns, [5] + [2] * (len(self.plan.towns) - 1))[0]
        family = Family(
            self.families,
            town,
            f"{self.random.choice('东西南北上下新大小')}{self.random.choice('庄坪湾岭桥塘冲')}村",
            away=away,
        )
        father_name, surname = self._father()
        oldest = min(entries) - 7
        family.adults = [
            self._person(father_name, "男", oldest - self.random.randint(22, 38)),
            self._person(
                self.names.surname() + self.names.given("女"), "女", oldest - self.random.randint(21, 36)
            ),
        ]
        if self.random.random() < 0.25:
            family.adults.append(
                self._person(surname + self.names.given("男"), "男", oldest - self.random.randint(48, 60))
            )
        if self.random.random() < 0.3:
            family.adults[0], family.adults[1] = family.adults[1], family.adults[0]
        birth = None
        for entry in entries:
            birth = birth if twins and birth else self._birthday(entry)
            family.children.append(self._child(family, entry, birth, surname, father_name))
        return family

    def _father(self) -> tuple[str, str]:
        if self.random.random() < 0.012:
            return self.names.minority_father(), ""
        surname = self.names.surname()
        return surname + self.names.given("男"), surname

    def _birthday(self, entry: int) -> dt.date:
        """Six years old on 31 August of the year of entry: the register's cohort."""
        return dt.date(entry - 7, 9, 1) + dt.timedelta(days=self.random.randint(3, 360))

    def _person(self, name: str, sex: str, year: int) -> Person:
        birth = dt.date(year, 1, 1) + dt.timedelta(days=self.random.randint(0, 364))
        return Person(name, sex, birth, self.registry.id_number(birth, sex))

    def _child(self, family: Family, entry: int, birth: dt.date, surname: str, father: str) -> Child:
        self.children += 1
        sex = "男" if self.random.random() < 0.52 else "女"
        name = surname + self.names.given(sex) if surname else self.names.minority(sex, father)
        child = Child(
            name,
            sex,
            birth,
            self.registry.id_number(birth, sex),
            self.children,
            family,
            entry,
            self._path(entry),
        )
        child.student_no = self._student_no(child)
        child.boards = self.random.random() < (0.28 if entry > 2013 else 0.68)
        return child

    def _path(self, entry: int) -> str:
        draw = self.random.random()
        if draw < 0.008:
            return "special"
        if entry > 2011:
            return "senior"
        return "senior" if draw < 0.62 else "vocational" if draw < 0.90 else "none"

    def _student_no(self, child: Child) -> str:
        draw = self.random.random()
        if draw < 0.965:
            return "G" + child.id_number
        sex = "男" if draw < 0.985 else "女"
        elsewhere = child.born + dt.timedelta(days=self.random.randint(20, 90))
        return "L" + self.registry.id_number(elsewhere, sex, area=self.plan.county_code)


def cohort_sizes(plan: CountyPlan) -> dict[int, int]:
    """Children to be made per year of entering primary school."""
    first_year = plan.terms[0].school_year
    sizes = plan.children_per_cohort
    stages = ["senior"] * 3 + ["junior"] * 3 + ["primary"] * 6 + ["preschool"] * 4
    return {first_year - 11 + i: sizes[stage] for i, stage in enumerate(stages)}


def make_families(plan: CountyPlan, maker: FamilyMaker) -> list[Family]:
    """Families until each cohort is full: one, two or three children, some twins."""
    places = cohort_sizes(plan)
    chance = random.Random(f"{plan.key}:cohorts")
    families = []
    while any(places.values()):
        years = [year for year, n in places.items() for _ in range(1) if n]
        weights = [places[year] for year in years]
        size = chance.choices([1, 2, 3], [46, 42, 12])[0]
        entry_years = sorted(set(chance.choices(years, weights, k=size)))
        twins = len(entry_years) == 1 and places[entry_years[0]] > 1 and chance.random() < 0.02
        entries = entry_years * 2 if twins else entry_years
        for year in entries:
            places[year] -= 1
        families.append(maker.family(entries, twins=twins))
    return families
