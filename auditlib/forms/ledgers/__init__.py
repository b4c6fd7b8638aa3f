"""``ledgers/*.xlsx``: what a bureau keeps and hands on, in full: one declared form each, filled from one run."""

from auditlib.forms.ledgers.books import LEDGERS, write_ledgers

__all__ = ["LEDGERS", "write_ledgers"]
