"""What became of each eligible child, by age: an account that adds up, and how many no rule covers or can judge."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.children import GROUPS, group_text, state_text
from auditlib.findings.results import Results
from auditlib.law.parameters import Ages, ages_of
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.page.section import Section
from auditlib.tables.wording import WORDS

TITLE = Text("适龄困难儿童逐人去向", "Every eligible child of school age, accounted for")
LEAD = Text(
    "核定基准日在资格名册、学期前 8 月 31 日年满 {first} 至 {last} 周岁的每一个孩子，恰好列入下表一行，各行之和等于总人数 {n} 人。",
    "Each child on an eligibility register on the count date and aged {first} to {last} on 31 August before the term stands in "
    "exactly one line; the lines add up to all {n} of them.",
)
UNCOVERED_TEXT = Text(
    "有 {n} 名孩子去向待查：学籍显示不在读，函告和已交来的台账、花名册中都没有。请先逐一找到人（名单见附件）。",
    "{n} children have to be found: their record here is not active, and no letter, and no ledger or roster that was delivered, "
    "names them. Find each of them first (the annex lists them).",
)
ALL_COVERED = Text(
    "每个孩子都在某条规则的核对范围内，或已有去向。",
    "Each child is covered by some rule, or some list says where it is.",
)
COVERED_BUT = Text(
    "除下表“{line}”的 {n} 人外，每个孩子都在某条规则的核对范围内，或已有去向。",
    "But for the {n} of “{line}” below, each child is covered by some rule, or some list says where it is.",
)
NOBODY = Text(
    "资格名册上没有核定基准日有效的适龄儿童；资格名册没有交来或读不到时，本节什么也说明不了。",
    "No child of this age is on an eligibility register on the count date. Where no register was delivered or none could "
    "be read, this section says nothing.",
)
CAPTION = Text("去向与人数", "What became of them")
STATE = Text("去向", "What became of the child")
UNCLEAR = Text(
    "有 {n} 名孩子因资料缺失、矛盾或残缺无法判断{lines}：没有疑点不等于没有问题，请逐一查明（名单见附件）。",
    "{n} children cannot be judged, for what the data lack or contradict{lines}: no "
    "finding does not mean that nothing is wrong. Look each of them up (the annex lists them).",
)
AMONG = Text("（含上表中{lines}的全部）", " (among them all of {lines} above)")
NOT_JUDGED = ("untested", "birth_unknown")  # lines of the account of which nobody can be judged
CUT = Text(
    "另有 {n} 人的证号被电子表格截断，已凭其他信息认定：请重新索取原文件。",
    "The ID numbers of {n} others were cut by a spreadsheet and the persons told by other things: ask for the files anew.",
)
PAID_ARE = Text(
    "“{line}”的 {n} 人，按首屏的数：{parts}。{others}",
    "The {n} of “{line}” are, as the first screen counts them: {parts}. {others}",
)
PAID_AS = Text("{figure} {n} 人", "{figure} {n}")
NOT_DUE = Text("不在“应享受资助”之内而领到资助", "not among those who should have been paid, and paid")
PAID_OTHERS = Text(
    "首屏“{figure}” {all} 人中，另有 {n} 人不在这一行：在其他行，或不在本表的年龄和名册内。",
    "Of the {all} of “{figure}” there, {n} are not in this line: in another, or not of the ages and registers of this table.",
)
NOT_ASKED = "not_asked"
IN_FULL = "aid.paid_in_full"
TOTAL = Text("合计", "All")


def children(results: Results) -> Section:
    """The account; how many of them nobody can place."""
    language = str(results.parameters.get("language", "zh"))
    ages = ages_of(results.parameters)
    first, last = ages.account
    total, uncovered_count = int(results.children["pupils"].sum()), len(results.uncovered)
    coverage = _covered(results.children) if total else NOBODY
    verdict = (UNCOVERED_TEXT.fill(n=uncovered_count) if uncovered_count else coverage).into(language)
    body = markup.join(
        (
            markup.paragraph(LEAD.fill(n=markup.count(total), first=first, last=last).into(language), "lead"),
            markup.paragraph(verdict, "verdict"),
            _account(results.children, total, ages, language),
            _paid(results, language),
            _counts(results.unclear, set(results.children["state"]), language),
        )
    )
    return Section("children", TITLE.into(language), body, verdict)


def _covered(account: pd.DataFrame) -> Text:
    """That each child is covered; but for whom, where there are such as no rule asks after."""
    n = int(account.loc[account["state"] == NOT_ASKED, "pupils"].sum())
    line = Text(state_text(NOT_ASKED, "zh"), state_text(NOT_ASKED, "en"))
    return COVERED_BUT.fill(line=line, n=markup.count(n)) if n else ALL_COVERED


def _account(account: pd.DataFrame, total: int, ages: Ages, language: str) -> Markup:
    """A line for each state, a column for each age: what asks for somebody to go and look comes first."""
    groups = [group for group in GROUPS if (account["age_group"] == group).any()]
    titles = [group_text(group, ages, language) for group in groups]
    columns = [
        Col(STATE.into(language), css="long"),
        *(Col(t, "number") for t in (*titles, TOTAL.into(language))),
    ]
    by_state = account.pivot_table("pupils", "state", "age_group", aggfunc="sum", fill_value=0)
    weight = account.groupby("state").agg(uncovered=("uncovered", "max"), pupils=("pupils", "sum"))
    order = weight.reset_index().sort_values(["uncovered", "pupils", "state"], ascending=[False, False, True])
    rows = [_line(state, by_state.loc[state], groups, language) for state in order["state"]]
    total_row = (
        TOTAL.into(language),
        *(markup.count(by_state[group].sum()) for group in groups),
        markup.count(total),
    )
    return markup.table(columns, rows, caption=CAPTION.into(language), total=total_row, css="account")


def _line(state: str, pupils: pd.Series, groups: list[str], language: str) -> tuple[str, ...]:
    counts = [int(pupils[group]) for group in groups]
    cells = (markup.count(n) if n else markup.NOTHING for n in counts)
    return (state_text(state, language), *cells, markup.count(sum(counts)))


def _paid(results: Results, language: str) -> Markup:
    """How the line of the paid and the conclusion's figures hang together; nothing where nobody is paid."""
    rows = results.paid_children.sort_values("pupils", ascending=False, kind="stable")
    if not len(rows):
        return Markup("")
    counts = {
        None if markup.is_missing(row.figure) else row.figure: int(row.pupils) for row in rows.itertuples()
    }
    names = {figure: WORDS[figure] if figure else NOT_DUE for figure in counts}
    parts = [PAID_AS.fill(figure=names[figure], n=markup.count(n)) for figure, n in counts.items()]
    in_full = int(results.conclusion.get("paid_in_full") or 0)
    elsewhere = in_full - counts.get(IN_FULL, 0)
    others = PAID_OTHERS.fill(figure=WORDS[IN_FULL], all=markup.count(in_full), n=markup.count(elsewhere))
    sentence = PAID_ARE.fill(
        line=Text(state_text("paid", "zh"), state_text("paid", "en")),
        n=markup.count(sum(counts.values())),
        parts=Text("，".join(part.zh for part in parts), ", ".join(part.en for part in parts)),
        others=others if elsewhere > 0 else Text("", ""),
    )
    return markup.note(sentence.into(language).strip())


def _counts(persons: pd.DataFrame, states: set[str], language: str) -> Markup:
    """Who cannot be judged, and whose number was cut: how many; by name they stand in the annex."""
    cut = int(persons["judged"].sum())
    sentences = (
        [UNCLEAR.fill(n=markup.count(len(persons) - cut), lines=_among(states))] if len(persons) > cut else []
    )
    sentences += [CUT.fill(n=markup.count(cut))] if cut else []
    return markup.join(markup.paragraph(text.into(language)) for text in sentences)


def _among(states: set[str]) -> Text:
    """The lines of the account in which they stand, as far as it has them."""
    lines = [state for state in NOT_JUDGED if state in states]
    zh, en = (
        [quote.format(state_text(state, language)) for state in lines]
        for language, quote in (("zh", "“{}”"), ("en", "“{}”"))
    )
    return AMONG.fill(lines=Text("".join(zh), ", ".join(en))) if lines else Text("", "")
