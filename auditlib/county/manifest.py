"""What the run rested on: inputs with their hashes, parameters, policy, versions, and the counts of every step."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from auditlib.base.masking import scrub_all
from auditlib.base.program import versions
from auditlib.findings.catalogue import MEMBER as CATALOGUE
from auditlib.findings.catalogue import catalogue_digest
from auditlib.ingest import Delivery
from auditlib.law.parameters import SelfCheck
from auditlib.law.policy import Policy
from auditlib.linkage.model.trained import read_model

PACKAGES = (
    "duckdb",
    "ibis-framework",
    "pandas",
    "pyarrow",
    "python-calamine",
    "papermill",
    "matplotlib",
    "splink",
)


def manifest(
    parameters: SelfCheck, policy: Policy, delivery: Delivery, frames: Mapping[str, Any], last_term: str = ""
) -> dict[str, Any]:
    """The manifest as plain JSON types, the same for the same inputs: no clock, no path of the machine, no number in the
    name of a file. ``last_term``: the digest of last term's pupils, where a run of it was at hand."""
    contents = parameters.as_json()
    contents.pop("output_dir")  # where the answers go changes none of them
    contents["data_dir"] = Path(contents["data_dir"]).name
    contents["policy"] = [Path(name).name for name in contents["policy"]]
    contents["previous"] = [Path(folder).name for folder in contents["previous"]]
    model = read_model()
    return {
        **versions(PACKAGES),
        CATALOGUE: catalogue_digest(),
        "parameters": scrub_all(contents),
        "policy": [
            {
                "file": path.name,
                "sha256": hashlib.sha256(content).hexdigest(),
                "text": content.decode("utf-8-sig"),
            }
            for path, content in ((path, path.read_bytes()) for path in policy.files)
        ],
        # What whoever does the audit again must have, to tell what other files and another law would have found.
        "columns": {
            table: sorted(columns) for table, columns in sorted(delivery.columns_found.items()) if columns
        },
        "inputs": scrub_all(_inputs(delivery, frames)),
        "links": frames["links"].to_dict("records"),
        "linkage_model": {"fingerprint": model.fingerprint, **model.trained_on},
        "rules": _rules(frames),
        "findings": len(frames["findings"]),
        "yuan_once": frames["conclusion"]["yuan_once"].as_json(),
        "children": {
            f"{row.age_group}:{row.state}": int(row.pupils) for row in frames["children"].itertuples()
        },
        "seeds": {},
        **({"last_term": last_term} if last_term else {}),
    }


def _inputs(delivery: Delivery, frames: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = frames["funnel"].to_dict("records")
    return [{**row, "sha256": report.sha256} for row, report in zip(rows, delivery.files, strict=True)]


def _rules(frames: Mapping[str, Any]) -> dict[str, Any]:
    reasons: dict[str, dict[str, int]] = {}
    for rule, reason, rows in frames["untested"][["rule", "reason", "rows"]].itertuples(index=False):
        reasons.setdefault(rule, {})[reason] = int(rows)
    return {
        row["rule"]: {
            "status": row["status"],
            "not_run_reason": row["not_run_reason"],
            "population": int(row["population"]),
            "tested": int(row["tested"]),
            "untested": int(row["untested"]),
            "untested_reasons": reasons.get(row["rule"], {}),
            "exceptions": int(row["exceptions"]),
            "at_stake": f"{row['at_stake']:.2f}",
        }
        for row in frames["rules"].to_dict("records")
    }
