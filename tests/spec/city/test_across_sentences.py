"""What the city's report says of persons across counties counts alike in every sentence."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd

from auditlib.city import report


def test_children_found_next_door_are_counted_as_their_pairs_are_a_line_below() -> None:
    elsewhere = pd.DataFrame({
        "county_code": "990122", "rule": "missed.not_found", "finding_id": ["a", "b", "c"], "paid_there": [True, False, True],
    })  # fmt: skip
    kind = "in_neighbour_register"
    tokens = pd.DataFrame(
        [{"kind": kind, "by_tokens": 3, "both": 3, "by_registers": 3, "recall": 1.0, "precision": 1.0}]
    )
    crossing_rows = pd.DataFrame(columns=["reason", "county_code", "other_county", "confidence", "by"])
    results: Any = SimpleNamespace(
        language="zh",
        names={"990122": "青禾县"},
        comparison=SimpleNamespace(crossed=crossing_rows, registered_elsewhere=elsewhere, tokens=tokens),
    )
    section_text = str(report.across_counties(results).body)
    assert "青禾县“疑似失学”中有 3 人在邻县学籍中查到，其中 2 人当地已发" in section_text
    assert "查到 3 对" in section_text
