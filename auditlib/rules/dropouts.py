"""控辍保学: leavers of compulsory age, and bringing them back."""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.awaited import is_paying
from auditlib.audit.rosters import roster, taught_at_home
from auditlib.base import terms
from auditlib.base.language import Text
from auditlib.base.logic import NO_ROWS, beside, every, joined, only, record, yes
from auditlib.rules.common import (
    NO_REASON,
    UNKNOWN,
    aged,
    letters_of_term,
    may_be_due,
    with_half_read,
    zero,
)
from auditlib.rules.registry import absent, flags, passes, rule, untested

ELSEWHERE = Text(
    "已转到外县就读，学籍尚未转出", "at school in another county by now, the record not yet moved"
)
JUNIOR_ELSEWHERE = Text(
    "小学毕业后已在县外或民办初中就读，学籍尚未接转",
    "at a junior school elsewhere since primary school, the record not yet moved",
)
LEDGER_GAP = Text("台账漏登，劝返工作已做", "the ledger has a gap, the work was done")
# A record that says so asks for no ledger: the dead, and those who finished junior school.
EXEMPT = ("deceased", "graduated")
FINISHED_PRIMARY = "finished_primary"
# Of a child that is on no eligibility register only these ask for one; a transfer or a certified leave does not.
LOST = ("lost", "withdrawn", "untraced")
LEDGERS = ("dropouts", "unable", "home_teaching", "letters")
LEFT = {"status": "退学", "status_date": "2020-09-07"}
GONE = {"enrolment": LEFT, "payments": None, "applications": None}
OPEN = {"returned_on": "", "closed_on": ""}
REPORTED = {"closed_on": "", "reported_on": "2020-10-01"}


def _ledger(audit: Audit) -> ir.Table:
    return audit.rows["dropouts"].filter(_.rejected.isnull())


def _in_ledgers(audit: Audit) -> ir.Table:
    """``person_id``: children of whom some ledger speaks (dropouts, unable, letters of the term; home teaching since the child left)."""
    undated = [audit.rows[name].filter(_.rejected.isnull()) for name in ("dropouts", "unable")]
    ledgers = [*undated, letters_of_term(audit), taught_at_home(audit)]
    persons = [rows.select("person_id") for rows in ledgers]
    return ibis.union(*persons, distinct=True).mutate(ledgered=ibis.literal(True))


def _presence(rows: ir.Table) -> ir.Table:
    """``person_id -> at_school, marked_absent, roster_records``: what the ``rows`` of rosters say, and where."""
    return rows.group_by("person_id").agg(
        at_school=_.is_there.any(),
        marked_absent=(~_.at_school).fill_null(False).all(),
        roster_records=joined(record("attendance")),
    )


def _presence_since(audit: Audit, returned_children: ir.Table) -> ir.Table:
    """:func:`_presence` by the rosters counted since the return: one of before it says nothing of it."""
    rows = beside(roster(audit), returned_children.select("person_id", "back_on"))
    return _presence(rows.filter(~yes(_.counted_on < _.back_on)))


