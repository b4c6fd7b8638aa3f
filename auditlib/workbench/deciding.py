"""A decision on one finding or on many: what was found, who decided and when; never overwritten, always reversible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.decisions.dispositions import COLUMNS, STATUSES, WITHDRAWN, Row, append_decisions
from auditlib.decisions.needs import needs, proof
from auditlib.forms.filled_in.entries import UnreadableCell, yuan
from auditlib.workbench.session import Session

NOBODY = Problem(
    Text("未写明经办人", "nobody is named"),
    Text("经办人", "Inspector"),
    Text("请先在上方填写经办人姓名", "write your name above first"),
)
BAD_AMOUNT = Problem(
    Text("金额无法识别", "the amount cannot be read"),
    Text("追回/补发金额", "Recovered / repaid"),
    Text("请填写不小于 0 的元数，至多两位小数", "write yuan, not below 0, with two decimals at most"),
)
NO_FINDING = Problem(
    Text("没有选中疑点", "no finding is chosen"),
    Text("清单", "List"),
    Text("请在清单中点选一条，或勾选几条", "choose one in the list, or tick some"),
)
NOT_WRITTEN = Problem(
    Text("处理结果没有写入", "the decision was not written"),
    Text("dispositions.csv", "dispositions.csv"),
    Text("请检查运行文件夹是否可写，再试一次", "see that the run's folder can be written to, and try again"),
)


def decision(
    session: Session,
    status: str,
    *,
    cause: str = "",
    amount: str = "",
    on: dt.date | None = None,
    evidence: str = "",
    note: str = "",
    day: dt.date = dt.date.max,
) -> dict[str, str]:
    """What the form says, checked; all of a row of the ledger but time and finding.

    ``on``: when the money moved; ``day``: that of the decision, after which it cannot have moved.
    Raises AuditError with everything that is missing.
    """
    assert status in (*STATUSES, WITHDRAWN)
    yuan_text = _yuan(amount)
    money = Decimal(yuan_text) if yuan_text else None
    problems = [NOBODY] if not session.who.strip() else []
    lacks = needs(status, cause=cause, on=on, amount=money, evidence=evidence, day=day)
    problems += [Problem(need.what, need.field, need.remedy) for need in lacks]
    problems += [BAD_AMOUNT] if yuan_text is None else []
    if problems:
        raise AuditError(problems, session.language)
    return {
        "decided_by": _plain(session.who),
        "status": status,
        "cause": _plain(cause),
        "amount": yuan_text or "",
        "evidence": proof(on, evidence),
        "note": _plain(note),
    }


def decide(session: Session, findings: Sequence[str], new_decision: dict[str, str], at: dt.datetime) -> int:
    """``new_decision`` entered for each of ``findings``, after what the ledger holds; how many that were.

    Raises AuditError where there is none, or the ledger cannot be written.
    """
    return _enter(session, [{**new_decision, "finding_id": finding} for finding in findings], at)


def _enter(session: Session, new_decisions: Sequence[dict[str, str]], at: dt.datetime) -> int:
    if not new_decisions:
        raise AuditError(NO_FINDING, session.language)
    assert session.folder
    assert session.stored
    when = at.isoformat(timespec="seconds")
    rows = pd.DataFrame([{**row, "decided_at": when} for row in new_decisions], columns=list(COLUMNS))
    try:
        append_decisions(session.folder, rows, session.stored.known())
    except OSError:
        raise AuditError(NOT_WRITTEN, session.language) from None
    session.stored.look_again()
    session.decided += 1
    return len(new_decisions)


RESTORED_TEXT = Text("恢复 {who} {at} 的处理", "restores the decision of {who}, {at}")


@dataclass(frozen=True)
class Undo:
    """What a press has written, and what held before: finding_id to the ledger's row, None where nothing did."""

    written: Mapping[str, Row]
    before: Mapping[str, Row | None]


def undo(session: Session, last: Undo, at: dt.datetime) -> int:
    """What held before holds again, by later rows; how many findings that were.

    A finding on which somebody has decided since is left alone. Raises AuditError like :func:`decide`.
    """
    assert session.stored
    session.decided += session.stored.look_if_changed()
    mine = [key for key, row in last.written.items() if session.stored.holding(key) == row]
    rows = [{"finding_id": key, **_restore(session, last.before[key])} for key in mine]
    return _enter(session, rows, at)


def _restore(session: Session, before: Row | None) -> dict[str, str]:
    if before is None or before["status"] == WITHDRAWN:
        return decision(session, WITHDRAWN)
    note = session.say(RESTORED_TEXT, who=before["decided_by"], at=before["decided_at"].replace("T", " "))
    values = {name: before[name] for name in ("status", "cause", "amount", "evidence")}
    return {**values, "decided_by": decision(session, WITHDRAWN)["decided_by"], "note": note}


def _plain(text: str) -> str:
    """One line: a line break in a cell of the ledger would look like another decision."""
    return " ".join(text.split())


def _yuan(text: str) -> str | None:
    """Yuan as they are written down; empty for none, None where it is no amount."""
    try:
        amount = yuan(text)
    except UnreadableCell:
        return None
    return "" if amount is None else f"{amount:.2f}"
