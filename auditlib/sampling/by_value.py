"""Selection with probability proportional to book value: the top stratum, fixed intervals, cells.

Everything is exact: a selection point that lies on the edge between two items belongs to the first of them,
and floats would put it on the wrong side. Units are either a list of book values in frame order (they are
then called 1, 2, 3 …) or a mapping from unit id to book value in frame order.
"""

from __future__ import annotations

import bisect
import hashlib
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from auditlib.sampling import exact
from auditlib.sampling.exact import Money, Number
from auditlib.sampling.results import Result

Unit = int | str
Units = Sequence[Money] | Mapping[str, Money] | Mapping[int, Money] | Mapping[Unit, Money]


@dataclass(frozen=True)
class TopStratum(Result):
    """Units to examine one by one (单项重大项目), and what is left to sample.

    ``top`` and ``rest`` map unit to book value in frame order, so that ``rest`` can go straight into a
    selection. ``first_pass`` are the units taken in the first round; ``unreachable`` those of zero or
    negative book value, which no monetary unit can hit: give them their own stratum. ``interval`` is None
    where nothing is left to sample.
    """

    top: Mapping[Unit, Decimal]
    rest: Mapping[Unit, Decimal]
    n_rest: int
    interval: Decimal | None
    rest_value: Decimal
    first_pass: tuple[Unit, ...]
    unreachable: tuple[Unit, ...]
    method: str
    inputs: Mapping[str, Any]
    formula: str


@dataclass(frozen=True)
class Hit:
    """A unit and how many selection points fell on it; a unit hit twice enters the evaluation twice."""

    unit: Unit
    times: int


@dataclass(frozen=True)
class ValueDraw(Result):
    """The units hit, in frame order, and the sampling interval in yuan."""

    hits: tuple[Hit, ...]
    interval: Decimal
    method: str
    inputs: Mapping[str, Any]
    formula: str


def split_top_stratum(book_values: Units, n: int) -> TopStratum:
    """Take out every unit whose book value >= remaining value / remaining n, again and again until none is
    left.

    ``n_rest`` = n less the units taken.
    """
    hits = exact.count(n, "n", 1)
    ledger = _ledger(book_values, "book_values")
    rest = {unit: value for unit, value in ledger.items() if value > 0}
    unreachable = tuple(unit for unit, value in ledger.items() if value <= 0)
    rounds: list[list[Unit]] = []
    n_rest = hits
    while top_units := _at_or_above(rest, n_rest):
        rounds.append(top_units)
        for unit in top_units:
            del rest[unit]
        n_rest -= len(top_units)
    return _top_stratum(ledger, rest, n_rest, rounds, unreachable, hits)


def _top_stratum(
    ledger: dict[Unit, Fraction],
    rest: dict[Unit, Fraction],
    n_rest: int,
    rounds: list[list[Unit]],
    unreachable: tuple[Unit, ...],
    n: int,
) -> TopStratum:
    top_units = set(itertools.chain.from_iterable(rounds))
    value = sum(rest.values(), Fraction(0))
    interval = exact.yuan(value / n_rest) if rest and n_rest else None
    return TopStratum(
        {unit: exact.yuan(amount) for unit, amount in ledger.items() if unit in top_units},
        {unit: exact.yuan(amount) for unit, amount in rest.items()},
        n_rest,
        interval,
        exact.yuan(value),
        tuple(rounds[0]) if rounds else (),
        unreachable,
        "top stratum, iterated cut-off",
        {"n": n, "units": len(ledger), "book_value": exact.yuan(sum(ledger.values(), Fraction(0)))},
        f"book value ≥ remaining value / remaining n, {len(rounds)} rounds, {len(top_units)} units; "
        f"left: {exact.yuan(value)} yuan, n = {n_rest}",
    )


def _at_or_above(rest: dict[Unit, Fraction], n: int) -> list[Unit]:
    value = sum(rest.values(), Fraction(0))
    return [unit for unit, amount in rest.items() if amount * n >= value] if n else []


def select_fixed_interval(units: Units, n: int, *, start: Money) -> ValueDraw:
    """Fixed-interval selection: points start, start + I, … with I = book value / n and ``start`` in (0, I]
    yuan.

    A unit below I is hit at most once. A list in a periodic order can lock onto the period: order it by hash
    first.
    """
    hits = exact.count(n, "n", 1)
    ledger, interval = _with_interval(units, hits)
    first = exact.money(start, "start")
    if not 0 < first <= interval:
        raise exact.refusal("start", f"above 0 and not above the interval {exact.yuan(interval)}", start)
    points = [first + i * interval for i in range(hits)]
    return _selection(ledger, points, interval, "fixed-interval selection", {"start": str(start)})


def select_cells(units: Units, n: int, *, fractions: Sequence[Number]) -> ValueDraw:
    """Cell selection: one point (i + u) I in every cell, ``fractions`` giving u in [0, 1) for each of the n
    cells.

    A unit of up to 2 I can escape.
    """
    hits = exact.count(n, "n", 1)
    ledger, interval = _with_interval(units, hits)
    parts = [exact.rate(part, "fractions") for part in fractions]
    if len(parts) != hits or any(part == 1 for part in parts):
        raise exact.refusal("fractions", f"{hits} numbers from 0 to below 1", fractions)
    points = [(i + part) * interval for i, part in enumerate(parts)]
    return _selection(
        ledger, points, interval, "cell selection", {"fractions": [str(part) for part in fractions]}
    )


def random_fraction(seed: int | str, label: str) -> Fraction:
    """A number in [0, 1) that anyone can recompute: SHA-256 of the UTF-8 bytes of seed|label, over 2^256.

    The start of a fixed-interval selection is interval x (1 - random_fraction(seed, "start")).
    """
    digest = hashlib.sha256(f"{seed}|{label}".encode()).hexdigest()
    return Fraction(int(digest, 16), 16 ** len(digest))


def _ledger(units: Units, name: str) -> dict[Unit, Fraction]:
    if isinstance(units, str | bytes):
        raise exact.refusal(name, "a list of book values or a mapping from unit to book value", units)
    pairs = units.items() if isinstance(units, Mapping) else enumerate(units, start=1)
    return {unit: exact.money(value, name) for unit, value in pairs}


def _with_interval(units: Units, n: int) -> tuple[dict[Unit, Fraction], Fraction]:
    ledger = _ledger(units, "units")
    if any(value < 0 for value in ledger.values()):
        raise exact.refusal(
            "units", "free of negative book values (give them their own stratum)", "a negative one"
        )
    total = sum(ledger.values(), Fraction(0))
    if total == 0:
        raise exact.refusal("units", "of a total above 0", 0)
    return ledger, total / n


def _selection(
    ledger: dict[Unit, Fraction],
    points: Sequence[Fraction],
    interval: Fraction,
    method: str,
    inputs: dict[str, Any],
) -> ValueDraw:
    reachable = [unit for unit, value in ledger.items() if value > 0]
    edges = list(itertools.accumulate(ledger[unit] for unit in reachable))
    times = Counter(reachable[bisect.bisect_left(edges, point)] for point in points)
    hits = tuple(Hit(unit, times[unit]) for unit in reachable if unit in times)
    n = len(points)
    formula = (
        f"interval = {exact.yuan(edges[-1])} / {n} = {exact.yuan(interval)}; "
        "a point hits the first unit whose cumulative book value ≥ the point"
    )
    return ValueDraw(hits, exact.yuan(interval), method, {"n": n, "units": len(ledger)} | inputs, formula)