@rule(
    "dropout.unledgered",
    zh="异动学生未入台账",
    en="A leaver in no ledger",
    criterion="义务教育年龄、学籍在核定基准日不在在读状态的学生，不在劝返、不具备学习条件、送教上门、函告任何一本台账中。小学毕业而没有初中学籍的，同样查。不在资格名册的，只查流失、退学、下落不明。",
    message=Text("学籍状态为{reason_text}，交来的台账中都没有此人，须核实去向", "the record says: {reason_text}; no ledger that was delivered names the child: find out where it is"),
    severity="high",
    subject="pupil",
    needs=("enrolment", "enrolment.status", "dropouts"),
    reads=("unable", "home_teaching", "letters", "attendance"),
    innocent=[ELSEWHERE, LEDGER_GAP, JUNIOR_ELSEWHERE],
    examples=[
        flags("withdrawn, in no ledger", **GONE, reason="withdrawn", at_stake="0.00"),
        flags("moved away, eligible, no letter", **GONE | {"enrolment": {"status": "转出"}}, reason="transferred_out"),
        flags("suspended, eligible", **GONE | {"enrolment": {"status": "休学"}}, reason="suspended"),
        untested("a status that says nothing: 99 其他", **GONE | {"enrolment": {"status": "其他"}}, reason="status_unreadable"),
        flags("not eligible, withdrawn", **GONE, eligibility=None, reason="withdrawn"),
        passes("in the ledger of dropouts", **GONE, dropouts=OPEN | {"reported_on": "2020-10-01"}),
        passes("in the ledger of those unable to attend", **GONE, unable={}),
        passes("suspended, taught at home", **GONE | {"enrolment": {"status": "休学"}}, home_teaching=[{}, {"taught_on": "2020-10-21"}], also=["home.not_enrolled"]),
        passes("transferred, a letter was sent", **GONE | {"enrolment": {"status": "转学"}}, letters={}),
        flags("at school when heads were counted, left the day after", **(GONE | {"enrolment": LEFT | {"status_date": "2020-10-31"}}), attendance={}, reason="withdrawn"),
        flags("taught at home last year, by nobody since", **GONE, home_teaching=[{"taught_on": "2019-11-14"}, {"taught_on": "2019-11-21"}], reason="withdrawn"),
        passes("at school all the same", **GONE, attendance={}, also=["attendance.unregistered"]),
        absent("died", **GONE | {"enrolment": {"status": "死亡"}}),
        flags("finished primary school, in no junior school", **GONE | {"enrolment": {"status": "毕业"}}, reason=FINISHED_PRIMARY),
        passes("finished primary school, a letter was sent", **GONE | {"enrolment": {"status": "毕业"}}, letters={}),
        absent("finished primary school, at junior school now", enrolment=[{"status": "毕业", "grade": "六年级"}, {"stage": "初中", "grade": "七年级", "boarding": "住校"}], payments=None, also=["missed.unpaid"]),
        absent("finished primary school, not eligible: perhaps at a junior school elsewhere", **GONE | {"enrolment": {"status": "毕业"}}, eligibility=None),
        absent("finished junior school", **GONE | {"enrolment": {"status": "毕业", "stage": "初中", "grade": "九年级"}}, birth="2005-05-04"),
        absent("finished primary school, junior schools are in no register here", **GONE | {"enrolment": {"status": "毕业"}}, dropouts=OPEN | {"of": 2, "notice_on": "2020-10-28"}, parameters={"enrolment_covers": ["primary", "senior", "special"]}),
        untested("finished, of a stage that is not known", **GONE | {"enrolment": {"status": "毕业", "stage": "", "grade": ""}}, reason="stage_unknown"),
        absent("enrolled"),
        absent("moved away, not eligible: an ordinary transfer", **GONE | {"enrolment": {"status": "转出"}}, eligibility=None),
        flags("aged 6 on the last day of August", **GONE, birth="2014-08-31"),
        absent("aged 6 a day later", **GONE, birth="2014-09-01"),
        flags("aged 15 on the last day of August", **GONE, birth="2004-09-01"),
        absent("aged 16", **GONE, birth="2004-08-31"),
        untested("a letter of that name without a number", **GONE, letters={"id_number": "", "household_no": ""}, reason="ledger_half_read"),
        flags("a letter of that name, without a number, for a child of a lower stage", **GONE | {"enrolment": LEFT | {"stage": "初中", "grade": "七年级"}}, birth="2007-05-04",
              letters={"id_number": "", "household_no": "", "grade": "二年级"}, reason="withdrawn"),
        untested("a letter of that name, without a number, for one of a higher stage", **GONE, letters={"id_number": "", "household_no": "", "grade": "七年级"}, reason="ledger_half_read"),
        flags("a letter of that name to another person", **GONE, letters={"id_number": "{id2}", "household_no": ""}, reason="withdrawn"),
        untested("the birth date is not known", **GONE | {"enrolment": LEFT | {"id_number": "", "birth_date": "", "student_no": "{student_no_l}"}},
                 eligibility=None, reason="birth_unknown"),
        untested("a date of leaving that cannot be read", **GONE | {"enrolment": {"status": "退学", "status_date": "上学期"}}, reason="status_unreadable"),
    ],
)  # fmt: skip
def unledgered(audit: Audit) -> ir.Table:
    """A child of compulsory age whose record is not active stands in a ledger that says what is done for it."""
    listed = audit.eligible.filter(_.eligible.fill_null(True)).select(
        "person_id", "eligible_birth", listed=ibis.literal(True)
    )
    pupils = audit.pupils.select("person_id", "active", "status", "birth", "arrives")
    pupils = beside(pupils.filter(~_.active.fill_null(False)), finished_primary(audit))
    asked = ~_.status.isin(EXEMPT).fill_null(False) | (_.finished_primary.fill_null(True) & yes(_.graduated))
    pupils_ledgered = beside(
        beside(beside(pupils.filter(asked), listed), _in_ledgers(audit)), _presence(roster(audit))
    )
    pupils_ledgered = pupils_ledgered.filter(
        (yes(_.listed) | _.status.isin(LOST) | _.status.isnull()) & ~yes(_.arrives)
    )
    of_age = aged(_.birth.coalesce(_.eligible_birth), audit.age_day, audit.parameters.ages.compulsory)
    children = pupils_ledgered.mutate(of_age=of_age).filter(_.of_age.fill_null(True))
    accounted_for = yes(_.ledgered) | yes(_.at_school)
    return (
        with_half_read(children, audit, *LEDGERS)
        .mutate(
            untested=ibis.cases(
                (accounted_for, NO_REASON),
                (yes(_.half_read), "ledger_half_read"),
                (_.of_age.isnull(), "birth_unknown"),
                (_.active.isnull(), "status_unreadable"),
                (yes(_.graduated) & _.finished_primary.isnull(), "stage_unknown"),
                else_=NO_REASON,
            ),
            reason=ibis.ifelse(yes(_.graduated), FINISHED_PRIMARY, _.status),
            at_stake=zero(),
        )
        .mutate(exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~accounted_for))
    )


