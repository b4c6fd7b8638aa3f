"""Finding a pupil for a planted case or a trap: unused by any other, and like others in everything else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from samples import rates
from samples.books import Books
from samples.model import Child, Row, Seat
from samples.people import FamilyMaker
from samples.plan import TermPlan
from samples.registers import Lister

CHILD_BY_CHILD = ("", "other_hardship")  # nobody listed, or listed by the school
Condition = Callable[[Child], bool]


class Cases:
    """The books of a term, and a supply of pupils in random but fixed order."""

    def __init__(self, books: Books, maker: FamilyMaker, lister: Lister) -> None:
        self.books, self.maker, self.lister = books, maker, lister
        self.count = books.plan.plants
        plain = [
            c for c in books.seats if c not in lister.lists.preferred and c.student_no == "G" + c.id_number
        ]
        pupils = [c for c in plain if _stands_alone(c)]
        books.random.shuffle(pupils)
        self._pupils = [c for c in pupils if "·" not in c.name and len(c.name) > 1]

    @property
    def term(self) -> TermPlan:
        return self.books.term

    @property
    def autumn(self) -> bool:
        return self.term.term.endswith("autumn")

    def day(self, days: int) -> str:
        """A day counted from the count date."""
        return (self.term.count_date + dt.timedelta(days=days)).isoformat()

    def pupil(
        self,
        category: str,
        stage: str = "",
        *,
        boards: bool | None = None,
        fits: Condition = lambda child: True,
    ) -> Child:
        """An unused pupil of one register (``category`` "" for none), in a stage, boarding or not.

        Of the registers of households an only child, so that a case touches nobody else.
        """
        categories = (category,) if category else ()
        for child in self._pupils:
            seat = self.books.seats.get(child)
            if (
                seat
                and child not in self.books.used
                and self.books.categories[child] == categories
                and (category in CHILD_BY_CHILD or len(child.family.children) == 1)
                and (category or not self.books.listed.get(child))
                and (not stage or seat.stage == stage)
                and (boards is None or seat.boards == boards)
                and fits(child)
            ):
                self.books.used.add(child)
                return child
        raise ValueError(
            f"the county is too small: no pupil left ({category or 'unlisted'}, {stage or 'any stage'})"
        )

    def pupils(
        self,
        category: str,
        stage: str = "",
        *,
        boards: bool | None = None,
        count: int = 0,
        fits: Condition = lambda child: True,
    ) -> Iterator[Child]:
        for _ in range(count or self.count):
            yield self.pupil(category, stage, boards=boards, fits=fits)

    def boarders(
        self, category: str, *, count: int = 0, fits: Condition = lambda child: True
    ) -> Iterator[Child]:
        """Boarders of primary and junior schools: to the listed, one scheme is due."""
        return self.pupils(
            category, boards=True, count=count, fits=lambda c: self.is_schoolchild(c) and fits(c)
        )

    def is_schoolchild(self, child: Child) -> bool:
        """In compulsory education?"""
        return self.books.seats[child].stage in ("primary", "junior")

    def assorted(self) -> list[Child]:
        """One entitled pupil each of several sorts, as many as the plan asks for."""
        sorts = [
            ("registered_poor", "primary", True),
            ("low_income", "junior", False),
            ("other_hardship", "junior", True),
            ("registered_poor", "junior", True),
            ("other_hardship", "primary", True),
            ("low_income", "primary", False),
        ]
        return [self.pupil(c, s, boards=b) for c, s, b in sorts[: max(3, self.count)]]

    def due(self, child: Child) -> dict[str, int]:
        seat = self.books.seats[child]
        return rates.due(seat.stage, seat.boards, self.books.categories[child], self.term.term)

    def pay_due(self, child: Child, **cells: str) -> list[Row]:
        """Pay all that is due, grants at their average."""
        return [self.books.pay(child, scheme, amount, **cells) for scheme, amount in self.due(child).items()]

    def one_due(self, child: Child) -> tuple[str, int]:
        """The scheme and amount of a pupil to whom exactly one scheme is due."""
        ((scheme, amount),) = self.due(child).items()
        return scheme, amount

    def register_rows(self, child: Child) -> list[Row]:
        return [*self.books.listed[child], self.books.enrolled[child]]

    def other_seat(self, child: Child) -> Seat:
        """A seat in another school of the same stage."""
        seat = self.books.seats[child]
        schools = [s for s in self.books.schools.schools if s.stage == seat.stage and s != seat.school]
        other = schools[child.number % len(schools)]
        return Seat(other, seat.stage, seat.grade, seat.class_no, seat.boards)

    def stranger(self, birth: dt.date | None = None, *, listed: str = "") -> Child:
        """A child of no school here; on the eligibility register ``listed`` together with its family."""
        family = self.maker.family([2014 if birth is None else school_entry(birth)])
        child = family.children[0]
        if birth is not None:
            child.born = birth
            child.id_number = self.maker.registry.id_number(
                birth, child.sex, area=self.books.plan.county_code
            )
        child.student_no = ""
        child.account, child.holder = self.maker.registry.account(), child.name
        if listed:
            for at, adult in enumerate(family.adults):
                self.books.list_person(adult, family, listed, "户主" if at == 0 else "配偶", "2015-11-03")
            row = self.books.list_person(
                child, family, listed, "之子" if child.sex == "男" else "之女", "2015-11-03"
            )
            self.books.listed[child].append(row)
            self.books.categories[child] = (listed,)
        self.books.used.add(child)
        return child


def _stands_alone(child: Child) -> bool:
    """Has an account that no brother or sister uses?"""
    return all(other is child or other.account != child.account for other in child.family.children)


def school_entry(birth: dt.date) -> int:
    """The year in which a child born then is six on 31 August."""
    return birth.year + 6 + (birth >= dt.date(birth.year, 9, 1))


def school_cells(seat: Seat) -> dict[str, str]:
    return {"school_code": seat.school.code, "school_name": seat.school.name}
