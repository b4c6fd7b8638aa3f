"""Yuan wrong, over- and underpaid apart: the unflagged by the design they were drawn in, the flagged beside them.

Misstatement = paid - due. The limits are one-sided and hold together at the run's confidence: each group's share of the
risk goes by its payments not seen. Drawn by value: Stringer's bound. Else what was found, and the most payments not seen
that can be wrong (:mod:`auditlib.city.bounds`), the dearest of them, in full. Drawn at random, a tenth of the risk
buys a second limit that sees how much of a payment was wrong (:mod:`auditlib.sampling.bounded`); the lower one holds.

A payment for which nothing came back is wrong in full, in either direction. No payment is supposed to be short by more
than was paid; where one was, there is no limit of underpayment, and none is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import pandas as pd

from auditlib import sampling
from auditlib.city.bounds import DrawGroup, group_of, most_yuan, shared_levels
from auditlib.city.draw import CountyDraw
from auditlib.city.parameters import Sample
from auditlib.city.population import CLEAN, GROUPS
from auditlib.city.rates import projection
from auditlib.sampling import MusItem

ZERO, FEN = Decimal(0), Decimal("0.01")
SECOND = Fraction(1, 10)  # of the risk: for the limit that sees how much of a payment was wrong
WITH_OPEN = "{}; for the limit, payments without a result being wrong in full: {}"
NO_LIMIT = "short_by_more_than_paid"
Direction = Literal["over", "under"]


def misstatement(
    draw: CountyDraw, units: pd.DataFrame, sample: Sample, direction: Direction
) -> dict[str, Any] | None:
    """``projected`` and ``upper_limit`` in yuan, of the ``flagged`` and the ``unflagged`` and together.

    ``upper_limit`` is None where no limit holds.
    """
    sign = 1 if direction == "over" else -1
    wrong = units["amount"] - units["audited"]
    y = units.assign(y=[max(ZERO, sign * amount) for amount in wrong])
    groups = {name: group_of(draw, _at_worst(y), name) for name in GROUPS}
    levels = shared_levels(groups, sample.confidence)
    flagged_groups = [name for name in GROUPS if name != CLEAN and not groups[name].sample_units.empty]
    parts = {
        "flagged": _together(draw, y, {name: groups[name] for name in flagged_groups}, levels),
        "unflagged": _of_unflagged(draw, y, groups[CLEAN], levels[CLEAN], direction),
    }
    estimates = {name: part for name, part in parts.items() if part is not None}
    if not estimates:
        return None
    limits = [part["upper_limit"] for part in estimates.values()]
    total = sum((Decimal(part["projected"]) for part in estimates.values()), ZERO)
    limit = None if None in limits else str(sum(map(Decimal, limits), ZERO))
    return {**estimates, "projected": str(total), "upper_limit": limit}


def _at_worst(y: pd.DataFrame) -> pd.DataFrame:
    """With column ``most``: what each unit drawn can be wrong by, one that is open in full."""
    return y.assign(most=y["y"].where(y["visited"], y["amount"].map(lambda amount: max(ZERO, amount))))


def _of_unflagged(
    draw: CountyDraw, y: pd.DataFrame, group: DrawGroup, level: Fraction, direction: Direction
) -> dict[str, Any] | None:
    if group.design != "value":
        return _together(draw, y, {CLEAN: group}, {CLEAN: level})
    rows = group.sample_units
    if rows["top"].all():
        return _looked_at({CLEAN: group})
    if _is_beyond(group):
        return _without_limit(draw, y, {CLEAN: group})
    result = _stringer(group, level)
    estimate = result.to_dict()
    visited_rows = replace(
        group, sample_units=rows.assign(most=rows["y"])
    )  # an open one is in the limit, not in the estimate
    of_visited = _stringer(visited_rows, level)
    estimate["projected"] = str(of_visited.projected)
    if of_visited.projected != result.projected:
        estimate["formula"] = WITH_OPEN.format(of_visited.formula.partition(";")[0], result.formula)
    estimate["inputs"] = {"direction": direction}  # amounts of single payments are no part of a report
    return estimate


def _stringer(group: DrawGroup, level: Fraction) -> sampling.MusResult:
    rows = group.sample_units
    below = rows[~rows["top"]]
    columns = zip(below["amount"], below["amount"] - below["most"], below["hits"], strict=True)
    return sampling.evaluate_mus(
        items=[MusItem(book, due, int(hits)) for book, due, hits in columns],
        n=int(below["hits"].sum()),
        interval=group.draw.interval or ZERO,
        top=sum(rows.loc[rows["top"], "most"], ZERO),
        confidence=level,
    )


def _together(
    draw: CountyDraw, y: pd.DataFrame, groups: Mapping[str, DrawGroup], levels: Mapping[str, Fraction]
) -> dict[str, Any] | None:
    """The groups' total by their design, and the sum of their limits."""
    sampled_groups = {name: group for name, group in groups.items() if not group.sample_units.empty}
    if not sampled_groups:
        return None
    if all(len(group.sample_units) == group.size for group in sampled_groups.values()):
        return _looked_at(sampled_groups)
    if any(_is_beyond(group) for group in sampled_groups.values()):
        return _without_limit(draw, y, sampled_groups)
    limit = sum((limit_of(group, levels[name]) for name, group in sampled_groups.items()), ZERO)
    estimate = {"method": "what was found, and the most that can be wrong of what was not seen"}
    return estimate | {"projected": _projection(draw, y, sampled_groups), "upper_limit": str(limit)}


