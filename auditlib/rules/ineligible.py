"""不应助而助: paid although no register says, on the count date, that the pupil is eligible."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.language import Text
from auditlib.logic import yes
from auditlib.registers import YUAN, Audit
from auditlib.rules.common import NO_REASON, UNKNOWN, here, with_open_pairs
from auditlib.rules.registry import rule


def _payees(audit: Audit) -> ir.Table:
    """Active pupils paid a scheme that asks for eligibility; the excess of a double payment is another finding."""
    asked = audit.aid.filter((_.net > 0) & _.needs_category).mutate(
        part=ibis.ifelse((_.successes >= 2) & (_.net > _.ceiling), _.ceiling, _.net)
    )
    stakes = asked.group_by("person_id").agg(at_stake=_.part.sum().cast(YUAN))
    paid = here(audit.payees).inner_join(stakes, "person_id")
    return paid.mutate(rests_on=_.payment_records)


@rule(
    "ineligible.not_listed",
    zh="不在名册",
    en="Paid, on no eligibility register",
    criterion="在读学生领取了需要资格的资助，而不在任何资格名册中。",
    message=Text("发放 {at_stake} 元，任何资格名册中都没有此人", "{at_stake} yuan paid; the person is on no eligibility register"),
    severity="high",
    subject="pupil",
    needs=("payments", "enrolment", "eligibility"),
    innocent=[
        Text("学校自行认定的困难学生，认定名单未附", "hardship recognised by the school alone, its list was not delivered"),
        Text("名册身份证号有误，实在册", "the register has a wrong number; the person is on it"),
        Text("新纳入名册，导出时尚未更新", "has just been put on the register, after the export"),
    ],
)
def not_listed(audit: Audit) -> ir.Table:
    """An active pupil who is paid stands on an eligibility register."""
    delivered = audit.rows["eligibility"].group_by("category").agg(rows=_.source.nunique())
    paid = _payees(audit)
    both = paid.left_join(delivered, paid.stated_category == delivered.category).drop("category")
    known = with_open_pairs(both, audit, "eligibility")
    return known.mutate(
        untested=ibis.cases(
            (_.listed, NO_REASON),
            (_.eligibility_doubtful, "eligibility_row_rejected"),
            (_.stated_category.notnull() & _.rows.isnull(), "register_not_delivered"),
            (_.active.isnull(), "status_unreadable"),
            else_=NO_REASON,
        ),
    ).mutate(exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~_.listed), reason=ibis.literal("on_no_register"))


@rule(
    "ineligible.expired",
    zh="资格失效",
    en="Paid, eligibility ended or not yet begun",
    criterion="在读学生领取了需要资格的资助，曾在或将在名册，但核定基准日不在册。",
    message=Text("发放 {at_stake} 元，核定基准日资格{reason_text}", "{at_stake} yuan paid; on the count date the eligibility {reason_text}"),
    severity="medium",
    subject="pupil",
    needs=("payments", "enrolment", "eligibility"),
    innocent=[
        Text("学期中退出，按政策当学期仍可享受", "left the register during the term and may keep the aid for it"),
        Text("退出日期录入有误", "the date was recorded wrongly"),
    ],
)
def expired(audit: Audit) -> ir.Table:
    """An active pupil who is paid was on an eligibility register on the count date."""
    begun = audit.rows["eligibility"].group_by("person_id").agg(ever_begun=_.begun.any())
    paid = _payees(audit).filter(_.listed)
    both = paid.left_join(begun, "person_id").drop("person_id_right")
    return both.mutate(
        untested=ibis.cases(
            (yes(_.eligible), NO_REASON),
            (_.eligibility_doubtful, "eligibility_row_rejected"),
            (_.eligible.isnull(), "eligibility_date_unreadable"),
            (_.active.isnull(), "status_unreadable"),
            else_=NO_REASON,
        ),
    ).mutate(
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~_.eligible),
        reason=ibis.ifelse(yes(_.ever_begun), "ended", "not_begun"),
    )
