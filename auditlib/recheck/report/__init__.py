"""The parts of the city's report, each a value that a notebook shows by itself."""

from auditlib.recheck.report.conclusions import conclusions
from auditlib.recheck.report.counties import comparison, overview
from auditlib.recheck.report.draw import draw
from auditlib.recheck.report.limits import limits, manifest
from auditlib.recheck.report.points import across_counties, points

__all__ = ["across_counties", "comparison", "conclusions", "draw", "limits", "manifest", "overview", "points"]
