"""审批链条: application, review, approval, report and payment, in this order and in time."""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base import terms
from auditlib.base.language import Text
from auditlib.base.logic import NO_TEXT, beside, every, record, values_of, yes
from auditlib.linkage.schools import with_school
from auditlib.rules.common import NO_REASON, UNKNOWN, lacking, payees_at_school, zero
from auditlib.rules.registry import NotRun, absent, flags, passes, rule, speaks, untested
from auditlib.tables.delivered import TABLES

LEDGER_GAP = Text("台账漏登，原始材料齐全", "the ledger has a gap, the papers are complete")
IN_TERM = Text("学期中新增或变更的困难学生", "hardship that arose or changed within the term")
# In the order of the work; the day of payment comes last.
POSTED_FIRST = Text(
    "当地规定先公示、后由校长审批：多数学生都如此的，核对当地程序",
    "posted first and approved by the head afterwards, as is the rule there: where most pupils are so, look at the local procedure",
)
STEPS = (
    "applied_on",
    "teacher_on",
    "deputy_on",
    "head_on",
    "posted_from",
    "posted_to",
    "reported_on",
    "approved_on",
)
PAID_ON = TABLES["payments"].by_name["pay_date"].title
THEN = " → "
OTHERS = {"eligibility": {"category": "其他困难"}}


def _ledger(audit: Audit) -> ir.Table:
    return audit.rows["applications"].filter(_.rejected.isnull())


def _fault_rows(
    audit: Audit, rows: ir.Table, fault: ir.BooleanValue, reason: ir.Value, unknown: str, column: str = ""
) -> ir.Table:
    """Per pupil paid with an application: every application of theirs has the ``fault``. ``unknown``: why it cannot be told,
    where it is not that no sheet with the pupil has the ``column``."""
    lacks = lacking(audit, f"applications.{column}")
    persons = rows.mutate(fault=fault, fault_reason=reason, lacks=lacks).group_by("person_id").agg(
        exception=every(_.fault), reason=_.fault_reason.min(where=yes(_.fault)), applied=values_of(record("applications")),
        lacks=_.lacks.all(where=_.fault.isnull()),
    )  # fmt: skip
    applicants = persons.inner_join(
        payees_at_school(audit).select("person_id", "payment_records"), "person_id"
    )
    return applicants.mutate(
        untested=ibis.cases(
            (_.exception.notnull(), NO_REASON), (yes(_.lacks), "column_lacking"), else_=unknown
        ),
        at_stake=zero(),
        rests_on=_.payment_records.concat(_.applied),
    )


def _applied_rows(audit: Audit) -> ir.Table:
    return _ledger(audit).semi_join(payees_at_school(audit), "person_id")


def last_day_to_apply(term: str) -> dt.date:
    """The end of September, or of the February before the term."""
    first = terms.first_day(term)
    return dt.date(first.year, 9, 30) if first.month == 9 else first - dt.timedelta(days=1)


