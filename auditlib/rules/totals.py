"""报表不符: a printed total that the detail does not add up to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.tie_out import tie_out
from auditlib.base.language import Text
from auditlib.rules.common import NO_REASON, UNKNOWN
from auditlib.rules.registry import absent, flags, passes, rule, untested

COUNTED_OTHERWISE = Text("口径或统计日期不同", "counted on another basis or day")
NEEDS = ("control_totals", "payments")


def _key() -> ir.StringValue:
    return _.term.fill_null("*") + "|" + _.category.fill_null("*") + "|" + _.scheme.fill_null("*")


def _compared(audit: Audit, printed: str) -> ir.Table:
    rows = tie_out(audit).filter(_[printed].notnull())
    # The same total may be printed twice; the rows of one figure are one subject.
    figure = _key() + "|" + _[printed].cast("string")
    return rows.mutate(total=figure)


@rule(
    "totals.persons",
    zh="报表人次不符",
    en="Printed count differs",
    criterion="报表所列人次与发放明细中成功发放的人次不一致。",
    message=Text("报表 {printed_persons} 人次，明细 {detail_persons} 人次", "{printed_persons} person-times printed, {detail_persons} in the detail"),
    severity="medium",
    subject="total",
    needs=(*NEEDS, "control_totals.persons"),
    innocent=[COUNTED_OTHERWISE],
    examples=[
        passes("all of them", control_totals={"persons": "4"}),
        flags("one too many", control_totals={"persons": "5"}, reason="persons", at_stake="0.00"),
        passes("a recovery and a return are no payment: one category", control_totals={"category": "低保", "persons": "3"}),
        flags("persons where payments were counted, one category", control_totals={"category": "低保", "persons": "2"}),
        passes("a category that the list does not state, by the register", control_totals={"category": "孤儿", "persons": "1"}),
        passes("none printed, none paid", control_totals={"category": "特困", "persons": "0"}),
        passes("one scheme", control_totals={"scheme": "寄宿生生活补助", "persons": "4"}),
        flags("a scheme of which nothing was paid", control_totals={"scheme": "非寄宿生生活补助", "persons": "1"}),
        passes("all terms", control_totals={"term": "", "persons": "5"}),
        untested("a term of which no payments were delivered", control_totals={"term": "2019年秋季", "persons": "7"}, reason="term_not_delivered"),
        absent("no count printed", control_totals={"amount": "1750.00"}),
    ],
)  # fmt: skip
def persons(audit: Audit) -> ir.Table:
    """A printed number of person-times is the number of successful payments in the detail."""
    figures = _compared(audit, "printed_persons").group_by("total").agg(
        printed_persons=_.printed_persons.max(), detail_persons=_.detail_persons.max(), delivered=_.delivered.any(),
        scheme=_.scheme.max(), rests_on=("control_totals:" + _.source).collect().sort(),
    )  # fmt: skip
    return figures.mutate(
        exception=ibis.ifelse(_.delivered, _.printed_persons != _.detail_persons, UNKNOWN),
        untested=ibis.ifelse(_.delivered, NO_REASON, "term_not_delivered"),
        reason=ibis.literal("persons"),
        at_stake=ibis.literal(0).cast("decimal(14, 2)"),
    )


@rule(
    "totals.amount",
    zh="报表金额不符",
    en="Printed amount differs",
    criterion="报表所列金额与发放明细成功发放净额之差超过所印数字的舍入误差。",
    message=Text("报表 {printed_amount} 元，明细 {detail_amount} 元", "{printed_amount} yuan printed, {detail_amount} in the detail"),
    severity="medium",
    subject="total",
    needs=(*NEEDS, "control_totals.amount"),
    innocent=[COUNTED_OTHERWISE, Text("报表按千元或万元四舍五入", "the report is rounded to thousands")],
    examples=[
        passes("to the fen", control_totals={"amount": "1,750.00"}),
        flags("one fen off", control_totals={"amount": "1750.01"}, reason="amount", at_stake="0.01"),
        passes("half a printed unit below", control_totals={"amount": "0.18", "amount_unit": "10000"}),
        flags("more than half a printed unit", control_totals={"amount": "0.174", "amount_unit": "10000"}, at_stake="10.00"),
        passes("a whole number of 万元, rounded", control_totals={"amount": "0", "amount_unit": "10000"}),
        passes("the unit in the cell", control_totals={"amount": "0.175万元"}),
        flags("one category", control_totals={"category": "低保", "amount": "1500.00"}, at_stake="250.00"),
        passes("one category, net of the recovery", control_totals={"category": "低保", "amount": "1250.00"}),
        untested("a term of which no payments were delivered", control_totals={"term": "2019年秋季", "amount": "1.00"}, reason="term_not_delivered"),
        absent("no amount printed", control_totals={"persons": "4"}),
    ],
)  # fmt: skip
def amount(audit: Audit) -> ir.Table:
    """A printed amount is, within the rounding of its last digit, the net of the successful payments in the detail."""
    figures = _compared(audit, "printed_amount").group_by("total").agg(
        printed_amount=_.printed_amount.max(), detail_amount=_.detail_amount.max(), tolerance=_.tolerance.max(),
        delivered=_.delivered.any(), scheme=_.scheme.max(), rests_on=("control_totals:" + _.source).collect().sort(),
    )  # fmt: skip
    gap = (_.printed_amount - _.detail_amount).abs()
    return figures.mutate(
        exception=ibis.ifelse(_.delivered, gap > _.tolerance, UNKNOWN),
        untested=ibis.ifelse(_.delivered, NO_REASON, "term_not_delivered"),
        reason=ibis.literal("amount"),
        at_stake=gap.cast("decimal(14, 2)"),
    )
