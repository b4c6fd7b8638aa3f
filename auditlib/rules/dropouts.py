"""控辍保学: leavers of compulsory age, and bringing them back."""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.graduates import FINISHED_PRIMARY, GRADUATED, LEFT_UNFINISHED, graduates
from auditlib.audit.rosters import leavers, roster, taught_at_home
from auditlib.base import terms
from auditlib.base.language import Text
from auditlib.base.logic import NO_ROWS, beside, record, values_of, yes
from auditlib.rules.common import (
    NO_REASON,
    UNKNOWN,
    aged,
    late_children,
    letters_under_way,
    with_half_read,
    zero,
)
from auditlib.rules.dropout_ledger import (
    EARLIER_CASE,
    ELSEWHERE,
    HOME,
    LEAVER,
    OPEN,
    WITHDRAWN,
    dropout_rows,
    presence,
    presence_since,
    with_register,
)
from auditlib.rules.registry import absent, flags, passes, rule, untested

JUNIOR_ELSEWHERE = Text(
    "小学毕业后已在县外或民办初中就读，学籍尚未接转",
    "at a junior school elsewhere since primary school, the record not yet moved",
)
LEDGER_GAP = Text("台账漏登，劝返工作已做", "the ledger has a gap, the work was done")
# Of a child that is on no eligibility register only these ask for a ledger, and who finished before the end of compulsory
# education; a transfer or a certified leave does not.
LOST_STATUSES = ("lost", "withdrawn", "untraced")
LEDGERS = ("dropouts", "unable", "home_teaching", "letters")
UNSENT = {"sent_on": "", "replied_on": "", "aided": ""}
JUNIOR = {"stage": "初中", "grade": "八年级"}
SPECIAL = {"stage": "特殊教育", "grade": "培智六年级"}


def _in_ledgers(audit: Audit) -> ir.Table:
    """``person_id``: children of whom some ledger speaks: those of dropouts and of letters of the term that were sent, that of those unable to
    attend, that of home teaching since the child left. A case of dropping out that was over before the child left is another."""
    dropouts = beside(dropout_rows(audit), leavers(audit)).filter(~yes(_.told_on < _.left_on))
    unable = audit.rows["unable"].filter(_.rejected.isnull())
    ledgers = [dropouts, unable, letters_under_way(audit), taught_at_home(audit)]
    persons = [rows.select("person_id") for rows in ledgers]
    return ibis.union(*persons, distinct=True).mutate(ledgered=ibis.literal(True))


