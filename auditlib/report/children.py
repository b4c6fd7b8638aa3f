"""What became of each eligible child, by age: an account that adds up, and whom no rule covers."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import masked_name, masked_number
from auditlib.findings.children import GROUPS, group_text, state_text
from auditlib.findings.results import Results
from auditlib.findings.unclear import action_text, why_text
from auditlib.law.parameters import Ages, ages_of
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.page.section import Section

TITLE = Text("适龄困难儿童逐人去向", "Every eligible child of school age, accounted for")
LEAD = Text(
    "核定基准日在资格名册、学期前 8 月 31 日年满 {first} 至 {last} 周岁的每一个孩子，恰好列入下表一行，各行之和等于总人数 {n} 人。",
    "Each child on an eligibility register on the count date and aged {first} to {last} on 31 August before the term stands in "
    "exactly one line; the lines add up to all {n} of them.",
)
UNCOVERED = Text(
    "有 {n} 名孩子不在任何规则的核对范围内：学籍显示不在读，又没有函告记录。没有疑点不等于孩子在校，请先逐一找到人。",
    "{n} children are in no rule's population: their record here is not active and there is no letter. That no rule "
    "speaks of them does not mean that they are at school: find each of them first.",
)
ALL_COVERED = Text(
    "每个孩子都在某条规则的核对范围内，或已有去向。",
    "Each child is covered by some rule, or it is known what became of it.",
)
NOBODY = Text(
    "资格名册上没有核定基准日有效的适龄儿童；资格名册没有交来或读不到时，本节什么也说明不了。",
    "No child of this age is on an eligibility register on the count date. Where no register was delivered or none could "
    "be read, this section says nothing.",
)
CAPTION, LIST = Text("去向与人数", "What became of them"), Text("先找的孩子", "Children to look for first")
MORE = Text("另有 {n} 人未列出，见 findings.xlsx。", "{n} more are not shown, see findings.xlsx.")
HEADS = (
    (Text("年龄段", "Age"), "text"),
    (Text("去向", "What became of the child"), "text"),
    (Text("人数", "Children"), "number"),
)
SUBTOTAL = Text("小计", "Together")
LIST_HEADS = (
    (Text("学籍状态", "Record says"), "k"),
    (Text("姓名", "Name"), "k"),
    (Text("身份证号", "ID number"), "k"),
    (Text("乡镇", "Town"), "k"),
    (Text("学籍所在学校", "School on record"), "text"),
    (Text("来源", "Source"), "source"),
)
UNCLEAR = Text(
    "有 {n} 名孩子因资料缺失、矛盾或残缺无法判断（含上表中“资料不足”“出生日期不明”的全部）：没有疑点不等于没有问题，请逐一查明。",
    "{n} children cannot be judged, for what the data lack or contradict (among them all of the lines above that say so): no "
    "finding does not mean that nothing is wrong. Look each of them up.",
)
CUT = Text(
    "另有 {n} 人的证号被电子表格截断，已凭其他信息认定：请重新索取原文件。",
    "The ID numbers of {n} others were cut by a spreadsheet and the persons told by other things: ask for the files anew.",
)
UNCLEAR_LIST = Text("待查明的孩子", "To be looked up")
UNCLEAR_HEADS = (
    (Text("为何不能判断", "Why it cannot be told"), "text"),
    (Text("要做什么", "What to do"), "text"),
    *LIST_HEADS[1:],
)
TOTAL = Text("合计", "All")
SHOWN = 50


def children(results: Results) -> Section:
    """The account; the list of those whom no rule covers, masked."""
    language = str(results.parameters.get("language", "zh"))
    ages = ages_of(results.parameters)
    first, last = ages.account
    total, uncovered = int(results.children["pupils"].sum()), len(results.uncovered)
    verdict = (UNCOVERED.fill(n=uncovered) if uncovered else ALL_COVERED if total else NOBODY).into(language)
    body = markup.join(
        (
            markup.paragraph(LEAD.fill(n=markup.count(total), first=first, last=last).into(language), "lead"),
            markup.paragraph(verdict, "verdict"),
            _account(results.children, total, ages, language),
            _list(results.uncovered, language) if uncovered else Markup(""),
            _unclear(results.unclear, language) if len(results.unclear) else Markup(""),
        )
    )
    return Section("children", TITLE.into(language), body, verdict)


def _account(account: pd.DataFrame, total: int, ages: Ages, language: str) -> Markup:
    columns = [Col.of(title.into(language), kind) for title, kind in HEADS]
    ordered = account.sort_values(["uncovered", "pupils", "state"], ascending=[False, False, True])
    rows: list[tuple[str, str, str]] = []
    for group in GROUPS:
        lines = ordered[ordered["age_group"] == group]
        label = group_text(group, ages, language)
        rows += [
            (label, state_text(row.state, language), markup.count(row.pupils)) for row in lines.itertuples()
        ]
        if len(lines) > 1:
            rows.append((label, SUBTOTAL.into(language), markup.count(int(lines["pupils"].sum()))))
    total_row = (TOTAL.into(language), "", markup.count(total))
    return markup.table(columns, [*rows, total_row], caption=CAPTION.into(language))


def _list(uncovered: pd.DataFrame, language: str) -> Markup:
    columns = [Col.of(title.into(language), kind) for title, kind in LIST_HEADS]
    rows = [(state_text(row.state, language), *_who(row)) for row in uncovered.head(SHOWN).itertuples()]
    more = MORE.fill(n=len(uncovered) - SHOWN).into(language)
    return markup.table(columns, rows, caption=LIST.into(language)) + (
        markup.note(more) if len(uncovered) > SHOWN else Markup("")
    )


def _unclear(persons: pd.DataFrame, language: str) -> Markup:
    """Who cannot be judged, and whose number was cut: said, and listed masked."""
    cut = int(persons["judged"].sum())
    sentences = [UNCLEAR.fill(n=markup.count(len(persons) - cut))] if len(persons) > cut else []
    sentences += [CUT.fill(n=markup.count(cut))] if cut else []
    columns = [Col.of(title.into(language), kind) for title, kind in UNCLEAR_HEADS]
    rows = [
        (why_text(list(row.why), language), action_text(list(row.why), language), *_who(row))
        for row in persons.head(SHOWN).itertuples()
    ]
    more = [MORE.fill(n=len(persons) - SHOWN)] if len(persons) > SHOWN else []
    return (
        markup.join(markup.paragraph(text.into(language)) for text in sentences)
        + markup.table(columns, rows, caption=UNCLEAR_LIST.into(language))
        + markup.join(markup.note(text.into(language)) for text in more)
    )


def _who(row: Any) -> tuple[Any, ...]:
    """Name, number, town, school and sources of a child, masked."""
    return (
        _masked(row.name, masked_name),
        _masked(row.id_number, masked_number),
        markup.NOTHING if markup.is_missing(row.town) else row.town,
        markup.NOTHING if markup.is_missing(row.school_name) else row.school_name,
        Markup("<br>").join(markup.address(record) for record in row.records),
    )


def _masked(value: Any, mask: Any) -> str:
    return markup.NOTHING if markup.is_missing(value) else str(mask(str(value)))
