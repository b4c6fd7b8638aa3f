"""Odd but innocent children, made before the first term and recognised by their schools in every one."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field

from samples.model import Child, Family
from samples.names import RARE
from samples.people import FamilyMaker
from samples.plan import CountyPlan
from samples.schools import SchoolMap, seats

PER_KIND = 8


@dataclass
class Oddities:
    """Children by what is odd about them; ``lenders``: whose ID numbers the L numbers look like."""

    without_number: list[Child] = field(default_factory=list)
    borrowed: list[Child] = field(default_factory=list)
    lenders: list[Child] = field(default_factory=list)
    over_age: list[Child] = field(default_factory=list)
    rare: list[Child] = field(default_factory=list)
    namesakes: list[tuple[Child, Child]] = field(default_factory=list)

    @property
    def preferred(self) -> set[Child]:
        namesakes = {child for pair in self.namesakes for child in pair}
        return {*self.without_number, *self.borrowed, *self.over_age, *self.rare} | namesakes


def make_oddities(
    plan: CountyPlan, maker: FamilyMaker, schools: SchoolMap, families: list[Family]
) -> Oddities:
    """Choose only children who board and stay in their school over the terms, and change what is odd."""
    chance = random.Random(f"{plan.key}:oddities")
    seat_of = seats((c for f in families for c in f.children), schools, plan.terms[0].school_year)
    pool = [
        child
        for child, seat in seat_of.items()
        if len(child.family.children) == 1
        and seat.boards
        and seat.grade in (2, 3, 4, 7)
        and "·" not in child.name
    ]
    chance.shuffle(pool)
    odd = Oddities()
    for _ in range(PER_KIND):
        odd.without_number.append(_without_number(pool.pop(), maker))
        lender = pool.pop()
        odd.lenders.append(lender)
        odd.borrowed.append(_with_number_of(pool.pop(), lender))
        odd.rare.append(_rare(pool.pop(), len(odd.rare)))
    odd.over_age = [_over_age(plan, maker, families, n) for n in range(PER_KIND // 2)]
    odd.namesakes = _namesakes(pool, schools, plan)
    return odd


def _without_number(child: Child, maker: FamilyMaker) -> Child:
    """A pupil without ID number, under a J student number."""
    number = maker.registry.id_number(
        child.born + dt.timedelta(days=33), child.sex, area=maker.plan.county_code
    )
    child.id_number, child.student_no = "", "J" + number
    return child


def _with_number_of(child: Child, lender: Child) -> Child:
    """A provisional student number that looks like the ID number of another pupil."""
    child.student_no = "L" + lender.id_number
    return child


def _rare(child: Child, at: int) -> Child:
    """A name with a character that GBK does not have."""
    child.name = child.name[0] + RARE[at % len(RARE)] + ("" if at % 2 else child.name[-1])
    return child


def _over_age(plan: CountyPlan, maker: FamilyMaker, families: list[Family], at: int) -> Child:
    """A senior pupil born in 1999: old enough for a number of 15 digits to be written."""
    family = maker.family([plan.terms[0].school_year - 9])
    child = family.children[0]
    child.born = dt.date(1999, 3 + at, 12 + at)
    while True:
        child.id_number = maker.registry.id_number(child.born, child.sex, area=plan.county_code)
        if child.id_number[-1] != "X":
            break
    child.student_no, child.path = "G" + child.id_number, "senior"
    for adult in family.adults:
        adult.born = adult.born.replace(year=adult.born.year - 6, day=min(adult.born.day, 28))
        adult.id_number = maker.registry.id_number(adult.born, adult.sex)
    families.append(family)
    return child


def _namesakes(pool: list[Child], schools: SchoolMap, plan: CountyPlan) -> list[tuple[Child, Child]]:
    """Pairs of one school year and school given one name."""
    together: dict[tuple[str, int, str], list[Child]] = defaultdict(list)
    for child in pool:
        stage = "primary" if child.grade(plan.terms[0].school_year) < 7 else "junior"
        together[schools.school_of(child, stage).code, child.entry, child.sex].append(child)
    pairs = [(group[0], group[1]) for _, group in sorted(together.items()) if len(group) > 1][: PER_KIND // 2]
    for first, second in pairs:
        second.name = first.name
    return pairs


def short_number(number: str) -> str:
    """The 15-digit form of the number of someone born in the 20th century."""
    return number[:6] + number[8:17]
