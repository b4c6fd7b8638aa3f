"""What is pending, and since which term; and the money made good so far."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.rhythm import term_words
from auditlib.page import charts, markup
from auditlib.page.charts import Bar
from auditlib.page.markup import Col
from auditlib.page.section import Section
from auditlib.report import catalogue
from auditlib.tables.findings import column_title, title_in_yuan
from auditlib.trend.results import TrendResults
from auditlib.trend.suppress import all_small, count_or_sign, few, hide, in_full_unless_public, is_few

TITLE = Text("未了结的疑点从何时起，已补发、追回多少", "Open since when, and made good so far")
LEAD = Text(
    "同一人、同一规则、同一项目在连着的几个学期都未了结的，算一件，从最早的学期算起。天数从该学期的核定基准日数到截止日"
    "（运行结果不记时刻，基准日是最早能知道的日子）。账户、报表数和没有证号的人各算一件。",
    "The same person, rule and scheme pending in terms that follow each other is one matter, since the first of them. Days "
    "run from that term's count date to the day looked at (a run keeps no clock; the count date is the earliest it could be "
    "known). Accounts, totals and persons without a number are a matter each.",
)
FROM = Text("自 {term}", "since {term}")
SINCE = Text("自 {term}（{days} 天）", "since {term} ({days} days)")
RULE = column_title("rule")
AT_STAKE = title_in_yuan("at_stake")
NONE = Text("没有未了结的疑点。", "Nothing is pending.")
CHART = Text("未了结的疑点（件），按最早的学期", "Pending, by the term since which (matters)")
MONEY = Text("已补发、追回的金额（元）", "Made good so far (yuan)")
MONEY_LEAD = Text(
    "按处理记录中“已整改”“销号”的金额；后来改判的不计。",
    "By the amounts of rectified and closed findings; what was reversed since does not count.",
)
NO_MONEY = Text("处理记录中还没有已整改的疑点。", "The ledger of decisions holds no rectified finding yet.")
UNSTATED_TEXT = Text("其中 {n} 条没有写金额。", "For {n} of these no amount was written.")
SUMMARY = Text("{n} 件未了结", "{n} matters pending")
AMOUNT, FINDINGS = Text("金额（元）", "Yuan"), Text("疑点", "Findings")
TOTAL = Text("合计", "Total")
SMALL = Text("数字均为 0 至 4 的规则：{n} 条", "Rules of which every number is 0 to 4: {n}")


@in_full_unless_public
def standing(results: TrendResults) -> Section:
    """Pending matters by rule and term, and money made good by rule; counts of 1 to 4 are not given."""
    language = results.language
    body = [markup.paragraph(LEAD.into(language), "lead")]
    if results.open_since.empty:
        body.append(markup.paragraph(NONE.into(language)))
    else:
        body += [_chart(results), _table(results)]
    body += [
        markup.heading(3, MONEY.into(language)),
        markup.paragraph(MONEY_LEAD.into(language), "lead"),
        _money(results),
    ]
    summary = SUMMARY.fill(n=markup.count(results.matters)).into(language)
    return Section("standing", TITLE.into(language), markup.join(body), summary)


def _since(results: TrendResults) -> list[tuple[str, Text]]:
    """Terms since which something is pending, with the words for them."""
    dates = {run.term: run.count_date for run in results.runs.runs}
    pending_terms = set(results.open_since["term"])
    return [
        (term, SINCE.fill(term=term_words(term), days=markup.count((results.trend.as_of - dates[term]).days)))
        for term in results.runs.terms
        if term in pending_terms
    ]


def _chart(results: TrendResults) -> Markup:
    language = results.language
    matters_by_term = results.open_since.groupby("term")["matters"].sum()
    numbers = [(words.into(language), int(matters_by_term[term])) for term, words in _since(results)]
    bars = [Bar(label, number, few(number)) for label, number in numbers if not is_few(number)]
    if not bars:
        return Markup("")
    return charts.figure(charts.bars(bars), alt=charts.describe(bars, language), caption=CHART.into(language))


def _table(results: TrendResults) -> Markup:
    language, terms = results.language, _since(results)
    wide = results.open_since.pivot_table(
        index="rule", columns="term", values="matters", aggfunc="sum", fill_value=0
    )
    yuan = results.open_since.groupby("rule")["at_stake"].apply(lambda part: sum(part, Decimal(0)))
    wide = wide.loc[_by_size(wide)]
    secret = {term: hide([int(n) for n in wide[term]], totalled=True) for term, _ in terms}
    columns = [
        Col(RULE.into(language), css="long"),
        *(Col(FROM.fill(term=term_words(term)).into(language), "number") for term, _ in terms),
    ]
    columns.append(Col(AT_STAKE.into(language), "number"))
    rows = []
    for at, rule in enumerate(wide.index):
        numbers = [count_or_sign(int(wide.loc[rule, term]), secret[term][at]) for term, _ in terms]
        if not all_small(wide.loc[rule].tolist()):
            is_secret = any(secret[term][at] for term, _ in terms)
            amount = markup.NOTHING if is_secret else markup.yuan(yuan[rule])
            rows.append([catalogue.title(rule, language), *numbers, amount])
    table = markup.table(columns, rows, caption=TITLE.into(language), headed=True) if rows else Markup("")
    return table + _small([rule for rule in wide.index if all_small(wide.loc[rule].tolist())], language)


def _small(rules: list[str], language: str) -> Markup:
    """Rules of which every number is small, by name alone."""
    if not rules:
        return Markup("")
    rule_titles = ("、" if language == "zh" else ", ").join(
        catalogue.title(rule, language) for rule in sorted(rules)
    )
    return markup.details(SMALL.fill(n=len(rules)).into(language), markup.note(rule_titles))


def _by_size(wide: pd.DataFrame) -> list[str]:
    """Missed children first, then the more the earlier; small ones by name, or their order would tell their size."""
    total = wide.sum(axis=1)
    order = sorted(
        wide.index,
        key=lambda rule: (
            not catalogue.is_owed(rule),
            0 if all_small([total[rule]]) else -total[rule],
            rule,
        ),
    )
    return list(order)


def _money(results: TrendResults) -> Markup:
    language, amounts = results.language, results.made_good
    if amounts.empty:
        return markup.paragraph(NO_MONEY.into(language))
    numbers = [int(n) for n in amounts["findings"]]
    secret = hide(numbers, totalled=True)
    rows = [
        [
            catalogue.title(rule, language),
            count_or_sign(n, sign),
            markup.NOTHING if sign else markup.yuan(yuan),
        ]
        for rule, n, yuan, sign in zip(amounts["rule"], numbers, amounts["made_good"], secret, strict=True)
        if not is_few(n)
    ]
    total = [
        TOTAL.into(language),
        markup.count(sum(numbers)),
        markup.yuan(sum(amounts["made_good"], Decimal(0))),
    ]
    columns = [
        Col(RULE.into(language), css="long"),
        *(Col(t.into(language), "number") for t in (FINDINGS, AMOUNT)),
    ]
    table = markup.table(columns, rows, caption=MONEY.into(language), headed=True, total=total)
    unstated_count = int(amounts["unstated"].sum())
    table += _small([rule for rule, n in zip(amounts["rule"], numbers, strict=True) if is_few(n)], language)
    note = UNSTATED_TEXT.fill(n=few(unstated_count)).into(language)
    return table + (markup.note(note) if unstated_count else Markup(""))
