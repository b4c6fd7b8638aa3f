"""Yuan wrong, over- and underpaid apart: the unflagged by the design they were drawn in, the flagged beside them.

Misstatement = paid - due. The limits are one-sided and hold together at the run's confidence (the risk is shared out
among the parts). Drawn by value: Stringer's bound. Drawn at random with 20 misstatements or more: the end of the t
interval; with fewer that would be a fiction (nothing found, nothing possible), so the most units that can be wrong
(hypergeometric; in two stages the limit of the rate) are taken to be the largest of those not seen, wrong in full.
"""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

import pandas as pd

from auditlib import sampling
from auditlib.city.draw import CountyDraw
from auditlib.city.parameters import Sample
from auditlib.city.population import CLEAN
from auditlib.city.rates import missed, size_of, totalled
from auditlib.city.strata import labels_of, strata_of
from auditlib.sampling import MusItem

ZERO, FEN = Decimal(0), Decimal("0.01")
FEW = 20  # below, the standard error of a difference is a fiction
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
    level = _shared(sample.confidence, (not flagged.empty) + (not clean.empty))
    parts = {
        "flagged": _estimated(draw, flagged, level),
        "unflagged": _bounded(draw, clean, level, direction)
        if by_value
        else _unflagged(draw, clean, sample, level),
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
    draw: CountyDraw, clean: pd.DataFrame, level: Decimal, direction: Direction
) -> dict[str, Any] | None:
    below = clean[~clean["top"]]
    if below.empty or draw.interval is None or (below["y"] > below["amount"]).any():
        return _estimated(
            draw, clean, level
        )  # nothing below the interval, or more wrong than was paid: no taint
    columns = zip(below["amount"], below["audited"], below["hits"], strict=True)
    result = sampling.evaluate_mus(
        items=[MusItem(book, due, int(hits)) for book, due, hits in columns],
        n=int(below["hits"].sum()),
        interval=draw.interval,
        top=sum(clean.loc[clean["top"], "y"], ZERO),
        confidence=level,
        direction=direction,
    )
    made = result.to_dict()
    made["inputs"].pop("items", None)  # amounts of single payments are no part of a report
    return made


def _unflagged(
    draw: CountyDraw, clean: pd.DataFrame, sample: Sample, level: Decimal
) -> dict[str, Any] | None:
    if clean.empty or len(clean) == size_of(draw) or draw.method not in ("stratified", "two_stage"):
        return _estimated(draw, clean, level)
    return _by_design(draw, clean, replace(sample, confidence=level))


def _by_design(draw: CountyDraw, clean: pd.DataFrame, sample: Sample) -> dict[str, Any]:
    """The total in strata or two stages; with few errors the limit of their number, the largest of those not seen wrong
    in full."""
    estimate = totalled(draw, clean, list(clean["y"]), sample.confidence)
    made = estimate.to_dict()
    made.pop("inputs", None)
    found = sum(clean["y"], ZERO)
    upper = max(_yuan(estimate.upper), found)
    wrong = clean["y"] > 0
    if wrong.sum() < FEW:
        rate = missed(draw, clean.assign(deviates=wrong), sample)
        most = math.ceil((rate.upper_limit if rate else 1) * size_of(draw)) - int(wrong.sum())
        units = draw.population.units
        unseen = units[(units["group"] == CLEAN) & ~units["unit_id"].isin(clean["unit_id"])]
        largest = unseen["amount"].sort_values(ascending=False).head(max(most, 0))
        upper = found + sum(largest, ZERO)
        made |= {"lower": None, "upper": None, "caveats": list(rate.caveats) if rate else []}
    return made | {"projected": str(_yuan(estimate.total)), "upper_limit": str(upper)}


def _estimated(draw: CountyDraw, rows: pd.DataFrame, level: Decimal) -> dict[str, Any] | None:
    """The stratified total; what was found is the least that the limit can be."""
    if rows.empty:
        return None
    labels, strata = strata_of(draw, rows)
    sizes = labels.map({stratum.label: stratum.size for stratum in strata})
    found = sum(rows["y"], ZERO)
    if all(stratum.size == stratum.drawn for stratum in strata):
        return {"method": "all looked at", "projected": str(found), "upper_limit": str(found)}
    columns = {"stratum": list(labels), "stratum_size": list(sizes), "y": list(rows["y"])}
    estimate = sampling.estimate_stratified(
        columns, confidence=2 * level - 1
    )  # its upper end is the one-sided limit
    made = estimate.to_dict()
    made.pop("inputs", None)
    few = bool((rows["y"] > 0).sum() < FEW)
    upper = found + _unseen(draw, rows, level) if few else max(_yuan(estimate.upper), found)
    if few:
        made |= {"lower": None, "upper": None, "caveats": ["limit_by_count"]}
    return made | {"projected": str(_yuan(estimate.total)), "upper_limit": str(upper)}


def _unseen(draw: CountyDraw, rows: pd.DataFrame, level: Decimal) -> Decimal:
    """The most yuan that can be wrong among the units not drawn: as many of the largest as can be, wrong in full."""
    _, strata = strata_of(draw, rows)
    wrong = (rows["y"] > 0).groupby(labels_of(draw, rows, rows)).sum()
    units = draw.population.units
    unseen = units[~units["unit_id"].isin(rows["unit_id"])]
    amounts = unseen["amount"].groupby(labels_of(draw, rows, unseen))
    total = ZERO
    for stratum in strata:
        if stratum.drawn < stratum.size:
            k = int(wrong[stratum.label])
            limit = sampling.evaluate_attribute(
                n=stratum.drawn, deviations=k, population=stratum.size, confidence=_shared(level, len(strata))
            )
            most = (limit.upper_count or 0) - k
            total += sum(amounts.get_group(stratum.label).sort_values(ascending=False).head(most), ZERO)
    return total


def _shared(confidence: Decimal, parts: int) -> Decimal:
    """The confidence at which each of ``parts`` limits must hold so that all do together (Bonferroni)."""
    return 1 - (1 - confidence) / max(parts, 1)


def _yuan(value: float) -> Decimal:
    return Decimal(repr(max(value, 0.0))).quantize(FEN)
