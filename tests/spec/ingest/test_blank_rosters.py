"""A roster on which those who are away are marked and nobody else: what an empty cell says is asked once, and not guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_county import deliver, tables

from auditlib.county.self_check import begin, read_all
from auditlib.ingest.layouts.rolls import EMPTY

SOURCES = {"payments": ["payments.csv"], "attendance": ["点名.csv"]}
ROLL = "姓名,学校,点名日期,在校情况\n样甲,青山小学,2020-10-30,\n样乙,青山小学,2020-10-30,辍学\n样丙,青山小学,2020-10-30,\n"


@pytest.mark.parametrize(
    ("code", "states"), [("present", ["absent", "present"]), ("absent", ["absent"]), (None, None)]
)
def test_what_an_empty_cell_says_is_asked_and_kept(
    tmp_path: Path, code: str | None, states: list[str] | None
) -> None:
    own = {"values": {"present": {EMPTY: code}}} if code else {}
    county = {name: rows for name, rows in tables(2).items() if name == "payments"}
    run = begin(deliver(tmp_path / "data", county, sources=SOURCES, **own))
    (tmp_path / "data" / "点名.csv").write_text(ROLL, encoding="utf-8")
    registers, problems = read_all(run)
    texts = [problem.what.zh for problem in problems if "点名" in problem.where.zh]
    assert [EMPTY in text for text in texts] == ([] if code else [True])
    if code:
        assert sorted(set(run.engine.fetch(registers.tables["attendance"])["present"])) == states
