"""How many children somebody has to see to: found missed, covered by no rule, or not to be judged; each counted once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import yes

GROUPS = ("children_missed", "children_uncovered", "children_unclear")
"""The worst first: a child stands in the first of them that holds it."""


def in_trouble(
    engine: Engine, missed: Mapping[str, ir.Table], account: ir.Table, listed: ir.Table
) -> dict[str, int]:
    """Figure of GROUPS -> children.

    ``missed``: the populations of the rules ``missed.*`` that ran; ``account``: every child's state
    (:func:`auditlib.findings.children.children`); ``listed``: who cannot be judged (:func:`auditlib.findings.unclear.unclear`).
    """
    missed_children = [
        population.filter(yes(_.exception)).select("person_id", place=ibis.literal(0))
        for population in missed.values()
    ]
    uncovered = account.filter(_.uncovered).select("person_id", place=ibis.literal(1))
    unclear = listed.filter(~_.judged).select("person_id", place=ibis.literal(2))
    worst = ibis.union(*missed_children, uncovered, unclear).group_by("person_id").agg(place=_.place.min())
    counted: Any = engine.fetch(worst.group_by("place").agg(children=_.count()))
    of_place = dict(zip(counted["place"], counted["children"], strict=True))
    return {name: int(of_place.get(place, 0)) for place, name in enumerate(GROUPS)}
