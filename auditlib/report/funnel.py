"""The data in brief: the persons of the registers, found or not, and of how many rows; the rows of each register are for an annex."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.page.section import Section
from auditlib.report.named_children import everybody
from auditlib.report.rectification import person_keys, persons_in, with_sharers
from auditlib.tables.delivered import TABLES
from auditlib.tables.wording import word

TITLE = Text("数据来源与行数", "The files and their rows")
LEAD = Text(
    "读入行数等于采用、剔除、拒收三者之和，逐个文件相等（各台账、逐个文件见附件）。",
    "Rows read are rows used, left out and rejected, file by file (register by register and file by file: see the annex).",
)
FLOW = Text("从数据到疑点，单位：人", "From rows to findings, in persons")
STEPS = {
    "persons": (
        Text("各台账里的人", "Persons of the registers"),
        Text(
            "一人一档；来自 {files} 个文件、采用的 {used} 行（读入 {read}，剔除 {left_out}，拒收 {rejected}）",
            "each once; of {used} rows used in {files} files ({read} read, {left_out} left out, {rejected} rejected)",
        ),
    ),
    "nothing": (
        Text("没有疑点的", "Nothing found"),
        Text("{rules} 条规则核对 {tested} 行次", "by {rules} rules in {tested} tests"),
    ),
    "found": (
        Text("有疑点的", "With findings"),
        Text(
            "共 {findings} 条，一人可有几条{nobodys}",
            "{findings} findings, several of some{nobodys}",
        ),
    ),
    "open": (
        Text("没有疑点而须查明的", "No finding, to be looked up"),
        Text("见附件“须逐一查明的孩子”", "see the annex of children by name"),
    ),
}
NOBODYS = Text("；其中 {n} 条不针对某一个人", "; {n} of them of no single person")
SUMMARY = Text(
    "读入 {read} 行，采用 {used} 行，剔除 {left_out} 行，拒收 {rejected} 行",
    "{read} rows read, {used} used, {left_out} left out, {rejected} rejected",
)
TOTAL = Text("合计", "Total")
COUNTS = ("rows_read", "used", "left_out", "rejected")
HEADS = (
    (Text("台账", "Register"), "k"),
    (Text("文件", "Files"), "number"),
    (Text("读入", "Read"), "number"),
    (Text("采用", "Used"), "number"),
    (Text("剔除", "Left out"), "number"),
    (Text("拒收", "Rejected"), "number"),
)
BY_REGISTER = Text("各台账的行数", "Rows by register")
_SUM_COLUMNS = (("read", "rows_read"), ("used", "used"), ("left_out", "left_out"), ("rejected", "rejected"))


def funnel(results: Results) -> Section:
    """The flow, with the rows of all registers beneath."""
    language = str(results.parameters.get("language", "zh"))
    registers = in_order(results.funnel)
    totals = registers[list(COUNTS)].sum()
    body = markup.join(
        (
            _flow(results, totals, language),
            markup.paragraph(LEAD.into(language), "lead"),
        )
    )
    summary = SUMMARY.fill(**{k: markup.count(totals[v]) for k, v in _SUM_COLUMNS}).into(language)
    return Section("funnel", TITLE.into(language), body, summary)


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with a ``table`` column in the order in which the tables are declared."""
    places = {name: place for place, name in enumerate(TABLES)}
    return rows.sort_values("table", key=lambda names: names.map(places), kind="stable")


def _flow(results: Results, totals: pd.Series, language: str) -> Markup:
    """Of all persons those with a finding, those to be looked up without one, and the rest; rows, tests and findings beneath."""
    figures, run = results.conclusion, results.rules[results.rules["status"] == "run"]
    persons_found, beside = persons_in(with_sharers(results)) or 0, without_finding(results)
    everyone = figures.get("persons")
    persons = {
        "persons": everyone,
        "nothing": None if everyone is None else max(int(everyone) - persons_found - beside, 0),
        "found": persons_found,
        "open": beside,
    }
    words = {
        "files": results.funnel["file"].nunique(),
        "read": totals["rows_read"],
        "used": totals["used"],
        "left_out": totals["left_out"],
        "rejected": totals["rejected"],
        "rules": len(run),
        "tested": run["tested"].sum(),
        "findings": len(results.findings),
    }
    nobodys = int(person_keys(results.findings).isna().sum())
    asides = {name: markup.count(number) for name, number in words.items()}
    asides["nobodys"] = NOBODYS.fill(n=markup.count(nobodys)).into(language) if nobodys else ""
    boxes = markup.join(
        Markup('<li class="figure"><span>{}</span> <strong>{}</strong>{}</li>').format(
            title.into(language),
            markup.count(persons[key]),
            markup.below(aside.fill(**asides).into(language)),
        )
        for key, (title, aside) in STEPS.items()
    )
    title = FLOW.into(language)
    return markup.paragraph(title, "caption") + Markup('<ol class="flow" aria-label="{}">{}</ol>').format(
        title, boxes
    )


def without_finding(results: Results) -> int:
    """Children who are to be looked up and of whom no rule found anything."""
    people = everybody(results)
    return int((~people.index.isin(person_keys(with_sharers(results)).dropna())).sum())


def rows_by_register(results: Results, language: str) -> Markup:
    """A line for each register, with their sums."""
    files = in_order(results.funnel)
    totals = files[list(COUNTS)].sum()
    columns = [Col.of(title.into(language), look) for title, look in HEADS]
    by_table = files.groupby("table", sort=False)
    rows = [
        (word(str(table), language), len(rows), *(markup.count(rows[name].sum()) for name in COUNTS))
        for table, rows in by_table
    ]
    total_row = (
        TOTAL.into(language),
        files["file"].nunique(),
        *(markup.count(totals[name]) for name in COUNTS),
    )
    return markup.table(columns, rows, caption=BY_REGISTER.into(language), total=total_row)
