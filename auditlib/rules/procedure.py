"""公示审批与发放: paid, but not in the way the rules ask for."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base import terms
from auditlib.base.language import Text
from auditlib.base.logic import beside, every, record, some, values_of, yes
from auditlib.law.working_days import working_days
from auditlib.rules.common import (
    CONFIDENCE_DIGITS,
    NO_REASON,
    UNKNOWN,
    WITHOUT_COLUMN,
    holder_name,
    lacking,
    paid_rows_by_person,
    passing_but,
    payees_at_school,
    payments_of,
    zero,
)
from auditlib.rules.registry import absent, flags, passes, rule, untested

GROWN_UP_AT = 18
FEW = 100  # holders, so many count as seen before: one of them a stranger
ELDERS = "户主|配偶|父|母|祖|爷|奶|外公|外婆|妻|夫|监护人"
LEDGER_GAP = Text("台账漏登，原始材料齐全", "the ledger has a gap, the papers are complete")


def _applications(audit: Audit) -> ir.Table:
    """Ledger rows of persons who were paid."""
    ledger = audit.rows["applications"].filter(_.rejected.isnull())
    paid = payees_at_school(audit).select("person_id", "payment_records")
    return ledger.inner_join(paid, "person_id")


def _per_pupil(
    audit: Audit,
    rows: ir.Table,
    fault: ir.BooleanValue,
    reason: str,
    column: str,
    unpaid_day: ir.BooleanValue | None = None,
) -> ir.Table:
    """Per pupil paid: every application of theirs has the fault. Pupils without a ledger row are untested, and those in a
    sheet that has no such ``column``. ``unpaid_day``: no list of payments in which the pupil stands has a column for the day."""
    by_column = rows.mutate(lacks=lacking(audit, f"applications.{column}"), fault=fault)
    with_fault = by_column.mutate(fault=ibis.ifelse(_.lacks, UNKNOWN, _.fault))
    lacks = _.lacks if unpaid_day is None else _.lacks | unpaid_day
    by_pupil = with_fault.group_by("person_id").agg(
        exception=every(_.fault), lacks=lacks.any(), letters=values_of(record("applications"))
    )
    payees = payees_at_school(audit).left_join(by_pupil, "person_id").drop("person_id_right")
    return payees.mutate(
        untested=ibis.cases(
            (_.exception.notnull(), NO_REASON),
            (_.letters.isnull(), "no_application_row"),
            (_.lacks, "column_lacking"),
            else_="date_unreadable",
        ),
        reason=ibis.literal(reason),
        at_stake=zero(),
        rests_on=_.payment_records.concat(_.letters),
    )


@rule(
    "procedure.not_posted",
    zh="未公示",
    en="Not posted",
    criterion="已发放，而申请认定台账中没有公示日期。",
    message=Text("已发放，台账中没有公示日期", "paid; the ledger has no posting"),
    severity="low",
    subject="pupil",
    needs=("payments", "applications", "applications.posted_from"),
    innocent=[LEDGER_GAP],
    examples=[
        flags("no posting in the ledger", applications={"posted_from": "", "posted_to": ""}, reason="no_posting", at_stake="0.00"),
        passes("posted"),
        passes("two applications, one posted", applications=[{"posted_from": "", "posted_to": ""}, {}]),
        untested("a date that cannot be read", applications={"posted_from": "九月下旬"}, reason="date_unreadable"),
        untested("not in the ledger", applications=None, reason="no_application_row"),
        absent("nothing paid", payments=None, applications={"posted_from": "", "posted_to": ""}, also=["missed.unpaid"]),
        absent("paid to nobody: said once", enrolment=None, applications={"posted_from": "", "posted_to": ""}, also=["mismatch.not_enrolled"]),
    ],
)  # fmt: skip
def not_posted(audit: Audit) -> ir.Table:
    """Aid that was paid had been posted in the school."""
    fault = ibis.ifelse(_.posted_from_defect.notnull(), UNKNOWN, _.posted_from.isnull())
    return _per_pupil(audit, _applications(audit), fault, "no_posting", "posted_from")


@rule(
    "procedure.posting_short",
    zh="公示时间不足",
    en="Posting too short",
    criterion="公示不足规定的工作日数（首尾两日计入，扣除周末和法定节假日，计入调休上班日）。",
    message=Text("公示时间不足规定的工作日数", "the posting stood for fewer working days than prescribed"),
    severity="low",
    subject="pupil",
    needs=("payments", "applications", "applications.posted_from", "applications.posted_to"),
    innocent=[LEDGER_GAP, Text("公示期跨节假日，实际张贴更久", "the posting hung longer than the ledger says")],
    examples=[
        passes("Monday to Friday: five days", applications={"posted_from": "2020-09-21", "posted_to": "2020-09-25"}),
        flags("Monday to Thursday: four", applications={"posted_from": "2020-09-21", "posted_to": "2020-09-24"}, reason="short", at_stake="0.00"),
        flags("a weekend does not count", applications={"posted_from": "2020-09-18", "posted_to": "2020-09-23"}),
        passes("the Sunday worked before National Day counts", applications={"posted_from": "2020-09-25", "posted_to": "2020-09-30"}),
        flags("the Saturday before it does not", applications={"posted_from": "2020-09-26", "posted_to": "2020-09-30"}),
        flags("National Day 2020: eight days off", applications={"posted_from": "2020-09-28", "posted_to": "2020-10-09"}),
        passes("and the Saturday worked after it", applications={"posted_from": "2020-09-28", "posted_to": "2020-10-10"}),
        flags("ends before it begins", applications={"posted_from": "2020-09-25", "posted_to": "2020-09-21"}),
        passes("not posted at all: said once", applications={"posted_from": "", "posted_to": ""}, also=["procedure.not_posted"]),
        untested("no last day", applications={"posted_to": ""}, reason="date_unreadable"),
        untested("a day that cannot be read", applications={"posted_to": "九月底"}, reason="date_unreadable"),
        untested("not in the ledger", applications=None, reason="no_application_row"),
    ],
)  # fmt: skip
def posting_short(audit: Audit) -> ir.Table:
    """A posting stands for the prescribed number of working days."""
    rows = working_days(_applications(audit), audit.calendar)
    unreadable = _.posted_from_defect.notnull() | _.posted_to_defect.notnull()
    fault = ibis.cases(
        (unreadable, UNKNOWN),
        (_.posted_from.isnull(), False),
        (_.posted_to.isnull(), UNKNOWN),
        else_=_.working_days < audit.parameters.thresholds.posting_days,
    )
    return _per_pupil(audit, rows, fault, "short", "posted_to")


@rule(
    "procedure.paid_before_posting_ended",
    zh="公示未结束即发放",
    en="Paid before the posting ended",
    criterion="发放日期早于公示的最后一天。",
    message=Text("公示尚未结束即已发放", "paid before the posting had ended"),
    severity="low",
    subject="pupil",
    needs=("payments", "payments.pay_date", "applications", "applications.posted_to"),
    innocent=[LEDGER_GAP],
    examples=[
        passes("paid on the last day of the posting", payments={"pay_date": "2020-09-25"}, also=["procedure.order"]),
        flags("paid the day before", payments={"pay_date": "2020-09-24"}, reason="early", at_stake="0.00"),
        flags("the first of two instalments", payments=[{"amount": "250", "pay_date": "2020-09-24"}, {"amount": "250"}]),
        passes("the early payment came back", payments=[{"pay_date": "2020-09-24", "result": "退汇"}, {}]),
        passes("paid after it"),
        untested("no day of payment", payments={"pay_date": ""}, reason="date_unreadable"),
        untested("a last day that cannot be read", applications={"posted_to": "九月底"}, reason="date_unreadable"),
        untested("not in the ledger", applications=None, reason="no_application_row"),
    ],
)  # fmt: skip
def paid_before_posting_ended(audit: Audit) -> ir.Table:
    """Nothing is paid before the posting has ended."""
    first = paid_rows_by_person(audit).agg(
        first_paid=_.pay_date.min(), undated=_.pay_date.isnull().any(), unpaid_day=WITHOUT_COLUMN
    )
    rows = _applications(audit).inner_join(first, "person_id")
    early = _.first_paid < _.posted_to
    fault = ibis.cases(
        (_.posted_to_defect.notnull(), UNKNOWN),
        (_.posted_to.isnull(), False),
        (yes(early), True),
        (_.undated, UNKNOWN),
        else_=early,
    )
    return _per_pupil(audit, rows, fault, "early", "posted_to", _.unpaid_day)


@rule(
    "procedure.not_approved",
    zh="未审批",
    en="Not approved",
    criterion="已发放，而申请认定台账中没有审批日期。",
    message=Text("已发放，台账中没有审批日期", "paid; the ledger has no approval"),
    severity="low",
    subject="pupil",
    needs=("payments", "applications", "applications.approved_on"),
    innocent=[LEDGER_GAP],
    examples=[
        flags("no approval in the ledger", applications={"approved_on": ""}, reason="no_approval", at_stake="0.00"),
        passes("approved"),
        passes("two applications, one approved", applications=[{"approved_on": ""}, {}]),
        untested("a day that cannot be read", applications={"approved_on": "已批"}, reason="date_unreadable"),
        untested("not in the ledger", applications=None, reason="no_application_row"),
    ],
)  # fmt: skip
def not_approved(audit: Audit) -> ir.Table:
    """Aid that was paid had been approved."""
    fault = ibis.ifelse(_.approved_on_defect.notnull(), UNKNOWN, _.approved_on.isnull())
    return _per_pupil(audit, _applications(audit), fault, "no_approval", "approved_on")


@rule(
    "procedure.paid_late",
    zh="滞后发放",
    en="Paid late",
    criterion="发放日期晚于规定的最后日期。",
    message=Text("发放日期晚于规定的最后日期", "paid after the last day allowed"),
    severity="low",
    subject="pupil",
    needs=("payments", "payments.pay_date"),
    innocent=[
        Text("退汇后重新发放", "came back from the bank and was paid again"),
        Text("学期中途新认定", "recognised in the middle of the term"),
    ],
    examples=[
        passes("on the last day", payments={"pay_date": "2020-12-31"}),
        flags("a day later", payments={"pay_date": "2021-01-01"}, reason="late", at_stake="0.00"),
        flags("one of two instalments", payments=[{"amount": "250"}, {"amount": "250", "pay_date": "20210101"}], reason="late"),
        passes("what came late came back, and had been paid", payments=[{}, {"pay_date": "2021-01-01", "result": "退汇"}]),
        passes("in time"),
        untested("no day", payments={"pay_date": ""}, reason="date_unreadable"),
        untested("a day that cannot be read", payments={"pay_date": "年底"}, reason="date_unreadable"),
        absent("has left: said once", enrolment={"status": "退学"}, payments={"pay_date": "2021-01-01"}, also=["mismatch.inactive"]),
    ],
)  # fmt: skip
def paid_late(audit: Audit) -> ir.Table:
    """A term's aid is paid by the last day allowed."""
    day = ibis.literal(audit.parameters.thresholds.pay_by)
    doubted_rows = paid_rows_by_person(audit, (_.pay_date > day).fill_null(True)).agg(
        exception=some(_.pay_date > day), late=_.amount.sum(where=yes(_.pay_date > day)), lacks=WITHOUT_COLUMN
    )
    doubted_rows = beside(doubted_rows, payments_of(audit.paid_rows, doubted_rows))
    return passing_but(doubted_rows, payees_at_school(audit)).mutate(
        untested=ibis.cases(
            (_.exception.notnull(), NO_REASON), (_.lacks, "column_lacking"), else_="date_unreadable"
        ),
        reason=ibis.literal("late"),
        amount_paid=_.late,
        at_stake=zero(),
    )


