"""Three-valued logic over groups, and small idioms of expressions that several steps share."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

NO_ROWS = ibis.literal([], type="array<string>")
NO_TEXT = ibis.null("string")
YUAN = "decimal(14, 2)"


def unknown(condition: ir.BooleanValue) -> ir.BooleanValue:
    """Is the answer NULL? Said without IS NULL, which Ibis 12 binds tighter than a NOT it stands behind."""
    return condition.fill_null(False) != condition.fill_null(True)


def some(condition: ir.BooleanColumn) -> ir.BooleanScalar:
    """True if any row holds; else NULL if any row is unknown; else false."""
    return ibis.cases(
        (condition.fill_null(False).any(), True),
        (unknown(condition).any(), ibis.null("boolean")),
        else_=False,
    )


def every(condition: ir.BooleanColumn) -> ir.BooleanScalar:
    """False if any row fails; else NULL if any row is unknown; else true."""
    return ibis.cases(
        ((~condition.fill_null(True)).any(), False),
        (unknown(condition).any(), ibis.null("boolean")),
        else_=True,
    )


def yes(condition: ir.BooleanValue) -> ir.BooleanValue:
    """Unknown counts as no."""
    return condition.fill_null(False)


def joined(values: ir.StringColumn) -> ir.ArrayColumn:
    """The distinct values of a group, sorted: the same list on every engine and for every order of rows."""
    return values.collect(distinct=True).sort()


def beside(
    left: ir.Table, right: ir.Table, keys: list[str] | str = "person_id", how: str = "left"
) -> ir.Table:
    """``left`` with the columns of ``right`` beside it: joined on columns of equal name, which stay once."""
    names = [keys] if isinstance(keys, str) else keys
    both = left.join(right, names, how=how, rname="{name}_right")
    return both.drop(*(f"{name}_right" for name in names if f"{name}_right" in both.columns))
