"""How findings look: the columns of the list, the words for their codes, and what is masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.base.places import ROOT
from auditlib.law.policy import read_policy
from auditlib.page.markup import NOTHING, is_missing, probability, yuan
from auditlib.rules import RULES
from auditlib.rules.city import RECHECK_RULES
from auditlib.tables.findings import PARTICULARS, column_title, masked
from auditlib.tables.wording import WORDS, category_word, word
from auditlib.workbench.list_filter import AMOUNTS, CHOICES

RULE_TITLES = {name: rule.title for name, rule in (RULES | RECHECK_RULES).items()}
ABSENT = Text("（无）", "(none)")


@dataclass(frozen=True)
class ShownColumn:
    """A column of the list: ``front`` ones are shown until the inspector asks for more."""

    name: str
    front: bool = True

    @property
    def title(self) -> Text:
        return column_title(self.name)

    @property
    def kind(self) -> str:
        return "choice" if self.name in CHOICES else "amount" if self.name in AMOUNTS else "text"


FRONT = ("severity", "rule", "name", "id_number", "school_name", "town", "at_stake", "disposition", "message")
ORDER = (
    "severity", "rule", "name", "id_number", "school_name", "town", "scheme", "at_stake", "disposition", "message", "reason",
    "amount_due", "amount_paid", "confidence", "student_no", "sources", "policy_ref", "number", *PARTICULARS,
)  # fmt: skip
COLUMNS = tuple(ShownColumn(name, name in FRONT) for name in ORDER)
TITLES = {column.name: column.title for column in COLUMNS} | {"family": column_title("family")}


@dataclass(frozen=True)
class Labels:
    """Words for the codes of one run: ``schemes`` holds the titles that its policy gives, ``term`` the term whose names of the
    categories are used."""

    language: str
    schemes: Mapping[str, Text] = field(default_factory=dict)
    term: str = ""

    def of(self, column: str, code: str) -> str:
        """What an inspector reads for ``code``; a code without words as it stands."""
        if not code:
            return ABSENT.into(self.language)
        if column == "rule" and code in RULE_TITLES:
            return RULE_TITLES[code].into(self.language)
        if column == "scheme" and code in self.schemes:
            return self.schemes[code].into(self.language)
        if column == "category":
            return category_word(code, self.term, self.language)
        return word(f"family.{code}" if column == "family" else code, self.language)

    def ranked(self, column: str, codes: list[str]) -> list[str]:
        """Codes in the order in which an inspector expects them: the catalogue's, or the words'."""
        order = {code: at for at, code in enumerate(RULE_TITLES if column == "rule" else WORDS)}
        return sorted(codes, key=lambda code: (order.get(code, len(order)), self.of(column, code)))


def scheme_titles(manifest: Mapping[str, Any]) -> dict[str, Text]:
    """The titles of the schemes in the run's policy; none where its files are no longer here."""
    names = (manifest.get("parameters") or {}).get("policy") or []
    try:
        return {name: scheme.title for name, scheme in read_policy(names, ROOT).schemes.items()}
    except AuditError:
        return {}


def cells(rows: pd.DataFrame, labels: Labels, *, unmasked: bool) -> list[dict[str, str]]:
    """Findings as text, column by column."""
    visible_rows = rows if unmasked else masked(rows)
    texts = {
        column.name: [_text(column, value, labels) for value in visible_rows[column.name]]
        for column in COLUMNS
    }
    return [{name: texts[name][at] for name in texts} for at in range(len(visible_rows))]


def _text(column: ShownColumn, value: Any, labels: Labels) -> str:
    if is_missing(value) or value == "":
        return NOTHING
    if column.kind == "choice":
        return labels.of(column.name, str(value))
    if column.name == "confidence":
        return probability(float(value)) if float(value) < 1 else "1.00"
    return yuan(value) if column.kind == "amount" else str(value)
