"""应助未助: children who should have been paid and were not, or not enough."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit, displaced_schemes, paid_instead
from auditlib.audit.awaited import is_paying, with_awaited
from auditlib.base.language import Text
from auditlib.base.logic import beside, yes
from auditlib.rules.common import (
    NO_REASON,
    UNKNOWN,
    aged,
    letter_states,
    lowest_due,
    usual_stage,
    with_open_pairs,
    zero,
)
from auditlib.rules.registry import absent, flags, passes, rule, speaks, untested

PAID_ELSEWHERE = Text("在就读地受助，未及函告", "aided at another place of study, letter not yet sent")
REFUSED_TEXT = Text("家长书面放弃资助", "the parents declined in writing")
LATE_FILE = Text(
    "系统关闭后由银行补发，明细未附",
    "paid by the bank after the system closed, the file is not among those delivered",
)

NO_ROW = Text(
    "发放文件中没有一行能认定是发给其本人的", "no row of the payment files was found to be this child's"
)
CAME_BACK = Text("发放被退回或冲回后未见补发", "the payment came back or was reversed and was not made again")

# What examples share: a child of whom the county has neither enrolment nor payment, and a spring term.
AWAY: dict[str, None] = {"enrolment": None, "payments": None, "applications": None}
ONLY_ANOTHER = {"eligibility": [{}, {"of": 2}], **{table: {"of": 2} for table in AWAY}}  # a county of its own
# Nothing of school and card tells whose a payment is.
NOWHERE = {"school_code": "", "school_name": "", "account_no": "", "account_holder": ""}
# Two pupils at one school, of whom the second alone is paid, while payment still lasts.
PAYING = {"as_of": "2020-12-30"}
OF_HIS_SCHOOL = {"of": 2, "school_name": "{school_name}", "school_code": "{school}"}
SECOND_PAID = {
    "enrolment": [{}, OF_HIS_SCHOOL],
    "eligibility": [{}, {"of": 2, "school_name": "{school_name}"}],
    "payments": OF_HIS_SCHOOL,
}
SPRING_2025 = {
    "term": "2025-spring",
    "count_date": "2025-04-30",
    "pay_by": "2025-07-31",
    "reply_by": "2025-07-15",
}
UNANSWERED_LETTERS = (("awaited", "answer_not_due"), ("earlier_letter", "letter_of_earlier_term"))


def _entitled_rows(audit: Audit) -> ir.Table:
    """Pupils and the mandatory schemes that are or may be due to them; ``instead``: the exclusive counterpart was paid.

    Of exclusive schemes that are all due one is to be paid: that of which there are rows, else the highest.
    """
    due = audit.aid.filter(_.certain.notnull() & yes(_.mandatory) & (_.due > 0).fill_null(True)).mutate(
        amount_due=_.due, amount_paid=_.net
    )
    if audit.policy.has_rivals():
        due = due.anti_join(displaced_schemes(audit, due), ["person_id", "scheme"])
    return beside(due, paid_instead(audit), ["person_id", "scheme"])


@rule(
    "missed.unpaid",
    zh="应助未助",
    en="Entitled and not paid",
    criterion="核定基准日在资格名册、在县内在读、符合必发项目条件的学生，各发放文件中没有一行能认定是本学期发给其本人的该项目。",
    message=Text("本学期应发 {amount_due} 元，{what_became}", "{amount_due} yuan were due this term; {what_became}"),
    severity="high",
    subject="aid",
    needs=("eligibility", "enrolment", "payments"),
    innocent=[LATE_FILE, REFUSED_TEXT, PAID_ELSEWHERE],
    examples=[
        flags("eligible and enrolled, in no payment file", payments=None, reason="no_payment", at_stake="500.00"),
        passes("paid in full"),
        passes("came back from the bank: said once", payments={"result": "退汇"}, also=["missed.returned"]),
        passes("paid and all of it recovered: said once", payments=[{}, {"amount": "-500"}], also=["missed.returned"]),
        flags("paid for the term before only", payments={"term": "2020年春季学期"}, reason="no_payment"),
        flags("a line of nothing", payments={"amount": "0"}, reason="no_payment"),
        flags("two categories, one due", eligibility=[{}, {"category": "残疾"}], payments=None, at_stake="500.00"),
        flags("a day pupil", enrolment={"boarding": "走读"}, payments=None, at_stake="250.00"),
        absent("a day pupil of a category that is not among those entitled",
               enrolment={"boarding": "走读"}, eligibility={"category": "其他困难"}, payments=None),
        flags("a grant with tiers: the average", enrolment={"stage": "高中", "grade": "高一"}, payments=None, at_stake="1000.00"),
        flags("one of two schemes that go together", eligibility={"category": "建档立卡"}, reason="no_payment", at_stake="500.00"),
        absent("a scheme that may be paid and need not be", enrolment={"stage": "学前", "grade": "大班"}, payments=None),
        flags("on the register from the count date", eligibility={"valid_from": "2020-10-31"}, payments=None),
        absent("on the register from the day after the count date", eligibility={"valid_from": "2020-11-01"}, payments=None, also=["missed.listed_late"]),
        flags("on the register to the count date", eligibility={"valid_to": "2020-10-31"}, payments=None),
        absent("on the register to the day before", eligibility={"valid_to": "2020-10-30"}, payments=None),
        flags("the month of the count date as the end: its last day", eligibility={"valid_to": "2020-10"}, payments=None),
        absent("the month before as the end", eligibility={"valid_to": "2020年9月"}, payments=None),
        flags("an end that says for ever", eligibility={"valid_to": "长期"}, payments=None),
        untested("an end that cannot be read is not open", eligibility={"valid_to": "已脱贫"}, payments=None, reason="eligibility_date_unreadable"),
        flags("arrived on the count date", enrolment={"status_date": "2020-10-31"}, payments=None),
        absent("arrived the day after", enrolment={"status_date": "2020-11-01"}, payments=None),
        flags("left the day after the count date", enrolment={"status": "转出", "status_date": "2020-11-01"}, payments=None),
        absent("left on the count date", enrolment={"status": "转出", "status_date": "2020-10-31"}, payments=None),
        untested("a date of leaving that cannot be read", enrolment={"status": "转出", "status_date": "去年"}, payments=None, reason="status_unreadable"),
        untested("form of boarding not known", enrolment={"boarding": "其他"}, payments=None, reason="boarding_unknown"),
        untested("two stages at once", enrolment=[{}, {"stage": "初中", "grade": "初一"}], payments=None, reason="stage_unknown"),
        untested("a payment row of the pupil was rejected", payments={"amount": "伍佰"}, reason="payment_row_rejected"),
        untested("a payment of that name whose number the spreadsheet cut", payments={"id_number": "{id_float}", **NOWHERE}, reason="payment_half_read"),
        untested("a payment without number at that school of whose name one character is left", payments={"name": "长???", "id_number": "", "account_no": "", "account_holder": ""},
                 **{table: {"name": "长孙无忌"} for table in ("eligibility", "enrolment")}, reason="payment_half_read"),
        flags("a payment of another name whose number the spreadsheet cut", payments={"id_number": "{id_float}", "name": "公冶长短", **NOWHERE}, also=["mismatch.not_enrolled"]),
        flags("an enrolment row of the pupil was rejected, another says enrolled", enrolment=[{}, {"name": ""}], payments=None),
        passes("an enrolment row of the pupil was rejected; paid", enrolment=[{}, {"name": ""}]),
        untested("paid in the guardian's own name and number", payments={"name": "{guardian}", "id_number": "{guardian_id}"}, reason="payment_half_read"),
        untested("paid under the guardian's number, the child's name with a character otherwise", payments={"name": "{name}某", "id_number": "{guardian_id}"}, reason="payment_half_read"),
        untested("paid in the guardian's own name at the school, without numbers", enrolment={"guardian_name": "柳大年"}, payments={"name": "柳大年", "id_number": "", "account_no": "", "account_holder": ""}, reason="payment_half_read"),
        untested("paid in the name and number of a grandfather of the household", eligibility=[{}, {"name": "祖父某", "id_number": "{guardian_id2}", "birth_date": "", "relation": "户主"}], enrolment={"guardian_name": "", "guardian_id": ""}, payments={"name": "祖父某", "id_number": "{guardian_id2}"}, reason="payment_half_read"),
        untested("paid under the number of a grandfather of the household, by a name like the child's", eligibility=[{"name": "慕容可欣"}, {"name": "祖父某", "id_number": "{guardian_id2}", "birth_date": "", "relation": "户主"}], enrolment={"name": "慕容可欣", "guardian_name": "", "guardian_id": ""}, payments={"name": "慕容小心", "id_number": "{guardian_id2}"}, reason="payment_half_read"),
        flags("the father is paid for the brother", eligibility=[{}, {"of": 2, "household_no": "{household}"}], enrolment=[{}, {"of": 2}], payments=[{"of": 2}, {"name": "{guardian2}", "id_number": "{guardian_id2}"}], also=["mismatch.not_enrolled"]),
        untested("an impossible number, the name of one pupil alone, another school", payments={"id_number": "990100198203030026", "school_code": "{school2}", "school_name": "{school_name2}"}, schools=[{}, {"of": 2}], eligibility={}, enrolment={}, reason="payment_half_read"),
        passes("paid under the guardian's number", payments={"id_number": "{guardian_id}"}, also=["mismatch.identity"]),
        passes("paid the scheme of the other form of boarding",
               payments={"scheme": "非寄宿生生活补助", "amount": "250"}, also=["mismatch.boarding"]),
        passes("paid under the 15-digit number", birth="1999-05-04", enrolment={"stage": "高中", "grade": "高三"},
               payments={"id_number": "{id15}", "scheme": "高中助学金", "amount": "1000"}),
        passes("on the eligibility register under the 15-digit number", birth="1999-05-04", eligibility={"id_number": "{id15}"}),
        passes("another pupil of the same name is paid as well",
               **{table: [{}, {"of": 2, "name": "{name}"}] for table in ("eligibility", "enrolment")},
               payments=[{}, {"of": 2, "name": "{name}", "account_holder": "{name}"}]),
        flags("only a namesake is paid", enrolment=[{}, {"of": 2, "name": "{name}"}], eligibility=[{}, {"of": 2, "name": "{name}"}],
              payments={"of": 2, "name": "{name}", "account_holder": "{name}"}),
        untested("payment lasts, and the child is planned", **SECOND_PAID, planned=[{}, OF_HIS_SCHOOL], parameters=PAYING, reason="not_yet_paid", also=["warning.passed_over"]),
        flags("the last day of payment has come", **SECOND_PAID, planned=[{}, OF_HIS_SCHOOL], parameters={"as_of": "2020-12-31"}, also=["payments.two_lists"]),
        flags("payment lasts, the school is paid, and the child is in no list", **SECOND_PAID, planned=OF_HIS_SCHOOL, parameters=PAYING),
        flags("payment lasts, the school is paid, and no list was delivered", **SECOND_PAID, parameters=PAYING),
        untested("payment lasts, and the school is not paid yet", enrolment=[{}, {"of": 2}], eligibility=[{}, {"of": 2}], payments={"of": 2}, parameters=PAYING, reason="not_yet_paid", also=["warning.not_in_plan"]),
        flags("only the twin is paid", payments={"of": 2}, eligibility=[{}, {"of": 2, "household_no": "{household}"}]),
    ],
)  # fmt: skip
def unpaid(audit: Audit) -> ir.Table:
    """A pupil eligible on the count date, actively enrolled in the county and entitled to a mandatory scheme has a payment of it in some file of the term."""
    language = audit.parameters.language
    # Of payments that all came back missed.returned speaks where it runs; a list without results has reversals all the same.
    paid = _.has_rows if speaks(audit, "missed.returned") else _.has_rows & (_.net > 0)
    population = with_awaited(_entitled_rows(audit), audit).mutate(
        untested=ibis.cases(
            (~_.certain, _.unknown),
            (_.payments_doubtful & ~_.has_rows, "payment_row_rejected"),
            (_.perhaps_paid & ~_.has_rows, "payment_half_read"),
            (yes(_.awaited) & ~yes(_.instead), "not_yet_paid"),
            else_=NO_REASON,
        ),
    )
    return with_open_pairs(population, audit, "payments").mutate(
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, ~paid & ~yes(_.instead)),
        reason=ibis.cases(
            (~_.has_rows, "no_payment"), ((_.successes == 0) & (_.returned > 0), "returned"), else_="reversed"
        ),
        what_became=ibis.ifelse(_.has_rows, CAME_BACK.into(language), NO_ROW.into(language)),
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
    innocent=[LATE_FILE, REFUSED_TEXT],
    examples=[
        flags("came back from the bank", payments={"result": "退汇"}, reason="returned", at_stake="500.00"),
        passes("came back and was paid again", payments=[{"result": "退汇"}, {"pay_date": "2020-12-20"}]),
        flags("came back twice", payments=[{"result": "退汇"}, {"result": "失败"}], reason="returned", at_stake="500.00"),
        flags("paid and all of it recovered", payments=[{}, {"amount": "-500"}], reason="reversed", at_stake="500.00"),
        flags("nothing but a recovery", payments={"amount": "-500"}, reason="reversed"),
        passes("a recovery that leaves one fen", payments=[{}, {"amount": "-499.99"}], also=["missed.underpaid"]),
        passes("paid"),
        passes("the other scheme was paid in its place",
               payments=[{"result": "退汇"}, {"scheme": "非寄宿生生活补助", "amount": "250"}], also=["mismatch.boarding"]),
        untested("came back, and another row was rejected", payments=[{"result": "退汇"}, {"amount": "伍佰"}], reason="payment_row_rejected"),
        untested("came back, and was paid in the guardian's own name", payments=[{"result": "退汇"}, {"name": "{guardian}", "id_number": "{guardian_id}"}], reason="payment_half_read"),
        untested("form of boarding not known", enrolment={"boarding": "其他"}, payments={"result": "退汇"}, reason="boarding_unknown"),
        absent("not eligible on the count date", eligibility={"valid_to": "2020-10-30"}, payments={"result": "退汇"}),
        absent("left before the count date", enrolment={"status": "转出", "status_date": "2020-10-30"}, payments={"result": "退汇"}),
    ],
)  # fmt: skip
def returned(audit: Audit) -> ir.Table:
    """Of the payments to an entitled pupil not every one came back from the bank, nor was everything reversed."""
    is_lost = _.has_rows & (_.net <= 0) & ~yes(_.instead)
    untested_ = ibis.cases(
        (~_.certain, _.unknown), (is_lost & _.payments_doubtful, "payment_row_rejected"), (is_lost & _.perhaps_paid, "payment_half_read"), else_=NO_REASON,
    )  # fmt: skip
    return _entitled_rows(audit).mutate(
        untested=untested_,
        exception=ibis.ifelse(~_.certain | untested_.notnull(), UNKNOWN, is_lost),
        reason=ibis.ifelse((_.successes == 0) & (_.returned > 0), "returned", "reversed"),
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
    examples=[
        flags("one fen below", payments={"amount": "499.99"}, reason="below_standard", at_stake="0.01"),
        passes("to the fen"),
        passes("instalments that make the whole", payments=[{"amount": "250"}, {"amount": "250.00"}]),
        flags("instalments one fen short", payments=[{"amount": "250"}, {"amount": "249.99"}], at_stake="0.01"),
        flags("one of two instalments came back", payments=[{"amount": "250"}, {"amount": "250", "result": "退汇"}], at_stake="250.00"),
        flags("a part was recovered", payments=[{}, {"amount": "-100"}], at_stake="100.00"),
        passes("half a yuan: a day pupil of junior school",
               enrolment={"stage": "初中", "grade": "初二", "boarding": "走读"}, payments={"scheme": "非寄宿生生活补助", "amount": "312.50"}),
        passes("the lowest tier of a grant", enrolment={"stage": "高中", "grade": "高一"}, payments={"scheme": "高中助学金", "amount": "750"}),
        flags("below the lowest tier", enrolment={"stage": "高中", "grade": "高一"}, payments={"scheme": "高中助学金", "amount": "749.99"}, at_stake="0.01"),
        absent("nothing paid", payments=None, also=["missed.unpaid"]),
        untested("too little, and another row was rejected", payments=[{"amount": "250"}, {"amount": "贰佰"}], reason="payment_row_rejected"),
        untested("form of boarding not known", enrolment={"boarding": "其他"}, payments={"amount": "250"}, reason="boarding_unknown"),
        untested("an average alone is no lowest amount", enrolment={"stage": "高中", "grade": "高一"},
                 payments={"scheme": "高中助学金", "amount": "900", "term": "2025-spring", "pay_date": "2025-05-20"},
                 applications=None, parameters=SPRING_2025, reason="no_standard"),
        passes("the amount of the term, not of the year before", applications=None, payments={"amount": "625", "term": "2025-spring", "pay_date": "2025-05-20"}, parameters=SPRING_2025),
        untested("the first of two instalments, while payment lasts", payments={"amount": "250"}, parameters=PAYING, reason="not_yet_paid"),
        flags("the first of two instalments, the last day of payment has come", payments={"amount": "250"}, parameters={"as_of": "2020-12-31"}, at_stake="250.00"),
        flags("the amount of the year before", applications=None, payments={"amount": "500", "term": "2025-spring", "pay_date": "2025-05-20"}, parameters=SPRING_2025, at_stake="125.00"),
    ],
)  # fmt: skip
def underpaid(audit: Audit) -> ir.Table:
    """What an entitled pupil was paid in the term, net of reversals, is not below the amount due."""
    paid = audit.aid.filter(_.certain.notnull() & (_.net > 0))
    return paid.mutate(
        untested=ibis.cases(
            (~_.certain, _.unknown),
            (_.minimum.isnull(), "no_standard"),
            ((_.net < _.minimum) & _.payments_doubtful, "payment_row_rejected"),
            ((_.net < _.minimum) & is_paying(audit), "not_yet_paid"),
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


@rule(
    "missed.out_of_county",
    zh="县外就读未落实",
    en="Studies elsewhere, aid not secured",
    criterion="核定基准日在资格名册、学龄、不在县内就读而有函告记录的：未发函，或到期未回函，或回函未资助且县级未兜底。",
    message=Text("在外地就读，资助尚未落实（{reason_text}）", "studies elsewhere; aid is not secured ({reason_text})"),
    severity="high",
    subject="pupil",
    needs=("eligibility", "enrolment", "letters"),
    reads=("payments",),
    innocent=[
        Text("回函在路上或电话已确认", "the answer is on its way, or was confirmed by telephone"),
        Text("已转回本县就读", "the child has come back to a school of the county"),
    ],
    examples=[
        passes("aided at the place of study", **AWAY, letters={}),
        flags("no letter was sent", **AWAY, letters={"sent_on": "", "replied_on": "", "aided": ""}, reason="not_sent", at_stake="250.00"),
        flags("no answer", **AWAY, letters={"replied_on": "", "aided": ""}, reason="no_reply", at_stake="250.00"),
        untested("no answer, which is not due yet", **ONLY_ANOTHER, letters={"replied_on": "", "aided": ""}, parameters={"as_of": "2020-12-14"}, reason="answer_not_due"),
        flags("no answer on the last day", **ONLY_ANOTHER, letters={"replied_on": "", "aided": ""}, parameters={"as_of": "2020-12-15"}, reason="no_reply"),
        flags("no letter was sent; an answer would not be due yet", **ONLY_ANOTHER, letters={"sent_on": "", "replied_on": "", "aided": ""}, parameters={"as_of": "2020-12-14"}, reason="not_sent"),
        passes("answered on the last day", **AWAY, letters={"replied_on": "2020-12-15"}),
        flags("answered a day late: aided", **AWAY, letters={"replied_on": "2020-12-16"}, reason="late_reply", at_stake="0.00"),
        flags("answered a day late: not aided", **AWAY, letters={"replied_on": "2020-12-16", "aided": "否"}, reason="late_reply", at_stake="250.00"),
        flags("not aided there, nor by the county", **AWAY, letters={"aided": "否"}, reason="refused", at_stake="250.00"),
        untested("not aided there, and the county may still pay", **ONLY_ANOTHER, letters={"aided": "否"}, parameters=PAYING, reason="not_yet_paid"),
        flags("not aided there, the last day of payment has come", **ONLY_ANOTHER, letters={"aided": "否"}, parameters={"as_of": "2020-12-31"}, reason="refused"),
        passes("not aided there, fallback paid", **AWAY, eligibility={"category": "建档立卡"}, letters={"aided": "否", "fallback_amount": "250"}),
        passes("no answer, fallback paid", **AWAY, eligibility={"category": "建档立卡"}, letters={"replied_on": "", "aided": "", "fallback_amount": "250"}),
        untested("the answer does not say", **AWAY, letters={"aided": ""}, reason="answer_not_stated"),
        flags("the ledger says that no answer has come", **AWAY, letters={"replied_on": "", "aided": "未回函"}, reason="no_reply"),
        untested("the answer is a word that nobody knows", **AWAY, letters={"replied_on": "", "aided": "正在核实"}, reason="answer_not_stated"),
        untested("a date that cannot be read", **AWAY, letters={"replied_on": "年底", "aided": ""}, reason="answer_not_stated"),
        untested("eligible to a day that cannot be read", **AWAY, letters={"aided": "否"}, eligibility={"valid_to": "已脱贫"}, reason="eligibility_date_unreadable"),
        untested("answered last year, no letter since", **AWAY, letters={"sent_on": "2019-10-10", "replied_on": "2019-11-05"}, reason="letter_of_earlier_term"),
        absent("answered years ago, no letter since: where the child is nobody knows", **AWAY, letters={"sent_on": "2018-09-20", "replied_on": "2018-10-20"}, also=["missed.not_found"]),
        flags("aided in spring, no answer since", **AWAY, letters=[{"sent_on": "2020-03-20", "replied_on": "2020-04-20"}, {"replied_on": "", "aided": ""}], reason="no_reply"),
        passes("no answer in spring, aided since", **AWAY, letters=[{"sent_on": "2020-03-20", "replied_on": "", "aided": ""}, {}]),
        passes("asked twice, the second answer is yes", **AWAY, letters=[{"replied_on": "", "aided": ""}, {}]),
        flags("asked twice, no answer: one child, one finding", **AWAY, letters=[{"replied_on": "", "aided": ""}, {"replied_on": "", "aided": ""}], reason="no_reply"),
        absent("enrolled in the county", letters={"aided": "否"}),
        flags("has left the school here", enrolment={"status": "转出", "status_date": "2020-08-30"}, payments=None, applications=None, letters={"aided": "否"}, reason="refused"),
        absent("no longer eligible", **AWAY, letters={"aided": "否"}, eligibility={"valid_to": "2020-10-30"}),
        flags("the letter tells the grade", **AWAY, letters={"aided": "否", "grade": "高一"}, birth="2004-09-01", at_stake="1000.00"),
        flags("two letters tell two stages: the age tells", **AWAY, letters=[{"aided": "否", "grade": "高一"}, {"aided": "否", "grade": "初三"}], birth="2004-09-01", at_stake="312.50"),
        flags("aged 22", **AWAY, letters={"aided": "否"}, birth="1997-09-01"),
        absent("aged 23", **AWAY, letters={"aided": "否"}, birth="1997-08-31"),
        flags("aged 3", **AWAY, letters={"aided": "否"}, birth="2017-08-31"),
        absent("aged 2", **AWAY, letters={"aided": "否"}, birth="2017-09-01"),
        flags("the letter names the household, not the number", **AWAY, letters={"id_number": "", "aided": "否"}, reason="refused"),
        untested("the number was damaged by the spreadsheet, birth date unknown", **AWAY,
                 eligibility={"id_number": "{id_float}", "birth_date": "", "valid_to": "已脱贫"}, letters={"id_number": "", "aided": "否"},
                 reason="eligibility_date_unreadable"),
    ],
)  # fmt: skip
def out_of_county(audit: Audit) -> ir.Table:
    """For an eligible child of school age who studies elsewhere a letter was sent, answered in time, and the aid was paid there or by the county."""
    letters = letter_states(audit)
    persons = audit.eligible.filter(_.eligible.fill_null(True))
    cases = letters.inner_join(persons, "person_id")
    cases = beside(cases, audit.pupils.select("person_id", "active"))
    ages = audit.parameters.ages
    away = cases.filter(~yes(_.active) & aged(_.eligible_birth, audit.age_day, ages.account).fill_null(True))
    by_age = usual_stage(_.eligible_birth, audit.age_day)
    priced_rows = lowest_due(away.mutate(usual_stage=_.told_stage.coalesce(by_age)), audit)
    return priced_rows.mutate(
        untested=ibis.cases(
            (_.eligible.isnull(), "eligibility_date_unreadable"),
            (_.open.isnull(), _.state.cases(*UNANSWERED_LETTERS, else_="answer_not_stated")),
            (yes(_.open) & (_.state == "refused") & is_paying(audit), "not_yet_paid"),
            else_=NO_REASON,
        ),
    ).mutate(
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, _.open),
        reason=_.state,
        at_stake=ibis.ifelse(_.moot, zero(), _.expected.fill_null(0)),
    )
