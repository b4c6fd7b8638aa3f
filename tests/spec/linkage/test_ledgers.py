"""Who the rows of the ledgers are: by keys alone, after the registers, whose links they never change."""

from __future__ import annotations

from typing import Any

import plain_county
import pytest

# What a row of the roster says, and whether it is the first pupil, nobody whom a register knows, or left open.
ROWS: dict[str, tuple[dict[str, Any], str]] = {
    "the same number": ({}, "id_number"),
    "the number under another name": ({"name": "{name9}"}, "id_number"),
    "the student number alone": ({"id_number": "", "name": "{name}"}, "student_no"),
    "a number with a wrong check digit, and the student number": (
        {"id_number": "{id_wrong_check}"},
        "student_no",
    ),
    "name and school": ({"id_number": "", "student_no": ""}, "name_school"),
    "a name alone that one person bears": ({"id_number": "", "student_no": "", "school_name": ""}, "name"),
    "another number, the student number and another name": (
        {"id_number": "{id_other}", "name": "{name9}"},
        "none",
    ),
    "name, birth date and school under another number": (
        {"id_number": "{id_other}", "student_no": ""},
        "name_birth_school",
    ),
    "a namesake born another day": ({"id_number": "{guardian_id}", "student_no": ""}, "none"),
    "the name at a school where nobody bears it": (
        {"id_number": "", "student_no": "", "school_name": "{school_name9}"},
        "none",
    ),
}
LINKED = {row: decision for row, (_cells, decision) in ROWS.items()}


@pytest.fixture(scope="module")
def identities() -> dict[str, tuple[str, bool, bool]]:
    """For each row of ROWS: by which key it was decided, whether it is the pupil, whether the register knows it."""
    counties = [
        plain_county.overlaid(number, {"attendance": cells})
        for number, (cells, _decision) in enumerate(ROWS.values(), 1)
    ]
    engine, audit = plain_county.audited(plain_county.together(counties))
    frame = engine.fetch(audit.identities.filter(audit.identities.table.isin(["attendance", "enrolment"])))
    pupils = frame[frame["table"] == "enrolment"].set_index("source")["person_id"]
    rows = frame[frame["table"] == "attendance"].set_index("source")
    return {
        name: (row["decided_by"], row["person_id"] == pupils[f"{number:03d}.csv!2"], bool(row["in_register"]))
        for number, name in enumerate(ROWS, 1)
        for row in [rows.loc[f"{number:03d}.csv!2"]]
    }


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_a_ledger_is_whom_its_first_key_names(
    identities: dict[str, tuple[str, bool, bool]], row: str
) -> None:
    is_linked = LINKED[row] != "none"
    assert identities[row] == (LINKED[row], is_linked, is_linked)


def test_a_ledger_changes_no_link_between_the_registers() -> None:
    def links(rows: dict[str, Any]) -> list[tuple[str, str, str]]:
        engine, audit = plain_county.audited(plain_county.overlaid(1, rows))
        frame = engine.fetch(audit.identities.filter(audit.identities.table != "attendance"))
        return sorted(zip(frame["table"], frame["source"], frame["person_id"], strict=True))

    assert links({}) == links({"attendance": {"name": "{name9}", "id_number": "{id}"}})
