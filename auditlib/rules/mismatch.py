"""不一致: paid to someone, somewhere or for something that the enrolment register does not bear out."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.language import Text
from auditlib.logic import joined, some, yes
from auditlib.registers import YUAN, Audit
from auditlib.rules.common import NO_REASON, UNKNOWN, here, not_enrolled, with_open_pairs, zero
from auditlib.rules.registry import rule


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
)
def not_in_register(audit: Audit) -> ir.Table:
    """Who is paid in a stage that the register covers stands in the enrolment register."""
    population = audit.payees.filter(_.in_register | _.covered_stage.fill_null(True))
    flagged = population.mutate(missing=not_enrolled(population))
    known = with_open_pairs(flagged, audit, "payments", key="person_id")
    return known.mutate(
        exception=ibis.ifelse(_.enrolment_doubtful & yes(_.missing), UNKNOWN, _.missing),
        reason=ibis.literal("no_record"),
        at_stake=_.amount_paid,
        rests_on=_.payment_records,
    ).mutate(
        untested=ibis.cases(
            (_.exception.notnull(), NO_REASON), (_.enrolment_doubtful, "enrolment_row_rejected"), else_="stage_unknown"
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
)
def inactive(audit: Audit) -> ir.Table:
    """A term's aid is for a pupil whose enrolment was active on the count date."""
    return audit.payees.filter(_.in_register).mutate(
        exception=ibis.ifelse(_.enrolment_doubtful & ~_.active.fill_null(True), UNKNOWN, ~_.active),
        reason=ibis.ifelse(_.status.isin(["enrolled", "resumed"]), "joined_later", _.status),
        at_stake=_.amount_paid,
        rests_on=_.payment_records,
    ).mutate(
        untested=ibis.cases(
            (_.exception.notnull(), NO_REASON), (_.active.notnull(), "enrolment_row_rejected"), else_="status_unreadable"
        )
    )


def _identity_rows(audit: Audit) -> ir.Table:
    """Payment rows of pupils beside the register's name and number, and how they differ."""
    register = audit.pupils.select(
        "person_id",
        "names",
        register_name=_.name,
        register_number=_.id_number,
        register_id18=_.id18,
        register_name_lost=_.name_defect.notnull(),
        register_damaged=yes(_.id_number_defect == "damaged"),
    )
    both = audit.paid_rows.inner_join(register, "person_id")
    unsound = _.id_number_defect.notnull() & (_.decided_by != "same_text")
    number_differs = ibis.cases(
        (_.doubled | _.id_number.isnull(), False),
        (yes(_.id_number_defect == "damaged") | _.register_damaged | _.register_number.isnull(), UNKNOWN),
        (yes(unsound), False),
        else_=_.id18.coalesce(_.id_number) != _.register_id18.coalesce(_.register_number),
    )
    name_differs = ibis.cases(
        (_.doubled, False), (_.name_defect.notnull() | _.register_name_lost, UNKNOWN), else_=~_.names.contains(_.name)
    )
    differing = both.mutate(name_differs=name_differs, number_differs=number_differs)
    return _explained(differing, audit.spellings)


def _explained(rows: ir.Table, spellings: ir.Table) -> ir.Table:
    of_name = spellings.rename(name_how="how")
    of_number = spellings.rename(number_how="how")
    named = rows.left_join(of_name, (rows.name == of_name.written) & (rows.register_name == of_name.registered))
    named = named.drop("written", "registered")
    both = named.left_join(of_number, (named.id_number == of_number.written) & (named.register_number == of_number.registered))
    return both.drop("written", "registered")