def _is_beyond(group: DrawGroup) -> bool:
    """Was a payment wrong by more than was paid, where others of the group were not seen?"""
    rows = group.sample_units
    return len(rows) < group.size and bool((rows["most"] > rows["amount"]).any())


def _looked_at(groups: Mapping[str, DrawGroup]) -> dict[str, Any]:
    misstated_yuan, most = (
        sum((sum(group.sample_units[column], ZERO) for group in groups.values()), ZERO)
        for column in ("y", "most")
    )
    return {"method": "all looked at", "projected": str(misstated_yuan), "upper_limit": str(most)}


def _without_limit(draw: CountyDraw, y: pd.DataFrame, groups: Mapping[str, DrawGroup]) -> dict[str, Any]:
    estimate = {"method": "no limit", "projected": _projection(draw, y, groups)}
    return estimate | {"upper_limit": None, "caveats": [NO_LIMIT]}


def _projection(draw: CountyDraw, y: pd.DataFrame, groups: Mapping[str, DrawGroup]) -> str:
    rows = y[y["group"].isin(list(groups))]
    return str(_yuan(projection(draw, rows, list(rows["y"]))))


def limit_of(group: DrawGroup, level: Fraction) -> Decimal:
    """The most yuan wrong in a group, one-sided at ``level``; ``most``: what each payment drawn can be wrong by."""
    if group.design == "value":
        return _stringer(group, level).upper_limit
    rows = group.sample_units.sort_values("place")
    visible = sum(rows["most"], ZERO)
    wrong = group.sample_units["most"] > 0
    if group.design != "simple" or len(rows) == group.size:
        return visible + _yuan(most_yuan(group, wrong, level))
    most_yuan_counted = visible + _yuan(most_yuan(group, wrong, 1 - (1 - level) * (1 - SECOND)))
    dearest = max(group.all_units["amount"])
    if dearest <= 0:
        return most_yuan_counted
    shares = [float(value / dearest) for value in rows["most"]]
    total = sampling.most_in_total(shares, group.size, confidence=1 - (1 - level) * SECOND)
    return max(visible, min(most_yuan_counted, _yuan(total * float(dearest))))


def _yuan(value: float) -> Decimal:
    return Decimal(repr(max(float(value), 0.0))).quantize(FEN)
