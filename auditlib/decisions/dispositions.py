"""Decisions on findings: append-only, the latest holds, and they outlive a re-run.

The latest is the last line of the ledger, whatever its time says: a clock that was wrong once decides nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from auditlib.base.language import Text
from auditlib.base.ledger import Row, content, plain
from auditlib.decisions.decision_ledger import COLUMNS, FILE, LEDGER, STATUSES, WITHDRAWN

__all__ = [
    "COLUMNS",
    "FILE",
    "STATUSES",
    "WITHDRAWN",
    "Appended",
    "Row",
    "append_decisions",
    "as_bytes",
    "conflicts",
    "history",
    "holding",
    "latest",
    "order_warnings",
    "read_dispositions",
    "standing",
    "with_dispositions",
    "write_dispositions",
]  # fmt: skip

WHAT = ("status", "cause", "amount", "evidence")
"""What makes one decision differ from another; who made it and when does not."""
_UNSEEN = re.compile(r"\[≠ (?P<at>\S+) (?P<who>.*?)\]$")
CONFLICT = (
    "finding_id",
    *(f"{name}{side}" for side in ("", "_unseen") for name in COLUMNS if name != "finding_id"),
)

OUT_OF_ORDER = Text(
    "处理记录时间先后不一致：{who} 的一条记为 {at}，记在 {before} 的一条之后；以记录的先后为准，请核对电脑时钟",
    "A time in the ledger of decisions is out of order: that of {who} says {at} and stands behind one of {before}; the "
    "order of the lines holds, look at the computer's clock",
)

KnownRows = Mapping[str, Row]


@dataclass(frozen=True)
class Appended:
    """How many decisions were written, and which of them met one that its maker had not seen."""

    written: int
    conflicts: pd.DataFrame


def read_dispositions(folders: Iterable[Path]) -> pd.DataFrame:
    """Every decision in the ``dispositions.csv`` of ``folders``, in the order in which they were entered.

    ``folders``: earlier runs first. A decision that was carried on from run to run counts once, where it was made.
    Raises AuditError naming file and line for everything in them that cannot be read.
    """
    rows: list[Row] = []
    for folder in folders:
        carried_on = {tuple(row.values()) for row in rows}
        rows += [row for row in LEDGER.read(folder) if tuple(row.values()) not in carried_on]
    return _frame(rows)


def _frame(rows: Iterable[Row]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(COLUMNS)).drop_duplicates(keep="last", ignore_index=True)


def latest(decisions: pd.DataFrame) -> pd.DataFrame:
    """The last decision on each finding, one row a finding; ``decisions`` in the order of the ledger."""
    return decisions.drop_duplicates("finding_id", keep="last").reset_index(drop=True)


def standing(decisions: pd.DataFrame) -> pd.DataFrame:
    """``decisions`` without those that were withdrawn, and without the rows that withdraw them."""
    place = pd.Series(range(len(decisions)), index=decisions.index)
    withdrawn = (
        place.where(decisions["status"] == WITHDRAWN, -1).groupby(decisions["finding_id"]).transform("max")
    )
    return decisions[place > withdrawn].reset_index(drop=True)


def order_warnings(decisions: pd.DataFrame) -> list[Text]:
    """What to say of findings on which an earlier line of the ledger has a later time: the order of the lines holds."""
    days = decisions["decided_at"].map(lambda at: dt.datetime.fromisoformat(at).toordinal()).astype("int64")
    before = days.groupby(decisions["finding_id"]).cummax()
    late_lines = decisions.assign(before=before)[days < before].drop_duplicates(
        ["decided_at", "decided_by", "before"]
    )
    return [
        OUT_OF_ORDER.fill(
            at=row["decided_at"].replace("T", " "),
            who=row["decided_by"],
            before=dt.date.fromordinal(row["before"]).isoformat(),
        )
        for row in late_lines.to_dict("records")
    ]


def history(decisions: pd.DataFrame, finding_id: str) -> pd.DataFrame:
    """Every decision on one finding, in the order of the ledger."""
    return decisions[decisions["finding_id"] == finding_id].reset_index(drop=True)


def holding(decisions: pd.DataFrame) -> dict[str, Row]:
    """What whoever looks at ``decisions`` knows: for each finding the decision that holds."""
    return {row["finding_id"]: row for row in latest(decisions).to_dict("records")}


def append_decisions(
    folder: Path, decisions: pd.DataFrame, seen_decisions: KnownRows | None = None
) -> Appended:
    """Appends ``decisions`` to the ledger of ``folder``; gives how many, and which of them are in conflict.

    ``decisions``: the ledger's columns; ``decided_at`` in ISO. ``seen_decisions``: the latest decision on each finding
    that the deciding person had seen (:func:`holding`); a finding that is not in it had none. Where somebody else has
    meanwhile decided otherwise, both decisions are kept, and the note of the later names the earlier: ``[≠ time who]``.
    Without ``seen_decisions`` nothing is compared. Several people may append at once.

    Raises AuditError where the ledger is damaged or another program holds it, OSError where the disk refuses;
    nothing is written then.
    """

    def new_rows(ledger_rows: list[Row]) -> list[Row]:
        now = {} if seen_decisions is None else holding(_frame(ledger_rows))
        return [_new_row(row, now.get(row["finding_id"]), seen_decisions or {}) for row in _rows(decisions)]

    return _append(folder, new_rows)


def write_dispositions(decisions: pd.DataFrame, folder: Path) -> None:
    """Decisions that ``folder`` does not hold yet are appended to its ledger; what stands there is never changed.

    Not those of earlier runs on a finding on which somebody has decided here since: at the end of the ledger an older
    decision would hold.
    """

    def fresh(ledger_rows: list[Row]) -> list[Row]:
        entries = {tuple(row.values()) for row in ledger_rows}
        rows = _rows(decisions)
        last = {row["finding_id"]: tuple(row.values()) for row in rows}
        return [
            row
            for row in rows
            if tuple(row.values()) not in entries and last[row["finding_id"]] not in entries
        ]

    _append(folder, fresh)


def as_bytes(decisions: pd.DataFrame) -> bytes:
    """``decisions`` as a ledger of their own."""
    return LEDGER.as_bytes(_rows(decisions))


def _append(folder: Path, choose: Callable[[list[Row]], list[Row]]) -> Appended:
    """What ``choose`` makes of the rows that stand there, appended before anybody can change them."""
    with LEDGER.opened_alone(folder) as ledger_file:
        ledger_rows = LEDGER.parsed(content(ledger_file), folder / FILE)
        rows = choose(ledger_rows)
        LEDGER.append(ledger_file, rows, folder / FILE)
    conflicting = conflicts(_frame([*ledger_rows, *rows]))
    return Appended(
        len(rows), conflicting[conflicting["finding_id"].isin({row["finding_id"] for row in rows})]
    )


def _rows(decisions: pd.DataFrame) -> list[Row]:
    """The decisions as they will be read back."""
    texts = decisions[list(COLUMNS)].astype(object).where(decisions[list(COLUMNS)].notna(), "")
    return [{name: plain(str(row[name])) for name in COLUMNS} for row in texts.to_dict("records")]


def _new_row(row: Row, now: Row | None, seen_decisions: KnownRows) -> Row:
    before = seen_decisions.get(row["finding_id"])
    if now is None or now == before or _what(now) == _what(row):
        return row
    return row | {"note": f"{row['note']} [≠ {now['decided_at']} {now['decided_by']}]".strip()}


def _what(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in WHAT)


def conflicts(decisions: pd.DataFrame) -> pd.DataFrame:
    """Decisions that contradict each other, one of the two still the last word: whoever knows both decides once more.

    One row a pair: ``finding_id``, the later one's columns, and with ``_unseen`` those of the one its maker had not
    seen.
    """
    last = holding(decisions)
    pairs = [
        {"finding_id": row["finding_id"], **_beside(row, ""), **_beside(other, "_unseen")}
        for row, unseen in _marks(decisions)
        for other in decisions[decisions["finding_id"] == row["finding_id"]].to_dict("records")
        if (other["decided_at"], other["decided_by"]) == unseen and last[row["finding_id"]] in (row, other)
    ]
    return pd.DataFrame(pairs, columns=list(CONFLICT)).drop_duplicates(
        "finding_id", keep="last", ignore_index=True
    )


def _marks(decisions: pd.DataFrame) -> Iterator[tuple[Row, tuple[str, str]]]:
    for row in decisions[decisions["note"].str.endswith("]")].to_dict("records"):
        match = _UNSEEN.search(row["note"])
        if match:
            yield row, (match["at"], match["who"])


def _beside(row: Row, side: str) -> dict[str, str]:
    return {f"{name}{side}": row[name] for name in COLUMNS if name != "finding_id"}


def with_dispositions(findings: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """``findings`` with ``disposition``: the status of the latest decision, None where there is none."""
    status = latest(standing(decisions)).set_index("finding_id")["status"]
    return findings.assign(
        disposition=findings["finding_id"].map(status).astype("object").where(lambda s: s.notna(), None)
    )
