"""Who is whom across counties by keyed tokens alone: slips are seen through, namesakes are never certain."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from plain_county import id_number, person_name
from test_recheck_alike import BIRTH, EAST, WEST, bare, person, with_digits_swapped

from auditlib.base.engine import duckdb_engine
from auditlib.city.alike import PERSONS
from auditlib.city.by_tokens import MOST, _without_common_numbers, alike
from auditlib.package.keys import FingerprintKey
from auditlib.package.tokens import KINDS, person_tokens

KEY = FingerprintKey(bytes(range(32)))
FIELDS = {name: kind for name, kind in PERSONS.items() if name != "county_code"}
WHO = {"county_code": "string", "person_id": "string", **dict.fromkeys(KINDS, "string")}


@cache
def usual() -> pd.DataFrame:
    """The tokens of the two counties' usual hundred pupils each, three of them in both; each county by itself."""
    return token_rows_of([person(EAST, n) for n in range(100)] + [person(WEST, n) for n in range(97, 197)])


def token_rows_of(persons: list[dict[str, Any]]) -> pd.DataFrame:
    parts = []
    for code, part in pd.DataFrame(persons).groupby("county_code"):
        engine = duckdb_engine()
        token_table = person_tokens(engine, engine.load("persons", part, FIELDS), str(code), KEY)
        parts.append(engine.fetch(token_table).assign(county_code=code))
    return pd.concat(parts, ignore_index=True)


def tokens(*persons: dict[str, Any]) -> pd.DataFrame:
    """The usual ones, and those of ``persons``."""
    return pd.concat([usual(), token_rows_of(list(persons))], ignore_index=True) if persons else usual()


def shares(*persons: dict[str, Any]) -> dict[tuple[str, str], float]:
    engine = duckdb_engine()
    frame = engine.fetch(alike(engine, engine.load("people", tokens(*persons), WHO)))
    ours, theirs = frame["person_id"], frame["other_person"]
    return dict(zip(zip(ours, theirs, strict=True), frame["score"], strict=True))


OWN = id_number(7, 1, BIRTH)
NUMBERLESS = {"id_number": None, "id18": None}
SLIPS: dict[str, Callable[[str], dict[str, Any]]] = {
    "two digits swapped": lambda own: bare(with_digits_swapped(own)),
    "two digits swapped, in the G student number too": lambda own: (
        bare(with_digits_swapped(own)) | {"student_no": "G" + with_digits_swapped(own)}
    ),
    "no number": lambda own: NUMBERLESS,
    "no sound number, but a G student number": lambda own: (
        NUMBERLESS | {"student_no": "G" + own, "birth": None}
    ),
    "day and month about": lambda own: (
        bare(own[:6] + "20110605" + own[14:]) | {"birth": pd.Timestamp("2011-06-05")}
    ),
    "a slip in the birth year of the number": lambda own: bare(own[:6] + "2012" + own[10:]) | {"birth": None},
}


@cache
def misspelt_shares() -> dict[tuple[str, str], float]:
    """Pupils 7, 8, 9 … of the east in the west as well, each with a slip of its own."""
    slips = [
        person(WEST, n, **(slip(id_number(n, 1, BIRTH)) | {"person_id": name}))
        for n, (name, slip) in enumerate(SLIPS.items(), start=7)
    ]
    return shares(*slips)


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_seen_through_and_is_not_certain(slip: str) -> None:
    candidates, own = misspelt_shares(), id_number(7 + list(SLIPS).index(slip), 1, BIRTH)
    assert 0.5 <= candidates[own, slip] <= MOST
    assert candidates[own, slip] == candidates[slip, own]


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
    pair_shares = shares(twin, nobody)
    scores = [pair_shares[number, "no number"] for number in (OWN, twin["person_id"])]
    assert scores[0] == scores[1] and sum(scores) <= 1


def test_where_namesakes_with_one_birth_date_are_common_nobody_is_found_by_them() -> None:
    """Thirty names, each of two children told apart by number, one in each county: name and birth date say little."""
    doubles = [person(WEST, 400 + n, name=person_name(n, 1)) for n in range(30)]
    nobody = person(WEST, 50, id_number=None, id18=None, person_id="no number")
    alone, among = shares(nobody), shares(nobody, *doubles)
    pair = (id_number(50, 1, BIRTH), "no number")
    assert among[pair] < 0.5 < alone[pair]


def test_nothing_is_told_in_clear_and_the_same_person_has_another_row_in_each_county() -> None:
    by_key = tokens().set_index(["county_code", "person_id"])
    shared_number = id_number(98, 1, BIRTH)
    first, second = by_key.loc[(EAST, shared_number)], by_key.loc[(WEST, shared_number)]
    assert first["number"] == second["number"] and first["name_birth"] == second["name_birth"]
    assert first["person"] != second["person"]
    token_table = by_key[["person", *KINDS]].stack().dropna()
    assert token_table.str.fullmatch("[0-9a-f]{32}").all()


def test_what_is_no_student_number_is_no_token() -> None:
    """Where hundreds have “none” there, it would make every two of them a pair."""
    by_key = tokens(person(WEST, 300, student_no="无"), person(WEST, 301, student_no="0")).set_index(
        "person_id"
    )
    own = [id_number(n, 1, BIRTH) for n in (300, 301)]
    assert by_key.loc[own, ["student_no", "student_number"]].isna().all(axis=None)


def test_another_key_gives_other_tokens_throughout() -> None:
    engine = duckdb_engine()
    rows = engine.load("persons", pd.DataFrame([person(EAST, 7)]), FIELDS)
    ours, theirs = (
        engine.fetch(person_tokens(engine, rows, EAST, key)).iloc[0]
        for key in (KEY, FingerprintKey(bytes(32)))
    )
    token_kinds = [kind for kind in ("person", *KINDS) if ours[kind] is not None and not pd.isna(ours[kind])]
    assert set(token_kinds) >= {"person", "number", "name_birth", "sound_birth", "name_tail", "name_ends"}
    assert not any(ours[kind] == theirs[kind] for kind in token_kinds)


def test_a_number_that_many_persons_of_a_county_bear_is_nobody_s() -> None:
    """Who hands in one child's token for all of its persons would make that child hundreds of certain doubles."""
    hundred = [
        {"person_id": f"p{n}", "number": "of one child" if n < 97 else f"n{n // 2 * 2}"} for n in range(100)
    ]
    rarer = _without_common_numbers(pa.Table.from_pylist([*hundred, *hundred])).to_pandas()
    assert len(rarer) == 200 and rarer.loc[:96, "number"].isna().all()
    assert list(rarer.loc[97:99, "number"]) == ["n96", "n98", "n98"]