@rule(
    "procedure.no_application",
    zh="无申请记录",
    en="No application",
    criterion="受助类别全部属于政策规定须本人申请的（国家标准为“其他困难”），学生须有申请；已发放而申请认定台账中没有此人。",
    message=Text("已发放，申请认定台账中没有此人", "paid; the applications ledger does not name the pupil"),
    severity="low",
    subject="pupil",
    needs=("payments", "applications"),
    reads=("eligibility",),
    innocent=[LEDGER_GAP, IN_TERM],
    examples=[
        flags("paid for other hardship, in no ledger", eligibility=[{"category": "其他困难"}, {"of": 2}], applications={"of": 2, "school_name": "{school_name}"}, reason="no_application", at_stake="0.00"),
        passes("paid for other hardship, applied", **OTHERS),
        absent("found by comparing data: nobody applies for it", applications={"of": 2}),
        absent("nothing paid", **OTHERS, payments=None, applications={"of": 2}, also=["missed.unpaid"]),
        untested("the school's ledger was not delivered", **OTHERS, applications=None, reason="ledger_not_delivered"),
    ],
)  # fmt: skip
def no_application(audit: Audit) -> ir.Table:
    """Who is aided only in categories that the policy has applied for has applied.

    The policy's ``by_application`` names them; all others are found by comparing data.
    """
    if not audit.policy.by_application:
        raise NotRun("no_category_applied_for")
    categories = audit.rows["eligibility"].filter(yes(_.holds)).group_by("person_id")
    only_applied = categories.agg(
        by_application=_.category.isin(audit.policy.by_application).fill_null(False).all()
    )
    paid_by_application = payees_at_school(audit).inner_join(
        only_applied.filter(_.by_application), "person_id"
    )
    paid_by_application = paid_by_application.select("person_id", "payment_records", "amount_paid")
    ledger = _ledger(audit)
    there = ledger.select("person_id", applied=ibis.literal(True)).distinct()
    schools = (
        ledger.filter(_.school_id.notnull()).select("school_id", delivered=ibis.literal(True)).distinct()
    )
    pupils = audit.pupils.select("person_id", "school_id")
    payees = beside(beside(beside(paid_by_application, pupils), schools, "school_id"), there)
    return payees.mutate(
        exception=ibis.cases((yes(_.applied), False), (yes(_.delivered), True), else_=UNKNOWN),
        untested=ibis.ifelse(~yes(_.applied) & ~yes(_.delivered), "ledger_not_delivered", NO_REASON),
        reason=ibis.literal("no_application"),
        at_stake=zero(),
        rests_on=_.payment_records,
    )


@rule(
    "procedure.other_term",
    zh="沿用其他学期的申请",
    en="Applied for another term",
    criterion="资助按学期申请认定；台账中此人的申请全部属于其他学期。",
    message=Text("台账中只有其他学期的申请", "the ledger holds applications for other terms only"),
    severity="low",
    subject="pupil",
    needs=("payments", "applications"),
    innocent=[LEDGER_GAP, Text("按学年认定、分学期发放", "recognised for the school year, paid by the term")],
    examples=[
        passes("applied in September of the term"),
        flags("applied a year before", applications={"applied_on": "2019-09-10"}, reason="other_term", at_stake="0.00"),
        flags("the ledger's own column names another term", applications={"term": "2019年秋季学期"}, reason="other_term"),
        passes("the column names the term, whatever the day", applications={"term": "2020年秋季学期", "applied_on": "2020-06-10"}),
        passes("one application of the term, one of the year before", applications=[{"applied_on": "2019-09-10"}, {}]),
        passes("two months before the term", applications={"applied_on": "2020-07-01"}),
        flags("three months before the term", applications={"applied_on": "2020-06-30"}, reason="other_term"),
        untested("neither term nor day", applications={"applied_on": ""}, reason="date_unreadable"),
        untested("a day that cannot be read", applications={"applied_on": "2020-13-01"}, reason="date_unreadable"),
        absent("not in the ledger", applications=None),
    ],
)  # fmt: skip
def other_term(audit: Audit) -> ir.Table:
    """Aid of a term rests on an application for that term."""
    columns = ("term", "applied_on")
    if not set(columns) & audit.columns_found.get("applications", frozenset(columns)):
        raise NotRun(",".join(f"applications.{column}" for column in columns))
    term = audit.parameters.term
    begins, ends = ibis.literal(terms.first_day_of_papers(term)), ibis.literal(terms.last_day(term))
    fault = ibis.cases(
        (_.term.notnull(), _.term != term),
        (_.applied_on.isnull(), UNKNOWN),
        else_=(_.applied_on < begins) | (_.applied_on > ends),
    )
    return _fault_rows(audit, _applied_rows(audit), fault, ibis.literal("other_term"), "date_unreadable")


