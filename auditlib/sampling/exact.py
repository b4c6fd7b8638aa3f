"""Numbers as they were typed, held exactly, and refusals that name the argument.

0.07 x 800 is 56 here, not 56.00000000000001: every rate and amount becomes a ``Fraction`` of its decimal text
before anything is rounded up or compared with an edge.
"""

from __future__ import annotations

import numbers
import reprlib
from collections.abc import Iterable
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

Number = int | float | str | Decimal | Fraction
Money = int | str | Decimal | Fraction

_YUAN = Context(prec=15)


def refusal(name: str, must: str, value: object) -> ValueError:
    """The error for a bad argument: its name, what it must be, what came (cut short)."""
    return ValueError(f"{name} must be {must}, not {reprlib.repr(value)}")


def fraction(value: Any, name: str) -> Fraction:
    """The exact value of the decimal text of ``value``; a float counts as the digits it prints."""
    if isinstance(value, bool) or not isinstance(value, str | Decimal | numbers.Real):
        raise refusal(name, "a number", value)
    try:
        return Fraction(value) if isinstance(value, Fraction | Decimal) else Fraction(str(value).strip())
    except (ValueError, OverflowError, ZeroDivisionError):
        raise refusal(name, "a finite number", value) from None


def at_least(value: Any, name: str, least: int = 0) -> Fraction:
    """A number not below ``least``."""
    exact = fraction(value, name)
    if exact < least:
        raise refusal(name, f"at least {least}", value)
    return exact


def above_zero(value: Any, name: str) -> Fraction:
    """A number above zero."""
    exact = fraction(value, name)
    if exact <= 0:
        raise refusal(name, "above 0", value)
    return exact


def confidence_level(value: Any, name: str = "confidence") -> Fraction:
    """A confidence, or any chance that may be neither impossible nor certain: above 0 and below 1."""
    exact = fraction(value, name)
    if not 0 < exact < 1:
        raise refusal(name, "above 0 and below 1 (0.95 is 95 %)", value)
    return exact


def rate(value: Any, name: str) -> Fraction:
    """A rate as a fraction of 1, both ends allowed."""
    exact = fraction(value, name)
    if not 0 <= exact <= 1:
        raise refusal(name, "a fraction from 0 to 1 (0.05 is 5 %)", value)
    return exact


def count(value: Any, name: str, least: int = 0, most: int | None = None) -> int:
    """A whole number from ``least`` to ``most``."""
    exact = fraction(value, name)
    if exact.denominator != 1:
        raise refusal(name, "a whole number", value)
    if exact < least or (most is not None and exact > most):
        raise refusal(name, f"at least {least}" + ("" if most is None else f" and at most {most}"), value)
    return int(exact)


def money(value: Any, name: str) -> Fraction:
    """An amount in yuan; a float is refused, since it has lost the fen already."""
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Rational):
        raise refusal(name, "an amount as str, int, Decimal or Fraction", value)
    return fraction(value, name)


def one_of(value: Any, name: str, allowed_values: Iterable[str]) -> str:
    """One of the words ``allowed_values``."""
    words = tuple(allowed_values)
    if value not in words:
        raise refusal(name, "one of " + ", ".join(words), value)
    return str(value)


def yuan(amount: Fraction | float) -> Decimal:
    """``amount`` as a Decimal of at most 15 significant digits, so that fen come back unchanged."""
    exact = Fraction(amount)
    return _YUAN.divide(Decimal(exact.numerator), Decimal(exact.denominator))
