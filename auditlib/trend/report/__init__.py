"""The parts of the report over the terms, each a value that a notebook shows by itself."""

from auditlib.trend.report.children import children
from auditlib.trend.report.deadlines import deadlines
from auditlib.trend.report.limits import limits, manifest
from auditlib.trend.report.overview import overview
from auditlib.trend.report.precision import precision
from auditlib.trend.report.rates import rates
from auditlib.trend.report.rhythm import half_year, month, quarter
from auditlib.trend.report.schools import schools
from auditlib.trend.report.standing import standing

SECTIONS = (
    overview, rates, schools, children, standing, precision, deadlines, month, quarter, half_year, limits, manifest,
)  # fmt: skip
"""In the order of the notebook."""

__all__ = [
    "children",
    "deadlines",
    "half_year",
    "limits",
    "manifest",
    "month",
    "overview",
    "precision",
    "quarter",
    "rates",
    "schools",
    "standing",
]