@rule(
    "procedure.account_holder",
    zh="非本人账户",
    en="Account of a stranger",
    criterion="收款账户的户名既不是学生本人，也不是同户成员或监护人。",
    message=Text("收款户名不是学生本人、同户成员或监护人，涉及 {at_stake} 元", "the account holder is neither the pupil, nor of the household, nor the guardian; {at_stake} yuan"),
    severity="medium",
    subject="pupil",
    needs=("payments", "payments.account_holder"),
    reads=("eligibility",),
    one_confidence=True,
    innocent=[
        Text("由亲属代领并有委托书", "a relative collects with a mandate"),
        Text("监护人已变更，学籍未更新", "the guardian has changed, the register has not followed"),
        Text("户名是父母中未登记的一方", "the holder is the parent whom no register names"),
    ],
    examples=[
        flags("a stranger", payments={"account_holder": "外人"}, reason="stranger", at_stake="500.00"),
        passes("the pupil"),
        passes("the pupil, with a space in the name", payments={"account_holder": " {name}"}),
        passes("the pupil, without the separator of the name", **{table: {"name": "古丽·买买提"} for table in ("eligibility", "enrolment", "applications")},
               payments={"name": "古丽·买买提", "account_holder": "古丽买买提"}),
        passes("the guardian", payments={"account_holder": "{guardian}"}),
        passes("the guardian, with the relation behind the name", payments={"account_holder": "{guardian}（父亲）"}),
        passes("a member of the household", eligibility=[{}, {"name": "祖父某", "id_number": "{guardian_id}", "birth_date": "", "relation": "户主"}],
               payments={"account_holder": "祖父某"}),
        passes("a sibling", eligibility=[{}, {"of": 2, "household_no": "{household}"}], payments=[{"account_holder": "{name2}"}, {"of": 2}]),
        passes("a sibling's guardian", eligibility=[{}, {"of": 2, "household_no": "{household}"}], payments=[{"account_holder": "{guardian2}"}, {"of": 2}]),
        flags("the guardian of a pupil of another household", payments=[{"account_holder": "{guardian2}"}, {"of": 2}], reason="stranger"),
        flags("one of two payments", payments=[{"amount": "250"}, {"amount": "250", "account_holder": "外人"}], at_stake="250.00"),
        absent("no holder in the list", payments={"account_holder": ""}),
        absent("has left: said once", enrolment={"status": "退学"}, payments={"account_holder": "外人"}, also=["mismatch.inactive"]),
        untested("neither household nor guardian known", eligibility={"household_no": ""}, enrolment={"guardian_name": "", "guardian_id": ""},
                 payments={"account_holder": "外人"}, reason="household_unknown"),
        untested("of the household only the pupil is listed, and no guardian is known", enrolment={"guardian_name": "", "guardian_id": ""},
                 payments={"account_holder": "外人"}, reason="household_unknown"),
        untested("of the household only children are listed", enrolment=[{"guardian_name": "", "guardian_id": ""}, {"of": 2, "guardian_name": "", "guardian_id": ""}],
                 eligibility=[{}, {"of": 2, "household_no": "{household}"}], payments=[{"account_holder": "外人"}, {"of": 2}], reason="household_unknown"),
        flags("a grown-up of the household is listed", eligibility=[{}, {"name": "祖父某", "id_number": "{guardian_id}", "birth_date": "", "relation": "户主"}],
              enrolment={"guardian_name": "", "guardian_id": ""}, payments={"account_holder": "外人"}),
        untested("a household number damaged by the spreadsheet", eligibility={"household_no": "3.60922E+17"}, payments={"account_holder": "外人"},
                 reason="household_unknown"),
        untested("a name that the bank hides", payments={"account_holder": "外*"}, reason="household_unknown"),
        untested("a lost character", payments={"account_holder": "外?"}, reason="household_unknown"),
        untested("a lost character in the name of one of the household", eligibility=[{}, {"name": "祖?某", "id_number": "{guardian_id}", "birth_date": "", "relation": "户主"}],
                 payments={"account_holder": "祖父某"}, reason="household_unknown"),
        untested("a brother who is grown-up by a slip in his number alone", enrolment={"guardian_name": "", "guardian_id": ""},
                 eligibility=[{}, {"name": "弟弟某", "id_number": "990100001612268305", "birth_date": "", "household_no": "{household}"}],
                 payments={"account_holder": "外人"}, reason="household_unknown"),
    ],
)  # fmt: skip
def account_holder(audit: Audit) -> ir.Table:
    """The holder of the account that was paid is the pupil, a member of the household or the guardian."""
    rows = audit.paid_rows.filter(_.account_holder.notnull()).mutate(
        holder=holder_name(_.account_holder), own=holder_name(_.name)
    )
    others = rows.filter(~yes(_.holder == _.own))  # few: who else may hold the account is asked for them
    payees = payees_at_school(audit).semi_join(rows, "person_id").select("person_id", "amount_paid")
    allowed_rows = _allowed_holders(audit, others).semi_join(others, "person_id")
    related_rows = allowed_rows.group_by("person_id").agg(
        all_known=_.kin.any() & _.kin.notnull().all(), whole=yes(_.whole).any()
    )
    right = (
        allowed_rows.filter(_.holder.notnull())
        .select("person_id", holder=holder_name(_.holder), right=ibis.literal(True))
        .distinct()
    )
    payments = others.left_join(right, ["person_id", "holder"], rname="{name}_allowed")
    payments = payments.left_join(related_rows, "person_id", rname="{name}_kin")
    stranger = ibis.cases(
        (yes(_.right), False),
        (_.account_holder_defect.notnull() | _.name_defect.notnull(), UNKNOWN),
        (~yes(_.all_known), UNKNOWN),
        else_=True,
    )
    persons = payments.mutate(stranger=stranger).group_by("person_id").agg(
        exception=some(_.stranger), at_stake=_.amount.sum(where=yes(_.stranger)),
        whole=yes(_.whole).any(), others=(_.holder != _.own).any(),
    )  # fmt: skip
    persons = _how_sure(persons.inner_join(payees, "person_id"))
    persons = beside(persons, payments_of(rows, persons))
    return passing_but(persons, payees).mutate(
        untested=ibis.ifelse(_.exception.isnull(), "household_unknown", NO_REASON),
        reason=ibis.literal("stranger"),
    )


