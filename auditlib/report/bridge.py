"""The money as a bridge (paid, less what was paid wrongly, and what is owed: what would be right), and how the findings add up to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.findings.yuan_once import YuanOnce
from auditlib.page import markup

PAID = Text("已发放", "Paid")
PAID_NOTE = Text(
    "本学期成功发放，{n} 人次，已减冲销、追回",
    "successful payments of the term, less what was reversed or recovered: {n}",
)
OWED_TEXT = Text("应发未发金额", "Owed to children")
OWED_NOTE = Text(
    "未发、少发、退汇未补，和县外就读未落实、疑似失学的应发额：核实属实的，及时补发",
    "Not paid, short, returned; due elsewhere without aid, to suspected dropouts: to be paid once verified",
)
UNSURE = Text(
    "其中 {yuan} 元为待核实：所依据的疑点可信度低于认定线",
    "of this {yuan} not certain yet: confidence below the line of acceptance",
)
UNSURE_SUM = Text(
    "其中应发未发 {owed} 元、误发等 {wrong} 元为待核实。",
    "Of these {owed} owed and {wrong} paid wrongly are not certain yet. ",
)
WRONG = Text("误发、重发、超发金额", "Paid wrongly or in excess")
WRONG_NOTE = Text(
    "重复、人籍不符、无资格、超标准：先核实、听取说明，再依规处理",
    "Repeated, mismatched, ineligible, above standard: verify and hear people before recovering anything",
)
RIGHT = Text("疑点全部属实时，应为", "If every finding proves true, it should be")
RIGHT_NOTE = Text("已发放－误发等＋应发未发", "paid, less paid wrongly, plus owed")
BRIDGE = Text("钱从已发到应发", "From what was paid to what should be")
SUMMED_TEXT = Text(
    "疑点涉及金额逐条相加 {each} 元。{apart}每一元只计一次，共 {once} 元：应发未发 {owed} 元，误发、重发、超发 {wrong} 元，程序等其他疑点 {other} 元。{unsure}",
    "One by one, the findings amount to {each} yuan. {apart}Each yuan once, it is {once}: {owed} owed to children, "
    "{wrong} paid wrongly or in excess, {other} of findings on procedure and other things. {unsure}",
)
APART = Text("其中 {parts}；", "Of these {parts}. ")
REPEATED_TEXT = Text(
    "{repeated} 元在几条疑点中是同一笔钱", "{repeated} are the same money in several findings"
)
BALANCES = Text(
    "{balances} 元是报表、资金台账上的差额（不是发给个人的钱）",
    "{balances} are differences of printed totals and balances (money of no person)",
)
ONCE = Text("疑点涉及金额（每一元只计一次）", "At stake (each yuan once)")
Tell = Callable[[str, str], str]
"""How a figure stands in a sentence, from its key and its words: plain, or as a link."""


def plain(_key: str, figure: str) -> str:
    """The figure as it is."""
    return figure


def sum_sentence(figures: Mapping[str, Any], tell: Tell = plain) -> Text:
    """The sentence of :data:`SUMMED_TEXT`; the sum one by one is that of the terminal's last lines."""
    once: YuanOnce = figures["yuan_once"]
    yuan = {
        "each": once.one_by_one, "once": once.once, "owed": once.owed, "wrong": once.wrong, "other": once.other,
    }  # fmt: skip
    amounts = {key: tell(f"{key}_yuan", markup.yuan(amount)) for key, amount in yuan.items()}
    return SUMMED_TEXT.fill(apart=_apart(once, tell), unsure=_unsure_sum(figures, tell), **amounts)


def unsure_of(figures: Mapping[str, Any], part: str) -> Decimal:
    """Of ``owed`` or ``wrong`` the yuan that rest on findings below the line; nought where an older run does not tell."""
    return Decimal(str((figures.get("unsure_yuan") or {}).get(part) or 0))


