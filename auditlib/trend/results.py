"""What a look over the terms found, as frames: the one value that report and workbooks are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from auditlib.trend.follow import Decided, Precision
from auditlib.trend.parameters import Trend
from auditlib.trend.rollups import RollUp
from auditlib.trend.runs import TermRuns


@dataclass(frozen=True)
class TrendResults:
    """Money is Decimal yuan. ``ledger`` and ``children`` alone are unmasked; all else are counts and sums, not yet suppressed.

    The frames are described where they are made: :mod:`auditlib.trend.follow`, ``rollups``, ``rectification``, ``children``. ``matters``
    and ``lasting``: how many are pending, and how many of these were found in more than one term. ``standing``: one
    line of :func:`auditlib.trend.follow.stock`, of the day looked at. ``public``: is what is shown of them to be handed out?
    """

    trend: Trend
    runs: TermRuns
    rates: pd.DataFrame
    schools: pd.DataFrame
    open_since: pd.DataFrame
    matters: int
    lasting: int
    precision: list[Precision]
    all_rules: Precision
    made_good: pd.DataFrame
    decided: Decided
    standing: Mapping[str, Any]
    roll_ups: Mapping[str, RollUp]
    ledger: pd.DataFrame
    verified: pd.DataFrame
    rectified: pd.DataFrame
    movements: pd.DataFrame
    children: pd.DataFrame
    manifest: Mapping[str, Any]
    public: bool = False

    @property
    def language(self) -> str:
        return self.trend.language