@rule(
    "mismatch.identity",
    zh="人籍信息不一致",
    en="Name or number differs",
    criterion="同一人的姓名或身份证号在发放明细与学籍中不一致（仅宽度、空格、间隔号、字母大小写不同的不算）。",
    message=Text("发放明细与学籍不一致：{reason_text}", "payment and enrolment register differ: {reason_text}"),
    severity="medium",
    subject="pupil",
    needs=("payments", "enrolment"),
    innocent=[
        Text("改名或更正身份证号，一方尚未更新", "name or number was changed by law, one side has not followed"),
        Text("学籍或银行一方录入错误，实为同一人", "a slip in the register or at the bank; the person is the same"),
    ],
)
def identity(audit: Audit) -> ir.Table:
    """Name and ID number of the same person are the same in the payment and in the enrolment register."""
    rows = _identity_rows(audit)
    what = ibis.cases(
        (yes(_.number_differs) & yes(_.name_differs), "name_and_number"),
        (yes(_.number_differs), "id_number_" + _.number_how.fill_null("other")),
        (yes(_.name_differs), "name_" + _.name_how.fill_null("other")),
        else_=NO_REASON,
    )
    flagged = rows.mutate(differs=_.number_differs | _.name_differs, what=what)
    persons = flagged.group_by("person_id").agg(
        exception=some(_.differs), reason=_.what.max(), rests_on=joined("payments:" + _.source)
    )
    return persons.mutate(
        untested=ibis.ifelse(_.exception.isnull(), "spelling_lost", NO_REASON), at_stake=zero()
    )


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
)
def invalid_id(audit: Audit) -> ir.Table:
    """The ID number of a payment to a known pupil is a possible one."""
    known = audit.pupils.select("person_id", known=ibis.literal(True))
    rows = audit.paid_rows.inner_join(known, "person_id")
    unsound = ibis.cases(
        (_.id_number_defect.isnull(), False),
        (_.id_number_defect.isin(["damaged", "other_document"]), UNKNOWN),
        (_.decided_by == "same_text", False),
        else_=True,
    )
    flagged = rows.mutate(unsound=unsound)
    persons = flagged.group_by("person_id").agg(
        exception=some(_.unsound),
        reason=_.id_number_defect.min(where=yes(_.unsound)),
        unclear=_.id_number_defect.min(where=_.unsound.isnull()),
        rests_on=joined("payments:" + _.source),
    )
    return persons.mutate(
        untested=ibis.ifelse(_.exception.isnull(), "id_number_" + _.unclear, NO_REASON), at_stake=zero()
    )


@rule(
    "mismatch.school",
    zh="学校不一致",
    en="Paid through another school",
    criterion="发放所经学校不是核定基准日学籍所在学校。",
    message=Text("发放所经学校与核定基准日学籍学校不同", "paid through another school than the one enrolled in on the count date"),
    severity="low",
    subject="pupil",
    needs=("payments", "enrolment"),
    innocent=[
        Text("学期中转学，资助随原校发放", "changed school in the term, the aid was still paid by the former one"),
        Text("学校更名、撤并，名录未更新", "the school was renamed or merged, the directory has not followed"),
    ],
)
def school(audit: Audit) -> ir.Table:
    """A payment goes through the school in which the pupil was enrolled on the count date."""
    coded = "school_code" in audit.found.get("enrolment", frozenset({"school_code"}))
    pupils = audit.pupils.filter(_.active.fill_null(True)).select("person_id", "active", "school_ids")
    rows = audit.paid_rows.inner_join(pupils, "person_id")
    comparable = _.taught.notnull() | (_.school_code.notnull() & ibis.literal(coded))
    elsewhere = ibis.cases(
        (_.doubled, False),
        (_.school_id.isnull() | ~comparable | (_.school_ids.length() == 0) | _.active.isnull(), UNKNOWN),
        else_=~_.school_ids.contains(_.school_id),
    )
    persons = rows.mutate(elsewhere=elsewhere).group_by("person_id").agg(
        exception=some(_.elsewhere), amount_paid=_.amount.sum().cast(YUAN), rests_on=joined("payments:" + _.source)
    )  # fmt: skip
    return persons.mutate(
        untested=ibis.ifelse(_.exception.isnull(), "school_unknown", NO_REASON),
        reason=ibis.literal("other_school"),
        at_stake=zero(),
    )


@rule(
    "mismatch.stage",
    zh="学段不符",
    en="Scheme of another stage",
    criterion="领取的项目不适用于学籍所在学段。",
    message=Text("领取了不适用于本学段的项目，{at_stake} 元", "paid a scheme that is not for the stage enrolled in, {at_stake} yuan"),
    severity="medium",
    subject="pupil",
    needs=("payments", "enrolment"),
    innocent=[Text("九年一贯制、完全中学，学段登记有误", "a school of several stages, the stage was recorded wrongly")],
)
def stage(audit: Audit) -> ir.Table:
    """A pupil is paid schemes that are for the stage enrolled in."""
    return _of_schemes(audit, misfit=~_.fits_stage, at_stake=_.net, unknown="stage_unknown", reason="other_stage")


