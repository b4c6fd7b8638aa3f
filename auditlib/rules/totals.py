"""报表不符: a printed total that the detail does not add up to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.printed_detail import PAID
from auditlib.audit.tie_out import DIVISIONS, PRINTED_TYPE, compared_totals, divided_totals, printed_totals
from auditlib.base.language import Text
from auditlib.base.logic import record
from auditlib.rules.common import NO_REASON, UNKNOWN
from auditlib.rules.registry import absent, flags, passes, rule, untested

BY_HOUSEHOLD = Text(
    "按户籍所在乡镇统计，不是学校所在乡镇", "counted by the town of the household, not of the school"
)
COUNTED_OTHERWISE = Text("口径或统计日期不同", "counted on another basis or day")
LOANS = {"basis": "贷款", "amount_unit": "10000"}
FIGURES = (
    ("", "29294", "1761.8905"),
    ("2012-spring", "13979", "757.74025"),
    ("2012-autumn", "15315", "1004.15025"),
)


def _year(category: str, **of_year: str) -> list[dict[str, str]]:
    """A published year and its two terms, as printed; ``of_year``: what the year's own row has otherwise."""
    year, *terms = (
        LOANS | {"category": category, "term": term, "persons": n, "amount": yuan}
        for term, n, yuan in FIGURES
    )
    return [year | of_year, *terms]


TWO_SCHOOLS = [
    LOANS | {"term": "2015-spring"},
    *(
        LOANS | {"term": "2015-spring", "town": town, "school_name": school, "persons": n}
        for town, school, n in (("甲镇", "甲校", "3"), ("乙镇", "乙校", "1"))
    ),
]
NEEDS = ("control_totals", "payments")
LOAN = "student_loan"  # the scheme of the policy whose maximum is the ceiling of a contract


def _key() -> ir.StringValue:
    """Term, category and scheme; basis and divisions behind them where there are any."""
    key = _.term.fill_null("*") + "|" + _.category.fill_null("*") + "|" + _.scheme.fill_null("*")
    key = key + ibis.ifelse(_.basis == PAID, "", "|" + _.basis)
    for column in DIVISIONS:
        key = key + ibis.ifelse(_[column].isnull(), "", f"|{column}=" + _[column])
    return key


