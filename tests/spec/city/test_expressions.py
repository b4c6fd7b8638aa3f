"""In the city registers are asked by Ibis, lists are compared in pandas, and nothing is SQL by hand (decision 20)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditlib.base.places import ROOT

CITY = ROOT / "auditlib" / "city"
OF_REGISTERS = {"across.py", "alike.py", "by_tokens.py", "county_frames.py", "hidden.py"}
IBIS = re.compile(r"^(?:import ibis|from ibis)", re.MULTILINE)
SQL = re.compile(r"\bSELECT\b.*\bFROM\b", re.DOTALL)


def test_expressions_stand_where_registers_are_read() -> None:
    assert {file.name for file in CITY.rglob("*.py") if IBIS.search(file.read_text("utf-8"))} == OF_REGISTERS


@pytest.mark.parametrize("file", sorted(CITY.rglob("*.py")), ids=lambda file: file.name)
def test_no_sql_is_written_by_hand(file: Path) -> None:
    assert not SQL.search(file.read_text("utf-8"))
