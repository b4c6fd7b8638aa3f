"""One child in two counties under different writings: told by the trained model, ties left open."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from plain_county import id_number, person_name

from auditlib.base.engine import duckdb_engine
from auditlib.city.alike import PERSONS, alike

EAST, WEST = "990111", "990112"
BIRTH = "2011-05-06"


def person(county: str, number: int, **other: Any) -> dict[str, Any]:
    """A made-up pupil of ``county``; ``other`` says what is written otherwise."""
    own = id_number(number, 1, BIRTH)
    record = {"county_code": county, "person_id": own, "name": person_name(number, 1), "id_number": own, "id18": own,
            "student_no": None, "birth": pd.Timestamp(BIRTH), "damaged": False}  # fmt: skip
    return record | other


def bare(number: str) -> dict[str, Any]:
    """Written as ``number``, which is no sound one."""
    return {"id_number": number, "id18": None, "person_id": f"written {number}"}


def with_digits_swapped(number: str) -> str:
    return number[:15] + number[16] + number[15] + number[17:]


def shares(*persons: dict[str, Any]) -> dict[tuple[str, str], float]:
    """The two counties' usual hundred pupils each, three of them in both, and ``persons``."""
    usual = [person(EAST, n) for n in range(100)] + [person(WEST, n) for n in range(97, 197)]
    engine = duckdb_engine()
    table = engine.load("persons", pd.DataFrame([*usual, *persons]), PERSONS)
    frame = engine.fetch(alike(engine, table))
    return {
        (ours, theirs): score
        for ours, theirs, score in frame[["person_id", "other_person", "score"]].itertuples(index=False)
    }


def test_two_digits_swapped_is_the_same_child_both_ways() -> None:
    own = id_number(7, 1, BIRTH)
    assert own[15] != own[16]
    misspelt_person = person(WEST, 7, **bare(with_digits_swapped(own)))
    pair_shares = shares(misspelt_person)
    assert pair_shares[own, misspelt_person["person_id"]] > 0.95
    assert pair_shares[own, misspelt_person["person_id"]] == pair_shares[misspelt_person["person_id"], own]


def test_who_has_the_same_sound_number_is_not_asked_about() -> None:
    assert all(ours != theirs for ours, theirs in shares())


def test_two_sound_numbers_that_differ_are_two_children() -> None:
    namesake = person(WEST, 300, name=person_name(7, 1))
    pair_shares = shares(namesake)
    assert pair_shares.get((id_number(7, 1, BIRTH), namesake["person_id"]), 0) < 0.5


def test_a_tie_stays_a_tie() -> None:
    """Two pupils of one name and birth date in the east: the child without a number in the west may be either."""
    twin = person(EAST, 301, name=person_name(7, 1))
    nobody = person(WEST, 7, id_number=None, id18=None, person_id="no number")
    pair_shares = shares(twin, nobody)
    scores = [pair_shares[number, "no number"] for number in (id_number(7, 1, BIRTH), twin["person_id"])]
    assert scores[0] == pytest.approx(scores[1], abs=0.02) and sum(scores) <= 1


def test_other_names_and_birth_dates_are_not_even_compared() -> None:
    stranger = person(
        WEST, 305, id_number=None, id18=None, person_id="stranger", birth=pd.Timestamp("2009-01-02")
    )
    assert not any("stranger" in pair for pair in shares(stranger))
