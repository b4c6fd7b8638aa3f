"""The tables that rules stand on are what their declaration says: of nothing else can an audit be made."""

from __future__ import annotations

from dataclasses import replace

import ibis
import pytest
from plain_county import parameters_of, policy_of

from auditlib.audit.assemble import Audit
from auditlib.rules import RULES
from auditlib.tables.audit_tables import AUDIT_TABLES, LAST_TERM, NotAsDeclared, register_tables
from auditlib.tables.delivered import TABLES


@pytest.fixture(scope="module")
def audit() -> Audit:
    """An audit of the declared tables alone, without a row."""
    parameters = parameters_of()
    tables_by_name = {name: ibis.table(table.schema, name) for name, table in AUDIT_TABLES.items()}
    rows = {name: ibis.table(table.schema, f"rows_{name}") for name, table in register_tables().items()}
    last_term = ibis.table(LAST_TERM.schema, "last_term")
    columns_found = {name: frozenset(table.by_name) for name, table in TABLES.items()}
    return Audit(
        parameters,
        policy_of(parameters),
        rows,
        **tables_by_name,
        columns_found=columns_found,
        last_term=last_term,
    )


@pytest.mark.parametrize(
    "other",
    [
        {"person_id": "string", "day": "date"},
        {"day": "date"},
        {"worked": "int64", "day": "date"},
        {"day": "date", "worked": "int32"},
    ],
    ids=["another column", "a column fewer", "another order", "another type"],
)
def test_a_table_that_is_not_as_declared_makes_no_audit(audit: Audit, other: dict[str, str]) -> None:
    with pytest.raises(NotAsDeclared, match="calendar: not declared"):
        replace(audit, calendar=ibis.table(other, "calendar"))


def test_a_delivered_table_that_is_not_as_declared_makes_no_audit(audit: Audit) -> None:
    with pytest.raises(NotAsDeclared, match=r"funds: .*document_no"):
        replace(audit, rows={**audit.rows, "funds": audit.rows["funds"].drop("document_no")})


def test_a_successful_payment_has_every_column_of_the_payments() -> None:
    """So that one column more in the list of payments is declared in one place."""
    rows, payments = (AUDIT_TABLES["paid_rows"].columns, register_tables()["payments"].columns)
    columns_needed = [column for column in payments if not column.name.endswith("_defect") or column in rows]
    assert list(rows[: len(columns_needed)]) == columns_needed
    assert {column.name for column in columns_needed} >= {*TABLES["payments"].by_name, "account_no_defect"}


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_needs_no_column_that_the_page_of_tables_does_not_tell(audit: Audit, rule) -> None:
    population = rule.apply(audit)
    assert {"exception", "reason", "at_stake"} <= set(population.columns)
