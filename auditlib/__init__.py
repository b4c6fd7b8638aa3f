"""The audit workbench for student aid: three registers, dated law, rules, findings, reports.

For analysts: ``run = auditlib.open_run(folder)``, then ``run.findings()``, ``run.table("payments")``, ``run.tables``.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditlib.runs.analysis import OpenRun

__version__ = "0.1.0"
__all__ = ["__version__", "open_run"]


def open_run(folder: str | PathLike[str], *, language: str = "zh") -> OpenRun:
    """A county's run, to be read as pandas frames: masked, unless who and why are logged. ``folder``: its output_dir.

    Raises AuditError, in ``language``, for a run that is older, half-written, a city's, or none.
    """
    from auditlib.package.keys import numbers_key  # with engine and frames: not before they are needed
    from auditlib.runs.analysis import open_for_analysis

    return open_for_analysis(Path(folder), numbers_key(), language)
