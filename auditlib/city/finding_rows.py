"""The row of a finding of the re-check, as its steps write it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from auditlib.rules.city import RECHECK_RULES
from auditlib.tables.findings import FINDING

ZERO = Decimal(0)
LONGEST = 300  # characters of a value that a county wrote


class Writer:
    """Makes rows of findings; knows term, language and the counties' names."""

    def __init__(self, term: str, language: str, names: Mapping[str, str]):
        self.term, self.language, self.names = term, language, names

    def row(
        self, rule: str, county: str, subject: str, reason: str, words: Mapping[str, Any], **cells: Any
    ) -> dict[str, Any]:
        declaration = RECHECK_RULES[rule]
        identity = f"{rule}|{county}|{self.term}|{subject}"
        empty: dict[str, Any] = dict.fromkeys(FINDING)
        return empty | {
            "finding_id": hashlib.sha256(identity.encode()).hexdigest()[:20],
            "rule": rule,
            "family": "recheck",
            "severity": declaration.severity,
            "term": self.term,
            "county_code": county,
            "at_stake": ZERO,
            "confidence": 1.0,
            "reason": reason,
            "message": declaration.message.fill(**words).into(self.language),
            "records": [],
            **cells,
        }


def person_of(rows: pd.DataFrame) -> dict[str, Any]:
    """The person of all these findings, where it is one."""
    who = rows[["name", "id_number", "school_name"]].drop_duplicates()
    return who.iloc[0].to_dict() if len(who) == 1 else {}
