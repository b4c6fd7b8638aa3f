"""The date that a cited line carries, so that no term cites a document that came after it.

Only lines of the older form need it (``references`` beside plain amounts); an amount that names its document (``by``)
is dated by the day from which it holds.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

# 2024 年春季学期 · autumn 2024 · 2020-2021学年 · 2024-03-01, 2024.3, 2024 年 3 月 1 日 · 〔2019〕, 2019 年
_SCHOOL_YEAR = r"(?P<school_year>(?:19|20)\d\d)\s*[-—–~至]\s*(?:19|20)\d\d\s*学年"
_SEASON = r"(?P<of_season>(?:19|20)\d\d)\s*[-年]?\s*度?\s*(?P<season>春|秋|spring|autumn)"
_SEASON_FIRST = r"(?P<first_season>spring|autumn)\s+(?:of\s+)?(?P<season_of>(?:19|20)\d\d)"
_MONTH = r"(?P<year>(?:19|20)\d\d)\s*[-年./]\s*(?P<month>1[0-2]|0?[1-9])(?!\d)(?:\s*[-月./]\s*(?P<day>3[01]|[12]\d|0?[1-9])(?!\d))?"
_YEAR = r"(?:[〔\[［(（](?P<in_brackets>(?:19|20)\d\d)[〕\]］)）]|(?P<alone>(?:19|20)\d\d)\s*年)"
_DATE = re.compile(rf"(?<![\d.])(?:{_SCHOOL_YEAR}|{_SEASON}|{_SEASON_FIRST}|{_MONTH}|{_YEAR})", re.IGNORECASE)
_FROM = re.compile(r"\s*[月日]?\s*(?:季?学期)?\s*(?:起|开始|以来|onwards?)", re.IGNORECASE)
_UNTIL = re.compile(r"\s*[月日]?\s*(?:季?学期)?\s*(?:及?以前|及?之前|前|止|为止)")


def cited_on(references: Iterable[str], day: dt.date) -> tuple[str, ...]:
    """Those of ``references`` that may be cited for a term that begins on ``day``; a line without a date may always."""
    return tuple(text for text in references if _holds(text, day))


def _holds(text: str, day: dt.date) -> bool:
    """A day from which it holds (2024 年春季学期起) says more than that of the document; a last day ends it."""
    starts: list[dt.date] = []
    ends: list[dt.date] = []
    others: list[dt.date] = []
    for match in _DATE.finditer(text):
        kind = (
            starts if _FROM.match(text, match.end()) else ends if _UNTIL.match(text, match.end()) else others
        )
        kind.append(_first_day(match))
    first = min(starts or others, default=dt.date.min)
    return first <= day and (bool(starts) or day <= max(ends, default=dt.date.max))


def _first_day(match: re.Match[str]) -> dt.date:
    """The first day of the term, month or year that is named."""
    parts = match.groupdict()
    if year := parts["school_year"]:
        return dt.date(int(year), 9, 1)
    if year := parts["of_season"] or parts["season_of"]:
        season = (parts["season"] or parts["first_season"]).lower()
        return dt.date(int(year), 3 if season in ("春", "spring") else 9, 1)
    year = parts["year"] or parts["in_brackets"] or parts["alone"]
    month, day = int(parts["month"] or 1), int(parts["day"] or 1)
    try:
        return dt.date(int(year), month, day)
    except ValueError:  # 2019-02-30
        return dt.date(int(year), month, 1)
