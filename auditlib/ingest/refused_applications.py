"""认定结果=不予认定: an application that was refused recognises nobody, and the ledger has no column that would say so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from auditlib.base.errors import Problem
from auditlib.ingest import questions
from auditlib.ingest.cells import bare
from auditlib.ingest.grids import Grid
from auditlib.ingest.headers import Layout
from auditlib.ingest.rows import Sorting
from auditlib.ingest.tasks import Task

_REFUSED = re.compile(
    "(?:审核|评议|审批|认定|公示)?(?:结果)?[:：]?(?:不予|不同意|不通过|不合格|不符合|不认定|不批准|未获?(?:通过|批准|认定)|驳回|否决)"
    "(?:认定|通过|批准|资助|受理|条件|要求|标准|申请)*"
)
_YES_OR_NO = re.compile("是否.{0,6}(?:认定|通过|同意|批准|符合)|(?:认定|审核|评议|审批)(?:结果|结论)")
_NO = ("否", "不", "无", "未通过")


def refused_applications(task: Task, grid: Grid, layout: Layout, sorting: Sorting) -> list[Problem]:
    """A question for each unused column of a ledger of applications that says of some that they were refused."""
    if task.table.name != "applications":
        return []
    return list(_questions(task, grid, layout, sorting))


def _questions(task: Task, grid: Grid, layout: Layout, sorting: Sorting) -> Iterator[Problem]:
    for header in layout.unused:
        column, says_no = grid.columns[header.position], bool(_YES_OR_NO.search(bare(header.text)))
        refusals = Counter(
            cell for row in sorting.records if (cell := column[row]) and _is_refusal(cell, says_no=says_no)
        )
        if refusals and not header.is_unneeded:
            [(word, _most)] = refusals.most_common(1)
            place = task.header_place(grid, layout)
            yield questions.refused_applications(place, header.text, word, refusals.total())


@lru_cache(maxsize=1024)
def _is_refusal(cell: str, *, says_no: bool) -> bool:
    text = bare(cell)
    return bool(_REFUSED.fullmatch(text)) or (says_no and text in _NO)
