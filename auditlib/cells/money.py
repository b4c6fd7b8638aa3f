"""Amounts as they are written in the field, read by Ibis expressions into yuan, exact to the fen."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import ibis
import ibis.expr.types as ir

from auditlib.cells.hygiene import without

EXACT = "decimal(28, 8)"
SIGNS = ",¥￥元万整圆 "  # beside the digits of an amount
IN_WAN = "万[元圆]?整?$"
RENMINBI = "^(人民币|RMB|CNY):?|(人民币|RMB|CNY)$"
FEN, BINARY_NOISE = Decimal("0.01"), Decimal("0.000001")
HIGHEST = Decimal(10) ** 10  # yuan that a finding's amount, decimal(12, 2), holds no more
UNIT = "decimal(9, 2)"  # yuan per unit, from 0.01 for 分


def read(cell: ir.StringValue, unit: ir.Value | None = None) -> ir.DecimalValue:
    """Yuan, decimal(16, 2); NULL for what is no amount or has a part smaller than a fen.

    ``cell`` is compact text; ``unit`` the yuan per unit as text ("0.01", "1", "10000"). Brackets mean a negative
    amount, ``万元`` in the cell itself outranks the column's unit. Binary noise far below a fen is rounded.
    """
    in_wan = cell.re_search(IN_WAN)
    digits = without(cell.re_replace(RENMINBI, ""), SIGNS).replace("−", "-").replace("－", "-")
    bracketed_digits = digits.re_extract(r"^\(([0-9.]+)\)$", 1)
    number = ibis.ifelse(bracketed_digits != "", ibis.literal("-") + bracketed_digits, digits)
    sound = number.re_search(r"^[+-]?[0-9]{1,13}([.][0-9]*)?(E-[0-9]{1,2})?$")
    factor = ibis.ifelse(in_wan, "10000", "1" if unit is None else unit.fill_null("1"))
    exact = number.try_cast(EXACT) * factor.cast(UNIT)
    fen = exact.round(2)
    close = (exact.cast(EXACT) - fen.cast(EXACT)).abs() < ibis.literal("0.0005").cast(EXACT)
    cut = cell.re_search(",[0-9]{0,2}([^0-9]|$)")  # 500,00 has no thousands: is it 500 or 50000?
    return ibis.ifelse(sound & close & ~cut, fen, ibis.null("decimal(28, 8)")).try_cast("decimal(16, 2)")


def rounding(cell: ir.StringValue, unit: ir.Value) -> ir.DecimalValue:
    """Half a unit of the last printed digit, in yuan: how far the true figure may be from the printed one."""
    decimals = without(cell.re_replace(RENMINBI, ""), SIGNS).re_extract(r"[.]([0-9]*)$", 1).length()
    in_wan = cell.re_search(IN_WAN)
    half = decimals.cases(*((places, f"{5 * 10 ** -(places + 1):.9f}") for places in range(9)), else_="0")
    factor = ibis.ifelse(in_wan, "10000", unit.fill_null("1"))
    return (half.cast("decimal(18, 9)") * factor.cast(UNIT)).cast("decimal(16, 6)")


def yuan_of(figure: str) -> Decimal:
    """Yuan to the fen, not below 0, as a person types them: ``625``, ``625.50``. Raises ValueError where it is no amount."""
    try:
        amount = Decimal(figure)
        fen = amount.quantize(FEN)
    except InvalidOperation as error:
        raise ValueError("no amount") from error
    if not amount.is_finite() or not 0 <= amount < HIGHEST or abs(amount - fen) > BINARY_NOISE:
        raise ValueError("no amount")
    return fen
