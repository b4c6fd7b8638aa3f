"""清点人数: how many were in class on the day of counting, against the register, school by school."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.rosters import is_of_term, is_uncovered, taught_at_home
from auditlib.base.language import Text
from auditlib.base.logic import NO_TEXT, beside, record, values_of, yes
from auditlib.linkage.schools import with_school
from auditlib.rules.common import AT_VOCATIONAL, DAY_OF_COUNTING, NO_REASON, SICK, UNKNOWN, zero
from auditlib.rules.registry import absent, flags, passes, rule, untested

UNKNOWN_COUNT = ibis.null("int64")
NOBODY = {"name": "", "id_number": "", "student_no": ""}
"""A row that counts heads and names nobody."""
ANOTHER = {"of": 2, "school_name": "{school_name}", "school_code": "{school}"}
NOT_LISTED: dict[str, None] = {"eligibility": None, "payments": None, "applications": None}
VISITS = [{"taught_on": f"2020-{day}"} for day in ("09-14", "09-21", "10-14", "10-21")]


def two_grades(other: str, **record: str) -> dict[str, Any]:
    """A pupil of the third grade and one of the grade ``other`` (and else by ``record``), at one school."""
    there = {"school_name": "{school_name}", "school_code": "{school}"}
    enrolment = [{}, there | {"of": 2, "grade": other} | record]
    return {"enrolment": enrolment, "eligibility": None, "payments": None, "applications": None}


@rule(
    "attendance.headcount",
    zh="清点人数与学籍不符",
    en="Heads and records differ",
    criterion="学校清点的实际人数（写明年级的，逐年级相比；一学期清点多次的，以最后一次为准）与学籍在读人数不一致，或所报学籍人数与学籍导出不一致；送教上门的学生，清点时计入、不计入都可以。",
    message=Text("清点 {heads} 人，学校所报学籍 {records} 人，学籍导出在读 {register} 人（{reason_text}）", "{heads} heads counted, {records} records reported by the school, {register} active in the register ({reason_text})"),
    severity="medium",
    subject="school",
    needs=("enrolment", "attendance", "attendance.heads"),
    reads=("home_teaching",),
    innocent=[DAY_OF_COUNTING, SICK, AT_VOCATIONAL],
    examples=[
        flags("one head too few", attendance={"heads": "0", "records": "1"}, reason="heads_differ", at_stake="0.00"),
        flags("one head too many", attendance={"heads": "2", "records": "1"}, reason="heads_differ"),
        flags("the records that the school reports are not the register's", attendance={"heads": "1", "records": "2"}, reason="records_differ"),
        passes("a head too few: one pupil is taught at home", enrolment=[{}, ANOTHER], attendance=NOBODY | {"heads": "1"}, **NOT_LISTED, home_teaching=[visit | {"of": 2} for visit in VISITS]),
        passes("as many heads as records, one pupil taught at home among them", enrolment=[{}, ANOTHER], attendance=NOBODY | {"heads": "2"}, **NOT_LISTED, home_teaching=[visit | {"of": 2} for visit in VISITS]),
        flags("two heads too few, one pupil is taught at home", enrolment=[{}, ANOTHER], attendance=NOBODY | {"heads": "0"}, **NOT_LISTED, home_teaching=[visit | {"of": 2} for visit in VISITS], reason="heads_differ"),
        passes("the same, the whole school", enrolment=[{}, ANOTHER], attendance=NOBODY | {"heads": "1", "grade": ""}, **NOT_LISTED, home_teaching=[visit | {"of": 2} for visit in VISITS]),
        passes("as many heads as records", attendance={"heads": "1", "records": "1"}),
        untested("one grade alone is counted, and all of it are there", **two_grades("四年级"), attendance=NOBODY | {"heads": "1"}, reason="grade_not_counted"),
        flags("of the grade that is counted one is away", **two_grades("四年级"), attendance=NOBODY | {"heads": "0"}, reason="heads_differ"),
        untested("one grade alone is counted, and the year of a pupil of the stage is not known", **two_grades("小学"), attendance=NOBODY | {"heads": "1"}, reason="study_year_unknown"),
        untested("the stage of a pupil of the school is not known", **two_grades("", stage=""), attendance=NOBODY | {"heads": "1"}, reason="stage_unknown"),
        passes("by grade: each as many as its records", attendance=[{"heads": "1", "grade": "三年级"}, {"heads": "0", "grade": "四年级"}]),
        flags("one too many in one grade, one too few in another", **two_grades("四年级"), attendance=[NOBODY | {"heads": "2"}, NOBODY | {"heads": "0", "grade": "四年级"}], reason="grades_differ"),
        passes("counted twice in the term: the last count holds", attendance=[{"heads": "0", "counted_on": "2020-09-10"}, {"heads": "1"}]),
        flags("counted twice in the term, a head too few at last", attendance=[{"heads": "1", "counted_on": "2020-09-10"}, {"heads": "0"}], reason="heads_differ"),
        untested("counted in the term before", attendance={"heads": "0", "counted_on": "2020-04-20"}, reason="counted_in_other_term"),
        untested("a kindergarten class, whose children the register does not hold", attendance={"heads": "20", "grade": "大班"}, reason="stage_not_covered"),
        passes("no grade: the whole school", attendance={"heads": "1", "grade": ""}),
        absent("no heads counted", attendance={}),
        untested("a school that the register does not know", attendance={"heads": "1", "school_name": "无名学校"}, reason="school_unknown"),
        untested("a number that cannot be read", attendance={"heads": "三十余", "records": "1"}, reason="heads_unreadable"),
    ],
)  # fmt: skip
def headcount(audit: Audit) -> ir.Table:
    """The heads counted at a school are as many as its active records; where grades are told, grade by grade; of several counts of the term the last holds, and who is taught at home may be counted or not."""
    headcounts = _counted_rows(audit)
    sums = headcounts.group_by("school", "part").agg(
        heads=_.heads.sum(), records=_.records.sum(), unread=_.heads_defect.notnull().any(), by_grade=_.study_year.notnull().all(),
        uncovered=_.uncovered.all(), of_term=_.of_term.any(), named_school=_.school_name.min(), rests_on=values_of(record("attendance")),
    )  # fmt: skip
    active = audit.pupils.filter(yes(_.active) & _.school_id.notnull())
    active = beside(active, taught_at_home(audit)).mutate(at_home=yes(_.at_home).cast("int64"))
    by_school = active.group_by(school=_.school_id).agg(all_grades=_.count(), at_home=_.at_home.sum())
    by_school = by_school.mutate(
        part=ibis.literal("*"), of_counted=UNKNOWN_COUNT, home_counted=UNKNOWN_COUNT, yearless=ibis.literal(False), uneven=ibis.literal(False)
    )  # fmt: skip
    of_stages = _by_stage(active, headcounts)
    register = of_stages.union(by_school.select(*of_stages.columns))
    schools = active.group_by(school=_.school_id).agg(
        known=ibis.literal(True), stageless=_.stage.isnull().any()
    )
    counts = beside(beside(sums, register, ["school", "part"]), schools, "school")
    counts = counts.mutate(
        register=ibis.ifelse(_.by_grade, _.of_counted, _.all_grades).fill_null(0),
        at_home=ibis.ifelse(_.by_grade, _.home_counted, _.at_home).fill_null(0),
        all_grades=_.all_grades.fill_null(0),
    )
    differs = ~_.heads.between(_.register - _.at_home, _.register)
    uneven = _.by_grade & yes(_.uneven)
    compared_rows = counts.mutate(differs=differs, wrong=differs | uneven | yes(_.records != _.register))
    return compared_rows.mutate(
        untested=ibis.cases(
            (_.uncovered, "stage_not_covered"),
            (~_.of_term, "counted_in_other_term"),
            (~yes(_.known), "school_unknown"),
            (_.unread | _.heads.isnull(), "heads_unreadable"),
            ((_.part != "*") & yes(_.stageless), "stage_unknown"),
            (_.by_grade & yes(_.yearless) & (_.heads != _.all_grades), "study_year_unknown"),
            (~_.wrong & (_.register < _.all_grades), "grade_not_counted"),
            else_=NO_REASON,
        ),
        reason=ibis.cases((_.differs, "heads_differ"), (uneven, "grades_differ"), else_="records_differ"),
        at_stake=zero(),
        person_id=NO_TEXT,
    ).mutate(exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, _.wrong))


def _counted_rows(audit: Audit) -> ir.Table:
    """Rows that count heads, with ``school, part`` (a stage, or ``*`` for the whole school), ``uncovered`` and ``of_term``: of what was
    counted several times the last count of the term."""
    rows = audit.rows["attendance"].filter(_.rejected.isnull()).drop("school_id")
    headcounts = with_school(rows.filter(_.heads.notnull() | _.heads_defect.notnull()), audit.school_names)
    headcounts = beside(headcounts, audit.school_stages, "school_id").mutate(
        school=_.school_id.coalesce(_.school_name),
        part=_.grade.fill_null("*"),
        uncovered=is_uncovered(audit),
        of_term=is_of_term(audit),
    )
    of_class = ibis.window(group_by=["school", "part", "study_year", "class_name"])
    latest = headcounts.mutate(last_of_term=_.counted_on.max(where=_.of_term).over(of_class))
    return latest.filter(~yes(_.counted_on != _.last_of_term))


def _by_stage(active: ir.Table, headcounts: ir.Table) -> ir.Table:
    """Active pupils of a stage of a school, and those of its grades that were counted: ``school, part``, then

    - ``all_grades, at_home``: all pupils of the stage, and who of them is taught at home;
    - ``of_counted, home_counted``: the same of the grades that were counted;
    - ``yearless``: the grade of one is not known; ``uneven``: the heads of some grade are not its pupils.
    """
    key = {"study_year": _.study_year, "school": _.school_id}
    heads = headcounts.filter(_.study_year.notnull()).select(
        **key, part=_.grade, heads=_.heads, pupils=ibis.literal(0, "int64"), at_home=ibis.literal(0, "int64")
    )
    pupils = active.select(
        **key, part=_.stage, heads=UNKNOWN_COUNT, pupils=ibis.literal(1, "int64"), at_home=_.at_home
    )
    grades = (
        heads.union(pupils)
        .group_by("school", "part", "study_year")
        .agg(heads=_.heads.sum(), pupils=_.pupils.sum(), at_home=_.at_home.sum())
    )
    return grades.group_by("school", "part").agg(
        all_grades=_.pupils.sum(),
        at_home=_.at_home.sum(),
        of_counted=_.pupils.sum(where=_.heads.notnull()).fill_null(0),
        home_counted=_.at_home.sum(where=_.heads.notnull()).fill_null(0),
        yearless=_.study_year.isnull().any(),
        uneven=yes(~_.heads.between(_.pupils - _.at_home, _.pupils)).any(),
    )
