"""How cells look in every workbook that is written: one colour for what is to be filled in, one for heads, one for warnings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

Look = Mapping[str, Any]
"""What xlsxwriter calls a format's properties."""

TEXT: Look = {"num_format": "@"}
"""A number of a person stays as it is typed."""
COUNT: Look = {"num_format": "#,##0"}
YUAN: Look = {"num_format": "#,##0.00"}
DAY: Look = {"num_format": "yyyy-mm-dd"}
HEAD: Look = {"bold": True, "bg_color": "#E4EAF0"}
PALE_HEAD: Look = {"bold": True, "bg_color": "#E8EEF4"}
TO_FILL_IN: Look = {"bg_color": "#FFF8DC"}
WARNING: Look = {"bold": True, "font_color": "#9C2A10"}
KEY: Look = {"font_color": "#9AA5AE", **TEXT}
WRAPPED: Look = {"text_wrap": True, "valign": "top"}


def title(size: int) -> Look:
    return {"bold": True, "font_size": size}


def formats(book: Workbook, looks: Mapping[str, Look]) -> dict[str, Format]:
    """``looks`` by their names, made for ``book``."""
    return {name: book.add_format(dict(look)) for name, look in looks.items()}
