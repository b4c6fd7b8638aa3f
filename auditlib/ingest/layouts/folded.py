"""Sheets that hold several records in one row: a household's members, or several schemes, abreast; several persons in one
cell; a category in yes-or-no columns. Read as they stand they lose children or add up other money: they are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import PurePosixPath

from auditlib.base.errors import Problem
from auditlib.ingest.constants.sheet_constants import UMBRELLA, stated_constants
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import bare, is_id_like
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.fitting import records_of
from auditlib.ingest.headers.layout import HeaderCell, Layout, names_person
from auditlib.ingest.headers.spellings import normal, recognise
from auditlib.ingest.layouts.visits import place_of
from auditlib.ingest.messages import questions
from auditlib.ingest.titles.terms import titles_of
from auditlib.tables.vocabulary import spelling

_MEMBER = re.compile(
    r"成员.*姓名|成员[1-9一二三四五]$|姓名[1-9一二三四五]$|^[1-9][.、]?姓名|(?:学生|子女|孩子|幼儿|儿童)[1-9一二三四五]的?姓名"
)
_ASKS = re.compile(r"^是否|^是不是|否$")
_LOOKED_AT = 200  # records
_TWO_PEOPLE = re.compile(r"[\u3400-\u9fff·]{2,}[、,;/|和及][\u3400-\u9fff·]{2,}")
_CROWD = re.compile(r"[\u3400-\u9fff·]{2,5}(?:[、,;/|和及][\u3400-\u9fff·]{2,5})+")
_A_NAME = re.compile(r"[\u3400-\u9fff·]{2,15}(?:\([^()]*\))?")
_WITH_NUMBER = re.compile(r"[\u3400-\u9fff·]{2,5}(?:\([^()]*\))?[,:]?[1-9][0-9]{16}[0-9Xx]")
_YES_NO = {"是", "否", "√", "×", "1", "0", "Y", "N", "有", "无", ""}
_LIVING = re.compile("生活(?:费|补助)|寄宿|走读|一补|board|day_pupil")  # aid that differs by boarding
_HALF = 0.5
_CAME_BACK = re.compile("(?<![含及和与])(?:退汇|退票|退款|失败|[未不]成功|未到账|被退回)")
_PAID_AGAIN = re.compile("补发|重发|再发|再次|二次|重新|补打|更正")


_BARE_NUMBER = re.compile("[1-9][0-9]?")


def several_in_a_row(task: Task, grid: Grid, layout: Layout) -> list[Problem]:
    """The first reason for which a row of the sheet is not one record, as a question; else nothing."""
    header = task.header_place(grid, layout)
    cells = sorted([*layout.columns.values(), *layout.unused], key=lambda cell: cell.position)
    if task.table.name in ("payments", "planned", "enrolment") and (members := _members(layout, cells)):
        return [questions.members_abreast(header, members)]
    if task.table.name == "eligibility":
        if members := _members(layout, cells):
            return [questions.members_abreast(header, members)]
        if "name" not in layout.columns and (crowded_header := _crowded_header(grid, layout)):
            return [questions.people_in_a_cell(header, crowded_header)]
        if heads := _heads(layout, cells):
            return [questions.heads_only(header, heads[0])]
        if len(flags := [*_flags(grid, layout)]) > 1 and ("category",) in layout.missing:
            return [questions.flags_of_category(header, flags)]
    if task.table.name == "payments":
        if title := _came_back(task, grid, layout):
            return [questions.only_returns(header, title)]
        if len(schemes := _schemes(task, grid, layout)) > 1:
            return [questions.schemes_abreast(header, schemes)]
        if boarding := _boarding(task, grid, layout):
            return [questions.scheme_by_boarding(header, boarding)]
    if task.table.name == "home_teaching" and len(visits := _visits(task, cells)) > 1:
        return [questions.visits_abreast(header, visits)]
    if rows := _rows_of_several(grid, layout):
        return [questions.people_in_a_cell(header, layout.columns["name"].text, rows)]
    return []


def _visits(task: Task, cells: Sequence[HeaderCell]) -> list[str]:
    """Headers that number a visit or a month, that are one day again, or a bare number (1, 2, 3 …); the first of each."""
    first: dict[str, str] = {}
    for at, cell in enumerate(cells):
        spellings = task.spellings[task.table.name]
        if place := place_of(normal(cell.text), spellings):
            first.setdefault(place.of, cell.text)
        elif cell.read and cell.read.spelling.column == "taught_on":
            first[f"day {at}"] = cell.text
        elif _BARE_NUMBER.fullmatch(normal(cell.text)):
            first[f"number {at}"] = cell.text
    return list(first.values())


def _members(layout: Layout, cells: Sequence[HeaderCell]) -> list[str]:
    """Headers of members' names, where no column names the record's own person."""
    members = [cell.text for cell in cells if _MEMBER.search(normal(cell.text))]
    name = layout.columns.get("name")
    own = name and name.text not in members and not names_person(name)
    return [] if own or len(members) < 2 else members


def _heads(layout: Layout, cells: Sequence[HeaderCell]) -> list[str]:
    """Headers of heads' names, where no other column is one of names."""
    others = [cell for cell in cells if cell.text.endswith(("姓名", "名字")) and not names_person(cell)]
    heads = [cell.text for cell in cells if names_person(cell) and re.search("户主|户代表|家长", cell.text)]
    return heads if "name" not in layout.columns and not others else []


