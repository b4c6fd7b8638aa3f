"""The one door through which workbooks are written: a cell holds what it was given, and the clock leaves no trace."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook

NO_CLOCK = dt.datetime(2000, 1, 1)  # the same bytes for the same cells
AS_IT_STANDS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(target: Path | BytesIO, title: str = "", comments: str = "", **options: bool) -> Workbook:
    """A new workbook at ``target``, closed by its ``with``. No text becomes a formula, a link or a number because it looks
    like one. ``title``, ``comments``: told by the file's properties; ``options``: xlsxwriter's own, besides."""
    book = Workbook(str(target) if isinstance(target, Path) else target, AS_IT_STANDS | options)
    words = {name: text for name, text in (("title", title), ("comments", comments)) if text}
    book.set_properties({"created": NO_CLOCK} | words)
    return book
