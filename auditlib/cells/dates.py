"""Dates as they are written in the field, read by Ibis expressions: text, Excel serial numbers, parts."""

from __future__ import annotations

import datetime as dt
from functools import reduce

import ibis
import ibis.expr.types as ir

from auditlib.cells.hygiene import QUOTES, Step, tidy, unless, without

EXCEL_EPOCH = dt.date(1899, 12, 30)
OPEN_END = (
    "长期",
    "至今",
    "永久",
    "长期有效",
    "无固定期限",
    "未退出",
    "未停保",
    "在享",
)  # an end date that says "none"
ISO = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
FULL = r"^([0-9]{4})[-./年、—–\\]([0-9]{1,2})[-./月、—–\\]([0-9]{1,2})[日号]?$"
MONTH = r"^([0-9]{4})[-./年]?([0-9]{1,2})月?份?$"


_TIME = r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$"
# Programs write midnight in China as 16:00 of the day before, in universal time.
_UTC_EVENING = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T](1[6-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?Z$"


def _next_day(cell: ir.StringValue) -> ir.StringValue:
    day = cell.substr(0, 10).try_cast("date") + ibis.interval(days=1)
    return day.cast("string").substr(0, 10)  # engines differ in whether the sum is a day or a moment


def _unquote(text: ir.StringValue) -> ir.StringValue:
    return unless(text, ISO, without(text, QUOTES + "=").upper())


def _timeless(text: ir.StringValue) -> ir.StringValue:
    day = ibis.ifelse(text.re_search(_UTC_EVENING), _next_day(text), text.re_replace(_TIME, ""))
    return unless(text, ISO, without(day, " "))


# 二〇二四年九月 for 2024年9月; 十 is a nought at the end of a part, nothing between two figures, else a one.
_IN_WORDS = "^[一二][〇○零O0一二三四五六七八九]{3}年"
_TENS = (
    ("年十月", "年10月"),
    ("月十日", "月10日"),
    ("十日", "0日"),
    ("年十", "年1"),
    ("月十", "月1"),
    ("十", ""),
)
_WORDS, _FIGURES = "〇○零O一二三四五六七八九", "0000123456789"


def _in_figures(text: ir.StringValue) -> ir.StringValue:
    figures = reduce(lambda cell, ten: cell.replace(*ten), _TENS, text).translate(_WORDS, _FIGURES)
    return ibis.ifelse(text.re_search(_IN_WORDS), figures, text)


def _with_end(text: ir.StringValue) -> ir.StringValue:
    return ibis.ifelse(text.isin(OPEN_END), ibis.null("string"), text)


STEPS: tuple[Step, ...] = (tidy, _unquote, _timeless, _in_figures, _with_end)
"""A date cell without time of day, spaces around signs and quotation; NULL where it says that there is no end."""

_END_OF_MONTH = r"^([0-9]{4}[-./年][0-9]{1,2})月?(?:底|末)$"


def _not_later(text: ir.StringValue) -> ir.StringValue:
    return text.re_replace(r"(?:之|以)?前(?:完成|整改到位|销号)?$", "")


def _month(text: ir.StringValue) -> ir.StringValue:
    return ibis.ifelse(text.re_search(_END_OF_MONTH), text.re_extract(_END_OF_MONTH, 1) + "月", text)


DEADLINE_STEPS: tuple[Step, ...] = (*STEPS, _not_later, _month)
"""A day by which something is done: 2020年6月30日前 is that day, 2020年12月底前 its month."""

# An empty cell that a formula points to shows as 1900-01-00: no end and no payment, but a usual "since ever".
_EMPTY_DAY = "^(1[0-8][0-9]{2}|1900)[^0-9]|^(1[0-8][0-9]{2}|1900)[0-9]{4}$"
# 20201 is January 2020 without its nought as well as a day of 1955: neither is taken for granted.
_SHORT_MONTH = "^20[0-2][0-9][1-9]$"
_EARLIEST = {
    None: 7306,
    "first": 29221,
    "last": 29221,
}  # serial numbers of 1920 and 1980: nobody's aid is older


def read(cell: ir.StringValue, *, partial: str | None = None) -> ir.DateValue:
    """The date that ``cell`` (cleaned by ``STEPS``) names, else NULL.

    ``partial``: what a month or year alone means, its ``first`` or ``last`` day; None refuses them. With it, a
    five-digit number is no day before 1980: 20209 is September 2020, badly written.
    """
    year, month, day = (cell.re_extract(FULL, part) for part in (1, 2, 3))
    iso_text = year + "-" + month.lpad(2, "0") + "-" + day.lpad(2, "0")
    digits = cell.substr(0, 4) + "-" + cell.substr(4, 2) + "-" + cell.substr(6, 2)
    empty = [] if partial == "first" else [(cell.re_search(_EMPTY_DAY), ibis.null("date"))]
    return ibis.cases(
        *empty,
        (cell.re_search(ISO), cell.try_cast("date")),
        (cell.re_search(FULL), iso_text.try_cast("date")),
        (cell.re_search(r"^[0-9]{8}(\.0+)?$"), digits.try_cast("date")),
        (cell.re_search(r"^[0-9]{5}(\.[0-9]+)?$"), _from_serial(cell, _EARLIEST[partial])),
        else_=_partly(cell, partial) if partial else ibis.null("date"),
    )


def _from_serial(cell: ir.StringValue, earliest: int) -> ir.DateValue:
    days = cell.re_extract(r"^([0-9]{5})", 1).try_cast("int64")
    plausible = days.between(earliest, 73050) & ~cell.re_search(_SHORT_MONTH)  # to 2099
    return ibis.ifelse(plausible, ibis.literal(EXCEL_EPOCH) + days.as_interval("D"), ibis.null("date")).cast(
        "date"
    )


def _partly(cell: ir.StringValue, partial: str) -> ir.DateValue:
    month = cell.re_extract(MONTH, 1) + "-" + cell.re_extract(MONTH, 2).lpad(2, "0") + "-01"
    year = cell.re_extract(r"^([0-9]{4})(\.0+)?年?$", 1) + "-01-01"
    is_year, is_month = cell.re_search(r"^[0-9]{4}(\.0+)?年?$"), cell.re_search(MONTH)
    if partial == "last":  # 2020.1 may be January, or October whose last digit a spreadsheet dropped
        is_month = is_month & ~cell.re_search(r"^[0-9]{4}[.]1$")
    first_of_year, first_of_month = year.try_cast("date"), month.try_cast("date")
    if partial == "last":
        first_of_year = _before_next(first_of_year, ibis.interval(years=1))
        first_of_month = _before_next(first_of_month, ibis.interval(months=1))
    return ibis.cases((is_year, first_of_year), (is_month, first_of_month), else_=ibis.null("date"))


def _before_next(first: ir.DateValue, span: ir.IntervalScalar) -> ir.DateValue:
    return ((first + span).cast("date") - ibis.interval(days=1)).cast("date")
