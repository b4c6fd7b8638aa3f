"""超标准: one payment above what is due."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.language import Text
from auditlib.logic import yes
from auditlib.registers import Audit
from auditlib.rules.common import NO_REASON, UNKNOWN, zero
from auditlib.rules.registry import rule


@rule(
    "amount.overpaid",
    zh="超标准",
    en="Paid above the standard",
    criterion="一笔发放高于应发标准，且不能由其他疑点解释；资格类别不在该项目范围内的，应发为零。",
    message=Text("实发 {amount_paid} 元，标准 {amount_due} 元（{reason_text}）", "{amount_paid} yuan paid against a standard of {amount_due} ({reason_text})"),
    severity="medium",
    subject="aid",
    needs=("payments", "enrolment"),
    innocent=[
        Text("含以前学期的补发", "contains arrears of an earlier term"),
        Text("两个项目合并发放", "two schemes paid in one sum"),
        Text("学生同时属于更高一档的类别，名册未载", "the pupil also belongs to a higher category that the register lacks"),
    ],
)
def overpaid(audit: Audit) -> ir.Table:
    """No single payment is above the amount due for its scheme."""
    outside = ~_.in_register & (_.covered.fill_null(True) == False)  # noqa: E712 - a column, not a flag
    pupil = _.in_register & yes(_.active) & yes(_.fits_stage) & _.fits_boarding.fill_null(True)
    eligible = ~_.needs_category | (_.listed & _.eligible.fill_null(True))
    paid = audit.aid.filter((_.net > 0) & (outside | (pupil & eligible)))
    not_entitled = paid.in_register & paid.certain.isnull()
    limit = ibis.ifelse(not_entitled, zero(), paid.ceiling)
    return paid.mutate(
        allowed=limit,
        not_entitled=not_entitled,
        untested=ibis.cases(
            (not_entitled & paid.eligible.isnull() & paid.needs_category, "eligibility_date_unreadable"),
            (not_entitled & paid.stage_maximum.isnull(), "no_standard"),
            (paid.certain == False, paid.unknown),  # noqa: E712 - NULL must stay NULL
            (limit.isnull(), "no_standard"),
            else_=NO_REASON,
        ),
    ).mutate(
        exception=ibis.cases(
            (_.untested.notnull(), UNKNOWN),
            (_.not_entitled, True),
            else_=(_.successes == 1) & (_.net > _.allowed),
        ),
        reason=ibis.ifelse(_.not_entitled, "category_not_entitled", "above_standard"),
        at_stake=ibis.ifelse(_.not_entitled & (_.successes >= 2) & (_.net > _.ceiling), _.ceiling, _.net - _.allowed),
        amount_due=_.allowed,
        amount_paid=_.net,
        rests_on=_.payment_records,
    )  # fmt: skip
