"""By town and by school, with groups of one to four not given exactly: they would single children out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.page import charts, markup
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section

TITLE = Text("分乡镇、分学校情况", "By town and by school")
LEAD = Text(
    "人数、条数为 1 至 4 的不列具体数字，其金额一并隐去，以免指认到个人。",
    "Counts from 1 to 4 are not given exactly, nor their yuan, so that no child can be picked out.",
)
GROUPS = (
    ("by_town", "town", Text("乡镇", "Town"), Text("分乡镇", "By town")),
    ("by_school", "school_name", Text("学校", "School"), Text("分学校", "By school")),
)
PUPILS, FINDINGS = Text("应助或已助学生", "Pupils entitled or paid"), Text("疑点", "Findings")
MISSED, AT_STAKE = Text("其中漏助", "of these missed"), Text("涉及金额（元）", "At stake (yuan)")
CHART = Text("涉及金额（元），{where}前 {n} 位", "At stake (yuan): the first {n}, {where}")
COUNT_CHART = Text("疑点数（条），{where}前 {n} 位", "Findings: the first {n}, {where}")
OTHER = Text("其他", "Other")
NONE = Text("没有可列出的疑点。", "There is nothing to list.")
SMALL = Text("疑点各为 1 至 4 条的{group}：{n} 个", "{group}, with 1 to 4 findings each: {n}")
SUMMARY = Text("{towns} 个乡镇、{schools} 所学校有疑点", "findings in {towns} towns and {schools} schools")
BARS = 10


def breakdown(results: Results) -> Section:
    language = str(results.parameters.get("language", "zh"))
    parts = [markup.paragraph(LEAD.into(language), "lead")]
    for frame, key, group, where in GROUPS:
        parts.append(_part(getattr(results, frame), key, group, where, language))
    summary = SUMMARY.fill(
        towns=int((results.by_town["findings"] > 0).sum()),
        schools=int((results.by_school["findings"] > 0).sum()),
    )
    return Section("breakdown", TITLE.into(language), markup.join(parts), summary.into(language))


def _part(groups: pd.DataFrame, key: str, group: Text, where: Text, language: str) -> Markup:
    with_findings = groups[groups["findings"] > 0]
    title = markup.heading(3, where.into(language))
    if with_findings.empty:
        return title + markup.paragraph(NONE.into(language))
    ranked = _ranked(with_findings, key)
    large, small = ranked[~ranked["small"]], ranked[ranked["small"]]
    chart_and_table = _charts(large, key, where, language) + _table(large, key, group, where, language)
    return title + (chart_and_table if len(large) else Markup("")) + _small(small[key], group, language)


def _small(names: pd.Series, group: Text, language: str) -> Markup:
    if names.empty:
        return Markup("")
    listed = ("、" if language == "zh" else ", ").join(_name(name, language) for name in names)
    return markup.details(SMALL.fill(n=len(names), group=group).into(language), markup.note(listed))


def _ranked(with_findings: pd.DataFrame, key: str) -> pd.DataFrame:
    """By yuan downwards; the small groups by name at the end, or their order would tell their size."""
    small = with_findings["findings"] < markup.SMALL_GROUP
    yuan = with_findings["at_stake"].astype(float)
    order = with_findings.assign(yuan=yuan, small=small, hidden=yuan.mask(small, 0))
    return order.sort_values(["small", "hidden", key], ascending=[True, False, True], kind="stable")


def _name(value: object, language: str) -> str:
    return OTHER.into(language) if markup.is_missing(value) or value == "" else str(value)


def _charts(ranked: pd.DataFrame, key: str, where: Text, language: str) -> Markup:
    by_yuan = ranked[ranked["yuan"] > 0].head(BARS)
    by_count = ranked.sort_values(["findings", key], ascending=[False, True], kind="stable").head(BARS)
    pairs = (
        (CHART, [_bar(n, y, markup.yuan(y), language) for n, y in _pairs(by_yuan, key, "yuan")]),
        (COUNT_CHART, [_bar(n, f, markup.count(f), language) for n, f in _pairs(by_count, key, "findings")]),
    )
    return charts.side_by_side(*(_figure(title, bars, where, language) for title, bars in pairs if bars))


def _pairs(ranked: pd.DataFrame, key: str, value: str) -> zip[tuple[object, float]]:
    return zip(ranked[key], ranked[value], strict=True)


def _bar(name: object, value: float, label: str, language: str) -> charts.Bar:
    return charts.Bar(shortened(_name(name, language)), float(value), label, charts.WRONG)


def shortened(name: str, longest: int = 26) -> str:
    """A name that fits a chart's row; the table has it whole."""
    return name if len(name) <= longest else name[: longest - 1] + "…"


def _figure(title: Text, bars: Sequence[charts.Bar], where: Text, language: str) -> Markup:
    caption = title.fill(where=where, n=len(bars)).into(language)
    return charts.figure(charts.bars(bars), alt=charts.described(bars, language), caption=caption)


def _table(ranked: pd.DataFrame, key: str, group: Text, where: Text, language: str) -> Markup:
    titles = (PUPILS, FINDINGS, MISSED, AT_STAKE)
    columns = [Col(group.into(language), css="long"), *(Col(t.into(language), "number") for t in titles)]
    rows = [
        (_name(name, language), _few(pupils), _few(findings), _few(missed), _yuan(findings, stake))
        for name, pupils, findings, missed, stake in zip(
            *(ranked[c] for c in (key, "pupils", "findings", "missed", "at_stake")), strict=True
        )
    ]
    return markup.table(columns, rows, caption=where.into(language), css="sortable", headed=True)


def _few(value: object) -> Cell:
    """Suppressed counts all sort alike, or the order would tell them apart."""
    return Cell(
        markup.few(value), "1" if markup.is_few(value) else "0" if markup.is_missing(value) else str(value)
    )


def _yuan(findings: object, stake: object) -> Cell:
    hidden = markup.is_few(findings)
    return Cell(markup.NOTHING if hidden else markup.yuan(stake), "0" if hidden else str(stake))
