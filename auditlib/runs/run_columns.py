"""The tables of a run's folder, declared: every column with its meaning and with what is shown of it while masked.

The registers' columns come from auditlib/tables/delivered.py; a test holds the rest to what a run writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from auditlib.base.language import Text
from auditlib.tables.delivered import TABLES, Table

FINDINGS: Final = "findings"
KEY, BORN, MESSAGE = "key", "hidden", "message"
"""Besides the masks of a kind of cell: a number of the bureau's own in place of a key; left out; names and numbers inside."""


@dataclass(frozen=True)
class RunColumn:
    """A column of a run's table; ``masked``: ``name``, ``id``, ``student``, ``account``, ``key``, ``hidden``, ``message``
    or ``""`` (as it stands, long numbers inside masked)."""

    name: str
    title: Text
    masked: str = ""


@dataclass(frozen=True)
class RunTable:
    """A table of a run: one row is ``row``."""

    name: str
    title: Text
    row: Text
    columns: tuple[RunColumn, ...]


_MEANINGS: Mapping[str, tuple[str, str, str]] = {
    "source": ("出处：文件!工作表!行", "where the row stands: file!sheet!row", ""),
    "rejected": ("拒收的原因，空为采用", "why the row was rejected; empty: used", ""),
    "person_id": ("一个人，各表相同", "one person, the same in all tables", KEY),
    "decided_by": ("凭什么认定是此人", "by what the person was recognised", ""),
    "in_register": ("在学籍中", "is in the enrolment register", ""),
    "school_id": ("学校", "the school", ""),
    "school_ids": ("学籍所在的各校", "schools of the records", ""),
    "score": ("模型算得的可能性", "the model's probability", ""),
    "id18": ("18 位身份证号", "ID number in 18 digits", "id"),
    "id_birth": ("证号中的出生日期", "birth date in the ID number", BORN),
    "guardian_id18": ("监护人 18 位证号", "guardian's ID number in 18 digits", "id"),
    "years": ("限于学段内第几年", "years of the stage that it is for", ""),
    "study_year": ("学段内的年级，1 为起始年级", "year of the stage, 1 the first", ""),
    "amount_tolerance": ("印出数的舍入幅度（元）", "rounding of the printed figure, yuan", ""),
    "finding_id": ("疑点", "the finding", KEY),
    "rule": ("规则", "rule", ""),
    "family": ("类别", "family of rules", ""),
    "severity": ("程度", "severity", ""),
    "county_code": ("县代码", "county", ""),
    "amount_due": ("应发（元）", "due, yuan", ""),
    "amount_paid": ("已发（元）", "paid, yuan", ""),
    "at_stake": ("涉及金额（元）", "at stake, yuan", ""),
    "confidence": ("可信度", "confidence", ""),
    "reason": ("原因", "reason", ""),
    "message": ("疑点说明", "what was found", MESSAGE),
    "records": ("所依据的行", "the rows it rests on", ""),
    "policy_ref": ("依据", "basis", ""),
    "disposition": ("处理", "disposition", ""),
    "subject": ("疑点的主体", "what the finding is about", KEY),
    "account_no": ("银行卡号", "account", "account"),
    "certain": ("应发与否是确定的", "whether it is due is certain", ""),
    "unknown": ("不能确定的原因", "why it is not", ""),
    "mandatory": ("应发（否则可发可不发）", "must be paid (else may be)", ""),
    "possible": ("可能应发的最高额", "the most that may be due", ""),
    "minimum": ("标准下限", "lowest amount", ""),
    "maximum": ("标准上限", "highest amount", ""),
    "due": ("应发额", "amount due", ""),
    "net": ("实发净额", "paid, net of reversals", ""),
    "successes": ("成功笔数", "successful payments", ""),
    "returned": ("退汇笔数", "returned payments", ""),
    "largest": ("最大一笔", "largest payment", ""),
    "several_schools": ("经多所学校发放", "paid through several schools", ""),
    "unknown_schools": ("学校不明的笔数", "payments of unknown schools", ""),
    "several_spellings": ("姓名或证号写法不一", "several spellings of the person", ""),
    "payment_records": ("发放明细的行", "rows of the payments", ""),
    "active": ("核定基准日在读", "enrolled on the count date", ""),
    "any_active_record": ("任一学籍在读", "any record is active", ""),
    "arrives": ("基准日之后转入", "arrives after the count date", ""),
    "listed": ("在资格名册", "is on an eligibility register", ""),
    "eligible": ("基准日有资格", "eligible on the count date", ""),
    "scheme_stages": ("项目的学段", "stages of the scheme", ""),
    "scheme_boarding": ("项目要求住校", "the scheme asks for boarding", ""),
    "needs_category": ("项目要求困难类型", "the scheme asks for a category", ""),
    "covered": ("学籍应含此学段", "the register covers the stage", ""),
    "covered_stage": ("学籍应含此学段", "the register covers the stage", ""),
    "payments_doubtful": ("发放可能未认全", "payments may be missing", ""),
    "eligibility_doubtful": ("资格可能未认全", "eligibility may be missing", ""),
    "enrolment_doubtful": ("学籍可能未认全", "enrolment may be missing", ""),
    "half_read": ("有单元格读不出", "a cell could not be read", ""),
    "perhaps_paid": ("可能已发放", "perhaps paid", ""),
    "perhaps_listed": ("可能在名册", "perhaps listed", ""),
    "stage_maximum": ("该学段上限", "highest amount of the stage", ""),
    "scheme_maximum": ("该项目上限", "highest amount of the scheme", ""),
    "ceiling": ("任何情况下的上限", "highest amount in any case", ""),
    "entitled": ("应享受", "entitled", ""),
    "has_rows": ("有发放行", "has rows of payments", ""),
    "fits_stage": ("学段相符", "the stage fits", ""),
    "fits_boarding": ("就读方式相符", "boarding fits", ""),
    "maybe_due": ("可能应发", "perhaps due", ""),
    "doubled": ("重复发放", "paid twice", ""),
    "categories": ("各困难类型", "categories", ""),
    "lowest_category": ("标准最低的困难类型", "the category of the lowest amount", ""),
    "eligible_name": ("名册上的姓名", "name on the eligibility register", "name"),
    "eligible_id_number": ("名册上的证号", "ID number on the eligibility register", "id"),
    "eligible_id18": ("名册上的 18 位证号", "the same in 18 digits", "id"),
    "eligible_birth": ("名册上的出生日期", "birth date on the eligibility register", BORN),
    "eligible_school": ("名册上的学校", "school on the eligibility register", ""),
    "stated_category": ("发放表所写困难类型", "category that the payment states", ""),
    "names": ("各学籍所写姓名", "names of the records", "name"),
    "birth": ("出生日期", "birth date", BORN),
    "delivered": ("已交资格名册", "eligibility registers were delivered", ""),
    "standing": ("资格状况", "standing", ""),
    "since": ("自何日起", "holds from", ""),
    "table": ("表", "table", ""),
    "register_source": ("学籍的行", "row of the register", ""),
    "candidate_id": ("可能是的人", "the person it may be", KEY),
    "levels": ("各项比较的结果", "outcome of each comparison", ""),
    "elsewhere": ("是别人的可能性", "probability of somebody else", ""),
    "match_weight": ("匹配权重", "match weight", ""),
    "review": ("待人工判断", "for a person to judge", ""),
    "settled": ("已定", "settled", ""),
    "pair": ("记录对", "the pair", KEY),
    "decision": ("人的判断", "what a person decided", ""),
    "judged_by": ("判断人", "by whom", "name"),
    "judged_on": ("判断时间", "when", ""),
    "record_l": ("表:出处", "table:source", ""),
    "judged": ("可以检验", "could be judged", ""),
    "why": ("原因", "reasons", ""),
    "id_number": ("身份证号", "ID number", "id"),
    "guardian_id": ("监护人身份证件号", "guardian's ID number", "id"),
    "birth_date": ("出生日期", "birth date", BORN),
    "household_no": ("户编号", "household number", KEY),
}
_PERSON = "name id_number student_no"
_PUPIL = (
    "name name_defect id_number id_number_defect id18 student_no school_name {school}guardian_name guardian_id "
    "guardian_id18 class_name status active any_active_record arrives stage study_year boarding school_ids names birth"
)
_LISTED = (
    "listed eligible categories lowest_category eligible_name eligible_id_number eligible_id18 eligible_birth "
    "eligible_school household_no town"
)
_DOUBT = "payments_doubtful eligibility_doubtful enrolment_doubtful half_read perhaps_paid perhaps_listed"
_PAIR = (
    "table source person_id register_source candidate_id levels score elsewhere match_weight review settled pair "
    "decision judged_by judged_on"
)
_ASSEMBLED: Mapping[str, tuple[Text, Text, str]] = {
    "findings": (
        Text("疑点", "Findings"), Text("一条疑点", "a finding"),
        f"finding_id rule family severity term county_code school_name town {_PERSON} scheme amount_due amount_paid at_stake "
        "confidence reason message records policy_ref disposition",
    ),
    "subjects": (
        Text("疑点的主体", "Subjects"), Text("一条疑点", "a finding"), "finding_id rule subject person_id account_no",
    ),
    "pupils": (
        Text("学生", "Pupils"), Text("学籍中的一个人", "a person of the register"),
        "person_id " + _PUPIL.format(school="school_id "),
    ),
    "eligible": (Text("名册中的人", "Listed"), Text("名册中的一个人", "a person on a register"), f"person_id {_LISTED}"),
    "payees": (
        Text("受款人", "Payees"), Text("领过钱的一个人", "a person who was paid"),
        "person_id covered_stage needs_category stated_category payment_records amount_paid "
        f"{_PUPIL.format(school='')} in_register {_LISTED} {_DOUBT} delivered standing",
    ),
    "people": (Text("所有的人", "People"), Text("一个人", "a person"), f"person_id {_PERSON} school_name town"),
    "aid": (
        Text("应发与实发", "Aid due and paid"), Text("一人一个项目", "a person and scheme"),
        "person_id scheme certain unknown mandatory possible minimum maximum due policy_ref net successes returned largest "
        "several_schools unknown_schools several_spellings payment_records active stage boarding school_name in_register "
        f"listed eligible scheme_stages scheme_boarding needs_category covered {_DOUBT} stage_maximum scheme_maximum ceiling "
        "entitled has_rows fits_stage fits_boarding maybe_due doubled",
    ),
    "unclear": (
        Text("未能检验的人", "Unclear"), Text("一个人", "a person"), f"person_id judged why {_PERSON} town school_name records",
    ),
    "standards": (
        Text("有效的标准", "Standards in force"), Text("项目、学段、困难类型", "scheme, stage and category"),
        "scheme stage boarding years category minimum maximum due since mandatory policy_ref",
    ),
    "school_names": (Text("学校名称", "School names"), Text("一种写法", "a spelling"), "school_name school_id"),
    "open_pairs": (Text("待判断的记录对", "Pairs to judge"), Text("一对记录", "a pair of records"), _PAIR),
    "shares": (Text("模型比较过的记录对", "Pairs weighed"), Text("一对记录", "a pair of records"), f"{_PAIR} record_l"),
}  # fmt: skip
_OF_PERSON = "person_id decided_by in_register school_id score"
_ROW = Text("交来文件的一行", "a row of a delivered file")
_UNREADABLE = Text("{title}：读不出的原因", "{title}: why it could not be read")


