"""两份名单不一致: the list of what was to be paid beside the list of what was paid."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.awaited import is_paying, rows_of_term
from auditlib.base.language import Text
from auditlib.base.logic import NO_ROWS, YUAN, addresses, beside, record, yes
from auditlib.rules.common import NO_REASON, UNKNOWN, zero
from auditlib.rules.registry import absent, flags, passes, rule, untested

SECOND = {"of": 2}
AT_HIS_SCHOOL = {"of": 2, "school_name": "{school_name}"}


@rule(
    "payments.two_lists",
    zh="两份名单不一致",
    en="The two lists of the money differ",
    criterion="拟发放（申报）名单与发放明细中，同一人同一项目一份有而另一份没有，或两份金额不同；银行退汇的不算。",
    message=Text("名单 {planned_amount} 元，发放 {paid_amount} 元：{reason_text}", "{planned_amount} yuan planned, {paid_amount} paid: {reason_text}"),
    severity="medium",
    subject="aid",
    needs=("planned", "payments"),
    innocent=[
        Text("名单报出后学生转学、退学，或核减、增补另有文件", "the pupil left, or was struck off or added by a later paper"),
        Text("分批发放，另一批尚未到账或文件未报", "paid in instalments, of which another file is missing"),
        Text("名单只报国家项目，发放含地方增补", "the list holds national schemes only, the payments local ones too"),
    ],
    examples=[
        passes("planned and paid alike", planned={}),
        passes("in two instalments", planned={}, payments=[{"amount": "250"}, {"amount": "250"}]),
        passes("in two lines of the list", planned=[{"amount": "250"}, {"amount": "250"}]),
        passes("returned and paid again", planned={}, payments=[{"result": "退汇"}, {}]),
        passes("another term of the list", planned=[{}, {"term": "2020-spring"}]),
        passes("returned by the bank: the return is another finding", planned={}, payments={"result": "退汇"}, also=["missed.returned"]),
        flags("planned and not paid", planned=[{}, SECOND], payments=[SECOND], reason="planned_not_paid", at_stake="500.00", also=["missed.unpaid"]),
        untested("planned and not paid yet, while payment lasts", planned=[{}, SECOND], payments=[SECOND], parameters={"as_of": "2020-12-30"}, reason="not_yet_paid"),
        flags("paid and not planned", planned=[AT_HIS_SCHOOL], payments=[{}, SECOND], reason="paid_not_planned", at_stake="500.00"),
        flags("another amount", planned={}, payments={"amount": "250"}, reason="other_amount", at_stake="250.00", also=["missed.underpaid"]),
        untested("a part of what was planned, while payment lasts", planned={}, payments={"amount": "250"}, parameters={"as_of": "2020-12-30"}, reason="not_yet_paid"),
        flags("more than was planned, while payment lasts", planned={"amount": "250"}, payments={}, parameters={"as_of": "2020-12-30"}, reason="other_amount"),
        untested("the list holds nobody of the school", planned=[SECOND], payments=[{}, SECOND], reason="scheme_in_one_list"),
        untested("no payment of the scheme was delivered", planned={"scheme": "高校国家助学金"}, payments=None, reason="scheme_in_one_list", also=["missed.unpaid"]),
        untested("a row of the list could not be read", planned={"amount": "?"}, reason="planned_row_rejected"),
        untested("one of the name under another number, for the same money", planned=[AT_HIS_SCHOOL | {"name": "{name}"}], payments=[{}], reason="perhaps_the_same", also=["missed.unpaid"]),
        untested("one of his two lines of the list bears another number", eligibility={"category": "建档立卡"}, planned=[{}, AT_HIS_SCHOOL | {"name": "{name}", "scheme": "市级增补"}], payments=[{}, {"scheme": "市级增补"}], reason="perhaps_the_same"),
        absent("in neither list", planned=[SECOND], payments=[SECOND], also=["missed.unpaid", "warning.not_in_plan"]),
    ],
)  # fmt: skip
def two_lists(audit: Audit) -> ir.Table:
    """What was to be paid to a person under a scheme in the term, and what was paid, are the same.

    What the bank returned was paid as planned: the return is another finding. A list tells nothing of a scheme that it
    does not have; nor one of what is planned of a school of which it has nobody: lists come one a school.
    """
    planned_rows, paid = _planned_rows(audit), _paid(audit)
    plans_and_payments = planned_rows.outer_join(paid, ["person_id", "scheme"])
    sides = plans_and_payments.mutate(
        person_id=_.person_id.coalesce(_.person_id_right),
        scheme=_.scheme.coalesce(_.scheme_right),
        rests_on=_.planned_records.coalesce(NO_ROWS).concat(_.paid_records.coalesce(NO_ROWS)).sort(),
    ).drop("person_id_right", "scheme_right")
    sides_doubtful = beside(_covered_rows(sides, audit), _doubtful(audit))
    sides_covered = beside(sides_doubtful, _namesakes(audit), ["person_id", "scheme"])
    may_follow = (_.reason == "planned_not_paid") | yes(_.paid_amount < _.planned_amount)
    alike = (_.planned_amount == _.paid_amount) | (_.planned_amount == _.tried_amount)
    differences = sides_covered.mutate(
        reason=ibis.cases(
            (_.paid_amount.isnull(), "planned_not_paid"),
            (_.planned_amount.isnull(), "paid_not_planned"),
            (~alike, "other_amount"),
            else_=NO_REASON,
        )
    ).mutate(
        untested=ibis.cases(
            (_.reason.isnull(), NO_REASON),
            (yes(_.planned_rejected), "planned_row_rejected"),
            (yes(_.payment_rejected), "payment_row_rejected"),
            (~yes(_.covered), "scheme_in_one_list"),
            (may_follow & is_paying(audit), "not_yet_paid"),
            (yes(_.namesake) & (_.reason != "other_amount"), "perhaps_the_same"),
            else_=NO_REASON,
        )
    )
    return differences.mutate(
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, _.reason.notnull()),
        at_stake=(_.planned_amount.fill_null(0) - _.paid_amount.fill_null(0)).abs().cast(YUAN),
        planned_amount=_.planned_amount.coalesce(zero()),
        paid_amount=_.paid_amount.coalesce(zero()),
    )


def _planned_rows(audit: Audit) -> ir.Table:
    rows = _of_term(audit, "planned")
    return rows.group_by("person_id", "scheme").agg(
        planned_amount=_.amount.sum(where=_.rejected.isnull()).cast(YUAN),
        planned_rejected=_.rejected.notnull().any(),
        planned_records=addresses(record("planned")),
    )


def _paid(audit: Audit) -> ir.Table:
    """``paid_amount``: net of what was taken back; ``tried_amount``: with what the bank returned."""
    rows = _of_term(audit, "payments").filter(_.rejected.isnull() & (_.amount != 0))
    return rows.group_by("person_id", "scheme").agg(
        paid_amount=_.amount.sum(where=_.result == "success").fill_null(0).cast(YUAN),
        tried_amount=_.amount.sum().cast(YUAN),
        paid_school=_.school_id.min(),
        paid_records=addresses(record("payments")),
    )


def _of_term(audit: Audit, name: str) -> ir.Table:
    return rows_of_term(audit, name).filter(_.scheme.notnull())


def _covered_rows(sides: ir.Table, audit: Audit) -> ir.Table:
    """``covered``: does the other list tell of the scheme; of one that is only paid, at the pupil's school?"""
    here = ibis.literal(True)
    paid = _of_term(audit, "payments").select("scheme").distinct().mutate(has_payments=here)
    lists = _of_term(audit, "planned").select("scheme", "school_id").distinct().mutate(has_list=here)
    register = audit.pupils.select("person_id", register_school="school_id")
    lines = beside(beside(sides, paid, "scheme"), register)
    lines = lines.mutate(school_id=_.paid_school.coalesce(_.register_school))
    lines = beside(lines, lists, ["scheme", "school_id"])
    return lines.mutate(covered=ibis.ifelse(_.planned_amount.notnull(), _.has_payments, _.has_list))


