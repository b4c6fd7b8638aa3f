"""Who saw names and numbers in full, when and why: written down before anything is shown."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.ledger import Ledger

LOG = Ledger(
    "unmask-log.csv", ("at", "who", "reason"), Text("查看记录", "the log of what was seen in full"), time="at"
)
FILE = LOG.file
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


def log_unmasking(folder: Path, who: str, reason: str, at: dt.datetime, language: str) -> None:
    """One line in the log of the run in ``folder``.

    Raises AuditError where one of them is missing or the log cannot be written: then nothing may be shown.
    """
    if not who.strip():
        raise AuditError(NOBODY, language)
    if not reason.strip():
        raise AuditError(NO_REASON, language)
    line = {"at": at.isoformat(timespec="seconds"), "who": who, "reason": reason}
    try:  # what stands there is never touched, two inspectors' lines never mix
        LOG.add(folder, line)
    except OSError:
        raise AuditError(NOT_LOGGED, language) from None
