"""Who is on which register: households with their adults, single children, pupils the schools recognise."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from samples import rates
from samples.books import STAGE_NAMES, Books
from samples.model import Child, Family, Seat
from samples.plan import CountyPlan, Printed
from samples.schools import stage_of

MONITORED_SHARE = 0.06  # of the registered households
PRESCHOOL_SHARE = 0.8  # of the listed kindergarten children who are paid
STAGES_TOLD = {"primary": "小学", "junior": "普通初中", "senior": "普通高中", "special": "特殊教育"}
FIRST_LISTED = ("2014-12", "2015-11-03", "2016-01", "2014-06-30", "2017-12-15", "2018-03")


@dataclass
class Lists:
    """Register membership, kept from term to term; ``preferred``: whom the schools recognise in any case."""

    families: dict[Family, str] = field(default_factory=dict)
    children: dict[Child, str] = field(default_factory=dict)
    recognised: dict[str, set[Child]] = field(default_factory=dict)
    preferred: set[Child] = field(default_factory=set)
    ended: dict[Family, str] = field(default_factory=dict)
    begun: dict[Family, str] = field(default_factory=dict)

    def active(self, family: Family) -> bool:
        return family in self.families and family not in self.ended


class Lister:
    """Fills the registers term by term so that the printed numbers come within reach of the solver."""

    def __init__(self, plan: CountyPlan, families: list[Family], preferred: set[Child]) -> None:
        self.plan = plan
        self.random = random.Random(f"{plan.key}:registers")
        self.lists = Lists(preferred=preferred)
        self.order = [family for family in families if self._can_be_listed(family)]
        self.random.shuffle(self.order)
        self._next = 0
        self._household_registers()
        self._single_children()

    def _can_be_listed(self, family: Family) -> bool:
        """No child of fifteen or less who would be in no register: that would be a case of its own."""
        years = [term.school_year for term in self.plan.terms]
        return not any(child in self.lists.preferred for child in family.children) and not any(
            1 <= child.grade(year) <= 10 and not stage_of(child, year)
            for child in family.children
            for year in years
        )

    def _take(self, *, town: bool = False) -> Family:
        """The next family not yet listed; ``town``: one of the county seat."""
        for at in range(self._next, len(self.order)):
            family = self.order[at]
            if (
                family
                and (not town or family.town == self.plan.towns[0])
                and family not in self.lists.families
            ):
                if not town:
                    self._next = at + 1
                return family
        raise ValueError("the county has too few families for its printed totals")

    def _household_registers(self) -> None:
        shares = {"low_income": self.plan.low_income_share, "destitute": self.plan.destitute_share}
        for category, share in shares.items():
            for _ in range(round(share * len(self.order))):
                self.lists.families[self._take()] = category

    def _single_children(self) -> None:
        """Orphans and disabled children of families on no other register; all of the special school."""
        year = self.plan.terms[0].school_year
        loose = [c for f in self.order if f not in self.lists.families for c in f.children]
        for child in loose:
            if child.path == "special":
                self.lists.children[child] = "disabled"
        pupils = iter(
            [
                c
                for c in loose
                if 1 <= c.grade(year) <= 10 and c.path == "senior" and len(c.family.children) == 1
            ]
        )
        for category, count in (("orphan", self.plan.orphans), ("disabled", self.plan.disabled)):
            for _ in range(count):
                self.lists.children[next(pupils)] = category

    def set_term(self, books: Books) -> None:
        """Bring the registers to what the term's printed totals need."""
        for category in ("registered_poor", "urban_hardship"):
            self._fit_families(books, category)
        self._recognise(books)
        for child in books.seats | dict.fromkeys(self.children_listed()):
            books.categories[child] = self.categories(child, books)

    def categories(self, child: Child, books: Books) -> tuple[str, ...]:
        """The registers the child is on as of the count date."""
        codes = []
        family = child.family
        if self.lists.active(family):
            codes.append(self.lists.families[family])
        if child in self.lists.children:
            codes.append(self.lists.children[child])
        if child in self.lists.recognised.get(books.term.term, ()):
            codes.append("other_hardship")
        return tuple(codes)

    def children_listed(self) -> Iterator[Child]:
        for family in self.lists.families:
            yield from family.children
        yield from self.lists.children

    def _rows_of(self, family: Family, category: str, books: Books) -> Counter[str]:
        """What a listed family adds: rows of covered stages, kindergarten children, vocational pupils."""
        counts: Counter[str] = Counter()
        for child in family.children:
            seat = books.seats.get(child)
            if seat:
                counts["rows"] += len(rates.due(seat.stage, seat.boards, (category,), books.term.term))
            elif is_preschool(child, books):
                counts["preschool"] += 1
            elif is_vocational(child, books):
                counts["vocational"] += 1
        return counts

    def _fit_families(self, books: Books, category: str) -> None:
        """Add families, or end the listing of some with one child, until the rest suits the pools."""
        same = rates.POVERTY_REGISTER if category == "registered_poor" else (category,)
        total: Counter[str] = Counter()
        for family, of in self.lists.families.items():
            if of in same and self.lists.active(family) and not family.away:
                total += self._rows_of(family, of, books)
        persons, vocational = books.term.printed[category].persons, books.term.vocational[category]
        while (
            total["rows"] + PRESCHOOL_SHARE * total["preschool"] + min(vocational, total["vocational"])
            < persons
        ):
            family = self._take(town=category == "urban_hardship")
            of = (
                "monitored"
                if category == "registered_poor" and self.random.random() < MONITORED_SHARE
                else category
            )
            self.lists.families[family] = of
            if books.term is not self.plan.terms[0]:
                self.lists.begun[family] = f"{books.term.first_day.year}-09-{10 + family.number % 20}"
            total += self._rows_of(family, of, books)
        self._end_some(books, same, total, persons)

    def _end_some(self, books: Books, same: tuple[str, ...], total: Counter[str], persons: int) -> None:
        for family, of in list(self.lists.families.items()):
            if total["rows"] + 0.3 * total["preschool"] + 0.5 * total["vocational"] <= persons:
                return
            if (
                of in same
                and self.lists.active(family)
                and len(family.children) == 1
                and family.children[0] in books.seats
            ):
                self.lists.ended[family] = f"{books.term.first_day.year}-06-30"
                total -= self._rows_of(family, of, books)

    def _recognise(self, books: Books) -> None:
        """The schools' own list: boarders, seniors, and some day pupils to whom nothing is due."""
        term = books.term
        others = (*rates.FOUR_GROUPS,)
        rows = sum(
            len(rates.due(seat.stage, seat.boards, self.categories(child, books), term.term))
            for child, seat in books.seats.items()
            if rates.stated_category(self.categories(child, books)) == "other_hardship"
            and any(c in others for c in self.categories(child, books))
        )
        persons = (
            term.printed["other_hardship"].persons
            - rows
            - term.vocational["other_hardship"]
            - term.other_preschool
        )
        before = set().union(*self.lists.recognised.values()) if self.lists.recognised else set()
        candidates = [
            c for c in books.seats if not self.lists.active(c.family) and c not in self.lists.children
        ]
        self.random.shuffle(candidates)
        candidates.sort(key=lambda child: (child not in self.lists.preferred, child not in before))
        pupils = self._quota(candidates, books, term.recognised_seniors, persons - term.recognised_seniors)
        self.lists.recognised[term.term] = pupils

    def _quota(self, candidates: Iterable[Child], books: Books, seniors: int, boarders: int) -> set[Child]:
        places = Counter({"senior": seniors, "boarder": boarders, "day": self.plan.recognised_day_pupils})
        pupils = set()
        for child in candidates:
            kind = quota_kind(books.seats[child])
            if places[kind] > 0:
                places[kind] -= 1
                pupils.add(child)
        return pupils


