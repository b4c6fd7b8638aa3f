"""预警: before the money is paid, who is entitled and in no list."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit, paid_instead
from auditlib.audit.awaited import due_and_planned, is_paying, rows_of_term
from auditlib.base.language import Text
from auditlib.base.logic import beside, yes
from auditlib.rules.common import NO_REASON, UNKNOWN, with_open_pairs, zero
from auditlib.rules.registry import absent, flags, passes, rule, speaks, untested

AT_HIS_SCHOOL = {"of": 2, "school_name": "{school_name}", "school_code": "{school}"}
TWO = {"enrolment": [{}, AT_HIS_SCHOOL], "eligibility": [{}, {"of": 2, "school_name": "{school_name}"}]}
UNPAID = ["missed.unpaid"]  # payments of other schools were delivered, so that rule speaks of the child too
PLANNED_ONLY = [*UNPAID, "payments.two_lists"]
BOTH_PLANNED = [{}, {"of": 2, "school_name": "{school_name}"}]
PAYING = {"as_of": "2020-12-30"}
DAY_PUPIL = AT_HIS_SCHOOL | {"boarding": "走读"}


@rule(
    "warning.not_in_plan",
    zh="漏报预警",
    en="Entitled, and not planned",
    criterion="核定基准日在资格名册、在读、符合必发项目条件的学生，本学期不在拟发放（申报）名单，也没有发放；所在学校的发放已交来的（发放期内：该项目的发放已交来的），由应助未助列出。",
    message=Text("应助而不在拟发放名单中，请在发放前补报", "entitled and in no list of planned payments; add the child before the money is paid"),
    severity="medium",
    subject="pupil",
    needs=("eligibility", "enrolment", "planned"),
    reads=("payments",),
    innocent=[
        Text("该校名单分批报送，另一批尚未交来", "the school sends its list in parts, of which one is still to come"),
        Text("家长书面放弃资助", "the parents declined in writing"),
    ],
    examples=[
        flags("in neither list", planned=None, payments=None, reason="not_planned", at_stake="0.00", also=UNPAID),
        passes("planned, not yet paid", planned={}, payments=None, also=PLANNED_ONLY),
        absent("paid without a plan: the school's payments are there", planned=None),
        passes("planned without a number", planned={"id_number": ""}, payments=None, also=PLANNED_ONLY),
        flags("planned for another term", planned={"term": "2020-spring"}, payments=None, also=UNPAID),
        absent("the school's payments are there: said once", planned=None, payments=AT_HIS_SCHOOL, **TWO, also=UNPAID),
        absent("while payment lasts, the school's payments of the scheme are there: said once", planned=None, payments=AT_HIS_SCHOOL, **TWO, parameters=PAYING, also=UNPAID),
        flags("while payment lasts, only another scheme of the school is paid", **TWO | {"enrolment": [{}, DAY_PUPIL]}, planned={"of": 2, "scheme": "非寄宿生生活补助", "amount": "250"},
              payments=AT_HIS_SCHOOL | {"scheme": "非寄宿生生活补助", "amount": "250"}, parameters=PAYING, reason="not_planned"),
        absent("not eligible on the count date", eligibility={"valid_to": "2020-10-30"}, planned=None, payments=None),
        absent("has left", enrolment={"status": "转出"}, planned=None, payments=None),
        absent("no scheme is due", enrolment={"boarding": "走读"}, eligibility={"category": "其他困难"}, planned=None, payments=None),
        untested("form of boarding not known", enrolment={"boarding": "其他"}, planned=None, payments=None, reason="boarding_unknown"),
        untested("a row of the list could not be read", planned={"amount": "?"}, payments=None, reason="planned_row_rejected", also=UNPAID),
        untested("one of the name in the list, without a sound number", planned={"id_number": "{id_float}", "school_name": ""}, payments=None, reason="planned_half_read", also=PLANNED_ONLY),
    ],
)  # fmt: skip
def not_in_plan(audit: Audit) -> ir.Table:
    """A pupil entitled to a mandatory scheme is in the list of planned payments or was paid, before the term's money is gone."""
    due = audit.aid.filter(_.certain.notnull() & yes(_.mandatory) & (_.due > 0).fill_null(True))
    entitled_rows = due.group_by("person_id").agg(
        certain=_.certain.any(), unknown=_.unknown.min(), paid=_.has_rows.any()
    )
    pupils = audit.pupils.filter(_.active.fill_null(True)).select("person_id", "school_id", "name")
    entitled_pupils = entitled_rows.inner_join(pupils, "person_id").anti_join(
        _with_payments(due, audit), "person_id"
    )
    pupils_beside = beside(
        beside(beside(entitled_pupils, _planned_rows(audit)), audit.doubtful), _half_read(audit), "name"
    )
    listed = yes(_.planned) | _.paid
    return with_open_pairs(pupils_beside, audit, "planned").mutate(
        untested=ibis.cases(
            (listed, NO_REASON),
            (~_.certain, _.unknown),
            (_.planned.notnull(), "planned_row_rejected"),
            (yes(_.payments_doubtful), "payment_row_rejected"),
            (yes(_.half_read_plan), "planned_half_read"),
            else_=NO_REASON,
        ),
        exception=~listed,
        reason=ibis.literal("not_planned"),
        at_stake=zero(),
    ).mutate(exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, _.exception))  # fmt: skip