def run_tables() -> dict[str, RunTable]:
    """Every table of a run by name: findings and what was assembled, then the registers as delivered."""
    assembled = {
        name: RunTable(name, title, row, tuple(_column(column) for column in columns.split()))
        for name, (title, row, columns) in _ASSEMBLED.items()
    }
    return assembled | {name: _register(table) for name, table in TABLES.items()}


def _register(table: Table) -> RunTable:
    years = [_column("study_year")] if {"grade", "stage"} <= table.by_name.keys() else []
    columns = [_column("source"), *_of_cells(table), *years, _column("rejected")]
    if "name" in table.by_name:
        columns += [_column(name) for name in _OF_PERSON.split()]
    return RunTable(table.name, table.title, _ROW, tuple(columns))


def _of_cells(table: Table) -> Iterator[RunColumn]:
    for column in table.columns:
        mask = _MEANINGS[column.name][2] if column.name in _MEANINGS else column.kind.masked
        yield RunColumn(
            column.name, column.title, "" if mask == BORN and column.name != "birth_date" else mask
        )
        unreadable = _UNREADABLE.fill(title=column.title)
        yield RunColumn(f"{column.name}_defect", unreadable)
        more = {"id_number": ("id18", "id_birth"), "guardian_id": ("guardian_id18",)}.get(column.name, ())
        yield from map(_column, more)
        if column.kind.name == "yuan_printed":
            yield _column("amount_tolerance")


def _column(name: str) -> RunColumn:
    if name in _MEANINGS:
        zh, en, mask = _MEANINGS[name]
        return RunColumn(name, Text(zh, en), mask)
    base = name.removesuffix("_defect")
    declared = next(table.by_name[base] for table in TABLES.values() if base in table.by_name)
    if base != name:
        return RunColumn(name, _UNREADABLE.fill(title=declared.title))
    return RunColumn(name, declared.title, declared.kind.masked)
