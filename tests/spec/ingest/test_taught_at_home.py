"""送教上门 as a status or a way of attending is kept: the ledger of home teaching has to name such a pupil."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_county import changed, deliver, tables

from auditlib.county import self_check


@pytest.mark.parametrize("column", ["status", "boarding"])
def test_a_pupil_taught_at_home_by_the_register_is_known_as_such(tmp_path: Path, column: str) -> None:
    county_tables = changed(
        tables(4),
        "enrolment",
        lambda rows: [row | ({column: "送教上门"} if at == 0 else {}) for at, row in enumerate(rows)],
    )
    run = self_check.begin(deliver(tmp_path / "files", county_tables, output=tmp_path / "out"))
    pupils = run.engine.fetch(self_check.link(run, self_check.ingest(run)).pupils)
    assert list(pupils.boarding).count("home_teaching") == 1
    assert pupils.active.all()