def _planned_rows(audit: Audit) -> ir.Table:
    """``person_id -> planned``: false where no row of the person could be read."""
    return rows_of_term(audit, "planned").group_by("person_id").agg(planned=_.rejected.isnull().any())


def _half_read(audit: Audit) -> ir.Table:
    """``name``: in rows of the plan without a sound number that are nobody's whom a register knows."""
    bare = rows_of_term(audit, "planned").filter(_.id18.isnull() & ~_.in_register)
    return bare.select("name", half_read_plan=ibis.literal(True)).distinct()


def _with_payments(due: ir.Table, audit: Audit) -> ir.Table:
    """``person_id``: of whom missed.unpaid speaks, for payments of their school were delivered; while payment lasts, of a scheme due.
    Nobody where that rule does not run."""
    if not speaks(audit, "missed.unpaid"):
        return due.select("person_id").limit(0)
    key = ["school_id", "scheme"] if is_paying(audit) else ["school_id"]
    paid = rows_of_term(audit, "payments").filter(_.school_id.notnull()).select(*key).distinct()
    schools = audit.pupils.select("person_id", "school_id")
    return (
        due.select("person_id", "scheme")
        .inner_join(schools, "person_id")
        .semi_join(paid, key)
        .select("person_id")
    )


@rule(
    "warning.passed_over",
    zh="拟发未发预警",
    en="Planned, and passed over",
    criterion="发放期内（数据截至日期早于发放截止日）：学生在拟发放名单，所在学校该项目已有发放，其本人还没有。发放期满后由应助未助列出。",
    message=Text("已在拟发放名单，同校该项目已发放，其本人还没有：请问明是分批发放还是漏发", "planned, and the school's others are paid this scheme: ask whether the child's part is still to come or was left out"),
    severity="low",
    subject="aid",
    needs=("eligibility", "enrolment", "planned", "payments"),
    innocent=[
        Text("分批发放，该生在后一批", "paid in parts, of which the child's is still to come"),
        Text("银行卡信息待更正，随后补发", "the card is being corrected, and the money follows"),
    ],
    examples=[
        flags("the school's others are paid", planned=BOTH_PLANNED, payments=AT_HIS_SCHOOL, **TWO, parameters=PAYING, reason="planned_not_paid", at_stake="0.00"),
        passes("paid", planned={}, parameters=PAYING),
        absent("the school is not paid yet", planned={}, payments={"of": 2}, eligibility=[{}, {"of": 2}], enrolment=[{}, {"of": 2}], parameters=PAYING),
        untested("a payment row of the pupil was rejected", planned=BOTH_PLANNED, payments=[AT_HIS_SCHOOL, {"amount": "伍佰"}], **TWO, parameters=PAYING, reason="payment_row_rejected"),
        untested("form of boarding not known", enrolment=[{"boarding": "其他"}, AT_HIS_SCHOOL], eligibility=TWO["eligibility"], planned=BOTH_PLANNED, payments=AT_HIS_SCHOOL, parameters=PAYING, reason="boarding_unknown"),
        absent("in no list of planned payments", planned={"of": 2}, payments=AT_HIS_SCHOOL, **TWO, parameters=PAYING, also=UNPAID),
        absent("payment is over: missed, and said there", planned=BOTH_PLANNED, payments=AT_HIS_SCHOOL, **TWO, parameters={"as_of": "2020-12-31"}, also=PLANNED_ONLY),
    ],
)  # fmt: skip
def passed_over(audit: Audit) -> ir.Table:
    """While payment lasts, a pupil who is planned is paid when the school's others are."""
    expected_rows = due_and_planned(audit).filter(_.planned & _.school_paid)
    columns = ["certain", "unknown", "payments_doubtful", "perhaps_paid"]
    aid = expected_rows.inner_join(audit.aid.select("person_id", "scheme", *columns), ["person_id", "scheme"])
    # Once payment is over missed.unpaid speaks of them all, where it runs.
    aid = aid if is_paying(audit) or not speaks(audit, "missed.unpaid") else aid.limit(0)
    instead = beside(aid, paid_instead(audit), ["person_id", "scheme"]).mutate(
        paid=_.has_rows | yes(_.instead)
    )
    return instead.mutate(
        untested=ibis.cases(
            (_.paid, NO_REASON),
            (~_.certain, _.unknown),
            (yes(_.payments_doubtful), "payment_row_rejected"),
            (yes(_.perhaps_paid), "payment_half_read"),
            else_=NO_REASON,
        ),
        reason=ibis.literal("planned_not_paid"),
        at_stake=zero(),
    ).mutate(exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~_.paid))
