"""Under which school a payment is visited: one name a school, told by the payment, else by the pupil's record."""

from __future__ import annotations

import pandas as pd
import pytest
from tiny_county import Tables, deliver, tables

from auditlib.city.county_frames import payments_of
from auditlib.county import self_check

LISTED_SCHOOL, OTHER_SCHOOL = "9901000001", "9901000002"
NAME, SHORT = "青禾县第一小学", "第一小学"
KINDS = {
    "the code alone": {"school_name": ""},
    "another spelling alone": {"school_code": "", "school_name": NAME},
    "no school": {"school_code": "", "school_name": ""},
    "nobody's, no school": {
        "school_code": "",
        "school_name": "",
        "name": "别人",
        "id_number": "",
    },
}


def county() -> Tables:
    """One school of the directory, recorded under its short name and paid in several ways; one of which records alone tell,
    in two spellings, paid by its code."""
    first, second = tables(12), tables(6, first=31, school=OTHER_SCHOOL)
    enrolled = [row | {"school_name": SHORT} for row in first["enrolment"]]
    enrolled += [
        row | {"school_name": name}
        for row, name in zip(second["enrolment"], ["石桥教学点"] * 4 + ["石桥小学"] * 2, strict=True)
    ]
    paid = [row | cells for row, cells in zip(first["payments"], KINDS.values(), strict=False)]
    return {
        "eligibility": [*first["eligibility"], *second["eligibility"]],
        "enrolment": enrolled,
        "payments": [*paid, second["payments"][0] | {"school_name": ""}],
        "schools": [{"school_code": LISTED_SCHOOL, "school_name": NAME, "stage": "小学"}],
    }


@pytest.fixture(scope="module")
def titles(tmp_path_factory: pytest.TempPathFactory) -> list[str | None]:
    """``school_title`` of the payments in the order of the file."""
    folder = tmp_path_factory.mktemp("schools")
    run = self_check.begin(deliver(folder / "files", county(), output=folder / "out"))
    audit = self_check.link(run, self_check.ingest(run))
    payments = run.engine.fetch(payments_of(audit)).sort_values("source", ignore_index=True)
    return [None if pd.isna(title) else str(title) for title in payments["school_title"]]


@pytest.mark.parametrize("kind", ["the code alone", "another spelling alone", "no school"])
def test_a_payment_stands_under_the_directorys_name_of_its_school(
    titles: list[str | None], kind: str
) -> None:
    assert titles[[*KINDS].index(kind)] == NAME


def test_of_whom_nothing_is_known_nothing_is_made_up(titles: list[str | None]) -> None:
    assert titles[[*KINDS].index("nobody's, no school")] is None


def test_a_school_of_no_directory_has_the_name_that_most_records_give(titles: list[str | None]) -> None:
    assert titles[-1] == "石桥教学点"
