"""What rosters and the ledger of home teaching say of each child in the term: of a class its last count, of a leaver what came after.

A roster tells of its day. One of an earlier month does not say that a child is at school still, and one of the week before a
child left does not say that it is at school all the same; nor does last year's visit say that somebody teaches it at home.
"""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base import terms
from auditlib.base.logic import beside, yes

UNKNOWN = ibis.null("boolean")
CLASS_OF_ROSTER = ("school", "grade", "study_year", "class_name")
HOLIDAYS = (1, 2, 7, 8)  # months in which no school teaches the whole month
AT_SCHOOL = ("present", "excused", "home_teaching", "elsewhere")


def leavers(audit: Audit) -> ir.Table:
    """``person_id -> left_on``: those who had left by the count date, where the register tells the day."""
    inactive = audit.pupils.filter(~_.active.fill_null(True)).select("person_id")
    ended_rows = audit.rows["enrolment"].filter(
        _.rejected.isnull() & _.status_date.notnull() & ~yes(_.active_now)
    )
    return ended_rows.semi_join(inactive, "person_id").group_by("person_id").agg(left_on=_.status_date.max())


def name_rows(audit: Audit) -> ir.Table:
    """Rows of rosters that name a child, with ``of_term`` (counted within the term, or on no day told), ``at_school`` (NULL where
    the cell does not say) and ``uncovered`` (of a stage that the enrolment register does not hold)."""
    has_presence = "present" in audit.columns_found.get("attendance", frozenset({"present"}))
    rows = audit.rows["attendance"].filter(_.rejected.isnull() & _.name.notnull())
    rows = beside(rows, audit.school_stages, "school_id")
    return rows.mutate(
        of_term=is_of_term(audit),
        uncovered=is_uncovered(audit),
        at_school=ibis.cases(
            (_.present.isin(AT_SCHOOL), True),
            (_.present == "absent", False),
            else_=UNKNOWN if has_presence else ibis.literal(True),
        ),
    )


def is_of_term(audit: Audit) -> ir.BooleanValue:
    """Was the row counted within the term, or is its day not told?"""
    term = audit.parameters.term
    first, last = ibis.literal(terms.first_day(term)), ibis.literal(terms.last_day(term))
    return _.counted_on.between(first, last).fill_null(True)


def is_uncovered(audit: Audit) -> ir.BooleanValue:
    """Is the row, by its grade or by the directory of schools, of a stage that the enrolment register does not hold?"""
    covers = list(audit.parameters.enrolment_covers)
    of_school = ~yes(_.taught) & ~_.directory_stage.isin(covers).fill_null(True)
    return ~_.grade.isin(covers).fill_null(True) | of_school


def roster(audit: Audit) -> ir.Table:
    """:func:`name_rows` of the term that hold, with ``is_there``.

    Of each class those of lists that no later one repeats, of each child at a school its last rows, of a leaver those of the day
    of leaving and later. An empty cell takes a child that the list names to be at school, but not one whose record says that it
    has left.
    """
    rows = name_rows(audit).filter(_.of_term).mutate(school=_.school_id.coalesce(_.school_name))
    of_class = [rows[part].cast("string").fill_null("") for part in CLASS_OF_ROSTER]
    rows = rows.mutate(class_key=ibis.literal("|").join(of_class))
    rows = rows.anti_join(_counted_again(rows), ["class_key", "counted_on"])
    latest = _.counted_on.max().over(ibis.window(group_by=["person_id", "school"]))
    rows = rows.mutate(latest=latest).filter(~yes(_.counted_on < _.latest))
    rows = beside(rows, leavers(audit), "person_id").filter(~yes(_.counted_on < _.left_on))
    inactive = audit.pupils.filter(~_.active.fill_null(True)).select("person_id", inactive=ibis.literal(True))
    return beside(rows, inactive, "person_id").mutate(is_there=_.at_school.fill_null(~yes(_.inactive)))


def _counted_again(rows: ir.Table) -> ir.Table:
    """``class_key, counted_on``: the days of which at least half of those named were named again on a later day.

    A list of a few who were away, or of the boarders after that of the day pupils, takes the place of no other.
    """
    days = rows.filter(_.counted_on.notnull()).select("class_key", "person_id", "counted_on").distinct()
    later = days.select("class_key", "person_id", later_on="counted_on")
    again = days.inner_join(later, ["class_key", "person_id"]).filter(_.later_on > _.counted_on)
    repeats = again.group_by("class_key", "counted_on", "later_on").agg(repeats=_.count())
    lists = beside(
        repeats, days.group_by("class_key", "counted_on").agg(heads=_.count()), ["class_key", "counted_on"]
    )
    return lists.filter(_.repeats * 2 >= _.heads).select("class_key", "counted_on").distinct()


def taught_at_home(audit: Audit) -> ir.Table:
    """``person_id, at_home``: children whom the ledger of home teaching names in the term, leavers from the month of leaving on;
    a row that tells no day is taken at its word."""
    first = terms.first_day(audit.parameters.term)
    rows = audit.rows["home_teaching"].filter(_.rejected.isnull())
    taught_rows = beside(rows, leavers(audit), "person_id")
    since = ibis.greatest(_.left_on.coalesce(ibis.literal(first)), ibis.literal(first))
    before = ibis.ifelse(
        _.taught_on.notnull(), _.taught_on < since, month_number(_.month) < month_number(since)
    )
    return taught_rows.filter(~yes(before)).select("person_id", at_home=ibis.literal(True)).distinct()


def first_month(audit: Audit) -> int:
    """The number of the term's first month."""
    first_day = terms.first_day(audit.parameters.term)
    return first_day.year * 12 + first_day.month


def month_not_over(audit: Audit) -> int:
    """The number of the first month that is not over on the count date, or on the day as of which the files were drawn."""
    next_day = audit.data_day + dt.timedelta(days=1)
    return next_day.year * 12 + next_day.month


def is_taught(month: ir.IntegerValue) -> ir.BooleanValue:
    """Does school last the whole of the month of this number?"""
    return ~(month % 12).isin([number % 12 for number in HOLIDAYS])


def months_taught(audit: Audit) -> ir.Table:
    """``month``: those of the term that are over and in which the ledger of home teaching has somebody visited."""
    rows = audit.rows["home_teaching"].filter(_.rejected.isnull())
    months = rows.select(month=month_number(_.taught_on.coalesce(_.month))).distinct()
    return months.filter(
        _.month >= first_month(audit), _.month < month_not_over(audit), is_taught(months.month)
    )


def month_number(day: ir.DateValue) -> ir.IntegerValue:
    """The number of a day's month, counted from the year 0."""
    return (day.year() * 12 + day.month()).cast("int64")


def at_learning(audit: Audit) -> ir.Table:
    """``person_id``: children who are at school by a roster of the term, of whatever stage, or taught at home."""
    pupils = roster(audit).filter(yes(_.at_school)).select("person_id")
    return pupils.union(taught_at_home(audit).select("person_id"), distinct=True)
