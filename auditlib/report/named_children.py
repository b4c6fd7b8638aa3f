"""By name, masked: the children to look for first, and those of whom nothing can be said before somebody looks them up."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import masked_name, masked_number
from auditlib.findings.children import state_text
from auditlib.findings.results import Results
from auditlib.findings.unclear import action_text, why_text
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.page.section import Section

TITLE = Text("须逐一查明的孩子", "Children to be looked up, by name")
NOBODY = Text("没有须逐一查明的孩子。", "There is no child to be looked up.")
UNCOVERED = Text("先找的孩子", "Children to look for first")
UNCLEAR = Text("待查明的孩子", "To be looked up")
CUT = Text(
    "证号被电子表格截断、已凭其他信息认定的人",
    "Told by other things, their ID number cut by a spreadsheet",
)
MORE = Text("另有 {n} 人未列出，见 findings.xlsx。", "{n} more are not shown, see findings.xlsx.")
WHO = (
    (Text("姓名", "Name"), "k"),
    (Text("身份证号", "ID number"), "k"),
    (Text("乡镇", "Town"), "k"),
    (Text("学籍所在学校", "School on record"), "text"),
    (Text("来源", "Source"), "source"),
)
UNCOVERED_HEADS = ((Text("学籍状态", "Record says"), "k"), *WHO)
UNCLEAR_HEADS = (
    (Text("为何不能判断", "Why it cannot be told"), "text"),
    (Text("要做什么", "What to do"), "text"),
    *WHO,
)
SUMMARY = Text(
    "先找 {gone} 人，待查明 {unclear} 人，另有 {cut} 人的证号被截断",
    "{gone} to look for first, {unclear} to be looked up, the numbers of {cut} more cut",
)
SHOWN = 50


def named_children(results: Results) -> Section:
    """The lists; a word where there is nobody."""
    language = str(results.parameters.get("language", "zh"))
    uncovered = [(state_text(row.state, language), *_who(row)) for row in results.uncovered.itertuples()]
    open_, cut = (
        [
            (why_text(list(row.why), language), action_text(list(row.why), language), *_who(row))
            for row in results.unclear.itertuples()
            if bool(row.judged) == is_judged
        ]
        for is_judged in (False, True)
    )
    lists = (
        _list(UNCOVERED, UNCOVERED_HEADS, uncovered, "named-uncovered", language),
        _list(UNCLEAR, UNCLEAR_HEADS, open_, "named-unclear", language),
        _list(CUT, UNCLEAR_HEADS, cut, "named-cut", language),
    )
    body = markup.join(lists) or markup.paragraph(NOBODY.into(language))
    counts = {"gone": len(uncovered), "unclear": len(open_), "cut": len(cut)}
    summary = SUMMARY.fill(**{name: markup.count(n) for name, n in counts.items()}).into(language)
    return Section("named-children", TITLE.into(language), body, summary, annex=True)


def _list(title: Text, heads: Any, rows: list[tuple[Any, ...]], anchor: str, language: str) -> Markup:
    if not rows:
        return Markup("")
    columns = [Col.of(text.into(language), kind) for text, kind in heads]
    more = [MORE.fill(n=len(rows) - SHOWN).into(language)] if len(rows) > SHOWN else []
    table = markup.table(columns, rows[:SHOWN], caption=title.into(language), headed=True, css="named cards")
    return markup.heading(3, title.into(language), anchor) + table + markup.join(map(markup.note, more))


def _who(row: Any) -> tuple[Any, ...]:
    """Name, number, town, school and sources of a child, masked."""
    places = Markup("<br>").join(markup.address(record) for record in row.records)
    return (
        _masked(row.name, masked_name),
        _masked(row.id_number, masked_number),
        markup.NOTHING if markup.is_missing(row.town) else row.town,
        markup.NOTHING if markup.is_missing(row.school_name) else row.school_name,
        places,
    )


def _masked(value: Any, mask: Any) -> str:
    return markup.NOTHING if markup.is_missing(value) else str(mask(str(value)))
