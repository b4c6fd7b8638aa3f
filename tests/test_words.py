"""Names are nouns of the field: few are bare participles or pronouns, which say nothing of what they hold."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Per cent of all names of a tree; it may only fall. The package had 6.66 when this test was
# written, the samples 2.76, the tests 7.19.
MOST = {"auditlib": 0.2, "samples": 0.2, "tests": 0.7, "benchmarks": 0.2, "bundle": 0.2}
BARE = frozenset(
    [
        "found",
        "told",
        "said",
        "known",
        "both",
        "whole",
        "made",
        "given",
        "wanted",
        "asked",
        "held",
        "named",
        "shown",
        "drawn",
        "left",
        "kept",
        "seen",
        "taken",
        "chosen",
        "met",
        "meant",
        "opened",
        "judged",
        "stated",
        "laid",
        "written",
        "lost",
        "gone",
        "done",
    ]
)


def bindings(tree: ast.AST) -> Iterator[str]:
    """Every name that is bound: variables, parameters, fields, functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef):
            yield node.name


@cache
def names_by_room(tree: str) -> dict[str, Counter[bool]]:
    """room -> how many names are bare (True), how many are not."""
    rooms: dict[str, Counter[bool]] = {}
    for file in sorted((ROOT / tree).rglob("*.py")):
        room = file.relative_to(ROOT / tree).parts[0].removesuffix(".py")
        names = bindings(ast.parse(file.read_text("utf-8")))
        rooms.setdefault(room, Counter()).update(name.strip("_") in BARE for name in names)
    return rooms


@pytest.mark.parametrize("tree", MOST)
def test_few_names_are_bare_participles(tree: str) -> None:
    rooms = names_by_room(tree)
    rooms = rooms | {"together": sum(rooms.values(), Counter[bool]())}
    for room, names in sorted(rooms.items(), key=lambda entry: -entry[1][True]):
        print(f"{room:20} {names[True]:5} of {names.total():6}  {percent(names):5.2f} %")
    assert percent(rooms["together"]) <= MOST[tree]


def percent(names: Counter[bool]) -> float:
    return 100 * names[True] / max(names.total(), 1)


def test_the_law_has_none() -> None:
    assert names_by_room("auditlib")["law"][True] == 0


def test_a_bare_name_is_seen_and_a_noun_is_not() -> None:
    bound = list(bindings(ast.parse("def told(asked, rows):\n    said = rows\n    for known in said: pass")))
    assert sorted(set(bound) & BARE) == ["asked", "known", "said", "told"] and "rows" in bound
