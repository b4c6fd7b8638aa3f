"""应助未助: children who should have been paid and were not, or not enough."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.language import Text
from auditlib.logic import every, joined, yes
from auditlib.registers import Audit
from auditlib.rules.common import (
    COMPULSORY_AGE,
    NO_REASON,
    SCHOOL_AGE,
    UNKNOWN,
    aged,
    answered,
    letters_of,
    lowest_due,
    usual_stage,
    with_open_pairs,
    zero,
)
from auditlib.rules.registry import NotRun, rule

PAID_ELSEWHERE = Text("在就读地受助，未及函告", "aided at another place of study, letter not yet sent")
REFUSED = Text("家长书面放弃资助", "the parents declined in writing")
LATE_FILE = Text("系统关闭后由银行补发，明细未附", "paid by the bank after the system closed, the file is not among those delivered")
NOT_IN_EXPORT = Text("学籍导出不全或刚转入", "the export of the register is incomplete, or the child has just moved in")


def _entitled(audit: Audit) -> ir.Table:
    """Pupils and the mandatory schemes that are or may be due to them."""
    return audit.aid.filter(_.certain.notnull() & yes(_.mandatory)).mutate(amount_due=_.due, amount_paid=_.net)


def _paid_instead(audit: Audit) -> ir.Table:
    """``person_id, scheme``: schemes whose exclusive counterpart the pupil was paid."""
    paid = audit.aid.filter(_.net > 0).select("person_id", paid_scheme=_.scheme)
    both = paid.inner_join(audit.exclusions, paid.paid_scheme == audit.exclusions.scheme)
    return both.select("person_id", scheme=_.other_scheme, instead=ibis.literal(True)).distinct()


@rule(
    "missed.unpaid",
    zh="应助未助",
    en="Entitled and not paid",
    criterion="核定基准日在资格名册、在县内在读、符合必发项目条件的学生，本学期任何文件中都没有该项目的发放记录。",
    message=Text("本学期应发 {amount_due} 元，任何发放文件中都没有记录", "{amount_due} yuan were due this term; no payment file has a row"),
    severity="high",
    subject="aid",
    needs=("eligibility", "enrolment", "payments"),
    innocent=[LATE_FILE, REFUSED, PAID_ELSEWHERE],
)
def unpaid(audit: Audit) -> ir.Table:
    """A pupil eligible on the count date, actively enrolled in the county and entitled to a mandatory scheme has a payment of it in some file of the term."""
    instead = _paid_instead(audit)
    both = _entitled(audit).left_join(instead, ["person_id", "scheme"], rname="{name}_instead")
    population = both.drop("person_id_instead", "scheme_instead").mutate(
        untested=ibis.cases(
            (~_.certain, _.unknown),
            (_.payments_doubtful & ~_.has_rows, "payment_row_rejected"),
            (_.enrolment_doubtful, "enrolment_row_rejected"),
            else_=NO_REASON,
        ),
    )
    return with_open_pairs(population, audit, "payments").mutate(
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~_.has_rows & ~yes(_.instead)),
        reason=ibis.literal("no_payment"),
        at_stake=_.due,
    )


@rule(
    "missed.returned",
    zh="退汇未补",
    en="Returned and not paid again",
    criterion="应助学生本学期该项目的发放全部被银行退回，或发放后被全部冲回，没有补发。",
    message=Text("应发 {amount_due} 元，发放被退回或冲回后未见补发", "{amount_due} yuan were due; the payment came back or was reversed and was not made again"),
    severity="high",
    subject="aid",
    needs=("eligibility", "enrolment", "payments", "payments.result"),
    innocent=[LATE_FILE, REFUSED],
)
def returned(audit: Audit) -> ir.Table:
    """Of the payments to an entitled pupil not every one came back from the bank, nor was everything reversed."""
    lost = _.has_rows & (_.net <= 0)
    return _entitled(audit).mutate(
        untested=ibis.cases((~_.certain, _.unknown), (lost & _.payments_doubtful, "payment_row_rejected"), else_=NO_REASON),
        exception=ibis.cases((~_.certain | (lost & _.payments_doubtful), UNKNOWN), else_=lost),
        reason=ibis.ifelse(_.successes == 0, "returned", "reversed"),
        at_stake=_.due,
        rests_on=_.payment_records,
    )


@rule(
    "missed.underpaid",
    zh="未足额",
    en="Paid too little",
    criterion="应助学生本学期该项目成功发放的净额大于零而低于应发标准。",
    message=Text("应发 {amount_due} 元，实发 {amount_paid} 元", "{amount_due} yuan were due, {amount_paid} were paid"),
    severity="high",
    subject="aid",
    needs=("eligibility", "enrolment", "payments"),
    innocent=[
        Text("分次发放，后一次尚未到账", "paid in instalments, the last is still to come"),
        Text("学期中转入，按月折算", "moved in during the term, paid by the month"),
    ],
)
def underpaid(audit: Audit) -> ir.Table:
    """What an entitled pupil was paid in the term, net of reversals, is not below the amount due."""
    paid = audit.aid.filter(_.certain.notnull() & (_.net > 0))
    return paid.mutate(
        untested=ibis.cases(
            (~_.certain, _.unknown),
            (_.minimum.isnull(), "no_standard"),
            ((_.net < _.minimum) & _.payments_doubtful, "payment_row_rejected"),
            else_=NO_REASON,
        ),
    ).mutate(
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, _.net < _.minimum),
        reason=ibis.literal("below_standard"),
        at_stake=_.minimum - _.net,
        amount_due=_.minimum,
        amount_paid=_.net,
        rests_on=_.payment_records,
    )


def _letter_findings(audit: Audit) -> ir.Table:
    """One row per person with a letter: is aid at the place of study still open, and why?"""
    late = yes(_.replied_on > ibis.literal(audit.parameters.thresholds.reply_by))
    silent = _.replied_on.isnull() & _.aided.isnull()
    unreadable = _.sent_on_defect.notnull() | _.replied_on_defect.notnull() | _.fallback_amount_defect.notnull()
    read = answered(letters_of(audit)).mutate(
        state=ibis.cases(
            (_.fallback > 0, "settled"),
            (unreadable, "unreadable"),
            (silent & _.sent_on.isnull(), "not_sent"),
            (silent, "no_reply"),
            (late, "late_reply"),
            (_.aided.isnull(), "unreadable"),
            (~_.is_aided, "refused"),
            else_="settled",
        ),
    )
    open_ = ibis.ifelse(_.state == "unreadable", UNKNOWN, _.state != "settled")
    return read.mutate(open=open_, moot=(_.state == "late_reply") & yes(_.is_aided)).group_by("person_id").agg(
        open=every(_.open), state=_.state.min(where=_.state != "settled"), moot=every(_.moot),
        rests_on=joined("letters:" + _.source),
    )  # fmt: skip


@rule(
    "missed.out_of_county",
    zh="县外就读未落实",
    en="Studies elsewhere, aid not settled",
    criterion="核定基准日在资格名册、学龄、不在县内就读而有函告记录的：未发函，或到期未回函，或回函未资助且县级未兜底。",
    message=Text("在外地就读，资助尚未落实（{reason_text}）", "studies elsewhere; aid is not settled ({reason_text})"),
    severity="high",
    subject="pupil",
    needs=("eligibility", "enrolment", "letters"),
    innocent=[
        Text("回函在路上或电话已确认", "the answer is on its way, or was confirmed by telephone"),
        Text("已转回本县就读", "the child has come back to a school of the county"),
    ],
)
def out_of_county(audit: Audit) -> ir.Table:
    """For an eligible child of school age who studies elsewhere a letter was sent, answered in time, and the aid was paid there or by the county."""
    letters = _letter_findings(audit)
    persons = audit.eligible.filter(_.eligible.fill_null(True))
    both = letters.inner_join(persons, "person_id")
    both = both.left_join(audit.pupils.select("person_id", "active"), "person_id").drop("person_id_right")
    away = both.filter(~yes(_.active) & aged(_.eligible_birth, audit.age_day, SCHOOL_AGE).fill_null(True))
    priced = lowest_due(away.mutate(usual_stage=usual_stage(_.eligible_birth, audit.age_day)), audit)
    return priced.mutate(
        untested=ibis.cases((_.eligible.isnull(), "eligibility_date_unreadable"), (_.open.isnull(), "answer_not_stated"), else_=NO_REASON),
        exception=ibis.ifelse(_.eligible.isnull(), UNKNOWN, _.open),
        reason=_.state,
        at_stake=ibis.ifelse(_.moot, zero(), _.expected.fill_null(0)),
    )


@rule(
    "missed.not_found",
    zh="疑似失学",
    en="In no register: possibly out of school",
    criterion="核定基准日在资格名册、学期前 8 月 31 日满 6 周岁未满 16 周岁的儿童，既无学籍记录也无函告记录。",
    message=Text("义务教育年龄，学籍与函告台账中均无记录，须逐人核实去向", "of compulsory school age, in neither the enrolment register nor the letters; find out where the child is"),
    severity="high",
    subject="pupil",
    needs=("eligibility", "enrolment"),
    innocent=[
        Text("随父母在外地就读，尚未函告", "at school elsewhere with the parents, no letter yet"),
        Text("身份证号登记有误或已变更", "the ID number was recorded wrongly or has changed"),
        Text("送教上门、延缓入学，已备案", "taught at home or entered late, on record"),
    ],
)
def not_found(audit: Audit) -> ir.Table:
    """An eligible child aged 6 to 15 on 31 August before the term stands in the enrolment register or in a letter."""
    if not {"primary", "junior"} <= set(audit.parameters.enrolment_covers):
        raise NotRun("register_covers_no_compulsory_stage")
    children = audit.eligible.filter(
        _.eligible.fill_null(True) & aged(_.eligible_birth, audit.age_day, COMPULSORY_AGE).fill_null(True)
    )
    known = ibis.union(
        audit.pupils.select("person_id"), letters_of(audit).select("person_id"), audit.payees.select("person_id")
    ).distinct().mutate(known=ibis.literal(True))  # fmt: skip
    both = children.left_join(known, "person_id").drop("person_id_right")
    both = both.left_join(audit.doubtful, "person_id").drop("person_id_right")
    both = with_open_pairs(both, audit, "eligibility", key="person_id")
    priced = lowest_due(both.mutate(usual_stage=usual_stage(_.eligible_birth, audit.age_day)), audit)
    return priced.mutate(
        untested=ibis.cases(
            (yes(_.known), NO_REASON),
            (_.eligible_birth.isnull(), "birth_unknown"),
            (_.eligible.isnull(), "eligibility_date_unreadable"),
            (_.eligible_id18.isnull(), "no_usable_number"),
            (yes(_.enrolment_doubtful) | yes(_.payments_doubtful), "row_rejected"),
            else_=NO_REASON,
        ),
    ).mutate(
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~yes(_.known)),
        reason=ibis.literal("in_no_register"),
        at_stake=_.expected.fill_null(0),
    )
