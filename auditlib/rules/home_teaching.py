"""不具备学习条件、送教上门: children who cannot attend, and teachers who come to them."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.aid import HOME_TAUGHT
from auditlib.audit.assemble import Audit
from auditlib.audit.rosters import (
    first_month,
    is_taught,
    leavers,
    month_not_over,
    month_number,
    months_taught,
    roster,
    taught_at_home,
)
from auditlib.base.language import Text
from auditlib.base.logic import NO_ROWS, beside, record, values_of, yes
from auditlib.rules.common import CERTIFIERS, NO_REASON, UNKNOWN, with_half_read, zero
from auditlib.rules.registry import NotRun, absent, flags, passes, rule, speaks, untested

TWICE = [{"taught_on": "2020-10-14"}, {"taught_on": "2020-10-21"}]
SEPTEMBER = [{"taught_on": "2020-09-14"}, {"taught_on": "2020-09-21"}]
BY_RECORD: dict[str, Any] = {
    "enrolment": {"boarding": "送教上门"},
    "eligibility": None,
    "payments": None,
    "applications": None,
}
MONTHLY = {"taught_on": "", "month": "2020-10", "visits": "2", "lessons": "4"}
OUT_OF_SCHOOL = {
    "enrolment": {"status": "休学", "status_date": "2020-09-07"},
    "payments": None,
    "applications": None,
}


@rule(
    "unable.uncertified",
    zh="未经四部门认定",
    en="Not certified by all four",
    criterion="列为不具备学习条件的儿童，应由教育、残联、卫健、民政四部门共同认定，缺一不可。",
    message=Text("不具备学习条件，四部门中只有 {certificates} 家认定", "unable to attend; certified by {certificates} of four offices"),
    severity="medium",
    subject="pupil",
    needs=("unable", *(f"unable.{column}" for column in CERTIFIERS)),
    reads=("enrolment",),
    innocent=[Text("认定材料齐全，台账漏填", "the certificates are there, the ledger has a gap")],
    examples=[
        passes("certified by all four", **OUT_OF_SCHOOL, unable={}),
        flags("one office is missing", **OUT_OF_SCHOOL, unable={"certified_health": "否"}, reason="three", at_stake="0.00"),
        flags("certificates in words", **OUT_OF_SCHOOL, unable={"certified_education": "已认定", "certified_health": "未认定"}, reason="three"),
        passes("the opinion of an office", **OUT_OF_SCHOOL, unable=dict.fromkeys(CERTIFIERS, "同意")),
        flags("an office does not agree", **OUT_OF_SCHOOL, unable={"certified_health": "不同意认定"}, reason="three"),
        flags("an empty cell is no certificate", **OUT_OF_SCHOOL, unable={"certified_civil": ""}, reason="three"),
        flags("none", **OUT_OF_SCHOOL, unable=dict.fromkeys(CERTIFIERS, "否"), reason="none"),
        passes("two rows, together all four", **OUT_OF_SCHOOL, unable=[{"certified_health": "否"}, {"certified_civil": "否"}]),
        untested("a cell that nobody can read", **OUT_OF_SCHOOL, unable={"certified_health": "再议"}, reason="certificate_unreadable"),
    ],
)  # fmt: skip
def uncertified(audit: Audit) -> ir.Table:
    """A child held to be unable to attend is certified by education, disabled federation, health and civil affairs."""
    rows = audit.rows["unable"].filter(_.rejected.isnull())
    offices = {office: (_[office] == "yes").fill_null(False).any() for office in CERTIFIERS}
    unread = {f"{office}_unread": _[f"{office}_defect"].notnull().any() for office in CERTIFIERS}
    persons = rows.group_by("person_id").agg(**offices, **unread, rests_on=values_of(record("unable")))
    certificates = sum((persons[office].cast("int64") for office in CERTIFIERS), ibis.literal(0))
    perhaps = sum(
        ((persons[office] | persons[f"{office}_unread"]).cast("int64") for office in CERTIFIERS),
        ibis.literal(0),
    )
    counted_rows = persons.mutate(certificates=certificates, perhaps=perhaps)
    enough = len(CERTIFIERS)
    open_ = (_.certificates < enough) & (_.perhaps == enough)
    return counted_rows.mutate(
        exception=ibis.ifelse(open_, UNKNOWN, _.certificates < enough),
        untested=ibis.ifelse(open_, "certificate_unreadable", NO_REASON),
        reason=_.certificates.cases((0, "none"), (1, "one"), (2, "two"), else_="three"),
        at_stake=zero(),
    )


@rule(
    "unable.in_school",
    zh="列为不具备学习条件而在校",
    en="Held to be unable, and at school",
    criterion="列为不具备学习条件的儿童，学籍在读而又不在送教上门台账，或清点时在校。",
    message=Text("列为不具备学习条件，而{reason_text}", "held to be unable to attend, yet {reason_text}"),
    severity="medium",
    subject="pupil",
    needs=("enrolment", "unable"),
    reads=("attendance", "home_teaching"),
    innocent=[Text("已康复入学，台账未更新", "has recovered and come to school, the ledger has not followed"), Text("随班就读", "taught with another class")],
    examples=[
        flags("enrolled, and nobody teaches the child at home", unable={}, reason="enrolled", at_stake="0.00"),
        flags("in no record, and at school", **OUT_OF_SCHOOL, unable={}, attendance={}, reason="at_school", also=["attendance.unregistered"]),
        passes("not enrolled, named by a roster that does not say whether the child is there", **OUT_OF_SCHOOL, unable={}, attendance={"present": ""}),
        passes("enrolled and taught at home", unable={}, home_teaching=TWICE),
        flags("taught at home, and at school when heads were counted", unable={}, home_teaching=TWICE, attendance={}, reason="at_school"),
        passes("taught at home, and so by the roster", unable={}, home_teaching=TWICE, attendance={"present": "送教上门"}),
        passes("not enrolled", **OUT_OF_SCHOOL, unable={}),
        untested("a date of the record that cannot be read", enrolment={"status": "休学", "status_date": "上学期"}, payments=None, applications=None, unable={}, reason="status_unreadable"),
    ],
)  # fmt: skip
def unable_in_school(audit: Audit) -> ir.Table:
    """A child held to be unable to attend is not at school."""
    persons = audit.rows["unable"].filter(_.rejected.isnull()).group_by("person_id").agg(
        ledger_records=values_of(record("unable"))
    )  # fmt: skip
    here = audit.pupils.select("person_id", "active", enrolled=ibis.literal(True))
    presence = roster(audit).group_by("person_id").agg(
        at_school=(_.is_there & (_.present.fill_null("present") == "present")).any(), seen=yes(_.present == "present").any(),
        roster_records=values_of(record("attendance")),
    )  # fmt: skip
    listed_rows = beside(beside(beside(persons, here), taught_at_home(audit)), presence)
    # A list of names alone may hold who is taught at home; one that says who is there does not say so of one who is not.
    present = yes(_.seen) | (yes(_.at_school) & ~yes(_.at_home))
    unclear = ~present & yes(_.enrolled) & _.active.isnull()
    # Whether anybody teaches the child at home a ledger would tell.
    untold = ~present & yes(_.active) & ibis.literal(not audit.columns_found.get("home_teaching"))
    return listed_rows.mutate(
        exception=ibis.cases(
            (present, True), (unclear | untold, UNKNOWN), else_=yes(_.active) & ~yes(_.at_home)
        ),
        untested=ibis.cases(
            (unclear, "status_unreadable"), (untold, "home_teaching_not_delivered"), else_=NO_REASON
        ),
        reason=ibis.ifelse(yes(_.at_school), "at_school", "enrolled"),
        at_stake=zero(),
        rests_on=_.ledger_records.concat(_.roster_records.coalesce(NO_ROWS)),
    )


@rule(
    "home.too_few",
    zh="送教次数不足",
    en="Too few visits",
    criterion="送教上门的学生，自首次送教起，台账所及的本学期每个教学月送教次数或每次课时不足规定（寒暑假月份不计）；学籍就读方式写送教上门而台账中没有此人的，同样列出。",
    message=Text("有 {short_months} 个月送教不足，最早是 {first_short}（{reason_text}）", "months with too little teaching: {short_months}, the first of them {first_short} ({reason_text})"),
    severity="medium",
    subject="pupil",
    needs=("home_teaching",),
    reads=("enrolment",),
    innocent=[Text("住院、随父母外出，当月无法送教", "in hospital or away with the parents that month"), Text("送教记录漏登", "the ledger has a gap")],
    examples=[
        passes("two visits of two lessons in the month", home_teaching=TWICE),
        flags("one visit in the month", home_teaching={}, reason="visits", at_stake="0.00"),
        flags("two visits, one of one lesson", home_teaching=[{"taught_on": "2020-10-14"}, {"taught_on": "2020-10-21", "lessons": "1"}], reason="lessons"),
        flags("two visits on one day are one", home_teaching=[{}, {}], reason="visits"),
        flags("taught last term and not since: the months of this one", home_teaching=[{"of": 2, **SEPTEMBER[0]}, {"taught_on": "2020-05-14"}, {"taught_on": "2020-05-21"}], reason="visits", also=["home.too_few"]),
        absent("too few visits in a month of last term, and gone before this one", enrolment={"status": "转出", "status_date": "2020-09-01"}, eligibility=None, payments=None, applications=None, home_teaching={"taught_on": "2020-05-14"}),
        untested("a ledger of last term alone", home_teaching={"taught_on": "2020-05-14"}, parameters={"home_lessons": 3}, reason="ledger_of_earlier_term"),
        passes("too few visits in a month of last term", home_teaching=[{"taught_on": "2020-05-14"}, *SEPTEMBER, *TWICE]),
        flags("none in the month after", home_teaching=[{"taught_on": "2020-09-14"}, {"taught_on": "2020-09-21"}, {"taught_on": "2020-10-14"}], reason="visits"),
        passes("moved away in October: none is due from then on", enrolment={"status": "转出", "status_date": "2020-10-09"}, eligibility=None, payments=None, applications=None, home_teaching=SEPTEMBER),
        flags("moved away in November: October was due", enrolment={"status": "转出", "status_date": "2020-11-02"}, eligibility=None, payments=None, applications=None, home_teaching=SEPTEMBER, reason="visits"),
        flags("taught at home by the record, in no row of the ledger", **BY_RECORD, home_teaching=[visit | {"of": 2} for visit in (*SEPTEMBER, *TWICE)], reason="never_visited", at_stake="0.00", also=["home.not_enrolled"]),
        passes("taught at home by the record and by the ledger", **BY_RECORD, home_teaching=[*SEPTEMBER, *TWICE]),
        absent("held to be unable to attend: said there", **BY_RECORD, unable={}, home_teaching=[visit | {"of": 2} for visit in (*SEPTEMBER, *TWICE)], also=["unable.in_school", "home.not_enrolled"]),
        absent("has left since", **BY_RECORD | {"enrolment": {"boarding": "送教上门", "status": "转出", "status_date": "2020-09-03"}}, home_teaching=[visit | {"of": 2} for visit in (*SEPTEMBER, *TWICE)], also=["home.not_enrolled"]),
        passes("once a month, where that is the rule", home_teaching={}, parameters={"home_visits": 1}),
        untested("no row has a day", home_teaching={"taught_on": ""}, reason="date_unreadable"),
        untested("a day that cannot be read", home_teaching=[{}, {"taught_on": "每周"}], reason="date_unreadable"),
        untested("a visit whose day is not written", home_teaching=[{}, {"taught_on": ""}], reason="date_unreadable"),
        passes("enough visits, and one whose day is not written", home_teaching=[*TWICE, {"taught_on": ""}]),
        untested("lessons that cannot be read", home_teaching=[{"taught_on": "2020-10-14"}, {"taught_on": "2020-10-21", "lessons": "若干"}], reason="lessons_unreadable"),
        untested("lessons that nobody wrote down", home_teaching=[{"taught_on": "2020-10-14"}, {"taught_on": "2020-10-21", "lessons": ""}], reason="lessons_unreadable"),
        passes("lessons not written down of one visit more than are needed", home_teaching=[*TWICE, {"taught_on": "2020-10-28", "lessons": ""}]),
        absent("a month that has only begun: after the count date", home_teaching={"taught_on": "2020-11-02"}),
        passes("a month that is not over on the day as of which the files were drawn", home_teaching=[*SEPTEMBER, {"taught_on": "2020-10-09"}], parameters={"as_of": "2020-10-10"}),
        passes("a month that is not over on the count date is not judged", home_teaching=[*SEPTEMBER, {"taught_on": "2020-10-14"}], parameters={"count_date": "2020-10-30"}),
        flags("the same month, over", home_teaching=[*SEPTEMBER, {"taught_on": "2020-10-14"}], reason="visits"),
        passes("monthly figures: two visits, four lessons", home_teaching=MONTHLY),
        flags("monthly figures: one visit", home_teaching=MONTHLY | {"visits": "1"}, reason="visits"),
        flags("monthly figures: two visits, three lessons", home_teaching=MONTHLY | {"lessons": "3"}, reason="lessons"),
        passes("monthly figures without lessons", home_teaching=MONTHLY | {"lessons": ""}),
        flags("monthly figures: none", home_teaching=MONTHLY | {"visits": "0", "lessons": "0"}, reason="visits"),
        untested("a month that cannot be read", home_teaching=[MONTHLY | {"visits": "1"}, MONTHLY | {"month": "上月"}], reason="date_unreadable"),
        untested("a number of visits that cannot be read", home_teaching=MONTHLY | {"visits": "多次"}, reason="visits_unreadable"),
    ],
)  # fmt: skip
def too_few_visits(audit: Audit) -> ir.Table:
    """A child that is taught at home is visited in each month as often, and taught as long, as is prescribed."""
    columns = audit.columns_found.get("home_teaching", frozenset())
    if not columns & {"taught_on", "month"}:
        raise NotRun("home_teaching.taught_on")
    rows = audit.rows["home_teaching"].filter(_.rejected.isnull())
    short = _short_months(_visits_in_months_due(rows, audit), audit.parameters.thresholds.home_visits)
    faults = rows.group_by("person_id").agg(
        undated=(_.taught_on.isnull() & _.month.isnull()).any(),
        dated=(_.taught_on.notnull() | _.month.notnull()).any(),
        rests_on=values_of(record("home_teaching")),
    )
    # Who has no row with a day or a month is untested; who has, and no month that is over, has nothing to be judged by.
    children = beside(beside(faults, short), _taught_before(rows, audit))
    children = children.filter(_.short_months.notnull() | ~_.dated | yes(_.taught_before))
    children = children.mutate(
        untested=ibis.cases(
            (~_.dated, "date_unreadable"),
            (_.short_months.isnull(), "ledger_of_earlier_term"),
            ((_.short_months > 0) & _.undated, "date_unreadable"),
            ((_.short_months == 0) & yes(_.uncounted), "visits_unreadable"),
            ((_.short_months == 0) & yes(_.unread), "lessons_unreadable"),
            else_=NO_REASON,
        ),
        short_months=_.short_months.fill_null(0),
        first_short=_month_text(_.first_short),
        reason=ibis.ifelse(yes(_.too_seldom), "visits", "lessons"),
        at_stake=zero(),
    )
    never = _never_visited(rows, audit)
    together = children.select(*never.columns).union(never)
    return together.mutate(exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, _.short_months > 0))


def _never_visited(rows: ir.Table, audit: Audit) -> ir.Table:
    """Pupils whom the enrolment register has taught at home and no ledger names; nobody where none of its months is over."""
    pupils = audit.pupils.filter(yes(_.active) & (_.boarding == HOME_TAUGHT)).select("person_id")
    months = months_taught(audit).agg(short_months=_.month.count(), first_month=_.month.min())
    unnamed = pupils.anti_join(rows, "person_id")
    if speaks(audit, "unable.in_school"):  # it asks of those held to be unable to attend
        unnamed = unnamed.anti_join(audit.rows["unable"].filter(_.rejected.isnull()), "person_id")
    missing = with_half_read(unnamed, audit, "home_teaching").cross_join(months)
    return missing.filter(_.short_months > 0).select(
        "person_id",
        untested=ibis.ifelse(yes(_.half_read), "ledger_half_read", NO_REASON),
        short_months=_.short_months,
        first_short=_month_text(_.first_month),
        reason=ibis.literal("never_visited"),
        at_stake=zero(),
        rests_on=NO_ROWS,
    )


def _taught_before(rows: ir.Table, audit: Audit) -> ir.Table:
    """``person_id, taught_before``: children whom the ledger names in earlier terms alone, and who had not left when this one began."""
    start = first_month(audit)
    last = rows.group_by("person_id").agg(last=month_number(_.taught_on.coalesce(_.month)).max())
    earlier = beside(last.filter(_.last < start), leavers(audit))
    is_due = ~yes(month_number(_.left_on) <= start) & ibis.literal(start < month_not_over(audit))
    return earlier.filter(is_due).select("person_id", taught_before=ibis.literal(True))


def _visits_in_months_due(rows: ir.Table, audit: Audit) -> ir.Table:
    """``person_id, month, visits, full, unread, uncounted``: a row for each child and month in which visits are due."""
    by_month = (
        _visits_by_day(rows, audit)
        .union(_visits_by_month(rows, audit))
        .filter(is_taught(_.month) & (_.month < month_not_over(audit)))
        .group_by("person_id", "month")
        .agg(
            visits=_.visits.sum(),
            full=_.full.sum(),
            # What is not read matters where the lessons that are do not suffice.
            unread=_.unread.any()
            & (_.full.sum(where=~_.unread).fill_null(0) < audit.parameters.thresholds.home_visits),
            uncounted=_.uncounted.any(),
        )
    )
    children = beside(
        by_month.group_by("person_id").agg(first=_.month.min(), last=_.month.max()), leavers(audit)
    )
    # Who has left is due no visit from the month of leaving on; a month in which the child was visited all the same is judged.
    in_time = (_.month <= _.last) | _.left_on.isnull() | (_.month < month_number(_.left_on))
    # The ledger of last term tells since when a child is taught at home; how often it was visited then was judged then.
    months = by_month.filter(_.month >= first_month(audit)).select(month="month").distinct()
    months_due = (
        children.cross_join(months).filter(_.month >= _.first, in_time).drop("first", "last", "left_on")
    )
    return beside(months_due, by_month, ["person_id", "month"]).mutate(
        visits=_.visits.fill_null(0), full=_.full.fill_null(0), uncounted=yes(_.uncounted)
    )


def _short_months(months: ir.Table, needed_months: int) -> ir.Table:
    """``person_id -> short_months, first_short, too_seldom, unread, uncounted`` of the months in which visits are due."""
    is_short = (_.full < needed_months) & ~_.uncounted
    return months.group_by("person_id").agg(
        short_months=is_short.sum(),
        first_short=_.month.min(where=is_short),
        too_seldom=((_.visits < needed_months) & ~_.uncounted).any(),
        unread=yes(_.unread).any(),
        uncounted=_.uncounted.any(),
    )


def _month_text(month: ir.IntegerValue) -> ir.StringValue:
    """The number of a month, counted from the year 0, as 2020-09."""
    before = month - 1
    return (before // 12).cast("string") + "-" + (before % 12 + 1).cast("string").lpad(2, "0")


def _visits_by_day(rows: ir.Table, audit: Audit) -> ir.Table:
    """``person_id, month, visits, full`` (visits that were long enough) of rows with a day; two on a day are one."""
    has_lessons = "lessons" in audit.columns_found.get("home_teaching", frozenset())
    of_day = rows.filter(_.taught_on.notnull()).group_by("person_id", "taught_on").agg(
        lessons=_.lessons.sum(), unwritten=_.lessons.isnull().any()
    )  # fmt: skip
    limit = audit.parameters.thresholds.home_lessons
    enough = (_.lessons >= limit).fill_null(False) if has_lessons else ibis.literal(True)
    # Lessons that nobody wrote down, or not to be read, may have been as many as are prescribed.
    unread = _.unwritten & ~enough
    return of_day.select(
        "person_id",
        month=month_number(_.taught_on),
        visits=ibis.literal(1, "int64"),
        full=(enough | unread).cast("int64"),
        unread=unread,
        uncounted=ibis.literal(False),
    )


def _visits_by_month(rows: ir.Table, audit: Audit) -> ir.Table:
    """The same of rows that tell a month's figures; lessons are those of the whole month."""
    limit = audit.parameters.thresholds.home_lessons
    monthly_rows = rows.filter(_.taught_on.isnull() & _.month.notnull())
    by_lessons = ibis.ifelse(_.lessons.isnull(), _.visits, ibis.least(_.visits, _.lessons // limit))
    return monthly_rows.select(
        "person_id",
        month=month_number(_.month),
        visits=_.visits.fill_null(0),
        full=by_lessons.fill_null(0).cast("int64"),
        unread=_.lessons_defect.notnull(),
        uncounted=_.visits.isnull(),
    )


@rule(
    "home.not_enrolled",
    zh="送教学生无学籍",
    en="Taught at home without a record",
    criterion="送教上门的学生，送教期间应有在读学籍。",
    message=Text("送教上门，{reason_text}", "taught at home; {reason_text}"),
    severity="medium",
    subject="pupil",
    needs=("enrolment", "home_teaching"),
    innocent=[Text("特教学校学籍，未在导出中", "the record is at a special school and not in the export")],
    examples=[
        flags("the record is not active", **OUT_OF_SCHOOL, home_teaching=TWICE, reason="record_inactive", at_stake="0.00"),
        passes("enrolled", home_teaching=TWICE),
        passes("moved away after the last visit", enrolment={"status": "转出", "status_date": "2020-10-22"}, eligibility=None, payments=None, applications=None, home_teaching=TWICE),
        flags("visited on the day of leaving", enrolment={"status": "转出", "status_date": "2020-10-21"}, eligibility=None, payments=None, applications=None, home_teaching=TWICE, reason="record_inactive"),
        flags("in no record", enrolment=None, payments=None, applications=None, home_teaching=TWICE, reason="no_record"),
        untested("a name alone, of a school that the register does not know", home_teaching=[visit | {"id_number": "", "student_no": "", "school_name": "无名学校"} for visit in TWICE], reason="no_usable_number"),
        untested("a date of the record that cannot be read", enrolment={"status": "休学", "status_date": "上学期"}, payments=None, applications=None, home_teaching=TWICE, reason="status_unreadable"),
    ],
)  # fmt: skip
def taught_without_record(audit: Audit) -> ir.Table:
    """A child that is taught at home has an active record in the enrolment register while it is taught."""
    if not audit.parameters.enrolment_covers:
        raise NotRun("register_covers_no_compulsory_stage")
    taught_rows = audit.rows["home_teaching"].filter(_.rejected.isnull())
    persons = taught_rows.group_by("person_id").agg(
        rests_on=values_of(record("home_teaching")),
        last_on=_.taught_on.coalesce(_.month).max(),
        # A name alone that no key links may be a pupil's whom the register knows.
        told_apart=(_.in_register | _.id18.notnull() | _.student_no.notnull() | _.school_id.notnull()).any(),
    )
    pupils = audit.pupils.select("person_id", "active", enrolled=ibis.literal(True))
    children = beside(beside(persons, pupils), leavers(audit))
    was_enrolled = yes(_.last_on < _.left_on)
    unclear = yes(_.enrolled) & _.active.isnull()
    return children.mutate(
        untested=ibis.cases(
            (unclear, "status_unreadable"), (~_.told_apart, "no_usable_number"), else_=NO_REASON
        ),
        reason=ibis.ifelse(yes(_.enrolled), "record_inactive", "no_record"),
        at_stake=zero(),
    ).mutate(exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~yes(_.active) & ~was_enrolled))