@rule(
    "procedure.applied_late",
    zh="逾期申请",
    en="Applied late",
    criterion="申请应在 9 月底（秋季）或 2 月底（春季）以前提出。",
    message=Text("申请晚于规定时间", "applied after the last day"),
    severity="low",
    subject="pupil",
    needs=("payments", "applications", "applications.applied_on"),
    innocent=[IN_TERM],
    examples=[
        flags("the day after the last of September", applications={"applied_on": "2020-10-01", "posted_from": "2020-10-09", "posted_to": "2020-10-16", "approved_on": "2020-10-20"},
              reason="applied_late", at_stake="0.00"),
        passes("on the last day of September", applications={"applied_on": "2020-09-30", "posted_from": "2020-09-30", "posted_to": "2020-10-13", "approved_on": "2020-10-20"}),
        passes("one of two in time", applications=[{"applied_on": "2020-10-01", "posted_from": "2020-10-09", "posted_to": "2020-10-16", "approved_on": "2020-10-20"}, {}]),
        untested("no day", applications={"applied_on": ""}, reason="date_unreadable"),
        absent("not in the ledger", applications=None),
    ],
)  # fmt: skip
def applied_late(audit: Audit) -> ir.Table:
    """An application is made by the end of September or of February."""
    last = ibis.literal(last_day_to_apply(audit.parameters.term))
    fault = ibis.ifelse(_.applied_on.isnull(), UNKNOWN, _.applied_on > last)
    return _fault_rows(
        audit, _applied_rows(audit), fault, ibis.literal("applied_late"), "date_unreadable", "applied_on"
    )


@rule(
    "procedure.order",
    zh="审批顺序颠倒",
    en="Steps out of order",
    criterion="申请、班主任审查、分管领导审核、校长审批、公示、上报、审批、发放应依次进行；公示有异议的，处理后方可审批。",
    message=Text("审批程序有误：{reason_text}（{steps}）", "the chain of approval is out of order: {reason_text} ({steps})"),
    severity="low",
    subject="pupil",
    needs=("payments", "applications"),
    innocent=[LEDGER_GAP, Text("补填台账，日期有误", "the ledger was filled in afterwards, with wrong days"), POSTED_FIRST],
    examples=[
        passes("each step after the one before"),
        passes("all steps on one day", applications=dict.fromkeys(STEPS, "2020-09-21") | {"posted_to": "2020-09-25", "reported_on": "2020-09-25", "approved_on": "2020-10-12"}),
        flags("approved after the payment", applications={"approved_on": "2020-11-21"}, reason="approved_after_payment", at_stake="0.00"),
        passes("approved on the day of payment", applications={"approved_on": "2020-11-20"}),
        flags("the head before the class teacher", applications={"teacher_on": "2020-09-18", "head_on": "2020-09-15"}, reason="steps_reversed"),
        flags("posted before it was applied for", applications={"applied_on": "2020-09-22"}, reason="steps_reversed"),
        flags("reported before the posting had ended", applications={"reported_on": "2020-09-24"}, reason="steps_reversed"),
        flags("approved, and an objection is open", applications={"objection": "有异议"}, reason="objection_open"),
        passes("an objection was resolved", applications={"objection": "已处理"}),
        passes("two applications, one in order", applications=[{"approved_on": "2020-11-21"}, {}]),
        passes("a day is missing: the others are in order", applications={"approved_on": ""}, also=["procedure.not_approved"]),
        untested("a day that cannot be read", applications={"teacher_on": "九月中旬"}, reason="date_unreadable"),
        absent("not in the ledger", applications=None),
    ],
)  # fmt: skip
def steps_out_of_order(audit: Audit) -> ir.Table:
    """Application, review, approval, posting, report, approval by the bureau and payment follow each other."""
    first = audit.paid_rows.group_by("person_id").agg(first_paid=_.pay_date.min())
    rows = _applied_rows(audit).inner_join(first, "person_id")
    pairs = [
        (earlier, later)
        for at, earlier in enumerate(STEPS)
        for later in STEPS[at + 1 :]
        if (earlier, later) != ("posted_from", "posted_to")  # a posting that ends before it begins is short
    ]
    is_reversed = ibis.or_(*(yes(rows[earlier] > rows[later]) for earlier, later in pairs))
    unreadable = ibis.or_(*(rows[f"{step}_defect"].notnull() for step in STEPS))
    # Paid before the posting had ended: that is said by a rule of its own.
    told_there = yes(_.first_paid < _.posted_to) & ibis.literal(
        speaks(audit, "procedure.paid_before_posting_ended")
    )
    late = yes(_.approved_on > _.first_paid) & ~told_there
    open_ = yes(_.objection == "open")
    fault = ibis.cases((late | is_reversed | open_, True), (unreadable, UNKNOWN), else_=False)
    reason = ibis.cases(
        (late, "approved_after_payment"), (is_reversed, "steps_reversed"), else_="objection_open"
    )
    language = audit.parameters.language
    steps = ibis.cases(
        (late, _step_on(rows, PAID_ON, "first_paid", language) + THEN + _step(rows, "approved_on", language)),
        *((yes(rows[earlier] > rows[later]), _step(rows, later, language) + THEN + _step(rows, earlier, language)) for earlier, later in pairs),
        else_=_step(rows, "approved_on", language),
    )  # fmt: skip
    # Of several applications the reason that comes first is told, with its own days.
    faults = _fault_rows(audit, rows, fault, reason + "|" + steps, "date_unreadable")
    return faults.mutate(reason=_.reason.split("|")[0], steps=_.reason.split("|")[1])


