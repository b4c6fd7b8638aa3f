"""The ten worked questions for analysts: the same program in both languages, and each gives an answer on a run."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tiny_county import deliver, tables, written

import auditlib
from auditlib.base.places import ROOT

PAGES = [ROOT / "docs" / "site" / name for name in ("questions.zh-CN.md", "questions.md")]


def programs(page: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = written(deliver(tmp_path_factory.mktemp("questions") / "files", tables()))
    return {"pd": pd, "run": auditlib.open_run(folder), "earlier": auditlib.open_run(folder)}


def test_both_languages_have_the_same_ten() -> None:
    first, second = ([re.sub(r"#.*", "", program) for program in programs(page)] for page in PAGES)
    assert first == second and len(first) == 11


@pytest.mark.parametrize("at", range(1, 11))
def test_each_question_has_an_answer(at: int, names: dict[str, Any]) -> None:
    *steps, last = ast.parse(programs(PAGES[1])[at]).body
    assert isinstance(last, ast.Expr)
    own = dict(names)
    exec(compile(ast.Module(steps, []), "question", "exec"), own)
    answer = eval(compile(ast.Expression(last.value), "question", "eval"), own)
    assert isinstance(answer, pd.DataFrame | pd.Series)
    if at == 10:
        assert answer.to_dict() == {"new": 0, "gone": 0, "still there": len(own["now"])}
