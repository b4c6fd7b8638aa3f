"""Every rule at a glance: population, tested, not tested and why, exceptions, yuan at stake; and those not run."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import charts, markup
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section
from auditlib.report import catalogue
from auditlib.tables.wording import word

TITLE = Text("各项规则核对结果", "Results, rule by rule")
LEAD = Text(
    "每条规则先定总体，再逐一核对：符合为无疑点，不符为疑点，缺少依据为未核对。总体＝已核对＋未核对。",
    "Each rule has a population; each member is tested and passes, or is an exception, or could not be tested. "
    "Population is tested plus not tested.",
)
FAMILY, RULE, SEVERITY = Text("类别", "Family"), Text("规则", "Rule"), Text("程度", "Severity")
POPULATION, TESTED = Text("总体", "Population"), Text("已核对", "Tested")
UNTESTED, EXCEPTIONS = Text("未核对", "Not tested"), Text("疑点", "Exceptions")
AT_STAKE = Text("涉及金额（元）", "At stake (yuan)")
CAPTION = Text("按类别和规则", "By family and rule")
BY_COUNT = Text("疑点数（条），按规则", "Exceptions by rule")
BY_YUAN = Text("涉及金额（元），按规则", "At stake by rule (yuan)")
KEY = Text(
    "橙色：欠儿童的；蓝色：多发、误发的或其他", "Orange: owed to children. Blue: paid wrongly, and the rest"
)
NOT_RUN = Text("未运行的规则", "Rules that were not run")
NOT_RUN_LEAD = Text(
    "缺少所需的台账或列，规则无从运行。未运行不等于通过。",
    "A register or column that the rule needs was not delivered. Not run does not mean passed.",
)
MISSING = Text("缺少", "Missing")
ALL_RUN = Text("目录中的规则全部运行。", "Every rule of the catalogue was run.")
NO_EXCEPTION = Text("已运行的规则均未发现疑点。", "No rule that was run found an exception.")
SUMMARY = Text(
    "运行 {run} 条规则，未运行 {not_run} 条，疑点 {found} 条",
    "{run} rules run, {not_run} not run, {found} exceptions",
)
BARS = 10


def rule_overview(results: Results) -> Section:
    language = str(results.parameters.get("language", "zh"))
    run = results.rules[results.rules["status"] == "run"]
    idle = results.rules[results.rules["status"] != "run"]
    body = markup.join(
        (
            markup.paragraph(LEAD.into(language), "lead"),
            _charts(run, language),
            _table(run, results.untested, language),
            markup.heading(3, NOT_RUN.into(language)),
            _idle(idle, language),
        )
    )
    summary = SUMMARY.fill(run=len(run), not_run=len(idle), found=markup.count(run["exceptions"].sum()))
    return Section("rules", TITLE.into(language), body, summary.into(language))


def _charts(run: pd.DataFrame, language: str) -> Markup:
    with_findings = run[run["exceptions"] > 0]
    if with_findings.empty:
        return markup.paragraph(NO_EXCEPTION.into(language), "verdict")
    by_count = with_findings.sort_values("exceptions", ascending=False, kind="stable").head(BARS)
    money = with_findings[with_findings["at_stake"].astype(float) > 0]
    by_yuan = money.assign(yuan=money["at_stake"].astype(float)).sort_values(
        "yuan", ascending=False, kind="stable"
    )
    counts = [_bar(r.rule, r.exceptions, markup.count(r.exceptions), language) for r in by_count.itertuples()]
    yuan = [_bar(r.rule, r.yuan, markup.yuan(r.at_stake), language) for r in by_yuan.head(BARS).itertuples()]
    figures = [
        charts.figure(charts.bars(bars), alt=charts.described(bars, language), caption=title.into(language))
        for bars, title in ((counts, BY_COUNT), (yuan, BY_YUAN))
        if bars
    ]
    return charts.side_by_side(*figures) + markup.note(KEY.into(language))


def _bar(rule: str, value: float, label: str, language: str) -> charts.Bar:
    colour = charts.OWED if catalogue.is_owed(rule) else charts.WRONG
    return charts.Bar(catalogue.title(rule, language), float(value), label, colour)


def _table(run: pd.DataFrame, untested: pd.DataFrame, language: str) -> Markup:
    columns = [
        Col(RULE.into(language), css="long"),
        Col(SEVERITY.into(language), css="k"),
        *(Col(t.into(language), "number") for t in (POPULATION, TESTED, UNTESTED, EXCEPTIONS, AT_STAKE)),
    ]
    bodies = []
    for family, rules in run.groupby("family", sort=False):
        bodies.append(_family_row(str(family), rules, language))
        bodies += [_rule_row(row, untested, language) for row in rules.itertuples()]
    return markup.table(columns, bodies, caption=CAPTION.into(language), css="rules")


def _family_row(family: str, rules: pd.DataFrame, language: str) -> tuple[Cell | str, ...]:
    name = Cell(Markup("<b>{}</b>").format(word(f"family.{family}", language)))
    findings, yuan = rules["exceptions"].sum(), sum(rules["at_stake"].dropna())
    bold = (
        Cell(Markup("<b>{}</b>").format(figure)) for figure in (markup.count(findings), markup.yuan(yuan))
    )
    return (name, "", "", "", "", *bold)


def _rule_row(row: Any, untested: pd.DataFrame, language: str) -> tuple[Cell | str, ...]:
    reasons = untested[(untested["rule"] == row.rule) & (untested["rows"] > 0)]
    why = "；".join(f"{word(r.reason, language)} {markup.count(r.rows)}" for r in reasons.itertuples())
    below = Markup('<span class="below">{}{}{}</span>').format(
        UNTESTED.into(language), "：" if language == "zh" else ": ", why
    )
    name = Markup('<a href="#rule-{}">{}</a> {}').format(
        row.rule, catalogue.title(row.rule, language), below if why else ""
    )
    if not row.exceptions:
        name = Markup("{} {}").format(catalogue.title(row.rule, language), below if why else "")
    return (
        Cell(name),
        word(row.severity, language),
        markup.count(row.population),
        markup.count(row.tested),
        markup.count(row.untested),
        Cell(Markup("<b>{}</b>").format(markup.count(row.exceptions)) if row.exceptions else "0"),
        markup.yuan(row.at_stake) if row.at_stake else markup.NOTHING,
    )


def _idle(idle: pd.DataFrame, language: str) -> Markup:
    if idle.empty:
        return markup.paragraph(ALL_RUN.into(language))
    columns = [Col(MISSING.into(language), css="k"), Col(RULE.into(language))]
    lead = markup.paragraph(NOT_RUN_LEAD.into(language))
    return lead + markup.table(
        columns, catalogue.by_want(idle, language), caption=NOT_RUN.into(language), headed=True
    )
