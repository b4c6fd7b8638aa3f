"""What the model says is held against who the records are: the map of log-odds is fitted, and holds on a fresh county."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from auditlib.linkage.model.distribution import KINDS
from auditlib.linkage.model.trained import Model, read_model
from samples.training.calibration import expected_error, fits, labelled_candidates, reliability

FRESH, SMALL = 4711, 330  # a seed that nothing was trained, calibrated or checked on
TRUE = {"offset": -0.7, "slope": 1.4}


def drawn_pairs(records: int = 4000, candidates: int = 5) -> pd.DataFrame:
    """Records whose pupil is drawn with the chances that TRUE makes of the log-odds that are told."""
    chance = np.random.default_rng(20260101)
    log_odds = chance.normal(-1.0, 2.0, (records, candidates))
    odds = np.exp(TRUE["offset"] + TRUE["slope"] * log_odds)
    edges = np.cumsum(odds / (1 + odds.sum(axis=1, keepdims=True)), axis=1)
    pupil = (chance.random((records, 1)) > edges).sum(axis=1)
    return pd.DataFrame(
        {
            "record": np.repeat([f"r{at}" for at in range(records)], candidates),
            "place": "payments:taught:bare",
            "log_odds": log_odds.ravel(),
            "right": (pupil[:, None] == np.arange(candidates)).ravel(),
        }
    )


def rescale(rows: pd.DataFrame, offset: float = 0.0, slope: float = 1.0) -> pd.DataFrame:
    odds = np.exp(offset + slope * rows["log_odds"])
    return rows.assign(score=odds / (1 + odds.groupby(rows["record"]).transform("sum")))


def test_the_map_is_found_again_and_mends_what_is_said() -> None:
    rows = drawn_pairs()
    fit = fits(rows)["bare"]
    assert fit == pytest.approx(TRUE, abs=0.06)
    assert expected_error(rescale(rows, **fit)) < 0.01 < expected_error(rescale(rows))


def test_where_there_is_nothing_to_go_by_nothing_is_changed() -> None:
    assert fits(drawn_pairs().iloc[:0]) == {kind: {"offset": 0.0, "slope": 1.0} for kind in KINDS}


def test_the_order_of_rows_changes_no_digit_of_the_map() -> None:
    rows = drawn_pairs(300)
    assert fits(rows.iloc[::-1]) == fits(rows)


def test_the_error_is_the_gap_between_what_is_said_and_what_is_right() -> None:
    rows = pd.DataFrame({"score": [0.9] * 10, "right": [True] * 6 + [False] * 4})
    assert expected_error(rows) == pytest.approx(0.3)
    assert reliability(rows) == [{"candidates": 10, "said": 0.9, "right": 0.6}]


@pytest.fixture(scope="module")
def fresh() -> dict[str, pd.DataFrame]:
    """The candidates of a small county that the trained model has not seen, by its map and without it."""
    model = read_model()
    models: dict[str, Model] = {"with": model, "without": replace(model, calibration={})}
    return {name: labelled_candidates(calibration, (FRESH,), SMALL) for name, calibration in models.items()}


def test_of_a_fresh_county_the_model_is_as_sure_as_it_may_be(fresh: dict[str, pd.DataFrame]) -> None:
    """Likely candidates are a few hundred: of so many the gap of a perfect model is near this by chance alone."""
    assert (fresh["with"]["score"] > 0.01).sum() > 200
    assert expected_error(fresh["with"], 0.01) < 0.02


def test_the_map_tells_better_who_a_record_is(fresh: dict[str, pd.DataFrame]) -> None:
    """The mean log of the share given to the pupil or, where there is none, to nobody."""
    assert surprise(fresh["with"]) < surprise(fresh["without"])


def surprise(rows: pd.DataFrame) -> float:
    shares = rows.assign(own=rows["score"] * rows["right"]).groupby("record")[["score", "own", "right"]].sum()
    own_shares = shares["own"].where(shares["right"] > 0, 1 - shares["score"])
    return float(-np.log(own_shares.clip(lower=1e-9)).mean())


def test_the_trained_model_was_checked_on_counties_it_was_not_fitted_on() -> None:
    model = read_model()
    seeds = [model.trained_on["seed"], *model.trained_on["calibrated_on"], *model.trained_on["checked_on"]]
    assert len(seeds) == len(set(seeds))
    assert FRESH not in seeds
    assert set(model.calibration) == set(KINDS)
    enough = [part for part in model.reliability if part["candidates"] >= 30]
    for part in enough:
        slack = 3 * (part["said"] * (1 - part["said"]) / part["candidates"]) ** 0.5
        assert abs(part["said"] - part["right"]) < 0.02 + slack
    assert len(enough) >= 5
