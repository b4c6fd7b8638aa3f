"""What a run answers for, and what it leaves out: ages, children outside compulsory age, the package, rules. Part of the fifth step."""

from __future__ import annotations

from collections import Counter
from typing import Any

from auditlib.base.declared_fields import meanings
from auditlib.base.language import Text
from auditlib.desk import city_key
from auditlib.desk.page import Block, Name, choice, field, fields, fold, heading, prose
from auditlib.desk.state import State
from auditlib.law.parameter_readers import ANSWERED_FOR, HAND_IN
from auditlib.law.parameters import Ages, SelfCheck
from auditlib.page.parameter_words import CHOICES
from auditlib.rules import RULES
from auditlib.tables.delivered import TABLES
from auditlib.tables.wording import word

TITLE = Text("范围和上报（不改就用通常的）", "Scope and package (the usual holds unless changed)")
LEFT_OUT = Text("本次不执行的规则（{n} 条）", "Rules that this run does not put ({n})")
LEFT_OUT_HELP = Text(
    "勾上的不执行：报告逐条列出，市里复查照样核。",
    "Ticked rules are not put: the report lists each, and the city checks them all the same.",
)
ANSWERS = ("age", "answers", "package", "plain", "leave", "empty")
"""How the names of this form's answers begin."""
EMPTY = "empty_tables"
EMPTY_HELP = Text(
    "勾上的，规则照样执行，按没有一行算；不勾的，先查文件和工作表选对了没有。",
    "Rules stand on a ticked table as one without rows; before ticking, look whether file and sheet are the right ones.",
)
MEANINGS = meanings(SelfCheck)
AGES = {"compulsory": Ages.compulsory, "account": Ages.account}
ENDS = Text("{meaning}：{end}", "{meaning}: {end}")
FROM_TO = Text("从", "from"), Text("到", "to")
PLAIN = {
    "lost_share": Text("通常 0.5", "usually 0.5"),
    "memory_limit": Text("如 4GB；空白：本机的大部分", "such as 4GB; empty: most of the machine's"),
    "spill_dir": Text("空白：由数据库自定", "empty: the engine's own choice"),
}


def blocks(state: State) -> list[Block]:
    """Two parts that are opened by a press: the scope, and the rules that are left out."""
    say = state.say
    left_out = left_out_rules(state)
    return [
        fold(say(TITLE), [fields(_ages(state)), *_answered_blocks(state), fields(_plain(state)), *city_key.blocks(state)], name="scope"),
        fold(
            say(LEFT_OUT, n=len(left_out)), [prose(say(LEFT_OUT_HELP), "hint"), *_rules(state, left_out)], name="left out"
        ),
    ]  # fmt: skip


def tables_without_rows(state: State) -> list[Block]:
    """The tables of which the check says that they have no row, or none of the term, to be ticked where that is so."""
    say, own = state.say, empty_tables(state)
    asked_about = {*own, *(state.check.of_other_terms if state.check else [])}
    rows_by_table = Counter[str]()
    for sheet in state.check.sheets if state.check else []:
        if state.check and state.check.could_not_read(sheet):
            rows_by_table[sheet["table"]] += 1  # how many it has is not known yet
        elif sheet["header_rows"]:
            rows_by_table[sheet["table"]] += sheet["used"] + sheet["rejected"]
    open_tables = [name for name in TABLES if name in asked_about or rows_by_table.get(name) == 0]
    if not open_tables:
        return []
    ticks = [
        field(["empty", name], say(TABLES[name].title), "1" if name in own else "", "check")
        for name in open_tables
    ]
    return [heading(say(MEANINGS[EMPTY]), 3), prose(say(EMPTY_HELP), "hint"), fields(ticks)]


def empty_tables(state: State) -> list[str]:
    """The tables that truly have no row this term."""
    return [str(name) for name in state.term.values.get(EMPTY) or []]


def _ages(state: State) -> list[Block]:
    """The ends of each range of ages."""
    return [
        field(
            ["age", key, str(place)],
            state.say(ENDS, meaning=state.say(MEANINGS[f"ages.{key}"]), end=state.say(end)),
            str(_range(state, key)[place]),
            "number",
        )
        for key in AGES
        for place, end in enumerate(FROM_TO)
    ]


def _range(state: State, key: str) -> list[Any]:
    own = (state.term.values.get("ages") or {}).get(key)
    return list(own) if isinstance(own, list) and len(own) == 2 else list(AGES[key])


def answered_stages(state: State) -> list[str]:
    """For which children outside compulsory age the county answers; those of the program where the file says nothing."""
    own = state.term.values.get("answers_for")
    return list(ANSWERED_FOR) if own is None else [str(one) for one in own]


def _answered_blocks(state: State) -> list[Block]:
    own = answered_stages(state)
    checks = [
        field(["answers", code], word(code, state.language), "1" if code in own else "", "check")
        for code in ANSWERED_FOR
    ]
    return [prose(state.say(MEANINGS["answers_for"]), "hint"), fields(checks)]


def _plain(state: State) -> list[Block]:
    package = choice(
        ["package"],
        state.say(MEANINGS["hand_in"]),
        state.term.text("hand_in") or SelfCheck.hand_in,
        [(code, state.say(CHOICES[code])) for code in HAND_IN],
    )
    others = [
        field(["plain", key], state.say(MEANINGS[key]), state.term.text(key), help=state.say(about))
        for key, about in PLAIN.items()
    ]
    return [package, *others]


def left_out_rules(state: State) -> list[str]:
    """The rules that the draft leaves out."""
    return [str(rule) for rule in state.term.values.get("leave_out") or []]


def _rules(state: State, left_out: list[str]) -> list[Block]:
    """Every rule under the title of its kind."""
    parts: list[Block] = []
    for family in dict.fromkeys(rule.family for rule in RULES.values()):
        of_family = [rule for rule in RULES.values() if rule.family == family]
        parts.append(heading(word(f"family.{family}", state.language), 3))
        parts.append(
            fields(
                [
                    field(
                        ["leave", rule.id], state.say(rule.title), "1" if rule.id in left_out else "", "check"
                    )
                    for rule in of_family
                ]
            )
        )
    return parts


def hear(state: State, name: Name, value: str) -> None:
    """An answer; an emptied one is the usual one again."""
    kind, key, draft = name[0], name[-1], state.term
    if kind == "age":
        ends = _range(state, name[1])
        ends[int(key)] = value.strip() or str(AGES[name[1]][int(key)])
        state.draft = draft.with_value("ages", {**(draft.values.get("ages") or {}), name[1]: ends})
    elif kind == "answers":
        own = answered_stages(state)
        state.draft = draft.with_value(
            "answers_for", [one for one in ANSWERED_FOR if (value if one == key else one in own)]
        )
    elif kind == "package":
        state.draft = draft.with_value("hand_in", value)
    elif kind == "empty":
        others = [name for name in empty_tables(state) if name != key]
        state.draft = draft.with_value(EMPTY, [*others, *([key] if value else [])])
    elif kind == "leave":
        others = [rule for rule in left_out_rules(state) if rule != key]
        state.draft = draft.with_value("leave_out", [*others, *([key] if value else [])])
    else:
        state.draft = draft.with_value(key, value.strip()) if value.strip() else draft.without_value(key)
