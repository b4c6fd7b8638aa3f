"""不一致: an eligible child whom the poverty register writes otherwise than the enrolment register does.

The registers' own errors hide children. What these rules find is corrected at the office that keeps the register.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.language import Text
from auditlib.base.logic import beside, some, yes
from auditlib.rules.common import NO_REASON, UNKNOWN, passing_but, zero
from auditlib.rules.identities import beside_register, differences
from auditlib.rules.registry import NotRun, absent, flags, passes, rule, speaks, untested
from auditlib.tables.wording import WORDS

NEW_SCHOOL = {"school_code": "{school2}", "school_name": "{school_name2}"}
STATED_COLUMNS = ("school_name", "in_school")
IN_SCHOOL = "in_school."  # before the codes of what a register says of being at school
# A special school teaches the compulsory stages: either word is right for its pupils, and one that names no stage for all of them.
COMPULSORY = ("primary", "junior", "special")


@rule(
    "mismatch.register_identity",
    zh="名册与学籍人籍信息不一致",
    en="Eligibility register: name or number differs",
    criterion="资格名册中的学生，姓名或身份证号与学籍不一致（仅宽度、空格、间隔号、字母大小写不同的不算）；发放明细已有同样写法的，由人籍信息不一致列出。",
    message=Text("资格名册与学籍不一致：{reason_text}，请核对后更正有误的一方", "eligibility and enrolment register differ: {reason_text}; correct the one that is wrong"),
    severity="low",
    subject="pupil",
    needs=("eligibility", "enrolment"),
    innocent=[
        Text("依法改名或变更身份证号，一方尚未更新", "name or number was changed by law, one side has not followed"),
        Text("学籍一方录入错误，名册无误", "a slip in the enrolment register; the eligibility register is right"),
    ],
    examples=[
        flags("another name", eligibility={"name": "欧阳某某"}, reason="name_other", at_stake="0.00"),
        flags("a homophone", eligibility={"name": "张海平"}, reason="name_homophone",
              **{table: {"name": "章海平", **more} for table, more in (("enrolment", {}), ("payments", {"account_holder": "章海平"}), ("applications", {}))}),
        flags("another number", eligibility={"id_number": "{id_other}"}, reason="id_number_other"),
        flags("a number with a wrong digit", eligibility={"id_number": "{id_wrong_check}"}, reason="id_number_one_digit"),
        flags("wrong in one of two registers", eligibility=[{}, {"category": "残疾", "name": "欧阳某某"}], reason="name_other"),
        flags("not paid", eligibility={"name": "欧阳某某"}, payments=None, reason="name_other", also=["missed.unpaid"]),
        passes("the same"),
        passes("15 and 18 digits", birth="1999-05-04", eligibility={"id_number": "{id15}"}),
        passes("another separator dot", **{table: {"name": f"阿依古丽{dot}买买提"} for table, dot in (("eligibility", "•"), ("enrolment", "·"), ("applications", "·"))},
               payments={"name": "阿依古丽·买买提", "account_holder": ""}),
        passes("a former name, by the enrolment register", eligibility={"name": "欧阳某某"}, enrolment={"former_name": "欧阳某某"}),
        flags("neither the name nor the former name", eligibility={"name": "欧阳某某"}, enrolment={"former_name": "{name}儿"}, reason="name_other"),
        passes("no number in the register of poverty", eligibility={"id_number": ""}),
        flags("the enrolment record's number is wrong, and no payment tells a number", enrolment={"id_number": "{id_wrong_check}"}, payments=None,
              reason="id_number_one_digit", also=["missed.unpaid"]),
        passes("paid under the register's name: said once", eligibility={"name": "{name}儿"}, payments={"name": "{name}儿"}, also=["mismatch.identity"]),
        passes("the enrolment record's number is wrong, payment and register agree: said once", enrolment={"id_number": "{id_wrong_check}"}, also=["mismatch.identity"]),
        absent("no longer eligible", eligibility={"name": "欧阳某某", "valid_to": "2020-10-30"}, also=["ineligible.expired"]),
        absent("in no enrolment record", eligibility={"name": "欧阳某某"}, enrolment=None, also=["mismatch.not_enrolled"]),
        absent("has left", eligibility={"name": "欧阳某某"}, enrolment={"status": "转出"}, payments=None, applications=None),
        untested("a lost character in the register", eligibility={"name": "王?"}, reason="spelling_lost"),
        untested("no number in the enrolment record", enrolment={"id_number": "", "student_no": "{student_no_l}"}, reason="no_usable_number"),
    ],
)  # fmt: skip
def register_identity(audit: Audit) -> ir.Table:
    """Name and ID number of an eligible pupil are the same in the eligibility register and in the enrolment register."""
    claims = audit.rows["eligibility"].filter(_.holds.fill_null(True))
    rows = _unless_paid(beside_register(claims.mutate(doubled=False), audit, told_elsewhere=False), audit)
    pupils = audit.pupils.select("person_id", "active").filter(_.active.fill_null(True))
    listed_rows = audit.eligible.filter(_.eligible.fill_null(True)).semi_join(pupils, "person_id")
    return passing_but(differences(rows, audit), listed_rows).mutate(at_stake=zero())


def _unless_paid(rows: ir.Table, audit: Audit) -> ir.Table:
    """``rows`` without the differences that stand in a payment of the child too: these mismatch.identity tells, where it runs."""
    if not speaks(audit, "mismatch.identity"):
        return rows
    different = rows.filter(yes(_.name_differs) | yes(_.number_differs))
    paid = audit.paid_rows.mutate(number=_.id18.coalesce(_.id_number)).semi_join(different, "person_id")
    unpaid = rows
    for field in ("name", "number"):
        same = paid.filter(_[field].notnull()).select("person_id", field).distinct()
        unpaid = beside(unpaid, same.mutate(paid_alike=ibis.literal(True)), ["person_id", field])
        differs = ibis.ifelse(yes(_.paid_alike & _[f"{field}_differs"]), False, _[f"{field}_differs"])
        unpaid = unpaid.mutate(**{f"{field}_differs": differs}).drop("paid_alike")
    return unpaid.mutate(differs=_.number_differs | _.name_differs).filter(_.differs.fill_null(True))


@rule(
    "mismatch.register_school",
    zh="名册与学籍就读信息不一致",
    en="Eligibility register: school differs",
    criterion="资格名册所写的就读学校、在校生状况与核定基准日的学籍不一致；学籍中另有记录在所写学校的，不算。",
    message=Text("资格名册与学籍不一致：{reason_text}（名册：{listed_word}；学籍：{recorded_word}），请核对后更正有误的一方", "eligibility and enrolment register differ: {reason_text} (eligibility: {listed_word}; enrolment: {recorded_word}); correct the one that is wrong"),
    severity="low",
    subject="pupil",
    needs=("eligibility", "enrolment"),
    innocent=[
        Text("名册导出早于转学或升学", "the register was exported before the child changed school or stage"),
        Text("学校更名、撤并，名录未更新", "the school was renamed or merged, the directory has not followed"),
    ],
    examples=[
        flags("another school of the county", eligibility={"school_name": "{school_name2}"}, schools=[{}, NEW_SCHOOL], reason="listed_other_school", at_stake="0.00"),
        flags("said to be at no school", eligibility={"in_school": "非在校生"}, reason="listed_out_of_school"),
        flags("another stage", eligibility={"in_school": "初中二年级"}, reason="listed_other_stage"),
        flags("another stage, no school named", eligibility={"in_school": "学前教育", "school_name": ""}, reason="listed_other_stage"),
        flags("wrong in one of two registers", eligibility=[{}, {"category": "残疾", "school_name": "{school_name2}"}], schools=[{}, NEW_SCHOOL], reason="listed_other_school"),
        passes("the same school"),
        passes("the same stage", eligibility={"in_school": "小学三年级"}),
        passes("at school, and no more said", eligibility={"in_school": "在校"}),
        passes("stated as other", eligibility={"in_school": "其他"}),
        passes("special education in a school of the compulsory stages", eligibility={"in_school": "特殊教育学校"}),
        passes("compulsory education, and no stage said", eligibility={"in_school": "九年制义务教育"}),
        passes("compulsory education, at a special school", enrolment={"stage": "特殊教育", "grade": "培智三年级"}, eligibility={"in_school": "九年制义务教育"}, also=["mismatch.stage"]),
        flags("compulsory education, and at senior school", enrolment={"stage": "高中", "grade": "高一"}, eligibility={"in_school": "九年制义务教育"}, payments=None, reason="listed_other_stage", also=["missed.unpaid"]),
        passes("below school age, and in a kindergarten", enrolment={"stage": "学前", "grade": "大班"}, eligibility={"in_school": "学龄前儿童"}, payments=None),
        passes("told by a former name", eligibility={"school_name": "{school_name}原名"}, schools={"alias": "{school_name}原名"}),
        passes("moved within the county, the register names the former school", enrolment=[{"status": "转出", "status_date": "2020-09-30"}, NEW_SCHOOL],
               schools=[{}, NEW_SCHOOL], payments=NEW_SCHOOL),
        absent("names no school", eligibility={"school_name": ""}),
        absent("in no enrolment record", enrolment=None, also=["mismatch.not_enrolled"]),
        absent("no longer eligible", eligibility={"school_name": "{school_name2}", "valid_to": "2020-10-30"}, schools=[{}, NEW_SCHOOL], also=["ineligible.expired"]),
        untested("a school in no directory", eligibility={"school_name": "无名学校"}, reason="school_unknown"),
        untested("the enrolment record does not say where", enrolment={"school_code": "", "school_name": ""}, reason="school_unknown"),
        untested("a word that nobody knows", eligibility={"in_school": "甲"}, reason="unreadable"),
        untested("the stage of the record is not known", enrolment={"stage": "", "grade": ""}, eligibility={"in_school": "小学"}, reason="stage_unknown"),
    ],
)  # fmt: skip
def register_school(audit: Audit) -> ir.Table:
    """An eligible pupil is at the school and in the stage that the eligibility register tells."""
    if not audit.columns_found.get("eligibility", frozenset(STATED_COLUMNS)) & set(STATED_COLUMNS):
        raise NotRun(",".join(f"eligibility.{column}" for column in STATED_COLUMNS))
    has_place = _.school_name.notnull() | _.in_school.notnull() | _.in_school_defect.notnull()
    claims = audit.rows["eligibility"].filter(_.holds.fill_null(True), has_place)
    rows = claims.select("person_id", "school_name", "school_id", "in_school", "in_school_defect")
    pupils = audit.pupils.filter(_.active.fill_null(True)).select(
        "person_id", "stage", "school_ids", own_school="school_name"
    )
    claims_beside = beside(
        rows.inner_join(pupils, "person_id"), _recorded_rows(audit), ["person_id", "school_id"]
    )
    compared_rows = claims_beside.mutate(elsewhere=_elsewhere(), other_stage=_other_stage())
    persons = compared_rows.mutate(differs=_.elsewhere | _.other_stage).group_by("person_id").agg(
        exception=some(_.differs),
        out=yes((_.in_school == "none") & _.other_stage).any(),
        staged=yes(_.other_stage).any(),
        unreadable=yes(_.in_school_defect != "not_stated").any(),
        placeless=_.elsewhere.isnull().any(),
        listed_school=_.school_name.min(where=yes(_.elsewhere)), listed_out=_.in_school.min(where=yes(_.other_stage) & (_.in_school == "none")),
        listed_stage=_.in_school.min(where=yes(_.other_stage)), stage=_.stage.min(), own_school=_.own_school.min(),
    )  # fmt: skip
    language = audit.parameters.language
    listed_stage, stage = (
        _in_words(_.listed_out.coalesce(_.listed_stage), language),
        _in_words(_.stage, language),
    )
    return persons.mutate(
        untested=ibis.cases(
            (_.exception.notnull(), NO_REASON),
            (_.unreadable, "unreadable"),
            (_.placeless, "school_unknown"),
            else_="stage_unknown",
        ),
        reason=ibis.cases(
            (_.out, "listed_out_of_school"), (_.staged, "listed_other_stage"), else_="listed_other_school"
        ),
        listed_word=ibis.ifelse(_.out | _.staged, listed_stage, _.listed_school),
        recorded_word=ibis.ifelse(_.staged, stage, _.own_school),
        at_stake=zero(),
    )


def _in_words(code: ir.StringValue, language: str) -> ir.StringValue:
    """A stage, or what the register says of being at school, in words."""
    words = [
        (name.removeprefix(IN_SCHOOL), text.into(language))
        for name, text in WORDS.items()
        if name.startswith(IN_SCHOOL)
    ]
    return code.cases(*words, else_=code)


def _recorded_rows(audit: Audit) -> ir.Table:
    """``person_id, school_id``: every school of which the pupil has a record, that of before a transfer included."""
    placed_rows = audit.rows["enrolment"].filter(_.school_id.notnull()).select("person_id", "school_id")
    return placed_rows.distinct().mutate(recorded=ibis.literal(True))


def _elsewhere() -> ir.BooleanValue:
    return ibis.cases(
        (_.school_name.isnull() | yes(_.recorded), False),
        (_.school_id.isnull() | _.school_ids.isnull() | (_.school_ids.length() == 0), UNKNOWN),
        else_=True,
    )


def _other_stage() -> ir.BooleanValue:
    return ibis.cases(
        (yes(_.in_school_defect != "not_stated"), UNKNOWN),
        (_.in_school.isnull() | (_.in_school == "some"), False),
        ((_.in_school == "none") & yes(_.stage == "preschool"), False),
        (_.in_school == "none", True),
        (_.stage.isnull(), UNKNOWN),
        (_.in_school.isin(("special", "compulsory")) & _.stage.isin(COMPULSORY), False),
        ((_.stage == "special") & _.in_school.isin(COMPULSORY), False),
        else_=_.in_school != _.stage,
    )
