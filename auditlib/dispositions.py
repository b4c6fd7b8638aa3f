"""Decisions on findings: append-only, the latest holds, and they outlive a re-run."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from auditlib.errors import AuditError, Problem
from auditlib.language import Text

COLUMNS = ("decided_at", "decided_by", "finding_id", "status", "cause", "amount", "evidence", "note")
STATUSES = ("confirmed", "cleared", "rectified", "closed")
FILE = "dispositions.csv"


def read_dispositions(folders: Iterable[Path]) -> pd.DataFrame:
    """Every decision in the ``dispositions.csv`` of ``folders``, oldest first; the same decision counts once.

    Raises AuditError naming file and line for a file that is no such ledger or holds an unknown status.
    """
    rows = [row for folder in folders for row in _read(folder / FILE)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).drop_duplicates()
    return frame.sort_values("decided_at", kind="stable", ignore_index=True)


def _read(file: Path) -> list[dict[str, str]]:
    if not file.exists():
        return []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise AuditError(_problem(file, 1, "列名不对", "has other columns", ", ".join(COLUMNS)))
        rows = list(reader)
    for number, row in enumerate(rows, start=2):
        if row["status"] not in STATUSES:
            raise AuditError(
                _problem(file, number, "status 的值不认识", "has an unknown status", ", ".join(STATUSES))
            )
    return rows


def _problem(file: Path, line: int, zh: str, en: str, allowed: str) -> Problem:
    where = f"{file.parent.name}/{file.name} › {line}"
    return Problem(
        Text(f"处理记录{zh}", f"the ledger of decisions {en}"),
        Text(where, where),
        Text(f"应为：{allowed}", f"allowed: {allowed}"),
    )


def with_dispositions(findings: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """``findings`` with ``disposition``: the status of the latest decision, None where there is none."""
    latest = decisions.drop_duplicates("finding_id", keep="last").set_index("finding_id")["status"]
    return findings.assign(
        disposition=findings["finding_id"].map(latest).astype("object").where(lambda s: s.notna(), None)
    )


def write_dispositions(decisions: pd.DataFrame, folder: Path) -> None:
    """Decisions that ``folder`` does not hold yet are appended to its ledger; what stands there is never changed."""
    file = folder / FILE
    known = {tuple(row.values()) for row in _read(file)}
    fresh = [row for row in decisions[list(COLUMNS)].itertuples(index=False, name=None) if row not in known]
    is_new = not file.exists()
    if not (is_new or fresh):
        return
    with file.open("a", encoding="utf-8-sig" if is_new else "utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerows([COLUMNS] if is_new else [])
        writer.writerows(fresh)
