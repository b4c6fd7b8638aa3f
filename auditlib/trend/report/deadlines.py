"""The rectification ledger in numbers: what was due by when, and whether it was done; the lines stand in the workbook."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.rhythm import term_words
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.page.section import Section
from auditlib.tables.findings import column_title
from auditlib.trend.rectification import OUTCOMES, file_name, overdue
from auditlib.trend.results import TrendResults
from auditlib.trend.suppress import counts, few, in_full_unless_public

TITLE = Text("整改台账：期限与销号", "Rectification ledger: deadlines and close-out")
LEAD = Text(
    "核实期限：核定基准日后 {verify} 天；整改期限：核实属实后 {rectify} 天，以销号为完成；两个期限由本次对比的参数给出。"
    "逐条台账（未遮盖，仅供经授权人员）在 {file}。",
    "To be verified within {verify} days of the count date; to be put right and closed within {rectify} days of being found "
    "right, as the parameters of this look have it. The lines, unmasked and for the authorised, stand in {file}.",
)
VERIFIED_TEXT, RECTIFIED = Text("核实", "Verified"), Text("整改销号", "Put right and closed")
TERM, VERIFY_BY = column_title("term"), Text("核实期限", "Verify by")
MONTH, DUE = Text("期限所在月", "Deadline in"), Text("应完成", "Due")
DONE_TEXTS = {
    "in_time": Text("按期完成", "In time"),
    "late": Text("逾期完成", "Late"),
    "overdue": Text("逾期未完成", "Overdue"),
    "running": Text("未到期", "Not yet due"),
}
NO_RIGHT = Text(
    "还没有疑点核实属实，没有整改期限。", "No finding was found right yet: nothing is due to be put right."
)
NO_FINDING = Text("没有疑点。", "There is no finding.")
SUMMARY = Text("台账 {n} 条，逾期未完成 {overdue} 条", "{n} lines, {overdue} overdue")


@in_full_unless_public
def deadlines(results: TrendResults) -> Section:
    """Two tables of what was due: verification by term, close-out by the month of its deadline."""
    language, trend = results.language, results.trend
    lead = LEAD.fill(verify=trend.verify_within, rectify=trend.rectify_within, file=file_name(trend.as_of))
    body = [
        markup.paragraph(lead.into(language), "lead"),
        markup.heading(3, VERIFIED_TEXT.into(language)),
        _verification(results.verified, language),
        markup.heading(3, RECTIFIED.into(language)),
        _rectified(results.rectified, language),
    ]
    n = {"n": markup.count(len(results.ledger)), "overdue": markup.count(overdue(results.ledger))}
    return Section("deadlines", TITLE.into(language), markup.join(body), SUMMARY.fill(**n).into(language))


def _verification(lines: pd.DataFrame, language: str) -> Markup:
    if lines.empty:
        return markup.paragraph(NO_FINDING.into(language))
    heads = [Col(TERM.into(language), css="k"), Col(VERIFY_BY.into(language), css="k")]
    rows = [
        [term_words(line["term"]).into(language), str(line["verify_by"])[:10], *numbers(line)]
        for line in lines.to_dict("records")
    ]
    return markup.table([*heads, *_looks(language)], rows, caption=VERIFIED_TEXT.into(language), headed=True)


def _rectified(lines: pd.DataFrame, language: str) -> Markup:
    if lines.empty:
        return markup.paragraph(NO_RIGHT.into(language))
    rows = [[line["month"], *numbers(line)] for line in lines.to_dict("records")]
    heads = [Col(MONTH.into(language), css="k")]
    return markup.table([*heads, *_looks(language)], rows, caption=RECTIFIED.into(language), headed=True)


def _looks(language: str) -> list[Col]:
    return [Col(title.into(language), "number") for title in (DUE, *DONE_TEXTS.values())]


def numbers(line: dict[str, Any]) -> list[str]:
    """What was due and how it went, small numbers not given."""
    return [few(line["due"]), *counts([int(line[name]) for name in OUTCOMES])]