def _compared_rows(audit: Audit, printed_column: str) -> ir.Table:
    rows = compared_totals(audit).filter(_[printed_column].notnull())
    # The same total may be printed twice; the rows of one figure are one subject.
    figure = _key() + "|" + _[printed_column].cast("string")
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
    innocent=[COUNTED_OTHERWISE, BY_HOUSEHOLD],
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
        passes("one town: where the directory has the schools", control_totals={"town": "丙镇", "persons": "4"}),
        flags("one town, one too many", control_totals={"town": "丙镇", "persons": "5"}, reason="persons"),
        passes("one stage", control_totals={"stage": "小学", "persons": "4"}),
        flags("a stage of which nobody was paid", control_totals={"stage": "初中", "category": "孤儿", "persons": "1"}, reason="persons"),
        passes("one school", control_totals={"school_name": "丙校", "persons": "4"}),
        flags("one school and scheme, one too few", control_totals={"school_name": "丙校", "scheme": "寄宿生生活补助", "persons": "3"}, reason="persons"),
        untested("a school that no register knows", control_totals={"school_name": "无此校", "category": "特困", "persons": "4"}, reason="place_not_known"),
        untested("a town that no register knows", control_totals={"town": "无此镇", "persons": "4"}, reason="place_not_known"),
        untested("by place of study: no payment tells it", control_totals={"place": "区内", "persons": "4"}, reason="not_in_this_detail"),
        untested("loans: in no ledger", control_totals={"basis": "贷款", "persons": "3999", "amount": "3034.7704", "amount_unit": "10000"}, reason="not_in_this_detail"),
        absent("no count printed", control_totals={"amount": "1750.00"}),
    ],
)  # fmt: skip
def persons(audit: Audit) -> ir.Table:
    """A printed number of person-times is the number of successful payments in the detail, of its stage, town or school too."""
    figures = _compared_rows(audit, "printed_persons").group_by("total").agg(
        printed_persons=_.printed_persons.max(), detail_persons=_.detail_persons.max(), untested=_.untested.max(),
        scheme=_.scheme.max(), rests_on=record("control_totals").collect().sort(),
    )  # fmt: skip
    return figures.mutate(
        exception=ibis.ifelse(_.untested.isnull(), _.printed_persons != _.detail_persons, UNKNOWN),
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
    innocent=[COUNTED_OTHERWISE, BY_HOUSEHOLD, Text("报表按千元或万元四舍五入", "the report is rounded to thousands")],
    examples=[
        passes("to the fen", control_totals={"amount": "1,750.00"}),
        flags("one fen off", control_totals={"amount": "1750.01"}, reason="amount", at_stake="0.01"),
        flags("one town, one fen off", control_totals={"town": "丙镇", "amount": "1750.01"}, at_stake="0.01"),
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
    figures = _compared_rows(audit, "printed_amount").group_by("total").agg(
        printed_amount=_.printed_amount.max(), detail_amount=_.detail_amount.max(), tolerance=_.tolerance.max(),
        untested=_.untested.max(), scheme=_.scheme.max(), rests_on=record("control_totals").collect().sort(),
    )  # fmt: skip
    gap = (_.printed_amount - _.detail_amount).abs()
    return figures.mutate(
        exception=ibis.ifelse(_.untested.isnull(), gap > _.tolerance, UNKNOWN),
        reason=ibis.literal("amount"),
        at_stake=gap.cast("decimal(14, 2)"),
    )


@rule(
    "totals.parts",
    zh="报表各部分与合计不符",
    en="Printed parts do not make the whole",
    criterion="报表按学段、就读地、乡镇、学校、学期分列的各部分之和，或已回函与未回函之和，与所列合计（全年）不一致（金额允许各数舍入误差之和）。",
    message=Text("合计 {whole_persons} 人次、{whole_amount} 元，各部分之和 {parts_persons} 人次、{parts_amount} 元", "whole: {whole_persons} person-times, {whole_amount} yuan; its parts: {parts_persons}, {parts_amount} yuan"),
    severity="medium",
    subject="total",
    needs=("control_totals",),
    innocent=[COUNTED_OTHERWISE, Text("只列了部分学校或乡镇", "not all schools or towns are listed")],
    examples=[
        passes("two parts that make the whole", control_totals=[{"term": "2016-spring", "basis": "贷款", "place": place, "persons": n} for place, n in (("合计", "10"), ("区内", "9"), ("市外", "1"))]),
        flags("one too few", control_totals=[{"term": "2020-spring", "basis": "贷款", "persons": "11"}, {"term": "2020-spring", "basis": "贷款", "place": "区内", "persons": "9"},
              {"term": "2020-spring", "basis": "贷款", "place": "市外", "persons": "1"}], reason="persons", at_stake="0.00"),
        passes("rounded figures", control_totals=[{"term": "2019-spring", "basis": "贷款", "amount": "1106.4", "amount_unit": "10000"},
               {"term": "2019-spring", "basis": "贷款", "place": "区内", "amount": "1044.9", "amount_unit": "10000"},
               {"term": "2019-spring", "basis": "贷款", "place": "市外", "amount": "61.475", "amount_unit": "10000"}]),
        flags("more than the rounding of all of them", control_totals=[{"term": "2018-spring", "basis": "贷款", "amount": "1106.6", "amount_unit": "10000"},
              {"term": "2018-spring", "basis": "贷款", "place": "区内", "amount": "1044.9", "amount_unit": "10000"},
              {"term": "2018-spring", "basis": "贷款", "place": "市外", "amount": "61.475", "amount_unit": "10000"}], reason="amount", at_stake="2250.00"),
        untested("a part without its yuan", control_totals=[{"term": "2015-spring", "persons": "3", "amount": "1500"}, {"term": "2015-spring", "stage": "小学", "persons": "2"}, {"term": "2015-spring", "stage": "初中", "persons": "1", "amount": "500"}], reason="part_blank"),
        flags("a part without its yuan, and one person too few", control_totals=[{"term": "2014-spring", "persons": "4", "amount": "1500"}, {"term": "2014-spring", "stage": "小学", "persons": "2"}, {"term": "2014-spring", "stage": "初中", "persons": "1", "amount": "500"}], reason="persons", at_stake="0.00"),
        passes("letters answered and open", control_totals=[{"term": "2018-autumn", "basis": basis, "persons": n} for basis, n in (("函告", "3595"), ("回函", "3050"), ("未回函", "545"))]),
        flags("letters of which no answer is told", control_totals=[{"term": "2017-autumn", "basis": basis, "persons": n} for basis, n in (("函告", "3595"), ("回函", "3050"), ("未回函", "540"))], reason="persons"),
        passes("schools with their towns", control_totals=[TWO_SCHOOLS[0] | {"persons": "4"}, *TWO_SCHOOLS[1:]]),
        flags("schools with their towns, one too many", control_totals=[TWO_SCHOOLS[0] | {"term": "2015-autumn", "persons": "5"}, *(row | {"term": "2015-autumn"} for row in TWO_SCHOOLS[1:])], reason="persons"),
        passes("a year and its terms", control_totals=_year("低保")),
        flags("a year that is not the sum of its terms", control_totals=_year("特困", persons="29295"), reason="persons"),
        flags("a year whose money is not that of its terms", control_totals=_year("孤儿", amount="1761.8906"), reason="amount", at_stake="1.00"),
        absent("a year and one term", control_totals=_year("残疾")[:2]),
        absent("one part alone", control_totals=[{"term": "2017-spring", "basis": "贷款", "persons": "10"}, {"term": "2017-spring", "basis": "贷款", "place": "区内", "persons": "9"}]),
    ],
)  # fmt: skip
def parts(audit: Audit) -> ir.Table:
    """The printed parts of a total, by stage, place, town, school or term, or by answer of letters, add up to it within their rounding."""
    counts = (_.whole_persons != _.parts_persons).fill_null(False)
    gap = (_.whole_amount - _.parts_amount).abs()
    sums = (gap > _.whole_rounding + _.parts_rounding).fill_null(False)
    # A difference that is there is said, whatever else is blank.
    blank = _.part_blank & ~counts & ~sums
    return divided_totals(audit).mutate(
        untested=ibis.ifelse(blank, "part_blank", NO_REASON),
        exception=ibis.ifelse(blank, UNKNOWN, counts | sums),
        reason=ibis.ifelse(counts, "persons", "amount"),
        at_stake=ibis.ifelse(sums, gap, 0).cast("decimal(14, 2)"),
        rests_on=_.whole_rows.concat(_.parts_rows).sort(),
    )


@rule(
    "totals.loan_ceiling",
    zh="贷款超过上限",
    en="Loans above the ceiling",
    criterion="报表所列助学贷款的金额超过份数（人次）乘以签订学期每份合同的上限（允许所印数字的舍入误差）。",
    message=Text("贷款 {printed_persons} 份、{printed_amount} 元，按每份上限最多 {most} 元", "{printed_persons} loans, {printed_amount} yuan; by the ceiling of a contract at most {most} yuan"),
    severity="low",
    subject="total",
    needs=("control_totals", "control_totals.persons", "control_totals.amount"),
    innocent=[COUNTED_OTHERWISE, Text("含研究生贷款，其上限更高", "holds loans of postgraduates, whose ceiling is higher"), Text("份数只计新签合同，金额含续贷", "new contracts were counted, and the yuan of renewed ones beside them")],
    examples=[
        passes("3999 contracts of Wanzai in 2020: 7588 yuan each", control_totals=LOANS | {"persons": "3999", "amount": "3034.7704"}),
        passes("each at the ceiling", control_totals=LOANS | {"persons": "2", "amount": "1.6"}),
        passes("within half a printed unit above it", control_totals=LOANS | {"persons": "101", "amount": "81"}),
        flags("more than the ceiling", control_totals=LOANS | {"persons": "2", "amount": "1.7001"}, reason="above_ceiling", at_stake="1001.00"),
        flags("none, and yuan all the same", control_totals=LOANS | {"persons": "0", "amount": "1"}, reason="above_ceiling"),
        passes("from autumn 2021 on the ceiling is 12000 yuan", control_totals=LOANS | {"term": "2021-autumn", "persons": "2", "amount": "2.4"}, parameters={"term": "2021-autumn", "count_date": "2021-10-31"}),
        untested("a total of another term: its ceiling is not that of the run", control_totals=LOANS | {"term": "2019-autumn", "persons": "2", "amount": "9"}, reason="term_not_delivered"),
        absent("yuan alone", control_totals=LOANS | {"amount": "1106.4"}),
        absent("no loans", control_totals={"persons": "4", "amount": "1750"}),
    ],
)  # fmt: skip
def loan_ceiling(audit: Audit) -> ir.Table:
    """Printed loans are no more yuan than as many contracts may be at the ceiling in force in the term."""
    ceilings = audit.standards.filter(_.scheme == LOAN).agg(ceiling=_.maximum.max().cast(PRINTED_TYPE))
    totals = printed_totals(audit).filter(
        (_.basis == "loans") & _.printed_persons.notnull() & _.printed_amount.notnull()
    )
    figures = totals.mutate(total=_key() + "|" + _.printed_amount.cast("string")).group_by("total").agg(
        printed_persons=_.printed_persons.max(), printed_amount=_.printed_amount.max(), tolerance=_.tolerance.max(),
        term=_.term.max(), rests_on=record("control_totals").collect().sort(),
    )  # fmt: skip
    beside_ceiling = figures.cross_join(ceilings).mutate(
        most=(_.printed_persons * _.ceiling).cast(PRINTED_TYPE)
    )
    other_term = (_.term != audit.parameters.term).fill_null(False)
    return beside_ceiling.mutate(
        untested=ibis.cases(
            (other_term, "term_not_delivered"), (_.ceiling.isnull(), "no_loan_ceiling"), else_=NO_REASON
        ),
        reason=ibis.literal("above_ceiling"),
        at_stake=ibis.greatest(_.printed_amount - _.most, 0).cast("decimal(14, 2)"),
    ).mutate(
        exception=ibis.ifelse(
            _.untested.notnull(), UNKNOWN, _.printed_amount - _.most > _.tolerance.fill_null(0)
        )
    )
