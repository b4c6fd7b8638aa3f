"""Files of the folder that cannot be opened: nobody in them is read, so that each is mended or said to be not needed."""

from __future__ import annotations

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.desk.checked import RED
from auditlib.desk.page import Block, button, cell
from auditlib.desk.state import State
from auditlib.ingest.files.find import is_named_as_table

CLOSED = Text(
    "有 {n} 个文件打不开，里面的人一个也没有读到。照下面写的改好，再点“重新读文件夹”；确实用不着的，在表里点“不需要”：",
    "{n} files cannot be opened, and nobody in them has been read. Do what stands below and read the folder again; or press “not needed” in the list:",
)
LINE = Text("{file}：{what}。{remedy}", "{file}: {what}. {remedy}")
SHUT = Text("打不开", "shut")


def question(state: State) -> list[str]:
    """The files of which nobody has said that they are not needed: a line each, why it is shut and what to do."""
    shut_files = {
        one.file: one.trouble for one in state.files if one.trouble and one.file in state.closed_files
    }
    lines = [
        state.say(LINE, file=scrub(file), what=trouble.what, remedy=trouble.remedy)
        for file, trouble in shut_files.items()
    ]
    return ["\n".join([state.say(CLOSED, n=len(lines)), *lines])] if lines else []


def line(state: State, file: str, trouble: Problem, idle: str, label: str) -> list[str | Block]:
    """The file in the list, with a button that says it is not needed; a scan or a letter is no table and is not asked about."""
    if not is_named_as_table(file):
        return [scrub(file), trouble.what.into(state.language), ""]
    is_idle = file not in state.closed_files
    not_needed = button(["table", file, ""], idle, label=label, pressed=is_idle)
    return [scrub(file), not_needed, cell(state.say(SHUT), "" if is_idle else RED)]
