"""What a column that nobody reads says of a record, where the column that should say it is missing.

A list without 发放结果 counts every payment as made; one whose 备注 says 退汇 of some of them must not be read so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from auditlib.base.errors import Problem
from auditlib.ingest import problems
from auditlib.ingest.cells import ColumnCells, bare
from auditlib.ingest.grids import Grid
from auditlib.ingest.headers import Layout
from auditlib.ingest.looks import MOST, SAMPLE, codes_among, share
from auditlib.ingest.tasks import Task

# Whole cells only: 上学期退汇补发 is another matter, and no one's but the inspector's.
_ASIDES = {
    ("payments", "result"): (
        "(?:已|被|银行|银行已)?(?:退汇|退票|退回|退款)|(?:打卡|发放|支付|代发|入账|转账|交易|汇款)?(?:失败|不成功|未成功)|未到账"
    ),
    ("enrolment", "status"): "已?(?:休学|退学|转出|转学|辍学|流失|失学|死亡|毕业)|病故|亡故",
}
_LONGEST = 12  # characters of such a word, spaces included


def asides(task: Task, grid: Grid, layout: Layout, records: Sequence[int]) -> Iterator[Problem]:
    """A problem for each column of the sheet that speaks for one that is not there, at the first such row."""
    for (table, column), words in _ASIDES.items():
        if table == task.table.name and not _has_column(column, layout, task.constants):
            yield from _asides_of(task, grid, layout, records, column, re.compile(words))


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
    task: Task, grid: Grid, layout: Layout, records: Sequence[int], column: str, words: re.Pattern[str]
) -> Iterator[Problem]:
    for header in layout.unused:
        cells = grid.columns[header.position]
        if header.is_unneeded or _speaks_for_itself(task, column, cells):
            continue
        matches: dict[str | None, bool] = {None: False}
        for row in records:
            cell = cells[row]
            if cell not in matches:
                assert cell is not None
                matches[cell] = len(cell) <= _LONGEST and bool(words.fullmatch(bare(cell)))
            if cell is not None and matches[cell]:
                yield problems.said_aside(task.table, column, task.place(grid, row), header.text, bare(cell))
                break
