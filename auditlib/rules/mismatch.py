"""不一致: paid to someone, somewhere or for something that the enrolment register does not bear out."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.language import Text
from auditlib.base.logic import beside, some, yes
from auditlib.rules.common import (
    NO_REASON,
    UNKNOWN,
    here,
    not_enrolled,
    passing_but,
    payments_of,
    with_open_pairs,
    zero,
)
from auditlib.rules.identities import beside_register, differences
from auditlib.rules.registry import absent, flags, passes, rule, speaks, untested

NEW_SCHOOL = {"school_code": "{school2}", "school_name": "{school_name2}"}
CASH = {"account_no": "", "account_holder": ""}
NOWHERE = CASH | {"school_code": "", "school_name": ""}  # nothing of school and card tells whose a payment is
LEAVING_CODES = {
    "休学": "suspended", "退学": "withdrawn", "流失": "lost", "毕业": "graduated", "转出": "transferred_out", "死亡": "deceased",
    "下落不明": "untraced", "04": "suspended",
}  # fmt: skip
UNKNOWN_NUMBER = "990102200901050042"
GROWN_UP = "990100198001010026"
IMPOSSIBLE = (
    ("a wrong check digit", "{id_wrong_check}", "check_digit"),
    ("17 digits", "{id_short}", "length"),
    ("a month 13", "990101201113040010", "date"),
    ("no such area", "000101201105040017", "area"),
    ("a letter inside", "99010120110504O017", "characters"),
)


@rule(
    "mismatch.not_enrolled",
    zh="无学籍发放",
    en="Paid without enrolment",
    criterion="在学籍应覆盖的学段领取了资助，而学籍中没有这个人的任何记录。",
    message=Text("发放 {amount_paid} 元，学籍中没有此人", "{amount_paid} yuan paid; the enrolment register does not know the person"),
    severity="high",
    subject="pupil",
    needs=("payments", "enrolment"),
    innocent=[
        Text("身份证号或姓名登记有误，实为在籍学生", "the number or the name is wrong; the person is a pupil under another spelling"),
        Text("学籍在外县，在本县借读", "enrolled in another county, attends school here"),
        Text("新转入，学籍尚未办结", "has just moved in, the record is not yet made"),
    ],
    examples=[
        flags("in no record", enrolment=None, reason="no_record", at_stake="500.00"),
        flags("in no record, two payments: one finding", enrolment=None, payments=[{}, {"amount": "300"}], at_stake="800.00"),
        flags("neither listed nor enrolled, paid late to a stranger through another school: said once", enrolment=None, eligibility=None, applications=None,
              payments={"pay_date": "2021-02-01", "account_holder": "外人", "school_code": "{school2}", "school_name": "{school_name2}"}),
        passes("enrolled"),
        passes("enrolled under the 15-digit number", birth="1999-05-04", enrolment={"id_number": "{id15}", "student_no": "{student_no_l}"}),
        passes("paid under the number before last: it stands in the G student number",
               enrolment={"student_no": "G{id_other}"}, payments={"id_number": "{id_other}"}, also=["mismatch.identity"]),
        passes("paid by student number alone", enrolment={"student_no": "{student_no_l}"}, payments={"id_number": "", "student_no": "{student_no_l}"}),
        passes("paid under the guardian's number", payments={"id_number": "{guardian_id}"}, also=["mismatch.identity"]),
        passes("a list that tells name and school only", payments={"id_number": "", **CASH}),
        passes("a list that tells the name only", payments={"id_number": "", **NOWHERE}),
        flags("the guardian's number under a name that no pupil bears", payments={"id_number": "{guardian_id}", "name": "独孤求胜"}, also=["missed.unpaid"]),
        untested("a list that tells the name only, and two pupils have it", payments={"id_number": "", **NOWHERE}, reason="spelling_lost",
                 **{table: [{}, {"of": 2, "name": "{name}"}] for table in ("eligibility", "enrolment", "applications")}),
        untested("a sound number that no register knows, name and school a pupil's", payments={"id_number": UNKNOWN_NUMBER}, reason="spelling_lost"),
        flags("an L student number says nothing of the ID number", payments={"id_number": "{id_other}", "name": "另一人"},
              enrolment={"student_no": "{student_no_l}"}, also=["missed.unpaid"]),
        passes("has left", enrolment={"status": "退学"}, also=["mismatch.inactive"]),
        absent("a stage that the register does not cover", enrolment=None, eligibility={"birth_date": ""}, birth="2004-05-04",
               payments={"scheme": "中职助学金", "amount": "1000"}, schools={"stage": "中职"}),
        absent("paid and all of it recovered", enrolment=None, payments=[{}, {"amount": "-500"}], applications=None, also=["missed.not_found"]),
        absent("came back from the bank", enrolment=None, payments={"result": "退汇"}, applications=None, also=["missed.not_found"]),
        untested("the pupil's enrolment row was rejected", enrolment={"name": ""}, reason="enrolment_row_rejected"),
        untested("the number cut by the spreadsheet, and a pupil has that name", payments={"id_number": "{id_float}", **NOWHERE}, reason="spelling_lost"),
        flags("the number cut by the spreadsheet, and no pupil has that name", payments={"id_number": "{id_float}", "name": "独孤求败", **NOWHERE},
              also=["missed.unpaid"]),
        untested("no number, and one character of the name is left", **{table: {"name": "尉迟恭敬"} for table in ("eligibility", "enrolment")},
                 payments={"name": "尉???", "id_number": "", **CASH}, reason="spelling_lost"),
        untested("no number, and a name that lost a character fits nobody", enrolment=None,
                 payments={"name": "尉迟?恭", "id_number": "", **CASH}, applications=None, reason="spelling_lost", also=["missed.not_found"]),
        untested("a scheme of all stages through a school in no directory", enrolment=None, eligibility={"category": "建档立卡"},
                 payments={"scheme": "市级增补", "school_code": "", "school_name": "无名学校"}, reason="stage_unknown"),
    ],
)  # fmt: skip
def not_in_register(audit: Audit) -> ir.Table:
    """Who is paid in a stage that the register covers stands in the enrolment register."""
    population = audit.payees.filter(_.in_register | _.covered_stage.fill_null(True))
    flagged_rows = population.mutate(missing=not_enrolled(population))
    payees = with_open_pairs(flagged_rows, audit, "payments", key="person_id")
    return payees.mutate(
        exception=ibis.ifelse((_.enrolment_doubtful | _.half_read) & yes(_.missing), UNKNOWN, _.missing),
        reason=ibis.literal("no_record"),
        at_stake=_.amount_paid,
        rests_on=_.payment_records,
    ).mutate(
        untested=ibis.cases(
            (_.exception.notnull(), NO_REASON),
            (_.enrolment_doubtful, "enrolment_row_rejected"),
            (_.half_read & yes(_.missing), "spelling_lost"),
            else_="stage_unknown",
        )
    )


@rule(
    "mismatch.inactive",
    zh="异动后发放",
    en="Paid after leaving",
    criterion="领取了本学期资助，而核定基准日其学籍不在在读状态（休学、退学、毕业、转出、死亡等）。",
    message=Text("发放 {amount_paid} 元，核定基准日学籍状态为{reason_text}", "{amount_paid} yuan paid; on the count date the enrolment was: {reason_text}"),
    severity="high",
    subject="pupil",
    needs=("payments", "enrolment", "enrolment.status"),
    innocent=[
        Text("学期中转学，新校学籍未在导出中", "changed school in the term, the new record is missing from the export"),
        Text("异动日期录入有误", "the date of the change was recorded wrongly"),
    ],
    examples=[
        *(flags(f"{status} on the count date", enrolment={"status": status, "status_date": "2020-10-31"}, reason=code, at_stake="500.00")
          for status, code in LEAVING_CODES.items()),
        passes("left the day after the count date", enrolment={"status": "退学", "status_date": "2020-11-01"}),
        flags("left, nobody knows when", enrolment={"status": "转出"}, reason="transferred_out"),
        passes("enrolled"),
        passes("back at school on the count date", enrolment={"status": "复学", "status_date": "2020-10-31"}),
        flags("back at school the day after", enrolment={"status": "复学", "status_date": "2020-11-01"}, reason="joined_later"),
        flags("suspended, and back at school the day after", enrolment=[{"status": "休学", "status_date": "2020-10-20"}, {"status": "复学", "status_date": "2020-11-01"}],
              reason="suspended"),
        flags("arrived the day after", enrolment={"status_date": "2020-11-01"}, reason="joined_later"),
        passes("moved within the county before the count date", enrolment=[{"status": "转出", "status_date": "2020-09-30"}, NEW_SCHOOL], schools=[{}, NEW_SCHOOL],
               payments=NEW_SCHOOL),
        flags("left, and paid late to a stranger through another school, without posting: said once",
              enrolment={"status": "退学"}, schools=[{}, NEW_SCHOOL], payments={**NEW_SCHOOL, "pay_date": "2021-02-01", "account_holder": "外人", "name": "{name}儿"},
              applications={"posted_from": "", "posted_to": "", "approved_on": ""}, reason="withdrawn"),
        flags("left, and on no register: said once", enrolment={"status": "退学"}, eligibility=None, reason="withdrawn"),
        absent("paid and all of it recovered", enrolment={"status": "退学"}, payments=[{}, {"amount": "-500"}]),
        untested("a date that cannot be read", enrolment={"status": "退学", "status_date": "上学期"}, reason="status_unreadable"),
        untested("left, and another enrolment row was rejected", enrolment=[{"status": "退学"}, {"name": ""}], reason="enrolment_row_rejected"),
    ],
)  # fmt: skip
def inactive(audit: Audit) -> ir.Table:
    """A term's aid is for a pupil whose enrolment was active on the count date."""
    return (
        audit.payees.filter(_.in_register)
        .mutate(
            exception=ibis.ifelse(_.enrolment_doubtful & ~_.active.fill_null(True), UNKNOWN, ~_.active),
            reason=ibis.ifelse(_.status.isin(["enrolled", "resumed"]), "joined_later", _.status),
            at_stake=_.amount_paid,
            rests_on=_.payment_records,
        )
        .mutate(
            untested=ibis.cases(
                (_.exception.notnull(), NO_REASON),
                (_.active.notnull(), "enrolment_row_rejected"),
                else_="status_unreadable",
            )
        )
    )


