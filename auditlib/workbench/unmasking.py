"""Names and numbers in full: for this sitting alone, with a reason, and written down before anything is shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ipywidgets

from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.runs.unmask_log import log_unmasking
from auditlib.workbench.parts import alert
from auditlib.workbench.session import Session

SHOWN_TEXT, HIDDEN_TEXT = (
    Text("姓名、证号已完整显示", "Names and numbers are shown"),
    Text("姓名、证号已遮盖", "Names and numbers are masked"),
)
UNMASK, MASK = Text("显示完整信息", "Show in full"), Text("恢复遮盖", "Mask again")
REASON, REASON_HINT = (
    Text("查看原因", "Reason"),
    Text("如：核实某校疑点", "e.g. verifying a school's findings"),
)
LOGGED_TEXT = Text(
    "查看的时间、人员和原因记入本次运行的 unmask-log.csv",
    "Time, person and reason are logged in the run's unmask-log.csv",
)


def unmask(session: Session, reason: str, at: dt.datetime) -> None:
    """Shows names and numbers in full once the log has who, when and why.

    Raises AuditError where one of them is missing or the log cannot be written.
    """
    assert session.folder
    log_unmasking(session.folder, session.who, reason, at, session.language)
    session.unmasked = True


def control(session: Session) -> ipywidgets.Widget:
    """The state, and the button that changes it; unmasking asks for the reason."""
    state = ipywidgets.HTML()
    reason = ipywidgets.Text(description=session.say(REASON), placeholder=session.say(REASON_HINT))
    button = ipywidgets.Button(tooltip=session.say(LOGGED_TEXT))
    notice = ipywidgets.HTML()
    reason.add_class("wb-reason")
    button.add_class("wb-unmask")
    notice.add_class("wb-problem")

    def draw(_change: Any = None) -> None:
        state.value = (
            f'<span role="status">{session.say(SHOWN_TEXT if session.unmasked else HIDDEN_TEXT)}</span>'
        )
        button.description = session.say(MASK if session.unmasked else UNMASK)
        reason.layout.display = "none" if session.unmasked else ""

    def press(_button: Any) -> None:
        notice.value = ""
        if session.unmasked:
            session.unmasked = False
            return
        try:
            unmask(session, reason.value, dt.datetime.now().astimezone())
            reason.value = ""
        except AuditError as refused:
            notice.value = alert(refused, session.language)

    button.on_click(press)
    session.observe(draw, ["unmasked"])
    draw()
    box = ipywidgets.HBox([state, reason, button, notice])
    return box.add_class("wb-masking")
