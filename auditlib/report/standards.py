"""The standards in force in the term, with the date from which each holds and its reference."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.page.section import Section
from auditlib.tables.findings import column_title
from auditlib.tables.wording import WORDS, category_word, word

TITLE = Text("采用的标准及依据", "The standards and their references")
LEAD = Text(
    "以学期首日生效的标准为准（元/学期）。“可选”的项目可发可不发，未发不算漏助。",
    "The standard in force on the term's first day, in yuan a term. An optional scheme may be paid or not; its "
    "absence is no miss.",
)
CAPTION = Text("项目、学段、困难类型与标准", "Scheme, stage, category and amount")
NONE = Text("所用政策文件中没有本学期生效的标准。", "The policy holds no standard in force in this term.")
ANY, MANDATORY, OPTIONAL = Text("不限", "any"), Text("应发", "mandatory"), Text("可选", "optional")
AVERAGE = Text("平均 {amount}", "average {amount}")
REFERENCES = Text("依据", "References, as the documents have them")
HEAD = re.compile(
    r"^[^：]*（(\d{4}-\d\d-\d\d)起）："
)  # of a reference: the scheme, which stands above it, and since when
SUMMARY = Text("{n} 项标准", "{n} standards")
HEADS = (
    (column_title("scheme"), "text"),
    (Text("学段", "Stage"), "k"),
    (column_title("categories"), "long"),
    (Text("标准（元/学期）", "Yuan a term"), "number"),
    (Text("生效日期", "In force since"), "k"),
    (Text("性质", "Kind"), "k"),
)


def standards(results: Results) -> Section:
    language = str(results.parameters.get("language", "zh"))
    in_force = results.standards
    summary = SUMMARY.fill(n=len(in_force)).into(language)
    if in_force.empty:
        return Section(
            "standards", TITLE.into(language), markup.paragraph(NONE.into(language)), summary, annex=True
        )
    columns = [Col.of(title.into(language), kind) for title, kind in HEADS]
    term = str(results.parameters.get("term", ""))
    rows = [
        _row(rows, term, language) for _, rows in in_force.groupby(in_force.apply(_same, axis=1), sort=False)
    ]
    body = markup.join(
        (
            markup.paragraph(LEAD.into(language), "lead"),
            markup.table(columns, rows, caption=CAPTION.into(language)),
            markup.heading(3, REFERENCES.into(language)),
            _references(in_force, language),
        )
    )
    return Section("standards", TITLE.into(language), body, summary, annex=True)


def _same(row: Any) -> tuple[str, ...]:
    """Rows alike in all but the category stand on one line."""
    return tuple(
        str(row[name]) for name in ("scheme", "stage", "minimum", "maximum", "average", "since", "mandatory")
    )


def _title(row: Any, language: str) -> str:
    return str(row.scheme_title_zh if language == "zh" else row.scheme_title_en)


def _row(rows: pd.DataFrame, term: str, language: str) -> tuple[str, ...]:
    first = next(rows.itertuples())
    return (
        _title(first, language),
        ANY.into(language)
        if markup.is_missing(first.stage) or first.stage == "any"
        else word(first.stage, language),
        _categories(rows["category"], term, language),
        amount(first, language),
        markup.NOTHING if markup.is_missing(first.since) else markup.day(str(first.since)[:10], language),
        (MANDATORY if first.mandatory else OPTIONAL).into(language),
    )


def _categories(categories: pd.Series, term: str, language: str) -> str:
    if categories.isna().any():
        return ANY.into(language)
    ranked_categories = (
        sorted(categories, key=list(WORDS).index) if set(categories) <= set(WORDS) else list(categories)
    )
    return ("、" if language == "zh" else ", ").join(
        category_word(category, term, language) for category in ranked_categories
    )


def _references(in_force: pd.DataFrame, language: str) -> Markup:
    """Per scheme what its standards rest on, each reference once."""
    pairs = []
    for _, rows in in_force.groupby("scheme", sort=False):
        cited_parts = dict.fromkeys(
            part for ref in rows["policy_ref"].dropna() for part in str(ref).split("；")
        )
        title = _title(next(rows.itertuples()), language)
        if language == "en":
            cited_parts = dict.fromkeys(HEAD.sub(r"since \1: ", part) for part in cited_parts)
        shown_parts = [markup.prose(part, language) for part in cited_parts]
        pairs.append(Markup("<dt>{}</dt><dd>{}</dd>").format(title, markup.bullets(shown_parts)))
    return Markup('<dl class="references">{}</dl>').format(markup.join(pairs))


def amount(row: Any, language: str) -> str:
    """One amount, or the span that local tiers may have, with the average they must keep."""
    span = " – ".join(
        dict.fromkeys(markup.yuan(v) for v in (row.minimum, row.maximum) if not markup.is_missing(v))
    )
    if markup.is_missing(row.average) or row.average == row.minimum == row.maximum:
        return span or markup.NOTHING
    average = AVERAGE.fill(amount=markup.yuan(row.average)).into(language)
    return f"{span}（{average}）" if span and language == "zh" else f"{span} ({average})" if span else average
