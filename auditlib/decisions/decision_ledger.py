"""dispositions.csv: what its ledger holds, and how it is carried on from run to run. Without frames, which take long to import."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from auditlib.base.language import Text
from auditlib.base.ledger import Ledger, content

STATUSES = ("confirmed", "cleared", "rectified", "closed")
WITHDRAWN = "withdrawn"  # takes back what was decided: the finding is pending again
LEDGER = Ledger(
    "dispositions.csv",
    ("decided_at", "decided_by", "finding_id", "status", "cause", "amount", "evidence", "note"),
    Text("处理记录", "the ledger of decisions"),
    time="decided_at",
    key="finding_id",
    origin="findings.xlsx",
    choice="status",
    choices=(*STATUSES, WITHDRAWN),
)
FILE, COLUMNS = LEDGER.file, LEDGER.columns


def carry_over(previous: Iterable[Path], folder: Path) -> None:
    """The rows of earlier runs' ledgers that the ledger of ``folder`` does not hold yet, appended run by run.

    Not those on a finding on which somebody has decided in ``folder``: at the end an older decision would hold. The
    ledger is made where there is none; what stands there is never changed.
    """
    earlier = [row for run in previous for row in LEDGER.read(run)]
    with LEDGER.opened_alone(folder) as ledger_file:
        own_rows = LEDGER.parsed(content(ledger_file), folder / FILE)
        decided_ids = {row["finding_id"] for row in own_rows}
        fresh = {tuple(row.values()): row for row in earlier if row["finding_id"] not in decided_ids}
        LEDGER.append(ledger_file, list(fresh.values()), folder / FILE)
