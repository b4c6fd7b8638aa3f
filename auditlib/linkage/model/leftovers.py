"""Which records the model looks at: those that no key decided and that might be a pupil all the same."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.logic import only
from auditlib.cells.hygiene import LOST_SIGNS, without

CUT = "000"  # what a spreadsheet leaves behind fifteen digits; one in eleven such numbers looks sound
FULL = 18  # digits of a number
BEHIND_AREA = (6, 11)  # birth and sequence: from which digit on, and how many
LEGIBLE = 2  # characters of a name, without which a row that has no number either says nothing of anybody


def leftovers(others: ir.Table, anchors: ir.Table) -> ir.Table:
    """Undecided rows without a sound number, and those whose sound number may have been changed or cut.

    A sound number that no pupil has is nearly always another person: the check digit finds every single slip. Such a
    row is compared only beside a pupil of the same name and birth date, of the same surname or given name and a number that
    differs in the area alone, or of the same name and school without a sound number; or when it ends in zeros: one in eleven
    of the numbers that a spreadsheet cut looks sound; or where a number in the register that cannot be is this one with a
    slip: then the register has the slip.
    """
    legible = (without(_.name, LOST_SIGNS).length() >= LEGIBLE).fill_null(False)
    mute = _.nameless & ~legible & _.id_number.isnull() & _.student_no.isnull()
    unlinked_rows = others.filter(~_.in_register & ~mute)
    by_birth = anchors.filter(_.birth.notnull())
    bare = anchors.filter(_.id18.isnull() & _.school_id.notnull())
    cut = unlinked_rows.id18.endswith(CUT).fill_null(False)
    # Under the number of one pupil and open all the same: it bears another's name, and nobody can tell, twins' least of all.
    of_pupils = anchors.semi_join(unlinked_rows, "id18").group_by("id18").agg(pupil=only(_.person_id))
    sound = unlinked_rows.filter(_.id18.notnull() & ~cut).anti_join(
        of_pupils.filter(_.pupil.notnull()), "id18"
    )
    return unlinked_rows.filter(_.id18.isnull() | cut).union(
        sound.semi_join(by_birth, ["name", "birth"])
        .union(sound.semi_join(bare, ["name", "school_id"]), distinct=True)
        .union(_of_another_area(sound, anchors), distinct=True)
        .union(sound.semi_join(_numbers_misspelt(sound, anchors), "id18"), distinct=True)
    )


def _of_another_area(sound: ir.Table, anchors: ir.Table) -> ir.Table:
    """The rows of ``sound`` whose number is a pupil's but for the area, and whose surname or given name is."""
    halves = {"surname": _.name.substr(0, 1), "given": _.name.substr(1), "rest": _.id18.substr(*BEHIND_AREA)}
    rows, pupils = (
        part.filter(_.name.notnull(), _.id18.notnull()).mutate(**halves) for part in (sound, anchors)
    )
    alike = (rows.semi_join(pupils, ["rest", half]) for half in ("surname", "given"))
    return ibis.union(*alike, distinct=True).select(*sound.columns)


def _numbers_misspelt(sound: ir.Table, anchors: ir.Table) -> ir.Table:
    """``id18``: the numbers in ``sound`` of which the register has another with one digit otherwise, two swapped or one lost."""
    places = ibis.range(FULL)
    unsound = anchors.filter(_.id18.isnull() & _.id_number.length().isin([FULL - 1, FULL]))
    in_register = unsound.select(key="id_number", at=places.unnest())
    full_numbers = in_register.filter(_.key.length() == FULL)
    keys = in_register.select("key").union(full_numbers.select(key=_without(_.key, _.at, "?"))).distinct()
    numbers = sound.select("id18", at=places.unnest()).distinct()
    pair = _.id18.substr(_.at + 1, 1) + _.id18.substr(_.at, 1)
    swapped = _.id18.substr(0, _.at) + pair + _.id18.substr(_.at + 2)
    spellings = ibis.union(*(
        numbers.select("id18", key=key)
        for key in (_without(_.id18, _.at, "?"), _without(_.id18, _.at, ""), swapped)
    ))  # fmt: skip
    return spellings.semi_join(keys, "key").select("id18").distinct()


def _without(number: Any, at: Any, sign: str) -> Any:
    return number.substr(0, at) + sign + number.substr(at + 1)