@rule(
    "mismatch.identity",
    zh="人籍信息不一致",
    en="Name or number differs",
    criterion="同一人的姓名或身份证号在发放明细与学籍中不一致（仅宽度、空格、间隔号、字母大小写不同的不算）。",
    message=Text("发放明细与学籍不一致：{reason_text}", "payment and enrolment register differ: {reason_text}"),
    severity="medium",
    subject="pupil",
    needs=("payments", "enrolment"),
    reads=("eligibility",),
    innocent=[
        Text("改名或更正身份证号，一方尚未更新", "name or number was changed by law, one side has not followed"),
        Text("学籍或银行一方录入错误，实为同一人", "a slip in the register or at the bank; the person is the same"),
    ],
    examples=[
        flags("a homophone", eligibility={"name": "章海平"}, enrolment={"name": "章海平"}, payments={"name": "张海平", "account_holder": ""}, reason="name_homophone", at_stake="0.00"),
        flags("a variant character", eligibility={"name": "王喆"}, enrolment={"name": "王喆"}, payments={"name": "王哲", "account_holder": ""}, reason="name_variant_character"),
        flags("one character", eligibility={"name": "李大川"}, enrolment={"name": "李大川"}, payments={"name": "李小川", "account_holder": ""}, reason="name_one_character"),
        flags("another name", payments={"name": "欧阳某某"}, reason="name_other"),
        flags("another number", payments={"id_number": "{id_other}", "student_no": "{student_no}"}, reason="id_number_other"),
        flags("one digit, wrong in the register", enrolment={"id_number": "{id_wrong_check}"}, reason="id_number_one_digit"),
        flags("two digits swapped in the register", enrolment={"id_number": "{id_swapped}"}, reason="id_number_swapped_digits"),
        flags("a digit missing in the register", enrolment={"id_number": "{id_short}"}, reason="id_number_digit_missing"),
        flags("name and number", enrolment={"student_no": "G{id_other}"}, payments={"id_number": "{id_other}", "name": "{name}儿"}, reason="name_and_number"),
        flags("the guardian's number", payments={"id_number": "{guardian_id}"}, reason="id_number_of_guardian", at_stake="0.00"),
        flags("the number of another member of the household", eligibility=[{}, {"name": "祖父某", "id_number": "{guardian_id2}", "birth_date": "", "relation": "户主"}],
              payments={"id_number": "{guardian_id2}"}, reason="id_number_of_household"),
        flags("a brother's number", eligibility=[{}, {"of": 2, "household_no": "{household}"}], payments=[{"id_number": "{id2}"}, {"of": 2}],
              reason="id_number_of_sibling"),
        flags("the number of another pupil, who is paid beside it", eligibility=[{}, {"of": 2}], payments=[{"id_number": "{id2}"}, {"of": 2}],
              reason="id_number_of_pupil"),
        flags("a grown-up's number that no register knows", payments={"id_number": GROWN_UP}, reason="id_number_of_adult"),
        flags("wrong in one of two rows", payments=[{"amount": "250"}, {"amount": "250", "name": "{name}儿"}], reason="name_other"),
        passes("the same"),
        passes("an impossible number: said there", payments={"id_number": "{id_wrong_check}", "student_no": "{student_no}"}, also=["mismatch.invalid_id"]),
        passes("15 and 18 digits", birth="1999-05-04", payments={"id_number": "{id15}"}),
        passes("another separator dot", **{table: {"name": f"阿依古丽{dot}买买提"} for table, dot in (("eligibility", "•"), ("enrolment", "·"), ("payments", "．"))} | {"payments": {"name": "阿依古丽．买买提", "account_holder": ""}}),
        passes("the separator left out", enrolment={"name": "阿依古丽·买买提"}, eligibility={"name": "阿依古丽·买买提"}, payments={"name": "阿依古丽买买提", "account_holder": ""}),
        passes("Latin letters in full width and small", eligibility={"name": "ANNA LI"}, enrolment={"name": "ANNA LI"}, payments={"name": "Ａｎｎａ  li", "account_holder": ""}),
        passes("spaces inside", eligibility={"name": "白 云"}, enrolment={"name": "白 云"}, payments={"name": "白　云 ", "account_holder": ""}),

        passes("an apostrophe and a space", payments={"id_number": "'{id} "}),
        passes("an L student number that looks like another ID number", enrolment={"student_no": "{student_no_l}"}, payments={"student_no": "{student_no_l}"}),
        passes("a J student number", enrolment={"student_no": "J{id_other}"}),
        passes("the same impossible number in both", enrolment={"id_number": "{id_wrong_check}", "student_no": "{student_no_l}"},
               eligibility={"id_number": "{id_wrong_check}"}, payments={"id_number": "{id_wrong_check}"}, applications={"id_number": "{id_wrong_check}"}),
        passes("a former name, by the enrolment register", enrolment={"former_name": "欧阳某某"}, payments={"name": "欧阳某某", "account_holder": ""}),
        passes("no number in the payment", payments={"id_number": "", "student_no": "{student_no}"}),
        passes("the row with another spelling came back", payments=[{}, {"name": "{name}儿", "result": "退汇"}]),
        flags("another kind of document than in the register", payments={"id_number": "H12345678", "student_no": "{student_no}"}, reason="id_number_other"),
        passes("the same other document", **{table: {"id_number": "H87654321"} for table in ("enrolment", "eligibility", "payments", "applications")}),
        untested("a lost character in the payment", payments={"name": "王?"}, reason="spelling_lost"),
        untested("a hidden character in the payment", payments={"name": "王＊", "account_holder": ""}, reason="spelling_lost"),
        untested("a lost character in the register", enrolment={"name": "王□"}, reason="spelling_lost"),
        untested("a number damaged by the spreadsheet", payments={"id_number": "{id_float}", "student_no": "{student_no}"}, reason="spelling_lost"),
        passes("no number in the register, it stands in the G student number", enrolment={"id_number": ""}),
        untested("no number in the register", enrolment={"id_number": "", "student_no": "{student_no_l}"}, reason="no_usable_number"),
        untested("damaged in the register", enrolment={"id_number": "{id_float}"}, reason="spelling_lost"),
    ],
)  # fmt: skip
def identity(audit: Audit) -> ir.Table:
    """Name and ID number of the same person are the same in the payment and in the enrolment register."""
    is_asked = speaks(audit, "mismatch.invalid_id")
    persons = differences(beside_register(audit.paid_rows, audit, told_elsewhere=is_asked), audit)
    persons = beside(persons, payments_of(audit.paid_rows, persons))
    return passing_but(persons, here(audit.payees)).mutate(at_stake=zero())