def _doubtful(audit: Audit) -> ir.Table:
    """``person_id, payment_rejected``."""
    rejected = audit.rows["payments"].filter(_.rejected.notnull()).select("person_id").distinct()
    return rejected.mutate(payment_rejected=ibis.literal(True))


def _namesakes(audit: Audit) -> ir.Table:
    """``person_id, scheme, namesake``: money in one list alone, of whom the other list has somebody of the name: with that scheme, or
    who is in that list alone with whatever. Half of a list without numbers is no difference of each of its children."""
    lines = {
        name: _of_term(audit, name).filter(_.name.notnull()).select("person_id", "name", "scheme").distinct()
        for name in ("planned", "payments")
    }
    keys = ((["person_id", "scheme"], ["name", "scheme"]), (["person_id"], ["name"]))
    pairs = [_pairs(lines, alone_by, alike) for alone_by, alike in keys]
    return ibis.union(*pairs, distinct=True).mutate(namesake=ibis.literal(True))


def _pairs(lines: Mapping[str, ir.Table], alone_by: list[str], alike: list[str]) -> ir.Table:
    """``person_id, scheme`` of both sides: lines that the other list has not by ``alone_by``, ``alike`` in both."""
    planned_rows = lines["planned"].anti_join(lines["payments"], alone_by)
    paid = lines["payments"].anti_join(lines["planned"], alone_by)
    pairs = planned_rows.inner_join(paid, alike, rname="other_{name}").filter(
        _.person_id != _.other_person_id
    )
    other_scheme = "scheme" if "scheme" in alike else "other_scheme"
    here = pairs.select("person_id", "scheme")
    there = pairs.select(person_id=_.other_person_id, scheme=_[other_scheme])
    return here.union(there, distinct=True)
