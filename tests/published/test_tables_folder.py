"""The folder itself: no table without a test, no case without its other half."""

from __future__ import annotations

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
KNOWN = TABLES | {f"{name}_{half}" for name in PAIRS for half in ("data", "expected")}


def test_every_table_in_the_folder_has_a_test(folder):
    found = {path.stem for path in folder.glob("*.csv")}
    assert found, f"{folder} holds no table"
    assert found <= KNOWN, f"no test knows {sorted(found - KNOWN)}"


@pytest.mark.parametrize("name", PAIRS)
def test_data_and_expected_results_have_the_same_cases(name, table):
    cases = {half: {row["case_id"] for row in table(f"{name}_{half}")} for half in ("data", "expected")}
    assert cases["data"] == cases["expected"]


def test_a_row_has_an_id_of_its_own(folder, table):
    for path in folder.glob("*.csv"):
        ids = [row["id"] for row in table(path.stem) if "id" in row]
        assert len(set(ids)) == len(ids), path.name