def _step(rows: ir.Table, column: str, language: str) -> ir.StringValue:
    return _step_on(rows, TABLES["applications"].by_name[column].title, column, language)


def _step_on(rows: ir.Table, title: Text, column: str, language: str) -> ir.StringValue:
    """The step and its day: 校长审批 2020-09-15; the step alone where no day is written."""
    return ibis.literal(title.into(language)) + (" " + rows[column].cast("string")).fill_null("")


@rule(
    "procedure.panel_small",
    zh="评审人数不足",
    en="Panel too small",
    criterion="认定评审小组人数不足规定人数。",
    message=Text("评审小组人数不足", "the panel had fewer members than prescribed"),
    severity="low",
    subject="pupil",
    needs=("payments", "applications", "applications.panel_size"),
    innocent=[LEDGER_GAP, Text("教学点、规模过小的学校", "a teaching point or very small school")],
    examples=[
        passes("ten", applications={"panel_size": "10"}),
        flags("nine", applications={"panel_size": "9"}, reason="small", at_stake="0.00"),
        passes("nine, where the parameters ask for five", applications={"panel_size": "9"}, parameters={"panel_size": 5}),
        untested("not stated", applications={"panel_size": ""}, reason="panel_not_stated"),
        untested("a number that cannot be read", applications={"panel_size": "若干"}, reason="panel_not_stated"),
        absent("not in the ledger", applications=None),
    ],
)  # fmt: skip
def panel_small(audit: Audit) -> ir.Table:
    """A panel that recognises hardship has the prescribed number of members."""
    least = audit.parameters.thresholds.panel_size
    fault = ibis.ifelse(_.panel_size.isnull(), UNKNOWN, _.panel_size < least)
    return _fault_rows(
        audit, _applied_rows(audit), fault, ibis.literal("small"), "panel_not_stated", "panel_size"
    )


@rule(
    "procedure.not_stamped",
    zh="村委会未盖章",
    en="Not stamped by the village",
    criterion="已发放，而申请认定台账写明村（居）委会没有盖章。台账没有这一列或没有填写的，不判断。",
    message=Text("已发放，台账写明村（居）委会未盖章", "paid; the ledger says that the village has not stamped the application"),
    severity="low",
    subject="pupil",
    needs=("payments", "applications", "applications.stamped"),
    innocent=[LEDGER_GAP, Text("当地不再要求村（居）委会盖章", "no stamp of the village is asked for any more")],
    examples=[
        passes("stamped", applications={"stamped": "是"}),
        flags("not stamped", applications={"stamped": "否"}, reason="not_stamped", at_stake="0.00"),
        passes("two applications, one stamped", applications=[{"stamped": "否"}, {"stamped": "是"}]),
        untested("not told", applications={"stamped": ""}, reason="stamp_not_stated"),
        untested("a word that says neither", applications={"stamped": "待定"}, reason="stamp_not_stated"),
        absent("not in the ledger", applications=None),
    ],
)  # fmt: skip
def not_stamped(audit: Audit) -> ir.Table:
    """An application that was paid upon bears the stamp of the village, where the ledger tells of it."""
    fault = ibis.ifelse(_.stamped.isin(["yes", "no"]), _.stamped == "no", UNKNOWN)
    return _fault_rows(
        audit, _applied_rows(audit), fault, ibis.literal("not_stamped"), "stamp_not_stated", "stamped"
    )


