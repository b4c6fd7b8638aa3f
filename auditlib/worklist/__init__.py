"""The working list: findings.xlsx for the county's staff, a sheet a town or school, and its way back."""

from auditlib.worklist.reading import read_worklist
from auditlib.worklist.writing import write_worklist

__all__ = ["read_worklist", "write_worklist"]