@rule(
    "dropout.unledgered",
    zh="异动学生未入台账",
    en="A leaver in no ledger",
    criterion="义务教育年龄、学籍在核定基准日不在在读状态的学生，不在劝返、不具备学习条件、送教上门、函告任何一本台账中（离校以前已复学、销号的劝返记录不算）。小学毕业而没有初中学籍的，同样查。不在资格名册的，只查流失、退学、下落不明、休学超过一年，以及写毕业（结业、肄业）而义务教育没有读完的。",
    message=Text("学籍状态为{reason_text}，交来的台账中都没有此次离校，须核实去向", "the record says: {reason_text}; no ledger that was delivered tells of this leaving: find out where the child is"),
    severity="high",
    subject="pupil",
    needs=("enrolment", "enrolment.status", "dropouts"),
    reads=("unable", "home_teaching", "letters", "attendance"),
    innocent=[ELSEWHERE, LEDGER_GAP, JUNIOR_ELSEWHERE],
    examples=[
        flags("withdrawn, in no ledger", **LEAVER, reason="withdrawn", at_stake="0.00"),
        flags("moved away, eligible, no letter", **LEAVER | {"enrolment": {"status": "转出"}}, reason="transferred_out"),
        flags("suspended, eligible", **LEAVER | {"enrolment": {"status": "休学"}}, reason="suspended"),
        flags("suspended, on an eligibility register only since the count date", **LEAVER | {"enrolment": {"status": "休学"}}, eligibility={"valid_from": "2020-11-05"}, reason="suspended"),
        untested("a status that says nothing: 99 其他", **LEAVER | {"enrolment": {"status": "其他"}}, reason="status_unreadable"),
        flags("not eligible, withdrawn", **LEAVER, eligibility=None, reason="withdrawn"),
        passes("in the ledger of dropouts", **LEAVER, dropouts=OPEN | {"reported_on": "2020-10-01"}),
        passes("in the ledger of those unable to attend", **LEAVER, unable={}),
        passes("suspended, taught at home", **LEAVER | {"enrolment": {"status": "休学"}}, home_teaching=[{}, {"taught_on": "2020-10-21"}], also=["home.not_enrolled"]),
        passes("transferred, a letter was sent", **LEAVER | {"enrolment": {"status": "转学"}}, letters={}),
        passes("transferred, a letter waits for its answer", **LEAVER | {"enrolment": {"status": "转学"}}, letters={"replied_on": "", "aided": ""}, also=["missed.out_of_county"]),
        flags("withdrawn, a row of the ledger of letters that was never sent", **LEAVER, letters=UNSENT, eligibility=None, reason="withdrawn"),
        flags("withdrawn, a letter whose answer does not say that the child is there", **LEAVER, letters={"aided": ""}, eligibility=None, reason="withdrawn"),
        flags("at school when heads were counted, left the day after", **(LEAVER | {"enrolment": WITHDRAWN | {"status_date": "2020-10-31"}}), attendance={}, reason="withdrawn"),
        flags("taught at home last year, by nobody since", **LEAVER, home_teaching=[{"taught_on": "2019-11-14"}, {"taught_on": "2019-11-21"}], reason="withdrawn"),
        passes("at school all the same", **LEAVER, attendance={}, also=["attendance.unregistered"]),
        absent("died", **LEAVER | {"enrolment": {"status": "死亡"}}),
        flags("left the eighth year, as finished: 肄业", **LEAVER | {"enrolment": JUNIOR | {"status": "肄业", "status_date": "2020-09-10"}}, birth="2006-05-04", reason=LEFT_UNFINISHED),
        flags("left the eighth year, as finished, not eligible", **LEAVER | {"enrolment": JUNIOR | {"status": "肄业", "status_date": "2020-09-10"}}, birth="2006-05-04", eligibility=None, reason=LEFT_UNFINISHED),
        flags("left the fifth year, as finished", **LEAVER | {"enrolment": {"status": "肄业", "grade": "五年级", "status_date": "2020-09-10"}}, birth="2009-05-04", reason=LEFT_UNFINISHED),
        absent("left the fifth year, as finished, not eligible: perhaps a primary school of five years", **LEAVER | {"enrolment": {"status": "毕业", "grade": "五年级"}}, birth="2009-05-04", eligibility=None),
        flags("finished the sixth year of a special school", **LEAVER | {"enrolment": SPECIAL | {"status": "毕业"}}, birth="2008-05-04", reason=LEFT_UNFINISHED),
        absent("finished the ninth year of a special school", **LEAVER | {"enrolment": SPECIAL | {"grade": "培智九年级", "status": "毕业"}}, birth="2005-05-04"),
        untested("finished a special school, the year is not known", **LEAVER | {"enrolment": SPECIAL | {"grade": "", "status": "毕业"}}, birth="2005-05-04", reason="study_year_unknown"),
        flags("withdrawn from junior school; the record of having finished primary school is kept", enrolment=[{"status": "毕业", "grade": "六年级", "status_date": "2020-07-05"}, WITHDRAWN | {"stage": "初中", "grade": "七年级"}], payments=None, applications=None, birth="2008-05-04", reason="withdrawn"),
        flags("brought back years ago, gone again since", **LEAVER, dropouts=EARLIER_CASE, reason="withdrawn"),
        flags("brought back years ago, on leave since", **LEAVER | {"enrolment": WITHDRAWN | {"status": "休学"}}, dropouts=EARLIER_CASE, reason="suspended"),
        passes("brought back years ago, gone again and in the ledger again", **LEAVER, dropouts=[EARLIER_CASE, OPEN | {"reported_on": "2020-10-01"}]),
        flags("finished primary school, in no junior school", **LEAVER | {"enrolment": {"status": "毕业", "grade": "六年级"}}, reason=FINISHED_PRIMARY),
        passes("finished primary school, a letter was sent", **LEAVER | {"enrolment": {"status": "毕业", "grade": "六年级"}}, letters={}),
        absent("finished primary school, at junior school now", enrolment=[{"status": "毕业", "grade": "六年级"}, {"stage": "初中", "grade": "七年级", "boarding": "住校"}], payments=None, also=["missed.unpaid"]),
        absent("finished primary school, not eligible: perhaps at a junior school elsewhere", **LEAVER | {"enrolment": {"status": "毕业", "grade": "六年级"}}, eligibility=None),
        absent("finished junior school", **LEAVER | {"enrolment": {"status": "毕业", "stage": "初中", "grade": "九年级"}}, birth="2005-05-04"),
        absent("finished primary school, junior schools are in no register here", **LEAVER | {"enrolment": {"status": "毕业", "grade": "六年级"}}, dropouts=OPEN | {"of": 2, "notice_on": "2020-10-28"}, parameters={"enrolment_covers": ["primary", "senior", "special"]}),
        untested("finished, of a stage that is not known", **LEAVER | {"enrolment": {"status": "毕业", "stage": "", "grade": ""}}, reason="stage_unknown"),
        absent("enrolled"),
        absent("on leave for a year, not eligible", **LEAVER | {"enrolment": {"status": "休学", "status_date": "2019-10-31"}}, eligibility=None),
        flags("on leave for a year and a day, not eligible", **LEAVER | {"enrolment": {"status": "休学", "status_date": "2019-10-30"}}, eligibility=None, reason="suspended"),
        absent("on leave since a day that is not told, not eligible", **LEAVER | {"enrolment": {"status": "休学"}}, eligibility=None),
        absent("moved away, not eligible: an ordinary transfer", **LEAVER | {"enrolment": {"status": "转出"}}, eligibility=None),
        flags("aged 6 on the last day of August", **LEAVER, birth="2014-08-31"),
        absent("aged 6 a day later", **LEAVER, birth="2014-09-01"),
        flags("aged 15 on the last day of August", **LEAVER, birth="2004-09-01"),
        absent("aged 16", **LEAVER, birth="2004-08-31"),
        untested("a letter of that name without a number", **LEAVER, letters={"id_number": "", "household_no": ""}, reason="ledger_half_read"),
        flags("a letter of that name, without a number, for a child of a lower stage", **LEAVER | {"enrolment": WITHDRAWN | {"stage": "初中", "grade": "七年级"}}, birth="2007-05-04",
              letters={"id_number": "", "household_no": "", "grade": "二年级"}, reason="withdrawn"),
        untested("a letter of that name, without a number, for one of a higher stage", **LEAVER, letters={"id_number": "", "household_no": "", "grade": "七年级"}, reason="ledger_half_read"),
        flags("a letter of that name to another person", **LEAVER, letters={"id_number": "{id2}", "household_no": ""}, reason="withdrawn"),
        untested("the birth date is not known", **LEAVER | {"enrolment": WITHDRAWN | {"id_number": "", "birth_date": "", "student_no": "{student_no_l}"}},
                 eligibility=None, reason="birth_unknown"),
        untested("a date of leaving that cannot be read", **LEAVER | {"enrolment": {"status": "退学", "status_date": "上学期"}}, reason="status_unreadable"),
    ],
)  # fmt: skip
def unledgered(audit: Audit) -> ir.Table:
    """A child of compulsory age whose record is not active stands in a ledger that says what is done for it."""
    listed_rows = audit.eligible.filter(_.eligible.fill_null(True)).union(late_children(audit))
    listed_rows = listed_rows.select("person_id", "eligible_birth", listed=ibis.literal(True))
    pupils = audit.pupils.select("person_id", "active", "status", "birth", "arrives")
    leavers_ = beside(pupils.filter(~_.active.fill_null(False) & ~yes(_.arrives)), graduates(audit))
    finished = yes(_.status == GRADUATED)
    leavers_ = leavers_.filter(~yes(_.status == "deceased") & (~finished | _.unfinished.fill_null(True)))
    for table in (listed_rows, _in_ledgers(audit), presence(roster(audit)), leavers(audit)):
        leavers_ = beside(leavers_, table)
    # A leave lasts a year; who is away for longer has left.
    overstayed = yes(_.status == "suspended") & yes(
        _.left_on < ibis.literal(terms.years_before(audit.count_date, 1))
    )
    is_lost = (
        _.status.isin(LOST_STATUSES)
        | _.status.isnull()
        | overstayed
        | (finished & yes(_.unfinished) & ~_.moved_on)
    )
    of_age = aged(_.birth.coalesce(_.eligible_birth), audit.age_day, audit.parameters.ages.compulsory)
    children = leavers_.filter(yes(_.listed) | is_lost).mutate(of_age=of_age).filter(_.of_age.fill_null(True))
    accounted_for = yes(_.ledgered) | yes(_.at_school)
    return (
        with_half_read(children, audit, *LEDGERS)
        .mutate(
            untested=ibis.cases(
                (accounted_for, NO_REASON),
                (yes(_.half_read), "ledger_half_read"),
                (_.of_age.isnull(), "birth_unknown"),
                (_.active.isnull(), "status_unreadable"),
                (
                    finished & _.unfinished.isnull(),
                    ibis.ifelse(_.stage_unknown, "stage_unknown", "study_year_unknown"),
                ),
                else_=NO_REASON,
            ),
            reason=ibis.ifelse(finished, _.finished_at, _.status),
            at_stake=zero(),
        )
        .mutate(exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~accounted_for))
    )


