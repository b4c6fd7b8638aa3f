"""Rows that name a child and tell the number of another, and are the number's person's after all: by account, or by sound.

``own``: the names that the persons concerned bear in the registers (``person_id, plain``).
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.engine import Engine
from auditlib.cells.hygiene import SEPARATOR
from auditlib.cells.spelling import how_they_differ
from auditlib.linkage.model.records import Tables

PAIR_OF_ROW = ("table", "source", "candidate_id")
HOW = dict.fromkeys(("plain", "own", "how"), "string")
MISSPELLINGS = ("homophone", "variant_character")


def of_own_account(pairs: ir.Table, own: ir.Table, anchors: ir.Table, tables: Tables) -> ir.Table:
    """``table, source, candidate_id``: payments into an account that bears the name of the number's person or of that one's
    guardian, and not of the child named: the name is the slip."""
    holders = tables["payments"].select(
        "source", table=ibis.literal("payments"), holder=_.account_holder.replace(SEPARATOR, "")
    )
    into_accounts = pairs.inner_join(holders.filter(_.holder.notnull()), [*PAIR_OF_ROW[:2]]).select(
        "table", "source", "person_id", "candidate_id", "holder"
    )
    guardians = tables["enrolment"].select("source", holder=_.guardian_name.replace(SEPARATOR, ""))
    wards = anchors.semi_join(own, "person_id").inner_join(guardians, "source")
    names = own.select("person_id", holder="plain")
    family = names.union(wards.filter(_.holder.notnull()).select("person_id", "holder")).distinct()
    own_accounts = into_accounts.semi_join(family, ["person_id", "holder"])
    named_accounts = into_accounts.semi_join(
        family.rename(candidate_id="person_id"), ["candidate_id", "holder"]
    )
    return own_accounts.anti_join(named_accounts, PAIR_OF_ROW).select(*PAIR_OF_ROW).distinct()


def undecided_siblings(kin: ir.Table, rows_by_name: ir.Table) -> ir.Table:
    """``table, source, candidate_id``: payments with the number of one pupil and the name of a brother or sister, not through the
    school of the latter alone, of whom the number's is not the only one with such a row (``rows_by_name``: ``table, matter,
    person_id``): either can be meant."""
    of_siblings = kin.filter((_.decided_by == "sibling_number") & (_.table == "payments") & _.in_register)
    alike = of_siblings.filter(~_.of_named)
    matter = ["table", "matter"]
    one_paid = alike.semi_join(rows_by_name, [*matter, "person_id"]).anti_join(
        rows_by_name.rename(candidate_id="person_id"), [*matter, "candidate_id"]
    )
    return alike.anti_join(one_paid, PAIR_OF_ROW).select(*PAIR_OF_ROW).distinct()


def of_misspelt_own(engine: Engine, pairs: ir.Table, own: ir.Table) -> ir.Table:
    """Rows in which the number's own pupil is meant, under a slip of the name: ``table, source, candidate_id``.

    They come through that pupil's school, the name sounds like the pupil's or is a variant of it, and the child named is at
    another school: a slip, whoever else has the name.
    """
    elsewhere = pairs.filter(_.elsewhere).select(*PAIR_OF_ROW, "person_id", "plain")
    beside_own = elsewhere.inner_join(own.select("person_id", own="plain").distinct(), "person_id")
    spellings = engine.work_out("names_beside_own", beside_own.select("plain", "own").distinct(), _how, HOW)
    misspellings = spellings.filter(_.how.isin(MISSPELLINGS))
    return beside_own.semi_join(misspellings, ["plain", "own"]).select(*PAIR_OF_ROW).distinct()


def _how(names: pd.DataFrame) -> pd.DataFrame:
    how = [how_they_differ(*pair) for pair in zip(names["plain"], names["own"], strict=True)]
    return names.assign(how=how)
