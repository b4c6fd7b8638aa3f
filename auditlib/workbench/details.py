"""What the rows of each finding tell, as columns of the list: read from the run's tables, and masked as names and cards are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from auditlib.base.errors import AuditError
from auditlib.base.masking import masked_account, masked_name, masked_number
from auditlib.findings.particulars import BETWEEN, PERSONAL, TITLES, particulars
from auditlib.linkage.ledgers import NAMED_TABLES
from auditlib.runs.run_tables import open_run

MASKS = {"names": masked_name, "numbers": masked_number, "holders": masked_name, "accounts": masked_account}
assert set(MASKS) == set(PERSONAL)


def details_of(folder: Path | None, language: str = "zh") -> pd.DataFrame:
    """``finding_id`` and TITLES of the run in ``folder``; no row where there is none, or it has no tables."""
    nothing = pd.DataFrame(columns=["finding_id", *TITLES], dtype="string")
    if folder is None:
        return nothing
    try:
        run = open_run(folder)
        rows = {name: run.table(name) for name in NAMED_TABLES if run.version["rows"].get(name)}
        return particulars(run.fetch, run.table("findings"), rows, run.table("pupils"), language)
    except AuditError:
        return nothing


def masked_details(details: pd.DataFrame) -> pd.DataFrame:
    """The same as it is shown while names are masked."""
    return details.assign(**masked_columns(details)).astype("string")


def masked_columns(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Those columns that tell who somebody is, masked; masking what is masked changes nothing."""
    return {name: rows[name].astype(object).map(_masked(mask)) for name, mask in MASKS.items()}


def _masked(mask: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: BETWEEN.join(mask(part) for part in text.split(BETWEEN))
