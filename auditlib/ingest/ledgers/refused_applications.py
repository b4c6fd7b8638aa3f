"""Rows of a ledger that say themselves that they do not count, by a column that no table has: 认定结果=不予认定 recognises nobody, a
child of whom 是否辍学 says 否 has not dropped out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from auditlib.base.errors import Problem
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.inquiries import not_dropped_out
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.ledgers.days import OPINION
from auditlib.ingest.messages import questions
from auditlib.ingest.rows.sorting import Sorting

_REFUSED_PATTERN = re.compile(
    "(?:审核|评议|审批|认定|公示)?(?:结果)?[:：]?(?:不予|不同意|不通过|不合格|不符合|不认定|不批准|未获?(?:通过|批准|认定)|驳回|否决)"
    "(?:认定|通过|批准|资助|受理|条件|要求|标准|申请)*"
    "|(?:不|非|不属于?|不是)(?:家庭经济)?困难(?:学生|家庭)?|(?:主动|自愿|本人)?(?:放弃|撤回|取消)(?:申请|资助|资格|认定)?"
)
_GIVEN_UP = re.compile("是否.{0,4}(?:放弃|撤回|取消)")
_YES_OR_NO = re.compile("是否.{0,6}(?:认定|通过|同意|批准|符合)|(?:认定|审核|评议|评审|审批)(?:结果|结论)")
_NO, _YES = ("否", "不", "无", "未通过"), ("是", "√", "有", "已放弃")


_IN_OPINION = re.compile("不予|不同意|不通过|不符合|不批准|驳回|否决|未通过")
_DROPPED_OUT = re.compile("是否.{0,4}(?:辍学|失学|流失)|(?:辍学|失学)(?:与否|核查结果|认定)")
_NOT_DROPPED_OUT = re.compile("否|不是|非辍学|未辍学|不属于|不属辍学|没有辍学")


def refused_applications(task: Task, grid: Grid, layout: Layout, sorting: Sorting) -> list[Problem]:
    """A question for each column of a ledger of applications that says of some that they were refused, and of one of dropouts that
    says of some that they are none."""
    if task.table.name == "dropouts":
        return list(_no_dropouts(task, grid, layout, sorting))
    if task.table.name != "applications":
        return []
    return list(_questions(task, grid, layout, sorting))


def _no_dropouts(task: Task, grid: Grid, layout: Layout, sorting: Sorting) -> Iterator[Problem]:
    for header in layout.unused:
        if header.is_unneeded or not _DROPPED_OUT.search(bare(header.text)):
            continue
        cells = (bare(grid.columns[header.position][row]) for row in sorting.records)
        rows = sum(bool(_NOT_DROPPED_OUT.fullmatch(cell)) for cell in cells)
        if rows:
            yield not_dropped_out(task.header_place(grid, layout), header.text, rows)


def _questions(task: Task, grid: Grid, layout: Layout, sorting: Sorting) -> Iterator[Problem]:
    opinions = [c for c in layout.columns.values() if c.read and c.read.spelling.coding == OPINION]
    levels = [cell for name, cell in layout.columns.items() if name == "level"]
    for header in (*layout.unused, *opinions, *levels):
        column, says_no = grid.columns[header.position], bool(_YES_OR_NO.search(bare(header.text)))
        given_up = bool(_GIVEN_UP.search(bare(header.text)))
        is_opinion = header in opinions
        refusals = Counter(
            cell
            for row in sorting.records
            if (cell := column[row])
            and (
                _is_refusal(cell, says_no=says_no, is_opinion=is_opinion) or (given_up and bare(cell) in _YES)
            )
        )
        if refusals and not header.is_unneeded:
            [(word, _most)] = refusals.most_common(1)
            place = task.header_place(grid, layout)
            quoted_word = "不同意" if is_opinion else word  # an opinion may be signed
            yield questions.refused_applications(place, header.text, quoted_word, refusals.total())


@lru_cache(maxsize=1024)
def _is_refusal(cell: str, *, says_no: bool, is_opinion: bool) -> bool:
    text = bare(cell)
    if is_opinion and _IN_OPINION.search(text):
        return True
    return bool(_REFUSED_PATTERN.fullmatch(text)) or (says_no and text in _NO)