def _crowded_header(grid: Grid, layout: Layout) -> str:
    """The header of a column that nothing reads and that holds several persons in most of its cells."""
    for cell in layout.unused:
        filled_cells = [
            c for c in islice(records_of(grid.columns[cell.position], layout.last), _LOOKED_AT) if c
        ]
        several = sum(map(_is_crowd, filled_cells))
        if "成员" in cell.text and filled_cells and several >= _HALF * len(filled_cells):
            return cell.text
    return ""


def _is_crowd(cell: str) -> bool:
    """Names with a sign between them, one below another, or each with a number (赵某（之子）9901…)."""
    lines = [line for line in cell.splitlines() if line.strip()]
    return bool(_CROWD.fullmatch(bare(cell)) or _WITH_NUMBER.search(bare(cell))) or (
        len(lines) > 1 and all(map(_A_NAME.fullmatch, map(bare, lines)))
    )


def _flags(grid: Grid, layout: Layout) -> Iterator[str]:
    for cell in layout.unused:
        values = {bare(c) for c in records_of(grid.columns[cell.position], layout.last)}
        if not cell.read and _ASKS.search(normal(cell.text)) and values <= _YES_NO and len(values - {""}) > 1:
            yield cell.text


def _schemes(task: Task, grid: Grid, layout: Layout) -> list[str]:
    """Schemes named side by side in a line of the header, or in the line below it."""
    scheme_spellings = task.words.get("scheme", {})
    last = min(layout.last + 1, len(grid.numbers) - 1)
    for row in (*layout.rows, last):
        schemes = dict.fromkeys(
            bare(cell) for cell in grid.row(row) if cell and spelling(cell) in scheme_spellings
        )
        if len(schemes) > 1:
            return list(schemes)
    return []


def _boarding(task: Task, grid: Grid, layout: Layout) -> str:
    """The column that says who boards, where both kinds stand in a list that names no scheme of its own."""
    if "scheme" in layout.columns or not _LIVING.search(_said_of_scheme(task, grid, layout)):
        return ""
    title = stated_constants(task.table, task.file, grid, layout, task.constants, task.knowledge)
    if title.get("scheme") == UMBRELLA:  # of both: which of them is told row by row
        return ""
    for cell in layout.unused:
        reading = None if cell.read else recognise(normal(cell.text), task.spellings["enrolment"])
        if reading and reading.spelling.column == "boarding":
            values = {bare(c) for c in records_of(grid.columns[cell.position], layout.last)} - {""}
            return cell.text if len(values) > 1 else ""
    return ""


def _came_back(task: Task, grid: Grid, layout: Layout) -> str:
    """The title or name by which the sheet lists payments that came back, where nothing in it says what became of each."""
    if "result" in layout.columns.keys() | task.constants.keys():
        return ""
    above = [cell for row in range(layout.rows[0]) for cell in grid.row(row) if cell]
    texts = map(bare, [*titles_of(above), grid.name, PurePosixPath(task.file).stem])
    return next((text for text in texts if _CAME_BACK.search(text) and not _PAID_AGAIN.search(text)), "")


def _said_of_scheme(task: Task, grid: Grid, layout: Layout) -> str:
    """The scheme that the run's parameters give, else what stands above the header and in the names."""
    above = (cell or "" for row in range(layout.rows[0]) for cell in grid.row(row))
    return task.constants.get("scheme") or bare(" ".join((*above, grid.name, task.file)))


def _rows_of_several(grid: Grid, layout: Layout) -> list[int]:
    """The rows, as the spreadsheet numbers them, whose name holds several persons and whose number several numbers: each of these
    children would be lost."""
    name, number = layout.columns.get("name"), layout.columns.get("id_number")
    if not name or not number:
        return []
    names, numbers = grid.columns[name.position], grid.columns[number.position]
    return [
        grid.numbers[row]
        for row in range(layout.last + 1, len(grid.numbers))
        if _numbers(numbers[row]) > 1 and _TWO_PEOPLE.search(_spaced(names[row]))
    ]


def _spaced(cell: str | None) -> str:
    """A cell half width, what parts two persons in it as a comma."""
    return ",".join(bare(part) for part in (cell or "").split() if bare(part))


def _numbers(cell: str | None) -> int:
    return sum(is_id_like(part) for part in re.split(r"[、,;/|]", _spaced(cell)))
