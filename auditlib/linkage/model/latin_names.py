"""Names in Latin letters, read as the characters that sound so: one register in pinyin, the others in characters.

A row named in Latin letters is given the name in characters that another row has and that sounds like it: that of its own
number's person, else the only one at its school, else, where none there sounds so, the only one in all tables. Where several
sound so the name stays as it is written, and every pupil who sounds so may be meant (:mod:`auditlib.linkage.model.other_readings`).
Readings are the commonest ones without tones, family name first or last.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import NO_TEXT, only
from auditlib.cells.spelling import LATIN, latin_sounds

NAME_SOUNDS = "name_sounds"
"""The kept table of names and how they sound."""
SOUNDS = dict.fromkeys(("name", "sound"), "string")
ROW = ("table", "source")


def latin_names(engine: Engine, rows: ir.Table) -> ir.Table:
    """``table, source, name, sound, read_name`` of the rows that are named in Latin letters; ``read_name``: NULL where
    none or several names in characters sound so. Empty where there are none, without looking at any other name."""
    with_names = rows.filter(_.name.notnull())
    is_any = with_names.filter(_.name.re_search(LATIN)).count().as_scalar() > 0
    names = with_names.filter(is_any).select("name").distinct()
    sounds = engine.work_out(NAME_SOUNDS, names, _sounds, SOUNDS)
    heard_rows = with_names.inner_join(sounds, "name")
    latin, others = heard_rows.filter(_.name.re_search(LATIN)), heard_rows.filter(~_.name.re_search(LATIN))
    own = others.group_by("sound", "id18").agg(own=only(_.name))
    here = others.group_by("sound", "school_id").agg(here=only(_.name), any_here=ibis.literal(True))
    anywhere = others.group_by("sound").agg(anywhere=only(_.name))
    beside = latin.left_join(own.filter(_.id18.notnull()), ["sound", "id18"], rname="{name}_own")
    beside = beside.left_join(here.filter(_.school_id.notnull()), ["sound", "school_id"], rname="{name}_here")
    beside = beside.left_join(anywhere, "sound", rname="{name}_anywhere")
    only_elsewhere = ibis.ifelse(_.any_here.isnull(), _.anywhere, NO_TEXT)
    read = beside.mutate(read_name=_.own.coalesce(_.here, only_elsewhere))
    return read.select(*ROW, "name", "sound", "read_name")


def in_characters(rows: ir.Table, latin: ir.Table) -> ir.Table:
    """``rows`` under the names as they were read."""
    read = latin.filter(_.read_name.notnull()).select(*ROW, "read_name")
    with_names = rows.left_join(read, list(ROW), rname="{name}_read")
    return with_names.mutate(name=_.read_name.coalesce(_.name)).select(*rows.columns)


def _sounds(names: pd.DataFrame) -> pd.DataFrame:
    pairs = [(name, sound) for name in sorted(names["name"]) for sound in latin_sounds(name)]
    return pd.DataFrame(pairs, columns=list(SOUNDS))


__all__ = ["NAME_SOUNDS", "in_characters", "latin_names"]
