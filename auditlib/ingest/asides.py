"""What a column that nobody reads says of a record, where the column that should say it is missing.

A list without 发放结果 counts every payment as made; one whose 备注 says 退汇 of some of them must not be read so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from auditlib.base.errors import Problem
from auditlib.ingest import problems
from auditlib.ingest.cells import ColumnCells, bare
from auditlib.ingest.grids import Grid
from auditlib.ingest.headers import Layout
from auditlib.ingest.looks import MOST, SAMPLE, codes_among, share
from auditlib.ingest.tasks import Task

# Whole cells only, but for a day or a place: 上学期退汇补发 is another matter, and no one's but the inspector's.
_ASIDES = {
    ("payments", "result"): (
        "(?:已|被|银行|银行已)?(?:退汇|退票|退回|退款)|(?:打卡|发放|支付|代发|入账|转账|交易|汇款)?(?:失败|不成功|未成功)|未到账"
    ),
    ("enrolment", "status"): "已?(?:休学|退学|转出|转学|辍学|流失|失学|死亡|毕业)|病故|亡故",
}
_LONGEST = 30  # characters of such a remark, spaces included
_DAY = r"(?:20[0-9]{6}|(?:20[0-9]{2}[-./年])?[0-9]{1,2}[-./月](?:[0-9]{1,2}日?)?|20[0-9]{2}[-./][0-9]{1,2})"
# A day or a place beside the word: 已转出(2024.9.20), 9月12日死亡, 转学至外县.
_BEFORE = rf"(?P<before>于?(?P<day>{_DAY})[,:]?)?"
_AFTER = rf"(?P<after>[(,:]?[于自从]?(?P<since>{_DAY})起?\)?|\([^()]*\)|[至到往].{{1,15}})?"
_UNDONE = re.compile("复学|返校|回校|转入|取消|未|已补")  # what stands beside has set it right


def asides(task: Task, grid: Grid, layout: Layout, records: Sequence[int]) -> Iterator[Problem]:
    """A problem for each column of the sheet that speaks for one that is not there, at the first such row."""
    for (table, column), words in _ASIDES.items():
        if table == task.table.name and not _has_column(column, layout, task.constants):
            yield from _asides_of(task, grid, layout, records, column, words)


def _has_column(column: str, layout: Layout, constants: Mapping[str, str]) -> bool:
    return column in layout.columns or column in constants


def _speaks_for_itself(task: Task, column: str, cells: ColumnCells) -> bool:
    """Is it the missing column under another header? That is asked about by itself (:mod:`overlooked`)."""
    declared = task.table.by_name[column]
    sample = [*islice((cell for cell in cells if cell), SAMPLE)]
    return len(codes_among(declared, sample, task.knowledge)) > 1 and (
        (share(declared, sample, task.knowledge) or 0) >= MOST
    )


def _asides_of(
    task: Task, grid: Grid, layout: Layout, records: Sequence[int], column: str, words: str
) -> Iterator[Problem]:
    for header in layout.unused:
        cells = grid.columns[header.position]
        if header.is_unneeded or _speaks_for_itself(task, column, cells):
            continue
        for row in records:
            cell = cells[row]
            aside = _aside(cell, words) if cell is not None else None
            if aside:
                place = task.place(grid, row)
                yield problems.said_aside(task.table, column, place, header.text, aside["word"])
                break


@lru_cache(maxsize=4096)
def _aside(cell: str, words: str) -> re.Match[str] | None:
    """The word with what stands beside it; None where the cell is something else, or says that it is set right."""
    text = bare(cell)
    match = _pattern(words).fullmatch(text) if len(text) <= _LONGEST else None
    return match if match and not _UNDONE.search(f"{match['before']}{match['after']}") else None


@lru_cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(f"{_BEFORE}(?P<word>{words}){_AFTER}")


def status_and_day(cell: str | None) -> tuple[str | None, str | None]:
    """已转出(2024.9.20) as the status and its day; another cell as it stands, without a day."""
    match = _aside(cell, _ASIDES["enrolment", "status"]) if cell else None
    return (match["word"], match["day"] or match["since"]) if match else (cell, None)
