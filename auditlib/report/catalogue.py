"""The words of a rule for a reader; a rule that the catalogue does not hold is shown by its id."""

from __future__ import annotations

import pandas as pd

from auditlib.base.language import Text
from auditlib.rules.registry import RULES, family_of
from auditlib.tables.wording import word

COLOURED_OWED = "missed"
family = family_of
NOT_LISTED = Text("（本版规则目录中没有此规则）", "(this rule is not in the catalogue of this version)")


def title(rule: str, language: str) -> str:
    return RULES[rule].title.into(language) if rule in RULES else word(rule, language)


def criterion(rule: str, language: str) -> str:
    return (RULES[rule].criterion if rule in RULES else NOT_LISTED).into(language)


def innocent(rule: str, language: str) -> list[str]:
    return [text.into(language) for text in RULES[rule].innocent] if rule in RULES else []


def is_owed(family_or_rule: str) -> bool:
    """Is the money at stake owed to children (family missed), rather than paid wrongly?"""
    return family(family_or_rule) == COLOURED_OWED


def by_want(idle: pd.DataFrame, language: str) -> list[tuple[str, str]]:
    """What is missing, and the titles of the rules that were not run for want of it: one line for each want."""
    between = "、" if language == "zh" else ", "
    return [
        (word(reason, language), between.join(title(rule, language) for rule in rules))
        for reason, rules in idle.groupby("not_run_reason", sort=False)["rule"]
    ]
