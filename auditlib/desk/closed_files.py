"""Files of the folder that cannot be opened: nobody in them is read, so that each is mended or said to be not needed."""

from __future__ import annotations

from collections.abc import Sequence

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.desk.checked import AMBER, RED
from auditlib.desk.page import Block, cell, choice
from auditlib.desk.state import State
from auditlib.ingest.find import is_named_as_table

CLOSED = Text(
    "有 {n} 个文件打不开，里面的人一个也没有读到。照下面红色一行改好，再点“重新读文件夹”；确实用不着的选“不需要”：{files}",
    "{n} files cannot be opened, and nobody in them has been read. Do what the red line below says and read the folder again; or say that they are not needed: {files}",
)
LINE = Text("{file}：{what}。{remedy}", "{file}: {what}. {remedy}")


def question(state: State) -> list[str]:
    """The files of which nobody has said that they are not needed, in a sentence."""
    closed = state.closed_files
    files = "、".join(map(scrub, closed))
    return [state.say(CLOSED, n=len(closed), files=files)] if closed else []


def line(
    state: State, file: str, trouble: Problem, label: str, options: Sequence[tuple[str, str]]
) -> list[str | Block]:
    """Why it cannot be opened and what to do, and a choice; a scan or a letter is no table and is not asked about."""
    if not is_named_as_table(file):
        return [scrub(file), trouble.what.into(state.language), ""]
    unsaid, idle = options[0][0], options[-1][0]
    is_open = file in state.closed_files
    decision, style = (unsaid, AMBER) if is_open else (idle, "")
    line_text = state.say(LINE, file=scrub(file), what=trouble.what, remedy=trouble.remedy)
    kind = choice(["table", file, ""], label, decision, list(options), hide_label=True, style=style)
    return [cell(line_text, RED), kind, ""]
