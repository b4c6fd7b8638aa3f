"""劝返复学、销号: children whom the ledger of dropouts says are back."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.awaited import is_paying
from auditlib.base import terms
from auditlib.base.language import Text
from auditlib.base.logic import NO_ROWS, beside, only, record, values_of, yes
from auditlib.rules.common import (
    NO_REASON,
    UNKNOWN,
    finished_before,
    may_be_due,
    paid_to_nobody,
    with_half_read,
    zero,
)
from auditlib.rules.dropout_ledger import (
    EARLIER_CASE,
    ELSEWHERE,
    HOME,
    LEAVER,
    OPEN,
    REPORTED_ROW,
    WITHDRAWN,
    closed_cases,
    dropout_rows,
    presence_since,
    with_register,
)
from auditlib.rules.last_register import children_asked_for, is_traced, to_be_traced
from auditlib.rules.registry import absent, flags, passes, rule, speaks, untested

IN_SPRING = {
    "dropped_on": "2020-04-07",
    "notice_on": "2020-04-10",
    "returned_on": "2020-05-11",
    "closed_on": "2020-05-12",
}
ONLY_ANOTHER = {table: {"of": 2} for table in ("eligibility", "enrolment", "payments", "applications")}


@rule(
    "dropout.false_closure",
    zh="劝返销号不实",
    en="Closed, but not back",
    criterion="劝返台账已写复学或销号，而核定基准日学籍不在在读状态、清点花名册中也不在校，又无函告查明在外就读（学籍在读而清点不在校的，由清点规则列出）。复学之后学籍又变动的，送教上门、经四部门认定、已毕业、死亡、已过义务教育年龄的，不算。",
    message=Text("劝返台账已销号，{reason_text}", "closed in the ledger; {reason_text}"),
    severity="high",
    subject="pupil",
    needs=("enrolment", "dropouts"),
    reads=("eligibility", "attendance", "letters", "unable", "home_teaching"),
    innocent=[ELSEWHERE, Text("复学学籍手续在办", "the record is being renewed")],
    examples=[
        flags("closed, the record still says withdrawn", **LEAVER, dropouts={}, reason="not_enrolled", at_stake="0.00"),
        passes("closed, in no record, eligible: said once", enrolment=None, payments=None, applications=None, dropouts={}, also=["missed.not_found"]),
        flags("closed, in no record, not eligible", **ONLY_ANOTHER, dropouts={}, reason="not_enrolled"),
        passes("enrolled, and marked as not at school: said there", attendance={"present": "否"}, dropouts={}, also=["attendance.paid_absent"]),
        flags("closed, the record still says withdrawn, marked as not at school", **LEAVER, attendance={"present": "否"}, dropouts={}, reason="not_enrolled"),
        passes("enrolled; away when heads were counted before the return", attendance={"present": "否", "counted_on": "2020-09-10"}, dropouts={}, also=["attendance.paid_absent"]),
        flags("at school when heads were counted before it left", **(LEAVER | {"enrolment": WITHDRAWN | {"status_date": "2020-10-20"}}), attendance={"counted_on": "2020-10-15"}, dropouts={"dropped_on": "2020-10-20", "notice_on": "2020-10-21", "returned_on": "2020-10-28", "closed_on": ""}, reason="not_enrolled"),
        passes("closed and enrolled", dropouts={}),
        passes("closed, the record behind, but at school", **LEAVER, dropouts={}, attendance={}, also=["attendance.unregistered", "dropout.returned_unpaid"]),
        passes("closed: studies elsewhere by letter", **LEAVER, dropouts={}, letters={}),
        flags("closed, and a letter that was never sent", **LEAVER, dropouts={}, letters={"sent_on": "", "replied_on": "", "aided": ""}, eligibility=None),
        flags("said to be back, the day not written, the record says withdrawn", **LEAVER, dropouts=OPEN | {"back": "是"}, reason="not_enrolled"),
        passes("said to be back, the day not written; by the record back after the count date", enrolment={"status": "复学", "status_date": "2020-11-09"}, dropouts=OPEN | {"back": "是"}, also=["mismatch.inactive"]),
        passes("brought back last year, finished the ninth year since", **LEAVER | {"enrolment": {"status": "毕业", "stage": "初中", "grade": "九年级", "status_date": "2020-07-01"}}, birth="2005-05-04", dropouts=EARLIER_CASE),
        passes("brought back years ago, moved away since", **LEAVER | {"enrolment": {"status": "转出", "status_date": "2020-08-30"}}, eligibility=None, dropouts=EARLIER_CASE),
        passes("brought back years ago, on leave since: another case", **LEAVER | {"enrolment": WITHDRAWN | {"status": "休学"}}, dropouts=EARLIER_CASE, also=["dropout.unledgered"]),
        flags("on leave, and closed since", **LEAVER | {"enrolment": WITHDRAWN | {"status": "休学"}}, dropouts={}, reason="not_enrolled"),
        passes("brought back years ago, aged 18 by now", **LEAVER | {"enrolment": None}, eligibility=None, birth="2002-05-04", dropouts=EARLIER_CASE),
        passes("brought back in spring, in nothing now, eligible: said once", **ONLY_ANOTHER | {"eligibility": [{}, {"of": 2}]}, dropouts=IN_SPRING, also=["missed.not_found"]),
        passes("brought back in spring, on the register then, in nothing now: said once", **ONLY_ANOTHER, dropouts=IN_SPRING, last_term={}, also=["enrolment.vanished"]),
        flags("brought back in spring, in nothing now; neither eligible nor in a run of last term", **ONLY_ANOTHER, dropouts=IN_SPRING, reason="not_enrolled"),
        flags("brought back on the first day of the term, on the register before it, in nothing now", **ONLY_ANOTHER, dropouts=IN_SPRING | {"returned_on": "2020-09-01", "closed_on": "2020-09-02"}, last_term={}, reason="not_enrolled"),
        passes("brought back in spring, on the register then, paid now", **ONLY_ANOTHER | {"payments": [{"of": 2}, {}], "eligibility": [{}, {"of": 2}]}, dropouts=IN_SPRING, also=["mismatch.not_enrolled"]),
        passes("brought back in spring, and finished the ninth year since", **ONLY_ANOTHER, birth="2005-05-04", dropouts=IN_SPRING, last_term={"stage": "初中", "grade": "九年级"}),
        passes("died", **LEAVER | {"enrolment": WITHDRAWN | {"status": "死亡"}}, dropouts={}),
        passes("certified to be unable to attend", **LEAVER | {"enrolment": WITHDRAWN | {"status": "休学"}}, dropouts={}, unable={}),
        passes("taught at home: said there", **LEAVER | {"enrolment": WITHDRAWN | {"status": "休学"}}, dropouts={}, home_teaching=HOME, also=["home.not_enrolled"]),
        absent("still open", **LEAVER, dropouts=OPEN | {"reported_on": "2020-10-01"}),
        absent("closed after the count date", **LEAVER, dropouts=OPEN | REPORTED_ROW | {"closed_on": "2020-11-20"}),
        untested("closed, the record says withdrawn, the roster does not say whether the child is there", **LEAVER, dropouts={}, attendance={"present": ""}, reason="attendance_not_stated"),
        untested("closed, and a letter of that name without a number", **LEAVER, dropouts={}, letters={"id_number": "", "household_no": ""}, reason="ledger_half_read"),
        untested("a date of the record that cannot be read", **LEAVER | {"enrolment": {"status": "退学", "status_date": "上学期"}}, dropouts={}, reason="status_unreadable"),
    ],
)  # fmt: skip
def false_closure(audit: Audit) -> ir.Table:
    """A child whom the ledger says is back at school is enrolled, or at school when heads are counted, unless it need not be brought back or its record ended anew after the return."""
    persons = closed_cases(audit)
    children = beside(with_register(persons, audit, "back_on"), presence_since(audit, persons, "back_on"))
    children = beside(children, _asked_for_anew(audit))
    # Who left after the return was back: where it is now dropout.unledgered asks.
    told_there = yes(_.asked_for) & ~yes(_.enrolled)
    excused = yes(_.at_school) | _.settled | yes(_.left_on > _.back_on) | told_there | yes(_.has_finished)
    unclear = yes(_.enrolled) & _.active.isnull()
    # A closure without a day says that the child is back by now, not that it was on the count date.
    # Who is on the register and was not seen since is said by the rules of the roster, where they run.
    is_asked = speaks(audit, "attendance.absent", "attendance.paid_absent")
    absent_since = yes(_.marked_absent) & ibis.literal(not is_asked)
    gone = ~((yes(_.active) & ~absent_since) | (_.undated & yes(_.arrives)))
    return (
        with_half_read(children, audit, "letters")
        .mutate(
            untested=ibis.cases(
                (excused, NO_REASON),
                (unclear, "status_unreadable"),
                (gone & yes(_.half_read), "ledger_half_read"),
                (gone & _.roster_records.notnull() & ~yes(_.marked_absent), "attendance_not_stated"),
                else_=NO_REASON,
            ),
            reason=ibis.ifelse(yes(_.active), "marked_absent", "not_enrolled"),
            at_stake=zero(),
            rests_on=_.ledger_records.concat(_.roster_records.coalesce(NO_ROWS)),
        )
        .mutate(exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~excused & gone))
    )


def _asked_for_anew(audit: Audit) -> ir.Table:
    """``person_id, asked_for, has_finished``: children of whom, where they are in no record now, missed.not_found, enrolment.vanished or
    mismatch.not_enrolled asks; and who had finished school when the term before ended."""
    nobody = audit.payees.filter(yes(paid_to_nobody(audit.payees, audit)))
    asked_for = [children_asked_for(audit), nobody.select("person_id")]
    if audit.last_term is not None and speaks(audit, "enrolment.vanished"):
        asked_for.append(to_be_traced(audit).filter(~is_traced()).select("person_id"))
    persons = ibis.union(*asked_for, distinct=True)
    finished = [persons.limit(0), *finished_before(audit), persons.limit(0)]
    asked_rows = persons.mutate(asked_for=ibis.literal(True))
    finished_rows = ibis.union(*finished, distinct=True).mutate(has_finished=ibis.literal(True))
    return asked_rows.outer_join(finished_rows, "person_id").select(
        "asked_for", "has_finished", person_id=_.person_id.coalesce(_.person_id_right)
    )


def _with_nothing_due(audit: Audit) -> ir.Table:
    """``person_id``: children of whose records, were they active, no mandatory scheme would be due by their categories."""
    records = audit.rows["enrolment"].filter(_.rejected.isnull()).group_by("person_id").agg(
        active=ibis.literal(True), stage=only(_.stage), study_year=_.study_year.min(), boarding=only(_.boarding)
    )  # fmt: skip
    return records.anti_join(may_be_due(audit, records, audit.rows["eligibility"]), "person_id").select(
        "person_id"
    )


@rule(
    "dropout.returned_unpaid",
    zh="复学学生未获资助",
    en="Back at school, not paid",
    criterion="劝返台账本学期内复学、核定基准日在资格名册的学生，本学期没有任何发放净额；核定基准日已在读的，由应助未助规则列出。",
    message=Text("已劝返复学，本学期没有发放记录", "back at school; nothing was paid for this term"),
    severity="high",
    subject="pupil",
    needs=("eligibility", "enrolment", "payments", "dropouts", "dropouts.returned_on"),
    innocent=[Text("复学在发放之后，将于下学期发放", "came back after the payment, to be paid next term")],
    examples=[
        flags("back after the count date, not paid", enrolment={"status": "复学", "status_date": "2020-11-09"}, payments=None,
              dropouts=REPORTED_ROW | {"returned_on": "2020-11-09"}, reason="no_payment", at_stake="0.00"),
        flags("back after the count date, the record not yet renewed", **LEAVER, dropouts=REPORTED_ROW | {"returned_on": "2020-11-09"}, reason="no_payment"),
        flags("back before the count date and seen at school since, the record not renewed", **LEAVER, attendance={}, dropouts={}, reason="no_payment", also=["attendance.unregistered"]),
        absent("of a category to which nothing is due", enrolment={"status": "复学", "status_date": "2020-11-09", "boarding": "走读"}, eligibility={"category": "其他困难"}, payments=None, dropouts=REPORTED_ROW | {"returned_on": "2020-11-09"}),
        untested("payment still lasts", enrolment={"status": "复学", "status_date": "2020-11-09"}, payments=None, dropouts=REPORTED_ROW | {"returned_on": "2020-11-09"}, parameters={"as_of": "2020-12-30"}, reason="not_yet_paid"),
        untested("eligible to a day that cannot be read", enrolment={"status": "复学", "status_date": "2020-11-09"}, eligibility={"valid_to": "见备注"}, payments=None, dropouts=REPORTED_ROW | {"returned_on": "2020-11-09"}, reason="eligibility_date_unreadable"),
        flags("back the day after the count date", **LEAVER, dropouts=REPORTED_ROW | {"returned_on": "2020-11-01"}, reason="no_payment"),
        passes("back on the count date, the record not renewed: said once", **LEAVER, dropouts={"returned_on": "2020-10-31", "closed_on": ""}, also=["dropout.false_closure"]),
        passes("back after the count date, and paid", enrolment={"status": "复学", "status_date": "2020-11-09"},
               dropouts=REPORTED_ROW | {"returned_on": "2020-11-09"}, also=["mismatch.inactive"]),
        passes("enrolled on the count date: said once", payments=None, dropouts={}, also=["missed.unpaid"]),
        passes("enrolled and paid", dropouts={}),
        absent("not on an eligibility register", eligibility=None, payments=None, enrolment={"status": "复学", "status_date": "2020-11-09"}, dropouts=REPORTED_ROW | {"returned_on": "2020-11-09"}),
        absent("not yet back", **LEAVER, dropouts=OPEN | {"reported_on": "2020-10-01"}),
        absent("back in another term", payments=None, enrolment={"status": "复学", "status_date": "2021-03-09"}, dropouts=REPORTED_ROW | {"returned_on": "2021-03-09"}),
        untested("a payment row of the child was rejected", enrolment={"status": "复学", "status_date": "2020-11-09"}, payments={"amount": "伍佰"},
                 dropouts=REPORTED_ROW | {"returned_on": "2020-11-09"}, reason="payment_row_rejected"),
        untested("said to be back, the day not written, not paid", **LEAVER, dropouts=REPORTED_ROW | OPEN | {"back": "是"}, reason="return_undated", also=["dropout.false_closure"]),
        untested("back on a day that cannot be read, not paid", **LEAVER, dropouts=REPORTED_ROW | {"returned_on": "开学后"}, reason="date_unreadable"),
        passes("said to be back, the day not written, and paid", enrolment={"status": "复学", "status_date": "2020-11-09"},
               dropouts=REPORTED_ROW | OPEN | {"back": "是"}, also=["mismatch.inactive"]),
        absent("said not to be back", **LEAVER, dropouts=REPORTED_ROW | OPEN | {"back": "否"}),
    ],
)  # fmt: skip
def returned_and_unpaid(audit: Audit) -> ir.Table:
    """A poor child that was brought back within the term is paid for it."""
    term = audit.parameters.term
    first, last = ibis.literal(terms.first_day(term)), ibis.literal(terms.last_day(term))
    unread = _.returned_on_defect.notnull()
    undated = _.returned_on.isnull() & (yes(_.back == "yes") | unread)
    back = dropout_rows(audit).filter(((_.returned_on >= first) & (_.returned_on <= last)) | undated)
    persons = back.group_by("person_id").agg(
        rests_on=values_of(record("dropouts")), back_on=_.returned_on.max(), day_unread=unread.any()
    )
    listed = audit.eligible.filter(_.eligible.fill_null(True)).select("person_id", "eligible")
    here = audit.pupils.select("person_id", "arrives", "active")
    presence = presence_since(audit, persons, "back_on").select("person_id", "at_school")
    returned_children = beside(beside(persons.inner_join(listed, "person_id"), here), presence)
    returned_children = beside(
        beside(returned_children, audit.payees.select("person_id", paid=ibis.literal(True))), audit.doubtful
    )
    returned_children = returned_children.anti_join(_with_nothing_due(audit), "person_id")
    # Of those who came back before the count date, are in no active record and were not seen since dropout.false_closure speaks,
    # of those on the register missed.unpaid: where these run.
    late = ibis.ifelse(_.back_on.isnull(), True, _.back_on > ibis.literal(audit.count_date))
    is_back = late | yes(_.at_school) | ibis.literal(not speaks(audit, "dropout.false_closure"))
    on_register = yes(_.active) & ibis.literal(not speaks(audit, "missed.unpaid"))
    missed = (yes(_.arrives) | on_register | (is_back & ~_.active.fill_null(True))) & ~yes(_.paid)
    return returned_children.mutate(
        untested=ibis.cases(
            (~missed, NO_REASON),
            (_.eligible.isnull(), "eligibility_date_unreadable"),
            (yes(_.payments_doubtful), "payment_row_rejected"),
            (ibis.literal(is_paying(audit)), "not_yet_paid"),
            (_.back_on.notnull(), NO_REASON),
            (_.day_unread, "date_unreadable"),
            else_="return_undated",
        ),
        missed=missed,
    ).mutate(
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, _.missed),
        reason=ibis.literal("no_payment"),
        at_stake=zero(),
    )
