"""Finding the header of a sheet: which rows it takes and which column each header means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from auditlib.ingest.files.cells import is_id_like
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.spellings import (
    Header,
    Spellings,
    hinted_unit,
    is_hint,
    normal,
    recognise,
    stated_unit,
)
from auditlib.tables.delivered import Table

ROWS_SEARCHED = 40  # rows with something in them, from the top
FEWEST_NUMBERED = 4  # columns; a line 1 2 3 4 … below a header numbers them
_LETTERS = "甲乙丙丁戊己"
_FIELD_NAME = re.compile("[a-z][a-z_]{1,30}[0-9]?")  # XM SFZJH …: what a data bank calls the columns
FEWEST = 2  # recognised headers that make a row a header row
# A group header that names someone other than the record's subject: 户主 over 姓名 is not the pupil's name.
OTHER_PERSON = re.compile("户主|监护人|家长|父亲|母亲|联系人|经办|负责人|教师|班主任|开户|持卡|代理人|领款")
_OTHER_NAME = re.compile(
    f"(?:{OTHER_PERSON.pattern}|祖父|祖母|爷爷|奶奶|卡主|代领|代办|领取|收款|申请人|承包人|户代表|帮扶|包联)"
    "人?(?:的?姓名|名字|名称|名)?$"
)
_NAMES = (
    "name", "guardian_name", "account_holder", "class_teacher", "officer", "head", "deputy", "persuader", "teacher", "signed_by",
)  # fmt: skip
_PERSONAL = ("name", "id_number", "student_no", "sex", "birth_date")
_OTHER_AMOUNT = re.compile("应|标准|核定|计划|预算|累计|上年|上期|历年|结余")
_OF_NOW = ("school_code", "school_name", "stage", "grade", "class_name")
_FORMER = re.compile("^原|曾|转出|转入|毕业|前一|上学[年期]|拟|申请转")
_PAID = ("amount", "persons", "fallback_amount")
_ONLY_ONE = (  # columns that decide what is found: of two, neither may be taken by guess
    "school_code", "school_name", "stage", "grade", "boarding", "status", "status_date", "scheme", "term", "amount",
    "pay_date", "result", "category", "valid_from", "valid_to", "posted_from", "posted_to", "approved_on", "sent_on",
    "replied_on", "aided", "fallback_amount", "persons", "heads", "records", "places", "allotted", "paid_out", "present",
)  # fmt: skip
# Of two columns that the run's own ``columns`` give one of these, only one would be read.
_ONE_EACH = (
    "amount", "fallback_amount", "persons", "heads", "records", "places", "allotted", "paid_out", "present",
)  # fmt: skip
PARTS = ("school_year", "year")  # codings of headers that say a part only of their column
GROUP_TAIL = re.compile("(?:基本|相关)?(?:信息|情况|资料)$")  # 监护人信息 over 姓名
_LONGEST_GROUP = 12
_EDGES = {
    "起": "起",
    "始": "起",
    "自": "起",
    "起始": "起",
    "开始": "起",
    "止": "止",
    "讫": "止",
    "终": "止",
    "至": "止",
    "截止": "止",
    "结束": "止",
    "终止": "止",
}
"""Both ends of a period below a header that names it."""
_UNIT_CELL = re.compile(r".*单位.*|.{0,3}元")  # 发放情况(万元) may head a group, 单位 万元 does not


@dataclass(frozen=True)
class HeaderCell:
    """One header as found: its place, its text and what it was read as (None: no column of the table).

    ``by_lower_line``: the lower of two lines has something here; ``is_whole``: read from the text of all lines;
    ``owner``: the header of the person whose number it is, where that is not the record's subject.
    """

    position: int
    text: str
    read: Header | None
    by_lower_line: bool = False
    is_whole: bool = True
    owner: str = ""

    @property
    def is_unneeded(self) -> bool:
        """Do the run's own ``columns`` say that nobody needs it?"""
        return self.read is not None and not self.read.spelling.column


