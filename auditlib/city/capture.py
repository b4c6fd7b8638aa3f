"""How many errors there are in all, from two lists of them: the county's and the city's own re-performance.

Within each rule, the findings that a person refuted left out, and added up. Two checks by the same rules are hardly
independent: read the estimates as lower limits, and never alone.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

import pandas as pd

from auditlib import sampling
from auditlib.city.earlier import CAUSES

COLUMNS = ["county_code", "rule", "first", "second", "both", "distinct", "chapman", "lower_limit", "caveats"]


def captured_rows(lines: pd.DataFrame, refuted_ids: Collection[str], confidence: Decimal) -> pd.DataFrame:
    """One row a county and rule from the comparison's ``lines``; ``refuted_ids``: finding_ids that a visit refuted."""
    cleared = (lines["disposition"] == "cleared") & (lines["outcome"] != "only_city")
    # What the city could not look at, or saw by another register, is on no list of its own.
    standing = lines[~lines["finding_id"].isin(refuted_ids) & ~cleared & ~lines["cause"].isin(CAUSES)]
    rows = [
        _row(code, rule, part, confidence)
        for (code, rule), part in standing.groupby(["county_code", "rule"], sort=True)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(code: Any, rule: Any, part: pd.DataFrame, confidence: Decimal) -> tuple[Any, ...]:
    only_county, only_city = (int((part["outcome"] == side).sum()) for side in ("only_county", "only_city"))
    on_two_lists = len(part) - only_county - only_city
    result = sampling.capture_recapture(
        first=on_two_lists + only_county,
        second=on_two_lists + only_city,
        both=on_two_lists,
        confidence=confidence,
    )
    counts = (on_two_lists + only_county, on_two_lists + only_city, on_two_lists, result.distinct)
    return code, rule, *counts, result.chapman, result.lower_limit, list(result.caveats)
