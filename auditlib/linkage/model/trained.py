"""The trained model: weights in params/linkage.json, made into Splink settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from auditlib.base.places import PARAMS
from auditlib.linkage.model.comparisons import BLOCKING, COMPARISONS, Comparison, Level

LINKAGE = PARAMS / "linkage.json"
# Splink adds this to every weight; the distribution takes it off again and puts the record's own prior in its place.
PAIR_PRIOR = 0.0001
Weights = Mapping[str, Mapping[str, Mapping[str, float]]]


@dataclass(frozen=True)
class Model:
    """The trained model of who a record is.

    - ``weights``: comparison -> level -> ``m`` and ``u``, its probabilities among records of one person and of two.
    - ``pupil_shares``: the share of leftovers that are pupils, by place (:func:`auditlib.linkage.model.records.places_of`).
    - ``trained_on``: seed and size of the generated county, and the number of pairs.
    - ``reliability``: tried on another generated county: how sure (``said``) and how often right (``right``).
    - ``calibration``: ``offset`` and ``slope`` that correct the log-odds, by whether the record has an ID number.
    - ``register``: the model of two records of one child in the enrolment register itself.
    """

    weights: Weights
    pupil_shares: Mapping[str, float]
    trained_on: Mapping[str, Any]
    reliability: Sequence[Mapping[str, float]] = ()
    calibration: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    register: Model | None = None

    def as_json(self) -> dict[str, Any]:
        contents = {
            "trained_on": dict(self.trained_on),
            "reliability": [dict(part) for part in self.reliability],
            "known": dict(self.pupil_shares),
            "calibration": self.calibration,
            "weights": self.weights,
        }
        return contents | ({"register": self.register.as_json()} if self.register else {})

    @cached_property
    def fingerprint(self) -> str:
        """Which model a run used: the first half of the SHA-256 of its numbers."""
        text = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def read_model(path: Path = LINKAGE) -> Model:
    """The trained model. Raises ValueError when it does not have the levels that the comparisons declare."""
    contents = json.loads(path.read_text(encoding="utf-8"))
    register = _model(contents.get("register", {}), path)
    return replace(_model(contents, path), register=register)


def _model(contents: Mapping[str, Any], path: Path) -> Model:
    expected_levels = {c.name: sorted(level.name for level in c.levels[1:]) for c in COMPARISONS}
    if {name: sorted(levels) for name, levels in contents.get("weights", {}).items()} != expected_levels:
        raise ValueError(f"{path.name} was trained on other levels; run python -m samples.training")
    return Model(
        contents["weights"],
        contents["known"],
        contents["trained_on"],
        contents["reliability"],
        contents["calibration"],
    )


def write_model(model: Model, path: Path = LINKAGE) -> None:
    """The model as text that reads well in a comparison of versions."""
    text = json.dumps(model.as_json(), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def settings(weights: Weights | None = None, blocking: tuple[str, ...] | None = None) -> dict[str, Any]:
    """Splink settings; without ``weights`` only the levels count (for training)."""
    rules = blocking or blocking_sql(BLOCKING)
    return {
        "link_type": "link_only",
        "unique_id_column_name": "record",
        "probability_two_random_records_match": PAIR_PRIOR,
        "retain_matching_columns": True,  # without them Splink does not tell the levels either
        "retain_intermediate_calculation_columns": weights is not None,
        "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in rules],
        "comparisons": [_comparison(c, weights[c.name] if weights else None) for c in COMPARISONS],
    }


def blocking_sql(rules: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Blocking rules as the SQL of a join."""
    return tuple(" AND ".join(map(_equality, rule)) for rule in rules)


def _equality(field: str) -> str:
    of_record, _sign, of_pupil = field.partition("=")
    return f"l.{of_record} = r.{of_pupil or of_record}"


def _comparison(comparison: Comparison, weights: Mapping[str, Mapping[str, float]] | None) -> dict[str, Any]:
    missing, *others = comparison.levels
    first = {"sql_condition": missing.condition, "label_for_charts": missing.name, "is_null_level": True}
    levels = [_level(level, weights[level.name] if weights else None) for level in others]
    return {"output_column_name": comparison.name, "comparison_levels": [first, *levels]}


def _level(level: Level, weight: Mapping[str, float] | None) -> dict[str, Any]:
    splink_level: dict[str, Any] = {"sql_condition": level.condition, "label_for_charts": level.name}
    if weight:
        splink_level |= {"m_probability": weight["m"], "u_probability": weight["u"]}
        if level.frequency:
            splink_level |= {
                "tf_adjustment_column": level.frequency,
                "disable_tf_exact_match_detection": True,
            }
    return splink_level
