"""应助未助: eligible children whom nobody placed, and those who were listed after the count date."""

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
from auditlib.base.logic import NO_ROWS, beside, yes
from auditlib.rules.common import (
    NO_REASON,
    UNKNOWN,
    aged,
    answered_ages,
    certified_unable,
    claims_begun_later,
    covers_compulsory,
    finished_before,
    going_on,
    late_children,
    lowest_due,
    may_be_due,
    untested_whereabouts,
    usual_stage,
    with_open_pairs,
    with_whereabouts,
    zero,
)
from auditlib.rules.dropout_ledger import closed_cases
from auditlib.rules.registry import NotRun, absent, flags, passes, rule, speaks, untested

AWAY: dict[str, None] = {"enrolment": None, "payments": None, "applications": None}
# As AWAY, beside another pupil, where the example's parameters give it a county of its own.
ONLY_ANOTHER = {"eligibility": [{}, {"of": 2}], **{table: {"of": 2} for table in AWAY}}
SPRING_2025 = {
    "term": "2025-spring",
    "count_date": "2025-04-30",
    "pay_by": "2025-07-31",
    "reply_by": "2025-07-15",
}
OWN_LISTS = ("preschool", "vocational")  # stages whose schools are often in no enrolment register
LISTED_LATE = {"valid_from": "2020-11-01"}


