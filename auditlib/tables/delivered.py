"""The tables of the audit, each declared once: column, kind, Chinese name, what it needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from auditlib.base.language import Text
from auditlib.cells import kinds as k
from auditlib.cells.kinds import Kind


@dataclass(frozen=True)
class Column:
    """One column of a table; ``unit_cell`` columns take their unit from the header or the unit row. ``note``: what may stand in a
    cell beside what its kind says, for those who fill it in."""

    name: str
    kind: Kind
    title: Text
    required: bool = False
    note: Text | None = None


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
    def has_years(self) -> bool:
        """Is the year of study read from the grade? Of pupils, and of the grades whose heads are counted."""
        return "grade" in self.by_name and not {"stage", "heads"}.isdisjoint(self.by_name)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)


def _column(
    name: str, kind: Kind, zh: str, en: str, *, required: bool = False, note: Text | None = None
) -> Column:
    return Column(name, kind, Text(zh, en), required, note)


NAME = _column("name", k.NAME, "姓名", "Name", required=True)
ID_NUMBER = _column("id_number", k.CITIZEN_ID, "身份证号", "ID number")
STUDENT_NO = _column("student_no", k.STUDENT_NO, "学籍号", "Student number")
SEX = _column("sex", k.SEX, "性别", "Sex")
BIRTH_DATE = _column("birth_date", k.DATE, "出生日期", "Birth date")
SCHOOL_CODE = _column("school_code", k.SCHOOL_CODE, "学校标识码", "School code")
SCHOOL_NAME = _column("school_name", k.SCHOOL_NAME, "学校名称", "School")

FORMER_NAMES = Text(
    "有几个的写在一格，用顿号隔开；也可写在校名后：青山小学（原西山小学）",
    "several in one cell, parted by 、; or behind the school's name: 青山小学（原西山小学）",
)

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
        _column("entitled", k.ENTITLED_KIND, "是否享受政策", "Still entitled"),
        SCHOOL_NAME,
        _column("in_school", k.IN_SCHOOL, "在校生状况", "At school, as this register tells it"),
        _column("disability", k.TEXT, "残疾类型", "Kind of disability"),
        _column("officer", k.PERSON, "乡镇责任人", "Township's person in charge"),
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
        _column("class_teacher", k.PERSON, "班主任", "Class teacher"),
        _column("former_name", k.NAME, "曾用名", "Former name"),
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

PLANNED_PAYMENTS = Table(
    "planned",
    Text("拟发放名单", "Planned payments"),
    (
        _column("payment_no", k.CODE_TEXT, "序号", "Number"),
        NAME,
        ID_NUMBER,
        STUDENT_NO,
        SCHOOL_CODE,
        SCHOOL_NAME,
        _column("scheme", k.SCHEME, "资助项目", "Scheme", required=True),
        _column("term", k.TERM, "学期", "Term"),
        _column("amount", k.YUAN, "金额", "Amount", required=True),
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
        _column("term", k.TERM, "学期", "Term"),
        _column("teacher_on", k.DATE, "班主任审查", "Class teacher's review"),
        _column("deputy_on", k.DATE, "分管领导审核", "Deputy head's review"),
        _column("head_on", k.DATE, "校长审批", "Head's approval"),
        _column("reported_on", k.DATE, "上报日期", "Reported on"),
        _column("panel_size", k.COUNT, "评审人数", "Members of the panel"),
        _column("stamped", k.YES_NO, "村委会盖章", "Stamped by the village"),
        _column("objection", k.OBJECTION, "公示异议", "Objection to the posting"),
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
        _column("town", k.TEXT, "乡镇", "Town"),
        _column("province", k.TEXT, "就读省", "Province of study"),
        _column("city", k.TEXT, "就读市", "City of study"),
        _column("county", k.TEXT, "就读县", "County of study"),
        _column("grade", k.GRADE, "年级", "Grade"),
        _column("verified_on", k.DATE, "乡镇核实日期", "Verified by the town on"),
    ),
)

SCHOOLS = Table(
    "schools",
    Text("学校名录", "Schools"),
    (
        SCHOOL_CODE,
        SCHOOL_NAME,
        _column("alias", k.SCHOOL_NAME, "曾用名/简称", "Alias", note=FORMER_NAMES),
        _column("stage", k.STAGE, "学段", "Stage"),
        _column("town", k.TEXT, "乡镇", "Town"),
        _column("head", k.PERSON, "校长", "Head of the school"),
        _column("deputy", k.PERSON, "分管领导", "Deputy head in charge"),
        _column("officer", k.PERSON, "乡镇责任人", "Township's person in charge"),
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
        _column("place", k.TEXT, "就读地", "Place of study"),
        _column("basis", k.BASIS, "口径", "What is counted"),
        _column("persons", k.COUNT, "人次", "Person-times"),
        _column("amount", k.YUAN_PRINTED, "金额", "Amount"),
    ),
    needs_one_of=(("persons", "amount"),),
)

# --- the child half: where every child is, and the chain behind a payment --------------------------------------------

ATTENDANCE = Table(
    "attendance",
    Text("在校花名册、清点表", "Attendance"),
    (
        replace(NAME, required=False),
        ID_NUMBER,
        STUDENT_NO,
        SCHOOL_CODE,
        SCHOOL_NAME,
        _column("grade", k.GRADE, "年级", "Grade"),
        _column("class_name", k.TEXT, "班级", "Class"),
        _column("counted_on", k.DATE, "清点日期", "Counted on"),
        _column("present", k.PRESENT, "是否在校", "At school"),
        _column("heads", k.COUNT, "实际人数", "Heads counted"),
        _column("records", k.COUNT, "学籍人数", "Records of the register"),
        _column("class_teacher", k.PERSON, "班主任", "Class teacher"),
    ),
    needs_one_of=(("name", "heads"), ("school_code", "school_name")),
)

DROPOUTS = Table(
    "dropouts",
    Text("辍学学生劝返复学工作台账", "Dropouts and bringing back"),
    (
        NAME,
        SEX,
        ID_NUMBER,
        STUDENT_NO,
        SCHOOL_NAME,
        _column("persuader", k.PERSON, "劝返人", "Who brings the child back"),
        _column("dropped_on", k.DATE_FROM, "辍学日期", "Dropped out on"),
        _column("way", k.TEXT, "劝返方式", "Way of bringing back"),
        _column("notice_on", k.DATE, "限期复学通知书日期", "Notice to return of"),
        _column("reported_on", k.DATE, "报告乡镇日期", "Reported to the township on"),
        _column("returned_on", k.DATE_TO, "复学日期", "Back at school on"),
        _column("closed_on", k.DATE, "销号日期", "Closed on"),
        _column("back", k.YES_NO, "是否复学", "Back at school"),
    ),
)

UNABLE = Table(
    "unable",
    Text("不具备学习条件的适龄儿童少年信息台账", "Children who cannot attend"),
    (
        NAME,
        SEX,
        ID_NUMBER,
        STUDENT_NO,
        _column("disability", k.TEXT, "残疾类型", "Kind of disability"),
        _column("cause", k.TEXT, "不具备学习条件原因", "Why the child cannot attend"),
        _column("certified_education", k.YES_NO, "教育部门认定", "Certified by education"),
        _column("certified_disabled", k.YES_NO, "残联认定", "Certified by the disabled federation"),
        _column("certified_health", k.YES_NO, "卫健部门认定", "Certified by health"),
        _column("certified_civil", k.YES_NO, "民政部门认定", "Certified by civil affairs"),
    ),
)

HOME_TEACHING = Table(
    "home_teaching",
    Text("送教上门", "Home teaching"),
    (
        NAME,
        ID_NUMBER,
        STUDENT_NO,
        SCHOOL_NAME,
        _column("taught_on", k.DATE, "送教日期", "Taught on"),
        _column("lessons", k.COUNT, "课时", "Lessons"),
        _column("month", k.DATE_FROM, "送教月份", "Month of teaching"),
        _column("visits", k.COUNT, "送教次数", "Visits in the month"),
        _column("teacher", k.PERSON, "教师", "Teacher"),
        _column("signed_by", k.PERSON, "家长签字", "Signed by"),
    ),
)

QUOTAS = Table(
    "quotas",
    Text("资助名额", "Places a school"),
    (
        replace(SCHOOL_NAME, required=True),
        _column("scheme", k.SCHEME, "资助项目", "Scheme", required=True),
        _column("places", k.COUNT, "名额", "Places", required=True),
    ),
)

FUNDS = Table(
    "funds",
    Text("资金下达拨付", "Money allotted and paid out"),
    (
        _column("document_no", k.TEXT, "文号", "Document"),
        _column("scheme", k.SCHEME, "资助项目", "Scheme"),
        _column("allotted", k.YUAN, "下达金额", "Allotted"),
        _column("received_on", k.DATE, "到账日期", "Received on"),
        _column("paid_out", k.YUAN, "已拨付", "Paid out"),
        _column("balance", k.YUAN, "结余", "Balance"),
    ),
    needs_one_of=(("allotted", "paid_out"),),
)

ISSUES = Table(
    "issues",
    Text("问题整改清单", "Issues to rectify"),
    (
        _column("list_name", k.TEXT, "来源清单", "List"),
        _column("measure", k.TEXT, "整改措施", "Measure", required=True),
        _column("responsible", k.PERSON, "责任人", "Responsible"),
        _column("due_on", k.DEADLINE, "整改时限", "Due on"),
        _column("state", k.ISSUE_STATE, "完成情况", "State"),
        _column("closed_on", k.DATE, "销号日期", "Closed on"),
        _column("evidence", k.TEXT, "佐证材料", "Evidence"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ELIGIBILITY, ENROLMENT, PAYMENTS, PLANNED_PAYMENTS, APPLICATIONS, LETTERS, SCHOOLS, CONTROL_TOTALS,
        ATTENDANCE, DROPOUTS, UNABLE, HOME_TEACHING, QUOTAS, FUNDS, ISSUES,
    )
}  # fmt: skip

# What an empty cell means, and that of a column that nobody delivered.
WHEN_EMPTY = {("payments", "result"): "success", ("enrolment", "status"): "enrolled"}
OF_THE_RUN = (("payments", "term"), ("planned", "term"))  # an empty one is the run's
BY_ANOTHER = (("enrolment", "stage"),)  # an empty one is told by the grade
