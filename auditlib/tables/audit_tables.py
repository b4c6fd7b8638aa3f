"""The tables that rules stand on, declared: each column once, with its type, its meaning and what is shown of it while masked.

``auditlib.audit.assemble.Audit`` carries them and holds each to its declaration; docs/audit-tables.md is written from here.
The tables of a run's folder are these and a few more: auditlib/runs/run_columns.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from auditlib.base.language import Text
from auditlib.tables.delivered import TABLES, Table
from auditlib.tables.findings import FINDING, FindingColumn, title_in_yuan

if TYPE_CHECKING:
    import ibis.expr.types as ir

KEY, BIRTH_MASK, MESSAGE = "key", "hidden", "message"
"""Besides the masks of a kind of cell: a number of the bureau's own in place of a key; left out; names and numbers inside."""


@dataclass(frozen=True)
class AuditColumn:
    """A column of a table that the program makes; ``masked``: ``name``, ``id``, ``student``, ``account``, ``key``,
    ``hidden``, ``message`` or ``""`` (as it stands, long numbers inside masked)."""

    name: str
    dtype: str
    meaning: Text
    masked: str = ""


@dataclass(frozen=True)
class AuditTable:
    """A table that the program makes: one row is ``row``, told apart and sorted by ``key``."""

    name: str
    title: Text
    row: Text
    columns: tuple[AuditColumn, ...]
    key: tuple[str, ...] = ()

    @property
    def schema(self) -> dict[str, str]:
        """Column to Ibis type, in order."""
        return {column.name: column.dtype for column in self.columns}

    def hold(self, table: ir.Table) -> None:
        """Raises NotAsDeclared where ``table`` has other columns, another order of them, or other types."""
        columns = {name: str(kind) for name, kind in table.schema().items()}
        if list(columns.items()) != list(self.schema.items()):
            raise NotAsDeclared(self.name, columns, self.schema)


class NotAsDeclared(Exception):
    """A table is not what its declaration says. A programmer's error, never a finding."""

    def __init__(self, name: str, columns: Mapping[str, str], declarations: Mapping[str, str]) -> None:
        undeclared_columns = sorted(columns.items() - declarations.items())
        lacking = sorted(declarations.items() - columns.items())
        super().__init__(
            f"{name}: not declared {undeclared_columns}, declared and not there {lacking}, in this order {list(columns)}"
        )


