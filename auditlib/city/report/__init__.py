"""The parts of the city's report, each a value that a notebook shows by itself."""

from auditlib.city.report.conclusions import conclusions
from auditlib.city.report.counties import comparison, overview
from auditlib.city.report.draw import draw
from auditlib.city.report.limits import limits, manifest
from auditlib.city.report.points import across_counties, points
from auditlib.city.report.statistics import statistics

__all__ = [
    "across_counties",
    "comparison",
    "conclusions",
    "draw",
    "limits",
    "manifest",
    "overview",
    "points",
    "statistics",
]