@rule(
    "dropout.overdue",
    zh="劝返逾期",
    en="Bringing back overdue",
    criterion="限期复学通知书送达满规定天数，到核定基准日既未复学、也未报告乡镇（一年以前报告的不算）；或辍学满规定天数而没有通知书。此后清点时在校、有人送教、由函告查明在外就读、经四部门认定、已毕业、死亡、已过义务教育年龄的，不算逾期。",
    message=Text("劝返逾期：{reason_text}", "bringing back is overdue: {reason_text}"),
    severity="high",
    subject="pupil",
    needs=("dropouts", "dropouts.notice_on"),
    reads=("enrolment", "eligibility", "attendance", "letters", "unable", "home_teaching"),
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
        flags("reported to the township two years ago, nothing since", **LEAVER, dropouts=OPEN | {"dropped_on": "2018-03-07", "notice_on": "2018-03-10", "reported_on": "2018-03-20"}, reason="reported_long_ago"),
        passes("reported a year ago", **LEAVER, dropouts=OPEN | {"dropped_on": "2019-10-20", "notice_on": "2019-10-24", "reported_on": "2019-10-31"}),
        flags("reported a year and a day ago", **LEAVER, dropouts=OPEN | {"dropped_on": "2019-10-20", "notice_on": "2019-10-24", "reported_on": "2019-10-30"}, reason="reported_long_ago"),
        passes("closed", dropouts={"returned_on": ""}),
        flags("a row of the ledger of letters that was never sent", **LEAVER, dropouts=OPEN, letters=UNSENT, eligibility=None, reason="notice_expired"),
        flags("a letter that waits for its answer", **LEAVER, dropouts=OPEN, letters={"replied_on": "", "aided": ""}, eligibility=None, reason="notice_expired"),
        flags("no notice, and long gone", dropouts=OPEN | {"notice_on": "", "dropped_on": "2020-10-01"}, reason="no_notice"),
        passes("no notice yet, gone for a week", dropouts=OPEN | {"notice_on": "", "dropped_on": "2020-10-24"}),
        flags("back on a day before it left", **LEAVER, dropouts=OPEN | {"returned_on": "2020-09-06", "dropped_on": "2020-09-07"}, reason="back_before_leaving"),
        passes("back on the day on which it left", **LEAVER, dropouts=OPEN | {"returned_on": "2020-09-07", "dropped_on": "2020-09-07"}, also=["dropout.false_closure"]),
        untested("closed on a day before it left, and on the register", dropouts=OPEN | {"closed_on": "2020-09-01", "dropped_on": "2020-09-07"}, reason="back_before_leaving"),
        flags("reported on a day before it left", **LEAVER, dropouts=OPEN | {"reported_on": "2020-09-06", "dropped_on": "2020-09-07"}, reason="notice_expired"),
        passes("two rows, one says that the child is back", dropouts=[OPEN, {}]),
        passes("a notice of four days ago, on the day as of which the files were drawn", dropouts=OPEN | {"notice_on": "2020-10-06"}, parameters={"as_of": "2020-10-10"}),
        flags("a notice of after the count date, expired on the day as of which the files were drawn", dropouts=OPEN | {"dropped_on": "2020-11-16", "notice_on": "2020-11-20"}, parameters={"as_of": "2020-12-08"}, reason="notice_expired"),
        passes("back after the count date, before that day", **LEAVER, dropouts=OPEN | {"returned_on": "2020-11-15"}, parameters={"as_of": "2020-12-08"}),
        flags("a notice of eight days ago, on that day", dropouts=OPEN | {"notice_on": "2020-10-02"}, parameters={"as_of": "2020-10-10"}, reason="notice_expired"),
        flags("back last year, gone again since", dropouts=[{"dropped_on": "2019-10-08", "notice_on": "2019-10-09", "returned_on": "2019-11-20", "closed_on": "2019-11-21"}, OPEN], reason="notice_expired"),
        passes("gone twice, back twice", dropouts=[{"dropped_on": "2019-10-08", "notice_on": "2019-10-09", "returned_on": "2019-11-20", "closed_on": "2019-11-21"}, {}]),
        passes("back by a row that tells neither notice nor leaving", dropouts=[OPEN, {"dropped_on": "", "notice_on": ""}]),
        passes("at school when heads were counted after the notice: the row was never closed", dropouts=OPEN, attendance={}),
        untested("on the register, and the roster does not say whether the child is there", dropouts=OPEN, attendance={"present": ""}, reason="attendance_not_stated"),
        untested("neither notice nor day of leaving, and the roster does not say", dropouts=OPEN | {"notice_on": "", "dropped_on": ""}, attendance={"present": ""}, reason="date_unreadable"),
        flags("at school when heads were counted before the notice", dropouts=OPEN | {"notice_on": "2020-10-20"}, attendance={"counted_on": "2020-10-15"}, reason="notice_expired"),
        passes("taught at home since", dropouts=OPEN, home_teaching=HOME),
        flags("taught at home before it dropped out, by nobody since", dropouts=OPEN | {"dropped_on": "2020-10-05", "notice_on": "2020-10-06"}, home_teaching=HOME[:2], reason="notice_expired", also=["home.too_few"]),
        passes("at school elsewhere, a letter tells", **LEAVER | {"enrolment": {"status": "转出", "status_date": "2020-09-10"}}, dropouts=OPEN, letters={}),
        passes("certified to be unable to attend", **LEAVER | {"enrolment": WITHDRAWN | {"status": "休学"}}, dropouts=OPEN, unable={}),
        flags("held to be unable to attend, certified by three", **LEAVER | {"enrolment": WITHDRAWN | {"status": "休学"}}, dropouts=OPEN, unable={"certified_civil": ""}, reason="notice_expired", also=["unable.uncertified"]),
        passes("died", **LEAVER | {"enrolment": WITHDRAWN | {"status": "死亡"}}, dropouts=OPEN),
        passes("finished the ninth year", **LEAVER | {"enrolment": {"status": "毕业", "stage": "初中", "grade": "九年级", "status_date": "2020-07-01"}}, birth="2005-05-04", dropouts=OPEN | {"dropped_on": "2020-03-07", "notice_on": "2020-03-20"}),
        flags("finished primary school, in no junior school", **LEAVER | {"enrolment": {"status": "毕业", "grade": "六年级", "status_date": "2020-07-01"}}, birth="2008-05-04", dropouts=OPEN, reason="notice_expired"),
        passes("aged 16: compulsory education is over", **LEAVER, birth="2004-08-31", dropouts=OPEN),
        flags("aged 15 on the last day of August", **LEAVER, birth="2004-09-01", dropouts=OPEN, reason="notice_expired"),
        passes("not eligible, moved away by the record after the notice", **LEAVER | {"enrolment": {"status": "转出", "status_date": "2020-09-21"}}, eligibility=None, dropouts=OPEN),
        flags("not eligible, out of school by the ledger after it had moved away by the record", **LEAVER | {"enrolment": {"status": "转出", "status_date": "2020-09-05"}}, eligibility=None, dropouts=OPEN, reason="notice_expired"),
        flags("eligible, moved away by the record, no letter", **LEAVER | {"enrolment": {"status": "转出", "status_date": "2020-09-21"}}, dropouts=OPEN, reason="notice_expired"),
        untested("neither notice nor day of leaving", dropouts=OPEN | {"notice_on": "", "dropped_on": ""}, reason="date_unreadable"),
        untested("a notice whose day cannot be read", dropouts=OPEN | {"notice_on": "寄了"}, reason="date_unreadable"),
        untested("a day of return that cannot be read", dropouts=OPEN | {"returned_on": "快了"}, reason="date_unreadable"),
    ],
)  # fmt: skip
def overdue(audit: Audit) -> ir.Table:
    """A week after the notice to return a child is back at school, or was reported to the township within a year, unless it need not be brought back: taught at home, at school elsewhere by letter, certified to be unable, finished, dead, or no longer of compulsory age."""
    last = audit.ledger_day - dt.timedelta(days=audit.parameters.thresholds.notice_days)
    day = ibis.literal(audit.ledger_day)
    returned_on = _.returned_on.coalesce(_.closed_on)
    # Back without a day is taken at its word; a day after that of the ledger says that the child was not back on it.
    # A report of more than a year ago settles nothing of a child that is still out.
    long_ago = ibis.literal(terms.years_before(audit.count_date, 1))
    is_answered = yes((returned_on <= day) | _.reported_on.between(long_ago, day)) | (
        returned_on.isnull() & yes(_.back == "yes")
    )
    unreadable = (
        _.notice_on_defect.notnull()
        | _.returned_on_defect.notnull()
        | _.closed_on_defect.notnull()
        | _.reported_on_defect.notnull()
    )
    since = _.notice_on.coalesce(_.dropped_on)
    rows = dropout_rows(audit).mutate(
        late=ibis.cases(
            (is_answered, False), (unreadable | since.isnull(), UNKNOWN), else_=since < ibis.literal(last)
        ),
        noticed=_.notice_on.notnull(),
        back_late=returned_on > day,
        reported_before=_.reported_on < long_ago,
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
        back_late=yes(_.back_late).any(), reported_before=yes(_.reported_before).any(), since=_.since.max(), ledger_birth=_.id_birth.min(), reversed_days=_.is_reversed.any(),
        ledger_records=values_of(record("dropouts")),
    )  # fmt: skip
    children = beside(with_register(persons, audit, "since"), presence_since(audit, persons, "since"))
    # A notice leaves open what was settled otherwise: the child was seen at school since, or need not be brought back.
    is_done = _.in_time | _.settled | yes(_.seen)
    not_stated = _.roster_records.notnull() & ~yes(_.marked_absent)
    return children.mutate(
        untested=ibis.cases(
            (is_done, NO_REASON),
            (_.unknown, "date_unreadable"),
            (_.reversed_days & yes(_.active), "back_before_leaving"),
            (not_stated, "attendance_not_stated"),
            else_=NO_REASON,
        )
    ).mutate(
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~is_done),
        rests_on=_.ledger_records.concat(_.roster_records.coalesce(NO_ROWS)),
        reason=ibis.cases(
            (_.reversed_days, "back_before_leaving"),
            (_.back_late, "returned_late"),
            (_.reported_before, "reported_long_ago"),
            (_.noticed, "notice_expired"),
            else_="no_notice",
        ),
        at_stake=zero(),
    )


def _before(date: ir.DateValue, day: ir.DateScalar) -> ir.DateValue:
    """The date, where it is not after ``day``."""
    return ibis.ifelse(date <= day, date, ibis.null("date"))