@rule(
    "mismatch.invalid_id",
    zh="证件号无效",
    en="Impossible ID number",
    criterion="发放明细中的身份证号不可能存在（位数、日期、校验码或地区码不对），而这个人已由其他信息找到。",
    message=Text("发放明细中的身份证号无效：{reason_text}", "the ID number of the payment is impossible: {reason_text}"),
    severity="medium",
    subject="pupil",
    needs=("payments", "payments.id_number", "enrolment"),
    innocent=[Text("录入错误，款项已按卡号到账", "a slip of the pen; the money went to the right card")],
    examples=[
        *(flags(why, payments={"id_number": number, "student_no": "{student_no}"}, reason=reason, at_stake="0.00")
          for why, number, reason in IMPOSSIBLE),
        passes("a sound number"),
        passes("15 digits", birth="1999-05-04", payments={"id_number": "{id15}"}),
        passes("no number", payments={"id_number": "", "student_no": "{student_no}"}),
        passes("the register has the same impossible number", enrolment={"id_number": "{id_wrong_check}", "student_no": "{student_no_l}"},
               eligibility={"id_number": "{id_wrong_check}"}, payments={"id_number": "{id_wrong_check}"}, applications={"id_number": "{id_wrong_check}"}),
        untested("damaged by the spreadsheet", payments={"id_number": "{id_float}", "student_no": "{student_no}"}, reason="id_number_damaged"),
        untested("another kind of document", payments={"id_number": "H12345678", "student_no": "{student_no}"}, reason="id_number_other_document",
                 also=["mismatch.identity"]),
        absent("nobody is found by other means", enrolment=None, eligibility=None, applications=None, payments={"id_number": "{id_wrong_check}"}, also=["mismatch.not_enrolled"]),
    ],
)  # fmt: skip
def invalid_id(audit: Audit) -> ir.Table:
    """The ID number of a payment to a known pupil is a possible one."""
    unsound = ibis.cases(
        (_.id_number_defect.isnull(), False),
        (_.id_number_defect.isin(["damaged", "other_document"]), UNKNOWN),
        (_.decided_by == "same_text", False),
        else_=True,
    )
    doubted_rows = audit.paid_rows.mutate(unsound=unsound).filter(_.unsound.fill_null(True))
    persons = doubted_rows.group_by("person_id").agg(
        exception=some(_.unsound),
        reason=_.id_number_defect.min(where=yes(_.unsound)),
        unclear=_.id_number_defect.min(where=_.unsound.isnull()),
    )
    persons = beside(persons, payments_of(audit.paid_rows, persons))
    return passing_but(persons, here(audit.payees)).mutate(
        untested=ibis.ifelse(_.exception.isnull(), "id_number_" + _.unclear, NO_REASON), at_stake=zero()
    )
