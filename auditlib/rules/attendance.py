"""清点核对: heads at school against the register, once a term."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.aid import HOME_TAUGHT
from auditlib.audit.assemble import Audit
from auditlib.audit.rosters import months_taught, name_rows, roster, taught_at_home
from auditlib.base.language import Text
from auditlib.base.logic import NO_ROWS, beside, record, values_of, yes
from auditlib.linkage.ledgers import namesakes
from auditlib.rules.common import (
    AT_VOCATIONAL,
    DAY_OF_COUNTING,
    NO_REASON,
    SICK,
    UNKNOWN,
    with_half_read,
    zero,
)
from auditlib.rules.registry import absent, flags, passes, rule, speaks, untested

TAUGHT_AT_HOME = Text(
    "送教上门、随班就读，当天不在校", "taught at home or with another class, not in school that day"
)
CLASS = ("stage", "study_year", "class_name")
NEW_SCHOOL = {"school_code": "{school2}", "school_name": "{school_name2}"}
CLASSMATE = {"name": "{name9}", "id_number": "{id9}", "student_no": "G{id9}"}
"""Another child on the roster of the same school: the school has sent one."""
HOME = [{"taught_on": f"2020-{day}"} for day in ("09-14", "09-21", "10-14", "10-21")]
OLD_ROSTER = {"counted_on": "2020-10-10"}
MOVED: dict[str, Any] = {
    "enrolment": [
        {"status": "转出", "status_date": "2020-10-15"},
        NEW_SCHOOL | {"status_date": "2020-10-15"},
    ],
    "schools": [{}, NEW_SCHOOL],
    "eligibility": None,
    "payments": None,
    "applications": None,
}
"""Moved from one school of the county to another within the term."""
THERE: dict[str, Any] = {"school_name": "{school_name}", "school_code": "{school}"}
A_CLASS: dict[str, Any] = {
    "enrolment": [THERE | {"of": of, "class_name": "2班"} for of in (1, 2, 3)],
    "eligibility": None,
    "payments": None,
    "applications": None,
}
"""A class of three by the register, of whom nobody need be on the roster."""
FEWEST_OF_CLASS = 3
"""From so many on it is likelier that the class sent no roster than that all of its pupils are away."""
NEVER_ENROLLED = {"enrolment": {"of": 2}, "eligibility": None, "payments": None, "applications": None}


def _roster_entries(audit: Audit, spans: ir.Table) -> ir.Table:
    """``person_id``: ``at_school`` (some row says so), ``unclear`` (a row that does not say), ``roster_records``. What another
    school counted before the record of this one began (``spans``: ``since``, ``own_school``) does not say that the child arrived."""
    rows = beside(roster(audit), spans.select("person_id", "since", "own_school"))
    left_behind = yes((_.school_id != _.own_school) & (_.counted_on < _.since))
    return rows.filter(~left_behind).group_by("person_id").agg(
        at_school=yes(_.at_school).any(),
        unclear=_.at_school.isnull().any(),
        roster_records=values_of(record("attendance")),
    )  # fmt: skip


def _expected_rows(audit: Audit) -> ir.Table:
    """Pupils active on the count date, each at one school, with what the rosters say of them.

    - ``counted``: the pupil's school sent a roster of the term; ``counted_before``: only one of another term.
    - ``not_yet_here``, ``left_before``: the record begins after the school's count, or ended by then.
    - ``class_unsent``: nobody of the pupil's class stands on any roster.
    """
    rows = name_rows(audit)
    schools = rows.filter(_.school_id.notnull()).group_by("school_id").agg(
        counted_on=_.counted_on.max(where=_.of_term), counted=_.of_term.any(), counted_before=~_.of_term.any()
    )  # fmt: skip
    pupils = audit.pupils.filter(yes(_.active)).select("person_id", "name", "school_id", "boarding", *CLASS)
    records = audit.rows["enrolment"].filter(yes(_.active)).group_by("person_id")
    spans = records.agg(
        since=_.status_date.max(where=yes(_.active_now)), until=_.status_date.max(where=~yes(_.active_now)), goes_on=yes(_.active_now).any()
    )  # fmt: skip
    spans = spans.inner_join(pupils.select("person_id", own_school="school_id"), "person_id")
    pupils_counted = beside(beside(pupils, spans.drop("own_school")), schools, "school_id")
    pupils_counted = beside(pupils_counted, _roster_entries(audit, spans))
    unlinked_rows = rows.filter(_.of_term & ~_.in_register & _.school_id.notnull())
    similar = unlinked_rows.select("name", "school_id", namesake=ibis.literal(True)).distinct()
    expected_pupils = beside(beside(pupils_counted, similar, ["name", "school_id"]), taught_at_home(audit))
    expected_pupils = beside(expected_pupils, _back_on(audit))
    return with_unsent_classes(expected_pupils).mutate(
        not_yet_here=yes(_.since > _.counted_on),
        left_before=~_.goes_on & yes(_.until <= _.counted_on),
        paid=ibis.null("boolean"),
    )


def _back_on(audit: Audit) -> ir.Table:
    """``person_id, back_on, ledger_records``: the last day on which the ledger of dropouts says that a child came back."""
    rows = audit.rows["dropouts"].filter(
        _.rejected.isnull() & (_.returned_on.coalesce(_.closed_on) <= ibis.literal(audit.count_date))
    )
    return rows.group_by("person_id").agg(
        back_on=_.returned_on.coalesce(_.closed_on).max(), ledger_records=values_of(record("dropouts"))
    )


def with_unsent_classes(pupils: ir.Table) -> ir.Table:
    """``pupils`` (with ``school_id``, CLASS and ``roster_records``) with ``class_unsent``: is nobody of the class on a roster?"""
    of_class = ibis.window(group_by=["school_id", *CLASS])
    heads, on_roster = _.person_id.count().over(of_class), _.roster_records.count().over(of_class)
    is_silent = _.study_year.notnull() & (heads >= FEWEST_OF_CLASS) & (on_roster == 0)
    return pupils.mutate(class_unsent=is_silent)


def unsent_classes(audit: Audit) -> ir.Table:
    """``school_name``, CLASS, ``pupils`` and ``paid`` (yuan) of the classes of schools with a roster of which nobody stands on one."""
    pupils = _expected_rows(audit).filter(_.class_unsent & yes(_.counted)).select("person_id", *CLASS)
    named_rows = beside(pupils, audit.people.select("person_id", "school_name"))
    paid = beside(named_rows, audit.payees.select("person_id", "amount_paid"))
    return paid.group_by("school_name", *CLASS).agg(pupils=_.count(), paid=_.amount_paid.sum().fill_null(0))


def _missing(audit: Audit) -> ir.Table:
    """Expected pupils with ``gone`` (true, false, NULL), ``untested`` and ``reason``."""
    pupils = _expected_rows(audit).mutate(
        to_be_seen=~yes(_.at_school) & ~yes(_.at_home) & ~_.not_yet_here & ~_.left_before,
        by_record=yes(_.boarding == HOME_TAUGHT),
    )
    # Whom the record has taught at home the ledger of home teaching knows, and home.too_few asks who is never visited, where it
    # runs and once a month is over.
    columns = audit.columns_found.get("home_teaching", frozenset())
    is_asked = speaks(audit, "home.too_few") and bool(columns & {"taught_on", "month"})
    pupils = pupils.cross_join(months_taught(audit).agg(months=_.month.count()))
    pupils = pupils.mutate(to_be_seen=_.to_be_seen & ~(_.by_record & ibis.literal(is_asked) & (_.months > 0)))
    expected_rows = with_half_read(pupils, audit, "home_teaching").mutate(
        untested=ibis.cases(
            (~_.to_be_seen, NO_REASON),
            (_.by_record & ibis.literal(not columns), "home_teaching_not_delivered"),
            (yes(_.counted_before), "counted_in_other_term"),
            (~yes(_.counted), "no_roster"),
            (_.class_unsent, "no_roster_of_class"),
            (_.by_record & ibis.literal(is_asked), "home_month_not_over"),
            (_.roster_records.notnull() & yes(_.unclear), "attendance_not_stated"),
            (_.roster_records.isnull() & yes(_.namesake), "roster_half_read"),
            (yes(_.half_read), "ledger_half_read"),
            else_=NO_REASON,
        ),
        gone=_.to_be_seen,
    )
    money = audit.payees.select("person_id", "amount_paid", "payment_records")
    return beside(expected_rows.drop(*CLASS, "boarding", "months"), money).mutate(
        gone=ibis.ifelse(_.untested.notnull(), UNKNOWN, _.gone),
        reason=ibis.cases(
            (yes(_.back_on > _.counted_on), "returned_since"),
            (_.back_on.notnull(), "absent_since_return"),
            (_.roster_records.isnull(), "not_on_roster"),
            else_="marked_absent",
        ),
    )


@rule(
    "attendance.absent",
    zh="在籍不在校",
    en="On the register, not at school",
    criterion="学籍在读，而所在学校的清点花名册中没有此人，或注明不在校；已领取资助的另列；全班无一人在学校所交花名册中的，列为未能核对，在报告首页逐班列名。",
    message=Text("学籍在读，清点时不在校（{reason_text}），须核实去向", "enrolled, not at school when heads were counted ({reason_text}); find out where the child is"),
    severity="high",
    subject="pupil",
    needs=("enrolment", "attendance", "attendance.name"),
    reads=("home_teaching", "dropouts"),
    innocent=[TAUGHT_AT_HOME, SICK, AT_VOCATIONAL, DAY_OF_COUNTING],
    examples=[
        flags("the school's roster lacks the child", payments=None, attendance=CLASSMATE, reason="not_on_roster", at_stake="0.00", also=["missed.unpaid", "attendance.unregistered"]),
        flags("marked as not at school", payments=None, attendance={"present": "否"}, reason="marked_absent", also=["missed.unpaid"]),
        passes("at school", attendance={}),
        passes("ill on the day of counting", attendance={"present": "病假"}),
        passes("taught at home", attendance={"present": "送教上门"}),
        passes("not on the roster, but in the ledger of home teaching", attendance=CLASSMATE, home_teaching=[{}, {"taught_on": "2020-10-21"}], also=["attendance.unregistered"]),
        passes("taught at home by the record, marked as not at school: home.too_few asks", enrolment={"boarding": "送教上门"}, payments=None, eligibility=None, applications=None, attendance={"present": "否"}, home_teaching=[visit | {"of": 2} for visit in HOME], also=["home.too_few", "home.not_enrolled"]),
        untested("taught at home by the record, and no month of home teaching is over", enrolment={"boarding": "送教上门"}, payments=None, eligibility=None, applications=None, attendance={"present": "否", "counted_on": "2020-09-15"}, home_teaching={"of": 2, "taught_on": "2020-09-14"}, parameters={"as_of": "2020-09-20"}, reason="home_month_not_over", also=["home.not_enrolled"]),
        flags("taught at home by the record, in a ledger that tells no days nobody", enrolment={"boarding": "送教上门"}, payments=None, eligibility=None, applications=None, attendance={"present": "否"}, home_teaching=[visit | {"of": 2} for visit in HOME], parameters={"leave_out": ["home.too_few"]}, reason="marked_absent", also=["home.not_enrolled"]),
        passes("taught at a vocational school", attendance={"present": "在职业学校就读"}),
        passes("on the roster under a number with a wrong digit", attendance={"id_number": "{id_wrong_check}", "student_no": ""}),
        passes("left after the count date, before the day of counting", enrolment={"status": "转出", "status_date": "2020-11-05"}, attendance=CLASSMATE | {"counted_on": "2020-11-10"}, payments=None, also=["missed.unpaid", "attendance.unregistered"]),
        flags("left after the day of counting", enrolment={"status": "转出", "status_date": "2020-11-11"}, attendance=CLASSMATE | {"counted_on": "2020-11-10"}, payments=None, reason="not_on_roster", also=["missed.unpaid", "attendance.unregistered"]),
        flags("there in September, away in October", payments=None, attendance=[{"counted_on": "2020-09-10"}, {"present": "否"}], reason="marked_absent", also=["missed.unpaid"]),
        passes("away in September, there in October", attendance=[{"counted_on": "2020-09-10", "present": "否"}, {}]),
        flags("on the roster of September, not on that of October", payments=None, attendance=[{"counted_on": "2020-09-10"}, CLASSMATE | {"counted_on": "2020-09-10"}, CLASSMATE], reason="not_on_roster", also=["missed.unpaid", "attendance.unregistered"]),
        passes("the boarders were counted the day after the day pupils", payments=None, attendance=[{}, CLASSMATE | {"counted_on": "2020-10-31"}], also=["missed.unpaid", "attendance.unregistered"]),
        passes("on the roster of September; in October those who were away are listed alone", **A_CLASS, attendance=[THERE | {"of": of, "class_name": "2班", "counted_on": "2020-09-10"} for of in (1, 2, 3)] + [THERE | {"of": 3, "class_name": "2班", "present": "病假"}]),
        untested("the school sent the roster of the term before", payments=None, attendance={"counted_on": "2020-04-20"}, reason="counted_in_other_term", also=["missed.unpaid"]),
        flags("taught at home last term, by nobody since", payments=None, attendance=CLASSMATE, home_teaching=[{"taught_on": "2020-05-14"}, {"taught_on": "2020-05-21"}], reason="not_on_roster", also=["missed.unpaid", "attendance.unregistered", "home.too_few"]),
        flags("away when heads were counted, back since by the ledger of dropouts", payments=None, attendance={"present": "否", "counted_on": "2020-10-21"}, dropouts={"dropped_on": "2020-10-09", "notice_on": "2020-10-12", "returned_on": "2020-10-26", "closed_on": ""}, reason="returned_since", also=["missed.unpaid"]),
        flags("back by the ledger of dropouts, away when heads were counted since", payments=None, attendance={"present": "否"}, dropouts={}, reason="absent_since_return", also=["missed.unpaid"]),
        passes("away when heads were counted, in class on a later list", attendance=[{"present": "否", "counted_on": "2020-10-21"}, {"counted_on": "2020-10-26"}]),
        flags("moved to another school, which has not seen the child; the old one counted it before", **MOVED, attendance=[OLD_ROSTER, NEW_SCHOOL | CLASSMATE], reason="not_on_roster", also=["attendance.unregistered"]),
        flags("moved to another school, marked there as not at school", **MOVED, attendance=[OLD_ROSTER, NEW_SCHOOL | {"present": "否"}], reason="marked_absent"),
        passes("moved to another school, at school there", **MOVED, attendance=[OLD_ROSTER, NEW_SCHOOL]),
        passes("moved to another school, counted at the old one after the day of moving", **MOVED, attendance=[OLD_ROSTER | {"counted_on": "2020-10-20"}, NEW_SCHOOL | CLASSMATE], also=["attendance.unregistered"]),
        passes("came after the day of counting", enrolment={"status_date": "2020-10-31"}, attendance=CLASSMATE, also=["attendance.unregistered"]),
        passes("two rows, one says present", attendance=[{"present": "否"}, {}]),
        passes("paid: said once, with the money", attendance={"present": "否"}, also=["attendance.paid_absent"]),
        absent("has left", enrolment={"status": "转出", "status_date": "2020-09-30"}, payments=None, attendance=CLASSMATE, also=["attendance.unregistered", "dropout.unledgered"]),
        untested("the school sent no roster", payments=None, reason="no_roster", also=["missed.unpaid"]),
        untested("nobody of the class of three is on the roster of the school", **A_CLASS, attendance=CLASSMATE, reason="no_roster_of_class", also=["attendance.unregistered"]),
        flags("one of the class is on the roster", **A_CLASS, attendance={"of": 2} | THERE, reason="not_on_roster", also=["attendance.absent"]),
        untested("the cell does not say", payments=None, attendance={"present": ""}, reason="attendance_not_stated", also=["missed.unpaid"]),
        untested("one of the name is taught at home, no number stands there", payments=None, attendance=CLASSMATE, home_teaching={"id_number": "", "student_no": "", "school_name": "无名学校"}, reason="ledger_half_read", also=["missed.unpaid", "attendance.unregistered", "home.too_few"]),
        untested("a namesake at the school whom no key links", payments=None, attendance={"id_number": "{guardian_id}", "student_no": ""}, reason="roster_half_read", also=["missed.unpaid"]),
    ],
)  # fmt: skip
def not_at_school(audit: Audit) -> ir.Table:
    """A pupil of the register is at school when heads are counted; those who were paid are told apart. A class of which nobody stands on the roster that its school sent is untested, and the report names it first."""
    paid = yes(_.amount_paid > 0)
    told_with_money = paid & ibis.literal(speaks(audit, "attendance.paid_absent"))
    return _missing(audit).mutate(
        exception=ibis.ifelse(told_with_money & yes(_.gone), False, _.gone),
        at_stake=zero(),
        rests_on=_.roster_records.coalesce(NO_ROWS).concat(_.ledger_records.coalesce(NO_ROWS)),
    ).drop("amount_paid")  # fmt: skip


@rule(
    "attendance.paid_absent",
    zh="不在校领取资助",
    en="Paid, not at school",
    criterion="领取了本学期资助，学籍在读，而清点花名册中没有此人或注明不在校。",
    message=Text("发放 {amount_paid} 元，清点时不在校（{reason_text}）", "{amount_paid} yuan paid; not at school when heads were counted ({reason_text})"),
    severity="high",
    subject="pupil",
    needs=("enrolment", "payments", "attendance", "attendance.name"),
    reads=("home_teaching", "dropouts"),
    innocent=[TAUGHT_AT_HOME, SICK, AT_VOCATIONAL, DAY_OF_COUNTING],
    examples=[
        flags("paid, and not on the school's roster", attendance=CLASSMATE, reason="not_on_roster", at_stake="500.00", also=["attendance.unregistered"]),
        flags("paid, and marked as not at school", attendance={"present": "否"}, reason="marked_absent", at_stake="500.00"),
        passes("paid and at school", attendance={}),
        passes("paid and ill that day", attendance={"present": "病假"}),
        absent("not paid", payments=None, attendance={"present": "否"}, also=["missed.unpaid", "attendance.absent"]),
        absent("paid and all of it recovered", payments=[{}, {"amount": "-500"}], attendance={"present": "否"}, also=["missed.returned", "attendance.absent"]),
        untested("the school sent no roster", reason="no_roster"),
        untested("the cell does not say", attendance={"present": ""}, reason="attendance_not_stated"),
    ],
)  # fmt: skip
def paid_and_absent(audit: Audit) -> ir.Table:
    """Who is paid for the term is at school when heads are counted."""
    return _missing(audit).filter(yes(_.amount_paid > 0)).mutate(
        exception=_.gone,
        at_stake=_.amount_paid,
        rests_on=_.payment_records.concat(_.roster_records.coalesce(NO_ROWS)).concat(_.ledger_records.coalesce(NO_ROWS)),
    )  # fmt: skip


@rule(
    "attendance.unregistered",
    zh="在校无学籍",
    en="At school without a record",
    criterion="清点花名册中在校，而学籍中没有此人，或其学籍在核定基准日不在在读状态。",
    message=Text("清点时在校，{reason_text}，须说明原因并附证明", "at school when heads were counted; {reason_text}: ask for the reason and a certificate"),
    severity="medium",
    subject="pupil",
    needs=("enrolment", "attendance", "attendance.name"),
    reads=("eligibility",),
    innocent=[
        Text("新转入，学籍尚未办结", "has just moved in, the record is not yet made"),
        Text("学籍在外县，在本校借读", "the record is in another county, the child is taught here"),
    ],
    examples=[
        flags("on the roster, in no record", **NEVER_ENROLLED, attendance={"school_name": "{school_name2}"}, reason="no_record", at_stake="0.00", also=["attendance.absent"]),
        flags("the record says that the child has left", enrolment={"status": "退学", "status_date": "2020-09-20"}, payments=None, attendance={}, reason="record_inactive"),
        passes("enrolled", attendance={}),
        passes("enrolled, the number on the roster has a wrong digit", attendance={"id_number": "{id_wrong_check}", "student_no": ""}),
        passes("a name without number that a pupil of the school bears", attendance={"id_number": "", "student_no": ""}),
        absent("there when heads were counted, left the day after", enrolment={"status": "转出", "status_date": "2020-10-31"}, eligibility=None, payments=None, applications=None, attendance={}),
        flags("left on the day of counting", enrolment={"status": "转出", "status_date": "2020-10-30"}, eligibility=None, payments=None, applications=None, attendance={}, reason="record_inactive"),
        absent("in a kindergarten, whose children the register does not hold", **NEVER_ENROLLED, attendance={"school_name": "{school_name2}", "grade": "大班"}, also=["attendance.absent"]),
        absent("on leave by the record, ill by the roster", enrolment={"status": "休学", "status_date": "2020-09-20"}, eligibility=None, payments=None, applications=None, attendance={"present": "病假"}),
        flags("on leave by the record, at school by the roster", enrolment={"status": "休学", "status_date": "2020-09-20"}, eligibility=None, payments=None, applications=None, attendance={}, reason="record_inactive"),
        absent("moved away by the record, taught elsewhere by the roster", enrolment={"status": "转出", "status_date": "2020-09-20"}, eligibility=None, payments=None, applications=None, attendance={"present": "外校就读"}),
        flags("in no record, on the roster as ill", **NEVER_ENROLLED, attendance={"school_name": "{school_name2}", "present": "病假"}, reason="no_record", also=["attendance.absent"]),
        untested("the record says that the child has left, the roster does not say whether it is there", enrolment={"status": "退学", "status_date": "2020-09-20"}, eligibility=None, payments=None, applications=None, attendance={"present": ""}, reason="attendance_not_stated", also=["dropout.unledgered"]),
        flags("in no record, named by a roster that does not say whether the child is there", **NEVER_ENROLLED, attendance={"school_name": "{school_name2}", "present": ""}, reason="no_record", also=["attendance.absent"]),
        absent("marked as not at school", **NEVER_ENROLLED, attendance={"school_name": "{school_name2}", "present": "否"}, also=["attendance.absent"]),
        untested("a number of another person's, the name a pupil's of the school", attendance={"id_number": "{guardian_id}", "student_no": ""}, payments=None, reason="namesake_at_school", also=["missed.unpaid"]),
        untested("a name alone, at a school that the register does not know", **NEVER_ENROLLED,
                 attendance={"id_number": "", "student_no": "", "school_name": "无名学校"}, reason="school_unknown"),
    ],
)  # fmt: skip
def at_school_without_record(audit: Audit) -> ir.Table:
    """Who is at school when heads are counted has an active record in the enrolment register."""
    here = roster(audit).filter((_.is_there | _.at_school.isnull()) & ~_.uncovered)
    leavers = audit.pupils.filter(~_.active.fill_null(True))
    # On leave by the record and by the roster, or taught elsewhere by the roster: the two agree.
    on_leave = leavers.filter(_.status == "suspended").select("person_id", on_leave=ibis.literal(True))
    leaver_ids = leavers.select("person_id", has_left=ibis.literal(True))
    here = beside(beside(here, on_leave), leaver_ids).filter(
        ~(yes(_.on_leave) & yes(_.present == "excused")) & ~(yes(_.has_left) & yes(_.present == "elsewhere"))
    )
    name_doubles = namesakes(audit.rows).mutate(namesake=ibis.literal(True))
    rows = beside(here, name_doubles, ["name", "school_id"])
    persons = rows.group_by("person_id").agg(
        in_register=_.in_register.any(),
        is_there=_.is_there.any(),
        numbered=_.id18.notnull().any() | _.student_no.notnull().any(),
        namesake=yes(_.namesake).any(),
        placed=_.school_id.notnull().any(),
        rests_on=values_of(record("attendance")),
    )  # fmt: skip
    with_records = beside(persons, audit.pupils.select("person_id", "active"))
    return with_records.mutate(
        untested=ibis.cases(
            (_.in_register & _.active.isnull(), "status_unreadable"),
            (~_.is_there, "attendance_not_stated"),
            (_.in_register, NO_REASON),
            (_.namesake, "namesake_at_school"),
            (~_.numbered & ~_.placed, "school_unknown"),
            else_=NO_REASON,
        ),
        reason=ibis.ifelse(_.in_register, "record_inactive", "no_record"),
        at_stake=zero(),
    ).mutate(
        exception=ibis.cases(
            (_.untested.notnull(), UNKNOWN), (_.in_register, ~_.active), else_=ibis.literal(True)
        )
    )