@rule(
    "procedure.over_quota",
    zh="超名额发放",
    en="More paid than places",
    criterion="一所学校一个项目本学期受助人数超过下达名额。",
    message=Text("名额 {places} 个，发放 {paid} 人", "{places} places, {paid} pupils paid"),
    severity="medium",
    subject="school",
    needs=("payments", "quotas"),
    innocent=[Text("名额学期中调整，清单未更新", "the places were changed within the term, the list has not followed")],
    examples=[
        passes("as many as places", quotas={"places": "1"}),
        flags("one more than places", quotas={"places": "0"}, reason="over_quota", at_stake="0.00"),
        passes("two lines together", quotas=[{"places": "0"}, {"places": "1"}]),
        untested("two lines, the places of one cannot be read", quotas=[{"places": "0"}, {"places": "若干"}], reason="row_rejected"),
        passes("two lines, the places of one cannot be read, the other's are enough", quotas=[{"places": "1"}, {"places": "若干"}]),
        passes("places of another scheme", quotas=[{}, {"scheme": "非寄宿生生活补助", "places": "0"}]),
        untested("a school that the list leaves out, of a scheme that another has places for", schools=[{}, {"school_code": "{school2}", "school_name": "{school_name2}"}], quotas={"school_name": "{school_name2}"}, reason="places_not_listed"),
        untested("a school that no register knows", payments=None, quotas={"school_name": "无名学校", "places": "0"}, reason="school_unknown", also=["missed.unpaid"]),
    ],
)  # fmt: skip
def over_quota(audit: Audit) -> ir.Table:
    """A school pays a scheme to no more pupils than it has places."""
    rows = with_school(audit.rows["quotas"].filter(_.scheme.notnull()), audit.school_names)
    places = rows.group_by(school=_.school_id.coalesce(_.school_name), part=_.scheme).agg(
        places=_.places.sum(where=_.rejected.isnull()), half_read=_.rejected.notnull().any(), named_school=_.school_name.min(), placed=_.school_id.notnull().any(),
        rests_on=values_of(record("quotas")),
    )  # fmt: skip
    paid = audit.paid_rows.group_by(school=_.school_id, part=_.scheme).agg(
        paid=_.person_id.nunique(), payment_records=values_of(record("payments"))
    )  # fmt: skip
    listed_rows = beside(places, paid.drop("payment_records"), ["school", "part"]).mutate(
        paid=_.paid.fill_null(0)
    )
    # A school without a line for a scheme that other schools have lines for: nobody says how many places it has.
    left_out = paid.filter(_.school.notnull()).semi_join(places, "part").anti_join(places, ["school", "part"])
    left_out = left_out.mutate(
        places=ibis.null("int64"),
        half_read=ibis.literal(False),
        named_school=NO_TEXT,
        placed=ibis.literal(True),
        rests_on=_.payment_records,
    )
    schools = listed_rows.union(left_out.select(*listed_rows.columns))
    more = _.paid > _.places.fill_null(0)
    return schools.mutate(
        untested=ibis.cases(
            (~_.placed, "school_unknown"),
            (_.half_read & more, "row_rejected"),
            (_.places.isnull() & ~_.half_read, "places_not_listed"),
            else_=NO_REASON,
        )
    ).mutate(
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, more),
        reason=ibis.literal("over_quota"),
        at_stake=zero(),
        scheme=_.part,
        person_id=NO_TEXT,
    )