_STRING, _BOOLEAN, _YUAN, _ROWS = "string", "boolean", "decimal(14, 2)", "array<string>"
_MEANINGS: Mapping[str, tuple[str, str, str, str]] = {
    # --- where a row stands, and whose it is
    "source": (_STRING, "出处：文件!工作表!行", "where the row stands: file!sheet!row", ""),
    "record": (_STRING, "一行的地址：表:出处", "the address of a row: table:source", ""),
    "record_l": (_STRING, "一行的地址：表:出处", "the address of a row: table:source", ""),
    "records": (_ROWS, "所依据的各行，各为 表:出处", "the rows it rests on, each table:source", ""),
    "payment_records": (_ROWS, "发放明细的各行，各为 表:出处", "its rows of the payments, each table:source", ""),
    "rejected": (_STRING, "拒收的原因；空：采用", "why the row was rejected; NULL: it is used", ""),
    "table": (_STRING, "哪张交来的表", "which of the delivered tables", ""),
    "person_id": (_STRING, "一个人，各表相同", "one person, the same in all tables", KEY),
    "decided_by": (_STRING, "凭什么认定是此人", "by which key, model or person it was decided who this is", ""),
    "in_register": (_BOOLEAN, "学籍中有此人", "the enrolment register has this person", ""),
    "school_id": (_STRING, "学校：标识码，没有则为名称；空：认不出", "the school: its code, else its name; NULL: it means none or several", ""),
    "score": ("float64", "认定是此人的概率；空：凭号码等确定", "how probable it is that this is the person; NULL: a key told", ""),
    "id18": (_STRING, "18 位身份证号（15 位已换算）；空：证号不能用", "the ID number in 18 digits, 15 widened; NULL: not usable", "id"),
    "id_birth": ("date", "证号中的出生日期", "the birth date in the ID number", BIRTH_MASK),
    "guardian_id18": (_STRING, "监护人 18 位证号；空：不能用", "the guardian's ID number in 18 digits; NULL: not usable", "id"),
    "study_year": ("int64", "学段内第几年，1 为起始年级；空：不清楚", "year of the stage, 1 the first; NULL: not known", ""),
    "amount_tolerance": ("decimal(16, 6)", "印出数的舍入幅度（元）", "rounding of the printed figure, yuan", ""),
    # --- what a finding tells too
    "amount_paid": (_YUAN, "已发（元），冲回已扣除", "paid, yuan, net of reversals", ""),
    "policy_ref": (_STRING, "金额所依据的文件", "the document on which the amount rests", ""),
    "subject": (_STRING, "疑点的主体", "what the finding is about", KEY),
    "account_no": (_STRING, "银行卡号", "account", "account"),
    # --- aid due and paid
    "certain": (_BOOLEAN, "应发：是；条件有不清楚的：否；空：此项目不应发给此人", "true: it is due; false: a condition of it is not known; NULL: this scheme is not due to this person", ""),
    "unknown": (_STRING, "应发与否不能确定的原因", "why it is not certain whether it is due", ""),
    "mandatory": (_BOOLEAN, "必发项目；否：可发可不发", "the scheme must be paid; false: it may be", ""),
    "minimum": (_YUAN, "标准下限（元）", "lowest amount of the standard, yuan", ""),
    "maximum": (_YUAN, "标准上限（元）", "highest amount of the standard, yuan", ""),
    "due": (_YUAN, "应发额（元）；空：标准未给出", "amount due, yuan; NULL: no standard gives one", ""),
    "net": (_YUAN, "实发净额（元）：成功的各笔，冲回已扣除", "paid, yuan: the successful payments net of reversals", ""),
    "successes": ("int64", "成功且大于零的笔数", "number of successful payments above zero", ""),
    "returned": ("int64", "退汇的笔数", "number of payments that the bank returned", ""),
    "several_schools": (_BOOLEAN, "经多所学校发放", "paid through several schools", ""),
    "several_spellings": (_BOOLEAN, "各笔的姓名或证号写法不一", "name or number are spelt differently in its payments", ""),
    "stage_maximum": (_YUAN, "此项目在此学段的最高标准（元）；0：已停发", "highest standard of the scheme for the stage, yuan; 0: the policy has ended it", ""),
    "ceiling": (_YUAN, "无论如何不应超过的数额（元）：应发额，否则学段的、项目的最高标准；空：没有标准", "the most that can be right, yuan: what is due, else the highest of the stage or of the scheme; NULL: no standard", ""),
    "has_rows": (_BOOLEAN, "本学期发放明细中有此人此项目的行", "the payments of the term have rows of this person and scheme", ""),
    "scheme_boarding": (_BOOLEAN, "项目限住校（是）或走读（否）；空：不限", "the scheme is for boarders (true) or day pupils (false); NULL: for both", ""),
    "needs_category": (_BOOLEAN, "项目要求困难类型", "the scheme asks for a category", ""),
    "covered": (_BOOLEAN, "项目的各学段都应在学籍中；空：部分", "the register should hold all stages of the scheme; NULL: some of them", ""),
    "fits_stage": (_BOOLEAN, "项目适用于学籍的学段；空：学段不清楚", "the scheme is for the stage enrolled in; NULL: the stage is not known", ""),
    "fits_boarding": (_BOOLEAN, "项目与就读方式相符；空：就读方式不清楚", "the scheme fits the form of boarding; NULL: it is not known", ""),
    "maybe_due": (_BOOLEAN, "超过上限，而不清楚的困难类型若成立则应发", "paid above the ceiling, and due should an unclear category hold", ""),
    "doubled": (_BOOLEAN, "在读学生领了两笔以上，合计超过上限；由重复发放说明", "an active pupil was paid twice, together above the ceiling: told by duplicate.same_scheme", ""),
    # --- pupils and listed persons on the count date
    "active": (_BOOLEAN, "核定基准日在读；空：状态或日期读不出", "enrolled on the count date; NULL: the status or its date cannot be read", ""),
    "active_now": (_BOOLEAN, "导出学籍时在读", "enrolled when the register was exported", ""),
    "arrives": (_BOOLEAN, "基准日之后才转入或复学", "comes or returns after the count date", ""),
    "school_ids": (_ROWS, "在读各条学籍所在的学校；空：有一条认不出学校", "schools of the active records; NULL: one of them names no school", ""),
    "names": (_ROWS, "各条学籍所写姓名", "names as the records write them", "name"),
    "birth": ("date", "出生日期，未填的取自证号", "birth date, where it is not told that in the ID number", BIRTH_MASK),
    "holds": (_BOOLEAN, "基准日在此名册；空：日期读不出", "on this register on the count date; NULL: a date cannot be read", ""),
    "begun": (_BOOLEAN, "基准日已纳入此名册；空：日期读不出", "had come onto this register by the count date; NULL: the date cannot be read", ""),
    "listed": (_BOOLEAN, "在某一资格名册，不论何时", "is on an eligibility register, whenever that was", ""),
    "eligible": (_BOOLEAN, "核定基准日有资格；空：日期读不出", "eligible on the count date; NULL: a date cannot be read", ""),
    "lowest_category": (_STRING, "基准日的困难类型，有几个时取字母在前的", "category on the count date; of several the first in the alphabet", ""),
    "eligible_name": (_STRING, "名册上的姓名", "name on the eligibility register", "name"),
    "eligible_id_number": (_STRING, "名册上的证号", "ID number on the eligibility register", "id"),
    "eligible_id18": (_STRING, "名册上的 18 位证号；空：不能用", "the same in 18 digits; NULL: not usable", "id"),
    "eligible_birth": ("date", "名册上的出生日期，未填的取自证号", "birth date on the eligibility register, else that in the ID number", BIRTH_MASK),
    "eligible_school": (_STRING, "名册上的学校", "school on the eligibility register", ""),
    # --- what may be missing of a person
    "payments_doubtful": (_BOOLEAN, "发放明细中此人有一行不能采用", "a row of the payments that names this person could not be used", ""),
    "eligibility_doubtful": (_BOOLEAN, "资格名册中此人有一行不能采用", "a row of the eligibility registers that names this person could not be used", ""),
    "enrolment_doubtful": (_BOOLEAN, "学籍中此人有一行不能采用", "a row of the enrolment register that names this person could not be used", ""),
    "half_read": (_BOOLEAN, "凭一行姓名或证号不全的发放领了钱", "was paid by a row of which name or number are not whole", ""),
    "perhaps_paid": (_BOOLEAN, "一行姓名或证号不全的发放可能是此人的", "a payment of which name or number are not whole may be this person's", ""),
    "perhaps_listed": (_BOOLEAN, "资格名册中一行没有可用证号的可能是此人", "a row of an eligibility register without a usable number may be this person", ""),
    # --- who was paid
    "covered_stage": (_BOOLEAN, "发放所在的学段应在学籍中；空：不清楚", "paid in a stage that the register should hold; NULL: not known", ""),
    "in_covered_stage": (_BOOLEAN, "这一笔所在的学段应在学籍中；空：不清楚", "paid in a stage that the register should hold; NULL: not known", ""),
    "taught": (_BOOLEAN, "该校在学籍中有学生；空：学校不在名录和学籍中", "the school has pupils in the register; NULL: it is in neither directory nor register", ""),
    "standing": (_STRING, "资格状况：eligible 有资格、expired 失效、not_listed 不在名册、not_asked 不问资格；其余为不能确定的原因", "eligible, expired, not_listed, not_asked (no scheme paid asks for it); else why it cannot be told", ""),
    # --- the law
    "years": ("array<int64>", "限于学段内第几年；空：不限", "years of the stage that it is for; NULL: all", ""),
    "since": ("date", "自何日起", "holds from", ""),
    "other_scheme": (_STRING, "不得同时享受的项目", "the scheme that may not go with it", ""),
    "day": ("date", "一天", "a day", ""),
    "worked": ("int64", "到这一天为止的工作日数", "number of working days up to and including it", ""),
    # --- schools and spellings
    "directory_stage": (_STRING, "学校名录所写学段；空：没有或有几个", "stage that the directory of schools states; NULL: none or several", ""),
    "written": (_STRING, "所写姓名或证号", "name or number as it is written", BIRTH_MASK),
    "registered": (_STRING, "学籍上的姓名或证号", "name or number of the enrolment register", BIRTH_MASK),
    "how": (_STRING, "差别：一位、换位、同音等", "how they differ: one digit, swapped, homophone …", ""),
    # --- pairs of records
    "register_source": (_STRING, "学籍的行", "row of the enrolment register", ""),
    "candidate_id": (_STRING, "可能是的人", "the person it may be", KEY),
    "levels": (_STRING, "各项比较的结果", "outcome of each comparison", ""),
    "elsewhere": ("float64", "是别人的可能性", "probability that it is somebody else", ""),
    "match_weight": ("float64", "匹配权重", "match weight", ""),
    "review": (_BOOLEAN, "待人工判断", "for a person to judge", ""),
    "has_judgement": (_BOOLEAN, "已有人判断过", "a person has judged it already", ""),
    "pair": (_STRING, "记录对", "the pair", KEY),
    "decision": (_STRING, "人的判断", "what a person decided", ""),
    "judged_by": (_STRING, "判断人", "by whom", "name"),
    "judged_on": (_STRING, "判断时间", "when", ""),
    "judged": (_BOOLEAN, "可以检验", "could be judged", ""),
    "why": ("array<string>", "原因", "reasons", ""),
    # --- of delivered columns: another mask, or the type that all the tables share
    "id_number": (_STRING, "身份证号", "ID number", "id"),
    "guardian_id": (_STRING, "监护人身份证件号", "guardian's ID number", "id"),
    "birth_date": ("date", "出生日期", "birth date", BIRTH_MASK),
    "household_no": (_STRING, "户编号", "household number", KEY),
}  # fmt: skip


