"""What a list of payments says of its own amounts in a column or a line that nobody reads: 退回金额, 扣减, 补发金额 beside 金额; a
line 以下学生退汇 with rows below it.

Read without them a child whose money came back counts as paid. Which of them holds is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditlib.base.errors import Problem
from auditlib.cells.hygiene import NOTHING
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.inquiries import line_within, money_changed
from auditlib.ingest.headers.layout import HeaderCell, Layout
from auditlib.ingest.headers.spellings import normal
from auditlib.ingest.rows.list_sums import figure
from auditlib.ingest.rows.sorting import Sorting
from auditlib.tables.vocabulary import spelling

_OF_WHAT = r"(?:的)?(?:资助|补助)?(?:金额|资金|款项?|数?额|数|日期|时间)?(?:\(元\))?"
_BACK = re.compile(
    rf"(?:已|应|需|实际)?(?:退回|退汇|退款|退票|追回|收回|冲回|冲减|扣回|扣减|扣发|扣除|扣款|核减){_OF_WHAT}"
)
_MORE = re.compile(rf"(?:已|应|需|实际)?(?:补发|补差|补足|追补|追加){_OF_WHAT}")
_NET = re.compile("实|到账|到卡|打卡|入账|合计|总")  # of an amount that has taken them in
_LONGEST = 30  # characters of a line
_LINES = {
    "payments": re.compile("退汇|退回|退票|退款|失败|[未不停缓][发]|[未不]成功|未到账|暂缓|取消"),
    "enrolment": re.compile("休学|退学|转出|辍学|流失|死亡|已?毕业的?学?生?$"),
    "eligibility": re.compile("退出|停保|停发|死亡|清退|注销|取消|不再享受"),
}


def money_beside(
    task: Task, grid: Grid, layout: Layout, records: Sequence[int], helpers: Sequence[int]
) -> Iterator[Problem]:
    """A question for each column that tells of money that came back, or was added, at its first row."""
    amount = layout.columns.get("amount")
    if task.table.name != "payments" or amount is None:
        return
    for header in layout.unused:
        if header.is_unneeded or header.position in helpers or not _changes(header, amount):
            continue
        rows = [row for row in records if _tells(grid.columns[header.position][row])]
        rows = [row for row in rows if not _is_returned(task, grid, layout, row)]
        if rows:
            yield money_changed(task.place(grid, rows[0]), header.text, amount.text, len(rows))


def _changes(header: HeaderCell, amount: HeaderCell) -> bool:
    text = normal(header.text)
    return bool(_BACK.fullmatch(text) or (_MORE.fullmatch(text) and not _NET.search(normal(amount.text))))


def _tells(cell: str | None) -> bool:
    """A sum that is not nought, or a day."""
    text = bare(cell)
    sum_told = figure(cell)
    return bool(sum_told) if sum_told is not None else any(map(str.isdigit, text)) and text not in NOTHING


def _is_returned(task: Task, grid: Grid, layout: Layout, row: int) -> bool:
    """Does the row say itself that the money came back: by its result, or as a negative amount?"""
    result, amount = (
        layout.columns.get("result"),
        figure(grid.columns[layout.columns["amount"].position][row]),
    )
    codes = task.words.get("result", {})
    word = spelling(grid.columns[result.position][row] or "") if result else ""
    return codes.get(word) == "returned" or (amount is not None and amount < 0)


def lines_within(task: Task, grid: Grid, sorting: Sorting) -> Iterator[Problem]:
    """A question for the first line among the records that says of the rows below it what none of their columns says."""
    words = _LINES.get(task.table.name)
    if words is None or not sorting.records:
        return
    first, last = sorting.records[0], sorting.records[-1]
    for row in range(first, last):
        filled_cells = [cell for cell in grid.row(row) if cell]
        text = bare(filled_cells[0]) if len({*filled_cells}) == 1 else ""
        if len(text) <= _LONGEST and (match := words.search(text)):
            yield line_within(task.place(grid, row), match.group())
            return
