"""The register held against itself: one child under two spellings is one person, two children stay two."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from ibis import _
from test_linkage_model import SCHOOL, county, cut, number, one_digit, paid, pupil

from auditlib.base.engine import duckdb_engine
from auditlib.linkage import exact as linkage
from auditlib.linkage.judgements import Judgement
from samples.labelled import Labelled
from samples.training.labelled import standard_tables

ELSEWHERE = {"school_code": SCHOOL}


def again(at: int, **cells: str) -> dict[str, str]:
    """A second record of pupil ``at`` at another school, some cells written otherwise."""
    return pupil(at) | ELSEWHERE | {"student_no": f"L9901222001010100{at}"} | cells


def with_digits_swapped(digits: str) -> str:
    return digits[:8] + digits[9] + digits[8] + digits[10:]


def linked(judgements: Labelled, *decisions: Judgement) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All identities, and the open pairs of two records of the register."""
    engine = duckdb_engine()
    links = linkage.link(engine, standard_tables(engine, judgements), judgements=decisions)
    pairs = links.open_pairs.filter(_.table == "enrolment").order_by("source", "candidate_id")
    return engine.fetch(links.identities.order_by("table", "source")), engine.fetch(pairs)


def own(at: int) -> str:
    return pupil(at)["id_number"]


SECOND = {
    "one digit": (21, again(21, id_number=one_digit(own(21)))),
    "digits swapped": (22, again(22, id_number=with_digits_swapped(own(22)))),
    "a digit missing": (23, again(23, id_number=own(23)[:12] + own(23)[13:])),
    "cut by a spreadsheet": (24, again(24, id_number=cut(own(24)))),
    "one digit, a character lost": (25, again(25, id_number=one_digit(own(25)), name=pupil(25)["name"][:2] + "□")),
}  # fmt: skip
OTHERS = {"guardian_name": "某甲", "guardian_id": number(642, "19790101")}
TWO = {
    "twins, one without a number": (31, pupil(31, name=pupil(31)["name"][:2] + "芳", id_number="", birth_date="2010-08-05", student_no="J1")),
    "brothers, one with a mistyped number": (32, pupil(32, name=pupil(32)["name"][0] + "小满", id_number=one_digit(number(640, "20120304")))),
    "namesakes with sound numbers": (33, again(33, id_number=number(641, "20110802"), **OTHERS)),
    "an L number that looks like another child's": (34, pupil(34, name="温知非", id_number="", student_no="L" + own(34), **OTHERS)),
    "a row without a name, its number a digit away": (37, again(37, id_number=one_digit(own(37)), name="")),
    "namesakes born apart, one without a number": (35, again(35, id_number="", birth_date="2012-05-06", **OTHERS)),
}  # fmt: skip
MAYBE = again(36, id_number="", school_code=pupil(36)["school_code"], **OTHERS)
PAYMENTS = (paid(21), paid(21, id_number=one_digit(own(21))))
RECORDS = (*(cells for _at, cells in SECOND.values()), *(cells for _at, cells in TWO.values()), MAYBE)
PUPILS = 120


@pytest.fixture(scope="module")
def everyone() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Identities by table and source, and open pairs, of a county with each case once."""
    rows, pairs = linked(county(*PAYMENTS, pupils=PUPILS, extra=RECORDS))
    return rows.set_index(["table", "source"]), pairs


def record(rows: pd.DataFrame, at: int) -> pd.Series:
    """The register's row ``at`` of RECORDS."""
    return rows.loc[("enrolment", f"enrolment!{PUPILS + at + 2}")]


@pytest.mark.parametrize("slip", SECOND)
def test_a_second_record_with_a_slip_is_the_same_child(slip: str, everyone) -> None:
    row = record(everyone[0], list(SECOND).index(slip))
    assert (row["person_id"], row["decided_by"]) == (own(SECOND[slip][0]), "model")
    assert row["score"] >= 0.95


@pytest.mark.parametrize("case", TWO)
def test_two_children_stay_two(case: str, everyone) -> None:
    rows, open_ = everyone
    row = record(rows, len(SECOND) + list(TWO).index(case))
    assert (row["decided_by"], row["person_id"] != own(TWO[case][0])) == ("register", True)
    assert not open_.loc[open_["source"] == row.name[1], "review"].any()


def test_payments_under_both_spellings_are_one_persons(everyone) -> None:
    assert set(everyone[0].loc["payments", "person_id"]) == {own(21)}


def test_nobody_else_is_made_one(everyone) -> None:
    judgements = everyone[0].loc["enrolment"]
    assert judgements["decided_by"].eq("model").sum() == len(SECOND)
    assert judgements["person_id"].nunique() == PUPILS + len(TWO) + 1


@pytest.fixture(scope="module")
def doubtful() -> tuple[Labelled, dict[str, Any]]:
    """Name and school alike, no number and another guardian: nobody can be sure. The county, and the pair."""
    small_county = county(pupils=40, extra=(MAYBE,))
    (pair,) = linked(small_county)[1].to_dict("records")
    return small_county, pair


def test_what_nobody_can_be_sure_of_is_kept_with_how_likely_it_is(doubtful) -> None:
    _word, pair = doubtful
    assert pair["candidate_id"] == own(36)
    assert 0.001 <= pair["score"] < 0.95
    assert pair["score"] + pair["elsewhere"] == pytest.approx(1)


@pytest.mark.parametrize(("word", "person"), [("same", True), ("different", False)])
def test_a_persons_word_decides_it(word: str, person: bool, doubtful) -> None:
    judgements, pair = doubtful
    rows, open_ = linked(judgements, Judgement(pair["pair"], word))
    row = rows[rows["source"] == pair["source"]].iloc[0]
    assert (row["person_id"] == own(36), row["decided_by"] == "review") == (person, person)
    assert list(open_["has_judgement"]) == [True]


def test_the_order_of_rows_changes_nothing(everyone) -> None:
    small_county = county(*PAYMENTS, pupils=PUPILS, extra=RECORDS)
    turned_county = Labelled({name: rows[::-1] for name, rows in small_county.tables.items()})
    rows, pairs = linked(turned_county)
    pd.testing.assert_frame_equal(rows.set_index(["table", "source"]), everyone[0], check_exact=True)
    pd.testing.assert_frame_equal(pairs, everyone[1], check_exact=True)


@pytest.mark.parametrize(
    "judgements",
    [
        county(pupils=0, extra=tuple(pupil(at, id_number="") for at in range(60))),
        county(pupils=0, extra=tuple(pupil(at, name="王伟", id_number="") for at in range(30))),
        county(pupils=0, extra=(pupil(1, id_number="", name="?"),)),
        county(pupils=0),
    ],
    ids=["no numbers at all", "all names equal, no numbers", "nothing but a lost name", "empty register"],
)
def test_bad_input_gives_a_result(judgements: Labelled) -> None:
    rows, open_ = linked(judgements)
    assert len(rows) == len(judgements.tables["enrolment"])
    assert open_["score"].between(0, 1).all()
