"""应助未助: eligible children outside compulsory age whom nobody placed, and those who were listed after the count date."""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.awaited import is_paying, planned_persons, rows_of_term
from auditlib.audit.rosters import at_learning
from auditlib.base import terms
from auditlib.base.language import Text
from auditlib.base.logic import beside, yes
from auditlib.rules.common import (
    NO_REASON,
    UNKNOWN,
    aged,
    answered_ages,
    may_be_due,
    untested_whereabouts,
    usual_stage,
    with_open_pairs,
    with_whereabouts,
    zero,
)
from auditlib.rules.registry import NotRun, absent, flags, passes, rule, untested

AWAY: dict[str, None] = {"enrolment": None, "payments": None, "applications": None}
# As AWAY, beside another pupil, where the example's parameters give it a county of its own.
ONLY_ANOTHER = {"eligibility": [{}, {"of": 2}], **{table: {"of": 2} for table in AWAY}}
OWN_LISTS = ("preschool", "vocational")  # stages whose schools are often in no enrolment register
LISTED_LATE = {"valid_from": "2020-11-01"}


@rule(
    "missed.not_placed",
    zh="学前、高中年龄去向不明",
    en="Of preschool or senior age, in no record",
    criterion="核定基准日在资格名册、学前（3 至 5 周岁）或高中年龄（16 至 18 周岁；年龄和须知道去向的学段均由本次参数给出）的孩子，学籍、发放、函告中均无记录，花名册、送教台账中也没有。",
    message=Text("学籍、发放、函告中均无此人，请核实是否就读、在何处就读", "in no enrolment record, payment or letter; ask whether the child is at school, and where"),
    severity="low",
    subject="pupil",
    needs=("eligibility", "enrolment", "payments"),
    reads=("letters", "attendance", "home_teaching"),
    innocent=[
        Text("未入园，或初中毕业后已就业", "not in kindergarten, or at work after junior school"),
        Text("在县外幼儿园、中职、普通高中就读", "at a kindergarten, vocational or senior school of another county"),
        Text("学籍数据不含学前、中职", "the enrolment data hold no preschool and no vocational pupils"),
    ],
    examples=[
        passes("on the roster of a kindergarten", **AWAY, birth="2015-08-31", attendance={"grade": "大班"}),
        flags("aged 3", **AWAY, birth="2017-08-31", reason="in_no_register", at_stake="0.00"),
        absent("aged 2", **AWAY, birth="2017-09-01"),
        flags("aged 5", **AWAY, birth="2014-09-01"),
        absent("aged 6: of compulsory age", **AWAY, birth="2014-08-31", also=["missed.not_found"]),
        absent("aged 15: of compulsory age", **AWAY, birth="2004-09-01", also=["missed.not_found"]),
        flags("aged 16", **AWAY, birth="2004-08-31"),
        flags("aged 18", **AWAY, birth="2001-09-01"),
        absent("aged 19", **AWAY, birth="2001-08-31"),
        absent("aged 16, and compulsory to 16", **ONLY_ANOTHER, birth="2004-08-31", parameters={"ages": {"compulsory": [6, 16]}}, also=["missed.not_found"]),
        absent("the county answers for senior pupils alone", **ONLY_ANOTHER, birth="2015-05-04", parameters={"answers_for": ["senior"]}),
        flags("the county answers for preschool alone", **ONLY_ANOTHER, birth="2015-05-04", parameters={"answers_for": ["preschool"]}),
        passes("enrolled", birth="2003-05-04", enrolment={"stage": "高中", "grade": "高二"}, payments={"scheme": "高中助学金", "amount": "1000"}),
        passes("planned, and payment lasts", **ONLY_ANOTHER, birth="2003-05-04", planned={"scheme": "高中助学金"}, parameters={"as_of": "2020-12-30"}),
        untested("payment lasts, and nobody of a kindergarten is planned yet", **ONLY_ANOTHER, birth="2016-05-04", parameters={"as_of": "2020-12-29"}, reason="not_yet_paid"),
        flags("payment lasts, and a kindergarten's list lacks the child", **ONLY_ANOTHER, birth="2016-05-04", planned={"of": 2, "scheme": "学前资助", "amount": "600"}, parameters={"as_of": "2020-12-30"}, reason="in_no_register"),
        flags("planned, and payment is over", **ONLY_ANOTHER, birth="2003-05-04", planned={"scheme": "高中助学金"}, parameters={"as_of": "2020-12-31"}),
        passes("a letter was sent", **AWAY, birth="2003-05-04", letters={}),
        passes("paid in a stage that the register does not cover", enrolment=None, applications=None, birth="2016-05-04", schools={"stage": "幼儿园"},
               payments={"scheme": "学前资助", "amount": "600"}),
        passes("an old record says that the child left", birth="2003-05-04", enrolment={"status": "毕业", "status_date": "2020-07-01"}, payments=None, applications=None),
        absent("no longer eligible", **AWAY, birth="2003-05-04", eligibility={"valid_to": "2020-10-30"}),
        untested("a number damaged by the spreadsheet", **AWAY, birth="2003-05-04", eligibility={"id_number": "{id_float}"}, reason="no_usable_number"),
        untested("eligible to a day that cannot be read", **AWAY, birth="2003-05-04", eligibility={"valid_to": "已脱贫"}, reason="eligibility_date_unreadable"),
        untested("a payment row with the number was rejected", birth="2003-05-04", enrolment=None, applications=None, payments={"amount": "伍佰"}, reason="row_rejected"),
        untested("a letter of that name whose number has a wrong digit", **AWAY, birth="2003-05-04", letters={"id_number": "{id_wrong_check}", "household_no": ""}, reason="letter_half_read"),
    ],
)  # fmt: skip
def not_placed(audit: Audit) -> ir.Table:
    """Of an eligible child of preschool or senior age for whom the county answers there is a record, a payment, a letter or a place on a roster."""
    groups = answered_ages(audit.parameters.ages, audit.parameters.answers_for)
    if not groups:
        raise NotRun("county_answers_for_no_stage")
    of_age = ibis.or_(*(aged(_.eligible_birth, audit.age_day, group) for group in groups))
    # Of a child whose birth date nobody knows missed.not_found says so.
    children = audit.eligible.filter(_.eligible.fill_null(True) & yes(of_age))
    others = [at_learning(audit), *([planned_persons(audit)] if is_paying(audit) else [])]
    return (
        with_whereabouts(_with_lists_to_come(children, audit), audit, *others)
        .mutate(untested=untested_whereabouts((_.list_to_come, "not_yet_paid")))
        .mutate(
            exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~yes(_.placed)),
            reason=ibis.literal("in_no_register"),
            at_stake=zero(),
        )
    )


