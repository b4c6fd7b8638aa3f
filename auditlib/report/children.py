"""What became of each eligible child of compulsory age: an account that adds up, and whom no rule covers."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import masked_name, masked_number
from auditlib.findings.children import state_text
from auditlib.findings.results import Results
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.page.section import Section

TITLE = Text("适龄困难儿童逐人去向", "Every eligible child of school age, accounted for")
LEAD = Text(
    "核定基准日在资格名册、学期前 8 月 31 日年满 6 至 15 周岁的每一个孩子，恰好列入下表一行，各行之和等于总人数 {n} 人。",
    "Each child on an eligibility register on the count date and aged 6 to 15 on 31 August before the term stands in "
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
HEADS = (Text("去向", "What became of the child"), Text("人数", "Children"))
LIST_HEADS = (
    (Text("学籍状态", "Record says"), "k"),
    (Text("姓名", "Name"), "k"),
    (Text("身份证号", "ID number"), "k"),
    (Text("乡镇", "Town"), "k"),
    (Text("学籍所在学校", "School on record"), "text"),
    (Text("来源", "Source"), "source"),
)
TOTAL = Text("合计", "All")
SHOWN = 50


def children(results: Results) -> Section:
    """The account; the list of those whom no rule covers, masked."""
    language = str(results.parameters.get("language", "zh"))
    total, gone = int(results.children["pupils"].sum()), len(results.uncovered)
    verdict = (UNCOVERED.fill(n=gone) if gone else ALL_COVERED if total else NOBODY).into(language)
    body = markup.join(
        (
            markup.paragraph(LEAD.fill(n=markup.count(total)).into(language), "lead"),
            markup.paragraph(verdict, "verdict"),
            _account(results.children, total, language),
            _list(results.uncovered, language) if gone else Markup(""),
        )
    )
    return Section("children", TITLE.into(language), body, verdict)


def _account(account: pd.DataFrame, total: int, language: str) -> Markup:
    columns = [Col.of(HEADS[0].into(language), "text"), Col.of(HEADS[1].into(language), "number")]
    ordered = account.sort_values(["uncovered", "pupils", "state"], ascending=[False, False, True])
    rows = [(state_text(row.state, language), markup.count(row.pupils)) for row in ordered.itertuples()]
    return markup.table(
        columns, [*rows, (TOTAL.into(language), markup.count(total))], caption=CAPTION.into(language)
    )


def _list(gone: pd.DataFrame, language: str) -> Markup:
    columns = [Col.of(title.into(language), kind) for title, kind in LIST_HEADS]
    rows = [_row(row, language) for row in gone.head(SHOWN).itertuples()]
    more = MORE.fill(n=len(gone) - SHOWN).into(language)
    return markup.table(columns, rows, caption=LIST.into(language)) + (
        markup.note(more) if len(gone) > SHOWN else Markup("")
    )


def _row(row: Any, language: str) -> tuple[Any, ...]:
    return (
        state_text(row.state, language),
        _masked(row.name, masked_name),
        _masked(row.id_number, masked_number),
        markup.NOTHING if markup.is_missing(row.town) else row.town,
        markup.NOTHING if markup.is_missing(row.school_name) else row.school_name,
        Markup("<br>").join(markup.address(record) for record in row.records),
    )


def _masked(value: Any, mask: Any) -> str:
    return markup.NOTHING if markup.is_missing(value) else str(mask(str(value)))
