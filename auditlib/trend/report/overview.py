"""What is looked at, how it stands, and what must be known before terms are compared."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.rhythm import term_words
from auditlib.page import markup
from auditlib.page.section import Section
from auditlib.tables.wording import word
from auditlib.trend.rectification import overdue
from auditlib.trend.report.precision import UNDECIDED_TEXT, precision_sentence
from auditlib.trend.results import TrendResults
from auditlib.trend.suppress import few, in_full_unless_public
from auditlib.trend.wording import PENDING

TITLE = Text("总体情况", "How things stand")
COUNTY, TERMS, AS_OF = Text("县（市、区）", "County"), Text("学期", "Terms"), Text("截止日", "As of")
VERDICT = Text(
    "{terms} 个学期共提出疑点 {known} 条，已了结 {settled} 条（排除 {cleared}、销号 {closed}），尚未了结 {pending} 条，其中超过期限 {overdue} 条。",
    "{known} findings were made over {terms} terms; {settled} are settled ({cleared} cleared, {closed} closed) and {pending} pending, of which {overdue} are past their deadline.",
)
STATES = {
    "open": Text("等人核实", "to be verified"),
    "confirmed": Text("属实，等待补发或追回", "found right, to be paid or recovered"),
    "rectified": Text("已整改，等待销号", "put right, to be checked and closed"),
}
FINDINGS = Text("条", "findings")
REPAID, RECOVERED_TEXT = Text("已补发给儿童", "Paid to children since"), Text("已追回", "Recovered")
BY_DECISIONS = Text("据处理记录", "by the ledger of decisions")
LASTING = Text(
    "未了结的 {matters} 件事中，{lasting} 件在不止一个学期出现（同一人、同一规则、同一项目）。",
    "Of {matters} matters pending, {lasting} came up in more than one term (same person, rule and scheme).",
)
BEFORE = Text("比较以前须知", "Before comparing")


@in_full_unless_public
def overview(results: TrendResults) -> Section:
    """The section the report opens with."""
    language = results.language
    verdict = _verdict(results).into(language)
    body = [
        _facts(results, language),
        markup.paragraph(verdict, "verdict"),
        _states(results, language),
        _money(results, language),
        markup.paragraph(
            LASTING.fill(matters=markup.count(results.matters), lasting=few(results.lasting)).into(language)
        ),
        markup.paragraph(
            (precision_sentence(results) if results.all_rules.judged else UNDECIDED_TEXT).into(language)
        ),
        _remarks(results, language),
    ]
    return Section("overview", TITLE.into(language), markup.join(body), verdict)


def _verdict(results: TrendResults) -> Text:
    standing = results.standing
    cleared, closed = int(standing["cleared"]), int(standing["closed"])
    numbers = {
        "known": standing["known"],
        "settled": cleared + closed,
        "cleared": cleared,
        "closed": closed,
        "pending": sum(int(standing[state]) for state in PENDING),
        "overdue": overdue(results.ledger),
    }
    texts = {name: markup.count(number) for name, number in numbers.items()}
    return VERDICT.fill(terms=len(results.runs.runs), **texts)


def _facts(results: TrendResults, language: str) -> Markup:
    runs = results.runs
    place = (
        f"{runs.county_name}（{runs.county_code}）"
        if language == "zh"
        else f"{runs.county_name} ({runs.county_code})"
    )
    terms = ("、" if language == "zh" else ", ").join(term_words(term).into(language) for term in runs.terms)
    facts = ((COUNTY, place), (TERMS, terms), (AS_OF, markup.day(results.trend.as_of, language)))
    pairs = markup.join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name.into(language), value)
        for name, value in facts
    )
    return Markup('<dl class="facts">{}</dl>').format(pairs)


def _states(results: TrendResults, language: str) -> Markup:
    boxes = [
        _figure(word(state, language), markup.count(results.standing[state]), FINDINGS.into(language), below.into(language),
                "unknown" if results.standing[state] else "nil")
        for state, below in STATES.items()
    ]  # fmt: skip
    return Markup('<dl class="headline">{}</dl>').format(markup.join(boxes))


def _money(results: TrendResults, language: str) -> Markup:
    boxes = []
    for key, title, css in (("repaid", REPAID, "owed"), ("recovered", RECOVERED_TEXT, "wrong")):
        number, unit = markup.yuan_short(results.standing[key], language)
        look = css if results.standing[key] else "nil"
        boxes.append(_figure(title.into(language), number, unit, BY_DECISIONS.into(language), look))
    return Markup('<dl class="money">{}</dl>').format(markup.join(boxes))


def _figure(title: str, number: str, unit: str, below: str, css: str) -> Markup:
    return Markup(
        '<div class="figure {}"><dt>{}</dt><dd><strong>{}</strong> <span class="unit">{}</span>'
        '<span class="below">{}</span></dd></div>'
    ).format(css, title, number, unit, below)


def _remarks(results: TrendResults, language: str) -> Markup:
    remarks: list[Any] = [text.into(language) for text in results.runs.remarks]
    if not remarks:
        return Markup("")
    return markup.heading(3, BEFORE.into(language)) + markup.bullets(remarks)
