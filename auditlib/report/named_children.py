"""By name, masked: the children to look for first, and those of whom nothing can be said before somebody looks them up."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import masked_name, masked_number, scrub
from auditlib.findings.children import state_text
from auditlib.findings.in_trouble import is_away, is_missed
from auditlib.findings.results import Results
from auditlib.findings.unclear import action_text, why_text
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.page.section import Section, stays_inside
from auditlib.report import catalogue
from auditlib.report.leads import EVERYBODY
from auditlib.report.rectification import person_keys
from auditlib.tables.findings import column_title
from auditlib.tables.papers_on_file import ON_FILE

TITLE = Text("须逐一查明的孩子", "Children to be looked up, by name")
EVERYBODY_TITLE = Text("须逐人核实、劝返的学生（儿童）", "All children to be looked into or brought back")
EVERYBODY_LEAD = Text(
    "结论第一句所计的每一个孩子，一人一行；在几类的列在第一类，“为什么”一栏写全，学籍、台账已登记不在校或下落不明的也写明。",
    "Every child that the conclusion's first sentence counts, a row each; who stands in several kinds has the first, and all reasons, that records or ledgers know the child to be away among them.",
)
EVERYBODY_HEADS = (
    (column_title("name"), "k"),
    (column_title("id_number"), "k"),
    (column_title("town"), "k"),
    (column_title("school_name"), "text"),
    (Text("为什么", "Why"), "long"),
)
NOBODY = Text("没有须逐一查明的孩子。", "There is no child to be looked up.")
UNCOVERED_TEXT = Text(
    "未纳入核查范围的适龄儿童（优先核查去向）", "Covered by no rule: children to look for first"
)
UNCLEAR = Text("待查明的孩子", "To be looked up")
CUT = Text(
    "证号被电子表格截断、已凭其他信息认定的人",
    "Told by other things, their ID number cut by a spreadsheet",
)
MORE = Text("另有 {n} 人未列出，见 findings.xlsx。", "{n} more are not shown, see findings.xlsx.")
WHO = (
    (column_title("name"), "k"),
    (column_title("id_number"), "k"),
    (column_title("town"), "k"),
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
MOST_SHOWN, MOST = 50, 200


def named_children(results: Results) -> Section:
    """The lists; a word where there is nobody."""
    language = str(results.parameters.get("language", "zh"))
    uncovered_rows = [(state_text(row.state, language), *_who(row)) for row in results.uncovered.itertuples()]
    open_, cut = (
        [
            (why_text(list(row.why), language), action_text(list(row.why), language), *_who(row))
            for row in results.unclear.itertuples()
            if bool(row.judged) == is_judged
        ]
        for is_judged in (False, True)
    )
    lists = (
        _everybody(results, language),
        _list(UNCOVERED_TEXT, UNCOVERED_HEADS, uncovered_rows, "named-uncovered", language),
        _list(UNCLEAR, UNCLEAR_HEADS, open_, "named-unclear", language),
        _list(CUT, UNCLEAR_HEADS, cut, "named-cut", language),
    )
    shown_lists = markup.join(lists)
    body = stays_inside(language) + shown_lists if shown_lists else markup.paragraph(NOBODY.into(language))
    counts = {"gone": len(uncovered_rows), "unclear": len(open_), "cut": len(cut)}
    summary = SUMMARY.fill(**{name: markup.count(n) for name, n in counts.items()}).into(language)
    return Section("named-children", TITLE.into(language), body, summary, annex=True)


def _everybody(results: Results, language: str) -> Markup:
    """The children that the conclusion counts first, each once: of a finding, or of the two lists below."""
    people = everybody(results)
    if people.empty:
        return Markup("")
    columns = [Col.of(text.into(language), kind) for text, kind in EVERYBODY_HEADS]
    comma = Markup("、" if language == "zh" else ", ")
    rows = [
        (*_whose(row), comma.join(_reason(place, language) for place in row.places))
        for row in people.head(MOST).itertuples()
    ]
    title, rest = EVERYBODY_TITLE.into(language), len(people) - MOST
    more = markup.note(MORE.fill(n=markup.count(rest)).into(language)) if rest > 0 else Markup("")
    table = markup.table(columns, rows, caption=title, headed=True, css="named cards")
    lead = markup.note(EVERYBODY_LEAD.into(language))
    return markup.heading(3, title, EVERYBODY) + lead + table + more


def everybody(results: Results) -> pd.DataFrame:
    """``name, id_number, town, school_name, places``: a row a child, the worst kinds first; ``places``: where the page tells of it."""
    findings = results.findings
    kinds = findings["rule"].map(lambda rule: 0 if is_missed(rule) else 1 if is_away(rule) else -1)
    parts = [
        findings.assign(kind=kinds, place="rule-" + findings["rule"].astype(str))[kinds >= 0],
        results.uncovered.assign(kind=2, place="named-uncovered"),
        results.unclear[~results.unclear["judged"].astype(bool)].assign(kind=3, place="named-unclear"),
        results.out_of_school.assign(kind=4, place=results.out_of_school["kind"]),
    ]
    columns = ["kind", "place", "name", "id_number", "student_no", "town", "school_name"]
    rows = pd.concat([part[columns] for part in parts if len(part)] or [pd.DataFrame(columns=columns)])
    rows = rows.assign(key=person_keys(rows)).dropna(subset="key")
    rows = rows.sort_values(["kind", "town", "school_name", "key"], kind="stable")
    children = rows.drop_duplicates("key").set_index("key")
    return children.assign(places=rows.groupby("key")["place"].unique())


def _reason(place: str, language: str) -> Markup:
    if place in ON_FILE:
        return Markup('<a href="#whereabouts">{}</a>').format(ON_FILE[place][0].into(language))
    names = {"named-uncovered": UNCOVERED_TEXT, "named-unclear": UNCLEAR}
    title = (
        names[place].into(language)
        if place in names
        else catalogue.title(place.removeprefix("rule-"), language)
    )
    return Markup('<a href="#{}">{}</a>').format(place, title)


def _list(title: Text, heads: Any, rows: list[tuple[Any, ...]], anchor: str, language: str) -> Markup:
    if not rows:
        return Markup("")
    columns = [Col.of(text.into(language), kind) for text, kind in heads]
    more = [MORE.fill(n=len(rows) - MOST_SHOWN).into(language)] if len(rows) > MOST_SHOWN else []
    table = markup.table(
        columns, rows[:MOST_SHOWN], caption=title.into(language), headed=True, css="named cards"
    )
    return markup.heading(3, title.into(language), anchor) + table + markup.join(map(markup.note, more))


def _who(row: Any) -> tuple[Any, ...]:
    """Name, number, town, school and sources of a child, masked."""
    places = Markup("<br>").join(markup.address(record) for record in row.records)
    return (*_whose(row), places)


def _whose(row: Any) -> tuple[str, ...]:
    return (
        _masked(row.name, masked_name),
        _masked(row.id_number, masked_number),
        markup.NOTHING if markup.is_missing(row.town) else row.town,
        markup.NOTHING if markup.is_missing(row.school_name) else scrub(str(row.school_name)),
    )


def _masked(value: Any, mask: Any) -> str:
    return markup.NOTHING if markup.is_missing(value) else str(mask(str(value)))
