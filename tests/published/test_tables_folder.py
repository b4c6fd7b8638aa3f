"""The folder itself: no table without a test, no case without its other half."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TABLES = {
    "agreement_multi_rater",
    "agreement_two_raters",
    "allocation",
    "attribute_sample_size",
    "attribute_upper_limit",
    "capture_recapture",
    "discovery_sampling",
    "mus_bayes",
    "mus_evaluation",
    "mus_sample_size",
    "mus_selection",
    "mus_top_stratum",
    "poisson_confidence_factor",
    "prn_selection",
    "proportion_ci",
    "srs_sample_size",
    "two_stage_stop_or_go",
    "variables_sample_size",
}
PAIRS = ("classical_variables", "design_cases", "detection_rate", "flag_performance")
KNOWN_NAMES = TABLES | {f"{name}_{half}" for name in PAIRS for half in ("data", "expected")}


def test_every_table_in_the_folder_has_a_test(folder):
    file_names = {path.stem for path in folder.glob("*.csv")}
    assert file_names, f"{folder} holds no table"
    assert file_names <= KNOWN_NAMES, f"no test knows {sorted(file_names - KNOWN_NAMES)}"


@pytest.mark.parametrize("name", PAIRS)
def test_data_and_expected_results_have_the_same_cases(name, table):
    cases = {half: {row["case_id"] for row in table(f"{name}_{half}")} for half in ("data", "expected")}
    assert cases["data"] == cases["expected"]


def test_a_row_has_an_id_of_its_own(folder, table):
    for path in folder.glob("*.csv"):
        ids = [row["id"] for row in table(path.stem) if "id" in row]
        assert len(set(ids)) == len(ids), path.name


# --- What only these tables reach stands in auditlib/sampling/published -------------------------------------------------

ROOT = Path(__file__).resolve().parents[2]
SAMPLING = ROOT / "auditlib" / "sampling"
BESIDE_THEIR_KIN = {"real_shares", "beta_split", "gamma_split"}  # unrounded allocation; SciPy has one door


def definitions(folder: Path) -> Iterator[tuple[str, set[str]]]:
    """Each function and class at the top of a file, and the names that it speaks of."""
    for file in folder.glob("*.py"):
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield node.name, names_in(node) - {node.name}


def names_in(tree: ast.AST) -> set[str]:
    words = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imports = {a.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for a in node.names}
    return words | imports | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_what_no_programme_uses_stands_in_the_folder_that_says_so():
    others = [file for file in ROOT.glob("auditlib/**/*.py") if SAMPLING not in file.parents]
    names_reached = set().union(*(names_in(ast.parse(file.read_text("utf-8"))) for file in others))
    inner: dict[str, set[str]] = {}
    for name, words in definitions(SAMPLING):  # two files may each have a helper of one name
        inner[name] = inner.get(name, set()) | words
    size = 0
    while size < len(names_reached):
        size = len(names_reached)
        names_reached |= set().union(*(inner[name] for name in names_reached & inner.keys()))
    assert inner.keys() - names_reached == BESIDE_THEIR_KIN
    assert {
        name for name, _ in definitions(SAMPLING / "published") if name[0] != "_"
    } & names_reached == set()
