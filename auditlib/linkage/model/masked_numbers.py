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
from auditlib.cells.citizen_id import HIDDEN, hidden_pattern
from auditlib.linkage.model.names_and_numbers import READING, ROW, plainly

ENOUGH = 4  # digits of a number that must be left for it to tell anybody


def under_masked_numbers(engine: Engine, others: ir.Table, anchors: ir.Table) -> ir.Table:
    """READING of the rows whose number is hidden in part and fits one child of that very name alone."""
    pairs = fitting_numbers(plainly(others).filter(_.plain.notnull()), others, anchors)
    of_name = pairs.filter(_.plain == _.candidate_plain)
    single = of_name.group_by(*ROW).agg(
        candidate_id=only(_.candidate_id), enrolled=_.enrolled.any(), decided_by=ibis.literal("hidden_digits")
    )
    return engine.keep("under_masked_numbers", single.filter(_.candidate_id.notnull()).select(*READING))


def fitting_numbers(rows: ir.Table, others: ir.Table, anchors: ir.Table) -> ir.Table:
    """Those of ``rows`` that nothing decided and whose number is hidden in part, beside every child whose number fits:
    ``candidate_id, candidate_plain, enrolled``."""
    hidden = rows.filter(~_.in_register & _.id_number.contains(HIDDEN)).mutate(
        pattern=hidden_pattern(_.id_number), tail=_.id_number.right(ENOUGH)
    )
    legible = hidden.filter(_.id_number.re_replace("[^0-9X]", "").length() >= ENOUGH)
    children = numbered_children(others, anchors)
    ends = legible.filter(~_.tail.contains(HIDDEN)).inner_join(children, "tail")
    heads = legible.filter(_.tail.contains(HIDDEN)).drop("tail").cross_join(children.drop("tail"))
    pairs = ends.drop("tail").union(heads[ends.drop("tail").columns])
    return pairs.filter(_.number.like(_.pattern)).drop("pattern", "number")


def numbered_children(others: ir.Table, anchors: ir.Table) -> ir.Table:
    """``number, tail, candidate_plain, candidate_id, enrolled``: the pupils, and who is on an eligibility register alone."""
    listed = others.filter((_.table == "eligibility") & ~_.in_register)
    parts = (anchors.mutate(enrolled=ibis.literal(True)), listed.mutate(enrolled=ibis.literal(False)))
    return ibis.union(*(
        plainly(part).filter(_.id18.notnull()).select(
            "enrolled", number="id18", tail=_.id18.right(ENOUGH), candidate_plain="plain", candidate_id="person_id"
        )
        for part in parts
    )).distinct()  # fmt: skip


__all__ = ["fitting_numbers", "under_masked_numbers"]
