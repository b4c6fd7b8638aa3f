"""Who puts right what is found, and until when: part of the fifth step; the report's 整改要求 names both."""

from __future__ import annotations

from auditlib.base.language import Text
from auditlib.desk.draft import Draft
from auditlib.desk.page import Block, Name, cell, field, fold, prose, table
from auditlib.desk.state import State
from auditlib.rules import RULES
from auditlib.tables.wording import word

TITLE = Text("整改的责任单位和期限（{n} 类已填）", "Who puts it right, and by when ({n} kinds filled in)")
ABOUT = Text(
    "报告“整改要求”一表照此写；空白的，由本单位在报告上填写。第一行一次填全部类别，以后可逐类改。",
    "The report's table of what has to be put right names these; the bureau fills in by hand what is empty. The first row fills all kinds at once; each can be changed afterwards.",
)
HEADS = (Text("类别", "Kind"), Text("责任单位", "Unit"), Text("整改期限", "Deadline"))
EVERY = "*"
ALL_KINDS = Text("全部类别", "All kinds")
PARTS = ("unit", "by")


def blocks(state: State) -> Block:
    """The kinds of findings with unit and deadline, opened by a press; single rules that the file names stand below."""
    say, tasks = state.say, tasks_of(state.term)
    entries = [EVERY, *families(), *(name for name in tasks if name in RULES)]
    rows = [_row(state, entry) for entry in entries]
    lists = table(say(TITLE, n=len(tasks)), [say(head) for head in HEADS], rows, style="whole")
    return fold(say(TITLE, n=len(tasks)), [prose(say(ABOUT), "hint"), lists], name="tasks")


def _row(state: State, entry: str) -> list[Block]:
    title = _title(state, entry)
    task = tasks_of(state.term).get(entry, {})
    return [
        cell(title),
        *(
            field(
                ["task", entry, part],
                f"{title} · {state.say(head)}",
                task.get(part, ""),
                kind,
                hide_label=True,
            )
            for part, head, kind in zip(PARTS, HEADS[1:], ("text", "date"), strict=True)
        ),
    ]


def _title(state: State, entry: str) -> str:
    if entry == EVERY:
        return state.say(ALL_KINDS)
    return state.say(RULES[entry].title) if entry in RULES else word(f"family.{entry}", state.language)


def families() -> list[str]:
    """The kinds of findings of a county, in the order of the catalogue."""
    return list(dict.fromkeys(rule.family for rule in RULES.values()))


def tasks_of(draft: Draft) -> dict[str, dict[str, str]]:
    """What the draft says of each rule or kind: ``unit`` and ``by``."""
    tasks = draft.values.get("rectification") or {}
    return {
        str(entry): {str(key): str(value) for key, value in task.items()} for entry, task in tasks.items()
    }


def hear(state: State, name: Name, value: str) -> None:
    """A unit or a day, of one kind or of all; an emptied one is taken out."""
    _task, entry, part = name
    tasks = tasks_of(state.term)
    for one in families() if entry == EVERY else [entry]:
        tasks[one] = {**tasks.get(one, {}), part: value.strip()}
    complete = {one: {key: text for key, text in task.items() if text} for one, task in tasks.items()}
    state.draft = state.term.with_value(
        "rectification", {one: task for one, task in complete.items() if task}
    )
