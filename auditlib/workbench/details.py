"""What the rows of each finding tell, as columns of the list: read from the run's tables, and masked as names and cards are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from auditlib.base.errors import AuditError
from auditlib.findings.particulars import particulars
from auditlib.linkage.ledgers import NAMED_TABLES
from auditlib.runs.run_tables import open_run
from auditlib.tables.findings import PARTICULARS, masked


def details_of(folder: Path | None, language: str = "zh") -> pd.DataFrame:
    """``finding_id`` and PARTICULARS of the run in ``folder``; no row where there is none, or it has no tables."""
    nothing = pd.DataFrame(columns=["finding_id", *PARTICULARS], dtype="string")
    if folder is None:
        return nothing
    try:
        run = open_run(folder)
        rows = {name: run.table(name) for name in NAMED_TABLES if run.version["rows"].get(name)}
        schools = run.table("schools") if run.version["rows"].get("schools") else None
        return particulars(
            lambda name, build: run.fetch(build()),
            run.table("findings"),
            rows,
            run.table("pupils"),
            language,
            schools,
        )
    except AuditError:
        return nothing


def masked_details(details: pd.DataFrame) -> pd.DataFrame:
    """The same as it is shown while names are masked."""
    return masked(details).astype("string")
