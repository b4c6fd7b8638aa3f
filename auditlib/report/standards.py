"""The standards in force in the term, with the date from which each holds and its reference."""

from __future__ import annotations

from typing import Any

from auditlib.language import Text
from auditlib.report import markup
from auditlib.report.markup import Col
from auditlib.report.section import Section
from auditlib.results import Results
from auditlib.wording import word

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
SUMMARY = Text("{n} 项标准", "{n} standards")
HEADS = (
    (Text("资助项目", "Scheme"), "text"),
    (Text("学段", "Stage"), "text"),
    (Text("困难类型", "Category"), "text"),
    (Text("标准（元/学期）", "Yuan a term"), "number"),
    (Text("生效日期", "In force since"), "text"),
    (Text("性质", "Kind"), "text"),
    (Text("依据", "Reference"), "text"),
)


def standards(results: Results) -> Section:
    language = str(results.parameters.get("language", "zh"))
    in_force = results.standards
    summary = SUMMARY.fill(n=len(in_force)).into(language)
    if in_force.empty:
        return Section("standards", TITLE.into(language), markup.paragraph(NONE.into(language)), summary)
    columns = [Col(title.into(language), kind) for title, kind in HEADS]
    rows = [_row(row, language) for row in in_force.itertuples()]
    table = markup.table(columns, rows, caption=CAPTION.into(language))
    return Section(
        "standards", TITLE.into(language), markup.paragraph(LEAD.into(language), "lead") + table, summary
    )


def _row(row: Any, language: str) -> tuple[str, ...]:
    return (
        row.scheme_title_zh if language == "zh" else row.scheme_title_en,
        ANY.into(language)
        if markup.is_missing(row.stage) or row.stage == "any"
        else word(row.stage, language),
        ANY.into(language) if markup.is_missing(row.category) else word(row.category, language),
        amount(row, language),
        markup.NOTHING if markup.is_missing(row.since) else str(row.since)[:10],
        (MANDATORY if row.mandatory else OPTIONAL).into(language),
        markup.NOTHING if markup.is_missing(row.policy_ref) else str(row.policy_ref),
    )


def amount(row: Any, language: str) -> str:
    """One amount, or the span that local tiers may have, with the average they must keep."""
    span = " – ".join(
        dict.fromkeys(markup.yuan(v) for v in (row.minimum, row.maximum) if not markup.is_missing(v))
    )
    if markup.is_missing(row.average) or row.average == row.minimum == row.maximum:
        return span or markup.NOTHING
    average = AVERAGE.fill(amount=markup.yuan(row.average)).into(language)
    return f"{span}（{average}）" if span and language == "zh" else f"{span} ({average})" if span else average
