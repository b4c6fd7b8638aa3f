"""What rules may ask of a run's parameters, and no more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from auditlib.law.parameters import SelfCheck

# Whose run it is, where its files lie and how they are read, what becomes of its findings. A parameter that does not stand
# here is a rule's to ask: one that is forgotten costs a shared plan, never an answer.
NO_CHOICE: dict[str, Any] = {
    **dict.fromkeys(("county_code", "county_name", "hand_in", "memory_limit"), ""),
    **dict.fromkeys(("data_dir", "output_dir"), Path()),
    **{key: {} for key in ("sources", "columns", "values", "constants", "rectification")},
    **{key: [] for key in ("not_needed", "empty_tables", "previous", "policy")},
    "lost_share": 0.0,
    "spill_dir": None,
}


def of_rules(parameters: SelfCheck) -> SelfCheck:
    """``parameters`` with what is no choice of a rule empty: equal for all counties with the same choices."""
    return replace(parameters, **NO_CHOICE)
