"""On a small county with everyday slips: what is said to be certain is so, and nobody is linked wrongly."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from samples.everyday import EIGHT, FAMILY_MISSPELLINGS, Habits, everyday_county

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
import reliability

SEED, SIZE = 990155, 60


@cache
def measure(guardians: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    county = everyday_county(SEED + guardians, SIZE, Habits(guardians, guardians, touched=0.3))
    _facts, _engine, findings, payments = reliability.judged_findings(county)
    return findings, payments


@pytest.mark.parametrize("guardians", [True, False])
def test_what_is_said_with_certainty_is_so(guardians: bool) -> None:
    findings, _payments = measure(guardians)
    sure = findings[findings["confidence"] >= reliability.SURE]
    assert len(sure) > 20
    assert sure.loc[~sure["true"], ["rule", "reason", "records"]].empty


@pytest.mark.parametrize("guardians", [True, False])
def test_a_payment_under_the_familys_number_is_the_childs(guardians: bool) -> None:
    _finding_rows, payments = measure(guardians)
    family = payments[payments["kind"].isin([*FAMILY_MISSPELLINGS]) & payments["truth"].notna()]
    linked = family[family["in_register"]]
    assert (linked["person_id"] == linked["truth"]).all()
    assert len(linked) > 0.9 * len(family) > 10


def test_the_same_seed_gives_the_same_county_and_habits_change_no_fact() -> None:
    one, other = (everyday_county(7, 12, habits) for habits in (EIGHT[0], EIGHT[7]))
    assert one.facts.tables == other.facts.tables
    assert one.written.tables != other.written.tables
    assert everyday_county(7, 12, EIGHT[7]).written.tables == other.written.tables
