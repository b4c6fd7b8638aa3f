"""The rule catalogue: importing it enters every rule, in the order of the contract."""

from auditlib.rules import missed, missed_others, duplicate, duplicate_records, mismatch, mismatch_place, mismatch_register, ineligible, amount, procedure, approval, totals, payments, attendance, headcount, dropouts, closures, home_teaching, warning, letters, vanished, money_received  # fmt: skip  # noqa: F401, I001 - order is the catalogue's
from auditlib.rules.registry import RULES, Rule

__all__ = ["RULES", "Rule"]
