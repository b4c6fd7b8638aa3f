"""Numbers of which a part is hidden (990131********1234): what is left of one, with the very name, tells the child.

A bank's list hides the middle of a number, so no key finds it, and a name beside a school is not always there. One child alone
of all registers with that name and a number that fits is the child: ``hidden_digits``. Where several fit, or the name is hidden
too, each of them may be meant (:mod:`auditlib.linkage.model.other_readings`).
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import only
from auditlib.cells.citizen_id import HIDDEN_SIGN, hidden_pattern
from auditlib.linkage.model.names_and_numbers import READING, ROW, plainly

ENOUGH = 4  # digits of a number that must be left for it to tell anybody


def under_masked_numbers(engine: Engine, others: ir.Table, anchors: ir.Table) -> ir.Table:
    """READING of the rows whose number is hidden in part and fits one child of that very name alone."""
    hidden_rows = hidden_numbers(plainly(others).filter(_.plain.notnull()))
    of_name = of_the_name(hidden_rows, numbered_children(others, anchors))
    single = of_name.group_by(*ROW).agg(
        candidate_id=only(_.candidate_id), enrolled=_.enrolled.any(), decided_by=ibis.literal("hidden_digits")
    )
    return engine.keep("under_masked_numbers", single.filter(_.candidate_id.notnull()).select(*READING))


def hidden_numbers(rows: ir.Table) -> ir.Table:
    """Rows that nothing decided and whose number is hidden in part, enough of it left to tell somebody.

    With ``pattern``, ``tail`` and ``beginning``, the digits before the first that is hidden.
    """
    hidden_rows = rows.filter(~_.in_register & _.id_number.contains(HIDDEN_SIGN)).mutate(
        pattern=hidden_pattern(_.id_number),
        tail=_.id_number.right(ENOUGH),
        beginning=_.id_number.re_extract("^[0-9X]*", 0),
    )
    return hidden_rows.filter(_.id_number.re_replace("[^0-9X]", "").length() >= ENOUGH)


def of_the_name(hidden_rows: ir.Table, children: ir.Table) -> ir.Table:
    """``hidden_rows`` rows beside every child of the very name whose number fits: a name has few bearers, a beginning many."""
    return _fitting(
        hidden_rows.inner_join(children, hidden_rows.plain == children.candidate_plain), hidden_rows
    )


def of_any_name(hidden_rows: ir.Table, children: ir.Table) -> ir.Table:
    """``hidden_rows`` rows beside every child whose number fits: by its end, or where that is hidden too by its beginning."""
    ends = hidden_rows.filter(~_.tail.contains(HIDDEN_SIGN)).inner_join(children, "tail")
    begun_rows = hidden_rows.filter(_.tail.contains(HIDDEN_SIGN)).mutate(digits=_.beginning.length())
    lengths = begun_rows.select(candidate_digits="digits").distinct()
    beginnings = children.cross_join(lengths).mutate(candidate_head=_.number.substr(0, _.candidate_digits))
    heads = begun_rows.inner_join(
        beginnings,
        [begun_rows.digits == beginnings.candidate_digits, begun_rows.beginning == beginnings.candidate_head],
    )
    return _fitting(ends, hidden_rows).union(_fitting(heads, hidden_rows))


def _fitting(pairs: ir.Table, hidden_rows: ir.Table) -> ir.Table:
    own = [name for name in hidden_rows.columns if name not in ("pattern", "tail", "beginning")]
    fitting = pairs.filter(_.number.like(_.pattern))
    return fitting.select(*own, "candidate_id", "candidate_plain", "enrolled")


def numbered_children(others: ir.Table, anchors: ir.Table) -> ir.Table:
    """``number, tail, candidate_plain, candidate_id, enrolled``: the pupils, and who is on an eligibility register alone, a row a
    record."""
    listed_rows = others.filter((_.table == "eligibility") & ~_.in_register)
    parts = (anchors.mutate(enrolled=ibis.literal(True)), listed_rows.mutate(enrolled=ibis.literal(False)))
    return ibis.union(*(
        plainly(part).filter(_.id18.notnull()).select(
            "enrolled", number="id18", tail=_.id18.right(ENOUGH), candidate_plain="plain", candidate_id="person_id"
        )
        for part in parts
    ))  # fmt: skip


__all__ = ["hidden_numbers", "numbered_children", "of_any_name", "of_the_name", "under_masked_numbers"]
