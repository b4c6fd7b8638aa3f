"""What a county's policy has otherwise is told in the reader's words, not in the program's."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
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


def test_an_amount_that_a_county_adds_stands_beside_the_city_s_own(tmp_path: Path) -> None:
    lowered_law = "title: {zh: 县, en: c}\nschemes:\n  boarder_allowance:\n    per_term:\n      primary: {2019-03-01: 100}\n"
    (tmp_path / "county.yaml").write_text(lowered_law, encoding="utf-8")
    theirs = read_policy([str(POLICIES / "national.yaml"), str(tmp_path / "county.yaml")], tmp_path)
    [(_scheme, county, city)] = differing_schemes(theirs, NATIONAL)
    assert "100" in county
    assert "primary 2011-09-01" in city and " 500" in city and "junior" not in city


def test_the_city_s_own_amount_is_told_though_the_title_is_another_too(tmp_path: Path) -> None:
    lowered_law = "title: {zh: 县, en: c}\nschemes:\n  boarder_allowance:\n    title: {zh: 别名, en: other}\n    per_term:\n      primary: {2019-03-01: 100}\n"
    (tmp_path / "county.yaml").write_text(lowered_law, encoding="utf-8")
    theirs = read_policy([str(POLICIES / "national.yaml"), str(tmp_path / "county.yaml")], tmp_path)
    [(_scheme, county, city)] = differing_schemes(theirs, NATIONAL)
    assert "别名" in county and "primary 2011-09-01" in city


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
