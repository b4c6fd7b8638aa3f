"""Namesakes counted instead of listed: fewer pairs, the same pupils, and shares as if all had been listed."""

from __future__ import annotations

import pandas as pd
import pytest

from auditlib.base.engine import duckdb_engine
from auditlib.linkage import exact as linkage
from auditlib.linkage.model import namesakes
from samples.labelled import Labelled
from samples.people import with_check
from samples.training.labelled import standard_tables

NAMES = ("张伟", "王芳", "李娜", "刘洋", "陈静", "杨帆", "赵敏敏", "黄丽丽", "周小强", "吴建国")
SCHOOLS = 40  # each name stands once at each school
CARD = "6229000000000001"
ROW = ["table", "source"]
PAIR = ["table", "source", "candidate_id"]
CLOSE = 1e-4  # a namesake's own card counts as no sign


def pupil(name: int, school: int) -> dict[str, str]:
    birth = f"2010{name + 1:02d}{school % 28 + 1:02d}"
    return {
        "name": NAMES[name],
        "id_number": with_check(f"990122{birth}{school:03d}"),
        "school_code": f"99010000{school:02d}",
        "stage": "小学",
    }


def paid(name: int, school: int, **cells: str) -> dict[str, str]:
    row = pupil(name, school) | {"scheme": "寄宿生生活补助", "amount": "500"} | cells
    return {column: cell for column, cell in row.items() if cell and column != "stage"}


BARE = [paid(at % 10, at, id_number="") for at in range(20)]
NUMBERED_ROWS = [paid(at % 10, at, account_no=f"62290000000001{at:02d}") for at in range(20, 30)]
# The family's card under the name alone, through a school that the register does not have the child at.
ON_FAMILY_CARD = [paid(3, 7, account_no=CARD), paid(3, 9, id_number="", account_no=CARD)]
ELSEWHERE = [paid(4, 4, id_number="", school_code="9901999999")]
PAYMENTS = [*BARE, *NUMBERED_ROWS, *ON_FAMILY_CARD, *ELSEWHERE]


def county() -> Labelled:
    labelled_county = Labelled()
    for name in range(len(NAMES)):
        for school in range(SCHOOLS):
            labelled_county.add("enrolment", pupil(name, school), None, "")
    for cells in PAYMENTS:
        labelled_county.add("payments", cells, None, "")
    return labelled_county


def linked(common: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, pd.DataFrame]:
    monkeypatch.setattr(namesakes, "COMMON", common)
    engine = duckdb_engine()
    links = linkage.link(engine, standard_tables(engine, county()))
    assert links.shares is not None
    return {
        "persons": engine.fetch(links.identities).sort_values(ROW, ignore_index=True),
        "shares": engine.fetch(links.shares).sort_values(PAIR, ignore_index=True),
        "pairs": engine.fetch(engine.tables["scored_unknown_records"].select("record_l", "record_r")),
    }


@pytest.fixture(scope="module")
def linked_tables() -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """A county where forty pupils share each name, all of them listed, and counted."""
    usual = namesakes.COMMON
    with pytest.MonkeyPatch.context() as patch:
        return linked(10**6, patch), linked(usual, patch)


def test_pairs_follow_leftovers_not_namesakes(linked_tables) -> None:
    listed_pairs, counted_pairs = (len(part["pairs"]) for part in linked_tables)
    assert listed_pairs >= len(BARE) * SCHOOLS
    assert counted_pairs < listed_pairs / 10


def test_the_same_rows_are_the_same_pupils(linked_tables) -> None:
    listed_pairs, counted_pairs = (part["persons"] for part in linked_tables)
    decided_keys = listed_pairs.loc[listed_pairs["table"] == "payments", "decided_by"]
    assert (decided_keys == "name_school").sum() >= len(BARE)
    same = [*ROW, "person_id", "decided_by", "in_register"]
    assert counted_pairs[same].equals(listed_pairs[same])


def test_the_same_pupils_are_shown_as_likely_as_before(linked_tables) -> None:
    listed_pairs, counted_pairs = (part["shares"] for part in linked_tables)
    assert len(listed_pairs) >= len(BARE)
    assert counted_pairs[PAIR].equals(listed_pairs[PAIR])
    assert (counted_pairs["score"] - listed_pairs["score"]).abs().max() < CLOSE
    assert (counted_pairs["elsewhere"] - listed_pairs["elsewhere"]).abs().max() < CLOSE
    assert counted_pairs["unlisted"].max() > 0


def test_a_namesake_on_the_familys_card_is_listed(linked_tables) -> None:
    row, holder = f"payments:payments!{len(BARE) + len(NUMBERED_ROWS) + 3}", "enrolment:enrolment!"
    _listed_pairs, counted_pairs = linked_tables
    pairs = counted_pairs["pairs"].loc[counted_pairs["pairs"]["record_l"] == row, "record_r"]
    assert f"{holder}{3 * SCHOOLS + 7 + 2}" in set(pairs)
