"""Working days between two dates by the Chinese calendar: without public holidays, with make-up working days."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

CALENDAR = {"day": "date", "worked": "int64"}


@lru_cache
def calendar(first: dt.date, last: dt.date) -> pd.DataFrame:
    """``day, worked`` (working days up to and including the day) from ``first`` to ``last``.

    Holidays and make-up days from the package chinesecalendar, which follows the State Council's notices; years that it
    does not know count Monday to Friday.
    """
    from chinese_calendar import is_workday

    days = [first + dt.timedelta(days=i) for i in range((last - first).days + 1)]
    worked_days, total = [], 0
    for day in days:
        try:
            total += is_workday(day)
        except NotImplementedError:
            total += day.weekday() < 5
        worked_days.append(total)
    return pd.DataFrame({"day": days, "worked": worked_days})


def around(term: str) -> pd.DataFrame:
    """The calendar of the years in which a posting of ``term`` can have stood."""
    year = int(term[:4])
    return calendar(dt.date(year - 2, 1, 1), dt.date(year + 2, 12, 31))


def working_days(rows: ir.Table, days: ir.Table) -> ir.Table:
    """``rows`` with ``working_days`` (by the calendar ``days``) from ``posted_from`` to ``posted_to``, both included; NULL outside the calendar."""
    ends = days.select(posted_to="day", until="worked")
    # the day before the first, so that both ends count
    starts = days.select(posted_from=(_.day + ibis.interval(days=1)).cast("date"), before="worked")
    spans = rows.left_join(ends, "posted_to", rname="{name}_end").left_join(
        starts, "posted_from", rname="{name}_start"
    )
    count = ibis.ifelse(_.posted_to < _.posted_from, 0, _.until - _.before)
    return spans.mutate(working_days=count).drop("posted_to_end", "posted_from_start", "until", "before")