@cache
def column(name: str) -> AuditColumn:
    """The column ``name``, the same in every table; those of the delivered tables as they are declared there.

    ``this=that``: the column that elsewhere is named ``that``.
    """
    own, _equals, other = name.partition("=")
    if other:
        return replace(column(other), name=own)
    if name in _MEANINGS:
        dtype, zh, en, mask = _MEANINGS[name]
        return AuditColumn(name, dtype, Text(zh, en), mask)
    if name in FINDING and not any(name in table.by_name for table in TABLES.values()):
        return _of_finding(FINDING[name])
    base = name.removesuffix("_defect")
    declaration = next(table.by_name[base] for table in TABLES.values() if base in table.by_name)
    if base != name:
        return AuditColumn(name, _STRING, _UNREADABLE.fill(title=declaration.title))
    return AuditColumn(name, declaration.kind.dtype, declaration.title, declaration.kind.masked)


def _of_finding(column: FindingColumn) -> AuditColumn:
    mask = "" if column.masked == "scrub" else column.masked  # long numbers are masked in every text
    return AuditColumn(column.name, column.dtype, title_in_yuan(column.name), mask)


def of_finding() -> tuple[AuditColumn, ...]:
    """The columns of a finding."""
    return tuple(map(_of_finding, FINDING.values()))


