"""预警: before the money is paid, who is entitled and in no list."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.awaited import rows_of_term
from auditlib.base.language import Text
from auditlib.base.logic import beside, yes
from auditlib.rules.common import NO_REASON, UNKNOWN, with_open_pairs, zero
from auditlib.rules.registry import absent, flags, passes, rule, untested

AT_HIS_SCHOOL = {"of": 2, "school_name": "{school_name}", "school_code": "{school}"}
TWO = {"enrolment": [{}, AT_HIS_SCHOOL], "eligibility": [{}, {"of": 2, "school_name": "{school_name}"}]}
UNPAID = ["missed.unpaid"]  # payments of other schools were delivered, so that rule speaks of the child too
PLANNED_ONLY = [*UNPAID, "payments.two_lists"]


@rule(
    "warning.not_in_plan",
    zh="漏报预警",
    en="Entitled, and not planned",
    criterion="核定基准日在资格名册、在读、符合必发项目条件的学生，本学期不在拟发放（申报）名单，也没有发放；所在学校的发放已交来的，由应助未助列出。",
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
    entitled = due.group_by("person_id").agg(
        certain=_.certain.any(), unknown=_.unknown.min(), paid=_.has_rows.any()
    )
    pupils = audit.pupils.filter(_.active.fill_null(True)).select("person_id", "school_id", "name")
    entitled_pupils = entitled.inner_join(pupils, "person_id").anti_join(_paid_schools(audit), "school_id")
    pupils_beside = beside(
        beside(beside(entitled_pupils, _planned(audit)), audit.doubtful), _half_read(audit), "name"
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


def _planned(audit: Audit) -> ir.Table:
    """``person_id -> planned``: false where no row of the person could be read."""
    return rows_of_term(audit, "planned").group_by("person_id").agg(planned=_.rejected.isnull().any())


def _half_read(audit: Audit) -> ir.Table:
    """``name``: in rows of the plan without a sound number that are nobody's whom a register knows."""
    bare = rows_of_term(audit, "planned").filter(_.id18.isnull() & ~_.in_register)
    return bare.select("name", half_read_plan=ibis.literal(True)).distinct()


def _paid_schools(audit: Audit) -> ir.Table:
    """``school_id``: of which payments of the term were delivered."""
    return rows_of_term(audit, "payments").filter(_.school_id.notnull()).select("school_id").distinct()
