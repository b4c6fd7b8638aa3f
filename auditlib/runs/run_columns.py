"""The tables of a run's folder, declared: findings and their subjects, the audit's own, the registers as delivered.

Columns come from auditlib/tables; a test holds the tables to what a run writes.
"""

from __future__ import annotations

from auditlib.base.language import Text
from auditlib.tables.audit_tables import (
    AUDIT_TABLES,
    PAIR,
    PAIR_KEY,
    PERSON,
    AuditTable,
    columns,
    of_finding,
    register,
)
from auditlib.tables.delivered import TABLES

FINDINGS = "findings"
KEPT_TABLES = ("pupils", "eligible", "payees", "people", "aid")
LAW = ("standards", "school_names", "open_pairs")


def _table(name: str, title: Text, row: Text, names: str, *key: str) -> AuditTable:
    return AuditTable(name, title, row, columns(names), key)


_FINDING = Text("一条疑点", "a finding")
_OWN = (
    AuditTable(FINDINGS, Text("疑点", "Findings"), _FINDING, of_finding()),
    _table(
        "subjects", Text("疑点的主体", "Subjects"), _FINDING,
        "finding_id rule subject person_id account_no", "finding_id",
    ),
)  # fmt: skip
_UNCLEAR = _table(
    "unclear", Text("未能检验的人", "Unclear"), Text("一个人", "a person"),
    f"person_id judged why {PERSON} town school_name records", "person_id",
)  # fmt: skip
_SHARES = _table(
    "shares", Text("模型比较过的记录对", "Pairs weighed"), Text("一对记录", "a pair of records"), f"{PAIR} record_l", *PAIR_KEY,
)  # fmt: skip


def run_tables() -> dict[str, AuditTable]:
    """Every table of a run by name: findings and what was assembled, then the registers as delivered."""
    of_persons, of_law = ([AUDIT_TABLES[name] for name in names] for names in (KEPT_TABLES, LAW))
    assembled_columns = (*_OWN, *of_persons, _UNCLEAR, *of_law, _SHARES)
    registers = (register(table, ("score",) if "name" in table.by_name else ()) for table in TABLES.values())
    return {table.name: table for table in (*assembled_columns, *registers)}
