"""Statistics with the schemes or categories side by side: refused with what to write, not read as one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditlib.ingest.cells import bare
from auditlib.ingest.grids import Grid
from auditlib.tables.vocabulary import spelling

SEARCHED = 40  # rows with something in them, from the top
FEWEST = 2  # schemes or categories in one row
_HINT = re.compile(r"[(\[（【].*$|(?:资金|金额|人数|人次|小计)$")


def side_by_side(grid: Grid, words: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The headers of a row that names several schemes, or several categories; empty where there is no such row."""
    for row in grid.filled_rows(SEARCHED):
        texts = [_HINT.sub("", bare(cell)) or bare(cell) for cell in grid.row(row)]
        for kind in ("scheme", "category"):
            codes = {text: words.get(kind, {}).get(spelling(text)) for text in texts if text}
            if len({code for code in codes.values() if code}) >= FEWEST:
                return [text for text, code in codes.items() if code]
    return []
