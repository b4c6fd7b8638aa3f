"""Invented schools with ten-digit codes beginning 99, and where a child is enrolled in a term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from samples.model import STAGE_OF_GRADE, Child, School, Seat
from samples.plan import CountyPlan

PRIMARY_NAMES = ("中心小学", "第二小学", "希望小学")
CLASS_SIZE = 48


class SchoolMap:
    """The county's schools by town and stage."""

    def __init__(self, plan: CountyPlan) -> None:
        self._plan = plan
        self.schools: list[School] = []
        self._by_place: dict[tuple[str, str], list[School]] = defaultdict(list)
        for town in plan.towns:
            self._add_town(town)
        seat = plan.towns[0]
        for name in ("实验小学", "育才小学", "城东小学", "城西小学"):
            self._add(name, "primary", seat)
        for name in ("实验中学", "城南中学", "城北初级中学"):
            self._add(name, "junior", seat)
        for name in ("第一高级中学", "第二高级中学", "明德高级中学"):
            self._add(name, "senior", seat, former=name.replace("高级中学", "中学"))
        self._add("特殊教育学校", "special", seat)
        self._add("职业技术学校", "vocational", seat)

    def _add_town(self, town: str) -> None:
        short = town[:-1]
        for kind in PRIMARY_NAMES:
            self._add(town + kind, "primary", town, former=short + kind)
        self._add(town + "中学", "junior", town, former=short + "初级中学")
        self._add(town + "中心幼儿园", "preschool", town)

    def _add(self, name: str, stage: str, town: str, former: str = "") -> None:
        code = f"99{self._plan.county_code[2:]}{len(self.schools) + 1:04d}"
        aliases = (name,) + ((former,) if former else ())
        school = School(code, self._plan.county_name + name, stage, town, aliases)
        self.schools.append(school)
        self._by_place[stage, town].append(school)

    def of(self, stage: str, town: str = "") -> list[School]:
        """Schools of a stage, in ``town`` or, where it has none, anywhere."""
        return self._by_place[stage, town] or [s for s in self.schools if s.stage == stage]

    def school_of(self, child: Child, stage: str) -> School:
        """The same school for all children of a family and stage; one that has moved goes to the next one."""
        choices = self.of(stage, child.family.town)
        everywhere = [s for s in self.schools if s.stage == stage]
        at = everywhere.index(choices[child.family.number % len(choices)])
        return everywhere[(at + child.moved) % len(everywhere)]


def stage_of(child: Child, school_year: int) -> str:
    """The stage of the register that a child is enrolled in, "" when in none of them."""
    grade = child.grade(school_year)
    if child.family.away or not 1 <= grade <= 12:
        return ""
    if child.path == "special":
        return "special" if grade <= 9 else ""
    stage = STAGE_OF_GRADE[grade]
    return "" if stage == "senior" and child.path != "senior" else stage


def seats(children: Iterable[Child], schools: SchoolMap, school_year: int) -> dict[Child, Seat]:
    """Everyone's school, grade and class in a school year."""
    seat_counts: dict[tuple[str, int], int] = defaultdict(int)
    by_child = {}
    for child in children:
        stage = stage_of(child, school_year)
        if not stage:
            continue
        school, grade = schools.school_of(child, stage), child.grade(school_year)
        seat_counts[school.code, grade] += 1
        by_child[child] = Seat(
            school, stage, grade, seat_counts[school.code, grade] // CLASS_SIZE + 1, child.boards
        )
    return by_child
