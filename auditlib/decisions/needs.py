"""What a decision needs before it is entered, wherever it was made: at the workbench, in a list, on a slip."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from auditlib.base.language import LANGUAGES, Text
from auditlib.forms.worklist.columns import EVIDENCE, TITLES
from auditlib.tables.wording import word

CAUSE, DAY, OUTCOME = TITLES["cause"], TITLES["rectified_on"], TITLES["status"]


class Need(NamedTuple):
    """What is wrong with a decision, in which field, and what to do."""

    what: Text
    field: Text
    remedy: Text


NO_CAUSE = Need(
    Text("排除疑点须写明原因", "A finding is cleared for a cause"),
    CAUSE,
    Text("请从列表中选择，或自己写明", "Choose one of the list, or write it"),
)
NO_DAY = Need(
    Text("已整改须写明整改日期", "What is rectified has a date"),
    DAY,
    Text("请填写补发或追回的日期", "Write when it was paid or recovered"),
)
NO_EVIDENCE = Need(
    Text("已整改须写明凭据", "What is rectified has evidence"),
    EVIDENCE,
    Text("请填写凭证号或文件名", "Write the number of the voucher, or the file"),
)
NOT_YET = Need(
    Text(
        "处理结果“{status}”与所填整改日期或金额矛盾",
        "The outcome “{status}” contradicts the date or amount beside it",
    ),
    OUTCOME,
    Text(
        "已补发或追回的，请选“已整改”；否则请清空整改日期和金额",
        "Choose “Rectified” if money was paid or recovered; else empty date and amount",
    ),
)
TOO_LATE = Need(
    Text("整改日期晚于填写之日", "It was rectified after the decision was made"),
    DAY,
    Text("请改正整改日期", "Correct the date"),
)


def needs(
    status: str, *, cause: str, on: dt.date | None, amount: Decimal | None, evidence: str, day: dt.date
) -> list[Need]:
    """What stands in the way of a decision made on ``day``; nothing where it can be entered.

    ``on``: when the money was paid or recovered; ``amount``: how many yuan; ``evidence``: voucher or file.
    """
    is_rectified = status == "rectified"
    checks = (
        (NO_CAUSE, status == "cleared" and not cause.strip()),
        (NO_DAY, is_rectified and on is None),
        (NO_EVIDENCE, is_rectified and not evidence.strip()),
        (NOT_YET, status in ("confirmed", "cleared") and bool(on or amount)),
        (TOO_LATE, on is not None and on > day),
    )
    return [
        need._replace(what=need.what.fill(status=status_words(status)))
        for need, is_wanting in checks
        if is_wanting
    ]


def status_words(status: str) -> Text:
    """A status of the ledger as a reader says it."""
    return Text(*(word(f"decision.{status}", language) for language in LANGUAGES))


def proof(on: dt.date | None, evidence: str) -> str:
    """The ledger's ``evidence``: the day in ISO, then voucher or file, in one line."""
    return " ".join(filter(None, (on.isoformat() if on else "", *evidence.split())))
