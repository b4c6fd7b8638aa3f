"""A finished run's folder with invented findings, for the workbench."""

from __future__ import annotations

from pathlib import Path

from results_fixture import results

import auditlib
from auditlib.decisions.dispositions import read_dispositions, write_dispositions
from auditlib.ingest.accounts.accounting import write_json
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
    county_results = results(language, COUNTS)
    write_findings(county_results.findings, folder / "findings.parquet")
    once = county_results.conclusion["yuan_once"].as_json()
    manifest = {
        **county_results.manifest,
        "auditlib": auditlib.__version__,
        "findings": len(county_results.findings),
        "yuan_once": once,
    }
    write_json({**manifest, "parameters": dict(county_results.parameters)}, folder / "manifest.json")
    (folder / "tables").mkdir()
    write_dispositions(read_dispositions([folder]), folder)
    return folder
