"""Who is whom across counties by keyed tokens alone: slips are seen through, namesakes are never certain."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from plain_county import id_number, person_name
from test_recheck_alike import BORN, EAST, WEST, bare, person, swapped

from auditlib.engine import duckdb_engine
from auditlib.package.keys import FingerprintKey
from auditlib.package.tokens import KINDS, person_tokens
from auditlib.recheck.alike import PERSONS
from auditlib.recheck.by_tokens import MOST, alike

KEY = FingerprintKey(bytes(range(32)))
FIELDS = {name: kind for name, kind in PERSONS.items() if name != "county_code"}
WHO = {"county_code": "string", "person_id": "string", **dict.fromkeys(KINDS, "string")}


def tokens(*persons: dict[str, Any]) -> pd.DataFrame:
    """The tokens of the two counties' usual pupils, three of them in both, and of ``persons``; each county by itself."""
    usual = [person(EAST, n) for n in range(100)] + [person(WEST, n) for n in range(97, 197)]
    everyone = pd.DataFrame([*usual, *persons])
    parts = []
    for code, part in everyone.groupby("county_code"):
        engine = duckdb_engine()
        told = person_tokens(engine, engine.load("persons", part, FIELDS), str(code), KEY)
        parts.append(engine.fetch(told).assign(county_code=code))
    return pd.concat(parts, ignore_index=True)


def shares(*persons: dict[str, Any]) -> dict[tuple[str, str], float]:
    engine = duckdb_engine()
    found = engine.fetch(alike(engine, engine.load("people", tokens(*persons), WHO)))
    ours, theirs = found["person_id"], found["other_person"]
    return dict(zip(zip(ours, theirs, strict=True), found["score"], strict=True))


OWN = id_number(7, 1, BORN)
SLIPS = {
    "two digits swapped": bare(swapped(OWN)),
    "no number": {"id_number": None, "id18": None, "person_id": "none"},
    "a homophone and no number": {"id_number": None, "id18": None, "person_id": "none", "birth": pd.Timestamp(BORN)},
    "no sound number, but a G student number": bare("990111") | {"student_no": "G" + OWN, "birth": None},
    "day and month about": bare(OWN[:6] + "20110605" + OWN[14:]) | {"birth": pd.Timestamp("2011-06-05")},
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_seen_through_and_is_not_certain(slip: str) -> None:
    written = person(WEST, 7, **SLIPS[slip])
    found = shares(written)
    assert 0.5 <= found[OWN, written["person_id"]] <= MOST
    assert found[OWN, written["person_id"]] == found[written["person_id"], OWN]


def test_the_same_sound_number_is_not_asked_about() -> None:
    assert shares() == {}


def test_two_sound_numbers_that_differ_are_two_children() -> None:
    namesake = person(WEST, 300, name=person_name(7, 1))
    assert shares(namesake)[OWN, namesake["person_id"]] < 0.5


def test_who_is_found_by_number_is_nobody_else_there() -> None:
    """Pupil 50 is in the west by number under a former name; a namesake without a number is not the pupil a second time."""
    nobody = person(WEST, 50, id_number=None, id18=None, person_id="no number")
    assert any("no number" in pair for pair in shares(nobody))
    assert not any("no number" in pair for pair in shares(nobody, person(WEST, 50, name=person_name(399, 1))))


def test_two_candidates_share_the_odds() -> None:
    twin = person(EAST, 301, name=person_name(7, 1))
    nobody = person(WEST, 7, id_number=None, id18=None, person_id="no number")
    found = shares(twin, nobody)
    scores = [found[number, "no number"] for number in (OWN, twin["person_id"])]
    assert scores[0] == scores[1] and sum(scores) <= 1


def test_where_namesakes_with_one_birth_date_are_common_nobody_is_found_by_them() -> None:
    """Thirty names, each of two children told apart by number, one in each county: name and birth date say little."""
    doubles = [person(WEST, 400 + n, name=person_name(n, 1)) for n in range(30)]
    nobody = person(WEST, 50, id_number=None, id18=None, person_id="no number")
    alone, among = shares(nobody), shares(nobody, *doubles)
    pair = (id_number(50, 1, BORN), "no number")
    assert among[pair] < 0.5 < alone[pair]


def test_nothing_is_told_in_clear_and_the_same_person_has_another_row_in_each_county() -> None:
    found = tokens().set_index(["county_code", "person_id"])
    both = id_number(98, 1, BORN)
    first, second = found.loc[(EAST, both)], found.loc[(WEST, both)]
    assert first["number"] == second["number"] and first["name_birth"] == second["name_birth"]
    assert first["person"] != second["person"]
    told = found[["person", *KINDS]].stack().dropna()
    assert told.str.fullmatch("[0-9a-f]{32}").all()


def test_another_key_gives_other_tokens_throughout() -> None:
    engine = duckdb_engine()
    rows = engine.load("persons", pd.DataFrame([person(EAST, 7)]), FIELDS)
    ours, theirs = (
        engine.fetch(person_tokens(engine, rows, EAST, key)).iloc[0]
        for key in (KEY, FingerprintKey(bytes(32)))
    )
    told = [kind for kind in ("person", *KINDS) if ours[kind] is not None and not pd.isna(ours[kind])]
    assert set(told) >= {"person", "number", "name_birth", "sound_birth", "name_tail", "name_ends"}
    assert not any(ours[kind] == theirs[kind] for kind in told)
