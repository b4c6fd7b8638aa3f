"""A register with two columns of status that contradict each other: 学籍状态 在籍 throughout, and 异动类型 转出 of some.

Whose record was moved away may stand in the second column alone; or it tells how the pupil once came. It is asked.
"""

from __future__ import annotations

from collections import Counter

from auditlib.base.errors import Problem
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.messages import questions
from auditlib.ingest.rows.sorting import Sorting
from auditlib.tables.vocabulary import spelling

AT_SCHOOL = ("enrolled", "resumed")


def contradicted_status(task: Task, grid: Grid, layout: Layout, sorting: Sorting) -> list[Problem]:
    """A question for each other column of status that says of pupils at school that they are not; none once the county chose."""
    header_taken = layout.columns.get("status")
    if (
        task.table.name != "enrolment"
        or header_taken is None
        or header_taken.read is None
        or header_taken.read.spelling.order < 0
    ):
        return []
    codes, contradictions = task.words.get("status", {}), list[Problem]()
    for other in layout.unused:
        if other.read is None or other.read.spelling.column != "status":
            continue
        columns = grid.columns[header_taken.position], grid.columns[other.position]
        words = Counter[str]()
        for (here, there), rows in Counter((columns[0][r], columns[1][r]) for r in sorting.records).items():
            is_at_school = codes.get(spelling(here or "")) in AT_SCHOOL
            if is_at_school and codes.get(spelling(there or "")) not in (None, *AT_SCHOOL):
                words[bare(there)] += rows
        if words:
            contradictions.append(
                questions.two_statuses(task.header_place(grid, layout), header_taken.text, other.text, words)
            )
    return contradictions
