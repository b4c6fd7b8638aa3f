"""The limits: what a match of data cannot say, and what could not be tested and why."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.page.section import Section
from auditlib.report import catalogue
from auditlib.tables.wording import word

TITLE = Text("局限与未核对事项", "Limits, and what could not be tested")
PRINCIPLES = (
    Text(
        "数据相符或不符只是疑点，不是定性。在有人核实之前，不得据此停发、追回或处分。",
        "A match or a mismatch of data is a suspicion. Until a person has verified it, nobody's aid is stopped, "
        "recovered or sanctioned on its strength.",
    ),
    Text(
        "先补漏助，后查多发。应助未助的儿童优先核实、优先补发；对疑似不符的，先告知、听取说明，再作处理。",
        "Missed children come first. They are verified and paid before overpayments are pursued; whoever may have been "
        "paid wrongly is told and heard before anything is decided.",
    ),
    Text(
        "没有发现不等于没有发生：本报告只能发现三套台账之间的不一致。三者同错的、台账之外的（冒名、代领、克扣），"
        "比对看不见，须靠实地走访和抽查。",
        "Nothing found does not mean nothing happened: a comparison shows where the registers disagree. Where all of them "
        "are wrong, or outside of them (impersonation, withheld cards), only visits and samples can tell.",
    ),
    Text(
        "以核定基准日的状态为准。基准日之后的转学、退出、补录不在其内，台账之间的时间差会形成疑点。",
        "Everything is taken as of the count date. Later changes are not in it, and registers of different days differ.",
    ),
    Text(
        "学前、中职、高校学生不在学籍系统中，其在读情况无法由学籍核对。",
        "Kindergartens, vocational schools and universities are not in the enrolment register; whether their pupils "
        "attend cannot be told from it.",
    ),
    Text(
        "可信度低于 1 的疑点含有推定的人员对应关系，须先确认是否同一人。",
        "A confidence below 1 means that two records were taken to be one person: verify that first.",
    ),
)
IN_FULL = Text("未运行的规则与未能核对的行", "Rules not run, rows not tested")
NOT_RUN = Text("未运行的规则", "Rules that were not run")
NOT_RUN_LEAD = Text(
    "缺少所需的台账或列，规则无从运行。未运行不等于通过。",
    "A register or column that the rule needs was not delivered. Not run does not mean passed.",
)
ALL_RUN = Text("目录中的规则全部运行。", "Every rule of the catalogue was run.")
STOP = Text("，逐条见附件。", "; one by one in the annex.")
UNTESTED = Text("已运行规则中未能核对的行", "Rows that could not be tested")
UNTESTED_NONE = Text(
    "已运行的规则，其总体全部核对完毕。", "The rules that were run tested all of their populations."
)
RULE, REASON, ROWS = Text("规则", "Rule"), Text("原因", "Reason"), Text("行数", "Rows")
MISSING = Text("缺少什么，或其他原因", "What is missing, or why")
SUMMARY = Text("未运行规则 {rules} 条，未能核对 {rows} 行次", "{rules} rules not run, {rows} rows not tested")


def limits(results: Results) -> Section:
    language = str(results.parameters.get("language", "zh"))
    idle = results.rules[results.rules["status"] != "run"]
    rows = markup.count(results.untested["rows"].sum())
    summary = SUMMARY.fill(rules=len(idle), rows=rows).into(language)
    pieces = [
        markup.bullets(text.into(language) for text in PRINCIPLES),
        markup.paragraph(f"{summary}{STOP.into(language)}"),
    ]
    return Section("limits", TITLE.into(language), markup.join(pieces), summary)


def untested_rows(results: Results) -> Section:
    """Rules that were not run, by what they lack, and rows that rules could not test, by rule and reason."""
    language = str(results.parameters.get("language", "zh"))
    idle = results.rules[results.rules["status"] != "run"]
    untested = results.untested[results.untested["rows"] > 0]
    columns = [Col(MISSING.into(language), css="k"), Col(RULE.into(language))]
    wants = markup.table(
        columns, catalogue.by_want(idle, language), caption=NOT_RUN.into(language), headed=True
    )
    lists = markup.paragraph(NOT_RUN_LEAD.into(language)) + wants
    pieces = (
        markup.heading(3, NOT_RUN.into(language), "not-run"),
        markup.paragraph(ALL_RUN.into(language)) if idle.empty else lists,
        markup.heading(3, UNTESTED.into(language)),
        _untested(untested, language),
    )
    summary = SUMMARY.fill(rules=len(idle), rows=markup.count(untested["rows"].sum())).into(language)
    return Section("untested", IN_FULL.into(language), markup.join(pieces), summary, annex=True)


def _untested(untested: pd.DataFrame, language: str) -> Markup:
    if untested.empty:
        return markup.paragraph(UNTESTED_NONE.into(language))
    columns = [Col(RULE.into(language)), Col(REASON.into(language)), Col(ROWS.into(language), "number")]
    largest_first = untested.sort_values("rows", ascending=False, kind="stable")
    rows = [
        (catalogue.title(row.rule, language), word(row.reason, language), markup.count(row.rows))
        for row in largest_first.itertuples()
    ]
    return markup.table(columns, rows, caption=UNTESTED.into(language), headed=True)
