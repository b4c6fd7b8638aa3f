"""Letters to places of study by town: sent, answered, open, aided there, and what the county paid as fallback.

A letter is a row of the ledger (a person-time), counted as the printed totals are: open is sent and without an answer; what was answered was sent.
"""

from __future__ import annotations

import ibis
import pandas as pd
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.printed_detail import is_answered, is_sent
from auditlib.base.engine import Engine
from auditlib.base.logic import YUAN, beside, yes

COUNTS = ("letters", "not_sent", "sent", "answered", "open", "aided", "not_aided", "fallback")


def letters_by_town(engine: Engine, audit: Audit) -> pd.DataFrame:
    """A row a town (empty where neither the letter nor a register tells it): ``town``, COUNTS, ``fallback_yuan``."""
    rows = audit.rows["letters"].filter(_.rejected.isnull())
    towns = audit.people.select("person_id", town_of_register="town")
    letters_by_place = beside(rows, towns).mutate(place=_.town.coalesce(_.town_of_register).fill_null(""))
    is_fallback = yes(_.fallback_amount > 0)
    town_figures = letters_by_place.group_by(town="place").agg(
        letters=_.count(),
        not_sent=(~is_sent()).sum(),
        sent=is_sent().sum(),
        answered=is_answered().sum(),
        open=(is_sent() & ~is_answered()).sum(),
        aided=yes(_.aided == "yes").sum(),
        not_aided=yes(_.aided == "no").sum(),
        fallback=is_fallback.sum(),
        fallback_yuan=ibis.ifelse(is_fallback, _.fallback_amount, 0).sum().cast(YUAN),
    )
    return engine.fetch(town_figures.order_by("town"))