@dataclass(frozen=True)
class Layout:
    """A sheet's header. ``rows``: grid positions, ``columns``: header cell by column, ``unused``: the rest."""

    rows: tuple[int, ...]
    columns: dict[str, HeaderCell]
    unused: tuple[HeaderCell, ...]
    missing: tuple[tuple[str, ...], ...]  # groups of which one column is needed and none is there

    @cached_property
    def rivals(self) -> dict[str, list[str]]:
        """Column -> its headers, where nothing tells which of them is meant: the same words twice, or the same
        word below different groups (2020年春季 and 2020年秋季 over 金额)."""
        texts = {
            column: [cell.text, *(c.text for c in self.unused if _rivals(cell, c))]
            for column, cell in self.columns.items()
            if column in _ONLY_ONE
        }
        return {column: headers for column, headers in texts.items() if len(headers) > 1}

    @property
    def last(self) -> int:
        return self.rows[-1]

    @property
    def present(self) -> list[str]:
        cells = sorted([*self.columns.values(), *self.unused], key=lambda cell: cell.position)
        return [cell.text for cell in cells]


def _rivals(cell: HeaderCell, other: HeaderCell) -> bool:
    if not cell.read or not other.read or cell.read.spelling.column != other.read.spelling.column:
        return False
    are_own = max(cell.read.spelling.order, other.read.spelling.order) < 0  # the run's own columns name both
    is_only_one = cell.read.spelling.column in _ONE_EACH
    return (
        normal(cell.text) == normal(other.text)
        or not (cell.is_whole or other.is_whole)
        or (are_own and is_only_one)
    )


def find_layout(grid: Grid, table: Table, spellings: Spellings, constants: frozenset[str]) -> Layout | None:
    """The best header of the sheet for ``table``, complete or not; None when no row names two columns."""
    best: Layout | None = None
    rank = (False, 0, 0)
    for rows in _blocks(grid, spellings):
        layout = layout_in(grid, rows, table, spellings, constants)
        if len(rows) > 1 and not any(cell.by_lower_line for cell in layout.columns.values()):
            continue  # a header and the first record below it
        is_grouped = len(rows) > 1 and all(_groups(grid, *pair) for pair in pairwise(rows))
        candidate_rank = (not layout.missing, len(layout.columns), len(rows) if is_grouped else 0)
        if candidate_rank > rank and _is_header(grid, layout):
            best, rank = layout, candidate_rank
    return best and _with_lower_lines(grid, best)


def _is_header(grid: Grid, layout: Layout) -> bool:
    """Two columns named, or the only column of a sheet that has one."""
    return len(layout.columns) >= FEWEST or (
        bool(layout.columns) and not layout.missing and len(grid.columns) == 1
    )


def _blocks(grid: Grid, spellings: Spellings) -> Iterator[tuple[int, ...]]:
    """Single rows, pairs and, below merged cells, threes of neighbouring rows, as far as they can be headers."""
    searched_rows = [i for i in grid.filled_rows(ROWS_SEARCHED) if not any(map(is_id_like, grid.row(i)))]
    yield from ((row,) for row in searched_rows)
    yield from ((upper, lower) for upper, lower in pairwise(searched_rows) if lower == upper + 1)
    group_tops = {top for top, _, _, _ in grid.merges}
    yield from (
        (row, row + 1, row + 2)
        for row in searched_rows
        if row in group_tops and {row + 1, row + 2} <= {*searched_rows}
    )


def layout_in(
    grid: Grid, rows: tuple[int, ...], table: Table, spellings: Spellings, constants: frozenset[str]
) -> Layout:
    """What ``rows`` say as a header."""
    cells = list(_cells(grid, rows, spellings))
    cell_of: dict[str, HeaderCell] = {}
    for cell in sorted((c for c in cells if c.read and not c.is_unneeded), key=_preference):
        assert cell.read is not None
        if cell.read.spelling.column not in constants and cell.read.spelling.coding not in PARTS:
            cell_of.setdefault(cell.read.spelling.column, cell)
    if "name" in cell_of and "id_number" in cell_of:
        cell_of["id_number"] = _own_number(cells, cell_of["name"], cell_of["id_number"])
    unused_cells = tuple(cell for cell in cells if cell not in cell_of.values())
    return Layout(rows, cell_of, unused_cells, missing(table, cell_of.keys() | constants))


