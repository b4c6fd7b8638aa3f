"""Who a row is: each key decides as documented, ties stay apart, what is left open is listed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plain_county
import pytest

from auditlib.base.engine import duckdb_engine
from auditlib.linkage import exact as linkage

NO_NUMBER = {"id_number": ""}
# case -> (rows, the table asked about, who decided, is it the pupil of the register)
CASES: dict[str, tuple[dict[str, Any], str, str, bool]] = {
    "the same ID number": ({}, "payments", "id_number", True),
    "the number inside a G student number of the register": (
        {"enrolment": {"student_no": "G{id_other}"}, "payments": {"id_number": "{id_other}"}}, "payments", "g_number", True),
    "the number inside a G student number of the row": (
        {"payments": {**NO_NUMBER, "student_no": "G{id}"}, "enrolment": {"student_no": "{student_no_l}"}}, "payments", "g_number", True),
    "an L student number is no ID number": (
        {"payments": {**NO_NUMBER, "student_no": "L{id}", "name": "某某"}, "enrolment": {"student_no": "{student_no_l}"}}, "payments", "none", False),
    "the same impossible number and name": (
        {"payments": {"id_number": "{id_wrong_check}"}, "enrolment": {"id_number": "{id_wrong_check}", "student_no": "{student_no_l}"}},
        "payments", "same_text", True),
    "the same impossible number, another name": (
        {"payments": {"id_number": "{id_wrong_check}", "name": "某某"}, "enrolment": {"id_number": "{id_wrong_check}", "student_no": "{student_no_l}"}},
        "payments", "model", True),
    "the same student number": (
        {"payments": {**NO_NUMBER, "student_no": "{student_no_l}"}, "enrolment": {"student_no": "{student_no_l}"}}, "payments", "student_no", True),
    "the same student number, another number and name": (
        {"payments": {"id_number": "{id_other2}", "name": "某某", "student_no": "{student_no_l}"}, "enrolment": {"student_no": "{student_no_l}"}},
        "payments", "none", False),
    "name, birth date and school": ({"eligibility": NO_NUMBER}, "eligibility", "name_birth_school", True),
    "name and birth date alone": ({"eligibility": {**NO_NUMBER, "school_name": ""}}, "eligibility", "none", False),
    "a number damaged by the spreadsheet is no key; name, school and card tell the model": (
        {"payments": {"id_number": "{id_float}"}}, "payments", "model", True),
    "two pupils of one name, birth date and school": (
        {"enrolment": [{}, {"of": 2, "name": "{name}", "school_code": "{school}", "school_name": "{school_name}"}], "eligibility": NO_NUMBER},
        "eligibility", "none", False),
    "a number that another row of the person carries": (
        {"payments": [{"id_number": "{id_other}", "student_no": "{student_no_l}"}, {"id_number": "{id_other}", "name": "某某"}],
         "enrolment": {"student_no": "{student_no_l}"}}, "payments", "alias", True),
    "a letter by name and household": ({"letters": NO_NUMBER}, "letters", "household", True),
    "a letter by name, two of that name in the household": (
        {"letters": NO_NUMBER, "eligibility": [{}, {"of": 2, "name": "{name}", "household_no": "{household}"}], "enrolment": {}}, "letters", "none", False),
    "a school told by a former name": (
        {"eligibility": {**NO_NUMBER, "school_name": "{school_name}原名"}, "schools": {"alias": "{school_name}旧名、{school_name}原名"}},
        "eligibility", "name_birth_school", True),
}  # fmt: skip


@pytest.fixture(scope="module")
def linked() -> tuple[pd.DataFrame, pd.DataFrame]:
    """``identities`` and ``open_pairs`` of all cases in one county."""
    counties = [plain_county.overlaid(number, rows) for number, (rows, *_) in enumerate(CASES.values(), 1)]
    parameters, engine = plain_county.parameters_of(), duckdb_engine(threads=2)
    tables = plain_county.standardised(
        engine, plain_county.together(counties), parameters, plain_county.policy_of(parameters)
    )
    result = linkage.link(engine, tables)
    return engine.fetch(result.identities), engine.fetch(result.open_pairs)


@pytest.mark.parametrize("number", range(1, len(CASES) + 1), ids=list(CASES))
def test_a_row_is_decided_as_documented(linked: tuple[pd.DataFrame, pd.DataFrame], number: int) -> None:
    _, table, decided_by, is_pupil = list(CASES.values())[number - 1]
    rows = linked[0][linked[0]["source"].str.startswith(f"{number:03d}.csv!")]
    pupil = rows.loc[rows["table"] == "enrolment", "person_id"].iloc[0]
    row_asked = rows[rows["table"] == table].sort_values("source").iloc[-1]
    assert row_asked["decided_by"] == decided_by
    assert (row_asked["person_id"] == pupil) == is_pupil
    assert bool(row_asked["in_register"]) == is_pupil


def test_every_row_has_one_identity(linked: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    assert not linked[0].duplicated(["table", "source"]).any() and linked[0]["person_id"].notna().all()


def test_every_key_has_a_case() -> None:
    assert {decided_by for _, _, decided_by, _ in CASES.values()} == {*linkage.KEYS, "model", "none"}
