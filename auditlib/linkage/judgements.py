"""What people decided about pairs of records, outranking the model: the ledger of it, and by what a pair is found again.

A decision is about what the two records say, not about where they stand: it is found again in the next delivery and
the next term, and lapses as soon as a name, a number, a birth date or the school of the record changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir

from auditlib.base.language import Text
from auditlib.base.ledger import Ledger

FILE = "review.xlsx"
WITHDRAWN = "withdrawn"
SAME, DIFFERENT, CANNOT_TELL = "same", "different", "cannot_tell"
CHOICES: Mapping[str, Text] = {
    SAME: Text("同一人", "same"),
    DIFFERENT: Text("不是同一人", "different"),
    CANNOT_TELL: Text("无法判断", "cannot tell"),
}
OF_RECORD = ("table", "name", "id_number", "id_kept", "student_no", "birth", "school", "former_school")
OF_PUPIL = ("name", "id_number", "id_kept", "student_no", "birth")
LEDGER = Ledger(
    "judgements.csv",
    ("judged_at", "judged_by", "pair", "decision"),
    Text("判断记录", "the ledger of judgements"),
    time="judged_at",
    key="pair",
    origin=FILE,
    choice="decision",
    choices=(*CHOICES, WITHDRAWN),
)
SCHEMA = dict.fromkeys(("pair", "decision", "judged_by", "judged_on"), "string")


@dataclass(frozen=True)
class Judgement:
    """One judgement: ``pair`` (see :func:`pair_key`), ``decision`` (a key of CHOICES), by whom and when."""

    pair: str
    decision: str
    judged_by: str = ""
    judged_on: str = ""


def content(rows: ir.Table, fields: Iterable[str]) -> ir.StringValue:
    """A digest of what a record says of its person."""
    field_texts: ir.StringValue = ibis.literal("")
    for field in fields:
        field_texts = field_texts + "|" + rows[field].fill_null("")
    return field_texts.hexdigest("sha256")


def pair_key(of_record: ir.StringValue, of_pupil: ir.StringValue) -> ir.StringValue:
    """The name of a pair, the same as long as both records say the same."""
    return (of_record + of_pupil).hexdigest("sha256").substr(0, 20)


def record(folder: Path, pair: str, decision: str, judged_by: str, at: dt.datetime) -> None:
    """One judgement (a key of CHOICES, or WITHDRAWN) at the end of the folder's ledger, written at once.

    Raises OSError where the ledger cannot be written, AuditError where it is no text.
    """
    assert decision in LEDGER.choices, decision
    time = at.isoformat(timespec="seconds")
    LEDGER.add(folder, {"judged_at": time, "judged_by": judged_by, "pair": pair, "decision": decision})
