"""What printed totals are held against: the payments and the ledgers, summed by all that a total may be divided by."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.logic import NO_TEXT, YUAN, beside, only

PAID = "paid"
OF_LETTERS = ("letters", "replied", "open", "fallback")
"""What is counted by the rows of the ledger of letters."""
COLUMNS_COUNTED = {
    "letters": {"sent_on"},
    "replied": {"sent_on", "replied_on"},
    "open": {"sent_on", "replied_on"},
    "fallback": {"fallback_amount"},
    "home_teaching": set(),
}
"""What is printed of letters -> the columns of the ledger that tell it."""
PLACE_COLUMNS = ("stage", "town", "school_id")
"""By what the detail is divided beside term, category and scheme; a cell that nobody can place has NULL there."""


def is_answered() -> ir.BooleanValue:
    """Has an answer to the letter come: its day stands there, or what it says?"""
    return _.replied_on.notnull() | _.aided.notnull()


def is_sent() -> ir.BooleanValue:
    """Was the letter sent: its day stands there, or an answer came?"""
    return _.sent_on.notnull() | is_answered()


def printed_detail(audit: Audit) -> ir.Table:
    """``detail_basis, detail_term, detail_category, detail_scheme``, ``detail_`` of PLACED, ``persons, amount``."""
    return _payments(audit).union(_ledgers(audit))


def _payments(audit: Audit) -> ir.Table:
    """Successful payments: the school is that of the payment, the town the one where the directory has that school; the stage
    is the only one of the scheme, else the pupil's of this term, else the school's."""
    rows = audit.rows["payments"].filter(_.rejected.isnull() & (_.result == "success"))
    categories = audit.eligible.select("person_id", "lowest_category")
    stages = audit.pupils.select("person_id", pupil_stage="stage")
    of_scheme = audit.standards.group_by("scheme").agg(scheme_stage=only(_.stage))
    directory = audit.rows["schools"].filter(_.rejected.isnull())
    towns = directory.group_by(school_id=_.school_code.coalesce(_.school_name)).agg(school_town=only(_.town))
    placed_rows = beside(beside(rows, categories), stages)
    placed_rows = beside(beside(placed_rows, of_scheme, "scheme"), towns, "school_id")
    placed_rows = beside(placed_rows, audit.school_stages.select("school_id", "directory_stage"), "school_id")
    now = ibis.ifelse(_.term == audit.parameters.term, _.pupil_stage, NO_TEXT)
    cells = placed_rows.mutate(category=_.category.coalesce(_.lowest_category)).group_by(
        detail_term=_.term,
        detail_category=_.category,
        detail_scheme=_.scheme,
        detail_stage=_.scheme_stage.coalesce(now, _.directory_stage),
        detail_town=_.school_town,
        detail_school_id=_.school_id,
    )
    sums = cells.agg(persons=(_.amount > 0).sum(), amount=_.amount.sum().cast(YUAN))
    return _in_one_shape(sums.mutate(detail_basis=ibis.literal(PAID)))


def known_towns(audit: Audit) -> ir.Table:
    """``town`` of everybody, of every school and of every letter."""
    sources = (audit.people, audit.rows["schools"], audit.rows["letters"])
    return ibis.union(*(rows.filter(_.town.notnull()).select("town") for rows in sources), distinct=True)


def _ledgers(audit: Audit) -> ir.Table:
    """Letters sent, answered and open and fallback paid by town, and children taught at home, of this term's ledgers."""
    letters = _by_town(audit)
    sent_rows, fallback = letters.filter(is_sent()), letters.filter(_.fallback_amount > 0)
    taught_rows = audit.rows["home_teaching"].filter(_.rejected.isnull()).select("person_id").distinct()
    children = taught_rows.mutate(letter_town=NO_TEXT, fallback_amount=ibis.null(YUAN))
    rows_by_count = {
        "letters": sent_rows,
        "replied": sent_rows.filter(is_answered()),
        "open": sent_rows.filter(~is_answered()),
        "fallback": fallback,
        "home_teaching": children,
    }
    has_letters, has_children = letters.count() > 0, taught_rows.count() > 0
    letter_columns = audit.columns_found.get("letters", frozenset())
    parts = []
    for basis, rows in rows_by_count.items():
        # What no ledger has a column for is not none.
        is_given = ibis.literal(COLUMNS_COUNTED[basis] <= letter_columns)
        is_there = has_children if basis == "home_teaching" else has_letters & is_given
        parts.append(_in_one_shape(_sums(rows, basis, audit.parameters.term).filter(is_there)))
    return ibis.union(*parts)


def _by_town(audit: Audit) -> ir.Table:
    """The letters, each with the town that it names, else that of the child."""
    letters = audit.rows["letters"].filter(_.rejected.isnull())
    placed_rows = beside(letters, audit.people.select("person_id", town_of_register="town"))
    return placed_rows.mutate(letter_town=_.town.coalesce(_.town_of_register))


def _sums(rows: ir.Table, basis: str, term: str) -> ir.Table:
    """By town, and a row of nothing in no town: a ledger that holds none of them says none."""
    yuan = _.fallback_amount.sum() if basis == "fallback" else ibis.literal(0)
    by_town = rows.group_by(detail_town="letter_town").agg(persons=_.count(), amount=yuan.cast(YUAN))
    nothing = rows.agg(persons=_.count() * 0).select(
        detail_town=NO_TEXT, persons=_.persons, amount=ibis.literal(0).cast(YUAN)
    )
    return by_town.union(nothing).mutate(
        detail_basis=ibis.literal(basis), detail_term=ibis.literal(term), detail_category=NO_TEXT,
        detail_scheme=NO_TEXT, detail_stage=NO_TEXT, detail_school_id=NO_TEXT,
    )  # fmt: skip


def _in_one_shape(sums: ir.Table) -> ir.Table:
    return sums.select(
        "detail_basis", "detail_term", "detail_category", "detail_scheme", *(f"detail_{column}" for column in PLACE_COLUMNS),
        "persons", amount=_.amount.cast(YUAN),
    )  # fmt: skip
