"""A school's former name behind its own in one cell: 青山小学（原西山小学）."""

from __future__ import annotations

import re

from auditlib.ingest.cells import CellsByColumn, bare

_FORMER = re.compile(r"(?P<name>.{2,30}?)\((?:原名?|曾用名|前身是?|旧称|更名前)[:为是]?(?P<former>.{2,30})\)")


def with_former_names(cells: CellsByColumn) -> CellsByColumn:
    """The names of schools and, beside them, the former names that stand in brackets; nothing where none does."""
    matches = [_FORMER.fullmatch(bare(cell)) if cell else None for cell in cells.get("school_name", ())]
    if not any(matches):
        return {}
    names = [
        match["name"] if match else cell for match, cell in zip(matches, cells["school_name"], strict=True)
    ]
    return {"school_name": names, "alias": [match["former"] if match else None for match in matches]}
