"""The steps of ``notebooks/term_trend.ipynb``: one call a cell."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from auditlib.base.program import versions
from auditlib.decisions.dispositions import FILE as DECISIONS
from auditlib.trend import follow, rectification
from auditlib.trend.children import children
from auditlib.trend.history import History
from auditlib.trend.parameters import Trend, check_trend
from auditlib.trend.results import TrendResults
from auditlib.trend.rollups import roll_ups
from auditlib.trend.runs import TermRun, TermRuns, open_runs

PACKAGES = ("duckdb", "pandas", "scipy")


def notebook_parameters(base: Path | None = None, **values: Any) -> Trend:
    """The parameters of the notebook's first cell, checked; relative paths are found from the parameter file."""
    from auditlib.page.papermill_folder import parameter_folder

    return check_trend(values, base=base or parameter_folder())


def open_terms(trend: Trend) -> History:
    """The runs with their findings and decisions. Raises AuditError with every run that cannot be used, and why."""
    return History(open_runs(trend), trend.as_of, trend.language)


def look(trend: Trend, history: History) -> TrendResults:
    """Every figure of the report."""
    within = trend.verify_within, trend.rectify_within
    matters, lasting = follow.lasting(history)
    precision = follow.precision(history, trend.confidence)
    movements, lines = children(history)
    return TrendResults(
        trend=trend,
        runs=history.runs,
        rates=follow.rates(history),
        schools=follow.schools(history),
        open_since=follow.open_since(history),
        matters=matters,
        lasting=lasting,
        precision=precision,
        all_rules=follow.all_rules(precision, trend.confidence),
        made_good=follow.made_good(history),
        decided=follow.decide(history),
        ledger=rectification.ledger(history, *within),
        verified=rectification.verified_rows(history, *within),
        rectified=rectification.rectified(history, *within),
        standing=_standing(history),
        movements=movements,
        children=lines,
        roll_ups=roll_ups(history),
        manifest=manifest(trend, history.runs),
    )


def _standing(history: History) -> dict[str, Any]:
    lines = follow.stock(history, [history.as_of]).to_dict("records")
    return (
        lines[0]
        if lines
        else dict.fromkeys(("known", *follow.STOCK, "children", "at_stake", "repaid", "recovered"), 0)
    )


def manifest(trend: Trend, runs: TermRuns) -> dict[str, Any]:
    """What it all rested on, as plain JSON types: no clock, no folder of the machine."""
    parameters = trend.as_json()
    parameters["runs"] = [folder.name for folder in trend.runs]
    parameters["output_dir"] = trend.output_dir.name
    return {
        **versions(PACKAGES),
        "parameters": parameters,
        "county_code": runs.county_code,
        "runs": [_run(run) for run in runs.runs],
    }


def _run(run: TermRun) -> dict[str, Any]:
    decisions = run.folder / DECISIONS
    return {
        "term": run.term,
        "folder": run.folder.name,
        "count_date": run.count_date.isoformat(),
        "auditlib": run.manifest.get("auditlib"),
        "findings_sha256": run.digest,
        "dispositions_sha256": hashlib.sha256(decisions.read_bytes()).hexdigest()
        if decisions.exists()
        else None,
    }
