"""不一致: paid through another school, for another stage, for the other form of boarding."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.rosters import roster
from auditlib.base.language import Text
from auditlib.base.logic import YUAN, beside, some, yes
from auditlib.rules.common import (
    NO_REASON,
    UNKNOWN,
    here,
    passing_but,
    payments_of,
    unfounded,
    without_excess,
    zero,
)
from auditlib.rules.registry import NotRun, absent, flags, passes, rule, speaks, untested

NEW_SCHOOL = {"school_code": "{school2}", "school_name": "{school_name2}"}


@rule(
    "mismatch.school",
    zh="学校不一致",
    en="Paid through another school",
    criterion="发放所经学校不是核定基准日学籍所在学校。",
    message=Text("发放所经学校与核定基准日学籍学校不同", "paid through another school than the one enrolled in on the count date"),
    severity="low",
    subject="pupil",
    needs=("payments", "enrolment"),
    innocent=[
        Text("学期中转学，资助随原校发放", "changed school in the term, the aid was still paid by the former one"),
        Text("学校更名、撤并，名录未更新", "the school was renamed or merged, the directory has not followed"),
    ],
    examples=[
        flags("through another school", schools=[{}, NEW_SCHOOL], payments=NEW_SCHOOL, reason="other_school", at_stake="0.00"),
        passes("through the own school"),
        passes("told by code alone", payments={"school_name": ""}),
        passes("told by name alone", payments={"school_code": ""}),
        passes("told by a former name", schools={"alias": "{school_name}原名"}, payments={"school_code": "", "school_name": "{school_name}原名"}),
        passes("moved after the count date, paid through the school of that day", enrolment=[{"status": "转出", "status_date": "2020-11-01"},
               {**NEW_SCHOOL, "status_date": "2020-11-01"}], schools=[{}, NEW_SCHOOL]),
        flags("moved after the count date, paid through the new school", enrolment=[{"status": "转出", "status_date": "2020-11-01"},
              {**NEW_SCHOOL, "status_date": "2020-11-01"}], schools=[{}, NEW_SCHOOL], payments=NEW_SCHOOL),
        passes("moved on the count date, paid through the new school", enrolment=[{"status": "转出", "status_date": "2020-10-31"},
               {**NEW_SCHOOL, "status_date": "2020-10-31"}], schools=[{}, NEW_SCHOOL], payments=NEW_SCHOOL),
        flags("moved on the count date, paid through the old school", enrolment=[{"status": "转出", "status_date": "2020-10-31"},
              {**NEW_SCHOOL, "status_date": "2020-10-31"}], schools=[{}, NEW_SCHOOL]),
        passes("the other school's payment came back", schools=[{}, NEW_SCHOOL], payments=[{}, {**NEW_SCHOOL, "result": "退汇"}]),
        untested("the register does not say where", enrolment={"school_code": "", "school_name": ""}, reason="school_unknown"),
        untested("one of two active records does not say where", enrolment=[{"student_no": "{student_no_l}"}, {"school_code": "", "school_name": ""}],
                 schools=[{}, NEW_SCHOOL], payments=NEW_SCHOOL, reason="school_unknown", also=["duplicate.enrolment"]),
        untested("a school in no directory", payments={"school_code": "", "school_name": "无名学校"}, reason="school_unknown"),
        absent("has left", enrolment={"status": "退学"}, schools=[{}, NEW_SCHOOL], payments=NEW_SCHOOL, also=["mismatch.inactive"]),
        absent("a stage that the register does not cover", enrolment=None, eligibility={"birth_date": ""}, birth="2016-05-04",
               payments={"scheme": "学前资助", "amount": "600"}, schools={"stage": "幼儿园"}),
    ],
)  # fmt: skip
def school(audit: Audit) -> ir.Table:
    """A payment goes through the school in which the pupil was enrolled on the count date."""
    columns = ("school_code", "school_name")
    if not audit.columns_found.get("payments", frozenset(columns)) & set(columns):
        raise NotRun(",".join(f"payments.{column}" for column in columns))
    coded = "school_code" in audit.columns_found.get("enrolment", frozenset({"school_code"}))
    pupils = audit.pupils.filter(_.active.fill_null(True)).select("person_id", "active", "school_ids")
    rows = audit.paid_rows.inner_join(pupils, "person_id")
    comparable = _.taught.notnull() | (_.school_code.notnull() & ibis.literal(coded))
    elsewhere = ibis.cases(
        (_.doubled, False),
        (_.school_id.isnull() | ~comparable | (_.school_ids.length() == 0) | _.active.isnull(), UNKNOWN),
        else_=~_.school_ids.contains(_.school_id),
    )
    doubted_rows = rows.mutate(elsewhere=elsewhere).filter(_.elsewhere.fill_null(True))
    persons = doubted_rows.group_by("person_id").agg(exception=some(_.elsewhere))
    persons = beside(persons, payments_of(audit.paid_rows, persons)).rename(amount_paid="received")
    return passing_but(persons, here(audit.payees)).mutate(
        untested=ibis.ifelse(_.exception.isnull(), "school_unknown", NO_REASON),
        reason=ibis.literal("other_school"),
        at_stake=zero(),
    )


@rule(
    "mismatch.stage",
    zh="学段不符",
    en="Scheme of another stage",
    criterion="领取的项目不适用于学籍所在学段（花名册注明在职业学校就读的初中生领取中职资助，不算）。",
    message=Text("领取了不适用于本学段的项目，{at_stake} 元", "paid a scheme that is not for the stage enrolled in, {at_stake} yuan"),
    severity="medium",
    subject="pupil",
    needs=("payments", "enrolment"),
    reads=("attendance",),
    innocent=[
        Text("九年一贯制、完全中学，学段登记有误", "a school of several stages, the stage was recorded wrongly"),
        Text("九年级学生在中职学校就读，学籍仍在初中", "a ninth-grader taught at a vocational school, whose record is still at the junior school"),
    ],
    examples=[
        flags("a grant of senior school in primary school", payments=[{}, {"scheme": "高中助学金", "amount": "1000"}], reason="other_stage", at_stake="1000.00"),
        passes("a scheme of the stage"),
        passes("recovered", payments=[{}, *({"scheme": "高中助学金", "amount": amount} for amount in ("1000", "-1000"))]),
        absent("has left", enrolment={"status": "毕业"}, payments={"scheme": "高中助学金", "amount": "1000"}, also=["mismatch.inactive"]),
        absent("on no register: said once", eligibility=None, payments={"scheme": "高中助学金", "amount": "1000"}, also=["ineligible.not_listed"]),
        untested("two stages at once", enrolment=[{}, {"stage": "初中", "grade": "初一"}], reason="stage_unknown"),
    ],
)  # fmt: skip
def stage(audit: Audit) -> ir.Table:
    """A pupil is paid schemes that are for the stage enrolled in. Who is taught at a vocational school, by the roster of the junior school, may be paid as a pupil of the one."""
    schemes = audit.policy.schemes.values()
    vocational = [one.id for one in schemes if "vocational" in one.covers_stages()]
    paid = audit.aid.filter((_.net > 0) & _.in_register & _.active.fill_null(True))
    elsewhere = roster(audit).filter(_.present == "elsewhere").select("person_id").distinct()
    elsewhere = elsewhere.semi_join(audit.pupils.filter(_.stage == "junior"), "person_id")
    paid = beside(paid, elsewhere.mutate(taught_elsewhere=ibis.literal(True)))
    taught_there = yes(_.taught_elsewhere) & _.scheme.isin(vocational)
    paid = paid.mutate(misfit=~_.fits_stage & ~taught_there, stake=_.net)
    persons = paid.group_by("person_id").agg(
        exception=some(_.misfit),
        at_stake=_.stake.sum(where=yes(_.misfit)).fill_null(0).cast(YUAN),
        amount_paid=_.net.sum(where=yes(_.misfit)).cast(YUAN),
        scheme=_.scheme.min(where=yes(_.misfit)),
    )
    records = audit.payees.filter(~unfounded(audit.payees, audit)).select(
        "person_id", rests_on="payment_records"
    )
    payees = beside(persons, records, how="inner")
    return payees.mutate(
        untested=ibis.ifelse(_.exception.isnull(), "stage_unknown", NO_REASON),
        reason=ibis.literal("other_stage"),
    )


@rule(
    "mismatch.boarding",
    zh="就读方式不符",
    en="Paid for the other form of boarding",
    criterion="学籍为走读而按寄宿生发放，或学籍为住校而按走读生发放。",
    message=Text("学籍就读方式与发放项目不符，涉及差额 {at_stake} 元", "the scheme paid is for the other form of boarding; the difference is {at_stake} yuan"),
    severity="medium",
    subject="pupil",
    needs=("payments", "enrolment", "enrolment.boarding"),
    innocent=[Text("学期中改变就读方式，学籍未更新", "began or gave up boarding in the term, the register has not followed")],
    examples=[
        flags("a day pupil paid as boarder", enrolment={"boarding": "走读"}, reason="day_pupil_paid_as_boarder", at_stake="250.00"),
        flags("a boarder paid as day pupil", payments={"scheme": "非寄宿生生活补助", "amount": "250"}, reason="boarder_paid_as_day_pupil", at_stake="250.00"),
        flags("a day pupil paid twice as boarder: the excess is at stake in the duplicate", enrolment={"boarding": "走读"}, payments=[{}, {}], at_stake="250.00", also=["duplicate.same_scheme"]),
        flags("a day pupil who is due nothing", enrolment={"boarding": "走读"}, eligibility={"category": "其他困难"}, at_stake="500.00"),
        flags("the code of the national form", enrolment={"boarding": "1"}, reason="day_pupil_paid_as_boarder"),
        passes("the code of a boarder", enrolment={"boarding": "2"}),
        flags("a column that asks whether the pupil boards", enrolment={"boarding": "2", "boarding_coding": "yes_no"}, reason="day_pupil_paid_as_boarder"),
        passes("a boarder"),
        passes("a day pupil", enrolment={"boarding": "走读"}, payments={"scheme": "非寄宿生生活补助", "amount": "250"}),
        passes("a scheme that does not ask", enrolment={"stage": "高中", "grade": "高一", "boarding": ""}, payments={"scheme": "高中助学金", "amount": "1000"}),
        passes("both schemes: said once", payments=[{}, {"scheme": "非寄宿生生活补助", "amount": "250"}], also=["duplicate.exclusive_schemes"]),
        absent("on no register: said once", enrolment={"boarding": "走读"}, eligibility=None, also=["ineligible.not_listed"]),
        untested("not known", enrolment={"boarding": "其他"}, reason="boarding_unknown"),
        untested("not stated", enrolment={"boarding": ""}, reason="boarding_unknown"),
    ],
)  # fmt: skip
def boarding(audit: Audit) -> ir.Table:
    """Boarders are paid as boarders, day pupils as day pupils."""
    paid = audit.aid.filter(
        (_.net > 0) & _.in_register & _.active.fill_null(True) & _.fits_stage.fill_null(True)
    )
    doubted_rows = paid.filter((~_.fits_boarding).fill_null(True))
    pairs = audit.exclusions.rename(due_scheme="other_scheme")
    due = audit.aid.semi_join(doubted_rows, "person_id").filter(yes(_.certain))
    due = due.select("person_id", due_scheme="scheme", due_instead="due")
    instead = due.inner_join(pairs, "due_scheme").group_by("person_id", "scheme").agg(
        due_instead=_.due_instead.max()
    )  # fmt: skip
    right_one = (
        audit.aid.semi_join(doubted_rows, "person_id")
        .filter(_.net > 0)
        .select("person_id", due_scheme="scheme")
    )
    both_paid = doubted_rows.inner_join(pairs, "scheme").inner_join(right_one, ["person_id", "due_scheme"])
    twice = both_paid.select("person_id", "scheme", twice=ibis.literal(True)).distinct()
    aid = beside(beside(doubted_rows, instead, ["person_id", "scheme"]), twice, ["person_id", "scheme"])
    told_there = yes(_.twice) & ibis.literal(speaks(audit, "duplicate.exclusive_schemes"))
    persons = (
        aid.mutate(misfit=~_.fits_boarding & ~told_there, part=without_excess(aid))
        .group_by("person_id")
        .agg(
            exception=some(_.misfit),
            at_stake=(_.part - _.due_instead.fill_null(0))
            .abs()
            .sum(where=yes(_.misfit))
            .fill_null(0)
            .cast(YUAN),
            amount_paid=_.net.sum(where=yes(_.misfit)).cast(YUAN),
            amount_due=_.due_instead.sum(where=yes(_.misfit)).cast(YUAN),
            scheme=_.scheme.min(where=yes(_.misfit)),
            paid_as_boarder=_.scheme_boarding.any(where=yes(_.misfit)),
        )
    )
    payees = audit.payees.filter(~unfounded(audit.payees, audit)).semi_join(paid, "person_id")
    records = payees.select("person_id", rests_on="payment_records")
    payees = beside(passing_but(persons, payees), records)
    return payees.mutate(
        untested=ibis.ifelse(_.exception.isnull(), "boarding_unknown", NO_REASON),
        reason=ibis.ifelse(yes(_.paid_as_boarder), "day_pupil_paid_as_boarder", "boarder_paid_as_day_pupil"),
    )
