"""How sure a finding is told: what moves a confidence a little, and what tells it away."""

from __future__ import annotations

import pandas as pd

NEAR = 0.05  # what the weight of a name or a number moves where other rows came or went
OTHERWISE = 0.5  # what may be weighed otherwise by another version, or by a row that was otherwise; told away by more it is neither
STILL, SHIFTED_DIGITS = 0.01, 10  # by so much, and so many: no row does that to most of a county's findings


def are_shifted(first: pd.DataFrame, second: pd.DataFrame) -> bool:
    """Do most confidences, and not just a few, differ by more than rows that came or went move so many?"""
    return _are_most(_drops(first, second).abs() > STILL)


def told_less_surely(ours: pd.DataFrame, then: pd.DataFrame) -> set[str]:
    """Ids of the findings of ``ours`` that ``then`` tells less surely: by more than rows that come and go move it, or a little
    where most of them are."""
    drops = _drops(ours, then)
    lower = drops > (STILL if _are_most(drops > STILL) else NEAR)
    return set(drops.index[lower])


def _drops(first: pd.DataFrame, second: pd.DataFrame) -> pd.Series:
    """By finding that both have: how much less sure the second is."""
    pairs = first[["finding_id", "confidence"]].merge(second[["finding_id", "confidence"]], on="finding_id")
    drops: pd.Series = pairs["confidence_x"].astype(float) - pairs["confidence_y"].astype(float)
    return drops.set_axis(pairs["finding_id"])


def _are_most(shifts: pd.Series) -> bool:
    return bool(shifts.sum() >= SHIFTED_DIGITS and 2 * shifts.sum() > len(shifts))
