"""How findings look: the columns of the list, the words for their codes, and what is masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from auditlib.base import masking
from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.base.places import ROOT
from auditlib.findings.particulars import TITLES as PARTICULARS
from auditlib.law.policy import read_policy
from auditlib.page.markup import NOTHING, is_missing, yuan
from auditlib.rules import RULES
from auditlib.rules.city import RECHECK_RULES
from auditlib.tables.wording import WORDS, word
from auditlib.workbench.details import masked_columns
from auditlib.workbench.selection import AMOUNTS, CHOICES

RULE_TITLES = {name: rule.title for name, rule in (RULES | RECHECK_RULES).items()}
ABSENT = Text("（无）", "(none)")


@dataclass(frozen=True)
class Column:
    """A column of the list: ``front`` ones are shown until the inspector asks for more."""

    name: str
    title: Text
    front: bool = True

    @property
    def kind(self) -> str:
        return "choice" if self.name in CHOICES else "amount" if self.name in AMOUNTS else "text"


COLUMNS = (
    Column("severity", Text("程度", "Severity")),
    Column("rule", Text("规则", "Rule")),
    Column("name", Text("姓名", "Name")),
    Column("id_number", Text("身份证号", "ID number")),
    Column("school_name", Text("学校", "School")),
    Column("town", Text("乡镇", "Town")),
    Column("scheme", Text("资助项目", "Scheme"), front=False),
    Column("at_stake", Text("涉及金额", "At stake")),
    Column("disposition", Text("处理", "Disposition")),
    Column("message", Text("疑点说明", "What was found")),
    Column("reason", Text("原因", "Reason"), front=False),
    Column("amount_due", Text("应发", "Due"), front=False),
    Column("amount_paid", Text("已发", "Paid"), front=False),
    Column("confidence", Text("可信度", "Confidence"), front=False),
    Column("student_no", Text("学籍号", "Student number"), front=False),
    Column("sources", Text("来源", "Sources"), front=False),
    Column("policy_ref", Text("依据", "Basis"), front=False),
    Column("number", Text("疑点编号", "Finding no."), front=False),
    *(Column(name, title, front=False) for name, title in PARTICULARS.items()),
)
TITLES = {column.name: column.title for column in COLUMNS} | {"family": Text("类别", "Family")}


@dataclass(frozen=True)
class Labels:
    """Words for the codes of one run: ``schemes`` holds the titles that its policy gives."""

    language: str
    schemes: Mapping[str, Text] = field(default_factory=dict)

    def of(self, column: str, code: str) -> str:
        """What an inspector reads for ``code``; a code without words as it stands."""
        if not code:
            return ABSENT.into(self.language)
        if column == "rule" and code in RULE_TITLES:
            return RULE_TITLES[code].into(self.language)
        if column == "scheme" and code in self.schemes:
            return self.schemes[code].into(self.language)
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


def masked(rows: pd.DataFrame) -> pd.DataFrame:
    """Findings as they may be shown to anyone in the office: names, numbers, and both inside sentences."""
    hidden = masking.mask_findings(rows).assign(sources=masking.scrub_texts(rows["sources"]))
    return hidden.assign(**masked_columns(rows))


def cells(rows: pd.DataFrame, labels: Labels, *, unmasked: bool) -> list[dict[str, str]]:
    """Findings as text, column by column."""
    visible_rows = rows if unmasked else masked(rows)
    texts = {
        column.name: [_text(column, value, labels) for value in visible_rows[column.name]]
        for column in COLUMNS
    }
    return [{name: texts[name][at] for name in texts} for at in range(len(visible_rows))]


def _text(column: Column, value: Any, labels: Labels) -> str:
    if is_missing(value) or value == "":
        return NOTHING
    if column.kind == "choice":
        return labels.of(column.name, str(value))
    if column.name == "confidence":
        return f"{float(value):.2f}"
    return yuan(value) if column.kind == "amount" else str(value)
