"""What stands above a finding's column is written once, in its declaration."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from auditlib.base.places import ROOT
from auditlib.tables.findings import LISTED_COLUMNS

ROOMS = ("city/report", "forms", "province", "report", "terminal", "trend", "workbench")
FILES = [file for room in ROOMS for file in sorted((ROOT / "auditlib" / room).rglob("*.py"))]
# The reason why a row was rejected or could not be tested is no finding's.
ELSEWHERE = {"reason"}
TITLES = {
    (column.title.zh, column.title.en): name
    for name, column in LISTED_COLUMNS.items()
    if name not in ELSEWHERE
}


def restatements(file: Path) -> list[str]:
    """The columns whose titles ``file`` writes again."""
    texts = [
        tuple(part.value for part in node.args if isinstance(part, ast.Constant))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Text"
    ]
    return [TITLES[text] for text in texts if text in TITLES]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_title_is_written_again(file: Path) -> None:
    assert restatements(file) == []
