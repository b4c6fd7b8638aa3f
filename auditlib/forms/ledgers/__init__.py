"""``ledgers/*.xlsx``: what a bureau keeps and hands on, in full: one declared form each, filled from one run."""

from auditlib.forms.ledgers.books import LEDGERS, RECTIFICATION, write_ledgers, write_rectification
from auditlib.forms.ledgers.content import issues

__all__ = ["LEDGERS", "RECTIFICATION", "issues", "write_ledgers", "write_rectification"]
