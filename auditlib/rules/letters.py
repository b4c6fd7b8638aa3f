"""函告与兜底: for whom the county pays in place of the place of study, how much, and letters answered before they were sent."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import combinations, product

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.language import Text
from auditlib.base.logic import YUAN, beside, record, some, values_of, yes
from auditlib.law.policy import Policy, in_force
from auditlib.rules.common import NO_REASON, UNKNOWN, aged, letters_of, zero
from auditlib.rules.registry import absent, flags, passes, rule, speaks, untested

AWAY: dict[str, None] = {"enrolment": None, "payments": None, "applications": None}
POOR = {"category": "建档立卡"}
PAID = {"aided": "否", "fallback_amount": "250"}
NO_FALLBACK = Text("经批准另行救助，不属兜底", "relief approved apart, no fallback")
COMPULSORY = ("primary", "junior", "special")
# The ages at which a child may be in a stage, a year late or early included: of a letter that does not tell the grade.
AGES_OF = {"primary": (5, 14), "junior": (11, 17), "special": (5, 18)}


def _fallbacks(audit: Audit) -> ir.Table:
    """One row per person with a fallback: ``fallback`` in yuan, ``stage, birth, verified, rests_on``; NULL: not told."""
    is_paid = _.fallback_amount.fill_null(0) > 0
    rows = letters_of(audit).filter(is_paid | _.fallback_amount_defect.notnull())
    persons = rows.group_by("person_id").agg(
        fallback=_.fallback_amount.sum().cast(YUAN),
        unreadable=_.fallback_amount_defect.notnull().any(),
        grade_unread=_.grade_defect.notnull().any(),
        stage=ibis.ifelse(_.grade.min() == _.grade.max(), _.grade.min(), NO_REASON),
        own_birth=_.id_birth.min(),
        verified=some(ibis.ifelse(_.verified_on_defect.notnull(), UNKNOWN, _.verified_on.notnull())),
        rests_on=values_of(record("letters")),
    )
    with_birth = beside(persons, audit.eligible.select("person_id", "eligible_birth"))
    return with_birth.mutate(birth=_.own_birth.coalesce(_.eligible_birth))


def _compulsory(audit: Audit) -> ir.BooleanValue:
    """Is the child in a compulsory stage? By the grade where the letter tells it, else by age."""
    of_age = aged(_.birth, audit.age_day, audit.parameters.ages.compulsory)
    return ibis.cases((_.stage.notnull(), _.stage.isin(COMPULSORY)), (_.grade_unread, UNKNOWN), else_=of_age)


def _poor(audit: Audit) -> ir.Table:
    """``person_id -> poor, poor_why``: registered poor (or monitored) on the count date; NULL with the reason where unknown."""
    claims = audit.rows["eligibility"].filter(_.category.isin(["registered_poor", "monitored"]))
    listed_rows = claims.group_by("person_id").agg(holds=some(_.holds), registered=_.source.notnull().any())
    persons = letters_of(audit).group_by("person_id").agg(numbered=_.id18.notnull().any())
    register_persons = audit.eligible.select("person_id", known=ibis.literal(True))
    standing = beside(beside(beside(persons, listed_rows), register_persons), audit.doubtful)
    standing = standing.cross_join(claims.agg(registers=_.count()))
    return standing.mutate(
        poor_why=ibis.cases(
            (yes(_.holds), NO_REASON),
            (_.registers == 0, "register_not_delivered"),
            (yes(_.registered) & _.holds.isnull(), "eligibility_date_unreadable"),
            (yes(_.eligibility_doubtful), "eligibility_row_rejected"),
            (~_.numbered & ~yes(_.known), "no_usable_number"),  # perhaps one of those who are listed
            else_=NO_REASON,
        )
    ).select("person_id", "poor_why", poor=ibis.ifelse(_.poor_why.isnull(), yes(_.holds), UNKNOWN))


@rule(
    "letters.fallback_scope",
    zh="兜底对象不符",
    en="Fallback outside its scope",
    criterion="县级兜底发给了不在义务教育学段（年级未写的按年龄）的孩子，或核定基准日不是建档立卡（含监测）对象的，或台账有核实一栏而乡镇未核实的。",
    message=Text("县级兜底 {fallback} 元：{reason_text}", "{fallback} yuan paid as fallback: {reason_text}"),
    severity="medium",
    subject="pupil",
    needs=("eligibility", "letters", "letters.fallback_amount"),
    reads=("enrolment",),
    innocent=[NO_FALLBACK, Text("本地兜底范围含高中、其他困难类型", "the local rule extends fallback to senior pupils or other categories")],
    examples=[
        passes("registered poor, of compulsory age, verified", **AWAY, eligibility=POOR, letters=PAID),
        passes("monitored", **AWAY, eligibility={"category": "监测对象"}, letters=PAID),
        flags("on another register only", **AWAY, letters=PAID, reason="not_registered_poor", at_stake="250.00"),
        flags("registered poor until the day before", **AWAY, eligibility=POOR | {"valid_to": "2020-10-30"}, letters=PAID, reason="not_registered_poor"),
        passes("registered poor to the count date", **AWAY, eligibility=POOR | {"valid_to": "2020-10-31"}, letters=PAID),
        flags("aged 16", **AWAY, eligibility=POOR, letters=PAID, birth="2004-08-31", reason="outside_compulsory"),
        passes("aged 15", **AWAY, eligibility=POOR, letters=PAID | {"fallback_amount": "312.5"}, birth="2004-09-01"),
        passes("aged 6", **AWAY, eligibility=POOR, letters=PAID, birth="2014-08-31"),
        flags("aged 5", **AWAY, eligibility=POOR, letters=PAID, birth="2014-09-01", reason="outside_compulsory"),
        passes("aged 16, and still in the ninth year", **AWAY, eligibility=POOR, letters=PAID | {"grade": "九年级", "fallback_amount": "312.5"}, birth="2004-08-31"),
        flags("aged 15, in senior school", **AWAY, eligibility=POOR, letters=PAID | {"grade": "高一"}, birth="2004-09-01", reason="outside_compulsory"),
        flags("not verified by the town", **AWAY, eligibility=POOR, letters=PAID | {"verified_on": ""}, reason="not_verified"),
        passes("two letters, one of them verified", **AWAY, eligibility=POOR, letters=[PAID, PAID | {"fallback_amount": "", "verified_on": ""}]),
        absent("no fallback", **AWAY, eligibility=POOR, letters={}),
        absent("a fallback of nothing", **AWAY, eligibility=POOR, letters={"fallback_amount": "0"}),
        untested("a sum that cannot be read", **AWAY, eligibility=POOR, letters=PAID | {"fallback_amount": "约二百"}, reason="amount_unreadable"),
        untested("a day of verifying that cannot be read", **AWAY, eligibility=POOR, letters=PAID | {"verified_on": "已核"}, reason="date_unreadable"),
        untested("neither grade nor birth date", **AWAY, eligibility=POOR | {"id_number": "", "birth_date": ""}, letters=PAID | {"id_number": ""}, reason="birth_unknown"),
        untested("a row of the register was rejected", **AWAY, eligibility=[{}, POOR | {"category": "", "of": 1}], letters=PAID, reason="eligibility_row_rejected"),
        untested("the county delivered no register of the poor", enrolment={}, letters=PAID, reason="register_not_delivered", parameters={"hand_in": "tokens"}, also=["duplicate.fallback"]),
        untested("a letter without a number, of whom no key tells who it is", **AWAY, eligibility=POOR, letters=PAID | {"id_number": "", "household_no": "", "grade": "三年级"}, reason="no_usable_number"),
        untested("registered poor to a day that cannot be read", **AWAY, eligibility=POOR | {"valid_to": "已脱贫"}, letters=PAID, reason="eligibility_date_unreadable"),
    ],
)  # fmt: skip
def fallback_scope(audit: Audit) -> ir.Table:
    """Fallback goes to a registered poor child in compulsory education whose case the town has verified."""
    asks = "verified_on" in audit.columns_found.get("letters", frozenset())
    fallbacks = beside(_fallbacks(audit), _poor(audit)).mutate(
        compulsory=_compulsory(audit),
        verified=_.verified if asks else ibis.literal(True),
    )
    return fallbacks.mutate(
        exception=ibis.ifelse(_.unreadable, UNKNOWN, ~(_.compulsory & _.poor & _.verified)),
        untested=ibis.cases(
            (_.unreadable, "amount_unreadable"),
            (_.compulsory.isnull(), "birth_unknown"),
            (_.poor.isnull(), _.poor_why),
            (_.verified.isnull(), "date_unreadable"),
            else_=NO_REASON,
        ),
        reason=ibis.cases(
            (~_.compulsory, "outside_compulsory"), (~_.poor, "not_registered_poor"), else_="not_verified"
        ),
        at_stake=_.fallback,
    )


def possible_sums(policy: Policy, term: str) -> dict[str, list[tuple[Decimal, Decimal]]]:
    """Stage -> the sums (from, to, in yuan) that the standards of ``term`` can make, schemes that exclude each other apart."""
    offers: dict[str, dict[str, set[tuple[Decimal, Decimal]]]] = {}
    for row in in_force(policy, term).itertuples():
        amounts = [Decimal(a) for a in (row.minimum, row.due, row.maximum) if isinstance(a, Decimal)]
        if amounts and max(amounts) > 0:
            of_stage = offers.setdefault(str(row.stage), {})
            of_stage.setdefault(str(row.scheme), set()).add((min(amounts), max(amounts)))
    return {stage: _sums(policy, schemes) for stage, schemes in offers.items()}


def _sums(policy: Policy, schemes: dict[str, set[tuple[Decimal, Decimal]]]) -> list[tuple[Decimal, Decimal]]:
    scheme_sets = (
        together for size in range(1, len(schemes) + 1) for together in combinations(sorted(schemes), size)
    )
    sums: set[tuple[Decimal, Decimal]] = set()
    for together in scheme_sets:
        if not any(other in policy.schemes[one].excludes for one, other in product(together, together)):
            sums |= {
                _added_yuan(offer) for offer in product(*(sorted(schemes[scheme]) for scheme in together))
            }
    return sorted(sums)


def _added_yuan(offer: Iterable[tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal]:
    low, high = zip(*offer, strict=True)
    return sum(low, Decimal(0)), sum(high, Decimal(0))


@rule(
    "letters.fallback_amount",
    zh="兜底金额不合标准",
    en="Fallback that no standard makes",
    criterion="县级兜底金额高于该学段本学期各项标准可能的合计，或不是任何几项标准之和。学段不明的按年龄，凡可能的学段都算。",
    message=Text("县级兜底 {fallback} 元：{reason_text}", "{fallback} yuan paid as fallback: {reason_text}"),
    severity="medium",
    subject="pupil",
    needs=("letters", "letters.fallback_amount"),
    innocent=[Text("两个学期合并兜底", "two terms in one sum"), Text("只补与就读地标准的差额", "only the difference to what the place of study paid")],
    examples=[
        passes("the rate of a day pupil", **AWAY, eligibility=POOR, letters=PAID),
        passes("the rate of a boarder and the supplement", **AWAY, eligibility=POOR, letters=PAID | {"fallback_amount": "1000"}),
        flags("a fen above all that can be due", **AWAY, eligibility=POOR, letters=PAID | {"fallback_amount": "1000.01"}, reason="above_all_standards", at_stake="0.01"),
        flags("a boarder's and a day pupil's rate, which exclude each other", **AWAY, eligibility=POOR, letters=PAID | {"fallback_amount": "1250", "grade": "五年级"}, reason="above_all_standards"),
        flags("no sum of rates", **AWAY, eligibility=POOR, letters=PAID | {"fallback_amount": "249.99"}, reason="no_sum_of_standards", at_stake="0.00"),
        flags("the rate of another stage", **AWAY, eligibility=POOR, letters=PAID | {"fallback_amount": "312.5", "grade": "三年级"}, reason="no_sum_of_standards"),
        passes("the rate of the stage told", **AWAY, eligibility=POOR, letters=PAID | {"fallback_amount": "312.5", "grade": "初一"}),
        passes("aged 12: primary or junior", **AWAY, eligibility=POOR, letters=PAID | {"fallback_amount": "312.5"}, birth="2008-05-04"),
        absent("no fallback", **AWAY, eligibility=POOR, letters={}),
        absent("of no compulsory stage: said once", **AWAY, eligibility=POOR, letters=PAID | {"fallback_amount": "99999"}, birth="2004-05-04", also=["letters.fallback_scope"]),
        untested("a sum that cannot be read", **AWAY, eligibility=POOR, letters=PAID | {"fallback_amount": "约二百"}, reason="amount_unreadable"),
        untested("neither grade nor birth date", **AWAY, eligibility=POOR | {"id_number": "", "birth_date": ""}, letters=PAID | {"id_number": ""}, reason="birth_unknown"),
    ],
)  # fmt: skip
def fallback_amount(audit: Audit) -> ir.Table:
    """A fallback is a sum of standards of the child's stage in the term, and not above what they can make together."""
    sums = possible_sums(audit.policy, audit.parameters.term)
    fallbacks = _fallbacks(audit).mutate(compulsory=_compulsory(audit))
    # Of children of no compulsory stage letters.fallback_scope speaks, where it runs; else every sum of any stage is one of theirs.
    if speaks(audit, "letters.fallback_scope"):
        fallbacks = fallbacks.filter(_.compulsory.fill_null(True))
    fits, most = UNKNOWN, ibis.null(YUAN)
    for stage in sums:
        here = ~_.compulsory if stage not in COMPULSORY else ~_.compulsory | _may_be_in(stage, audit)
        is_sum = ibis.or_(*(_.fallback.between(_yuan(low), _yuan(high)) for low, high in sums[stage]))
        fits = ibis.ifelse(here, fits.fill_null(False) | is_sum, fits)
        top = _yuan(max(high for _low, high in sums[stage]))
        most = ibis.ifelse(here, ibis.greatest(most.fill_null(zero()), top), most)
    priced_rows = fallbacks.mutate(fits=fits, most=most)
    return priced_rows.mutate(
        exception=ibis.ifelse(_.unreadable | _.compulsory.isnull(), UNKNOWN, ~_.fits),
        untested=ibis.cases(
            (_.unreadable, "amount_unreadable"),
            (_.compulsory.isnull(), "birth_unknown"),
            (_.fits.isnull(), "no_standard"),
            else_=NO_REASON,
        ),
        reason=ibis.ifelse(_.fallback > _.most, "above_all_standards", "no_sum_of_standards"),
        at_stake=ibis.greatest(_.fallback - _.most, zero()),
    )


