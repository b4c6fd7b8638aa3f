"""How many children somebody has to see to: found missed, not at school, covered by no rule, not to be judged, or known to be
away; each counted once."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.logic import yes

GROUPS = ("children_missed", "children_away", "children_uncovered", "children_unclear", "children_out")
"""The worst first: a child stands in the first of them that holds it."""
AWAY = ("attendance.absent", "attendance.paid_absent", "enrolment.vanished")
LEAVERS = "dropout."
WAITING = "warning.passed_over"


def is_missed(rule: str) -> bool:
    """Does the rule ask whether a child is, or will be, without the aid that is due? Who is planned and waits is not counted."""
    return rule.startswith(("missed.", "warning.")) and rule != WAITING


def is_away(rule: str) -> bool:
    """Does the rule ask where a child is: not at school by the roster, gone from the register, not brought back?"""
    return rule in AWAY or rule.startswith(LEAVERS)


def worst_places(
    missed: Mapping[str, ir.Table],
    away: Mapping[str, ir.Table],
    account: ir.Table,
    unclear_people: ir.Table,
    out: ir.Table,
) -> ir.Table:
    """``place`` in GROUPS -> ``children``.

    - ``missed``, ``away``: the populations of the rules of :func:`is_missed` and of :func:`is_away` that ran.
    - ``account``: every child's state (:func:`auditlib.findings.children.children`).
    - ``unclear_people``: who cannot be judged (:func:`auditlib.findings.unclear.unclear`).
    - ``out``: whom records and ledgers know to be away (:func:`auditlib.findings.whereabouts.out_of_school`).
    """
    children_found = [
        population.filter(yes(_.exception)).select("person_id", place=ibis.literal(place))
        for place, populations in enumerate((missed, away))
        for population in populations.values()
    ]
    uncovered_rows = account.filter(_.uncovered).select("person_id", place=ibis.literal(2))
    unclear = unclear_people.filter(~_.judged).select("person_id", place=ibis.literal(3))
    known = out.select("person_id", place=ibis.literal(4))
    everyone = ibis.union(*children_found, uncovered_rows, unclear, known)
    worst = everyone.group_by("person_id").agg(place=_.place.min())
    return worst.group_by("place").agg(children=_.count())


def in_trouble(counts: pd.DataFrame) -> dict[str, int]:
    """Figure of GROUPS -> children, of what :func:`worst_places` counted."""
    of_place = dict(zip(counts["place"], counts["children"], strict=True))
    return {name: int(of_place.get(place, 0)) for place, name in enumerate(GROUPS)}
