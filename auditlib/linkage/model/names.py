"""What a name sounds like and looks like once variants are one: worked out once for each distinct name."""

from __future__ import annotations

import re
from collections.abc import Mapping

import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.engine import Engine
from auditlib.cells.hygiene import LOST_SIGNS, SEPARATOR
from auditlib.cells.spelling import sound_of, variants

NAME_TYPES = dict.fromkeys(
    ("name", "name_base", "name_sound", "name_lost", "surname", "given_sound"), "string"
)
# Two-character surnames (复姓) that still occur; every other surname is one character.
DOUBLE = ("欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "令狐", "司徒", "东方", "慕容", "夏侯", "公孙")

# One sign for one character; several together may be one that was written in several bytes, or several.
LOST_RUN = re.compile(f"[{re.escape(LOST_SIGNS)}]+")


def surname_length(name: str) -> int:
    """How many characters of ``name`` are its surname; none where a separator shows that it has none."""
    if SEPARATOR in name:
        return 0
    return 2 if name.startswith(DOUBLE) and len(name) > 2 else 1


def spell(name: str, usual: Mapping[int, str] | None = None) -> tuple[str | None, ...]:
    """The columns of ``NAME_TYPES`` for one name; ``usual``: the variants, for whoever asks about many names."""
    base = name.replace(SEPARATOR, "").translate(variants() if usual is None else usual)
    at, gap_pattern = surname_length(name), None
    if LOST_RUN.search(name):
        gap_pattern = LOST_RUN.sub(lambda run: "_%" if len(run[0]) > 1 else "_", name)
    syllables = [sound_of(character) for character in base]
    given_sounds = " ".join(syllables[at:]) if len(name) > at + 1 and not gap_pattern else None
    return name, base, " ".join(syllables), gap_pattern, base[:at] or None, given_sounds


def spelt_rows(engine: Engine, *rows: ir.Table, name: str = "spelt_names") -> ir.Table:
    """One row per distinct name of ``rows`` with what it looks and sounds like."""
    names = [part.filter(_.name.notnull()).select("name") for part in rows]
    together = names[0].union(*names[1:], distinct=True) if len(names) > 1 else names[0].distinct()
    return engine.work_out(name, together, _spelt_rows, NAME_TYPES)


def _spelt_rows(names: pd.DataFrame) -> pd.DataFrame:
    usual = variants()
    return pd.DataFrame([spell(name, usual) for name in sorted(names["name"])], columns=list(NAME_TYPES))
