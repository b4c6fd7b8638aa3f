"""Every rule at a glance: population, tested, not tested and why, exceptions, yuan at stake; and those not run."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section
from auditlib.report import catalogue
from auditlib.tables.findings import column_title, title_in_yuan
from auditlib.tables.wording import word

TITLE = Text("各项规则核对结果", "Results, rule by rule")
LEAD = Text(
    "每条规则先定总体，再逐一核对：符合为无疑点，不符为疑点，缺少依据为未核对。总体＝已核对＋未核对。各规则的总体是它所查的人、人和项目，或一行行记录，互不相等，也不等于应享受资助的人数。",
    "Each rule has a population; each member is tested and passes, or is an exception, or could not be tested. "
    "Population is tested plus not tested. Populations are the persons, persons and schemes, or rows that a rule asks of: they "
    "differ from each other, and from the number of pupils who should have been paid.",
)
FAMILY, RULE, SEVERITY = column_title("family"), column_title("rule"), Text("程度", "Severity")
POPULATION, TESTED_TEXT = Text("总体", "Population"), Text("已核对", "Tested")
UNTESTED, EXCEPTIONS = Text("未核对", "Not tested"), Text("疑点", "Exceptions")
AT_STAKE = title_in_yuan("at_stake")
CAPTION = Text("按类别和规则", "By family and rule")
NOT_RUN = Text(
    "另有 {n} 条规则未运行，缺少所需的台账或列。未运行不等于通过。",
    "Rules not run, for want of a register or a column: {n}. Not run does not mean passed.",
)
SEE = Text("见附件。", "See the annex.")
NO_EXCEPTION = Text("已运行的规则均未发现疑点。", "No rule that was run found an exception.")
SUMMARY = Text(
    "运行 {run} 条规则，未运行 {not_run} 条，疑点 {found} 条",
    "{run} rules run, {not_run} not run, {found} exceptions",
)


def rule_overview(results: Results) -> Section:
    language = str(results.parameters.get("language", "zh"))
    run = results.rules[results.rules["status"] == "run"]
    idle = results.rules[results.rules["status"] != "run"]
    body = markup.join(
        (
            markup.paragraph(LEAD.into(language), "lead"),
            *([] if run["exceptions"].any() else [markup.paragraph(NO_EXCEPTION.into(language), "verdict")]),
            _table(run, results.untested, language),
            *_idle(len(idle), language),
        )
    )
    summary = SUMMARY.fill(run=len(run), not_run=len(idle), found=markup.count(run["exceptions"].sum()))
    return Section("rules", TITLE.into(language), body, summary.into(language))


def _table(run: pd.DataFrame, untested: pd.DataFrame, language: str) -> Markup:
    columns = [
        Col(RULE.into(language), css="long"),
        Col(SEVERITY.into(language), css="k"),
        *(Col(t.into(language), "number") for t in (POPULATION, TESTED_TEXT, UNTESTED, EXCEPTIONS, AT_STAKE)),
    ]
    bodies = []
    for family, rules in run.groupby("family", sort=False):
        bodies.append(_family_row(str(family), rules, language))
        bodies += [_rule_row(row, untested, language) for row in rules.itertuples()]
    return markup.table(columns, bodies, caption=CAPTION.into(language), css="rules cards")


def _family_row(family: str, rules: pd.DataFrame, language: str) -> tuple[Cell | str, ...]:
    name = Cell(Markup("<b>{}</b>").format(word(f"family.{family}", language)))
    findings, yuan = rules["exceptions"].sum(), sum(rules["at_stake"].dropna())
    sums = (markup.count(findings), markup.yuan(yuan) if yuan else markup.NOTHING)
    bold = (Cell(Markup("<b>{}</b>").format(figure)) for figure in sums)
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


def _idle(number: int, language: str) -> list[Markup]:
    link = Markup('{} <a href="#not-run">{}</a>').format(
        NOT_RUN.fill(n=number).into(language), SEE.into(language)
    )
    return [markup.note(link)] if number else []
