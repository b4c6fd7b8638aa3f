"""Training: ``python -m samples.training`` writes params/linkage.json, the same bytes every time.

m and u are frequencies over labelled pairs of a generated county, so nothing is guessed and nothing is random: m over
the true pairs of what the exact keys leave, u over leftovers beside pupils who are someone else. Half a pair is added
to every level, that none be impossible. What the comparisons say together is then held against other counties (:mod:`.calibration`).
"""

from __future__ import annotations

from dataclasses import replace

import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.engine import Engine, duckdb_engine
from auditlib.linkage.model.comparisons import COMPARISONS
from auditlib.linkage.model.records import places_of
from auditlib.linkage.model.scoring import LEVELS, level_vectors
from auditlib.linkage.model.trained import Model, Weights, write_model
from samples.labelled import labelled_county
from samples.training.calibration import fits, labelled_candidates, reliability
from samples.training.labelled import Sides, sides, twice_entered

SEED, SIZE = 20200901, 1000
STRANGERS = 600  # leftovers that are held against every pupil
SMOOTH = 0.5
DIGITS = 9
CALIBRATED_ON = tuple(range(SEED + 1, SEED + 9))
CHECKED_ON = tuple(range(SEED + 9, SEED + 12))
CALIBRATED_SIZE = 1700


def train(seed: int = SEED, children_per_cohort: int = SIZE) -> Model:
    """The model of a generated county."""
    engine = duckdb_engine()
    county = sides(engine, labelled_county(seed, children_per_cohort))
    same, other = true_pairs(engine, county), other_pairs(engine, county)
    trained_on = {
        "seed": seed,
        "pupils": int(engine.fetch(county.pupils.count())),
        "true_pairs": int(same["pairs"].sum()),
        "other_pairs": int(other["pairs"].sum()),
    }
    truth = county.truth.select("record", known=_.pupil.notnull())
    return Model(weights(same, other), known_shares(engine, county.unknown, county.pupils, truth), trained_on)


def train_register(seed: int = SEED, children_per_cohort: int = SIZE) -> Model:
    """The model of two records of one child in the register: counted in the same way, with no keys before it."""
    engine = duckdb_engine()
    county = twice_entered(engine, labelled_county(seed, children_per_cohort))
    labelled_pairs = county.records.inner_join(county.truth, "record").mutate(truth=_.child)
    engine.keep("records_labelled", labelled_pairs)
    unknown = engine.keep("doubtful_labelled", labelled_pairs.semi_join(county.doubtful, "record"))
    twins = level_vectors(engine, "doubtful_labelled", "records_labelled", ("l.truth = r.truth",))
    same = _level_counts(engine, twins.filter(_.record_l != _.record_r))
    engine.keep("some_doubtful", unknown.order_by(_.record.hexdigest("sha256")).limit(STRANGERS // 4))
    children = county.truth.select(record_l=_.record, child_l=_.child)
    all_pairs = level_vectors(engine, "some_doubtful", "records_labelled", ("1 = 1",)).inner_join(
        children, "record_l"
    )
    beside = all_pairs.inner_join(children.rename(record_r="record_l", child_r="child_l"), "record_r")
    other = _level_counts(engine, beside.filter(_.child_l != _.child_r))
    trained_on = {
        "seed": seed,
        "pupils": int(engine.fetch(county.records.count())),
        "true_pairs": int(same["pairs"].sum()),
        "other_pairs": int(other["pairs"].sum()),
    }
    several = county.truth.group_by("child").agg(records=_.count()).mutate(twice=_.records > 1)
    truth = county.truth.inner_join(several, "child").select("record", known=_.twice)
    return Model(weights(same, other), known_shares(engine, unknown, county.records, truth), trained_on)


def true_pairs(engine: Engine, county: Sides) -> pd.DataFrame:
    """The levels of every leftover beside the pupil that it is."""
    labels = county.truth.filter(_.pupil.notnull()).select("record", truth=_.pupil)
    engine.keep("unknown_labelled", county.unknown.inner_join(labels, "record"))
    engine.keep("pupils_labelled", county.pupils.mutate(truth=_.record))
    pairs = level_vectors(engine, "unknown_labelled", "pupils_labelled", ("l.truth = r.truth",))
    return _level_counts(engine, pairs)


def other_pairs(engine: Engine, county: Sides) -> pd.DataFrame:
    """The levels of some leftovers beside every pupil who is someone else."""
    engine.keep("some_unknown", county.unknown.order_by(_.record.hexdigest("sha256")).limit(STRANGERS))
    pairs = level_vectors(engine, "some_unknown", "known_pupils", ("1 = 1",))
    truth = county.truth.select(record_l=_.record, record_r=_.pupil)
    return _level_counts(engine, pairs.anti_join(truth, ["record_l", "record_r"]))


def _level_counts(engine: Engine, pairs: ir.Table) -> pd.DataFrame:
    return engine.fetch(pairs.group_by(*LEVELS).agg(pairs=_.count()).order_by(*LEVELS))


def weights(same: pd.DataFrame, other: pd.DataFrame) -> Weights:
    """m and u of every level."""
    return {
        comparison.name: {
            level.name: {"m": m, "u": u}
            for level, m, u in zip(
                comparison.levels[1:],
                _shares(same, f"gamma_{comparison.name}", len(comparison.levels) - 1),
                _shares(other, f"gamma_{comparison.name}", len(comparison.levels) - 1),
                strict=True,
            )
        }
        for comparison in COMPARISONS
    }


def _shares(vectors: pd.DataFrame, column: str, levels: int) -> list[float]:
    """The share of each level, highest first as Splink counts them; missing ones left out."""
    counts = vectors.groupby(column)["pairs"].sum()
    each = [float(counts.get(value, 0)) + SMOOTH for value in range(levels - 1, -1, -1)]
    return [float(f"{pairs / sum(each):.{DIGITS}g}") for pairs in each]


def known_shares(engine: Engine, unknown: ir.Table, pupils: ir.Table, truth: ir.Table) -> dict[str, float]:
    """Of each kind of leftovers the share that is in the register; ``truth``: ``record, known``."""
    places = engine.fetch(places_of(unknown, pupils).inner_join(truth, "record").select("place", "known"))
    counts = places.groupby("place")["known"].agg(["sum", "size"])
    shares = (counts["sum"] + SMOOTH) / (counts["size"] + 2 * SMOOTH)
    return {str(place): round(float(share), DIGITS) for place, share in shares.sort_index().items()}


def with_calibration(model: Model) -> Model:
    """``model`` with its map of log-odds, fitted on counties of its own, and how reliable it is on yet others."""
    candidates = labelled_candidates(model, CALIBRATED_ON, CALIBRATED_SIZE)
    fit = replace(model, calibration=fits(candidates))
    check_pairs = labelled_candidates(fit, CHECKED_ON, CALIBRATED_SIZE)
    seeds = {"calibrated_on": list(CALIBRATED_ON), "checked_on": list(CHECKED_ON)}
    return replace(fit, reliability=reliability(check_pairs), trained_on={**model.trained_on, **seeds})


def main() -> None:
    write_model(replace(with_calibration(train()), register=train_register()))


if __name__ == "__main__":
    main()