def _own_number(cells: list[HeaderCell], name: HeaderCell, number: HeaderCell) -> HeaderCell:
    """Of several columns of ID numbers the one that does not follow another person's name: 户主姓名, 身份证号,
    学生姓名, 身份证号. A number that the run's own ``columns`` name stays."""
    numbers = [cell for cell in cells if cell.read and cell.read.spelling.column == "id_number"]
    if len(numbers) < 2 or (number.read and number.read.spelling.order < 0):
        return number
    people = [name, *(cell for cell in cells if names_other(cell, name))]
    own = [cell for cell in numbers if nearest_before(cell, people) in (None, name)]
    return number if not own or number in own else own[0]


def names_other(cell: HeaderCell, name: HeaderCell) -> bool:
    """Does the column hold the name of somebody who is not the record's subject?"""
    if cell.read and not cell.is_unneeded:
        return cell is not name and cell.read.spelling.column in _NAMES
    return names_person(cell)


def names_person(cell: HeaderCell) -> bool:
    """Does the header name a person that is never the record's subject: 户主姓名, 家长?"""
    return bool(_OTHER_NAME.search(normal(cell.text)))


def nearest_before(cell: HeaderCell, people: list[HeaderCell]) -> HeaderCell | None:
    """The person of ``people`` named nearest to the left of ``cell``."""
    before = [person for person in people if person.position < cell.position]
    return max(before, key=lambda person: person.position, default=None)


def _preference(cell: HeaderCell) -> tuple[bool, int, int]:
    """Of two headers for one column: the one read whole, else first in headers.csv, else further left."""
    assert cell.read is not None
    return not cell.is_whole, cell.read.spelling.order, cell.position