def columns(names: str) -> tuple[AuditColumn, ...]:
    """The columns of ``names``, which stand apart by blanks."""
    return tuple(map(column, names.split()))


PERSON: Final = "name id_number student_no"
DOUBTS: Final = (
    "payments_doubtful eligibility_doubtful enrolment_doubtful half_read perhaps_paid perhaps_listed"
)
PAIR: Final = (
    "table source person_id register_source candidate_id levels score elsewhere match_weight review has_judgement pair "
    "decision judged_by judged_on"
)
PAIR_KEY = ("table", "source", "candidate_id", "register_source")
OF_PERSON = ("person_id", "decided_by", "in_register", "school_id")
_ROW = Text("交来文件的一行", "a row of a delivered file")
_UNREADABLE = Text("{title}：读不出的原因", "{title}: why it could not be read")


def _table(name: str, titles: tuple[str, str], row: tuple[str, str], names: str, *key: str) -> AuditTable:
    return AuditTable(name, Text(*titles), Text(*row), columns(names), key)


def register(table: Table, more: Iterable[str] = ()) -> AuditTable:
    """``table`` as it is once standardised: each cell with why it could not be read, and of a table that names persons who
    each is; ``more``: columns besides."""
    years = ["study_year"] if table.has_years else []
    persons = OF_PERSON if "name" in table.by_name else ()
    rest = map(column, (*years, "rejected", *persons, *more))
    return AuditTable(
        table.name, table.title, _ROW, (column("source"), *_of_cells(table), *rest), ("source",)
    )


def _of_cells(table: Table) -> Iterator[AuditColumn]:
    for cell in table.columns:
        mask = _MEANINGS[cell.name][3] if cell.name in _MEANINGS else cell.kind.masked
        cell_mask = "" if mask == BIRTH_MASK and cell.name != "birth_date" else mask
        yield AuditColumn(cell.name, cell.kind.dtype, cell.title, cell_mask)
        yield AuditColumn(f"{cell.name}_defect", _STRING, _UNREADABLE.fill(title=cell.title))
        more = {"id_number": ("id18", "id_birth"), "guardian_id": ("guardian_id18",)}.get(cell.name, ())
        yield from map(column, more)
        if cell.kind.name == "yuan_printed":
            yield column("amount_tolerance")


_PAID = register(TABLES["payments"], ("needs_category", "doubled", "taught", "in_covered_stage"))
_ASKED_WHY = ("name_defect", "id_number_defect", "account_no_defect", "account_holder_defect")  # rules do

