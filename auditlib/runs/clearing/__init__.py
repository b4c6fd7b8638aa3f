"""What would clear a finding: single changes of a person's rows, each put to the rules, the smallest that help told.

Nothing here knows a rule. The changes are made from the kinds of the cells: another day, another code, what the other
rows say, no row, one more row, another person's row after all; whether one helps is what the rule itself answers.
"""

from auditlib.runs.clearing.change import Change
from auditlib.runs.clearing.find import RAISES, Cleared, Clearing, what_clears

__all__ = ["RAISES", "Change", "Cleared", "Clearing", "what_clears"]
