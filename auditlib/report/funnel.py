"""The data in brief: from rows to persons to tests to findings, and the rows of each register."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.page.section import Section
from auditlib.report.rectification import persons_in
from auditlib.tables.delivered import TABLES
from auditlib.tables.wording import word

TITLE = Text("数据来源与行数", "The files and their rows")
LEAD = Text(
    "读入行数等于采用、剔除、拒收三者之和，逐个文件相等（逐个文件见附件）。",
    "Rows read are rows used, left out and rejected, file by file (see the annex).",
)
FLOW = Text("从数据到疑点", "From rows to findings")
STEPS = {
    "read": (Text("读入", "Rows read"), Text("行，{n} 个文件", "rows of {n} files")),
    "used": (Text("采用", "Used"), Text("行，拒收 {n} 行", "rows; {n} rejected")),
    "persons": (Text("一人一档", "Persons"), Text("人，各台账同一人合并", "each once over all registers")),
    "tested": (Text("核对", "Tests made"), Text("行次，{n} 条规则", "by {n} rules")),
    "findings": (Text("疑点", "Findings"), Text("条，涉及 {n} 人", "on {n} persons")),
}
SUMMARY = Text(
    "读入 {read} 行，采用 {used} 行，拒收 {rejected} 行", "{read} rows read, {used} used, {rejected} rejected"
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
_SUMMED = (("read", "rows_read"), ("used", "used"), ("rejected", "rejected"))


def funnel(results: Results) -> Section:
    """The flow, and a line for each register."""
    language = str(results.parameters.get("language", "zh"))
    registers = in_order(results.funnel)
    totals = registers[list(COUNTS)].sum()
    body = markup.join(
        (
            _flow(results, totals, language),
            markup.paragraph(LEAD.into(language), "lead"),
            _registers(registers, totals, language),
        )
    )
    summary = SUMMARY.fill(**{k: markup.count(totals[v]) for k, v in _SUMMED}).into(language)
    return Section("funnel", TITLE.into(language), body, summary)


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with a ``table`` column in the order in which the tables are declared."""
    places = {name: place for place, name in enumerate(TABLES)}
    return rows.sort_values("table", key=lambda names: names.map(places), kind="stable")


def _flow(results: Results, totals: pd.Series, language: str) -> Markup:
    figures, run = results.conclusion, results.rules[results.rules["status"] == "run"]
    steps: dict[str, tuple[Any, Any]] = {
        "read": (totals["rows_read"], results.funnel["file"].nunique()),
        "used": (totals["used"], totals["rejected"]),
        "persons": (figures.get("persons"), ""),
        "tested": (run["tested"].sum(), len(run)),
        "findings": (len(results.findings), markup.count(persons_in(results.findings) or 0)),
    }
    boxes = markup.join(
        Markup('<li class="figure"><span>{}</span> <strong>{}</strong>{}</li>').format(
            STEPS[key][0].into(language),
            markup.count(number),
            markup.below(STEPS[key][1].fill(n=aside).into(language)),
        )
        for key, (number, aside) in steps.items()
    )
    return Markup('<ol class="flow" aria-label="{}">{}</ol>').format(FLOW.into(language), boxes)


def _registers(files: pd.DataFrame, totals: pd.Series, language: str) -> Markup:
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
