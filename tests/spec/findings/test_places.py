"""Where a finding is: its town is that of the school, where no register tells the person's."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from tiny_county import changed, deliver, tables

from auditlib.audit.school_towns import school_towns
from auditlib.county import self_check

LISTED_SCHOOL, NAMED_SCHOOL, NEITHER = "第一小学", "青禾县乙镇中心小学", "实验小学"
CODES = {"9901000001": LISTED_SCHOOL, "9901000002": NAMED_SCHOOL, "9901000003": NEITHER}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The findings of strangers paid through three schools, and the schools' towns: the directory tells the first one's, the
    second's name holds one that a register tells, and the third is nowhere."""
    folder: Path = tmp_path_factory.mktemp("places")
    parts = [tables(4, first=1 + 20 * at, school=code) for at, code in enumerate(CODES)]
    towns = ("甲镇", "乙镇", "丙乡")
    county_tables = {
        "eligibility": [
            row | {"town": town} for part, town in zip(parts, towns, strict=True) for row in part["eligibility"]
        ],
        "enrolment": [row | {"school_name": CODES[row["school_code"]]} for part in parts for row in part["enrolment"]],
        "payments": [row | {"school_name": CODES[row["school_code"]]} for part in parts for row in part["payments"]],
        "schools": [{"school_code": "9901000001", "school_name": LISTED_SCHOOL, "stage": "小学", "town": "甲镇"}],
    }  # fmt: skip
    county_tables = changed(county_tables, "payments", lambda rows: [*rows, *map(_of_a_stranger, rows[::3])])
    run = self_check.begin(deliver(folder / "files", county_tables, output=folder / "out"))
    registers = self_check.ingest(run)
    audit = self_check.link(run, registers)
    results = self_check.sum_up(run, registers, audit, self_check.check(run, audit))
    return results.findings, run.engine.fetch(school_towns(audit))


def _of_a_stranger(row: dict[str, str]) -> dict[str, str]:
    return row | {"name": "别人" + row["school_code"][-1], "id_number": "", "account_no": ""}


def test_the_directory_tells_the_town_else_the_schools_own_name(
    county: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    assert dict(county[1].itertuples(index=False, name=None)) == {LISTED_SCHOOL: "甲镇", NAMED_SCHOOL: "乙镇"}


def test_a_finding_of_nobody_known_is_in_the_town_of_its_school(
    county: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    strangers = county[0][county[0]["rule"] == "mismatch.not_enrolled"]
    towns = dict(strangers[["school_name", "town"]].itertuples(index=False, name=None))
    assert {school: None if pd.isna(town) else town for school, town in towns.items()} == {
        LISTED_SCHOOL: "甲镇",
        NAMED_SCHOOL: "乙镇",
        NEITHER: None,
    }