def _how_sure(persons: ir.Table) -> ir.Table:
    """``confidence``: 1 where a household is listed in full; where a guardian alone is known, the other parent may be the holder.

    Of the holders who are not the pupil some share is unknown to such registers (h), and a share of true strangers (s) is
    seen where whole households are listed: s/h of the unknown are strangers. Both with one in a hundred to begin with.
    """
    other_holders = persons.filter(_.others & _.exception.notnull())
    s, h = (_share(other_holders.filter(part)) for part in (_.whole, ~_.whole))
    alone = ibis.least(s.as_scalar() / h.as_scalar(), ibis.literal(1.0)).round(CONFIDENCE_DIGITS)
    return persons.mutate(confidence=ibis.ifelse(yes(_.exception) & ~_.whole, alone, 1.0)).drop(
        "whole", "others"
    )


def _share(persons: ir.Table) -> ir.FloatingScalar:
    return (persons.exception.sum().fill_null(0) + 1.0) / (persons.count() + FEW)


def _allowed_holders(audit: Audit, payees: ir.Table) -> ir.Table:
    """``person_id, holder, kin, whole``: every name that may stand on the account of one of the ``payees``; ``whole``: of a
    household that lists grown-ups.

    ``kin``: a grown-up of the household, or a guardian; without any nobody knows who may. A household number that cannot be
    read is a row without holder and kin, a name that lost characters one without kin: not all who may are known.
    """
    everybody = audit.rows["eligibility"].filter(_.name.notnull())
    households = everybody.semi_join(payees, "person_id").filter(_.household_no.notnull())
    housed_rows = everybody.semi_join(households, "household_no").select("person_id")
    concerned_rows = housed_rows.union(payees.select("person_id"), distinct=True)
    listed_rows = everybody.semi_join(concerned_rows, "person_id")
    enrolled = audit.rows["enrolment"].semi_join(concerned_rows, "person_id")
    own = ibis.union(
        listed_rows.select("person_id", holder=_.name),
        enrolled.filter(_.name.notnull()).select("person_id", holder=_.name),
    ).mutate(kin=ibis.literal(False), whole=ibis.literal(False))
    guardians = enrolled.filter(_.guardian_name.notnull()).select(
        "person_id", holder=_.guardian_name, kin=ibis.literal(True), whole=ibis.literal(False)
    )
    members = listed_rows.filter(_.household_no.notnull()).select("person_id", "household_no").distinct()
    household = ibis.union(
        _grown_ups(listed_rows, audit).select(
            "household_no",
            holder=_.name,
            kin=ibis.ifelse(_.name_defect.notnull(), UNKNOWN, _.grown_up),
            whole=_.grown_up,
        ),
        members.inner_join(guardians, "person_id").select(  # a sibling's guardian
            "household_no", "holder", "kin", "whole"
        ),
        members.inner_join(own, "person_id").select(
            "household_no", "holder", "kin", "whole"
        ),  # as the register spells it
    )
    kin = members.inner_join(household, "household_no").select("person_id", "holder", "kin", "whole")
    unread_households = listed_rows.filter(_.household_no_defect.notnull()).select(
        "person_id", holder=NO_REASON, kin=UNKNOWN, whole=ibis.literal(False)
    )
    return ibis.union(own, guardians, kin, unread_households)


def _grown_ups(listed_rows: ir.Table, audit: Audit) -> ir.Table:
    """Members of households with ``grown_up``: aged 18 by a sound number, or a head, spouse, parent or grandparent; a pupil
    never is, nor who is old by a slip in the number alone."""
    birth = _.birth_date.coalesce(ibis.ifelse(_.id18.notnull(), _.id_birth, ibis.null("date")))
    of_age = yes(birth <= ibis.literal(terms.years_before(audit.age_day, GROWN_UP_AT)))
    elder = yes(_.relation.re_search(ELDERS))
    pupils = audit.pupils.select("person_id", enrolled=ibis.literal(True))
    members = beside(listed_rows.filter(_.household_no.notnull()), pupils)
    return members.mutate(grown_up=(of_age | elder) & ~yes(_.enrolled))
