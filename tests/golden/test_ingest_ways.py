"""Whoever is sent to the parameter file is told first what to click at the desk."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, get_type_hints

import pytest

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.ingest.accounts import losses
from auditlib.ingest.files import unreadable
from auditlib.ingest.headers import inquiries
from auditlib.ingest.messages import parameter_problems, problems, questions
from auditlib.ingest.messages.problems import Place
from auditlib.tables.delivered import TABLES, Column, Table

MODULES: tuple[ModuleType, ...] = (problems, inquiries, questions, parameter_problems, losses, unreadable)
BY_HAND = re.compile(r"参数文件|sources|data_dir|not_needed|columns|values:|: \[\]|lost_share")
SAMPLES: dict[Any, Any] = {
    Table: TABLES["payments"],
    Column: TABLES["payments"].by_name["result"],
    Place: Place("a.xlsx", "一", 3),
    Text: Text("甲", "one"),
    Sequence[str]: ["school_name"],
    Sequence[Place]: [Place("b.xlsx")],
    Sequence[Text]: [Text("甲", "one")],
    str | None: "栏一",
    str: "amount",
    int: 3,
    float: 0.5,
}


def messages() -> list[tuple[str, Callable[[], Problem]]]:
    """Every function that makes a problem of a place, a table and words."""
    messages_made = []
    for module in MODULES:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            hints = get_type_hints(function)
            result = hints.pop("return", None)
            if (
                function.__module__ == module.__name__
                and result is Problem
                and all(h in SAMPLES for h in hints.values())
            ):
                messages_made.append(
                    (name, lambda f=function, h=hints: f(**{key: SAMPLES[hint] for key, hint in h.items()}))
                )
    return messages_made


MESSAGES = messages()


def test_most_messages_are_looked_at() -> None:
    assert len(MESSAGES) >= 25
    assert {"sheets_not_found", "matches_nothing", "no_folder", "cross_tab"} <= {
        name for name, _make in MESSAGES
    }


@pytest.mark.parametrize(("name", "make"), MESSAGES, ids=[name for name, _make in MESSAGES])
def test_what_one_writes_by_hand_stands_behind_what_one_clicks(
    name: str, make: Callable[[], Problem]
) -> None:
    problem = make()
    if BY_HAND.search(problem.remedy.zh):
        desk, by_hand = problem.remedy.zh.split("。手写：", 1)
        assert desk.startswith("工作台：") and "”一步" in desk and by_hand
        desk, by_hand = problem.remedy.en.split(". By hand: ", 1)
        assert desk.startswith("At the desk: ") and "in the step" in desk and by_hand
