"""Yuan wrong, over- and underpaid apart: the unflagged by the design they were drawn in, the flagged beside them.

Misstatement = paid - due. The limits are one-sided at the run's confidence: Stringer's bound where drawn by value,
else the end of the t interval. The two parts' limits are added, which is on the safe side.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import pandas as pd

from auditlib import sampling
from auditlib.recheck.draw import CountyDraw
from auditlib.recheck.parameters import Sample
from auditlib.recheck.population import CLEAN
from auditlib.recheck.strata import strata_of
from auditlib.sampling import MusItem

ZERO, FEN = Decimal(0), Decimal("0.01")
Direction = Literal["over", "under"]


def misstated(
    draw: CountyDraw, units: pd.DataFrame, sample: Sample, direction: Direction
) -> dict[str, Any] | None:
    """``projected`` and ``upper_limit`` in yuan, of the ``flagged`` and the ``unflagged`` and together."""
    wrong = units["amount"] - units["audited"]
    sign = 1 if direction == "over" else -1
    y = units.assign(y=[max(ZERO, sign * amount) for amount in wrong])
    flagged, clean = y[y["group"] != CLEAN], y[y["group"] == CLEAN]
    by_value = draw.interval is not None
    parts = {
        "flagged": _estimated(draw, flagged, sample),
        "unflagged": _bounded(draw, clean, sample, direction)
        if by_value
        else _estimated(draw, clean, sample),
    }
    known = {name: part for name, part in parts.items() if part is not None}
    if not known:
        return None
    sums = {
        key: str(sum((Decimal(part[key]) for part in known.values()), ZERO))
        for key in ("projected", "upper_limit")
    }
    return known | sums


def _bounded(
    draw: CountyDraw, clean: pd.DataFrame, sample: Sample, direction: Direction
) -> dict[str, Any] | None:
    below = clean[~clean["top"]]
    if below.empty or draw.interval is None or (below["y"] > below["amount"]).any():
        return _estimated(
            draw, clean, sample
        )  # nothing below the interval, or more wrong than was paid: no taint
    columns = zip(below["amount"], below["audited"], below["hits"], strict=True)
    result = sampling.evaluate_mus(
        items=[MusItem(book, due, int(hits)) for book, due, hits in columns],
        n=int(below["hits"].sum()),
        interval=draw.interval,
        top=sum(clean.loc[clean["top"], "y"], ZERO),
        confidence=sample.confidence,
        direction=direction,
    )
    made = result.to_dict()
    made["inputs"].pop("items", None)  # amounts of single payments are no part of a report
    return made


def _estimated(draw: CountyDraw, rows: pd.DataFrame, sample: Sample) -> dict[str, Any] | None:
    """The stratified total; what was found is the least that the limit can be."""
    if rows.empty:
        return None
    labels, strata = strata_of(draw, rows)
    sizes = labels.map({stratum.label: stratum.size for stratum in strata})
    found = sum(rows["y"], ZERO)
    if all(stratum.size == stratum.drawn for stratum in strata):
        return {"method": "all looked at", "projected": str(found), "upper_limit": str(found)}
    one_sided = 2 * sample.confidence - 1  # the interval whose upper end is the one-sided limit
    columns = {"stratum": list(labels), "stratum_size": list(sizes), "y": list(rows["y"])}
    estimate = sampling.estimate_stratified(columns, confidence=one_sided)
    made = estimate.to_dict()
    made.pop("inputs", None)
    upper = max(_yuan(estimate.upper), found)
    caveats = ["few_misstatements"] if (rows["y"] > 0).sum() < 20 else []
    return made | {"projected": str(_yuan(estimate.total)), "upper_limit": str(upper), "caveats": caveats}


def _yuan(value: float) -> Decimal:
    return Decimal(repr(max(value, 0.0))).quantize(FEN)
