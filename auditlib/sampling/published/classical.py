"""Classical variables sampling (传统变量抽样): mean per unit, difference, ratio, regression.

A simple random sample without replacement. Sums are exact fractions of the amounts, so a sample without
misstatement gives a misstatement of 0. Cochran, Sampling Techniques, ch. 2, 6, 7.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from auditlib.sampling import exact
from auditlib.sampling.distributions import normal_quantile, two_sided_t
from auditlib.sampling.exact import Money, Number
from auditlib.sampling.results import Result

VariablesMethod = Literal["mean_per_unit", "difference", "ratio", "regression"]
METHODS = ("mean_per_unit", "difference", "ratio", "regression")
FEWEST_MISSTATED = 20


@dataclass(frozen=True)
class VariablesPlan(Result):
    """``n`` items to draw; ``n0`` without and ``n_fpc`` with the finite population, unrounded."""

    n: int
    n0: float
    n_fpc: float
    method: str
    inputs: Mapping[str, Any]
    formula: str


@dataclass(frozen=True)
class VariablesResult(Result):
    """Audited ``total`` and ``misstatement`` = book value - total (positive: overpaid), in yuan.

    ``lower`` and ``upper`` are the two-sided t limits of the misstatement; ``se_linearized`` is what survey
    software gives for a ratio (else None). ``warnings`` are caveat codes.
    """

    total: Decimal
    misstatement: Decimal
    se: Decimal
    df: int
    lower: Decimal
    upper: Decimal
    se_linearized: Decimal | None
    warnings: tuple[str, ...]
    method: str
    inputs: Mapping[str, Any]
    formula: str


def plan_variables(
    *,
    population: int,
    sd: Money,
    tolerable: Money,
    expected: Money,
    ria: Number,
    rir: Number | None = None,
) -> VariablesPlan:
    """n0 = (N S (z_A + z_R) / (tolerable - expected))², n = n0 / (1 + n0/N).

    ``sd`` in yuan an item, ``tolerable`` and ``expected`` misstatement in yuan; ``ria`` the one-sided risk of
    incorrect acceptance (误受风险), ``rir`` the two-sided risk of incorrect rejection (误拒风险).
    """
    inputs = {name: value for name, value in locals().items() if value is not None}
    size = exact.count(population, "population", 1)
    spread = exact.above_zero(exact.money(sd, "sd"), "sd")
    room = exact.money(tolerable, "tolerable") - exact.at_least(exact.money(expected, "expected"), "expected")
    if room <= 0:
        raise exact.refusal("expected", "below tolerable", expected)
    z = normal_quantile(1 - exact.confidence_level(ria, "ria"))
    z += 0 if rir is None else normal_quantile(1 - exact.confidence_level(rir, "rir") / 2)
    if z <= 0:
        raise exact.refusal("ria", "small enough for a positive factor", ria)
    n0 = (float(size * spread / room) * z) ** 2
    corrected_size = n0 / (1 + n0 / size)
    formula = f"({size} × {float(spread):g} × {z:.4f} / {float(room):g})² = {n0:.2f}"
    formula += f"; / (1 + n0 / {size}) = {corrected_size:.2f}"
    return VariablesPlan(math.ceil(corrected_size), n0, corrected_size, "variables plan", inputs, formula)


def evaluate_variables(
    sample: Sequence[tuple[Money, Money]],
    *,
    population: int,
    book_value: Money,
    method: VariablesMethod,
    confidence: Number,
) -> VariablesResult:
    """Audited total from ``sample``, pairs of (book, audited) yuan, drawn at random from ``population``
    items.

    ``book_value`` is the total of the population in yuan, ``confidence`` that of the two-sided interval.
    """
    name = exact.one_of(method, "method", METHODS)
    books = [exact.money(book, "sample") for book, _ in sample]
    audits = [exact.money(audit_value, "sample") for _, audit_value in sample]
    n = exact.count(len(books), "sample", 3 if name == "regression" else 2)
    size = exact.count(population, "population", n)
    book_total = exact.money(book_value, "book_value")
    total, squares, df = _estimators(name, books, audits, size, book_total)
    se = math.sqrt(size * Fraction(size - n, n) * squares / df)
    misstatement = book_total - total
    level = exact.confidence_level(confidence)
    reach = Fraction(se * two_sided_t(level, df))
    misstated_count = sum(book != audit_value for book, audit_value in zip(books, audits, strict=True))
    return VariablesResult(
        total=exact.yuan(total),
        misstatement=exact.yuan(misstatement),
        se=exact.yuan(se),
        df=df,
        lower=exact.yuan(misstatement - reach),
        upper=exact.yuan(misstatement + reach),
        se_linearized=_linearize(se, books, size, book_total) if name == "ratio" else None,
        warnings=("few_misstatements",)
        if name != "mean_per_unit" and misstated_count < FEWEST_MISSTATED
        else (),
        method=f"classical variables, {name}",
        inputs={"n": n, "population": size, "book_value": exact.yuan(book_total), "confidence": confidence},
        formula=f"{_FORMULAS[name]} = {exact.yuan(total):.2f}; N √((1 - n/N) s²/n) = {se:.2f}, df = {df}",
    )


_FORMULAS = {
    "mean_per_unit": "N ȳ",
    "difference": "X - N d̄",
    "ratio": "X ȳ / x̄",
    "regression": "N (ȳ + b (X̄ - x̄))",
}


def _estimators(
    method: str, books: list[Fraction], audits: list[Fraction], size: int, book_total: Fraction
) -> tuple[Fraction, Fraction, int]:
    """(total, sum of squared residuals, degrees of freedom)."""
    n = len(books)
    mean_book, mean_audit = sum(books) / Fraction(n), sum(audits) / Fraction(n)
    if method == "mean_per_unit":
        return size * mean_audit, _squares([audit - mean_audit for audit in audits]), n - 1
    if method == "difference":
        mean = mean_book - mean_audit
        residuals = [book - audit - mean for book, audit in zip(books, audits, strict=True)]
        return book_total - size * mean, _squares(residuals), n - 1
    if method == "ratio":
        ratio = mean_audit / exact.above_zero(mean_book, "sample: mean book value")
        residuals = [audit - ratio * book for book, audit in zip(books, audits, strict=True)]
        return book_total * ratio, _squares(residuals), n - 1
    return _regression(books, audits, mean_book, mean_audit, size, book_total)


def _regression(
    books: list[Fraction],
    audits: list[Fraction],
    mean_book: Fraction,
    mean_audit: Fraction,
    size: int,
    book_total: Fraction,
) -> tuple[Fraction, Fraction, int]:
    spread = _squares([book - mean_book for book in books])
    if not spread:
        raise exact.refusal("sample", "of different book values for a regression", "one book value")
    centred_pairs = [
        (book - mean_book, audit - mean_audit) for book, audit in zip(books, audits, strict=True)
    ]
    slope = sum((x * y for x, y in centred_pairs), Fraction(0)) / spread
    total = size * mean_audit + slope * (book_total - size * mean_book)
    return total, _squares([y - slope * x for x, y in centred_pairs]), len(books) - 2


def _squares(values: list[Fraction]) -> Fraction:
    return sum((value**2 for value in values), Fraction(0))


def _linearize(se: float, books: list[Fraction], size: int, book_total: Fraction) -> Decimal:
    """The se scaled by X / (N x̄)."""
    return exact.yuan(Fraction(se) * book_total * len(books) / (size * sum(books)))
