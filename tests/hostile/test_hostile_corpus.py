"""Hostile files, parameters and read-back files, each asked under limits: read right, or refused with place and remedy.

The ordinary run asks every 40th kind and what went wrong first; with HOSTILE=1 in the environment, every one (half an hour). Never a traceback,
never a signal, rows read = handed on + left out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("resource", reason="limits of memory and time are those of Linux and macOS")

from hostile_kinds import IS_REFUSED, READ, SHOWN_TEXTS, Kind, all_kinds, asked_kinds

EACH = 1 if os.environ.get("HOSTILE") else 40
FEWEST = 600
MOST_MEMORY = 1_500_000  # kB, of the reader and of the process that asks it
MOST_SECONDS, LONGEST_MESSAGE = 60, 500_000  # of the clock, on a busy machine; bytes
ASKED_RULES = asked_kinds(EACH)
RUNNER = Path(__file__).with_name("hostile_runner.py")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    root = tmp_path_factory.mktemp("hostile")
    file = root / "answers.json"
    environment = os.environ | {"PYTHONPATH": str(RUNNER.parent), "PYTHONHASHSEED": "0"}
    subprocess.run(
        [sys.executable, str(RUNNER), str(root), str(file), str(EACH)], env=environment, check=True
    )
    answer: dict[str, dict[str, Any]] = json.loads(file.read_text())
    return answer


def test_there_are_six_hundred_kinds() -> None:
    names = {kind.name for kind in all_kinds()}
    assert len(names) >= FEWEST
    assert set(SHOWN_TEXTS) <= names


@pytest.mark.parametrize(
    "kind", ASKED_RULES, ids=lambda kind: kind.name.encode("unicode_escape").decode()[:100]
)
def test_it_is_read_right_or_refused(kind: Kind, answers: dict[str, dict[str, Any]]) -> None:
    answer = answers[kind.name]
    assert "traceback" not in answer, answer["traceback"]
    assert "signal" not in answer, answer
    assert answer["memory"] < MOST_MEMORY
    assert answer["seconds"] < MOST_SECONDS
    assert answer.get("bytes", 0) < LONGEST_MESSAGE
    problems = answer["problems"]
    if kind.outcome == READ:
        assert problems == []
    if kind.outcome == IS_REFUSED:
        assert problems
        assert any(kind.says in problem for problem in problems), problems
    for problem in problems:
        assert "What to do: " in problem or problem.startswith("("), problem
    if kind.rows is not None:
        assert answer["rows"] == kind.rows