def missing(table: Table, columns: frozenset[str] | set[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of columns of which ``table`` needs one and ``columns`` has none."""
    groups = [(name,) for name in table.required] + list(table.needs_one_of)
    return tuple(group for group in groups if not columns.intersection(group))


# --- the text of a header ----------------------------------------------------------------------------------


def _cells(grid: Grid, rows: tuple[int, ...], spellings: Spellings) -> Iterator[HeaderCell]:
    lines = [grid.row(row) for row in rows]
    groups = [_spread(grid, row, lines[place:]) for place, row in enumerate(rows[:-1])]
    for position, lowest in enumerate(lines[-1]):
        parts = [group[position] for group in groups] + [lowest]
        text = "".join(dict.fromkeys(part.strip() for part in parts if part))
        if text:
            read, is_whole = _read_lines([line for line in map(normal, parts) if line], spellings)
            yield HeaderCell(position, re.sub(r"\s+", "", text), read, lowest is not None, is_whole)


def _read_lines(lines: list[str], spellings: Spellings) -> tuple[Header | None, bool]:
    """The lines of one column from the top: all together, else the lowest below its nearest group."""
    if len(lines) < 3:
        return _read("".join(lines[:-1]), lines[-1] if lines else "", spellings)
    groups = "".join(lines[:-1])
    read, is_whole = _read(groups, lines[-1], spellings)
    nearest, by_nearest = _read(lines[-2], lines[-1], spellings)
    if is_whole or not nearest or not by_nearest or of_other(lines[0], nearest.spelling.column):
        return read, is_whole
    return replace(nearest, unit=nearest.unit or stated_unit(groups)), False


def _read(upper: str, lower: str, spellings: Spellings) -> tuple[Header | None, bool]:
    """Both lines together tell most (监护人 + 姓名), then the lower, then the upper one over a mere hint."""
    if not upper or not lower:
        return recognise(upper or lower, spellings), True
    if is_hint(lower) and (
        hinted_spelling := recognise(f"{upper}({lower.strip('()')})", spellings)
        or recognise(upper, spellings)
    ):
        return hinted_spelling, True
    if reading := recognise(upper + lower, spellings) or recognise(
        GROUP_TAIL.sub("", upper) + lower, spellings
    ):
        return reading, True
    if lower in _EDGES and (end := _end_of_period(upper, _EDGES[lower], spellings)):
        return end, True
    alone = recognise(lower, spellings)
    if alone is None or of_other(upper, alone.spelling.column):
        return None, False
    return replace(alone, unit=alone.unit or stated_unit(upper)), False


def _end_of_period(period: str, edge: str, spellings: Spellings) -> Header | None:
    """校内公示 over 起 and 讫: the longest end of the upper line that the edge makes a known header of."""
    ends = (period[start:] + edge for start in range(len(period) - 1))
    return next((read for end in ends if (read := recognise(end, spellings))), None)


def of_other(group: str, column: str) -> bool:
    """Under this group header the column is not the record's own: the guardian's name, the amount planned."""
    if column in _PERSONAL:
        return bool(OTHER_PERSON.search(group))
    if column in _OF_NOW:
        return bool(_FORMER.search(group))
    return column in _PAID and bool(_OTHER_AMOUNT.search(group))


def _spread(grid: Grid, row: int, lines: list[list[str | None]]) -> list[str | None]:
    """The first line with every group header over all its columns: by its merge, else over the gaps."""
    upper, *others = lines
    lower = [next((text for text in below if text is not None), None) for below in zip(*others, strict=True)]
    spans = {neighbour: right for top, neighbour, bottom, right in grid.merges if top <= row <= bottom}
    spread = list(upper)
    for position in range(1, len(spread)):
        neighbour = spread[position - 1]
        if spread[position] is None and neighbour is not None and lower[position] is not None:
            inside = any(first < position <= last for first, last in spans.items())
            if inside or (not spans and lower[position - 1] is not None):
                spread[position] = neighbour
    return spread


def _groups(grid: Grid, row: int, below: int) -> bool:
    """Is ``row`` a line of group headers over ``below``? A title or a unit row is not."""
    texts = [normal(cell) for cell in grid.row(row) if cell]
    if any(":" in text or _UNIT_CELL.fullmatch(text) or len(text) > _LONGEST_GROUP for text in texts):
        return False
    if grid.row(below).count(None) == len(grid.columns):
        return False
    return len(set(texts)) > 1 or any(map(OTHER_PERSON.search, texts))


def _with_lower_lines(grid: Grid, layout: Layout) -> Layout:
    """The header with the lines below it that are no records: units and hints, or the columns' numbers."""
    while layout.last + 1 < len(grid.numbers):
        texts = [normal(cell) for cell in grid.row(layout.last + 1)]
        if not _is_lower_line(texts):
            break
        with_units = {column: _with_unit(cell, texts) for column, cell in layout.columns.items()}
        layout = replace(layout, rows=(*layout.rows, layout.last + 1), columns=with_units)
    return layout


def _with_unit(cell: HeaderCell, texts: list[str]) -> HeaderCell:
    unit = hinted_unit(texts[cell.position])
    return replace(cell, read=replace(cell.read, unit=unit)) if unit and cell.read else cell


def _is_lower_line(texts: list[str]) -> bool:
    filled_texts = [text for text in texts if text]
    if not filled_texts:
        return False
    if all(map(is_hint, filled_texts)):
        return True
    letters = filled_texts[1:] if filled_texts[0] == "栏次" else filled_texts
    return len(filled_texts) >= FEWEST_NUMBERED and (
        _are_numbers_of_columns(letters) or all(map(_FIELD_NAME.fullmatch, filled_texts))
    )


def _are_numbers_of_columns(texts: list[str]) -> bool:
    """1 2 3 …, with the first columns lettered 甲, 乙, 丙 where they are not counted."""
    letter_count = next((at for at, text in enumerate(texts) if text != _LETTERS[at : at + 1]), len(texts))
    return texts[letter_count:] == [str(number) for number in range(1, len(texts) - letter_count + 1)]


def header_texts(grid: Grid, rows: tuple[int, ...]) -> dict[int, str]:
    """The text of each column of the header that stands in ``rows`` (positions in the grid), all its lines together."""
    return {cell.position: cell.text for cell in _cells(grid, rows, {})}
