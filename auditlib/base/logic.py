"""Three-valued logic over groups, and small idioms of expressions that several steps share."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir
from ibis import _

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


def values_of(values: ir.StringColumn) -> ir.ArrayColumn:
    """The distinct values of a group, sorted: the same list on every engine and for every order of rows."""
    return values.collect(distinct=True).sort()


def record(table: str) -> ir.Deferred:
    """A row of ``table`` as findings name it: ``table:source``, ``source`` being its address, file!sheet!row."""
    return f"{table}:" + _.source


def addresses(values: ir.StringColumn) -> ir.ArrayColumn:
    """The addresses of a group's rows, sorted. A row has one of its own, so none need be looked for twice."""
    return values.collect().sort()


def only(values: ir.StringColumn, where: ir.BooleanValue | None = None) -> ir.StringScalar:
    """The one value that a group has; NULL where it has none or several (cheaper than counting them)."""
    least = values.min(where=where)
    return ibis.ifelse(least == values.max(where=where), least, ibis.null())


def several(values: ir.StringColumn, where: ir.BooleanValue | None = None) -> ir.BooleanScalar:
    """Has a group more than one value? NULL where it has none."""
    return values.min(where=where) != values.max(where=where)


def in_groups(
    rows: ir.Table,
    key: str | tuple[str, ...],
    alone: Callable[[ir.Table], ir.Table],
    together: Callable[[ir.Table], ir.Table],
) -> ir.Table:
    """What ``together`` makes of the groups of several rows, and ``alone`` of the rows that are a group each.

    Both say the same of one row; but nearly all rows are alone, and need no grouping.
    """
    several = rows.group_by(key).agg(several=_.count() > 1).filter(_.several)
    return alone(rows.anti_join(several, key)).union(together(rows.semi_join(several, key)))


def foremost(rows: ir.Table, key: str, order_by: list[ir.Value]) -> ir.Table:
    """The first row of each group, in ``order_by``."""
    place = ibis.row_number().over(ibis.window(group_by=key, order_by=order_by))
    return rows.mutate(place=place).filter(_.place == 0).drop("place")


def beside(
    rows: ir.Table, others: ir.Table, keys: list[str] | str = "person_id", how: str = "left"
) -> ir.Table:
    """``rows`` with the columns of ``others`` beside it: joined on columns of equal name, which stay once."""
    names = [keys] if isinstance(keys, str) else keys
    joined_table = rows.join(others, names, how=how, rname="{name}_right")
    return joined_table.drop(*(f"{name}_right" for name in names if f"{name}_right" in joined_table.columns))
