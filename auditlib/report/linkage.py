"""How persons were found: by which key, by the model and how sure, how many are left to a person, how many to none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.page.section import Section, stays_inside
from auditlib.report.funnel import in_order
from auditlib.report.record_pairs import falls, pair_table
from auditlib.report.verdict import number
from auditlib.tables.wording import word

TITLE = Text("人员比对", "Linking persons")
LEAD = Text(
    "资格名册与发放明细中的每个人，按下列依据与学籍逐级比对，前一级已确定的不再往下。科学计数截断的证号从不作为依据；"
    "L、J 字头学籍号与身份证号无关，也不用于比对。",
    "Everyone on the eligibility and payment lists is sought in the enrolment register by these keys, one after "
    "another. Numbers cut by a spreadsheet are never a key; nor are L and J student numbers, which say nothing of "
    "the ID number.",
)
CAPTION = Text("比对依据与行数", "Keys and rows")
REGISTER, KEY = Text("台账", "Register"), Text("依据", "Decided by")
ROWS, SHARE = Text("行数", "Rows"), Text("占比", "Share")
NOT_FOUND = Text(
    "“未找到对应学籍”可能是县外就读、学段不在学籍系统、证号有误或疑似失学，须逐一落实，不能直接认定。",
    "Not found may mean study elsewhere, a stage outside the register, a wrong number or a dropout: each has to be "
    "looked into.",
)
MODEL = Text(
    "以上依据都不能确定的行，由概率模型（{model}）把姓名、证号、学校、家庭等信息合起来衡量：可能性不低于 {accept} 的视为同一人；"
    "至少 {review} 而又定不下来的 {rows} 行（{pairs} 对）列入 review.xlsx，由人判断；并列的不作取舍。",
    "Rows that none of these keys decides are weighed by a probability model ({model}), name, number, school and family "
    "together: from {accept} on they are the same person; {rows} rows ({pairs} pairs) from {review} on that it cannot "
    "decide stand in review.xlsx for a person to judge; ties are not broken.",
)
LINKED = Text(
    "模型或人工认定的行（最不确定的在前）", "Rows found by the model or a person, the least sure first"
)
WAITING = Text("待人工复核的记录对（最不确定的在前）", "Pairs for a person to judge, the least sure first")
CURVE = Text(
    "模型的可靠程度：在另一份已知答案的生成数据上检验",
    "How reliable the model is, on generated data with known answers",
)
CURVE_HEADS = (
    Text("候选数", "Candidates"),
    Text("模型所称可能性", "Said by the model"),
    Text("实际正确", "Right"),
)
NUMBERLESS = Text("发放明细中没有任何号码的行", "Payment rows without any number")
BY_NAME = Text("凭姓名和学校认出", "Told by name and school")
NOBODY = Text("认不出是谁", "Nobody's for certain")
TOTAL = Text("合计", "Total")
SUMMARY = Text("{rows} 行中 {none} 行未找到对应学籍", "{none} of {rows} rows were not found in the register")


def linkage(results: Results) -> Section:
    language = str(results.parameters.get("language", "zh"))
    links = in_order(results.links)
    columns = [
        Col(REGISTER.into(language), css="k"),
        Col(KEY.into(language)),
        Col(ROWS.into(language), "number"),
        Col(SHARE.into(language), "number"),
    ]
    table = markup.table(columns, _rows(links, language), caption=CAPTION.into(language))
    model_part = _model_part(results, language) if results.linkage else Markup("")
    body = markup.join(
        (
            *([stays_inside(language)] if model_part else []),
            markup.paragraph(LEAD.into(language), "lead"),
            table,
            markup.note(NOT_FOUND.into(language)),
            _numberless(results, language),
            model_part,
        )
    )
    none = links.loc[links["decided_by"] == "none", "rows"].sum()
    summary = SUMMARY.fill(rows=markup.count(links["rows"].sum()), none=markup.count(none)).into(language)
    return Section("linkage", TITLE.into(language), body, summary, annex=True)


def _rows(links: pd.DataFrame, language: str) -> list[tuple[str, str, str, str]]:
    totals = links.groupby("table")["rows"].transform("sum")
    return [
        (
            word(row.table, language),
            word(f"link.{row.decided_by}", language),
            markup.count(row.rows),
            markup.percent(row.rows, total),
        )
        for row, total in zip(links.itertuples(), totals, strict=True)
    ]


def _numberless(results: Results, language: str) -> Markup:
    """How many payments tell no number, and whose they are; nothing where there is none."""
    rows, nobodys = (number(results.conclusion, key) for key in ("numberless_rows", "numberless_open"))
    if not rows:
        return Markup("")
    columns = [Col(KEY.into(language)), Col(ROWS.into(language), "number")]
    lines = [
        (BY_NAME.into(language), markup.count(rows - nobodys)),
        (NOBODY.into(language), markup.count(nobodys)),
    ]
    title = NUMBERLESS.into(language)
    table = markup.table(
        columns, lines, caption=title, headed=True, total=(TOTAL.into(language), markup.count(rows))
    )
    return markup.heading(3, title, "numberless") + table


def _model_part(results: Results, language: str) -> Markup:
    """The model's part: what it accepts, whom it found and why, how often it is right."""
    figures, limits = results.linkage, results.parameters.get("thresholds", {})
    sentence = MODEL.fill(
        model=figures["model"][:8],
        accept=limits.get("link_accept", ""),
        review=limits.get("link_review", ""),
        rows=markup.count(figures["review_rows"]),
        pairs=markup.count(figures["review_pairs"]),
    )
    pieces = [
        markup.paragraph(sentence.into(language)),
        pair_table(figures["linked"], results.findings, LINKED.into(language), language),
        pair_table(figures["review"], results.findings, WAITING.into(language), language),
        falls(figures["examples"], language) if figures["examples"] else Markup(""),
        _curve(figures, language),
    ]
    return markup.join(pieces)


def _curve(figures: Mapping[str, Any], language: str) -> Markup:
    heads = [Col(text.into(language), "number") for text in CURVE_HEADS]
    rows = [
        (markup.count(part["candidates"]), f"{part['said']:.3f}", f"{part['right']:.3f}")
        for part in figures["reliability"]
    ]
    return markup.table(heads, rows, caption=CURVE.into(language)) if rows else Markup("")
