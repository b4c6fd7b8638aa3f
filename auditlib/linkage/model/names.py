"""What a name sounds like and looks like once variants are one: worked out once for each distinct name."""

from __future__ import annotations

import re
from functools import lru_cache

import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.engine import Engine
from auditlib.cells.hygiene import LOST, SEPARATOR
from auditlib.cells.spelling import base_forms, sound_of

SPELT = dict.fromkeys(("name", "name_base", "name_sound", "name_lost", "surname", "given_sound"), "string")
# Two-character surnames (复姓) that still occur; every other surname is one character.
DOUBLE = ("欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "令狐", "司徒", "东方", "慕容", "夏侯", "公孙")

# One sign for one character; several together may be one that was written in several bytes, or several.
LOST_RUN = re.compile(f"[{re.escape(LOST)}]+")


def sounds(name: str) -> str:
    """``name`` as syllables with a space between them."""
    return " ".join(map(sound_of, name))


def surname_length(name: str) -> int:
    """How many characters of ``name`` are its surname; none where a separator shows that it has none."""
    if SEPARATOR in name:
        return 0
    return 2 if name.startswith(DOUBLE) and len(name) > 2 else 1


@lru_cache(maxsize=1 << 17)
def spell(name: str) -> tuple[str | None, ...]:
    """The columns of ``SPELT`` for one name; a run asks for each several times."""
    base, at = base_forms(name.replace(SEPARATOR, "")), surname_length(name)
    gap_pattern = (
        LOST_RUN.sub(lambda run: "_%" if len(run[0]) > 1 else "_", name) if LOST_RUN.search(name) else None
    )
    given_sounds = sounds(base[at:]) if len(name) > at + 1 and not gap_pattern else None
    return name, base, sounds(base), gap_pattern, base[:at] or None, given_sounds


def spelt(engine: Engine, *rows: ir.Table, name: str = "spelt_names") -> ir.Table:
    """One row per distinct name of ``rows`` with what it looks and sounds like."""
    names = [part.filter(_.name.notnull()).select("name") for part in rows]
    together = names[0].union(*names[1:], distinct=True) if len(names) > 1 else names[0].distinct()
    return engine.work_out(name, together, _spelt, SPELT)


def _spelt(names: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(map(spell, sorted(names["name"])), columns=list(SPELT))