def _yuan(amount: Decimal) -> ir.DecimalScalar:
    return ibis.literal(amount).cast(YUAN)


def _may_be_in(stage: str, audit: Audit) -> ir.BooleanValue:
    of_age = yes(aged(_.birth, audit.age_day, AGES_OF[stage]))
    return ibis.ifelse(_.stage.notnull(), _.stage == stage, of_age)


@rule(
    "letters.order",
    zh="回函早于发函",
    en="Answered before it was sent",
    criterion="回函日期早于发函日期。",
    message=Text("回函日期早于发函日期，请核对台账", "the answer is dated before the letter; look at the ledger"),
    severity="low",
    subject="pupil",
    needs=("letters", "letters.sent_on", "letters.replied_on"),
    innocent=[Text("日期登记有误", "a date was recorded wrongly"), Text("就读地先来函，后补发函", "the place of study wrote first")],
    examples=[
        flags("answered the day before", **AWAY, letters={"replied_on": "2020-09-19"}, reason="answered_before_sent", at_stake="0.00"),
        passes("answered the same day", **AWAY, letters={"replied_on": "2020-09-20"}),
        passes("answered later", **AWAY, letters={}),
        flags("one letter of two", **AWAY, letters=[{}, {"replied_on": "2020-09-19"}]),
        absent("no answer yet", **AWAY, letters={"replied_on": "", "aided": ""}, also=["missed.out_of_county"]),
        absent("neither sent nor answered", **AWAY, letters={"sent_on": "", "replied_on": "", "aided": ""}, also=["missed.out_of_county"]),
        untested("answered, the day of sending not written down", **AWAY, letters={"sent_on": ""}, reason="date_unreadable"),
        untested("a day that cannot be read", **AWAY, letters={"sent_on": "上月"}, reason="date_unreadable"),
    ],
)  # fmt: skip
def order(audit: Audit) -> ir.Table:
    """A letter is answered after it was sent."""
    rows = letters_of(audit).filter(_.replied_on.notnull() | _.replied_on_defect.notnull())
    persons = rows.group_by("person_id").agg(
        exception=some(_.replied_on < _.sent_on), rests_on=values_of(record("letters"))
    )
    return persons.mutate(
        untested=ibis.ifelse(_.exception.isnull(), "date_unreadable", NO_REASON),
        reason=ibis.literal("answered_before_sent"),
        at_stake=zero(),
    )
