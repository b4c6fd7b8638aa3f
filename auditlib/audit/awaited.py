"""漏资助及时预警: what may still be paid on the day as of which the data were drawn (parameter ``as_of``).

Before the last day of payment (``pay_by``) a child who is not yet paid is not missed, as long as the child is in the list of
planned payments, or the school has no payment of the scheme at all.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.logic import beside, yes


def is_paying(audit: Audit) -> bool:
    """Had the last day of payment not come when the data were drawn? Not known without ``as_of``: then it had."""
    as_of = audit.parameters.as_of
    return as_of is not None and as_of < audit.parameters.thresholds.pay_by


def is_answering(audit: Audit) -> bool:
    """Had the last day for answers to letters not come when the data were drawn?"""
    as_of = audit.parameters.as_of
    return as_of is not None and as_of < audit.parameters.thresholds.reply_by


def is_before_payment(audit: Audit) -> bool:
    """May money of the term still come: is it being paid, or was no list of payments delivered?"""
    return is_paying(audit) or not audit.columns_found.get("payments")


def planned_persons(audit: Audit) -> ir.Table:
    """``person_id``: in a list of planned payments of the term."""
    return _plans(audit).select("person_id").distinct()


def due_and_planned(audit: Audit) -> ir.Table:
    """``person_id, scheme, has_rows, planned, school_id, school_paid``: of each mandatory scheme that is or may be due whether it is planned,
    and whether the pupil's school has any payment of it."""
    due = audit.aid.filter(_.certain.notnull() & yes(_.mandatory)).select("person_id", "scheme", "has_rows")
    plans = _plans(audit).select("person_id", "scheme").distinct()
    # A plan of the scheme that excludes the one due is a plan for the child all the same: the mismatch is said elsewhere.
    rivals = plans.inner_join(audit.exclusions, "scheme").select("person_id", scheme="other_scheme")
    planned_rows = plans.union(rivals, distinct=True).mutate(planned=ibis.literal(True))
    paid = _readable(audit, "payments").filter(_.school_id.notnull()).select("school_id", "scheme").distinct()
    schools = audit.pupils.select("person_id", "school_id")
    due_at_school = beside(beside(due, schools), planned_rows, ["person_id", "scheme"])
    paid_beside = beside(due_at_school, paid.mutate(school_paid=ibis.literal(True)), ["school_id", "scheme"])
    return paid_beside.mutate(planned=yes(_.planned), school_paid=yes(_.school_paid))


def not_yet_paid(audit: Audit) -> ir.Table:
    """``person_id, scheme, planned, school_paid``: of :func:`due_and_planned` those of which no row is there, where it is planned, or its school
    has no payment of it."""
    waiting = ~_.has_rows & (_.planned | (~_.school_paid & _.school_id.notnull()))
    return due_and_planned(audit).filter(waiting).select("person_id", "scheme", "planned", "school_paid")


def awaited_persons(audit: Audit) -> ir.Table:
    """``person_id, awaited``: who may still be paid; where no list of payments was delivered, those who are planned alone."""
    persons = [planned_persons(audit)]
    if is_paying(audit):
        persons.append(not_yet_paid(audit).select("person_id"))
    awaited = ibis.union(*persons, distinct=True) if len(persons) > 1 else persons[0]
    return (awaited if is_before_payment(audit) else awaited.limit(0)).mutate(awaited=ibis.literal(True))


def with_awaited(aid: ir.Table, audit: Audit) -> ir.Table:
    """``aid`` (a row a person and scheme) with ``awaited``: may it still be paid? Of nobody once payment is over."""
    if not is_paying(audit):
        return aid.mutate(awaited=ibis.literal(False))
    awaited = not_yet_paid(audit).select("person_id", "scheme", awaited=ibis.literal(True))
    return beside(aid, awaited, ["person_id", "scheme"])


def rows_of_term(audit: Audit, table: str) -> ir.Table:
    """The rows of a list of money that are of the run's term, or tell none."""
    return audit.rows[table].filter(_.term.fill_null(audit.parameters.term) == audit.parameters.term)


def _plans(audit: Audit) -> ir.Table:
    """Lines of planned payments; one of nothing plans nothing."""
    return _readable(audit, "planned").filter((_.amount > 0).fill_null(True))


def _readable(audit: Audit, table: str) -> ir.Table:
    return rows_of_term(audit, table).filter(_.rejected.isnull())
