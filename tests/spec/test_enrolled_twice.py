"""The register held against itself: one child under two spellings is one person, two children stay two."""

from __future__ import annotations

import pandas as pd
import pytest
from ibis import _
from test_linkage_model import SCHOOL, county, cut, number, one_digit, paid, pupil

from auditlib import linkage
from auditlib.engine import duckdb_engine
from auditlib.matching.decisions import Decision
from auditlib.samples.labelled import Labelled
from auditlib.training.labelled import standard_tables

AT = 21
FIRST = pupil(AT)
ELSEWHERE = {"school_code": SCHOOL, "student_no": "L990122200101010015"}


def again(**cells: str) -> dict[str, str]:
    """A second record of pupil ``AT`` at another school, some cells written otherwise."""
    return FIRST | ELSEWHERE | cells


def swapped(written: str) -> str:
    return written[:8] + written[9] + written[8] + written[10:]


def linked(told: Labelled, *decisions: Decision) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All identities, and the open pairs of two records of the register."""
    engine = duckdb_engine()
    found = linkage.link(engine, standard_tables(engine, told), decisions=decisions)
    pairs = found.open_pairs.filter(_.table == "enrolment").order_by("source", "candidate_id")
    return engine.fetch(found.identities.order_by("table", "source")), engine.fetch(pairs)


def last_record(rows: pd.DataFrame, told: Labelled) -> pd.Series:
    source = told.tables["enrolment"][-1]["source"]
    return rows[(rows["table"] == "enrolment") & (rows["source"] == source)].iloc[0]


SECOND = {
    "one digit": again(id_number=one_digit(FIRST["id_number"])),
    "digits swapped": again(id_number=swapped(FIRST["id_number"])),
    "a digit missing": again(id_number=FIRST["id_number"][:12] + FIRST["id_number"][13:]),
    "cut by a spreadsheet": again(id_number=cut(FIRST["id_number"])),
    "one digit, the name respelt": again(
        id_number=one_digit(FIRST["id_number"]), name=FIRST["name"][:2] + "□"
    ),
}


@pytest.mark.parametrize("slip", SECOND)
def test_a_second_record_with_a_slip_is_the_same_child(slip: str) -> None:
    told = county(extra=(SECOND[slip],))
    row = last_record(linked(told)[0], told)
    assert (row["person_id"], row["decided_by"]) == (FIRST["id_number"], "model")
    assert row["score"] >= 0.95


TWO = {
    "twins, one without a number": pupil(AT, name=FIRST["name"][:2] + "萍", id_number="", birth_date="2010-10-22", student_no="J1"),
    "brothers, one with a mistyped number": pupil(AT, name=FIRST["name"][0] + "小满", id_number=one_digit(number(640, "20120304"))),
    "namesakes with sound numbers": again(id_number=number(641, "20110802"), guardian_name="某甲", guardian_id=number(642, "19790101")),
    "an L number that looks like another child's": pupil(AT, name="温知非", id_number="", student_no="L" + FIRST["id_number"], guardian_name="某乙", guardian_id=""),
    "namesakes born apart, one without a number": again(id_number="", birth_date="2012-05-06", guardian_name="某甲", guardian_id=number(642, "19790101")),
}  # fmt: skip


@pytest.mark.parametrize("case", TWO)
def test_two_children_stay_two(case: str) -> None:
    told = county(extra=(TWO[case],))
    rows, open_ = linked(told)
    assert last_record(rows, told)["person_id"] != FIRST["id_number"]
    assert not open_["review"].any()


def test_payments_under_both_spellings_are_one_persons() -> None:
    wrong = one_digit(FIRST["id_number"])
    told = county(paid(AT), paid(AT, id_number=wrong), extra=(again(id_number=wrong),))
    payments = linked(told)[0].query("table == 'payments'")
    assert set(payments["person_id"]) == {FIRST["id_number"]}


class TestOpenPairs:
    """The same name and school, no number and another guardian: nobody can be sure."""

    maybe = again(
        id_number="",
        school_code=FIRST["school_code"],
        student_no="J990122200101010099",
        guardian_name="某甲",
        guardian_id=number(642, "19790101"),
    )

    @pytest.fixture(scope="class")
    def told(self) -> Labelled:
        return county(extra=(self.maybe,))

    @pytest.fixture(scope="class")
    def pair(self, told: Labelled) -> pd.Series:
        (row,) = linked(told)[1].to_dict("records")
        return pd.Series(row)

    def test_is_kept_with_how_likely_it_is(self, pair: pd.Series) -> None:
        assert pair["candidate_id"] == FIRST["id_number"]
        assert 0.001 <= pair["score"] < 0.95
        assert pair["score"] + pair["elsewhere"] == pytest.approx(1)

    def test_same_makes_one_person(self, told: Labelled, pair: pd.Series) -> None:
        rows, open_ = linked(told, Decision(pair["pair"], "same"))
        row = last_record(rows, told)
        assert (row["person_id"], row["decided_by"]) == (FIRST["id_number"], "review")
        assert list(open_["settled"]) == [True]

    def test_different_settles_it(self, told: Labelled, pair: pd.Series) -> None:
        rows, open_ = linked(told, Decision(pair["pair"], "different"))
        assert last_record(rows, told)["person_id"] != FIRST["id_number"]
        assert list(open_["settled"]) == [True]


def test_the_order_of_rows_changes_nothing() -> None:
    told = county(extra=(*SECOND.values(), TestOpenPairs.maybe))
    turned = Labelled({name: rows[::-1] for name, rows in told.tables.items()})
    one, two = (linked(each) for each in (told, turned))
    pd.testing.assert_frame_equal(one[0], two[0], check_exact=True)
    pd.testing.assert_frame_equal(one[1], two[1], check_exact=True)


@pytest.mark.parametrize(
    "told",
    [
        county(pupils=0, extra=tuple(pupil(at, id_number="") for at in range(60))),
        county(pupils=0, extra=tuple(pupil(at, name="王伟", id_number="") for at in range(30))),
        county(pupils=0, extra=(pupil(1, id_number="", name="?"),)),
        county(pupils=0),
    ],
    ids=["no numbers at all", "all names equal, no numbers", "nothing but a lost name", "empty register"],
)
def test_bad_input_gives_a_result(told: Labelled) -> None:
    rows, open_ = linked(told)
    assert len(rows) == len(told.tables["enrolment"])
    assert open_["score"].between(0, 1).all()
