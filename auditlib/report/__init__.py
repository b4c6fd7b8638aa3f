"""The audit report: each part a value a notebook shows, put together into one page that needs no network."""

from auditlib.report.breakdown import breakdown
from auditlib.report.children import children
from auditlib.report.conclusion import conclusion
from auditlib.report.findings_lists import findings_lists, scheme_titles
from auditlib.report.funnel import funnel
from auditlib.report.limits import limits
from auditlib.report.linkage import linkage
from auditlib.report.manifest import manifest
from auditlib.report.overview import rule_overview
from auditlib.report.standards import standards
from auditlib.report.tie_out import tie_out
from auditlib.report.whereabouts import whereabouts

__all__ = [
    "breakdown",
    "children",
    "conclusion",
    "findings_lists",
    "funnel",
    "limits",
    "linkage",
    "manifest",
    "rule_overview",
    "scheme_titles",
    "standards",
    "tie_out",
    "whereabouts",
]
