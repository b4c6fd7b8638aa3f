"""The tables of the audit, each declared once: column, kind, Chinese name, what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from auditlib.base.language import Text
from auditlib.cells import kinds as k
from auditlib.cells.kinds import Kind


@dataclass(frozen=True)
class Column:
    """One column of a table; ``unit_cell`` columns take their unit from the header or the unit row."""

    name: str
    kind: Kind
    title: Text
    required: bool = False


@dataclass(frozen=True)
class Table:
    """One register or ledger. ``needs_one_of``: groups of columns of which at least one must be found."""

    name: str
    title: Text
    columns: tuple[Column, ...]
    needs_one_of: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)


def _column(name: str, kind: Kind, zh: str, en: str, *, required: bool = False) -> Column:
    return Column(name, kind, Text(zh, en), required)


NAME = _column("name", k.NAME, "姓名", "Name", required=True)
ID_NUMBER = _column("id_number", k.CITIZEN_ID, "身份证号", "ID number")
STUDENT_NO = _column("student_no", k.STUDENT_NO, "学籍号", "Student number")
SEX = _column("sex", k.SEX, "性别", "Sex")
BIRTH_DATE = _column("birth_date", k.DATE, "出生日期", "Birth date")
SCHOOL_CODE = _column("school_code", k.SCHOOL_CODE, "学校标识码", "School code")
SCHOOL_NAME = _column("school_name", k.SCHOOL_NAME, "学校名称", "School")

ELIGIBILITY = Table(
    "eligibility",
    Text("资格名册", "Eligibility register"),
    (
        NAME,
        ID_NUMBER,
        _column("category", k.CATEGORY, "困难类型", "Category", required=True),
        _column("household_no", k.CODE_TEXT, "户编号", "Household number"),
        _column("relation", k.TEXT, "与户主关系", "Relation to head of household"),
        SEX,
        BIRTH_DATE,
        _column("town", k.TEXT, "乡镇", "Town"),
        _column("village", k.TEXT, "行政村", "Village"),
        _column("valid_from", k.DATE_FROM, "纳入日期", "Eligible from"),
        _column("valid_to", k.DATE_TO, "退出日期", "Eligible to"),
        _column("entitled", k.ENTITLED, "是否享受政策", "Still entitled"),
        SCHOOL_NAME,
    ),
)

ENROLMENT = Table(
    "enrolment",
    Text("学籍", "Enrolment register"),
    (
        STUDENT_NO,
        NAME,
        ID_NUMBER,
        SEX,
        BIRTH_DATE,
        SCHOOL_CODE,
        SCHOOL_NAME,
        _column("stage", k.STAGE, "学段", "Stage"),
        _column("grade", k.GRADE, "年级", "Grade"),
        _column("class_name", k.TEXT, "班级", "Class"),
        _column("boarding", k.BOARDING, "就读方式", "Boarding"),
        _column("status", k.STATUS, "学生状态", "Status"),
        _column("status_date", k.DATE, "异动日期", "Status date"),
        _column("guardian_name", k.NAME, "监护人姓名", "Guardian"),
        _column("guardian_id", k.CITIZEN_ID, "监护人身份证件号", "Guardian's ID number"),
    ),
    needs_one_of=(("school_code", "school_name"), ("stage", "grade")),
)

PAYMENTS = Table(
    "payments",
    Text("发放明细", "Payments"),
    (
        _column("payment_no", k.CODE_TEXT, "序号", "Payment number"),
        NAME,
        ID_NUMBER,
        STUDENT_NO,
        SCHOOL_CODE,
        SCHOOL_NAME,
        _column("scheme", k.SCHEME, "资助项目", "Scheme", required=True),
        _column("term", k.TERM, "学期", "Term"),
        _column("amount", k.YUAN, "金额", "Amount", required=True),
        _column("pay_date", k.DATE, "发放日期", "Paid on"),
        _column("result", k.RESULT, "发放结果", "Result"),
        _column("account_no", k.ACCOUNT, "银行卡号", "Account"),
        _column("account_holder", k.NAME, "户名", "Account holder"),
        _column("batch_no", k.TEXT, "批次", "Batch"),
        _column("category", k.CATEGORY, "困难类型", "Category"),
    ),
)

APPLICATIONS = Table(
    "applications",
    Text("申请认定公示", "Applications and postings"),
    (
        NAME,
        ID_NUMBER,
        SCHOOL_NAME,
        _column("category", k.CATEGORY, "困难类型", "Category"),
        _column("level", k.TEXT, "困难等级", "Level"),
        _column("applied_on", k.DATE, "申请日期", "Applied on"),
        _column("posted_from", k.DATE, "公示开始", "Posted from"),
        _column("posted_to", k.DATE, "公示结束", "Posted to"),
        _column("approved_on", k.DATE, "审批日期", "Approved on"),
    ),
)

LETTERS = Table(
    "letters",
    Text("函告台账", "Letters to places of study"),
    (
        NAME,
        ID_NUMBER,
        _column("household_no", k.CODE_TEXT, "户编号", "Household number"),
        _column("destination", k.TEXT, "就读地", "Place of study"),
        _column("sent_on", k.DATE, "发函日期", "Sent on"),
        _column("replied_on", k.DATE, "回函日期", "Replied on"),
        _column("aided", k.YES_NO, "是否已资助", "Aided there"),
        _column("fallback_amount", k.YUAN, "兜底金额", "Fallback amount"),
    ),
)

SCHOOLS = Table(
    "schools",
    Text("学校名录", "Schools"),
    (
        SCHOOL_CODE,
        SCHOOL_NAME,
        _column("alias", k.SCHOOL_NAME, "曾用名/简称", "Alias"),
        _column("stage", k.STAGE, "学段", "Stage"),
        _column("town", k.TEXT, "乡镇", "Town"),
    ),
    needs_one_of=(("school_name", "school_code"),),
)

CONTROL_TOTALS = Table(
    "control_totals",
    Text("报表", "Control totals"),
    (
        _column("term", k.TERM, "学期", "Term"),
        _column("category", k.CATEGORY, "困难类型", "Category"),
        _column("scheme", k.SCHEME, "资助项目", "Scheme"),
        _column("school_name", k.SCHOOL_NAME, "学校名称", "School"),
        _column("town", k.TEXT, "乡镇", "Town"),
        _column("stage", k.STAGE, "学段", "Stage"),
        _column("persons", k.COUNT, "人次", "Person-times"),
        _column("amount", k.YUAN_PRINTED, "金额", "Amount"),
    ),
    needs_one_of=(("persons", "amount"),),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (ELIGIBILITY, ENROLMENT, PAYMENTS, APPLICATIONS, LETTERS, SCHOOLS, CONTROL_TOTALS)
}
