"""The ledger of dropouts, and who in it is settled otherwise: what rules about bringing back share."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.graduates import GRADUATED, graduates
from auditlib.audit.rosters import leavers, month_number, roster
from auditlib.base.language import Text
from auditlib.base.logic import beside, record, values_of, yes
from auditlib.rules.common import aged, certified_unable, telling_letters

ELSEWHERE = Text(
    "已转到外县就读，学籍尚未转出", "at school in another county by now, the record not yet moved"
)
WITHDRAWN = {"status": "退学", "status_date": "2020-09-07"}
LEAVER = {"enrolment": WITHDRAWN, "payments": None, "applications": None}
EARLIER_CASE = {
    "dropped_on": "2018-03-01",
    "notice_on": "2018-03-05",
    "returned_on": "2018-03-20",
    "closed_on": "2018-04-01",
}
HOME = [{"taught_on": f"2020-{day}"} for day in ("09-14", "09-21", "10-14", "10-21")]
NO_DAY = ibis.null("date")
OPEN = {"returned_on": "", "closed_on": ""}
REPORTED_ROW = {"closed_on": "", "reported_on": "2020-10-01"}


def dropout_rows(audit: Audit) -> ir.Table:
    """Rows of the ledger that could be read, with ``told_on``: the day on which the child was back, or its case closed.

    A day of return, closing or report before that of leaving says nothing of this leaving and is left out; ``is_reversed``: one of
    return or closing was.
    """
    rows = audit.rows["dropouts"].filter(_.rejected.isnull())
    is_before = {
        name: yes(rows[name] < rows.dropped_on) for name in ("returned_on", "closed_on", "reported_on")
    }
    days = {name: ibis.ifelse(before, NO_DAY, rows[name]) for name, before in is_before.items()}
    rows = rows.mutate(is_reversed=is_before["returned_on"] | is_before["closed_on"], **days)
    return rows.mutate(told_on=_.returned_on.coalesce(_.closed_on))


def closed_cases(audit: Audit) -> ir.Table:
    """``person_id -> ledger_records, undated, back_on, ledger_birth``: children whom the ledger says, on the count date, are back.

    ``undated``: none of their rows tells the day.
    """
    day = ibis.literal(audit.count_date)
    rows = dropout_rows(audit).filter((_.told_on <= day) | (_.told_on.isnull() & yes(_.back == "yes")))
    return rows.group_by("person_id").agg(
        ledger_records=values_of(record("dropouts")), undated=_.told_on.isnull().all(), back_on=_.told_on.max(),
        ledger_birth=_.id_birth.min(),
    )  # fmt: skip


def presence(rows: ir.Table) -> ir.Table:
    """``person_id -> at_school, seen, marked_absent, roster_records``: what the ``rows`` of rosters say, and where.

    ``seen``: some row says so; ``at_school``: or it names a pupil on the register and says nothing else.
    """
    return rows.group_by("person_id").agg(
        at_school=_.is_there.any(),
        seen=yes(_.at_school).any(),
        marked_absent=(~_.at_school).fill_null(False).all(),
        roster_records=values_of(record("attendance")),
    )


def presence_since(audit: Audit, children: ir.Table, day: str) -> ir.Table:
    """:func:`presence` by the rosters counted on each child's ``day`` or later: one of before says nothing of it."""
    rows = beside(roster(audit), children.select("person_id", since_day=day))
    return presence(rows.filter(~yes(_.counted_on < _.since_day)))


def with_register(children: ir.Table, audit: Audit, day: str) -> ir.Table:
    """``children`` of the ledger (with ``ledger_birth``) with what the register says of them, and ``settled``.

    Settled is who need not be brought back, whatever the ledger has left open or closed:

    - not of compulsory age, dead, finished, or certified to be unable to attend;
    - taught at home in the month of ``day`` (a column) or later;
    - at school elsewhere by the answer to a letter of the term;
    - on no eligibility register and moved away by the record, not before that day (``left_on``: when it ended).
    """
    true = ibis.literal(True)
    tables = (
        audit.pupils.select("person_id", "active", "arrives", "status", "birth", enrolled=true),
        audit.eligible.filter(_.eligible.fill_null(True)).select("person_id", "eligible_birth", listed=true),
        telling_letters(audit).select("person_id", lettered=true).distinct(),
        certified_unable(audit).mutate(certified=true),
        graduates(audit).select("person_id", "unfinished"),
        _home_teaching(audit),
        leavers(audit),
    )
    for table in tables:
        children = beside(children, table)
    born = _.birth.coalesce(_.eligible_birth, _.ledger_birth)
    of_age = aged(born, audit.age_day, audit.parameters.ages.compulsory).fill_null(True)
    moved = (_.status == "transferred_out") & ~yes(_.listed) & ~yes(_.left_on < _[day])
    ended = (_.status == "deceased") | ((_.status == GRADUATED) & ~_.unfinished.fill_null(True)) | moved
    at_home = yes(_.taught_undated) | yes(_.last_taught >= month_number(_[day]))
    settled = (
        ~of_age | (yes(ended) & ~_.active.fill_null(True)) | yes(_.certified) | yes(_.lettered) | at_home
    )
    return children.mutate(settled=settled)


def _home_teaching(audit: Audit) -> ir.Table:
    """``person_id -> last_taught`` (the number of a month), ``taught_undated``."""
    rows = audit.rows["home_teaching"].filter(_.rejected.isnull())
    day = rows.taught_on.coalesce(rows.month)
    return rows.group_by("person_id").agg(
        last_taught=month_number(day).max(), taught_undated=day.isnull().any()
    )
