"""The working list: findings.xlsx for the county's staff, a sheet a town or school, and its way back."""

from auditlib.forms.worklist.reading import read_worklist
from auditlib.forms.worklist.writing import write_worklist

__all__ = ["read_worklist", "write_worklist"]
