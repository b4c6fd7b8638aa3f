"""What the linkage is held against: exact ID numbers, and Splink as it comes, trained blind."""

from __future__ import annotations

import logging

import pandas as pd

ACCEPT = 0.95
FIELDS = [
    "record",
    "person_id",
    "name",
    "id_number",
    "student_no",
    "sex",
    "birth",
    "school",
    "guardian",
    "town",
]


def exact_number(records: pd.DataFrame, pupils: pd.DataFrame) -> pd.Series:
    """The same ID number, and nothing else."""
    person_of = (
        pupils.dropna(subset="id_number").drop_duplicates("id_number").set_index("id_number")["person_id"]
    )
    return pd.Series(records["id_number"].map(person_of).to_numpy(), index=records["record"]).dropna()


def best_of(pairs: pd.DataFrame, score: str) -> pd.Series:
    """Each record's best candidate from ACCEPT on; none where two are equally good."""
    likely_pairs = pairs[pairs[score] >= ACCEPT]
    top = likely_pairs[likely_pairs[score] == likely_pairs.groupby("record")[score].transform("max")]
    single = top.drop_duplicates(["record", "person_id"]).drop_duplicates("record", keep=False)
    return single.set_index("record")["person_id"]


def splink_blind(records: pd.DataFrame, pupils: pd.DataFrame) -> pd.Series:
    """Splink's stock comparisons on the same columns, every record against every pupil, trained without labels."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    rules = [
        block_on("id_number"),
        block_on("student_no"),
        block_on("name"),
        block_on("birth", "school"),
        block_on("substr(id_number, 7, 12)"),
    ]
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="record",
        comparisons=[
            cl.LevenshteinAtThresholds("id_number", [1, 2]),
            cl.JaroWinklerAtThresholds("name", [0.9, 0.7]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("student_no"),
            cl.ExactMatch("sex"),
            cl.ExactMatch("school").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=rules,
        additional_columns_to_retain=["person_id"],
    )
    api = DuckDBAPI()
    sides = [
        api.register(records[FIELDS], table_name="a_records"),
        api.register(pupils[FIELDS], table_name="b_pupils"),
    ]
    linker = Linker(sides, settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match([block_on("id_number")], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("id_number"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("name"))
    predictions = linker.inference.predict(
        threshold_match_probability=ACCEPT, warning_mode="never"
    ).as_pandas_dataframe()
    pairs = predictions.rename(columns={"record_l": "record", "person_id_r": "person_id"})
    return best_of(pairs, "match_probability")
