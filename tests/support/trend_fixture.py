"""Small runs of one county for a look over the terms: findings, manifest and decisions as a self-check leaves them."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

import auditlib
from auditlib.decisions.dispositions import COLUMNS, write_dispositions
from auditlib.rules import RULES
from auditlib.tables.findings import write_findings
from auditlib.trend.parameters import Trend, check_trend
from auditlib.trend.programme import look, open_terms
from auditlib.trend.results import TrendResults

COUNT_DATES = {"spring": "04-30", "autumn": "10-31"}
NUMBER = "990125201001011{:03d}"
NAME = "欧阳娜"


def finding(identity: str, rule: str = "missed.unpaid", **values: Any) -> dict[str, Any]:
    """A finding; ``person`` is the tail of an ID number, None for nobody in particular."""
    person = values.pop("person", None)
    number = None if person is None else NUMBER.format(person)
    return {
        "finding_id": identity, "rule": rule, "family": rule.split(".")[0], "severity": "high", "term": "",
        "county_code": "990125", "school_name": "松坪县城关小学", "town": "城关镇", "name": NAME, "id_number": number,
        "student_no": None, "scheme": "boarder_allowance", "amount_due": None, "amount_paid": None,
        "at_stake": Decimal("500.00"), "confidence": 1.0, "reason": None, "message": "样例", "records": [],
        "policy_ref": None, "disposition": None, **values,
    }  # fmt: skip


def decision(identity: str, status: str, day: str, amount: str = "", **values: str) -> dict[str, str]:
    blank = dict.fromkeys(COLUMNS, "")
    return {**blank, "decided_at": day, "finding_id": identity, "status": status, "amount": amount, **values}


def term_run(
    folder: Path,
    term: str,
    findings: Sequence[Mapping[str, Any]] = (),
    decisions: Sequence[Mapping[str, str]] = (),
    tested: int = 1000,
    parameters: Mapping[str, Any] | None = None,
    **manifest: Any,
) -> Path:
    """``folder`` as the self-check of ``term`` leaves it; keywords are laid over the manifest."""
    folder.mkdir(parents=True)
    year, season = term.split("-")
    rows = [{**row, "term": term} for row in findings]
    frame = pd.DataFrame(rows, columns=list(finding("")))
    write_findings(frame, folder / "findings.parquet")
    counts = Counter(row["rule"] for row in rows)
    files_written = {
        "auditlib": auditlib.__version__,
        "parameters": {
            "county_code": "990125", "county_name": "松坪县", "term": term,
            "count_date": f"{year}-{COUNT_DATES[season]}", "thresholds": {"link_accept": 0.95}, **(parameters or {}),
        },
        "policy": [{"file": "national.yaml", "sha256": "0" * 64}],
        "findings": len(rows),
        "rules": {rule: _counts(counts[rule], tested) for rule in RULES},
        **manifest,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(files_written, ensure_ascii=False), "utf-8")
    write_dispositions(pd.DataFrame(list(decisions), columns=list(COLUMNS)), folder)
    return folder


def _counts(exceptions: int, tested: int) -> dict[str, Any]:
    counts = {
        "population": tested,
        "tested": tested,
        "untested": 0,
        "exceptions": exceptions,
        "at_stake": "0.00",
    }
    return {"status": "run", "not_run_reason": None, **counts}


def trend(folder: Path, *runs: Path, as_of: str = "2021-03-05", **values: Any) -> Trend:
    values_given = {
        "runs": [str(run) for run in runs],
        "as_of": as_of,
        "output_dir": str(folder / "trend"),
        **values,
    }
    return check_trend(values_given, base=folder)


def looked(folder: Path, *runs: Path, **values: Any) -> TrendResults:
    """Every figure of a look over ``runs``."""
    trend_run = trend(folder, *runs, **values)
    return look(trend_run, open_terms(trend_run))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
