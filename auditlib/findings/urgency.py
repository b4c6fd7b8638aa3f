"""In which order findings are put right, by whom and until when: the same in report, letter and ledger."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from auditlib.findings.in_trouble import is_away, is_missed
from auditlib.rules.registry import family_of

SEVERITIES = ("high", "medium", "low")
MONEY = ("duplicate", "mismatch", "ineligible", "amount")
OF_CHILDREN = ("attendance", "enrolment", "dropout", "unable", "home", "warning")
"""Families that ask whether a child is on record, taught and in a list, beside those missed and away."""
NO_DAY = "9999"  # after every deadline

Tasks = Mapping[str, Mapping[str, Any]]
"""Rule or family -> ``unit``, ``by``: the parameter ``rectification``."""


def task_of(rule: str, tasks: Tasks) -> tuple[str, str]:
    """Who puts right what ``rule`` found, and until when (ISO); the rule's own before its family's, empty where nothing is told."""
    task = {**tasks.get(family_of(rule), {}), **tasks.get(rule, {})}
    return str(task.get("unit", "")), str(task.get("by", ""))


def urgency(rule: str, severity: str) -> tuple[int, int]:
    """Missed children, those who are not at school, those without record or lessons, money paid wrongly, the rest; within
    these the graver first."""
    family = family_of(rule)
    kinds = (is_missed(rule), is_away(rule), family in OF_CHILDREN, family in MONEY, True)
    return kinds.index(True), SEVERITIES.index(severity)


def rules_by_urgency(findings: pd.DataFrame, tasks: Tasks) -> list[str]:
    """The rules that found something, the most urgent first; what is alike in :func:`urgency` by its deadline, then by yuan."""
    by_rule = findings.groupby("rule")
    severity = by_rule["severity"].first()
    yuan = by_rule["at_stake"].agg(lambda amounts: sum(amounts.dropna(), Decimal(0)))

    def place(rule: str) -> tuple[tuple[int, int], str, Decimal, str]:
        return urgency(rule, severity[rule]), task_of(rule, tasks)[1] or NO_DAY, -yuan[rule], rule

    return sorted(map(str, severity.index), key=place)
