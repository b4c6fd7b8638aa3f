"""Report, letter and lists of the open run, handed to the browser from where one looks at it; lists in full only unmasked."""

from __future__ import annotations

from typing import Any

import ipywidgets

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.workbench.parts import Saver, alert
from auditlib.workbench.session import Session

HTML, EXCEL, WORD = (
    "text/html",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
FILES = {
    "report.html": (Text("报告", "Report"), HTML),
    "report.docx": (Text("报告（可编辑）", "Report to edit"), WORD),
    "summary.html": (Text("一页摘要", "One page"), HTML),
    "summary.docx": (Text("一页摘要（可编辑）", "One page to edit"), WORD),
    "findings.xlsx": (Text("工作清单（未遮盖）", "Working list (in full)"), EXCEL),
    "review.xlsx": (Text("待判断的记录对（未遮盖）", "Pairs to judge (in full)"), EXCEL),
}
IN_FULL = ("findings.xlsx", "review.xlsx")
TITLE = Text("本次运行的文件", "Files of this run")
MASKED = Problem(
    Text("这个文件里的姓名、证号是完整的", "names and numbers stand in full in this file"),
    Text("本次运行的文件", "Files of this run"),
    Text("请先在上方写明原因，显示完整信息", "write a reason above and show in full first"),
)
GONE_PROBLEM = Problem(
    Text("文件打不开", "the file cannot be opened"),
    Text("本次运行的文件", "Files of this run"),
    Text("请重新打开这次运行", "open the run again"),
)


def panel(session: Session) -> ipywidgets.Widget:
    """A button a file that the run has."""
    assert session.folder
    saver, problem = Saver(), ipywidgets.HTML()
    buttons = []
    for name, (title, _kind) in FILES.items():
        if (session.folder / name).is_file():
            button = ipywidgets.Button(description=session.say(title)).add_class("wb-run-file")
            button.on_click(lambda _button, name=name: hand_over(session, name, saver, problem))
            buttons.append(button)
    head = ipywidgets.HTML(f'<div class="wb"><h2>{session.say(TITLE)}</h2></div>')
    return ipywidgets.VBox([head, ipywidgets.HBox(buttons).add_class("wb-trial"), problem, saver])


def hand_over(session: Session, name: str, saver: Saver, problem: Any) -> None:
    """The file ``name``, for the browser to keep; or a word why not."""
    problem.value = ""
    try:
        if name in IN_FULL and not session.unmasked:
            raise AuditError(MASKED)
        assert session.folder
        saver.save((session.folder / name).read_bytes(), name, FILES[name][1])
    except OSError:
        problem.value = alert(AuditError(GONE_PROBLEM), session.language)
    except AuditError as refused:
        problem.value = alert(refused, session.language)