@rule(
    "missed.not_found",
    zh="疑似失学",
    en="In no register: possibly out of school",
    criterion="核定基准日在资格名册、学期前 8 月 31 日在义务教育年龄（周岁范围由本次参数给出，一般满 6 周岁未满 16 周岁）的儿童，既无学籍记录也无函告记录，清点时不在校、也无人送教，也未经四部门认定为不具备学习条件。",
    message=Text("义务教育年龄，{reason_text}，须逐人核实去向", "of compulsory school age ({reason_text}); find out where the child is"),
    severity="high",
    subject="pupil",
    earlier=True,
    needs=("eligibility", "enrolment"),
    reads=("payments", "letters", "unable", "attendance", "home_teaching", "dropouts"),
    innocent=[
        Text("随父母在外地就读，尚未函告", "at school elsewhere with the parents, no letter yet"),
        Text("学籍导出不全或刚转入", "the export of the register is incomplete, or the child has just moved in"),
        Text("身份证号登记有误或已变更", "the ID number was recorded wrongly or has changed"),
        Text("送教上门、延缓入学，已备案", "taught at home or entered late, on record"),
    ],
    examples=[
        flags("in no register and no letter", **AWAY, reason="in_no_register", at_stake="250.00"),
        flags("in two categories: the lowest standard of either", **AWAY, eligibility=[{"category": "孤儿"}, {"category": "建档立卡"}], at_stake="250.00"),
        flags("in no register, closed in the ledger of dropouts", **AWAY, dropouts={}, reason="closed_and_in_no_register", at_stake="250.00"),
        passes("enrolled"),
        passes("a letter was sent to another place", **AWAY, letters={}),
        flags("a letter of years ago alone", **AWAY, letters={"sent_on": "2018-09-20", "replied_on": "2018-10-20"}),
        passes("a letter of last spring, none since: asked there", **AWAY, letters={"sent_on": "2020-03-20", "replied_on": "2020-04-20"}),
        passes("a letter names the child by household", **AWAY, letters={"id_number": ""}),
        passes("has left: the register knows why", enrolment={"status": "转出", "status_date": "2019-08-30"}, payments=None, applications=None),
        passes("paid without enrolment: said once", enrolment=None, also=["mismatch.not_enrolled"]),
        passes("the number inside a G student number", enrolment={"id_number": ""}),
        flags("aged 6 on the last day of August", **AWAY, birth="2014-08-31"),
        absent("aged 6 a day later", **AWAY, birth="2014-09-01", also=["missed.not_placed"]),
        flags("aged 15 on the last day of August: the ninth year's standard, perhaps not yet senior school", **AWAY, birth="2004-09-01", at_stake="312.50"),
        flags("aged 12: perhaps still in the sixth year", **AWAY, birth="2008-08-31", at_stake="250.00"),
        flags("aged 13", **AWAY, birth="2007-08-31", at_stake="312.50"),
        absent("aged 16 on the last day of August", **AWAY, birth="2004-08-31", also=["missed.not_placed"]),
        flags("spring: aged 6 on 31 August of the year before", **AWAY, birth="2018-08-31", parameters=SPRING_2025),
        absent("spring: aged 6 a day later", **AWAY, birth="2018-09-01", parameters=SPRING_2025, also=["missed.not_placed"]),
        flags("spring: aged 15", **AWAY, birth="2008-09-01", parameters=SPRING_2025),
        absent("spring: aged 16", **AWAY, birth="2008-08-31", parameters=SPRING_2025, also=["missed.not_placed"]),
        flags("aged 16, compulsory to 16, in a county that handed in no letters", **ONLY_ANOTHER, birth="2004-08-31", parameters={"ages": {"compulsory": [6, 16]}}, reason="letters_not_delivered"),
        absent("no longer eligible on the count date", **AWAY, eligibility={"valid_to": "2020-10-30"}),
        flags("only the twin is enrolled", eligibility=[{}, {"of": 2, "household_no": "{household}"}], enrolment={"of": 2}, payments={"of": 2}, applications={"of": 2}),
        passes("at school when heads were counted, in no record: said there", **AWAY, attendance={}, also=["attendance.unregistered"]),
        flags("on the roster as not at school", **AWAY, attendance={"present": "否"}),
        passes("taught at home", **AWAY, home_teaching=[{}, {"taught_on": "2020-10-21"}], also=["home.not_enrolled"]),
        passes("held to be unable to attend, certified by all four offices", **AWAY, unable={}),
        untested("held to be unable to attend, a certificate cannot be read", **AWAY, unable={"certified_civil": "再议"}, reason="certificate_unreadable"),
        flags("held to be unable to attend, certified by three", **AWAY, unable={"certified_civil": ""}, also=["unable.uncertified"]),
        passes("finished the ninth year last term", **AWAY, birth="2005-05-04", last_term={"stage": "初中", "grade": "九年级"}),
        flags("was in the eighth year last term", **AWAY, birth="2005-05-04", last_term={"stage": "初中", "grade": "八年级"}),
        untested("a number damaged by the spreadsheet", **AWAY, eligibility={"id_number": "{id_float}"}, reason="no_usable_number"),
        untested("neither number nor birth date", **AWAY, eligibility={"id_number": "", "birth_date": ""}, reason="birth_unknown"),
        untested("eligible to a day that cannot be read", **AWAY, eligibility={"valid_to": "已脱贫"}, reason="eligibility_date_unreadable"),
        untested("a letter of that name whose number has a wrong digit", **AWAY, letters={"id_number": "{id_wrong_check}", "household_no": ""}, reason="letter_half_read"),
        flags("a letter of that name to another person", **AWAY, letters={"id_number": "{id_other}", "household_no": ""}),
        untested("paid by a row of that name whose number has a wrong digit", **AWAY | {"payments": {"id_number": "{id_wrong_check}"}}, reason="payment_half_read", also=["mismatch.not_enrolled"]),
        untested("an enrolment row with the number was rejected", enrolment={"name": ""}, payments=None, applications=None, reason="row_rejected"),
    ],
)  # fmt: skip
def not_found(audit: Audit) -> ir.Table:
    """An eligible child of compulsory age (by the parameters, usually 6 to 15) on 31 August before the term stands in the enrolment register or in a letter, is at school when heads are counted, taught at home, or certified to be unable to attend."""
    if not covers_compulsory(audit):
        raise NotRun("register_covers_no_compulsory_stage")
    of_age = aged(_.eligible_birth, audit.age_day, audit.parameters.ages.compulsory).fill_null(True)
    children = audit.eligible.filter(_.eligible.fill_null(True), of_age)
    others = (*finished_before(audit), certified_unable(audit), at_learning(audit))
    cases = with_whereabouts(children, audit, *others)
    perhaps_unable = certified_unable(audit, perhaps=True).mutate(perhaps_unable=ibis.literal(True))
    cases = beside(cases, perhaps_unable).mutate(usual_stage=usual_stage(_.eligible_birth, audit.age_day))
    unclear = (_.eligible_birth.isnull(), "birth_unknown"), (yes(_.perhaps_unable), "certificate_unreadable")
    answer = ibis.ifelse(_.untested.notnull(), UNKNOWN, ~yes(_.placed))
    cases = cases.mutate(untested=untested_whereabouts(*unclear)).mutate(exception=answer)
    expected = lowest_due(cases.filter(yes(_.exception)), audit).select("person_id", "expected")
    cases = beside(beside(cases, expected), closed_cases(audit))
    reason = ibis.literal("in_no_register" if audit.columns_found.get("letters") else "letters_not_delivered")
    return cases.mutate(
        reason=ibis.ifelse(_.ledger_records.notnull(), "closed_and_in_no_register", reason),
        rests_on=_.ledger_records.coalesce(NO_ROWS),
        at_stake=_.expected.fill_null(0),
    )


