"""Invented counties: registers, payments and ledgers as a county would send them, with planted cases.

Everything is made up and drawn from a seed; the successful payments nevertheless tie out exactly to a
published table. See :mod:`samples.plan` for what a county is made of,
:mod:`samples.tie_out` for how the counts of each rate are solved for, and
``data_samples/README.md`` for the files.
"""

from samples.deliver import write_samples
from samples.plan import COUNTIES, CountyPlan

__all__ = ["COUNTIES", "CountyPlan", "write_samples"]
