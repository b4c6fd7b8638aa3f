"""Names and numbers in full: for this sitting alone, with a reason, and written down before anything is shown."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import ipywidgets

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.ledger import cell
from auditlib.base.locking import append_whole
from auditlib.workbench.parts import alert
from auditlib.workbench.session import Session

FILE = "unmask-log.csv"
COLUMNS = ("at", "who", "reason")
SHOWN, HIDDEN = (
    Text("姓名、证号已完整显示", "Names and numbers are shown"),
    Text("姓名、证号已遮盖", "Names and numbers are masked"),
)
UNMASK, MASK = Text("显示完整信息", "Show in full"), Text("恢复遮盖", "Mask again")
REASON, REASON_HINT = (
    Text("查看原因", "Reason"),
    Text("如：核实某校疑点", "e.g. verifying a school's findings"),
)
LOGGED = Text(
    "查看的时间、人员和原因记入本次运行的 unmask-log.csv",
    "Time, person and reason are logged in the run's unmask-log.csv",
)
NOBODY = Problem(
    Text("未写明查看人", "nobody is named"),
    Text("经办人", "Inspector"),
    Text("请先填写经办人姓名", "write your name first"),
)
NO_REASON = Problem(
    Text("未写明查看原因", "no reason is given"),
    Text("查看原因", "Reason"),
    Text("请写明为什么要看完整的个人信息", "say why the personal data must be seen in full"),
)
NOT_LOGGED = Problem(
    Text("无法写入查看记录，未显示完整信息", "the log cannot be written; nothing is shown in full"),
    Text(FILE, FILE),
    Text("请检查运行文件夹是否可写", "see that the run's folder can be written to"),
)


def unmask(session: Session, reason: str, at: dt.datetime) -> None:
    """Shows names and numbers in full once the log has who, when and why.

    Raises AuditError where one of them is missing or the log cannot be written.
    """
    if not session.who.strip():
        raise AuditError(NOBODY, session.language)
    if not reason.strip():
        raise AuditError(NO_REASON, session.language)
    assert session.folder
    try:
        _log(
            session.folder / FILE,
            (at.isoformat(timespec="seconds"), session.who.strip(), " ".join(reason.split())),
        )
    except OSError:
        raise AuditError(NOT_LOGGED, session.language) from None
    session.unmasked = True


def _log(file: Path, row: tuple[str, ...]) -> None:
    """One line at the end, whole: what stands there is never touched, two inspectors' lines never mix."""
    append_whole(file, b"\xef\xbb\xbf" + _line(COLUMNS), _line(row))


def _line(cells: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([cell(told) for told in cells])
    return text.getvalue().encode()


def control(session: Session) -> ipywidgets.Widget:
    """The state, and the button that changes it; unmasking asks for the reason."""
    state = ipywidgets.HTML()
    reason = ipywidgets.Text(description=session.say(REASON), placeholder=session.say(REASON_HINT))
    button = ipywidgets.Button(tooltip=session.say(LOGGED))
    said = ipywidgets.HTML()
    reason.add_class("wb-reason")
    button.add_class("wb-unmask")
    said.add_class("wb-problem")

    def draw(_change: Any = None) -> None:
        state.value = f'<span role="status">{session.say(SHOWN if session.unmasked else HIDDEN)}</span>'
        button.description = session.say(MASK if session.unmasked else UNMASK)
        reason.layout.display = "none" if session.unmasked else ""

    def pressed(_button: Any) -> None:
        said.value = ""
        if session.unmasked:
            session.unmasked = False
            return
        try:
            unmask(session, reason.value, dt.datetime.now().astimezone())
            reason.value = ""
        except AuditError as refused:
            said.value = alert(refused, session.language)

    button.on_click(pressed)
    session.observe(draw, ["unmasked"])
    draw()
    box = ipywidgets.HBox([state, reason, button, said])
    return box.add_class("wb-masking")
