"""The audit workbench for student aid: three registers, dated law, rules, findings, reports."""

__version__ = "0.1.0"