@rule(
    "missed.not_placed",
    zh="学前、高中年龄去向不明",
    en="Of preschool or senior age, in no record",
    criterion="核定基准日在资格名册、学前（3 至 5 周岁）或高中年龄（16 至 18 周岁；年龄和须知道去向的学段均由本次参数给出）的孩子，学籍、发放、函告中均无记录，花名册、送教台账中也没有。",
    message=Text("学籍、发放、函告中均无此人，请核实是否就读、在何处就读", "in no enrolment record, payment or letter; ask whether the child is at school, and where"),
    severity="low",
    subject="pupil",
    earlier=True,
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
        absent("a pupil of last term: said there", **AWAY, birth="2003-05-04", last_term={"stage": "高中", "grade": "高一"}, also=["enrolment.vanished"]),
        flags("a pupil of last term, and the county leaves enrolment.vanished out", **ONLY_ANOTHER, birth="2003-05-04", last_term={"stage": "高中", "grade": "高一"}, parameters={"leave_out": ["enrolment.vanished"]}),
        flags("finished the ninth year last term", **AWAY, birth="2004-06-04", last_term={"stage": "初中", "grade": "九年级"}),
        passes("an old record says that the child left", birth="2003-05-04", enrolment={"status": "毕业", "status_date": "2020-07-01"}, payments=None, applications=None),
        absent("no longer eligible", **AWAY, birth="2003-05-04", eligibility={"valid_to": "2020-10-30"}),
        untested("a number damaged by the spreadsheet", **AWAY, birth="2003-05-04", eligibility={"id_number": "{id_float}"}, reason="no_usable_number"),
        untested("the birth date is not known, and the county leaves missed.not_found out", **ONLY_ANOTHER | {"eligibility": [{"id_number": "", "birth_date": ""}, {"of": 2}]}, parameters={"leave_out": ["missed.not_found"]}, reason="birth_unknown"),
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
    # Of a child whose birth date nobody knows missed.not_found says so where it runs, of a pupil of last term enrolment.vanished.
    is_asked = covers_compulsory(audit) and speaks(audit, "missed.not_found")
    children = audit.eligible.filter(_.eligible.fill_null(True) & of_age.fill_null(not is_asked))
    for pupils in going_on(audit):
        children = children.anti_join(pupils, "person_id")
    others = [at_learning(audit), *([planned_persons(audit)] if is_paying(audit) else [])]
    return (
        with_whereabouts(_with_lists_to_come(children, audit), audit, *others)
        .mutate(
            untested=untested_whereabouts(
                (_.eligible_birth.isnull(), "birth_unknown"), (_.list_to_come, "not_yet_paid")
            )
        )
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
    planned_rows = rows_of_term(audit, "planned")
    stages = planned_rows.agg(
        **{
            f"told_{stage}": planned_rows.scheme.isin(schemes[stage]).any().fill_null(False)
            for stage in outside
        }
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
    criterion="核定基准日之后、学期结束之前纳入资格名册、按其类别有必发项目的在读学生，本学期没有任何发放净额；这样纳入的义务教育年龄儿童，学籍、发放、函告、花名册、各台账中均无记录的，也列出。",
    message=Text("核定基准日后才纳入名册，{reason_text}；在读的按本地规定补助或列入下学期，查无记录的逐人核实去向", "came onto the register after the count date ({reason_text}); pay a pupil by the local rule or list it for the next term, and find out where a child in no record is"),
    severity="medium",
    subject="pupil",
    needs=("eligibility", "eligibility.valid_from", "enrolment", "payments"),
    reads=("letters", "attendance", "dropouts", "unable", "home_teaching"),
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
        flags("of compulsory age, in no record", eligibility=LISTED_LATE, **AWAY, reason="in_no_register", at_stake="0.00"),
        absent("aged 5, in no record", eligibility=LISTED_LATE, **AWAY, birth="2014-09-01"),
        absent("aged 16, in no record", eligibility=LISTED_LATE, **AWAY, birth="2004-08-31"),
        passes("in no record, at school elsewhere by letter", eligibility=LISTED_LATE, **AWAY, letters={}),
        passes("in no record, at school when heads were counted: said there", eligibility=LISTED_LATE, **AWAY, attendance={}, also=["attendance.unregistered"]),
        passes("in no record, in the ledger of dropouts", eligibility=[LISTED_LATE, {"of": 2}], enrolment={"of": 2}, payments={"of": 2}, applications={"of": 2}, dropouts={"returned_on": "", "closed_on": "", "reported_on": "2020-10-01"}),
        untested("in no record, the birth date is not known", eligibility=LISTED_LATE | {"id_number": "", "birth_date": ""}, **AWAY, reason="birth_unknown"),
        absent("in no record, listed for the next term", eligibility={"valid_from": f"{terms.last_day('2020-autumn') + dt.timedelta(days=1)}"}, **AWAY),
        untested("in no record, the number damaged by the spreadsheet", eligibility=LISTED_LATE | {"id_number": "{id_float}"}, **AWAY, reason="no_usable_number"),
        absent("has left: asked there", eligibility=LISTED_LATE, payments=None, enrolment={"status": "转出"}),
        untested("the date of the record cannot be read", eligibility=LISTED_LATE, payments=None, enrolment={"status": "转出", "status_date": "去年"}, reason="status_unreadable"),
        untested("payment still lasts", eligibility=[LISTED_LATE, {"of": 2}], enrolment=[{}, {"of": 2}], payments={"of": 2}, parameters={"as_of": "2020-12-30"}, reason="not_yet_paid"),
        untested("a payment row of the child was rejected", eligibility=LISTED_LATE, payments={"amount": "伍佰"}, reason="payment_row_rejected"),
    ],
)  # fmt: skip
def listed_late(audit: Audit) -> ir.Table:
    """A pupil who comes onto a register after the count date and within the term is paid in it all the same, and a child of compulsory age who does is in some record."""
    later = claims_begun_later(audit)
    due = may_be_due(audit, audit.pupils, later.mutate(holds=ibis.literal(True)))
    listed_rows = late_children(audit).inner_join(due, "person_id")
    here = audit.pupils.filter(_.active.fill_null(True)).select("person_id", "active")
    pupils = listed_rows.select("person_id", "certain", "unknown").inner_join(here, "person_id")
    paid = audit.payees.select("person_id", paid=ibis.literal(True)).distinct()
    late_pupils = with_open_pairs(beside(beside(pupils, paid), audit.doubtful), audit, "payments")
    judged_pupils = late_pupils.mutate(
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
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~yes(_.paid)), reason=ibis.literal("no_payment")
    )
    columns = ("person_id", "exception", "untested", "reason", "confidence")
    judged = judged_pupils.select(*columns).union(_in_no_record(audit).select(*columns))
    return judged.mutate(at_stake=zero())


def _in_no_record(audit: Audit) -> ir.Table:
    """Children of compulsory age listed after the count date whom the enrolment register does not know, and whether anything
    else tells where they are; of a register without compulsory stages nobody."""
    of_age = aged(_.eligible_birth, audit.age_day, audit.parameters.ages.compulsory)
    children = late_children(audit).filter(of_age.fill_null(True)).anti_join(audit.pupils, "person_id")
    if not covers_compulsory(audit):
        children = children.limit(0)
    ledgers = (
        audit.rows[name].filter(_.rejected.isnull()).select("person_id") for name in ("dropouts", "unable")
    )
    placed = with_whereabouts(children, audit, at_learning(audit), *ledgers)
    return placed.mutate(untested=untested_whereabouts((_.eligible_birth.isnull(), "birth_unknown"))).mutate(
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~yes(_.placed)),
        reason=ibis.literal("in_no_register"),
    )
