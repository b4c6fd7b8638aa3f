"""Words that several parts of the look over the terms share."""

from __future__ import annotations

from auditlib.base.language import Text

SEASONS = {
    "spring": Text("{year} 年春季学期", "spring term {year}"),
    "autumn": Text("{year} 年秋季学期", "autumn term {year}"),
}
STATES = ("open", "confirmed", "rectified", "cleared", "closed")
PENDING = ("open", "confirmed", "rectified")
"""Still something to do: to be verified, to be put right, to be checked and struck off."""


def term_words(term: str) -> Text:
    """``2020-autumn`` in words."""
    year, _, season = term.partition("-")
    return SEASONS[season].fill(year=year)
