"""学籍去向: from one term to the next, pupils whom no register knows any more."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.language import Text
from auditlib.base.logic import yes
from auditlib.rules.common import NO_REASON, UNKNOWN, with_half_read, zero
from auditlib.rules.last_register import is_traced, to_be_traced
from auditlib.rules.registry import NotRun, absent, flags, passes, rule, untested

NO_ROWS = dict.fromkeys(("eligibility", "enrolment", "payments", "applications"))
ONLY_ANOTHER = {table: {"of": 2} for table in NO_ROWS}
NINTH = {"stage": "初中", "grade": "九年级"}
LEDGERS = ("attendance", "dropouts", "unable", "home_teaching", "letters")


@rule(
    "enrolment.vanished",
    zh="上学期在籍本学期无记录",
    en="On last term's register, in none now",
    criterion="上学期自查时在籍、未到毕业年级的学生，以及上学期已流失、退学、休学、下落不明而仍在义务教育年龄的，本学期学籍（含已离校的记录）、成功的发放、拟发放、申请、函告、在校花名册和各台账中均无此人；以前学期的记录、花名册注明不在校的，不说明去向。",
    message=Text("上学期学籍在 {last_school}，{reason_text}，请核实去向", "on the register of {last_school} last term; {reason_text}: find out where the pupil is"),
    severity="high",
    subject="pupil",
    earlier=True,
    needs=("enrolment",),
    reads=("eligibility", "payments", "planned", "applications", "letters", "attendance", "dropouts", "unable", "home_teaching"),
    innocent=[
        Text("已转往外县，转出记录未导出", "moved to another county; the record of the transfer was not exported"),
        Text("身份证号、学籍号均已变更", "both ID number and student number were changed"),
        Text("学籍导出不全，漏了学校或年级", "the export lacks a school or a grade"),
    ],
    examples=[
        flags("in none now", **NO_ROWS, last_term={}, reason="in_none_now", at_stake="0.00"),
        passes("still enrolled", eligibility=None, payments=None, applications=None, last_term={}),
        passes("has left: the register tells", eligibility=None, payments=None, applications=None, enrolment={"status": "转出", "status_date": "2020-09-03"}, last_term={}),
        passes("at school elsewhere, a letter tells", **NO_ROWS, letters={}, last_term={}),
        passes("in the ledger of dropouts", **ONLY_ANOTHER, dropouts={"notice_on": "2020-10-28", "returned_on": "", "closed_on": ""}, last_term={}),
        flags("on the roster as not at school", **ONLY_ANOTHER, attendance={"present": "否"}, last_term={}, reason="in_none_now", at_stake="0.00"),
        passes("on the roster as at school", **ONLY_ANOTHER, attendance={}, last_term={}, also=["attendance.unregistered"]),
        flags("on a roster of last term alone", **ONLY_ANOTHER, attendance={"counted_on": "2020-04-20"}, last_term={}, reason="in_none_now"),
        flags("paid for last term alone", **ONLY_ANOTHER | {"payments": [{"of": 2}, {"term": "2020年春季学期"}]}, last_term={}, reason="in_none_now"),
        flags("planned for last term alone", **ONLY_ANOTHER, planned={"term": "2020年春季学期"}, last_term={}, reason="in_none_now"),
        flags("paid for this term, and the payment came back", **ONLY_ANOTHER | {"payments": [{"of": 2}, {"result": "退汇"}]}, last_term={}, reason="in_none_now"),
        passes("paid for this term", **ONLY_ANOTHER | {"payments": [{"of": 2}, {}]}, last_term={}, also=["mismatch.not_enrolled"]),
        flags("applied for last term alone", **ONLY_ANOTHER | {"applications": [{"of": 2}, {"applied_on": "2020-03-01", "posted_from": "2020-03-10", "posted_to": "2020-03-20", "approved_on": "2020-03-25"}]}, last_term={}, reason="in_none_now"),
        passes("applied for this term", **ONLY_ANOTHER | {"applications": [{"of": 2}, {}]}, last_term={}),
        flags("a letter of two years ago", **NO_ROWS, letters={"sent_on": "2018-09-20", "replied_on": "2018-10-20"}, last_term={}, reason="in_none_now"),
        flags("brought back two years ago", **ONLY_ANOTHER, dropouts={"dropped_on": "2018-03-01", "notice_on": "2018-03-05", "returned_on": "2018-03-20", "closed_on": "2018-04-01"}, last_term={}, reason="in_none_now"),
        passes("brought back in this term, and in none: said there", **ONLY_ANOTHER, dropouts={}, last_term={}, also=["dropout.false_closure"]),
        passes("another ID number now, the same student number", last_term={"id_number": "{id_other}"}),
        passes("finished the ninth year", **NO_ROWS, birth="2005-05-04", last_term=NINTH),
        passes("finished the ninth year; one pupil of the school is written as of a tenth", **ONLY_ANOTHER, birth="2005-05-04", last_term=[NINTH, {"of": 2, "school_code": "{school}", "school_name": "{school_name}", "stage": "初中", "grade": "初四"}]),
        flags("the eighth year goes on", **NO_ROWS, birth="2006-05-04", last_term={"stage": "初中", "grade": "八年级"}),
        flags("the sixth year goes on to junior school", **NO_ROWS, birth="2008-05-04", last_term={"grade": "六年级"}),
        passes("finished the third senior year", **NO_ROWS, birth="2002-05-04", last_term={"stage": "高中", "grade": "高三"}),
        flags("had dropped out last term, of compulsory age", **NO_ROWS, last_term={"status": "退学"}, reason="left_and_in_none_now"),
        passes("had dropped out last term, in the ledger of dropouts now", **ONLY_ANOTHER, dropouts={"notice_on": "2020-10-28", "returned_on": "", "closed_on": ""}, last_term={"status": "流失"}),
        passes("had dropped out last term, the record is kept", enrolment={"status": "退学"}, payments=None, applications=None, eligibility=None, last_term={"status": "退学"}),
        absent("had dropped out last term, aged 16 by now", **NO_ROWS, birth="2004-08-31", last_term={"status": "退学"}),
        absent("had moved away before", **NO_ROWS, last_term={"status": "转出"}),
        absent("of a stage that the register need not hold", **NO_ROWS, birth="2014-12-04", last_term={"stage": "幼儿园", "grade": "大班"}),
        absent("eligible, of compulsory age: said once", enrolment=None, payments=None, applications=None, last_term={}, also=["missed.not_found"]),
        flags("eligible, of compulsory age, and the county leaves missed.not_found out", **ONLY_ANOTHER | {"eligibility": [{}, {"of": 2}]}, last_term={}, parameters={"leave_out": ["missed.not_found"]}, reason="in_none_now"),
        flags("eligible, of compulsory age, and the register holds no junior school", **ONLY_ANOTHER | {"eligibility": [{}, {"of": 2}]}, last_term={}, parameters={"enrolment_covers": ["primary"]}, reason="in_none_now"),
        flags("listed after the count date, and the county leaves missed.listed_late out", **ONLY_ANOTHER | {"eligibility": [{"valid_from": "2020-11-05"}, {"of": 2}]}, last_term={}, parameters={"leave_out": ["missed.listed_late"]}, reason="in_none_now"),
        flags("eligible, aged 16 by now", enrolment=None, payments=None, applications=None, birth="2004-06-04", last_term={"stage": "高中", "grade": "高一"}, reason="in_none_now"),
        flags("eligible, five years old, last term in a kindergarten that the register holds", **ONLY_ANOTHER | {"eligibility": [{}, {"of": 2}]}, birth="2014-12-04", last_term={"stage": "幼儿园", "grade": "中班"}, parameters={"enrolment_covers": ["preschool", "primary", "junior", "senior", "special"]}, reason="in_none_now"),
        untested("the year is not known", **NO_ROWS, birth="2005-05-04", last_term={"stage": "初中", "grade": ""}, reason="study_year_unknown"),
        untested("one of the name in the ledger of dropouts, no number there", **ONLY_ANOTHER, dropouts={"id_number": "", "student_no": "", "school_name": "无名学校", "notice_on": "2020-10-28", "returned_on": "", "closed_on": ""}, last_term={}, reason="ledger_half_read"),
        untested("one of that name and birth under another number", enrolment={"student_no": "{student_no_l}"}, last_term={"id_number": "{id_other}", "student_no": ""}, reason="perhaps_another_number"),
        untested("one of that name at that school, new there, born on another day", enrolment={"id_number": "{id_other}", "student_no": "{student_no_l}"}, eligibility=None, payments=None, applications=None, last_term={"student_no": ""}, reason="perhaps_another_number"),
    ],
)  # fmt: skip
def vanished(audit: Audit) -> ir.Table:
    """A pupil of last term's register who had not finished school is in some register or ledger of this term."""
    if audit.last_term is None:
        raise NotRun("no_earlier_run")
    here = is_traced()
    return (
        with_half_read(to_be_traced(audit), audit, *LEDGERS)
        .mutate(
            untested=ibis.cases(
                (here, NO_REASON),
                (yes(_.alike) | yes(_.newcomer), "perhaps_another_number"),
                (yes(_.half_read), "ledger_half_read"),
                (yes(_.active) & _.finished.isnull(), "study_year_unknown"),
                else_=NO_REASON,
            )
        )
        .mutate(
            exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~here),
            reason=ibis.ifelse(yes(_.active), "in_none_now", "left_and_in_none_now"),
            at_stake=zero(),
            last_school=_.school_name,
            named_school=_.school_name,
        )
    )
