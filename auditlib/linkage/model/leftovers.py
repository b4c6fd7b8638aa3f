"""Which records the model looks at: those that no key decided and that might be a pupil all the same."""

from __future__ import annotations

import ibis.expr.types as ir
from ibis import _

from auditlib.cells.hygiene import LOST_SIGNS, without

CUT = "000"  # what a spreadsheet leaves behind fifteen digits; one in eleven such numbers looks sound
LEGIBLE = 2  # characters of a name, without which a row that has no number either says nothing of anybody


def leftovers(others: ir.Table, anchors: ir.Table) -> ir.Table:
    """Undecided rows without a sound number, and those whose sound number may have been changed or cut.

    A sound number that no pupil has is nearly always another person: the check digit finds every single slip. Such a
    row is compared only beside a pupil of the same name and birth date, or of the same name and school without a
    sound number, or when it ends in zeros: one in eleven of the numbers that a spreadsheet cut looks sound.
    """
    legible = (without(_.name, LOST_SIGNS).length() >= LEGIBLE).fill_null(False)
    mute = _.nameless & ~legible & _.id_number.isnull() & _.student_no.isnull()
    unlinked_rows = others.filter(~_.in_register & ~mute)
    by_birth = anchors.filter(_.birth.notnull())
    bare = anchors.filter(_.id18.isnull() & _.school_id.notnull())
    cut = unlinked_rows.id18.endswith(CUT).fill_null(False)
    sound = unlinked_rows.filter(_.id18.notnull() & ~cut)
    return unlinked_rows.filter(_.id18.isnull() | cut).union(
        sound.semi_join(by_birth, ["name", "birth"]).union(
            sound.semi_join(bare, ["name", "school_id"]), distinct=True
        )
    )
