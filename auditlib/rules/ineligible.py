"""不应助而助: paid although no register says, on the count date, that the pupil is eligible."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.language import Text
from auditlib.base.logic import YUAN, beside, yes
from auditlib.rules.common import NO_REASON, UNKNOWN, here, with_open_pairs, without_excess
from auditlib.rules.registry import NotRun, absent, flags, passes, rule, untested


def _payees(audit: Audit) -> ir.Table:
    """Active pupils paid a scheme that asks for eligibility; the excess of a double payment is another finding."""
    conditional_aid = audit.aid.filter((_.net > 0) & _.needs_category)
    stakes = (
        conditional_aid.mutate(part=without_excess(conditional_aid))
        .group_by("person_id")
        .agg(at_stake=_.part.sum().cast(YUAN))
    )
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
    examples=[
        flags("on no register", eligibility=None, reason="on_no_register", at_stake="500.00"),
        passes("on a register"),
        passes("on a register under the 15-digit number", birth="1999-05-04", eligibility={"id_number": "{id15}"}),
        passes("no longer on it", eligibility={"valid_to": "2020-10-30"}, also=["ineligible.expired"]),
        flags("paid twice: two errors, the money counted once", eligibility=None, payments=[{}, {}], at_stake="500.00", also=["duplicate.same_scheme"]),
        flags("paid too much: the whole is said here", eligibility=None, payments={"amount": "800"}, at_stake="800.00"),
        flags("paid too little: not missed", eligibility=None, payments={"amount": "300"}, at_stake="300.00"),
        absent("paid and all of it recovered", eligibility=None, payments=[{}, {"amount": "-500"}]),
        absent("a scheme that asks for no category", eligibility=None, enrolment={"stage": "中职"}, payments={"scheme": "中职免学费", "amount": "850"}),
        absent("has left: said once", eligibility=None, enrolment={"status": "退学"}, also=["mismatch.inactive"]),
        untested("recognised in a category whose register was not delivered", eligibility=None, payments={"category": "低保边缘"}, reason="register_not_delivered"),
        untested("the row of the register was rejected", eligibility={"category": ""}, reason="eligibility_row_rejected"),
        passes("listed without number, by name and school", eligibility={"id_number": "", "birth_date": ""}),
        untested("listed by name alone", eligibility={"id_number": "", "birth_date": "", "school_name": ""}, reason="eligibility_half_read"),
        flags("a namesake is listed without number, born on another day", eligibility={"id_number": "", "birth_date": "2009-01-05", "school_name": ""}),
        untested("perhaps not enrolled", eligibility=None, enrolment={"status": "休学", "status_date": "开学"}, reason="status_unreadable"),
    ],
)  # fmt: skip
def not_listed(audit: Audit) -> ir.Table:
    """An active pupil who is paid stands on an eligibility register."""
    listed_rows = _payees(audit).mutate(standing=ibis.ifelse(_.listed, "eligible", _.standing))
    payees = with_open_pairs(listed_rows, audit, "eligibility")
    return _by_standing(payees, "not_listed").mutate(reason=ibis.literal("on_no_register"))


def _by_standing(paid: ir.Table, wrong: str) -> ir.Table:
    """``paid`` with ``exception`` (is ``standing`` ``wrong``?) and, where that cannot be told, why."""
    is_clear = _.standing.isin(["eligible", "not_listed", "expired"])
    return paid.mutate(
        exception=ibis.ifelse(is_clear, _.standing == wrong, UNKNOWN),
        untested=ibis.ifelse(is_clear, NO_REASON, _.standing),
    )


@rule(
    "ineligible.expired",
    zh="资格失效",
    en="Paid, eligibility ended or not yet begun",
    criterion="在读学生领取了需要资格的资助，曾在或将在名册，但核定基准日不在册。",
    message=Text("发放 {at_stake} 元，核定基准日资格{reason_text}", "{at_stake} yuan paid; the eligibility {reason_text}"),
    severity="medium",
    subject="pupil",
    needs=("payments", "enrolment", "eligibility"),
    innocent=[
        Text("学期中退出，按政策当学期仍可享受", "left the register during the term and may keep the aid for it"),
        Text("退出日期录入有误", "the date was recorded wrongly"),
    ],
    examples=[
        flags("ended the day before the count date", eligibility={"valid_to": "2020-10-30"}, reason="ended", at_stake="500.00"),
        passes("ended on the count date", eligibility={"valid_to": "2020-10-31"}),
        flags("began the day after", eligibility={"valid_from": "2020-11-01"}, reason="not_begun", at_stake="500.00"),
        passes("began on the count date", eligibility={"valid_from": "2020-10-31"}),
        passes("the month as the end: its last day", eligibility={"valid_to": "2020.10"}),
        flags("the month before as the end", eligibility={"valid_to": "202009"}, reason="ended"),
        flags("the year before as the end", eligibility={"valid_to": "2019年"}, reason="ended"),
        passes("the year as the end", eligibility={"valid_to": "2020年"}),
        passes("an Excel serial date", eligibility={"valid_to": "44135"}),
        flags("the Excel serial of the day before", eligibility={"valid_to": "44134"}, reason="ended"),
        passes("ended on one register, holds on another", eligibility=[{"valid_to": "2019-12-31"}, {"category": "残疾"}]),
        passes("ended and begun anew", eligibility=[{"valid_to": "2019-12-31"}, {"valid_from": "2020-01-01"}]),
        absent("on no register", eligibility=None, also=["ineligible.not_listed"]),
        untested("a day that cannot be read", eligibility={"valid_to": "已脱贫"}, reason="eligibility_date_unreadable"),
        untested("ended, and another row was rejected", eligibility=[{"valid_to": "2019-12-31"}, {"category": ""}], reason="eligibility_row_rejected"),
        untested("ended, and perhaps not enrolled", eligibility={"valid_to": "2019-12-31"}, enrolment={"status": "休学", "status_date": "开学"}, reason="status_unreadable"),
    ],
)  # fmt: skip
def expired(audit: Audit) -> ir.Table:
    """An active pupil who is paid was on an eligibility register on the count date."""
    dates = ("valid_from", "valid_to")
    if not audit.columns_found.get("eligibility", frozenset(dates)) & set(dates):
        raise NotRun(",".join(f"eligibility.{date}" for date in dates))
    begun_rows = audit.rows["eligibility"].group_by("person_id").agg(ever_begun=_.begun.any())
    paid = beside(_payees(audit).filter(_.listed), begun_rows)
    return _by_standing(paid, "expired").mutate(reason=ibis.ifelse(yes(_.ever_begun), "ended", "not_begun"))
