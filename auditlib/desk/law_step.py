"""The fourth step: the standards in force in the term, with what each rests on, and local supplements by form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.base.places import policies
from auditlib.base.strict_yaml import read_yaml
from auditlib.desk import own_standards, supplement
from auditlib.desk.files_step import value_word
from auditlib.desk.page import Block, button, buttons, cell, field, fields, fold, heading, prose, table
from auditlib.desk.state import State
from auditlib.law.policy import in_force
from auditlib.tables.wording import category_word, word
from auditlib.workbench.runs import spoken_term

TITLE = Text("标准", "Standards")
ABOUT = Text(
    "下面是 {term}学期执行的标准，疑点按它们认定。请与手头的文件对照；省、市、县另有规定的，在下面补上。",
    "The standards in force in {term}, by which findings are judged. Compare them with your documents; add what province, city or county rule besides.",
)
FILES = Text("采用的政策文件", "Policy files that hold")
ALWAYS = Text("国家标准总是采用", "the national standards always hold")
LIST = Text("执行的标准", "Standards in force")
SCHEME, STAGE, CATEGORY, YUAN, SINCE, BASIS = (
    Text("项目", "Scheme"),
    Text("学段", "Stage"),
    Text("对象", "For whom"),
    Text("每学期（元）", "Yuan a term"),
    Text("起", "Since"),
    Text("依据", "Basis"),
)
APPLIED_TEXT = Text(
    "须本人申请的类别：{categories}；其余由各部门名册比对认定。依据：{by}",
    "Applied for: {categories}; the others are found by comparing the registers. Basis: {by}",
)
NOBODY, UNCITED_TEXT = Text("无", "none"), Text("政策文件没有写", "the policy file names none")
ANYONE = Text("不限", "any")
AVERAGE = Text("平均 {yuan}", "average {yuan}")
OPTIONAL = Text("可发可不发", "may be paid")
NATIONAL = "national"
BACK, NEXT = Text("上一步", "Back"), Text("下一步：日期", "Next: dates")


def blocks(state: State) -> list[Block]:
    """What the page shows."""
    say = state.say
    head = [
        heading(say(TITLE)),
        *state.notes(),
        prose(say(ABOUT, term=spoken_term(state.term.text("term"), state.language)), "hint"),
    ]
    moves = buttons([button(["go", "values"], say(BACK)), button(["next"], say(NEXT), primary=True)])
    try:
        body = [
            standards(state),
            *applied_for(state),
            *supplement.open_amounts(state),
            fold(say(supplement.TITLE), supplement.form(state), name="supplement", is_open=bool(state.form)),
            *own_standards.listing(state),
        ]
    except AuditError as refused:
        body = [prose(refused.into(state.language), "alert")]
    return [*head, chosen_files(state), *body, moves]


def chosen_files(state: State) -> Block:
    """The policy files that there are, by their titles."""
    files = {file.stem: file for folder in reversed(policies()) for file in sorted(folder.glob("*.yaml"))}
    mine = [str(name) for name in state.term.values.get("policy") or []]
    names = dict.fromkeys([NATIONAL, *files, *mine])
    return fields([_file(state, name, files.get(name), name in mine) for name in names])


def _file(state: State, name: str, file: Path | None, holds: bool) -> Block:
    try:
        title = dict(read_yaml(file)["title"])[state.language] if file else name
    except (AuditError, KeyError, TypeError, ValueError):
        title = name
    about = state.say(ALWAYS) if name == NATIONAL else name
    return field(["policy", name], str(title), "1" if holds else "", "check", help=about)


def standards(state: State) -> Block:
    """One line a scheme, stage and amount, with all categories that it is for."""
    say = state.say
    rows = in_force(state.policy(), state.term.text("term")).to_dict("records")
    merged_standards: dict[tuple[Any, ...], list[str]] = {}
    for row in rows:
        title = row["scheme_title_zh"] if state.language == "zh" else row["scheme_title_en"]
        key = (
            title,
            row["stage"],
            _amount(state, row),
            row["since"].isoformat(),
            row["policy_ref"],
            bool(row["mandatory"]),
            row["boarding"] if isinstance(row["boarding"], bool) else None,
        )
        merged_standards.setdefault(key, []).append(
            row["category"] if isinstance(row["category"], str) else ""
        )
    lines = [_line(state, key, categories) for key, categories in merged_standards.items()]
    head = [say(part) for part in (SCHEME, STAGE, CATEGORY, YUAN, SINCE, BASIS)]
    return table(say(LIST), head, lines)


def applied_for(state: State) -> list[Block]:
    """Which categories a family applies for, where a policy file says so."""
    law, say = state.policy(), state.say
    if law.by_application is None:
        return []
    words = (category_word(one, state.term.text("term"), state.language) for one in law.by_application)
    category_words = ("、" if state.language == "zh" else ", ").join(words) or say(NOBODY)
    return [
        prose(
            say(APPLIED_TEXT, categories=category_words, by=law.by_application_by or say(UNCITED_TEXT)),
            "hint",
        )
    ]


def _amount(state: State, row: dict[str, Any]) -> str:
    low, high = row["minimum"], row["maximum"]
    if pd.isna(low) and pd.isna(high):
        return state.say(AVERAGE, yuan=f"{row['due']:,.2f}")
    return (
        f"{low:,.2f}–{high:,.2f}"
        if low is not None and high is not None and low != high
        else f"{row['due']:,.2f}"
    )


def _line(state: State, key: tuple[Any, ...], categories: list[str]) -> list[str | Block]:
    title, stage, amount, since, basis, is_due, boards = key
    between = "、" if state.language == "zh" else ", "
    whom = between.join(
        category_word(category, state.term.text("term"), state.language)
        for category in categories
        if category
    ) or state.say(ANYONE)
    scheme_title = title if is_due else f"{title} ({state.say(OPTIONAL)})"
    form = "" if boards is None else f" · {value_word(state, 'boarding', 'boarding' if boards else 'day')}"
    return [
        scheme_title,
        word(stage, state.language) + form,
        whom,
        cell(amount, right=True),
        cell(since),
        basis,
    ]


def hear(state: State, name: list[str], value: str) -> None:
    """An answer."""
    if name[0] == "policy":
        names = [str(one) for one in state.term.values.get("policy") or [] if one != name[1]]
        if name[1] == NATIONAL:
            names = [NATIONAL, *names]
        elif value:
            names.append(name[1])
        state.draft = state.term.with_value("policy", names)
    elif name[0] == "next":
        state.save()
        state.page = "days"
    elif name[0] == "take back":
        own_standards.take_back(state, name[1])
    else:
        supplement.hear(state, name, value)
