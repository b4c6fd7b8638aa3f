"""A school's former names: behind its own in one cell, 青山小学（原西山小学）, or in several columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditlib.ingest.files.cells import CellsByColumn, ColumnCells, bare

_FORMER = re.compile(r"(?P<name>.{2,30}?)\((?:原名?|曾用名|前身是?|旧称|更名前)[:为是]?(?P<former>.{2,30})\)")


def with_former_names(cells: CellsByColumn, others: Sequence[ColumnCells]) -> CellsByColumn:
    """The names of schools and, beside them, the former names that stand in brackets or in several columns (``others`` than the
    first); nothing where neither is so."""
    if "alias" in cells:
        columns = zip(cells["alias"], *others, strict=True)
        return {"alias": ["、".join(filter(None, aliases)) or None for aliases in columns]} if others else {}
    matches = [_FORMER.fullmatch(bare(cell)) if cell else None for cell in cells.get("school_name", ())]
    if not any(matches):
        return {}
    names = [
        match["name"] if match else cell for match, cell in zip(matches, cells["school_name"], strict=True)
    ]
    return {"school_name": names, "alias": [match["former"] if match else None for match in matches]}
