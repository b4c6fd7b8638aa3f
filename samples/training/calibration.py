"""What the model says, held against who the records of other generated counties are: one map for all log-odds.

Weights are added as if comparisons told independent things, which they do not quite: who left the number out has seldom
also another name. So the log-odds of all candidates of a record are moved and stretched by two figures, fitted by the
likelihood of who each record is (a conditional logit; of one candidate it is Platt's scaling). The map is monotone: no
candidate overtakes another, and a tie stays one.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from ibis import _

from auditlib.base.engine import duckdb_engine
from auditlib.linkage.model.distribution import KINDS, candidates, shares
from auditlib.linkage.model.scoring import scored, with_frequencies
from auditlib.linkage.model.trained import Model
from samples.labelled import labelled_county
from samples.training.labelled import sides

DIGITS = 6
STEPS = 50
BINS = (0.0, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999, 1.0)
NEAR_ONE = 1.0  # how firmly slope and offset are held to one and nought where there is little to go by


def fits(labelled_pairs: pd.DataFrame) -> dict[str, dict[str, float]]:
    """``offset`` and ``slope`` by kind of record, of ``labelled``: ``record, place, log_odds`` (natural), ``right``."""
    kinds = labelled_pairs["place"].str.split(":").str[-1]
    return {kind: _fit(labelled_pairs[kinds == kind]) for kind in KINDS}


def _fit(labelled_pairs: pd.DataFrame) -> dict[str, float]:
    record = pd.factorize(labelled_pairs["record"], sort=True)[0]
    features = np.column_stack([np.ones(len(labelled_pairs)), labelled_pairs["log_odds"].to_numpy(float)])
    feature_sums = features[labelled_pairs["right"].to_numpy(bool)].sum(axis=0)
    at = start = np.array([0.0, 1.0])
    for _step in range(STEPS):
        slope, curve = _derivatives(at, features, record)
        move = np.linalg.solve(curve + NEAR_ONE * np.eye(2), feature_sums - slope - NEAR_ONE * (at - start))
        at = at + move * min(1.0, 1.0 / max(float(np.abs(move).max()), 1e-12))
        if np.abs(move).max() < 10.0**-DIGITS / 10:
            break
    return {"offset": round(float(at[0]), DIGITS), "slope": round(float(at[1]), DIGITS)}


def _derivatives(at: np.ndarray, features: np.ndarray, record: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the model expects of the features of the right candidates, and their covariance."""
    records = int(record.max()) + 1 if len(record) else 0
    log_odds = features @ at
    top = np.zeros(records)  # of *nobody*, whose log-odds are nought
    np.maximum.at(top, record, log_odds)
    odds = np.exp(log_odds - top[record])
    share = odds / (np.bincount(record, odds, records) + np.exp(-top))[record]
    weighted_features = features * share[:, None]
    means = np.column_stack([np.bincount(record, weighted_features[:, i], records) for i in range(2)])
    return weighted_features.sum(axis=0), features.T @ weighted_features - means.T @ means


def labelled_candidates(model: Model, seeds: Iterable[int], children_per_cohort: int) -> pd.DataFrame:
    """The candidates of the leftovers of generated counties: ``record, place, log_odds, score, right``."""
    return pd.concat([_candidates(model, seed, children_per_cohort) for seed in seeds], ignore_index=True)


def _candidates(model: Model, seed: int, children_per_cohort: int) -> pd.DataFrame:
    engine = duckdb_engine()
    county = sides(engine, labelled_county(seed, children_per_cohort))
    with_frequencies(engine, county.pupils, "known_pupils")
    pairs = scored(engine, model, "unknown_records", "known_pupils")
    person = county.pupils.select(pupil=_.record, true_id=_.person_id)
    truth = county.truth.inner_join(person, "pupil").select("true_id", record_l=_.record)
    shared_odds = shares(candidates(pairs, county.unknown, county.pupils, model)).left_join(truth, "record_l")
    right = (_.true_id == _.candidate_id).fill_null(False)
    records = shared_odds.filter(_.odds > 0).mutate(
        right=right, log_odds=_.odds.ln(), record=f"{seed}:" + _.record_l
    )
    columns = ("record", "candidate_id", "place", "log_odds", "score", "right")
    return engine.fetch(records.select(*columns).order_by("record", "candidate_id"))


def reliability(labelled_pairs: pd.DataFrame) -> list[dict[str, float]]:
    """By how sure the model is of a candidate (``said``): how often it is ``right``, and of how many ``candidates``."""
    parts = labelled_pairs.groupby(pd.cut(labelled_pairs["score"], BINS, include_lowest=True), observed=True)
    return [
        {
            "candidates": len(part),
            "said": round(float(part["score"].mean()), DIGITS),
            "right": round(float(part["right"].mean()), DIGITS),
        }
        for _bin, part in parts
    ]


def expected_error(labelled_pairs: pd.DataFrame, above: float = 0.0) -> float:
    """The mean gap between what is said and what is right over BINS, of candidates whose share is ``above`` a floor."""
    likely = labelled_pairs[labelled_pairs["score"] > above]
    parts = likely.groupby(pd.cut(likely["score"], BINS, include_lowest=True), observed=True)
    means = parts.agg(candidates=("score", "size"), said=("score", "mean"), right=("right", "mean"))
    return float((means["candidates"] * (means["said"] - means["right"]).abs()).sum() / len(likely))
