"""Terms: ``YYYY-spring`` (March to August), ``YYYY-autumn`` (September to February)."""

from __future__ import annotations

import datetime as dt
import re

PATTERN = re.compile(r"^((?:19[5-9]|20[0-9])[0-9])-(spring|autumn)\Z")  # 1950 to 2099


def first_day(term: str) -> dt.date:
    """1 March or 1 September of the term's year."""
    year, season = term.split("-")
    return dt.date(int(year), 3 if season == "spring" else 9, 1)


def last_day(term: str) -> dt.date:
    """31 August, or the last day of the following February."""
    year, season = term.split("-")
    if season == "spring":
        return dt.date(int(year), 8, 31)
    return dt.date(int(year) + 1, 3, 1) - dt.timedelta(days=1)


def first_day_of_papers(term: str) -> dt.date:
    """Two months before the term begins: from then on an application or a letter can be one for this term."""
    first = first_day(term)
    return dt.date(first.year, first.month - 2, 1)


def before(term: str) -> str:
    """The term before: of an autumn the spring of its year, of a spring the autumn of the year before."""
    year, season = term.split("-")
    return f"{year}-spring" if season == "autumn" else f"{int(year) - 1}-autumn"


def age_day(term: str) -> dt.date:
    """31 August before the term: the day on which school age is counted."""
    day = first_day(term)
    return dt.date(day.year - (day.month == 3), 8, 31)


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day ``years`` earlier; of a day that every year has."""
    return day.replace(year=day.year - years)
