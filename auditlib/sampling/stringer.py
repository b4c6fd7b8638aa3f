"""Monetary unit sampling, evaluation: the Stringer bound with the AICPA's break-down.

Taints are ordered from large to small; items at or above the interval are known exactly and not tainted.
Over- and underpayments are two evaluations and never netted. Misstatement = book (paid) - audited (due).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from auditlib.sampling import exact
from auditlib.sampling.distributions import beta_quantile, gamma_quantile
from auditlib.sampling.exact import Money, Number
from auditlib.sampling.results import Result


@dataclass(frozen=True)
class MusItem:
    """A sampled item: book (paid) and audited (due) amount in yuan, and how many hits it took."""

    book: Money
    audited: Money
    hits: int = 1


@dataclass(frozen=True)
class MusResult(Result):
    """Misstatement in yuan: projected, its two allowances, and their sum, the one-sided upper limit.

    ``accept`` means upper limit < tolerable (equality rejected), None without a tolerable amount. ``factors``
    are F_0 … F_m as used.
    """

    projected: Decimal
    basic: Decimal
    incremental: Decimal
    upper_limit: Decimal
    accept: bool | None
    factors: tuple[float, ...]
    taints: tuple[float, ...]
    method: str
    inputs: Mapping[str, Any]
    formula: str


def evaluate_mus(
    taints: Sequence[Number | MusItem] = (),
    *,
    items: Sequence[MusItem] = (),
    n: int,
    interval: Money,
    top: Money = 0,
    confidence: Number,
    bound: Literal["poisson", "binomial"] = "poisson",
    factors: Sequence[Number] | None = None,
    tolerable: Money | None = None,
    direction: Literal["over", "under"] = "over",
) -> MusResult:
    """Upper limit of the misstatement at one-sided ``confidence``, after ``n`` hits at ``interval`` yuan.

    Give the taints in (0, 1] of the items below the interval and the known misstatement ``top`` of those at
    or above it, or give ``items`` and both are worked out (right items may be left in). ``factors`` F_0, F_1,
    … replace those of ``bound``. ``direction`` "under" bounds underpayments among the paid; who was never
    paid is beyond any MUS.
    """
    inputs = {name: value for name, value in locals().items() if value is not None}
    hits = exact.count(n, "n", 1)
    width = exact.above_zero(exact.money(interval, "interval"), "interval")
    sign = 1 if exact.one_of(direction, "direction", ("over", "under")) == "over" else -1
    listed_items = [item for item in taints if isinstance(item, MusItem)] + list(items)
    top_misstatement = exact.at_least(exact.money(top, "top"), "top") + _top_misstatement(
        listed_items, width, sign
    )
    ordered_taints = _order(
        [item for item in taints if not isinstance(item, MusItem)], listed_items, width, sign, hits
    )
    level = exact.confidence_level(confidence)
    table = _factors(bound, factors, len(ordered_taints), hits, level)
    limit = None if tolerable is None else exact.above_zero(exact.money(tolerable, "tolerable"), "tolerable")
    method = f"Stringer bound, {'table' if factors is not None else bound}, {direction}payments"
    return _result(width, top_misstatement, ordered_taints, table, limit, method, inputs)


def _result(
    interval: Fraction,
    top_misstatement: Fraction,
    taints: list[Fraction],
    factors: list[Fraction],
    tolerable: Fraction | None,
    method: str,
    inputs: Mapping[str, Any],
) -> MusResult:
    steps = [factors[j + 1] - factors[j] - 1 for j in range(len(taints))]
    projected_misstatement = interval * sum(taints, Fraction(0)) + top_misstatement
    basic = interval * factors[0]
    incremental = interval * sum(
        (step * taint for step, taint in zip(steps, taints, strict=True)), Fraction(0)
    )
    upper = projected_misstatement + basic + incremental
    formula = (
        f"projected {exact.yuan(projected_misstatement):.2f} = I × {float(sum(taints)):.4g} + {exact.yuan(top_misstatement):.2f}; "
        f"basic {exact.yuan(basic):.2f} = I × {float(factors[0]):.4g}; "
        f"incremental {exact.yuan(incremental):.2f} = I × Σ (F_j - F_(j-1) - 1) t_j; "
        f"limit {exact.yuan(upper):.2f}; I = {exact.yuan(interval):.2f}"
    )
    return MusResult(
        exact.yuan(projected_misstatement),
        exact.yuan(basic),
        exact.yuan(incremental),
        exact.yuan(upper),
        None if tolerable is None else upper < tolerable,
        tuple(map(float, factors)),
        tuple(map(float, taints)),
        method,
        inputs,
        formula,
    )


def _misstatement(item: MusItem, sign: int) -> tuple[Fraction, Fraction]:
    book = exact.above_zero(exact.money(item.book, "book"), "book")
    return book, max(Fraction(0), sign * (book - exact.money(item.audited, "audited")))


def _top_misstatement(items: Sequence[MusItem], interval: Fraction, sign: int) -> Fraction:
    amounts = [_misstatement(item, sign) for item in items]
    return sum((wrong for book, wrong in amounts if book >= interval), Fraction(0))


def _order(
    taints_given: list[Number], items: list[MusItem], interval: Fraction, sign: int, n: int
) -> list[Fraction]:
    """Taints above zero from large to small, one for each hit."""
    taints = [exact.fraction(value, "taints") for value in taints_given]
    for item in items:
        book, wrong = _misstatement(item, sign)
        if book < interval:
            taints += [wrong / book] * exact.count(item.hits, "hits", 1)
    if any(not 0 <= taint <= 1 for taint in taints):
        raise exact.refusal(
            "taints", "from 0 to 1 (misstatement / book amount)", [str(taint) for taint in taints]
        )
    ordered_taints = sorted((taint for taint in taints if taint), reverse=True)
    if len(ordered_taints) > n:
        raise exact.refusal("taints", f"at most n = {n}", len(ordered_taints))
    return ordered_taints


def _factors(bound: str, table: Sequence[Number] | None, m: int, n: int, level: Fraction) -> list[Fraction]:
    """F_0 … F_m."""
    law = exact.one_of(bound, "bound", ("poisson", "binomial"))
    if table is None:
        if law == "poisson":
            return [Fraction(gamma_quantile(level, j + 1)) for j in range(m + 1)]
        return [n * Fraction(beta_quantile(level, j + 1, n - j)) for j in range(m + 1)]
    if len(table) <= m:
        raise exact.refusal("factors", f"given for 0 to {m} misstatements", list(table))
    return [exact.fraction(factor, "factors") for factor in table[: m + 1]]