AUDIT_TABLES: Mapping[str, AuditTable] = {
    table.name: table
    for table in (
        _table(
            "pupils", ("学生", "Pupils"),
            ("学籍中的一个人，核定基准日的情况", "a person of the enrolment register, as of the count date"),
            "person_id name name_defect id_number id_number_defect id18 student_no school_name school_id guardian_name "
            "guardian_id18 class_name status active arrives stage study_year boarding school_ids names birth",
            "person_id",
        ),
        _table(
            "eligible", ("名册中的人", "Listed"),
            ("资格名册中的一个人，核定基准日的情况", "a person of the eligibility registers, as of the count date"),
            "person_id listed eligible lowest_category eligible_name eligible_id_number eligible_id18 eligible_birth "
            "eligible_school town",
            "person_id",
        ),
        _table(
            "aid", ("应发与实发", "Aid due and paid"),
            ("本学期应发或已发的一人一个项目", "a person and a scheme, due or paid in the term"),
            "person_id scheme certain unknown mandatory minimum due policy_ref net successes returned several_schools "
            "several_spellings payment_records active in_register listed eligible scheme_boarding needs_category covered "
            "payments_doubtful eligibility_doubtful perhaps_paid stage_maximum ceiling has_rows fits_stage fits_boarding "
            "maybe_due doubled",
            "person_id", "scheme",
        ),
        _table(
            "payees", ("受款人", "Payees"),
            ("本学期领过钱的一个人（净额大于零）", "a person with money received in the term, net above zero"),
            "person_id covered_stage payment_records amount_paid status active in_register listed enrolment_doubtful "
            "half_read standing",
            "person_id",
        ),
        replace(
            _PAID, name="paid_rows", title=Text("成功的发放", "Successful payments"),
            row=Text("发放明细的一行：成功、大于零，其项目净额大于零", "a row of the payments: successful, above zero, of a scheme with money left"),
            columns=tuple(c for c in _PAID.columns if not c.name.endswith("_defect") or c.name in _ASKED_WHY),
        ),
        _table(
            "people", ("所有的人", "People"), ("一个人，疑点中怎样称呼", "a person, as a finding names them"),
            f"person_id {PERSON} school_name town", "person_id",
        ),
        _table(
            "doubtful", ("可能没有认全的人", "Persons in doubt"),
            ("有一行不能采用、或只认出一半的一个人", "a person named by a row that could not be used, or by half a row"),
            f"person_id {DOUBTS}", "person_id",
        ),
        _table(
            "identities", ("每一行是谁", "Who each row is"), ("写有人名的一行", "a row that names a person"),
            "table source person_id decided_by in_register school_id name id_number id18 score", "table", "source",
        ),
        _table(
            "uncertain", ("不是凭号码认定的行", "Rows that no key decided"),
            ("一行，是谁只是有一定把握", "a row of which it is only probable whose it is"),
            "decided_by score record", "record",
        ),
        _table("open_pairs", ("待判断的记录对", "Pairs to judge"), ("一对记录", "a pair of records"), PAIR, *PAIR_KEY),
        _table(
            "standards", ("有效的标准", "Standards in force"), ("项目、学段、困难类型", "scheme, stage and category"),
            "scheme stage boarding=scheme_boarding years category minimum maximum due since mandatory policy_ref",
            "scheme", "stage", "category",
        ),
        _table(
            "exclusions", ("互斥的项目", "Schemes that exclude each other"), ("两个项目，两种次序各一行", "two schemes, in either order"),
            "scheme other_scheme", "scheme", "other_scheme",
        ),
        _table(
            "school_stages", ("学校的学段", "Stages of schools"), ("一所学校", "a school"),
            "school_id directory_stage taught", "school_id",
        ),
        _table(
            "school_names", ("学校名称", "School names"), ("一种写法，只指一所学校的", "a spelling that means one school"),
            "school_name school_id", "school_name",
        ),
        _table(
            "spellings", ("两种写法", "Two spellings"),
            ("同一人的姓名或证号，与学籍写法不同的", "a name or number of a person that differs from the register's"),
            "written registered how", "written", "registered",
        ),
        _table("calendar", ("日历", "Calendar"), ("一天", "a day"), "day worked", "day"),
    )
}  # fmt: skip
"""The tables of an ``Audit`` by the name of its field; its ``rows`` are :func:`register_tables`."""

LAST_TERM = _table(
    "last_term", ("上学期的学生", "Last term's pupils"),
    ("上学期学籍中的一个人", "a person of the register of the term before"),
    "person_id name id_number student_no school_name class_name stage study_year active status birth",
    "person_id",
)  # fmt: skip
"""Where ``previous`` names a run of the term before; else the audit has None."""
_OF_REGISTER = {"enrolment": "active active_now", "eligibility": "begun holds"}


@cache
def register_tables() -> dict[str, AuditTable]:
    """The delivered tables as rules see them, by name."""
    return {name: register(table, _OF_REGISTER.get(name, "").split()) for name, table in TABLES.items()}
