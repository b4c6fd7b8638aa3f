"""The audit report: each part a value a notebook shows, put together into one page that needs no network."""

from auditlib.report.breakdown import breakdown
from auditlib.report.children import children
from auditlib.report.conclusion import conclusion
from auditlib.report.files import files
from auditlib.report.findings_lists import findings_lists
from auditlib.report.funnel import funnel
from auditlib.report.limits import limits, untested_rows
from auditlib.report.linkage import linkage
from auditlib.report.manifest import manifest
from auditlib.report.named_children import named_children
from auditlib.report.overview import rule_overview
from auditlib.report.rectification import requirements_in_full
from auditlib.report.standards import standards
from auditlib.report.tie_out import tie_out, totals_in_full
from auditlib.report.whereabouts import whereabouts

__all__ = [
    "breakdown",
    "children",
    "conclusion",
    "files",
    "findings_lists",
    "funnel",
    "limits",
    "linkage",
    "manifest",
    "named_children",
    "requirements_in_full",
    "rule_overview",
    "standards",
    "tie_out",
    "totals_in_full",
    "untested_rows",
    "whereabouts",
]
