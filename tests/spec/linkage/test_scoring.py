"""A pair's levels and weights are those that Splink gives it, however many pairs are scored at once."""

from __future__ import annotations

import logging

import pandas as pd
import pytest
from splink import DuckDBAPI, Linker

from auditlib.base.engine import Engine, duckdb_engine
from auditlib.linkage import exact as linkage
from auditlib.linkage.model import scoring
from auditlib.linkage.model.comparisons import FREQUENCIES
from auditlib.linkage.model.scoring import (
    EXPLANATION_TYPES,
    LEVELS,
    PAIR,
    PARTS,
    explained_rows,
    scored,
    with_frequencies,
)
from auditlib.linkage.model.trained import read_model, settings
from samples.labelled import labelled_county
from samples.training.labelled import standard_tables

SIDES = ("unknown_records", "known_pupils")
EVERY_PAIR = ("1 = 1",)  # blocked pairs are few and alike; others reach the rarer levels too


@pytest.fixture(scope="module")
def engine() -> Engine:
    """A labelled county with every kind of slip, linked; every leftover scored beside every pupil who stands in a pair."""
    engine = duckdb_engine()
    linkage.link(engine, standard_tables(engine, labelled_county(20270501, 40)))
    with_frequencies(engine, engine.tables["known_pupils"], "known_pupils")
    scored(engine, read_model(), *SIDES, EVERY_PAIR)
    return engine


def rows(engine: Engine, table: str) -> pd.DataFrame:
    frame = engine.fetch(engine.connection.table(table))
    return frame.sort_values(list(PAIR), ignore_index=True)


def of_splink(engine: Engine) -> pd.DataFrame:
    """What Splink says of the pairs of the linked county, with the frequencies of its register."""
    api = DuckDBAPI(engine.connection.con)
    left_edge, right = (
        api.register(side, table_name=name) for side, name in zip(SIDES, ("unknown", "register"), strict=True)
    )
    rules = settings(read_model().weights, EVERY_PAIR)
    linker = Linker([left_edge, right], rules, log_level=logging.WARNING, validate_settings=False)
    for column in FREQUENCIES:
        table = api.register(f"known_pupils_{column}", table_name=f"frequency_{column}")
        linker.table_management.register_term_frequency_lookup(table, column)
    predictions = linker.inference.predict_between(left_edge, right, warning_mode="never")
    return rows(engine, predictions.physical_name)


def test_pairs_levels_and_weights_are_those_of_splink(engine) -> None:
    theirs, ours = of_splink(engine), rows(engine, "scored_unknown_records")
    assert all(ours[level].nunique() > 1 for level in LEVELS)
    assert ours[list(PAIR)].equals(theirs[list(PAIR)])
    assert (ours[list(LEVELS)].to_numpy() == theirs[list(LEVELS)].to_numpy()).all()
    assert (ours["match_weight"] == theirs["match_weight"]).all()
    engine.keep_sql("every_pair", ['SELECT record_l, record_r FROM "scored_unknown_records"'], PAIR)
    explained_rows(engine, read_model(), *SIDES, "every_pair")
    parts = rows(engine, "every_pair_explained")
    assert list(parts.columns) == list(EXPLANATION_TYPES)
    assert (parts[list(PARTS)].to_numpy() == theirs[list(PARTS)].to_numpy()).all()


def test_pairs_scored_a_few_at_a_time_are_the_same(engine, monkeypatch) -> None:
    together = rows(engine, "scored_unknown_records")
    monkeypatch.setattr(scoring, "AT_ONCE", len(together) // 5)
    scored(engine, read_model(), *SIDES, EVERY_PAIR)
    assert rows(engine, "scored_unknown_records").equals(together)
