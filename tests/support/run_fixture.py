"""A finished run's folder with invented findings, for the workbench."""

from __future__ import annotations

from pathlib import Path

from results_fixture import results

import auditlib
from auditlib.decisions.dispositions import read_dispositions, write_dispositions
from auditlib.ingest.accounting import write_json
from auditlib.tables.findings import write_findings

COUNTS = {
    "missed.unpaid": 9,
    "missed.not_found": 3,
    "duplicate.same_scheme": 12,
    "mismatch.school": 7,
    "totals.amount": 2,
}


def finished_run(folder: Path, language: str = "zh") -> Path:
    """``folder`` as a run leaves it: findings, manifest, an empty ledger."""
    folder.mkdir(parents=True)
    whole = results(language, COUNTS)
    write_findings(whole.findings, folder / "findings.parquet")
    once = whole.conclusion["yuan_once"].as_json()
    manifest = {
        **whole.manifest,
        "auditlib": auditlib.__version__,
        "findings": len(whole.findings),
        "yuan_once": once,
    }
    write_json({**manifest, "parameters": dict(whole.parameters)}, folder / "manifest.json")
    (folder / "tables").mkdir()
    write_dispositions(read_dispositions([folder]), folder)
    return folder
