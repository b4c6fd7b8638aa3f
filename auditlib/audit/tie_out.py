"""Printed totals beside what the detail adds up to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.logic import YUAN, beside

PRINTED = "decimal(16, 2)"


def tie_out(audit: Audit) -> ir.Table:
    """One row per control total: term, category, scheme (NULL: all), printed and detail figures, tolerance, source.

    ``delivered``: payment rows of that term are among the files. Persons are successful rows with a positive amount,
    the amount is the net of successful rows; the category is the payment list's, else the register's on the count date.
    """
    totals = audit.rows["control_totals"].filter(_.rejected.isnull()).mutate(
        printed_persons=_.persons, printed_amount=_.amount.cast(PRINTED), tolerance=_.amount_tolerance
    )  # fmt: skip
    keys = totals.select("source", "term", "category", "scheme")
    detail = _detail(audit)
    fits = [
        keys.term.isnull() | (keys.term == detail.detail_term),
        keys.category.isnull() | (keys.category == detail.detail_category),
        keys.scheme.isnull() | (keys.scheme == detail.detail_scheme),
    ]
    sums = keys.inner_join(detail, fits).group_by("source").agg(
        detail_persons=_.persons.sum(), detail_amount=_.amount.sum().cast(PRINTED)
    )  # fmt: skip
    terms = detail.select(term=_.detail_term, delivered=ibis.literal(True)).distinct()
    compared_totals = beside(totals, sums, "source")
    compared_totals = beside(compared_totals, terms, "term")
    return compared_totals.select(
        "source", "term", "category", "scheme", "printed_persons", "printed_amount", "tolerance",
        detail_persons=_.detail_persons.fill_null(0),
        detail_amount=_.detail_amount.fill_null(0).cast(PRINTED),
        delivered=_.term.isnull() | _.delivered.fill_null(False),
    )  # fmt: skip


def _detail(audit: Audit) -> ir.Table:
    rows = audit.rows["payments"].filter(_.rejected.isnull() & (_.result == "success"))
    categories = audit.eligible.select("person_id", "lowest_category")
    categorised = beside(rows, categories)
    cells = categorised.mutate(category=_.category.coalesce(_.lowest_category)).group_by(
        detail_term=_.term, detail_category=_.category, detail_scheme=_.scheme
    )
    return cells.agg(persons=(_.amount > 0).sum(), amount=_.amount.sum().cast(YUAN))
