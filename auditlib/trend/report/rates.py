"""The same rule in each term: exceptions of those tested."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.rhythm import term_words
from auditlib.page import charts, markup
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section
from auditlib.report import catalogue
from auditlib.tables.findings import column_title
from auditlib.trend.charts import RuleLine, lines
from auditlib.trend.results import TrendResults
from auditlib.trend.runs import term_name
from auditlib.trend.suppress import all_small, count_or_sign, hide, in_full_unless_public

TITLE = Text("各规则的疑点率", "Rates, rule by rule")
LEAD = Text(
    "疑点率＝疑点数÷已核对数（列在其下）；无法核对的不在分母里。规则全部逐一核对，不是抽样，所以比率没有抽样误差；数据质量和口径的变化仍会使它升降。",
    "A rate is findings over those tested (below it, found / tested); what could not be tested is not in the denominator. Every case is tested, none "
    "sampled, so a rate has no sampling error; changed data or bases still move it.",
)
RULE = column_title("rule")
IN_TERM = Text("{term}：疑点／已核对", "{term}: found / tested")
CHANGE = Text("末期变化（百分点）", "Last change (points)")
NOT_RUN = Text("未执行", "not run")
NO_RULE = Text("当时没有此规则", "no such rule then")
CHART = Text("疑点最多的 {n} 条规则", "The {n} rules with most findings")
CHART_NOTE = Text(
    "各图纵轴自定，只比先后，不比规则之间。", "Each has its own scale: compare terms, not rules."
)
NOTHING = Text("各学期都没有疑点。", "There was no finding in any term.")
SUMMARY = Text("{n} 条规则有疑点", "{n} rules with findings")
SMALL = Text("每学期都是 0 至 4 条的规则：{n} 条", "Rules with 0 to 4 findings in each term: {n}")
MOST_DRAWN = 6
LEAST = 0.00005  # a share that two decimals of a per cent would show as nothing


@in_full_unless_public
def rates(results: TrendResults) -> Section:
    """Rules with a finding in any term; counts of 1 to 4 are not given."""
    language = results.language
    table = _wide(results)
    with_findings = table[table["total"] > 0]
    body = [markup.paragraph(LEAD.into(language), "lead")]
    if with_findings.empty:
        body.append(markup.paragraph(NOTHING.into(language)))
    else:
        body += [_chart(results, with_findings, language), _table(results, with_findings, language)]
    return Section(
        "rates", TITLE.into(language), markup.join(body), SUMMARY.fill(n=len(with_findings)).into(language)
    )


def _wide(results: TrendResults) -> pd.DataFrame:
    """A row a rule: for each term its line of the manifest or None, whether its number is hidden, and the total."""
    secret = secrets(results.rates)
    rows: dict[str, dict[Any, Any]] = {}
    for line, is_secret in zip(results.rates.to_dict("records"), secret, strict=True):
        row = rows.setdefault(line["rule"], {"rule": line["rule"], "total": 0})
        row["total"] += int(line["exceptions"] or 0)
        row[line["term"]] = {**line, "secret": is_secret}
    return pd.DataFrame(list(rows.values()), columns=["rule", "total", *results.runs.terms])


def secrets(rates: pd.DataFrame) -> list[str]:
    """What stands in place of the numbers of findings that must not be shown; a term's total is known from the self-check's report."""
    secret = pd.Series("", index=rates.index)
    for _, own in rates.groupby("serial"):
        secret.loc[own.index] = hide([int(n or 0) for n in own["exceptions"].fillna(0)], totalled=True)
    return list(secret)


def rate_of(line: Any) -> float | None:
    """Exceptions of those tested; None where the rule did not run, tested nobody, or found so few that they are hidden."""
    usable = isinstance(line, dict) and line["status"] == "run" and line["tested"] and not line["secret"]
    return int(line["exceptions"]) / int(line["tested"]) if usable else None


def cell(line: Any, language: str) -> str:
    """``12 / 14,891``, or why there is none."""
    if not isinstance(line, dict):
        return NO_RULE.into(language)
    if line["status"] != "run":
        return NOT_RUN.into(language)
    return f"{count_or_sign(int(line['exceptions']), line['secret'])} / {markup.count(line['tested'])}"


def percent(line: Any) -> str:
    if rate_of(line) is None:
        return markup.NOTHING
    rate = rate_of(line) or 0
    return "<0.01%" if 0 < rate < LEAST else f"{100 * rate:.2f}%"


def change(row: Any, terms: list[str], consecutive: list[bool]) -> str:
    """From the last term but one to the last, in percentage points; a dash where either is missing."""
    if len(terms) < 2 or not consecutive[-1]:
        return markup.NOTHING
    before, after = (rate_of(row[term]) for term in terms[-2:])
    if before is None or after is None:
        return markup.NOTHING
    points = round(100 * (after - before), 2)
    return f"{points:+.2f}" if points else "0.00"


def follows(results: TrendResults) -> list[bool]:
    """For each term whether the one before it was run too."""
    serials = [run.serial for run in results.runs.runs]
    return [False, *(after - before == 1 for before, after in pairwise(serials))]


def _table(results: TrendResults, with_findings: pd.DataFrame, language: str) -> Markup:
    terms = results.runs.terms
    titles = [*(term_words(term) for term in terms), CHANGE]
    columns = [
        Col(RULE.into(language), css="long"),
        *(Col(title.into(language), "number") for title in titles),
    ]
    rows = [
        [
            catalogue.title(row["rule"], language),
            *(_two_lines(row[term], language) for term in terms),
            change(row, terms, follows(results)),
        ]
        for row in with_findings.to_dict("records")
        if not is_small(row, terms)
    ]
    table = markup.table(columns, rows, caption=TITLE.into(language), headed=True)
    return table + _small([row for row in with_findings.to_dict("records") if is_small(row, terms)], results)


def is_small(row: dict[str, Any], terms: list[str]) -> bool:
    """Nothing, or 1 to 4, in every term in which the rule ran."""
    ran = [row[term] for term in terms if isinstance(row[term], dict) and row[term]["status"] == "run"]
    return all_small([int(line["exceptions"]) for line in ran])


def _small(rows: list[dict[str, Any]], results: TrendResults) -> Markup:
    """The small ones together: with the numbers tested, and nothing that tells them apart."""
    if not rows:
        return Markup("")
    language, terms = results.language, results.runs.terms
    columns = [Col(RULE.into(language), css="long")]
    columns += [Col(IN_TERM.fill(term=term_words(term)).into(language), "number") for term in terms]
    cells = [
        [catalogue.title(row["rule"], language), *(cell(row[term], language) for term in terms)]
        for row in rows
    ]
    title = SMALL.fill(n=len(rows)).into(language)
    return markup.details(title, markup.table(columns, cells, caption=title, headed=True))


def _two_lines(line: Any, language: str) -> Cell:
    """The rate, and below it what it is made of."""
    return Cell(
        Markup("{}{}").format(percent(line), markup.below(cell(line, language))), str(rate_of(line) or 0)
    )


def _chart(results: TrendResults, with_findings: pd.DataFrame, language: str) -> Markup:
    terms = results.runs.terms
    drawable = with_findings.sort_values("total", ascending=False, kind="stable").to_dict("records")
    items = [
        _line(row, results, language)
        for row in drawable
        if any(rate_of(row[term]) is not None for term in terms)
    ]
    items = items[:MOST_DRAWN]
    if len(terms) < 2 or not items:
        return Markup("")
    axis = [term_words(term).into(language) for term in _axis(results)]
    colon = "：" if language == "zh" else ": "
    alt = ("；" if language == "zh" else "; ").join(
        f"{item.label}{colon}{' → '.join(item.shown)}" for item in items
    )
    caption = f"{CHART.fill(n=len(items)).into(language)}{'。' if language == 'zh' else '. '}{CHART_NOTE.into(language)}"
    return charts.figure(lines(items, axis), alt=alt, caption=caption, broad=True)


def _axis(results: TrendResults) -> list[str]:
    """Every term from the first to the last, those without a run too: a line has a break there."""
    serials = [run.serial for run in results.runs.runs]
    return [term_name(number) for number in range(serials[0], serials[-1] + 1)]


def _line(row: dict[str, Any], results: TrendResults, language: str) -> RuleLine:
    at = [row.get(term) for term in _axis(results)]
    colour = charts.OWED_COLOUR if catalogue.is_owed(row["rule"]) else charts.WRONG
    label = catalogue.title(row["rule"], language)
    return RuleLine(label, [rate_of(line) for line in at], [percent(line) for line in at], colour)