def quota_kind(seat: Seat) -> str:
    if seat.stage in ("senior", "special"):
        return seat.stage
    return "boarder" if seat.boards else "day"


def is_preschool(child: Child, books: Books) -> bool:
    return -2 <= child.grade(books.term.school_year) <= 0 and not child.family.away


def is_vocational(child: Child, books: Books) -> bool:
    """Second and third year of the vocational school: sixteen and more on the age day."""
    return (
        child.path == "vocational"
        and child.grade(books.term.school_year) in (11, 12)
        and not child.family.away
    )


def write_registers(lister: Lister, books: Books) -> None:
    """The eligibility rows of the term, households with their adults."""
    lists, term = lister.lists, books.term
    for family, category in sorted(lists.families.items(), key=lambda item: item[0].number):
        start = lists.begun.get(family, FIRST_LISTED[family.number % len(FIRST_LISTED)])
        end = lists.ended.get(family, "")
        if start > term.count_date.isoformat():
            continue
        for at, adult in enumerate(family.adults):
            books.list_person(
                adult, family, category, "户主" if at == 0 else "配偶" if at == 1 else "之父", start, end
            )
        for child in family.children:
            if child.born <= term.count_date:
                row = books.list_person(
                    child, family, category, "之子" if child.sex == "男" else "之女", start, end
                )
                row.cells |= school_told(child, books)
                books.listed[child].append(row)
    for child, category in sorted(lists.children.items(), key=lambda item: item[0].number):
        row = books.list_person(
            child, child.family, category, "", FIRST_LISTED[child.number % len(FIRST_LISTED)]
        )
        books.listed[child].append(row)
    for child in sorted(lists.recognised[term.term], key=lambda c: c.number):
        start = term.first_day.replace(day=5 + child.number % 20).isoformat()
        row = books.list_person(child, child.family, "other_hardship", "", start)
        row.sheet = STAGE_NAMES[books.seats[child].stage]
        row.cells["school_name"] = books.seats[child].school.name
        books.listed[child].append(row)


def school_told(child: Child, books: Books) -> dict[str, str]:
    """The school, by the one or other of its names, and the stage; of a child at no school here the school of before."""
    seat = books.seats.get(child)
    if seat:
        school = "" if child.number % 3 == 0 else books.name_of(seat.school, child)
        return {"school_name": school, "in_school": STAGES_TOLD[seat.stage]}
    before = stage_of(child, books.term.school_year - 2)
    school = "" if child.number % 3 == 0 or not before else books.schools.school_of(child, before).name
    return {"school_name": school, "in_school": "学前教育" if is_preschool(child, books) else ""}


def remaining(books: Books, category: str) -> Printed:
    return books.term.printed[category] - books.paid_total(category)
