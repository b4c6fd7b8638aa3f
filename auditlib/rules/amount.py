"""超标准: one payment above what is due."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit, paid_instead
from auditlib.base.language import Text
from auditlib.base.logic import beside, yes
from auditlib.rules.common import NO_REASON, UNKNOWN, zero
from auditlib.rules.registry import absent, flags, passes, rule, speaks, untested


@rule(
    "amount.overpaid",
    zh="超标准",
    en="Paid above the standard",
    criterion="一笔发放高于应发标准，且不能由其他疑点解释；资格类别不在该项目范围内的，应发为零。",
    message=Text("实发 {amount_paid} 元，标准 {amount_due} 元（{reason_text}）", "{amount_paid} yuan paid against a standard of {amount_due} ({reason_text})"),
    severity="medium",
    subject="aid",
    needs=("payments", "enrolment"),
    reads=("eligibility",),
    innocent=[
        Text("含以前学期的补发", "contains arrears of an earlier term"),
        Text("两个项目合并发放", "two schemes paid in one sum"),
        Text("学生同时属于更高一档的类别，名册未载", "the pupil also belongs to a higher category that the register lacks"),
    ],
    examples=[
        flags("one fen above", payments={"amount": "500.01"}, reason="above_standard", at_stake="0.01"),
        passes("to the fen"),
        passes("below", payments={"amount": "400"}, also=["missed.underpaid"]),
        passes("too much, and the excess recovered", payments=[{"amount": "800"}, {"amount": "-300"}]),
        flags("too much, and a part recovered", payments=[{"amount": "800"}, {"amount": "-200"}], at_stake="100.00"),
        passes("paid twice: said once", payments=[{}, {}], also=["duplicate.same_scheme"]),
        passes("the highest tier", enrolment={"stage": "高中", "grade": "高一"}, payments={"scheme": "高中助学金", "amount": "1250"}),
        flags("above the highest tier", enrolment={"stage": "高中", "grade": "高一"}, payments={"scheme": "高中助学金", "amount": "1250.01"}, at_stake="0.01"),
        flags("a category that is not entitled", enrolment={"boarding": "走读"}, eligibility={"category": "其他困难"},
              payments={"scheme": "非寄宿生生活补助", "amount": "250"}, reason="category_not_entitled", at_stake="250.00"),
        passes("one of two categories is entitled", enrolment={"boarding": "走读"}, eligibility=[{}, {"category": "其他困难"}],
               payments={"scheme": "非寄宿生生活补助", "amount": "250"}),
        absent("the other form of boarding: said once", enrolment={"boarding": "走读"}, also=["mismatch.boarding"]),

        absent("on no register: said once", eligibility=None, payments={"amount": "800"}, also=["ineligible.not_listed"]),
        flags("a stage that the register does not cover", enrolment=None, eligibility={"birth_date": ""}, birth="2016-05-04",
              payments={"scheme": "学前资助", "amount": "600.01"}, schools={"stage": "幼儿园"}, at_stake="0.01"),
        passes("to the fen, in such a stage", enrolment=None, eligibility={"birth_date": ""}, birth="2016-05-04",
               payments={"scheme": "学前资助", "amount": "600"}, schools={"stage": "幼儿园"}),
        untested("the policy gives no amount", enrolment={"stage": "高中", "grade": "高一"},
                 payments=[{"scheme": "高中助学金", "amount": "1000"}, {"scheme": "高中免学费", "amount": "380"}], reason="no_standard"),
        untested("form of boarding not known", enrolment={"boarding": ""}, payments={"amount": "800"}, reason="boarding_unknown"),
        untested("a row of the register that cannot be used may name an entitled category", enrolment={"boarding": "走读"}, eligibility=[{"category": "其他困难"}, {"category": ""}],
                 payments={"scheme": "非寄宿生生活补助", "amount": "250"}, reason="eligibility_row_rejected"),
        untested("perhaps eligible in an entitled category", enrolment={"boarding": "走读"}, eligibility={"category": "其他困难", "valid_to": "已脱贫"},
                 payments={"scheme": "非寄宿生生活补助", "amount": "250"}, reason="eligibility_date_unreadable"),
    ],
)  # fmt: skip
def overpaid(audit: Audit) -> ir.Table:
    """No single payment is above the amount due for its scheme."""
    outside = ~_.in_register & (_.covered.fill_null(True) == False)  # noqa: E712 - a column, not a flag
    fits = _.fits_boarding.fill_null(True) | ibis.literal(not speaks(audit, "mismatch.boarding"))
    pupil = _.in_register & yes(_.active) & yes(_.fits_stage) & fits
    eligible = ~_.needs_category | (_.listed & _.eligible.fill_null(True))
    paid = audit.aid.filter((_.net > 0) & (outside | (pupil & eligible)))
    exclusive = paid_instead(audit).semi_join(paid, ["person_id", "scheme"])
    paid = beside(paid, exclusive, ["person_id", "scheme"])
    not_entitled = paid.in_register & paid.certain.isnull()
    limit = ibis.ifelse(not_entitled, zero(), paid.ceiling)
    return paid.mutate(
        allowed=limit,
        not_entitled=not_entitled,
        over=yes(paid.stage_maximum == 0),  # the policy has ended the scheme: to whom it was due matters no more
        untested=ibis.cases(
            (not_entitled & paid.eligible.isnull() & paid.needs_category, "eligibility_date_unreadable"),
            (not_entitled & paid.eligibility_doubtful & paid.needs_category, "eligibility_row_rejected"),
            (not_entitled & paid.stage_maximum.isnull(), "no_standard"),
            (paid.maybe_due & paid.eligibility_doubtful, "eligibility_row_rejected"),
            (paid.maybe_due, "eligibility_date_unreadable"),
            (paid.certain == False, paid.unknown),  # noqa: E712 - NULL must stay NULL
            (limit.isnull(), "no_standard"),
            else_=NO_REASON,
        ),
    ).mutate(
        exception=ibis.cases(
            (_.untested.notnull(), UNKNOWN),
            (_.not_entitled, ~yes(_.instead) & ~(_.over & (_.successes >= 2))),
            else_=((_.successes == 1) | ibis.literal(not speaks(audit, "duplicate.same_scheme")))
            & (_.net > _.allowed),
        ),
        reason=ibis.ifelse(_.not_entitled & ~_.over, "category_not_entitled", "above_standard"),
        at_stake=ibis.ifelse(_.not_entitled & (_.successes >= 2) & (_.net > _.ceiling), _.ceiling, _.net - _.allowed),
        amount_due=_.allowed,
        amount_paid=_.net,
        rests_on=_.payment_records,
    )  # fmt: skip
