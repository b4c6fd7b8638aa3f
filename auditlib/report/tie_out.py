"""The tie-out: every printed total beside the sum of its detail rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section
from auditlib.report.findings_lists import scheme_titles
from auditlib.report.list_sums import list_sums
from auditlib.tables.findings import column_title
from auditlib.tables.wording import category_word, word

TITLE = Text("报表与明细核对", "Printed totals against the detail")
LEAD = Text(
    "报表所列人次、金额与发放明细的成功发放逐项相比；四舍五入的报表数允许末位半个单位之差。口径为人次，县级兜底不在其内。",
    "Each printed figure beside the successful payments of the detail; a rounded figure may differ by half a unit of "
    "its last digit. Counted in person-times; the county's fallback is outside.",
)
IN_FULL = Text("报表与明细逐项核对", "Every printed total against the detail")
CAPTION = Text("报表数与明细数", "Printed and detail")
NONE = Text("未提交报表，无从核对。", "No control totals were delivered; there is nothing to compare.")
ALL_AGREE = Text("{n} 项报表数全部与明细相符。", "All {n} printed totals agree with the detail.")
SOME_DIFFER = Text(
    "{n} 项报表数：不符 {differ} 项，无法核对 {unknown} 项，其余相符（逐项见附件）。",
    "Of {n} printed totals {differ} differ from the detail, {unknown} could not be tested, the rest agree (all of them: see the annex).",
)
DIVIDED_TEXT = Text(
    "其中 {n} 项按{by}分列而明细不能这样汇总（明细没有写明，或名册中没有这一名称）：这些数没有与明细核对，只核对了它们之和与合计是否一致。",
    "{n} of them are divided by {by} in a way that the detail cannot be summed (it does not tell it, or no register knows the name): "
    "these figures were not held against the detail; only whether together they make the whole was tested.",
)
DIVISIONS = (
    ("school_name", Text("学校", "school")),
    ("town", Text("乡镇", "town")),
    ("place", Text("就读地", "place of study")),
    ("stage", Text("学段", "stage")),
)
MOST_SHOWN = 12
AGREES, DIFFERS, UNTESTED = Text("相符", "Agrees"), Text("不符", "Differs"), Text("未核对", "Not tested")
ALL = Text("合计", "All")
ALLOWED_TEXT = Text("允许 ±{yuan}", "±{yuan} allowed")
HEADS = (
    (column_title("term"), "k"),
    (column_title("categories"), "k"),
    (column_title("scheme"), "text"),
    (Text("报表人次", "Printed persons"), "number"),
    (Text("明细人次", "Detail persons"), "number"),
    (Text("报表金额（元）", "Printed yuan"), "number"),
    (Text("明细金额（元）", "Detail yuan"), "number"),
    (Text("差额（元）", "Difference (yuan)"), "number"),
    (Text("结果", "Result"), "k"),
    (Text("来源", "Source"), "source"),
)


def tie_out(results: Results) -> Section:
    language = str(results.parameters.get("language", "zh"))
    totals = results.tie_out
    if totals.empty:
        summary = NONE.into(language)
        body = markup.join((markup.paragraph(summary), *list_sums(results, language)))
        return Section("tie-out", TITLE.into(language), body, summary)
    summary = _summary(totals).into(language)
    body = markup.join(
        (
            markup.paragraph(LEAD.into(language), "lead"),
            markup.paragraph(summary, "verdict"),
            *_divisions(totals, language),
            _table(_open(totals), results, language),
            *list_sums(results, language),
        )
    )
    return Section("tie-out", TITLE.into(language), body, summary)


def _divisions(totals: pd.DataFrame, language: str) -> list[Markup]:
    """How many totals are of a part of the county, which the detail tells nothing of."""
    names = [(column, title) for column, title in DIVISIONS if column in totals]
    totals = totals[[outcome(row) is None for row in totals.itertuples()]]
    by = [title.into(language) for column, title in names if totals[column].notna().any()]
    parts = totals[[column for column, _title in names]].notna().any(axis="columns").sum()
    between = "、" if language == "zh" else ", "
    return (
        [markup.paragraph(DIVIDED_TEXT.fill(n=int(parts), by=between.join(by)).into(language), "note")]
        if parts
        else []
    )


def totals_in_full(results: Results) -> Section:
    """Every printed total, the agreeing ones too."""
    language = str(results.parameters.get("language", "zh"))
    totals = results.tie_out
    summary = NONE.into(language) if totals.empty else _summary(totals).into(language)
    body = markup.paragraph(summary, "lead")
    full_list = body if totals.empty else body + _table(totals, results, language, IN_FULL)
    return Section("totals", IN_FULL.into(language), full_list, summary, annex=True)


def _open(totals: pd.DataFrame) -> pd.DataFrame:
    """Every total that differs, then the first of those that could not be tested."""
    outcomes = [outcome(row) for row in totals.itertuples()]
    differing = totals[[each is False for each in outcomes]]
    unknown = totals[[each is None for each in outcomes]]
    return pd.concat([differing, unknown.head(max(MOST_SHOWN - len(differing), 0))])


def outcome(row: Any) -> bool | None:
    """Does a total agree: False as soon as one figure differs, None when neither could be tested."""
    comparisons = [
        bool(value) for value in (row.persons_agree, row.amount_agree) if not markup.is_missing(value)
    ]
    return all(comparisons) if comparisons else None


def _summary(totals: pd.DataFrame) -> Text:
    outcomes = [outcome(row) for row in totals.itertuples()]
    if all(outcomes):
        return ALL_AGREE.fill(n=len(outcomes))
    return SOME_DIFFER.fill(n=len(outcomes), differ=outcomes.count(False), unknown=outcomes.count(None))


def _table(totals: pd.DataFrame, results: Results, language: str, caption: Text = CAPTION) -> Markup:
    if totals.empty:
        return Markup("")
    schemes = scheme_titles(results.standards, language)
    columns = [Col.of(title.into(language), kind) for title, kind in HEADS]
    rows = [_row(row, schemes, language) for row in totals.itertuples()]
    return markup.table(columns, rows, caption=caption.into(language), headed=True, css="totals cards")


def _row(row: Any, schemes: dict[str, str], language: str) -> tuple[Cell | Markup | str, ...]:
    everything = ALL.into(language)
    term = "" if markup.is_missing(row.term) else row.term
    agrees = outcome(row)
    # What was compared with nothing has no detail beside it: the whole county's would stand there, as if it were the stage's.
    persons, amount, difference = (
        [markup.NOTHING] * 3
        if agrees is None
        else [markup.count(row.detail_persons), markup.yuan(row.detail_amount), _difference(row, language)]
    )
    return (
        everything if markup.is_missing(row.term) else markup.term(row.term, language),
        everything if markup.is_missing(row.category) else category_word(row.category, term, language),
        _what_is_counted(row, schemes, language),
        markup.count(row.printed_persons),
        persons,
        markup.yuan(row.printed_amount),
        amount,
        difference,
        Cell(_verdict(agrees, language)),
        markup.NOTHING if markup.is_missing(row.source) else scrub(str(row.source)),
    )


def _what_is_counted(row: Any, schemes: dict[str, str], language: str) -> str:
    """The scheme, or what else a total counts, and the stage, place, town or school that it is of."""
    is_paid = markup.is_missing(row.basis) or row.basis == "paid"
    scheme = None if markup.is_missing(row.scheme) else schemes.get(row.scheme, str(row.scheme))
    subject = scheme if is_paid else word(f"basis.{row.basis}", language)
    stage = None if markup.is_missing(row.stage) else word(row.stage, language)
    divisions = [each for each in (row.place, row.town, row.school_name) if not markup.is_missing(each)]
    return " · ".join([subject or ALL.into(language), *([stage] if stage else []), *map(scrub, divisions)])


def _difference(row: Any, language: str) -> Markup | str:
    """Detail less printed, and under it how far a rounded figure may be off."""
    if markup.is_missing(row.printed_amount) or markup.is_missing(row.detail_amount):
        return markup.NOTHING
    gap = Decimal(str(row.detail_amount)) - Decimal(str(row.printed_amount))
    if not gap or markup.is_missing(row.tolerance):
        return f"{gap:+,.2f}" if gap else "0.00"
    allowance = ALLOWED_TEXT.fill(yuan=markup.yuan(row.tolerance)).into(language)
    return Markup("{:+,.2f}{}").format(gap, markup.below(allowance))


def _verdict(agrees: bool | None, language: str) -> Markup:
    text, kind = {True: (AGREES, "good"), False: (DIFFERS, "bad"), None: (UNTESTED, "open")}[agrees]
    return markup.tag(text.into(language), kind)
