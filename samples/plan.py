"""What a sample county is made of: its terms, the totals it must tie out to, sizes and seed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from auditlib.base import terms


@dataclass(frozen=True)
class Printed:
    """A printed total: person-times and fen."""

    persons: int
    amount: int

    def __add__(self, other: Printed) -> Printed:
        return Printed(self.persons + other.persons, self.amount + other.amount)

    def __sub__(self, other: Printed) -> Printed:
        return Printed(self.persons - other.persons, self.amount - other.amount)


@dataclass(frozen=True)
class TermPlan:
    """One term: its dates, its printed totals by category, its letters, its fallback payments.

    ``vocational`` and ``other_preschool`` are wishes for payments outside the enrolment register (the
    latter of children whom the kindergarten recognises), ``recognised_seniors`` one for the schools'
    own lists; the solver departs from them as it must. Without ``tie_out`` the printed totals only set
    the size, and nothing is solved for. ``counted_on``: the day on which heads are counted; with it come
    the files of the child half.
    """

    term: str
    count_date: dt.date
    pay_by: dt.date
    reply_by: dt.date
    pay_dates: tuple[dt.date, ...]
    printed: dict[str, Printed]
    letters: int
    fallback: Printed
    vocational: dict[str, int]
    recognised_seniors: int
    other_preschool: int = 500
    tie_out: bool = True
    counted_on: dt.date | None = None

    @property
    def school_year(self) -> int:
        """The year in which the school year of this term began."""
        year = int(self.term[:4])
        return year if self.term.endswith("autumn") else year - 1

    @property
    def first_day(self) -> dt.date:
        return dt.date(int(self.term[:4]), 3 if self.term.endswith("spring") else 9, 1)

    @property
    def last_day(self) -> dt.date:
        return terms.last_day(self.term)

    @property
    def age_day(self) -> dt.date:
        """31 August before the term."""
        return dt.date(self.school_year, 8, 31)


@dataclass(frozen=True)
class CountyPlan:
    """A county to be invented.

    ``moving_share``: pupils who go to another school between two terms; ``plants``: how many of each planted
    case, at least; ``dirt_rate``: share of cells with a harmless slip; ``left_out``: names of cases of
    :mod:`samples.catalogue` that this county does not have. All cases together need some 6500 pupils,
    a third of them listed; with fewer, the generator says which pupils it lacks.
    """

    county_code: str
    county_name: str
    slug: str
    seed: int
    towns: tuple[str, ...]
    terms: tuple[TermPlan, ...]
    policy: str = "qinghe"
    children_per_cohort: dict[str, int] = field(
        default_factory=lambda: {"preschool": 2050, "primary": 2230, "junior": 2550, "senior": 2700}
    )
    low_income_share: float = 0.030
    destitute_share: float = 0.0022
    orphans: int = 50
    disabled: int = 140
    recognised_day_pupils: int = 160
    moving_share: float = 0.012
    plants: int = 3
    dirt_rate: float = 0.02
    left_out: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        return f"{self.county_code}:{self.seed}"


SPRING = TermPlan(
    term="2020-spring",
    count_date=dt.date(2020, 4, 30),
    pay_by=dt.date(2020, 7, 31),
    reply_by=dt.date(2020, 7, 15),
    pay_dates=(dt.date(2020, 6, 12), dt.date(2020, 6, 19), dt.date(2020, 7, 3)),
    printed={
        "registered_poor": Printed(7106, 358440000),
        "urban_hardship": Printed(924, 48672500),
        "other_hardship": Printed(5949, 350627750),
    },
    letters=1158,
    fallback=Printed(38, 1863000),
    vocational={"registered_poor": 200, "urban_hardship": 36, "other_hardship": 250},
    recognised_seniors=700,
)
AUTUMN = TermPlan(
    term="2020-autumn",
    count_date=dt.date(2020, 10, 31),
    pay_by=dt.date(2020, 12, 31),
    reply_by=dt.date(2020, 12, 15),
    pay_dates=(dt.date(2020, 11, 20), dt.date(2020, 11, 27), dt.date(2020, 12, 11)),
    printed={
        "registered_poor": Printed(7131, 445138750),
        "urban_hardship": Printed(898, 71132500),
        "other_hardship": Printed(7286, 487879000),
    },
    letters=1351,
    fallback=Printed(63, 3190750),
    vocational={"registered_poor": 200, "urban_hardship": 36, "other_hardship": 900},
    recognised_seniors=1200,
    counted_on=dt.date(2020, 10, 28),
)
QINGHE = CountyPlan(
    county_code="990122",
    county_name="青禾县",
    slug="qinghe",
    seed=20200901,
    towns=(
        "城关镇",
        "青坪镇",
        "禾丰镇",
        "石泉镇",
        "柳溪镇",
        "云岭镇",
        "白塘镇",
        "枫树镇",
        "双溪乡",
        "龙井乡",
        "高岭乡",
        "竹山乡",
    ),
    terms=(SPRING, AUTUMN),
)
COUNTIES: tuple[CountyPlan, ...] = (QINGHE,)
