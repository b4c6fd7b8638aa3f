"""What a county's policy has otherwise is told in the reader's words, not in the program's."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest

from auditlib.base.places import POLICIES
from auditlib.city.county_policy import differing_schemes
from auditlib.law.policy import read_policy
from auditlib.page.parameter_words import value_of_text

NATIONAL = read_policy(["national"], POLICIES)
OTHER: dict[str, Any] = {
    "stages": ("primary",),
    "years": {dt.date(2015, 3, 1): (1, 2)},
    "boarding": None,
    "categories": ("low_income", "orphan"),
    "excludes": (),
    "aliases": ("补助",),
    "mandatory": False,
    "per_term": {},
}


@pytest.mark.parametrize("what", OTHER)
def test_each_part_of_a_scheme_is_told_in_words(what: str) -> None:
    boarders = NATIONAL.schemes["boarder_allowance"]
    other = {**NATIONAL.schemes, "boarder_allowance": replace(boarders, **{what: OTHER[what]})}
    [(scheme, county, city)] = differing_schemes(replace(NATIONAL, schemes=other), NATIONAL)
    assert scheme == "boarder_allowance"
    for value in (county, city):
        words = value_of_text(value, "zh").replace(
            "day_pupil_allowance", ""
        )  # a scheme's code has no word here
        assert re.findall("[A-Za-z'({]+", words) == [], words
    assert county != city
