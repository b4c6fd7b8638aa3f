"""The roll-ups: how a county stood when a period began, what came and went in it, how it stood at its end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd

from auditlib.base.rhythm import Period, periods, under_way
from auditlib.trend.follow import STOCK, stock
from auditlib.trend.history import History
from auditlib.trend.wording import PENDING

KINDS = ("month", "quarter", "half_year")
COUNT_COLUMNS = ("known", *STOCK, "children", "at_stake", "repaid", "recovered")


@dataclass(frozen=True)
class RollUp:
    """``lines``: one row a period that is over, the oldest first, as :func:`_line` makes them; ``periods`` beside them.

    ``families``: the same of the last period, a row a family (``family`` besides). ``next_one`` is under way.
    """

    kind: str
    periods: list[Period]
    lines: pd.DataFrame
    families: pd.DataFrame
    next_one: Period


def roll_ups(history: History) -> dict[str, RollUp]:
    """Month, quarter and half-year, from the first term's count date to the day that is looked at."""
    return {kind: _roll_up(history, kind) for kind in KINDS}


def _roll_up(history: History, kind: str) -> RollUp:
    over = periods(kind, history.runs.runs[0].count_date, history.as_of)
    days = [day for period in over for day in (period.eve, period.last)]
    stock_by_day = _by_day(stock(history, days))
    lines = pd.DataFrame([_line(period, stock_by_day, ()) for period in over])
    families = _families(history, over[-1]) if over else pd.DataFrame()
    return RollUp(kind, over, lines, families, under_way(kind, history.as_of))


def _by_day(stocks: pd.DataFrame, *by: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    dated_stocks = stocks.assign(day=pd.to_datetime(stocks["day"]).dt.date)
    return {tuple(row[name] for name in ("day", *by)): row for row in dated_stocks.to_dict("records")}


def _families(history: History, period: Period) -> pd.DataFrame:
    stocks = _by_day(stock(history, [period.eve, period.last], ("family",)), "family")
    families = sorted({key[1] for key in stocks if key[0] == period.last}, key=_missed_first)
    return pd.DataFrame([{"family": family, **_line(period, stocks, (family,))} for family in families])


def _missed_first(family: str) -> tuple[bool, str]:
    return family != "missed", family


def _line(
    period: Period, stocks: dict[tuple[Any, ...], dict[str, Any]], group: tuple[str, ...]
) -> dict[str, Any]:
    """``pending_before + entered - cleared - closed = pending``; of these ``open``, ``confirmed``, ``rectified``.

    ``children``: whom what is pending concerns, each once; ``children_change``: how many more than before.
    ``cleared`` and ``closed`` are what came to it in the period, less what was taken back; so are ``repaid``,
    ``recovered`` (yuan).
    """
    before, after = (_stock(stocks, day, group) for day in (period.eve, period.last))
    line = {name: after[name] - before[name] for name in ("cleared", "closed", "repaid", "recovered")}
    line |= {name: after[name] for name in (*PENDING, "children", "at_stake")}
    line |= {
        "pending_before": _pending(before),
        "entered": after["known"] - before["known"],
        "pending": _pending(after),
        "children_change": after["children"] - before["children"],
    }
    assert line["pending_before"] + line["entered"] - line["cleared"] - line["closed"] == line["pending"]
    return line


def _stock(
    stocks: dict[tuple[Any, ...], dict[str, Any]], day: dt.date, group: tuple[str, ...]
) -> dict[str, Any]:
    return stocks.get((day, *group), dict.fromkeys(COUNT_COLUMNS, 0))


def _pending(stock_of_day: dict[str, Any]) -> int:
    return int(sum(stock_of_day[state] for state in PENDING))
