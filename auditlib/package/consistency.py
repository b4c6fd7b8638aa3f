"""Is a package at one with itself: seal, manifest, findings and fingerprints tell one story, number by number.

What can be counted is counted: 999 findings said and 30 there, a rule whose finding is there and which the manifest leaves
out, rows used that no fingerprint stands for. That the story is true is nowhere said here: for that there is the re-performance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

FINDING_COLUMNS_TOLD = [
    "finding_id",
    "rule",
    "family",
    "severity",
    "term",
    "county_code",
    "at_stake",
    "confidence",
]


def unsound_findings(findings: pd.DataFrame) -> bool:
    """Is there a finding without what every finding has, or with a number that none can have?"""
    records = findings["records"]
    lists = records.map(lambda rows: rows is not None and all(isinstance(row, str) for row in rows))
    lacking = findings[FINDING_COLUMNS_TOLD].isna().any(axis=None) or not lists.all()
    if lacking or findings["finding_id"].duplicated().any():
        return True
    return not (findings["confidence"].between(0, 1).all() and (findings["at_stake"].map(Decimal) >= 0).all())


def contradictions(
    manifest: Mapping[str, Any], about: Mapping[str, Any], findings: pd.DataFrame, rows: pd.DataFrame
) -> tuple[str, ...]:
    """What the members of a package say against each other, as places in the manifest; ``about``: what the seal says."""
    return tuple(sorted({*_names(manifest, about), *_rules(manifest, findings), *_inputs(manifest, rows)}))


def _names(manifest: Mapping[str, Any], about: Mapping[str, Any]) -> Iterator[str]:
    if manifest["parameters"]["county_name"] != about["county_name"]:
        yield "county_name"


def _rules(manifest: Mapping[str, Any], findings: pd.DataFrame) -> Iterator[str]:
    if manifest["findings"] != len(findings):
        yield "findings"
    yuan = findings.groupby("rule")["at_stake"].agg(lambda amounts: sum(map(Decimal, amounts), Decimal(0)))
    for rule, counts in manifest["rules"].items():
        tested_count, untested, flagged_count = (
            counts[name] for name in ("tested", "untested", "exceptions")
        )
        reasons = sum(counts["untested_reasons"].values())
        adds_up = (
            counts["population"] == tested_count + untested
            and reasons == untested
            and flagged_count <= tested_count
        )
        ran = counts["status"] == "run" or counts["population"] == 0
        if not adds_up or not ran or Decimal(counts["at_stake"]) != yuan.get(rule, Decimal(0)):
            yield f"rules.{rule}"


def _inputs(manifest: Mapping[str, Any], rows: pd.DataFrame) -> Iterator[str]:
    """Every row used or rejected has a fingerprint, and each fingerprint is of such a row."""
    handed_on: Counter[str] = Counter()
    for entry in manifest["inputs"]:
        handed_on[entry["table"]] += entry["used"] + entry["rejected"]
        if entry["rows_read"] != entry["left_out"] + entry["rejected"] + entry["used"]:
            yield f"inputs.{entry['table']}"
    printed_counts = Counter(rows["table"])
    yield from (
        f"inputs.{table}" for table in handed_on | printed_counts if handed_on[table] != printed_counts[table]
    )


__all__ = ["contradictions", "unsound_findings"]
