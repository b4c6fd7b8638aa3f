"""Whose a column of ID numbers is: 户主姓名, 身份证号码, …, 学生姓名 holds the head's number, not the pupil's.

The neighbour on the left tells; the ages in the numbers confirm it or raise doubt. A number of another person that
passed for the pupil's would make a stranger of every pupil.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from auditlib.base.errors import Problem
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import HeaderCell, Layout, names_other, nearest_before
from auditlib.ingest.headers.spellings import normal
from auditlib.ingest.messages import questions

# The header itself says whose the number is.
_SUBJECT = re.compile("学生|幼儿|儿童|本人|受助|享受|成员|对象|残疾")
_BORN_PATTERN = re.compile(r"^[0-9]{6}(?:(?P<long>[12][0-9]{3})[0-9]{7}[0-9X]|(?P<short>[0-9]{2})[0-9]{7})$")
_LAST_PUPIL, _FIRST_PARENT = 20, 22  # years of age
_MOST = 0.8  # of the numbers that tell an age


def own_number(task: Task, grid: Grid, layout: Layout) -> tuple[Layout, list[Problem]]:
    """``layout`` without an ID number that is another person's; a question where it cannot be told."""
    number, name = layout.columns.get("id_number"), layout.columns.get("name")
    if not number or not name or _named_by_run(number) or _SUBJECT.search(normal(number.text)):
        return layout, []
    people = [name, *(cell for cell in layout.unused if names_other(cell, name))]
    people += [layout.columns[c] for c in ("guardian_name", "account_holder") if c in layout.columns]
    owner = nearest_before(number, people)
    if owner in (None, name):
        return layout, []
    assert owner is not None
    verdict = _is_own(task, grid, layout, number, owner)
    if verdict is None:
        header = task.header_place(grid, layout)
        return layout, [questions.whose_number(task.table, header, number.text, owner.text)]
    return (layout if verdict else _without(layout, number, owner)), []


def _named_by_run(number: HeaderCell) -> bool:
    return bool(number.read and number.read.spelling.order < 0)


def _without(layout: Layout, number: HeaderCell, owner: HeaderCell) -> Layout:
    remaining = {column: cell for column, cell in layout.columns.items() if cell is not number}
    foreign = replace(number, read=None, owner=owner.text)
    unused_cells = sorted([*layout.unused, foreign], key=lambda cell: cell.position)
    return replace(layout, columns=remaining, unused=tuple(unused_cells))


def _is_own(task: Task, grid: Grid, layout: Layout, number: HeaderCell, owner: HeaderCell) -> bool | None:
    """Does the number behind another person's name belong to the record's subject? None: the cells do not tell."""
    rows = range(layout.last + 1, len(grid.numbers))
    pairs = [(grid.columns[number.position][row], grid.columns[owner.position][row]) for row in rows]
    ages = list(_ages((cell for cell, _ in pairs), task.term))
    pupils = sum(age <= _LAST_PUPIL for age in ages) >= _MOST * len(ages) > 0
    parents = sum(age >= _FIRST_PARENT for age in ages) >= _MOST * len(ages) > 0
    followed = layout.columns["name"].position > number.position  # 户主姓名, 身份证号, 学生姓名
    if followed:
        return None if pupils else False
    if pupils or parents:
        return pupils
    return True if _differ_within(pairs) else None


def _ages(cells: Iterator[str | None], term: str) -> Iterator[int]:
    """Years of age in the term, of the cells that are numbers of a person."""
    year = int(term[:4]) if term else 0
    for cell in cells:
        birth_match = _BORN_PATTERN.match(bare(cell).upper().strip("'’`"))
        if birth_match and year:
            yield year - (
                int(birth_match["long"]) if birth_match["long"] else 1900 + int(birth_match["short"])
            )


def _differ_within(pairs: list[tuple[str | None, str | None]]) -> bool:
    """Different numbers behind one and the same name: they are not that person's."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for number, person in pairs:
        if number and person:
            numbers[bare(person)].add(bare(number))
    return any(len(numbers_of_name) > 1 for numbers_of_name in numbers.values())
