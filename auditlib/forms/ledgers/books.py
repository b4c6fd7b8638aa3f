"""The ledgers: their forms, what each needs, and how they come into the folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from auditlib.audit.assemble import Audit
from auditlib.base.engine import Engine
from auditlib.base.helper_process import Helper
from auditlib.base.language import Text
from auditlib.findings import bringing_back
from auditlib.findings.conclusion import entitled_rows
from auditlib.findings.letters import letters_by_town
from auditlib.forms.ledgers import content
from auditlib.forms.ledgers.form import NOWHERE, Field, LedgerForm, write_form
from auditlib.forms.ledgers.month import monthly
from auditlib.forms.ledgers.papers import without_record
from auditlib.law.parameters import SelfCheck
from auditlib.page import markup
from auditlib.rules import RULES
from auditlib.tables.findings import column_title, title_in_yuan
from auditlib.tables.wording import category_word

FOLDER = "ledgers"
PLACE = Text("{county}{term}", "{county}, {term}: ")
NAME, ID_NUMBER = (
    Field("name", column_title("name"), width=12),
    Field("id_number", column_title("id_number"), width=22),
)
SEX = Field("sex", Text("性别", "Sex"), "code", 6)
STUDENT_NO = Field("student_no", column_title("student_no"), width=24)
TOWN = Field("town", column_title("town"), width=12)
SCHOOL = Field("school_name", column_title("school_name"), width=24)
FOUND_FIELD = Field("found", Text("核对疑点", "Found by the check"), "code", 18)

REGISTERED_PUPILS = LedgerForm(
    "registered-pupils.xlsx",
    Text("在籍困难学生台账", "Poor pupils on the register"),
    (
        NAME, SEX, ID_NUMBER, STUDENT_NO,
        Field("disabled", Text("是否残疾", "Disabled"), "code", 10),
        Field("categories", Text("贫困类型", "Category"), "code", 24),
        Field("stage", Text("学段", "Stage"), "code", 10), SCHOOL,
        Field("study_year", Text("年级（本学段第几年）", "Year of the stage"), width=10),
        Field("class_name", Text("班级", "Class"), width=10), TOWN,
    ),
)  # fmt: skip
ENTITLED_PUPILS = LedgerForm(
    "entitled-pupils.xlsx",
    Text("应享受资助学生发放情况", "Pupils entitled, and how they were paid"),
    (
        NAME, ID_NUMBER, STUDENT_NO, TOWN, SCHOOL, Field("stage", Text("学段", "Stage"), "code", 10),
        Field("study_year", Text("年级（本学段第几年）", "Year of the stage"), width=10),
        Field("class_name", Text("班级", "Class"), width=10),
        Field("due", Text("应发（元）", "Due, yuan"), "yuan"), Field("paid", Text("实发净额（元）", "Paid net, yuan"), "yuan"),
        Field("figure", Text("发放情况", "How paid"), "code", 16),
    ),
)  # fmt: skip
ROLLED_UP = LedgerForm(
    "汇总",
    Text("劝返销号月、季、半年汇总（人）", "Bringing back by month, quarter and half-year (children)"),
    (
        Field("kind", Text("汇总周期", "Rolled up by"), width=9), Field("title", Text("期间", "Period"), width=30),
        Field("end", Text("截至", "To the end of"), width=12), TOWN,
        *(Field(name, text, "count", 12) for name, text in bringing_back.ROLLED_UP.items()),
    ),
)  # fmt: skip
BRINGING_BACK = LedgerForm(
    "bringing-back.xlsx",
    Text("劝返销号台账", "Dropouts and bringing back"),
    (
        NAME, SEX, ID_NUMBER, STUDENT_NO, SCHOOL, TOWN,
        Field("persuader", Text("劝返人", "Who brings the child back"), width=12),
        Field("dropped_on", Text("辍学日期", "Dropped out on"), width=12),
        Field("way", Text("劝返方式", "Way of bringing back"), width=14),
        Field("notice_on", Text("限期复学通知书日期", "Notice to return of"), width=12),
        Field("reported_on", Text("报告乡镇日期", "Reported to the township on"), width=12),
        Field("returned_on", Text("复学日期", "Back at school on"), width=12),
        Field("closed_on", Text("销号日期", "Closed on"), width=12),
        Field("status", Text("学籍状态", "Record says"), "code", 12), FOUND_FIELD,
    ),
    rolled_up=ROLLED_UP,
)  # fmt: skip
RECTIFICATION = LedgerForm(
    "rectification.xlsx",
    Text("整改台账", "Rectification"),
    (
        Field("list_name", Text("来源清单", "List"), width=12),
        Field("measure", Text("问题与整改措施", "Issue and measure"), width=32),
        replace(NAME, width=9), replace(ID_NUMBER, width=21), replace(SCHOOL, width=17),
        Field("classes", column_title("classes"), width=11), replace(TOWN, width=10),
        Field("at_stake", title_in_yuan("at_stake"), "yuan", 13),
        Field("unit", Text("责任单位", "Unit"), width=12), Field("responsible", column_title("responsible"), width=12),
        Field("due_on", Text("整改时限", "Due on"), width=11),
        Field("state", Text("完成情况", "State"), "code", 9),
        Field("closed_on", Text("销号日期", "Closed on"), width=11),
        Field("evidence", Text("佐证材料", "Evidence"), width=12), replace(FOUND_FIELD, width=11),
        Field("record", Text("编号或出处", "Number or place"), width=15),
    ),
)  # fmt: skip
MONTHLY = LedgerForm(
    "monthly.xlsx",
    Text("资助月报", "Monthly sheet"),
    (
        TOWN, replace(SCHOOL, width=20),
        Field("due_persons", Text("应助人数", "Due, persons"), "count", 8), Field("due_yuan", Text("应助金额（元）", "Due, yuan"), "yuan", 14),
        Field("planned_persons", Text("拟发人数", "Planned, persons"), "count", 8), Field("planned_yuan", Text("拟发金额（元）", "Planned, yuan"), "yuan", 14),
        Field("approved_persons", Text("已审批人数", "Approved, persons"), "count", 8),
        Field("paid_persons", Text("已助人数", "Paid, persons"), "count", 8), Field("paid_yuan", Text("已助金额（元）", "Paid, yuan"), "yuan", 14),
        Field("returned_persons", Text("退汇人数", "Returned, persons"), "count", 7), Field("returned_yuan", Text("退汇金额（元）", "Returned, yuan"), "yuan", 12),
        Field("missed_persons", Text("漏助人数", "Missed, persons"), "count", 7), Field("missed_yuan", Text("漏助金额（元）", "Missed, yuan"), "yuan", 12),
        Field("warned_persons", Text("漏报预警人数", "In no list, persons"), "count", 7), Field("passed_over_persons", Text("同校已发而未发人数", "Planned, others paid, persons"), "count", 7),
        Field("paid_persons_change", Text("已助人数比上次", "Paid, persons: change"), "count", 8), Field("paid_yuan_change", Text("已助金额比上次（元）", "Paid, yuan: change"), "yuan", 14),
        Field("missed_new", Text("新增漏助人数", "Newly missed, persons"), "count", 7), Field("missed_gone", Text("不再漏助人数", "Missed no longer, persons"), "count", 7),
        Field("warned_new", Text("新增漏报预警人数", "Newly in no list, persons"), "count", 7), Field("warned_gone", Text("不再漏报人数", "In no list no longer, persons"), "count", 7),
        Field("since", Text("与哪次自查相比", "Compared with the run"), width=9),
    ),
    total=True,
)  # fmt: skip
CORRECTION = LedgerForm(
    "corrections.xlsx",
    Text("名册更正清单", "Corrections to the registers"),
    (
        Field("office", Text("由谁更正", "To be corrected by"), width=14), TOWN, NAME, ID_NUMBER, STUDENT_NO, SCHOOL,
        Field("reason", Text("不一致之处", "What differs"), "code", 20),
        Field("message", Text("说明", "Explained"), width=48), Field("records", Text("出处", "Where"), width=44),
    ),
    sheet_by="addressee",
)  # fmt: skip
WITHOUT_RECORD = LedgerForm(
    "without-record.xlsx",
    Text("无在读学籍儿童逐人材料清单", "Children without a record, and what must be on file"),
    (
        NAME, ID_NUMBER, TOWN, SCHOOL, Field("kind", Text("情形", "Kind"), width=18),
        Field("on_file", Text("应存材料", "What must be on file"), width=44),
        Field("missing", Text("各台账中未见", "Not in the ledgers"), width=30),
    ),
)  # fmt: skip
LETTERS = LedgerForm(
    "letters.xlsx",
    Text("函告与兜底汇总", "Letters and fallback"),
    (
        TOWN, Field("letters", Text("函告人次", "Letters in the ledger"), "count", 10), Field("not_sent", Text("未发函", "Not sent"), "count", 10),
        Field("sent", Text("已发函", "Sent"), "count", 10), Field("answered", Text("已回函", "Answered"), "count", 10), Field("open", Text("未回函", "Open"), "count", 10),
        Field("aided", Text("就读地已资助", "Aided there"), "count", 12), Field("not_aided", Text("就读地未资助", "Not aided there"), "count", 12),
        Field("fallback", Text("县级兜底人次", "Fallback, person-times"), "count", 12), Field("fallback_yuan", Text("县级兜底金额（元）", "Fallback, yuan"), "yuan"),
    ),
    total=True,
)  # fmt: skip
LEDGERS = (
    REGISTERED_PUPILS,
    ENTITLED_PUPILS,
    BRINGING_BACK,
    RECTIFICATION,
    MONTHLY,
    CORRECTION,
    LETTERS,
    WITHOUT_RECORD,
)
NEEDS: Mapping[str, tuple[str, ...]] = {
    REGISTERED_PUPILS.file: ("eligibility", "enrolment"),
    ENTITLED_PUPILS.file: ("eligibility", "enrolment", "payments"),
    BRINGING_BACK.file: ("dropouts",),
    RECTIFICATION.file: (),
    MONTHLY.file: (),
    CORRECTION.file: ("eligibility", "enrolment"),
    LETTERS.file: ("letters",),
    WITHOUT_RECORD.file: ("eligibility", "enrolment"),
}
"""Tables without which a ledger would be empty for want of them, and is not written."""
NEEDS_ONE_OF: Mapping[str, tuple[str, ...]] = {MONTHLY.file: ("payments", "planned")}


def write_ledgers(
    engine: Engine, audit: Audit, findings: pd.DataFrame, into: Path, helper: Helper | None = None
) -> None:
    """The ledgers that the tables given allow, unmasked, into ``into/ledgers``, written by ``helper``; all but the one that
    decisions change (:func:`write_rectification`)."""
    run, writer = audit.parameters, helper or Helper()
    with_rules = findings.assign(found=findings["rule"])
    for form in LEDGERS:
        if form is RECTIFICATION or not _is_known(form):
            continue
        if _has_tables(form, audit):
            last_rows = _rolled_up_rows(engine, audit) if form.rolled_up else None
            _write(form, _rows(form, engine, audit, with_rules), into, run, writer, last_rows)


def _has_tables(form: LedgerForm, audit: Audit) -> bool:
    one_of = NEEDS_ONE_OF.get(form.file, ())
    return all(audit.columns_found.get(table) for table in NEEDS[form.file]) and (
        not one_of or any(audit.columns_found.get(table) for table in one_of)
    )


def write_rectification(
    issue_rows: pd.DataFrame,
    findings: pd.DataFrame,
    decisions: pd.DataFrame,
    into: Path,
    run: SelfCheck,
    details: pd.DataFrame | None = None,
    helper: Helper | None = None,
) -> None:
    """The ledger of what is to be put right, into ``into/ledgers``.

    - ``issue_rows``: other inspections' (:func:`auditlib.forms.ledgers.content.issues`).
    - ``findings``: the run's, with dispositions and numbers.
    - ``decisions``: those that stand, the latest last.
    - ``details``: what the rows of each finding tell (:func:`auditlib.findings.particulars.particulars`): the class, and
      who is responsible, where a file names them.
    """
    with_rules = findings.assign(found=findings["rule"])
    if details is not None:
        columns = ["finding_id", "classes", "responsible"]
        with_rules = with_rules.merge(details[columns], on="finding_id", how="left", validate="one_to_one")
    rows = content.rectification(issue_rows, with_rules, decisions, run.language, run.rectification)
    _write(RECTIFICATION, rows, into, run, helper or Helper())


def _write(
    form: LedgerForm,
    rows: pd.DataFrame,
    into: Path,
    run: SelfCheck,
    writer: Helper,
    rolled_up_rows: pd.DataFrame | None = None,
) -> None:
    (into / FOLDER).mkdir(exist_ok=True)
    place = PLACE.fill(county=run.county_name, term=markup.term(run.term, run.language)).into(run.language)
    all_columns = rows.reindex(columns=sorted({*rows.columns, *(field.name for field in form.fields)}))
    titled_rows = _titled_rows(all_columns, run.term, run.language)
    file = into / FOLDER / form.file
    writer.give(write_form, form, titled_rows, file, place, run.language, rolled_up_rows)


def _rolled_up_rows(engine: Engine, audit: Audit) -> pd.DataFrame:
    """The last sheet of the ledger of bringing back: the whole county first in each period, then its towns."""
    rows, language = bringing_back.rolled_up(engine, audit), audit.parameters.language
    whole, no_town = bringing_back.WHOLE_COUNTY.into(language), NOWHERE.into(language)
    kinds = {kind: title.into(language) for kind, title in bringing_back.KINDS.items()}
    return rows.assign(town=rows["town"].replace("", no_town).fillna(whole), kind=rows["kind"].map(kinds))


def _is_known(form: LedgerForm) -> bool:
    """Is there a rule whose findings the form lists?"""
    return form is not CORRECTION or any(rule.startswith(content.CORRECTIONS) for rule in RULES)


def _rows(form: LedgerForm, engine: Engine, audit: Audit, findings: pd.DataFrame) -> pd.DataFrame:
    if form is REGISTERED_PUPILS:
        return content.registered_rows(engine, audit)
    if form is ENTITLED_PUPILS:
        return entitled_rows(engine, audit)
    if form is BRINGING_BACK:
        return content.bringing_back(engine, audit, findings)
    if form is WITHOUT_RECORD:
        return without_record(engine, audit)
    if form is LETTERS:
        return letters_by_town(engine, audit)
    return (
        monthly(engine, audit, findings) if form is MONTHLY else content.corrections(engine, audit, findings)
    )


def _titled_rows(rows: pd.DataFrame, term: str, language: str) -> pd.DataFrame:
    """Rules by their titles, categories by their names in ``term``."""
    titles = {rule: entry.title.into(language) for rule, entry in RULES.items()}

    def title_of(rules: object) -> object:
        return [titles[str(rule)] for rule in rules] if isinstance(rules, list) else titles.get(str(rules))

    def category_names(categories: object) -> object:
        if isinstance(categories, (list, tuple, np.ndarray)):
            return [category_word(category, term, language) for category in categories]
        return None if pd.isna(categories) else category_word(categories, term, language)

    word_functions = {"found": title_of, "category": category_names, "categories": category_names}
    return rows.assign(
        **{name: rows[name].map(to_words) for name, to_words in word_functions.items() if name in rows}
    )
