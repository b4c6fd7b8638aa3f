"""Every parameter that a file may hold reaches its run: it stands in the notebook's first cell and is handed on from there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields

import nbformat
import pytest

from auditlib.base.places import NOTEBOOKS
from auditlib.city.parameters import ReCheck
from auditlib.law.parameters import SelfCheck
from auditlib.trend.parameters import Trend

OF_NOTEBOOK = {"county_self_check": SelfCheck, "city_recheck": ReCheck, "term_trend": Trend}


def declaration(kind: type) -> set[str]:
    return {one.name for one in fields(kind) if "reader" in one.metadata and not one.metadata["private"]}


def calls(notebook: nbformat.NotebookNode) -> Iterator[ast.Call]:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            yield from (node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call))


@pytest.mark.parametrize("name", OF_NOTEBOOK)
def test_the_first_cell_has_them_and_they_are_handed_on(name: str) -> None:
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    [first] = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    bound = {node.targets[0].id for node in ast.parse(first.source).body if isinstance(node, ast.Assign)}
    [handed_on] = [
        {word.arg: ast.unparse(word.value) for word in call.keywords}
        for call in calls(notebook)
        if ast.unparse(call.func).endswith("_parameters")
    ]
    assert bound == declaration(OF_NOTEBOOK[name])
    assert handed_on == {name: name for name in bound}
