"""The sentence that a report opens with: every child whom somebody has to see to, then how far aid reached the entitled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from auditlib.base.language import Text
from auditlib.findings.results import Results
from auditlib.findings.whereabouts import OUT, UNTRACED_KIND
from auditlib.page import markup
from auditlib.report.bridge import Tell, plain

TROUBLE: tuple[tuple[str, Text], ...] = (
    (
        "children_missed",
        Text(
            "{n} 人疑似应助未助或去向不明", "{n} were missed or cannot be placed, on the evidence of the data"
        ),
    ),
    (
        "children_away",
        Text(
            "{n} 人清点不在校、劝返逾期、未列台账、销号不实或本学期查无记录",
            "{n} were not at school when heads were counted, wait beyond their notice, are in no ledger of dropouts, were closed while away or are "
            "in no record since last term",
        ),
    ),
    (
        "children_uncovered",
        Text(
            "{n} 人学籍不在读，函告、台账中都没有，去向待查",
            "{n} have left by their record, are in no letter or ledger and have to be found",
        ),
    ),
    ("children_unclear", Text("{n} 人因资料缺失或矛盾无法判断", "{n} cannot be judged for want of data")),
    (
        "children_out",
        Text(
            "{n} 人学籍、台账已登记不在校或下落不明",
            "{n} are known by records and ledgers to be out of school or untraced",
        ),
    ),
)
CHILDREN = Text(
    "共有 {n} 名学生（儿童）须逐人核实、劝返（每人只计一次）：{parts}。",
    "{n} children have to be looked into or brought back one by one, each counted once: {parts}.",
)
NO_CHILD = Text(
    "在已核对的范围内，没有须逐人核实、劝返的学生。",
    "Within what could be tested, no child has to be looked into or brought back.",
)
CLEAR = Text(
    "在已核对的范围内，未发现漏助、误发、重发或金额不符。",
    "Within what could be tested, no child was missed and no payment was found wrong, repeated or off the standard.",
)
KNOWN_AWAY = Text(
    "换一个口径，按学籍、台账的登记（与上面某类的数相同，不等于是同一批人）：不在校 {out} 人、下落不明 {untraced} 人，共 {all} 人，都在上面的总数内："
    "{again} 人已计入前几类，{rest} 人计入末一类。",
    "Another count, by records and ledgers (a number like one above need not be of the same children): {out} are not at school and {untraced} cannot be "
    "traced: {all}, all in the total above, {again} under the kinds before, {rest} under the last.",
)
KNOWN_HIDDEN = Text(
    "学籍、台账登记不在校、下落不明的学生（儿童）都在上面的总数内。",
    "All whom records and ledgers know to be out of school or untraced are in the total above.",
)
PROGRESS = Text("进度见“控辍保学与逐人去向”。", " See “Where every child is”.")
REACHED_TEXT = Text(
    "应享受资助 {entitled} 人，足额到位 {paid} 人（{share}）。",
    "{entitled} pupils should have been paid; {paid} ({share}) were paid in full.",
)
NOT_ASKED = Text(
    "应享受资助的人数和到位情况未能核对，原因见“未能核对的部分”；已核对的部分发现疑点 {findings} 条。",
    "How many should have been paid, and were, could not be tested: see “What could not be tested”. What could be tested "
    "gave {findings} findings.",
)


def number(figures: Mapping[str, Any], key: str) -> int:
    """A figure of the conclusion; nought where it is missing or was not asked for."""
    return int(figures.get(key) or 0)


def in_trouble(figures: Mapping[str, Any]) -> int:
    """All children whom somebody has to see to, each counted once."""
    return sum(number(figures, key) for key, _ in TROUBLE)


def children_sentence(figures: Mapping[str, Any], tell: Tell = plain) -> Text:
    """How many children, and in which kind of trouble; that there is none, where there is none."""
    if not in_trouble(figures):
        return NO_CHILD if number(figures, "findings") else CLEAR
    parts = [
        text.fill(n=tell(key, markup.count(number(figures, key))))
        for key, text in TROUBLE
        if number(figures, key)
    ]
    joined_rows = Text("，".join(part.zh for part in parts), "; ".join(part.en for part in parts))
    return CHILDREN.fill(n=tell("children", markup.count(in_trouble(figures))), parts=joined_rows)


def known_away(
    results: Results, tell: Tell = plain, count: Callable[[int], str] = markup.count
) -> list[Text]:
    """Those whom records and ledgers know to be out of school, found by a rule or not, and how they stand in
    the total, in numbers where ``count`` hides none of these; nothing where there is nobody."""
    counts = known_counts(results)
    if not any(counts.values()):
        return []
    rest = number(results.conclusion, "children_out")
    everyone = sum(counts.values())
    counts |= {"all": everyone, "again": everyone - rest, "rest": rest}
    if any(count(each) != markup.count(each) for each in counts.values()):
        return [KNOWN_HIDDEN]  # any number would tell one of those that are hidden
    keys = {
        "out": "kind_out",
        "untraced": "kind_untraced",
        "all": "kind_out",
        "again": "children",
        "rest": "children_out",
    }
    shown_counts = {name: tell(keys[name], count(each)) for name, each in counts.items()}
    return [KNOWN_AWAY.fill(**shown_counts)]


def known_counts(results: Results) -> dict[str, int]:
    """Children whom records and ledgers know to be out of school, and to be untraced."""
    kinds = results.whereabouts.get("kinds", {})
    return {"out": int(kinds.get(OUT, 0)), "untraced": int(kinds.get(UNTRACED_KIND, 0))}


def reach_sentence(figures: Mapping[str, Any], tell: Tell = plain) -> Text:
    """How many should have been paid and were."""
    if figures["entitled_pupils"] is None:
        return NOT_ASKED.fill(findings=tell("findings", markup.count(number(figures, "findings"))))
    entitled_count, paid = number(figures, "entitled_pupils"), number(figures, "paid_in_full")
    return REACHED_TEXT.fill(
        entitled=tell("entitled_pupils", markup.count(entitled_count)),
        paid=tell("paid_in_full", markup.count(paid)),
        share=tell("paid_in_full", markup.percent(paid, entitled_count)),
    )