def finished_primary(audit: Audit) -> ir.Table:
    """``person_id, graduated, finished_primary``: who finished, and whether that was primary school alone (NULL: the stage is
    not known), after which a junior school has to know the child; nobody where the register holds no junior schools."""
    records = audit.rows["enrolment"].filter(_.rejected.isnull() & (_.status == "graduated"))
    holds_junior = ibis.literal("junior" in audit.parameters.enrolment_covers)
    return records.group_by("person_id").agg(
        graduated=ibis.literal(True), finished_primary=holds_junior & every(_.stage == "primary")
    )


@rule(
    "dropout.overdue",
    zh="劝返逾期",
    en="Bringing back overdue",
    criterion="限期复学通知书送达满规定天数，到核定基准日既未复学、也未报告乡镇；或辍学满规定天数而没有通知书。",
    message=Text("劝返逾期：{reason_text}", "bringing back is overdue: {reason_text}"),
    severity="high",
    subject="pupil",
    needs=("dropouts", "dropouts.notice_on"),
    innocent=[LEDGER_GAP, ELSEWHERE],
    examples=[
        flags("notice and eight days, neither back nor reported", dropouts=OPEN | {"notice_on": "2020-10-23"}, reason="notice_expired", at_stake="0.00"),
        passes("notice and a week to the day", dropouts=OPEN | {"notice_on": "2020-10-24"}),
        passes("back at school", dropouts={}),
        passes("back on the count date", dropouts=OPEN | {"returned_on": "2020-10-31"}),
        flags("back the day after the count date", dropouts=OPEN | {"returned_on": "2020-11-01"}, reason="returned_late", at_stake="0.00"),
        flags("closed after the count date", dropouts=OPEN | {"closed_on": "2020-11-20"}, reason="returned_late"),
        passes("reported on the count date", dropouts=OPEN | {"reported_on": "2020-10-31"}),
        flags("reported the day after", dropouts=OPEN | {"reported_on": "2020-11-01"}, reason="notice_expired"),
        passes("back after the count date, within the week of the notice", dropouts=OPEN | {"notice_on": "2020-10-28", "returned_on": "2020-11-03"}),
        passes("said to be back, the day not written", dropouts=OPEN | {"back": "是"}),
        flags("said not to be back", dropouts=OPEN | {"back": "否"}, reason="notice_expired"),
        passes("reported to the township", dropouts=OPEN | {"reported_on": "2020-10-01"}),
        passes("closed", dropouts={"returned_on": ""}),
        flags("no notice, and long gone", dropouts=OPEN | {"notice_on": "", "dropped_on": "2020-10-01"}, reason="no_notice"),
        passes("no notice yet, gone for a week", dropouts=OPEN | {"notice_on": "", "dropped_on": "2020-10-24"}),
        passes("two rows, one says that the child is back", dropouts=[OPEN, {}]),
        passes("a notice of four days ago, on the day as of which the files were drawn", dropouts=OPEN | {"notice_on": "2020-10-06"}, parameters={"as_of": "2020-10-10"}),
        flags("a notice of eight days ago, on that day", dropouts=OPEN | {"notice_on": "2020-10-02"}, parameters={"as_of": "2020-10-10"}, reason="notice_expired"),
        flags("back last year, gone again since", dropouts=[{"dropped_on": "2019-10-08", "notice_on": "2019-10-09", "returned_on": "2019-11-20", "closed_on": "2019-11-21"}, OPEN], reason="notice_expired"),
        passes("gone twice, back twice", dropouts=[{"dropped_on": "2019-10-08", "notice_on": "2019-10-09", "returned_on": "2019-11-20", "closed_on": "2019-11-21"}, {}]),
        passes("back by a row that tells neither notice nor leaving", dropouts=[OPEN, {"dropped_on": "", "notice_on": ""}]),
        untested("neither notice nor day of leaving", dropouts=OPEN | {"notice_on": "", "dropped_on": ""}, reason="date_unreadable"),
        untested("a notice whose day cannot be read", dropouts=OPEN | {"notice_on": "寄了"}, reason="date_unreadable"),
        untested("a day of return that cannot be read", dropouts=OPEN | {"returned_on": "快了"}, reason="date_unreadable"),
    ],
)  # fmt: skip
def overdue(audit: Audit) -> ir.Table:
    """A week after the notice to return a child is back at school, or was reported to the township."""
    last = audit.data_day - dt.timedelta(days=audit.parameters.thresholds.notice_days)
    day = ibis.literal(audit.count_date)
    returned_on = _.returned_on.coalesce(_.closed_on)
    # Back without a day is taken at its word; a day after the count date says that the child was not back on it.
    is_answered = yes((returned_on <= day) | (_.reported_on <= day)) | (
        returned_on.isnull() & yes(_.back == "yes")
    )
    unreadable = (
        _.notice_on_defect.notnull()
        | _.returned_on_defect.notnull()
        | _.closed_on_defect.notnull()
        | _.reported_on_defect.notnull()
    )
    since = _.notice_on.coalesce(_.dropped_on)
    rows = _ledger(audit).mutate(
        late=ibis.cases(
            (is_answered, False), (unreadable | since.isnull(), UNKNOWN), else_=since < ibis.literal(last)
        ),
        noticed=_.notice_on.notnull(),
        back_late=returned_on > day,
        since=since,
        answered_on=ibis.greatest(_before(returned_on, day), _before(_.reported_on, day)),
    )
    # Who dropped out again is not back by the return of the time before.
    rows = rows.mutate(latest=_.since.max().over(ibis.window(group_by="person_id")))
    answered = yes(_.answered_on >= _.latest)
    rows = rows.filter(
        ibis.ifelse(_.since.notnull(), ~yes(_.since < _.latest) | answered, ~yes(_.answered_on < _.latest))
    )
    persons = rows.group_by("person_id").agg(
        in_time=(~_.late.fill_null(True)).any(), unknown=_.late.isnull().any(), noticed=_.noticed.any(),
        back_late=yes(_.back_late).any(),
        rests_on=joined(record("dropouts")),
    )  # fmt: skip
    return persons.mutate(
        exception=ibis.cases((_.in_time, False), (_.unknown, UNKNOWN), else_=ibis.literal(True)),
        untested=ibis.ifelse(~_.in_time & _.unknown, "date_unreadable", NO_REASON),
        reason=ibis.cases((_.back_late, "returned_late"), (_.noticed, "notice_expired"), else_="no_notice"),
        at_stake=zero(),
    )