def unsure_note(figures: Mapping[str, Any], part: str, tell: Tell = plain) -> Text:
    """The clause beside ``owed`` or ``wrong``; no words where all is certain enough."""
    amount = unsure_of(figures, part)
    return UNSURE.fill(yuan=tell(f"unsure_{part}", markup.yuan(amount))) if amount else Text("", "")


def _unsure_sum(figures: Mapping[str, Any], tell: Tell) -> Text:
    amounts = {part: unsure_of(figures, part) for part in ("owed", "wrong")}
    if not any(amounts.values()):
        return Text("", "")
    return UNSURE_SUM.fill(
        **{part: tell(f"unsure_{part}", markup.yuan(amount)) for part, amount in amounts.items()}
    )


def _apart(once: YuanOnce, tell: Tell) -> Text:
    """What the sum one by one holds more than once, or of no person; no words for what is nought."""
    amounts = {"repeated": (REPEATED_TEXT, once.repeated), "balances": (BALANCES, once.balances)}
    parts = [
        words.fill(**{key: tell(f"{key}_yuan", markup.yuan(amount))})
        for key, (words, amount) in amounts.items()
        if amount
    ]
    if not parts:
        return Text("", "")
    return APART.fill(parts=Text("，".join(p.zh for p in parts), " and ".join(p.en for p in parts)))


def should_be(figures: Mapping[str, Any]) -> Decimal | None:
    """What would have been paid were every finding true; None where one of the parts was not asked for."""
    parts = [figures.get(key) for key in ("payments_yuan", "wrong_yuan", "owed_yuan")]
    if any(part is None for part in parts):
        return None
    paid, wrong, owed_yuan = (Decimal(str(part)) for part in parts)
    return paid - wrong + owed_yuan


def bridge(figures: Mapping[str, Any], tell: Tell, language: str) -> Markup:
    """Four figures with the signs between them; the two in the midst are the findings' own."""
    persons = tell("payments_persons", markup.count(figures.get("payments_persons")))
    paid = Markup(PAID_NOTE.fill(n=persons).into(language))
    steps = (
        ("", "payments_yuan", PAID, figures.get("payments_yuan"), paid, ""),
        (
            "−",
            "wrong_yuan",
            WRONG,
            figures.get("wrong_yuan"),
            _note(WRONG_NOTE, "wrong", figures, tell, language),
            "wrong",
        ),
        (
            "+",
            "owed_yuan",
            OWED_TEXT,
            figures.get("owed_yuan"),
            _note(OWED_NOTE, "owed", figures, tell, language),
            "owed",
        ),
        ("=", "right_yuan", RIGHT, should_be(figures), RIGHT_NOTE.into(language), ""),
    )
    boxes = markup.join(
        _step(sign, title.into(language), tell(key, _yuan(amount, language)), below, css if amount else "nil")
        for sign, key, title, amount, below, css in steps
    )
    return Markup('<dl class="bridge" aria-label="{}">{}</dl>').format(BRIDGE.into(language), boxes)


def _note(note: Text, part: str, figures: Mapping[str, Any], tell: Tell, language: str) -> Markup:
    """What the figure is made of, and which part of it is not certain yet."""
    unsure = unsure_note(figures, part, tell).into(language)
    gap = "。" if language == "zh" else "; "
    return Markup(note.into(language) + (gap + unsure if unsure else ""))


def _yuan(amount: Any, language: str) -> str:
    """To the fen: the four figures are added up by whoever reads them."""
    unit = "元" if language == "zh" else "yuan"
    return markup.NOTHING if amount is None else f"{markup.yuan(amount)} {unit}"


def _step(sign: str, title: str, figure: str, below: str, css: str) -> Markup:
    mark = Markup('<span class="sign">{}</span> ').format(sign) if sign else Markup("")
    return Markup('<div class="figure {}"><dt>{}{}</dt><dd><strong>{}</strong>{}</dd></div>').format(
        css, mark, title, figure, markup.below(below)
    )
