"""Numbers of parents that the enrolment register gives to several children: they are nobody's there.

A family without papers at hand, or a form filled in by the parent, puts the parent's number beside each child. Taken for the
children's own it would make one person of them: paid twice, enrolled twice.
"""

from __future__ import annotations

import ibis.expr.types as ir
from ibis import _

from auditlib.base.logic import NO_TEXT, beside

YOUNGEST_PARENT = 12
"""Years between the birth in a number and the birth told beside it, from which on the number is not taken for the child's."""


def without_parents_numbers(identities: ir.Table, tables: dict[str, ir.Table]) -> ir.Table:
    """``identities`` of all tables, without ``id18`` where a row tells a child of the register by a parent's number.

    That is: the number stands in the register for several names and student numbers, and is a guardian's there, or a number of
    somebody much older than the births told. Number and name together still tell the child (key ``same_text``).
    """
    of_children = identities.filter((_.table == "enrolment") & ~_.nameless)
    under_them = of_children.semi_join(_parents_numbers(tables["enrolment"]), "id18")
    children = under_them.group_by("id18").agg(
        names=_.name.nunique(), records=_.student_no.nunique(), bare=_.student_no.isnull().any()
    )
    several = children.filter((_.names > 1) & ((_.records > 1) | _.bare))
    own = under_them.semi_join(several, "id18").select("id18", "name", shared=True).distinct()
    with_shared = beside(identities, own, ["id18", "name"])
    return with_shared.mutate(id18=_.shared.ifelse(NO_TEXT, _.id18)).drop("shared")


def _parents_numbers(register: ir.Table) -> ir.Table:
    """``id18`` of the guardians, and of who was born long before the day told beside the number."""
    of_guardians = register.filter(_.guardian_id18.notnull()).select(id18=_.guardian_id18)
    much_older = _.birth_date.year() - _.id_birth.year() >= YOUNGEST_PARENT
    return of_guardians.union(register.filter(much_older).select("id18")).distinct()
