"""The rhythm of the work: monthly ledger, quarterly roll-up, half-year circular (月调度、季汇总、半年通报).

A month's ledger is due by the 10th of the next; a quarter's report by the 15th of its last month, when its three
ledgers are in: those of the month before the quarter and of its first two. Two quarters of ledgers, from March and
from September, are a term: the half-year. So months add up to quarters, and quarters to half-years.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from auditlib.base.language import Text

SEASONS = {
    "spring": Text("{year} 年春季学期", "spring term {year}"),
    "autumn": Text("{year} 年秋季学期", "autumn term {year}"),
}
MONTH = Text("{year} 年 {month} 月", "{year}-{month:02}")
QUARTER = Text(
    "{year} 年第{ordinal}季度（{first_zh}至{last_zh}台账）", "{year} Q{number} (ledgers of {first} to {last})"
)
ORDINALS = "一二三四"
LENGTHS = {"month": 1, "quarter": 3, "half_year": 6}
LEDGER_DAY, REPORT_DAY = 10, 15


@dataclass(frozen=True)
class Period:
    """``first`` and ``last`` day, both included; ``due`` is the day by which it is to be handed in, None if none is set."""

    kind: str
    first: dt.date
    last: dt.date
    due: dt.date | None
    title: Text

    @property
    def eve(self) -> dt.date:
        """The day before it began."""
        return self.first - dt.timedelta(days=1)


def term_words(term: str) -> Text:
    """``2020-autumn`` in words."""
    year, _, season = term.partition("-")
    return SEASONS[season].fill(year=year)


def periods(kind: str, since: dt.date, as_of: dt.date) -> list[Period]:
    """The periods that are over by the end of ``as_of``, from the one in which ``since`` lies."""
    return [period for period in _from(kind, since, as_of) if period.last <= as_of]


def under_way(kind: str, as_of: dt.date) -> Period:
    """The period that is not over by the end of ``as_of``."""
    return next(period for period in _from(kind, as_of, as_of) if period.last > as_of)


def periods_begun(kind: str, since: dt.date, as_of: dt.date) -> list[Period]:
    """:func:`periods`, and the one that has begun by ``as_of`` and is not over."""
    return [period for period in _from(kind, since, as_of) if period.first <= as_of]


def _from(kind: str, since: dt.date, until: dt.date) -> Iterator[Period]:
    length = LENGTHS[kind]
    begin = _month(since)
    begin -= (begin - 2) % length  # quarters and half-years of ledgers begin with March, 12 * year + 2
    while _first_day(begin) <= until + dt.timedelta(days=1):
        yield _period(kind, begin, begin + length)
        begin += length


def _month(day: dt.date) -> int:
    return 12 * day.year + day.month - 1


def _first_day(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)


def _period(kind: str, begin: int, end: int) -> Period:
    first, last = _first_day(begin), _first_day(end) - dt.timedelta(days=1)
    after, within = _first_day(end), _first_day(end)
    if kind == "month":
        title = MONTH.fill(year=first.year, month=first.month)
        return Period(kind, first, last, after.replace(day=LEDGER_DAY), title)
    if kind == "quarter":
        return Period(kind, first, last, within.replace(day=REPORT_DAY), _quarter(first, last, within))
    season = "spring" if first.month == 3 else "autumn"
    return Period(kind, first, last, None, term_words(f"{first.year}-{season}"))


def _quarter(first: dt.date, last: dt.date, within: dt.date) -> Text:
    number = (within.month - 1) // 3 + 1
    months = {"first": f"{first:%Y-%m}", "last": f"{last:%Y-%m}"}
    own_year = f" {last.year} 年" if last.year != first.year else ""
    months |= {"first_zh": f"{first.year} 年 {first.month} 月", "last_zh": f"{own_year} {last.month} 月"}
    return QUARTER.fill(year=within.year, number=number, ordinal=ORDINALS[number - 1], **months)