def _with_lists_to_come(children: ir.Table, audit: Audit) -> ir.Table:
    """``children`` with ``list_to_come``: payment lasts, and of schools for the child's age that the register does not hold nobody is planned.

    Who is at a kindergarten or a vocational school is known by its lists alone.
    """
    outside = [stage for stage in OWN_LISTS if stage not in audit.parameters.enrolment_covers]
    if not is_paying(audit) or not outside:
        return children.mutate(list_to_come=ibis.literal(False))
    schemes = {
        stage: [one.id for one in audit.policy.schemes.values() if stage in one.covers_stages()]
        for stage in outside
    }
    planned = rows_of_term(audit, "planned")
    stages = planned.agg(
        **{f"told_{stage}": planned.scheme.isin(schemes[stage]).any().fill_null(False) for stage in outside}
    )
    of_age = {"preschool": _.usual_stage == "preschool", "vocational": _.usual_stage == "senior"}
    aged_children = children.mutate(usual_stage=usual_stage(_.eligible_birth, audit.age_day)).cross_join(
        stages
    )
    to_come = ibis.or_(*(yes(of_age[stage]) & ~_[f"told_{stage}"] for stage in outside))
    return aged_children.mutate(list_to_come=to_come).drop("usual_stage", *stages.columns)


@rule(
    "missed.listed_late",
    zh="学期中新纳入未资助",
    en="Listed within the term, not paid",
    criterion="核定基准日之后、学期结束之前纳入资格名册、按其类别有必发项目的在读学生，本学期没有任何发放净额。",
    message=Text("核定基准日后才纳入名册，本学期没有发放，请按本地规定补助或列入下学期", "came onto the register after the count date and was not paid; pay by the local rule or list for the next term"),
    severity="medium",
    subject="pupil",
    needs=("eligibility", "eligibility.valid_from", "enrolment", "payments"),
    innocent=[
        Text("本地规定自下学期起资助", "by the local rule aid begins with the next term"),
        Text("补录的名册，资助已随临时困难发放", "recorded belatedly; paid as temporary hardship"),
    ],
    examples=[
        flags("from the day after the count date", eligibility=LISTED_LATE, payments=None, reason="no_payment", at_stake="0.00"),
        flags("on the last day of the term", eligibility={"valid_from": f"{terms.last_day('2020-autumn')}"}, payments=None),
        absent("on the first day after the term", eligibility={"valid_from": f"{terms.last_day('2020-autumn') + dt.timedelta(days=1)}"}, payments=None),
        absent("of a category to which nothing is due", enrolment={"boarding": "走读"}, eligibility=LISTED_LATE | {"category": "其他困难"}, payments=None),
        untested("form of boarding not known", enrolment={"boarding": "其他"}, eligibility=LISTED_LATE | {"category": "其他困难"}, payments=None, reason="boarding_unknown"),
        absent("on the count date: entitled", eligibility={"valid_from": "2020-10-31"}, payments=None, also=["missed.unpaid"]),
        absent("on another register before", eligibility=[LISTED_LATE, {"category": "残疾"}], payments=None, also=["missed.unpaid"]),
        passes("and paid", eligibility=LISTED_LATE, also=["ineligible.expired"]),
        absent("not enrolled", eligibility=LISTED_LATE, **AWAY),
        absent("has left", eligibility=LISTED_LATE, payments=None, enrolment={"status": "转出"}),
        untested("the date of the record cannot be read", eligibility=LISTED_LATE, payments=None, enrolment={"status": "转出", "status_date": "去年"}, reason="status_unreadable"),
        untested("payment still lasts", eligibility=[LISTED_LATE, {"of": 2}], enrolment=[{}, {"of": 2}], payments={"of": 2}, parameters={"as_of": "2020-12-30"}, reason="not_yet_paid"),
        untested("a payment row of the child was rejected", eligibility=LISTED_LATE, payments={"amount": "伍佰"}, reason="payment_row_rejected"),
    ],
)  # fmt: skip
def listed_late(audit: Audit) -> ir.Table:
    """A pupil who comes onto a register after the count date and within the term is paid in it all the same."""
    last = ibis.literal(terms.last_day(audit.parameters.term))
    later = audit.rows["eligibility"].filter(~yes(_.begun) & (_.valid_from <= last))
    due = may_be_due(audit, audit.pupils, later.mutate(holds=ibis.literal(True)))
    listed = (
        audit.eligible.filter(~_.eligible.fill_null(True))
        .semi_join(later, "person_id")
        .inner_join(due, "person_id")
    )
    here = audit.pupils.filter(_.active.fill_null(True)).select("person_id", "active")
    pupils = listed.select("person_id", "certain", "unknown").inner_join(here, "person_id")
    paid = audit.payees.select("person_id", paid=ibis.literal(True)).distinct()
    late_pupils = with_open_pairs(beside(beside(pupils, paid), audit.doubtful), audit, "payments")
    return late_pupils.mutate(
        untested=ibis.cases(
            (yes(_.paid), NO_REASON),
            (_.active.isnull(), "status_unreadable"),
            (~_.certain, _.unknown),
            (yes(_.payments_doubtful), "payment_row_rejected"),
            (yes(_.perhaps_paid), "payment_half_read"),
            (ibis.literal(is_paying(audit)), "not_yet_paid"),
            else_=NO_REASON,
        )
    ).mutate(
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~yes(_.paid)),
        reason=ibis.literal("no_payment"),
        at_stake=zero(),
    )
