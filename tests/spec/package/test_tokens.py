"""What a county's registers give away as tokens: who was paid after reversals, enrolled, given fallback, looked for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from plain_county import audited, overlaid

from auditlib.base.engine import duckdb_engine
from auditlib.city.by_tokens import by_tokens
from auditlib.package import tokens
from auditlib.package.keys import FingerprintKey

KEY = FingerprintKey(bytes(range(32)))
EAST, WEST = "990111", "990112"
AWAY = {"enrolment": None, "payments": None, "applications": None}
SOUGHT_FINDING = ("f1", "missed.out_of_county", ["eligibility:001.csv!2"])


def county(code: str, rows: dict[str, Any], *finding_rows: tuple[str, str, list[str]]) -> Any:
    """A county of one pupil, as far as the city compares it: its tokens, and whom its register names."""
    engine, audit = audited(overlaid(1, rows), county_code=code)
    missed = pd.DataFrame(list(finding_rows), columns=list(tokens.FINDING_TYPES))
    token_list = tokens.listed(engine, tokens.token_rows(engine, audit, missed, KEY))
    return SimpleNamespace(
        code=code,
        is_reperformed=True,
        tokens=token_list,
        persons=pd.DataFrame(columns=["person_id", "name", "id18"], dtype=object),
    )


@pytest.fixture(scope="module")
def east() -> Any:
    """Studies elsewhere, and the county paid 500 yuan as fallback."""
    return county(EAST, AWAY | {"letters": {"aided": "否", "fallback_amount": "500"}}, SOUGHT_FINDING)


@pytest.fixture(scope="module")
def west() -> Any:
    """The same pupil, enrolled and paid."""
    return county(WEST, {})


def roles(of: Any) -> dict[str, dict[str, Any]]:
    return {row["role"]: row for row in of.tokens.to_pylist()}


def test_each_role_says_what_is_compared_and_where_it_stands(east: Any, west: Any) -> None:
    here, there = roles(east), roles(west)
    assert set(here) == {"fallback", "missed"} and set(there) == {"paid", "enrolled"}
    assert (str(here["fallback"]["amount"]), here["fallback"]["records"]) == ("500.00", ["letters:001.csv!2"])
    assert (here["missed"]["finding_id"], here["missed"]["rule"]) == SOUGHT_FINDING[:2]
    assert (str(there["paid"]["amount"]), there["paid"]["scheme"]) == ("500.00", "boarder_allowance")
    assert (there["enrolled"]["active"], there["enrolled"]["stage"]) == (True, "primary")


def test_a_payment_that_was_taken_back_is_none() -> None:
    assert set(roles(county(WEST, {"payments": [{}, {"amount": "-500"}]}))) == {"enrolled"}


def test_fallback_here_and_paid_there_and_the_child_that_was_looked_for(east: Any, west: Any) -> None:
    crossing_rows, elsewhere = by_tokens(duckdb_engine(), [east, west], 0.5)
    pair = crossing_rows[["reason", "county_code", "other_county", "confidence"]].values.tolist()
    assert pair == [["fallback_paid", EAST, WEST, 1.0]]
    child = elsewhere[["finding_id", "county_code", "found_in", "active", "paid_there"]].values.tolist()
    assert child == [["f1", EAST, WEST, True, True]]