def _of_schemes(
    audit: Audit, *, misfit: ir.BooleanValue, at_stake: ir.Value, unknown: str, reason: str
) -> ir.Table:
    """Per pupil paid: is there a scheme that does not fit, and the yuan of those that do not."""
    paid = audit.aid.filter((_.net > 0) & _.in_register & _.active.fill_null(True)).mutate(misfit=misfit, stake=at_stake)
    persons = paid.group_by("person_id").agg(
        exception=some(_.misfit),
        at_stake=_.stake.sum(where=yes(_.misfit)).fill_null(0).cast(YUAN),
        amount_paid=_.net.sum(where=yes(_.misfit)).cast(YUAN),
        scheme=_.scheme.min(where=yes(_.misfit)),
    )
    records = audit.payees.select("person_id", rests_on="payment_records")
    both = persons.left_join(records, "person_id").drop("person_id_right")
    return both.mutate(
        untested=ibis.ifelse(_.exception.isnull(), unknown, NO_REASON), reason=ibis.literal(reason)
    )


@rule(
    "mismatch.boarding",
    zh="就读方式不符",
    en="Paid for the other form of boarding",
    criterion="学籍为走读而按寄宿生发放，或学籍为住校而按走读生发放。",
    message=Text("学籍就读方式与发放项目不符，涉及差额 {at_stake} 元", "the scheme paid is for the other form of boarding; the difference is {at_stake} yuan"),
    severity="medium",
    subject="pupil",
    needs=("payments", "enrolment", "enrolment.boarding"),
    innocent=[Text("学期中改变就读方式，学籍未更新", "began or gave up boarding in the term, the register has not followed")],
)
def boarding(audit: Audit) -> ir.Table:
    """Boarders are paid as boarders, day pupils as day pupils."""
    due = audit.aid.filter(yes(_.certain)).select("person_id", due_scheme="scheme", due_instead="due")
    pairs = audit.exclusions.rename(due_scheme="other_scheme")
    instead = due.inner_join(pairs, "due_scheme").group_by("person_id", "scheme").agg(
        due_instead=_.due_instead.max()
    )  # fmt: skip
    both_paid = audit.aid.filter(_.net > 0).inner_join(pairs, "scheme")
    right_one = audit.aid.filter(_.net > 0).select("person_id", due_scheme="scheme")
    twice = both_paid.inner_join(right_one, ["person_id", "due_scheme"]).select("person_id", "scheme", twice=ibis.literal(True)).distinct()  # fmt: skip
    aid = audit.aid.left_join(instead, ["person_id", "scheme"], rname="{name}_instead").drop("person_id_instead", "scheme_instead")
    aid = aid.left_join(twice, ["person_id", "scheme"], rname="{name}_twice").drop("person_id_twice", "scheme_twice")
    paid = aid.filter((_.net > 0) & _.in_register & _.active.fill_null(True) & _.fits_stage.fill_null(True))
    persons = paid.mutate(misfit=~_.fits_boarding & ~yes(_.twice)).group_by("person_id").agg(
        exception=some(_.misfit),
        at_stake=(_.net - _.due_instead.fill_null(0)).abs().sum(where=yes(_.misfit)).fill_null(0).cast(YUAN),
        amount_paid=_.net.sum(where=yes(_.misfit)).cast(YUAN),
        amount_due=_.due_instead.sum(where=yes(_.misfit)).cast(YUAN),
        scheme=_.scheme.min(where=yes(_.misfit)),
        paid_as_boarder=_.scheme_boarding.any(where=yes(_.misfit)),
    )
    records = here(audit.payees).select("person_id", rests_on="payment_records")
    both = persons.left_join(records, "person_id").drop("person_id_right")
    return both.mutate(
        untested=ibis.ifelse(_.exception.isnull(), "boarding_unknown", NO_REASON),
        reason=ibis.ifelse(yes(_.paid_as_boarder), "day_pupil_paid_as_boarder", "boarder_paid_as_day_pupil"),
    )
