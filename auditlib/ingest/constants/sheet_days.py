"""The day that holds for a whole sheet and stands above its header, in its title or in its name only: that on which heads were
counted (截至2024年10月28日), the days of a posting (公示时间：2024年9月16日至9月23日)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from auditlib.ingest.files.cells import bare
from auditlib.ingest.ledgers.days import PERIOD, period_of

_DAY = r"(20[0-9]{2})[-./年](1[0-2]|0?[1-9])[-./月](3[01]|[12][0-9]|0?[1-9])(?![0-9])"
_ANY_DAY = re.compile(rf"(?<![0-9]){_DAY}")
_COUNTED_PATTERN = re.compile(
    rf"(?:截至|截止|清点|统计|点名|核查|比对|核对|清查|排查)(?:日期|时间|到)?[:于]?{_DAY}"
)
# Days on which the sheet was filled in, printed or handed in
_OF_PAPER = re.compile("填报|填表|制表|打印|导出|报送|上报|更新|印发|填写|公示|入学|出生")
_POSTED_PATTERN = re.compile(rf"公示(?:起止|起讫)?(?:日期|时间|期限|期|时段)?(?:\([^()]*\))?[:为]?({PERIOD})")


def counted_on(rows: Iterable[Sequence[str | None]], names: Iterable[str]) -> str:
    """The one day of counting that the lines above a header (``rows``), else the names of sheet and file tell; empty where none does."""
    lines = [[bare(cell) for cell in row] for row in rows]
    near = [text for line in lines for text in line]
    candidates = (
        _days(_COUNTED_PATTERN, near),
        _days(_ANY_DAY, _plain(lines)),
        _days(_ANY_DAY, map(bare, names)),
    )
    nearest = next((days for days in candidates if days), set())
    return nearest.pop() if len(nearest) == 1 else ""


def _days(form: re.Pattern[str], texts: Iterable[str]) -> set[str]:
    return {"-".join(match.groups()[:3]) for text in texts for match in form.finditer(text)}


def _plain(lines: Iterable[Sequence[str]]) -> Iterator[str]:
    """The texts of which neither they nor the cell before them say that the day is the paper's."""
    for line in lines:
        for at, text in enumerate(line):
            label = next((cell for cell in reversed(line[:at]) if cell), "")
            if not _OF_PAPER.search(text) and not (label.endswith(":") and _OF_PAPER.search(label)):
                yield text


def posted_on(texts: Iterable[str | None]) -> tuple[str, str] | None:
    """The first and the last day of the one posting that the lines above a header tell, with its year."""
    periods = {match[1] for text in texts for match in _POSTED_PATTERN.finditer(bare(text))}
    if len(periods) != 1:
        return None
    first, last = period_of(periods.pop(), "")
    return (first, last) if first and last and first != last else None
