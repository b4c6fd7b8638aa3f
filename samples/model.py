"""The people and things of an invented county, and the rows that are written about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True)
class School:
    code: str
    name: str
    stage: str
    town: str
    aliases: tuple[str, ...] = ()


@dataclass(eq=False, slots=True)
class Person:
    name: str
    sex: str
    born: dt.date
    id_number: str


@dataclass(eq=False, slots=True)
class Child(Person):
    """``entry``: the year of entering primary school; ``path``: senior, vocational, none, special or away."""

    number: int
    family: Family
    entry: int
    path: str
    student_no: str = ""
    account: str = ""
    holder: str = ""
    boards: bool = False
    moved: bool = False

    def grade(self, school_year: int) -> int:
        """1 in the first primary year; below 1 in kindergarten."""
        return school_year - self.entry + 1


@dataclass(eq=False, slots=True)
class Family:
    number: int
    town: str
    village: str
    adults: list[Person] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    away: bool = False

    @property
    def guardian(self) -> Person:
        return self.adults[0]


@dataclass(frozen=True)
class Seat:
    """Where a child is enrolled in a term."""

    school: School
    stage: str
    grade: int
    class_no: int
    boards: bool


@dataclass(eq=False, slots=True)
class Row:
    """One row to be written: clean text by column, cells written otherwise (``raw``), and where it went."""

    table: str
    cells: dict[str, str]
    file: str = ""
    sheet: str = ""
    raw: dict[str, object] = field(default_factory=dict)
    source: str = ""
    rejected: str = ""

    @property
    def address(self) -> str:
        return f"{self.table}:{self.source}"


@dataclass(frozen=True)
class AnswerRow:
    """A finding that the audit must make, or (in the list of traps) must not make."""

    rule: str
    reason: str
    subject: dict[str, str]
    at_stake: str
    records: tuple[Row, ...]
    note: str


STAGE_OF_GRADE = {
    **dict.fromkeys(range(1, 7), "primary"),
    **dict.fromkeys(range(7, 10), "junior"),
} | dict.fromkeys(range(10, 13), "senior")


def fen(yuan: str | float | int) -> int:
    """Yuan as whole fen; the standards have no smaller part."""
    yuan_part, _, part = str(yuan).partition(".")
    return int(yuan_part) * 100 + int((part + "00")[:2])


def yuan(amount: int) -> str:
    """Fen as yuan with two decimals."""
    sign, amount = ("-", -amount) if amount < 0 else ("", amount)
    return f"{sign}{amount // 100}.{amount % 100:02d}"