def _with_nothing_due(audit: Audit) -> ir.Table:
    """``person_id``: children of whose records, were they active, no mandatory scheme would be due by their categories."""
    records = audit.rows["enrolment"].filter(_.rejected.isnull()).group_by("person_id").agg(
        active=ibis.literal(True), stage=only(_.stage), study_year=_.study_year.min(), boarding=only(_.boarding)
    )  # fmt: skip
    return records.anti_join(may_be_due(audit, records, audit.rows["eligibility"]), "person_id").select(
        "person_id"
    )


def _before(date: ir.DateValue, day: ir.DateScalar) -> ir.DateValue:
    """The date, where it is not after ``day``."""
    return ibis.ifelse(date <= day, date, ibis.null("date"))


@rule(
    "dropout.false_closure",
    zh="劝返销号不实",
    en="Closed, but not back",
    criterion="劝返台账已写复学或销号，而核定基准日学籍不在在读状态、清点花名册中也不在校，又无函告。",
    message=Text("劝返台账已销号，{reason_text}", "closed in the ledger; {reason_text}"),
    severity="high",
    subject="pupil",
    needs=("enrolment", "dropouts"),
    reads=("attendance", "letters"),
    innocent=[ELSEWHERE, Text("复学学籍手续在办", "the record is being renewed")],
    examples=[
        flags("closed, the record still says withdrawn", **GONE, dropouts={}, reason="not_enrolled", at_stake="0.00"),
        flags("closed, in no record", enrolment=None, payments=None, applications=None, dropouts={}, reason="not_enrolled", also=["missed.not_found"]),
        flags("enrolled, and marked as not at school", attendance={"present": "否"}, dropouts={}, reason="not_at_school", also=["attendance.paid_absent"]),
        passes("enrolled; away when heads were counted before the return", attendance={"present": "否", "counted_on": "2020-09-10"}, dropouts={}, also=["attendance.paid_absent"]),
        flags("at school when heads were counted before it left", **(GONE | {"enrolment": LEFT | {"status_date": "2020-10-20"}}), attendance={"counted_on": "2020-10-15"}, dropouts={"dropped_on": "2020-10-20", "notice_on": "2020-10-21", "returned_on": "2020-10-28", "closed_on": ""}, reason="not_enrolled"),
        passes("closed and enrolled", dropouts={}),
        passes("closed, the record behind, but at school", **GONE, dropouts={}, attendance={}, also=["attendance.unregistered", "dropout.returned_unpaid"]),
        passes("closed: studies elsewhere by letter", **GONE, dropouts={}, letters={}),
        flags("said to be back, the day not written, the record says withdrawn", **GONE, dropouts=OPEN | {"back": "是"}, reason="not_enrolled"),
        passes("said to be back, the day not written; by the record back after the count date", enrolment={"status": "复学", "status_date": "2020-11-09"}, dropouts=OPEN | {"back": "是"}, also=["mismatch.inactive"]),
        absent("still open", **GONE, dropouts=OPEN | {"reported_on": "2020-10-01"}),
        absent("closed after the count date", **GONE, dropouts=OPEN | REPORTED | {"closed_on": "2020-11-20"}),
        untested("closed, the record says withdrawn, the roster does not say whether the child is there", **GONE, dropouts={}, attendance={"present": ""}, reason="attendance_not_stated"),
        untested("closed, and a letter of that name without a number", **GONE, dropouts={}, letters={"id_number": "", "household_no": ""}, reason="ledger_half_read"),
        untested("a date of the record that cannot be read", **GONE | {"enrolment": {"status": "退学", "status_date": "上学期"}}, dropouts={}, reason="status_unreadable"),
    ],
)  # fmt: skip
def false_closure(audit: Audit) -> ir.Table:
    """A child whom the ledger says is back at school is enrolled, and at school when heads are counted."""
    day = ibis.literal(audit.count_date)
    told_on = _.returned_on.coalesce(_.closed_on)
    closed = _ledger(audit).filter((told_on <= day) | (told_on.isnull() & yes(_.back == "yes")))
    persons = closed.group_by("person_id").agg(
        ledger_records=joined(record("dropouts")), undated=told_on.isnull().all(), back_on=told_on.max()
    )
    letters = letters_of_term(audit).select("person_id", lettered=ibis.literal(True))
    register = audit.pupils.select("person_id", "active", "arrives", enrolled=ibis.literal(True))
    returned_children = beside(
        beside(beside(persons, register), _presence_since(audit, persons)), letters.distinct()
    )
    excused = yes(_.at_school) | yes(_.lettered)
    unclear = yes(_.enrolled) & _.active.isnull()
    # A closure without a day says that the child is back by now, not that it was on the count date.
    gone = ~(yes(_.active) | (_.undated & yes(_.arrives))) | yes(_.marked_absent)
    return (
        with_half_read(returned_children, audit, "letters")
        .mutate(
            untested=ibis.cases(
                (excused, NO_REASON),
                (unclear, "status_unreadable"),
                (gone & yes(_.half_read), "ledger_half_read"),
                (gone & _.roster_records.notnull() & ~yes(_.marked_absent), "attendance_not_stated"),
                else_=NO_REASON,
            ),
            reason=ibis.ifelse(yes(_.active), "not_at_school", "not_enrolled"),
            at_stake=zero(),
            rests_on=_.ledger_records.concat(_.roster_records.coalesce(NO_ROWS)),
        )
        .mutate(exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~excused & gone))
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
              dropouts=REPORTED | {"returned_on": "2020-11-09"}, reason="no_payment", at_stake="0.00"),
        flags("back after the count date, the record not yet renewed", **GONE, dropouts=REPORTED | {"returned_on": "2020-11-09"}, reason="no_payment"),
        flags("back before the count date and seen at school since, the record not renewed", **GONE, attendance={}, dropouts={}, reason="no_payment", also=["attendance.unregistered"]),
        absent("of a category to which nothing is due", enrolment={"status": "复学", "status_date": "2020-11-09", "boarding": "走读"}, eligibility={"category": "其他困难"}, payments=None, dropouts=REPORTED | {"returned_on": "2020-11-09"}),
        untested("payment still lasts", enrolment={"status": "复学", "status_date": "2020-11-09"}, payments=None, dropouts=REPORTED | {"returned_on": "2020-11-09"}, parameters={"as_of": "2020-12-30"}, reason="not_yet_paid"),
        untested("eligible to a day that cannot be read", enrolment={"status": "复学", "status_date": "2020-11-09"}, eligibility={"valid_to": "见备注"}, payments=None, dropouts=REPORTED | {"returned_on": "2020-11-09"}, reason="eligibility_date_unreadable"),
        flags("back the day after the count date", **GONE, dropouts=REPORTED | {"returned_on": "2020-11-01"}, reason="no_payment"),
        passes("back on the count date, the record not renewed: said once", **GONE, dropouts={"returned_on": "2020-10-31", "closed_on": ""}, also=["dropout.false_closure"]),
        passes("back after the count date, and paid", enrolment={"status": "复学", "status_date": "2020-11-09"},
               dropouts=REPORTED | {"returned_on": "2020-11-09"}, also=["mismatch.inactive"]),
        passes("enrolled on the count date: said once", payments=None, dropouts={}, also=["missed.unpaid"]),
        passes("enrolled and paid", dropouts={}),
        absent("not on an eligibility register", eligibility=None, payments=None, enrolment={"status": "复学", "status_date": "2020-11-09"}, dropouts=REPORTED | {"returned_on": "2020-11-09"}),
        absent("not yet back", **GONE, dropouts=OPEN | {"reported_on": "2020-10-01"}),
        absent("back in another term", payments=None, enrolment={"status": "复学", "status_date": "2021-03-09"}, dropouts=REPORTED | {"returned_on": "2021-03-09"}),
        untested("a payment row of the child was rejected", enrolment={"status": "复学", "status_date": "2020-11-09"}, payments={"amount": "伍佰"},
                 dropouts=REPORTED | {"returned_on": "2020-11-09"}, reason="payment_row_rejected"),
        untested("said to be back, the day not written, not paid", **GONE, dropouts=REPORTED | OPEN | {"back": "是"}, reason="return_undated", also=["dropout.false_closure"]),
        untested("back on a day that cannot be read, not paid", **GONE, dropouts=REPORTED | {"returned_on": "开学后"}, reason="date_unreadable"),
        passes("said to be back, the day not written, and paid", enrolment={"status": "复学", "status_date": "2020-11-09"},
               dropouts=REPORTED | OPEN | {"back": "是"}, also=["mismatch.inactive"]),
        absent("said not to be back", **GONE, dropouts=REPORTED | OPEN | {"back": "否"}),
    ],
)  # fmt: skip
def returned_and_unpaid(audit: Audit) -> ir.Table:
    """A poor child that was brought back within the term is paid for it."""
    term = audit.parameters.term
    first, last = ibis.literal(terms.first_day(term)), ibis.literal(terms.last_day(term))
    unread = _.returned_on_defect.notnull()
    undated = _.returned_on.isnull() & (yes(_.back == "yes") | unread)
    back = _ledger(audit).filter(((_.returned_on >= first) & (_.returned_on <= last)) | undated)
    persons = back.group_by("person_id").agg(
        rests_on=joined(record("dropouts")), back_on=_.returned_on.max(), day_unread=unread.any()
    )
    listed = audit.eligible.filter(_.eligible.fill_null(True)).select("person_id", "eligible")
    here = audit.pupils.select("person_id", "arrives", "active")
    presence = _presence_since(audit, persons).select("person_id", "at_school")
    returned_children = beside(beside(persons.inner_join(listed, "person_id"), here), presence)
    returned_children = beside(
        beside(returned_children, audit.payees.select("person_id", paid=ibis.literal(True))), audit.doubtful
    )
    returned_children = returned_children.anti_join(_with_nothing_due(audit), "person_id")
    # Of those who came back before the count date, are in no active record and were not seen since dropout.false_closure speaks.
    late = ibis.ifelse(_.back_on.isnull(), True, _.back_on > ibis.literal(audit.count_date))
    missed = (yes(_.arrives) | ((late | yes(_.at_school)) & ~_.active.fill_null(True))) & ~yes(_.paid)
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
