"""Figures in words: shares that are never rounded to a hundred or a nothing that they are not."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.city.rates import MissRate

TENTH = Decimal("0.1")


def place_of(county_code: str) -> str:
    """The anchor of what is concluded of a county."""
    return f"county-{county_code}"


def linked(text: object, anchor: str) -> Markup:
    """What leads to a part of the page; nothing where there is nothing to be led to."""
    return (
        Markup('<a href="#{}">{}</a>').format(anchor, text)
        if set(str(text)) & set("123456789")
        else Markup("{}").format(text)
    )


ERRORS = Text("{errors} 笔有误", "{errors} wrong")
WITH_OPEN = Text(
    "{errors} 笔有误、{open} 笔未交回结果（按有误计）",
    "{errors} wrong and {open} without a result, counted as wrong",
)


def errors_of(rate: MissRate) -> Text:
    """How many of the payments drawn were wrong, apart from those that count as wrong because nothing came back."""
    template = WITH_OPEN if rate.open else ERRORS
    return template.fill(errors=rate.errors - rate.open, open=rate.open)


def share_of(rate: float) -> str:
    """A share to one decimal; what is not all or nothing is not shown as such."""
    percent = f"{100 * rate:.1f}%"
    if percent == "100.0%" and rate < 1:
        return ">99.9%"
    return "<0.1%" if percent == "0.0%" and rate > 0 else percent


def level_of(rate: object) -> str:
    """A share that somebody chose, as it was typed: 95%, 2.5%."""
    text = f"{100 * Decimal(str(rate)):f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def upper(rate: float) -> str:
    """An upper limit, rounded up."""
    return f"{Decimal(repr(100 * rate)).quantize(TENTH, ROUND_CEILING)}%"


def lower(rate: float) -> str:
    """A lower limit, rounded down."""
    return f"{Decimal(repr(100 * rate)).quantize(TENTH, ROUND_FLOOR)}%"
