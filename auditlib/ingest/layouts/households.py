"""Sheets with a row a household: its members in columns (家庭成员1姓名 …, or 姓名 again and again below 家庭成员), or all in
one cell. Read as one row a member, the head among them; where the columns do not tell one from another, left as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from auditlib.ingest.files.cells import bare, is_id_like
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import ROWS_SEARCHED, Layout, header_texts, names_person
from auditlib.ingest.headers.spellings import normal
from auditlib.ingest.layouts.rewriting import Rewriting

_HINT = re.compile(
    "成员|姓名.?[1-9]|(?:学生|子女|孩子|幼儿|儿童)[1-9一二三四五]"
)  # what a header of such a sheet has
_DIGITS = "[1-9][0-9]?|[一二三四五六七八九十]"
_MEMBER = re.compile(rf"^(?P<whose>(?:家庭|家庭的?)?(?:成员(?:情况|信息|名单)?|学生|子女|孩子|幼儿|儿童))?\(?(?P<first>{_DIGITS})?\)?[.、:_-]?(?P<field>[^0-9]*?)\(?(?P<last>{_DIGITS})?\)?$")  # fmt: skip
_HEAD = re.compile("^(?:户主(?:基本)?(?:信息|情况|资料)?|户代表|申请人)+(?P<field>.*)$")
_NAME, _NUMBER = re.compile("^(?:的?姓名|名字)?$"), re.compile("身份证|证件(?![类种名有])|公民身份")
_PERSONAL = re.compile(
    "姓名|名字|身份证|证件|公民身份|关系|性别|出生|年龄|残疾|学校|在校|就读|健康|年级|班级|金额"
)
_BETWEEN = re.compile("[、,;/|\\s]+")
_AMOUNT = "金额"
RELATION, HOUSEHOLD = "与户主关系", "户编号"


@dataclass(frozen=True)
class _Family:
    """Where a sheet tells of persons. ``members``: for each of them its columns by field; ``head``: the head's columns;
    ``within``: the fields whose cells hold several persons."""

    members: Sequence[Mapping[str, int]]
    head: Mapping[str, int]
    within: bool = False

    @property
    def positions(self) -> set[int]:
        return {position for member in (self.head, *self.members) for position in member.values()}

    @property
    def fields(self) -> list[str]:
        return [*dict.fromkeys(field for member in (self.head, *self.members) for field in member)]


def by_member(grid: Grid, layout: Layout | None, file: str) -> Grid:
    """``grid`` with a row a member; ``grid`` itself where its rows are persons, or where members cannot be told apart.

    Where no column numbers the households, the row of the ``file`` does.
    """
    if layout is None or not any(_HINT.search(normal(cell)) for row in layout.rows for cell in grid.row(row)):
        return grid
    texts = {position: normal(text) for position, text in header_texts(grid, layout.rows).items()}
    family = _abreast(texts) or _within_cells(grid, layout, texts)
    if family is None or _has_own_name(layout, family):
        return grid
    return _unfold(grid, layout, family, "" if "household_no" in layout.columns else file)


def by_pupil(grid: Grid, layout: Layout | None) -> Grid:
    """A list of payments with a row a household, its pupils abreast (学生1姓名, 学生1金额, 学生2姓名 …), with a row a pupil;
    ``grid`` itself where not each of them has an amount of his own."""
    if layout is None:
        return grid
    family = _abreast({position: normal(text) for position, text in header_texts(grid, layout.rows).items()})
    if family is None or not all(_AMOUNT in "".join(pupil) for pupil in family.members):
        return grid
    return grid if _has_own_name(layout, family) else _unfold(grid, layout, replace(family, head={}), "")


def has_hint(grid: Grid) -> bool:
    """May the sheet be one of households?"""
    return any(
        _HINT.search(normal(cell)) for row in grid.filled_rows(ROWS_SEARCHED) for cell in grid.row(row)
    )


def _has_own_name(layout: Layout, family: _Family) -> bool:
    """Is there a name that is neither a member's nor the head's: a pupil's, whose family stands beside?"""
    name = layout.columns.get("name")
    return name is not None and name.position not in family.positions and not names_person(name)


# --- where the persons stand ----------------------------------------------------------------------------------------


def _abreast(texts: Mapping[int, str]) -> _Family | None:
    members: dict[str, dict[str, int]] = {}
    count: dict[str, int] = {}
    numbered_fields = set[str]()
    for position, text in sorted(texts.items()):
        match = _MEMBER.match(text)
        if (
            not match
            or not (_PERSONAL.search(match["field"]) or _is_name_alone(match))
            or not (match["whose"] or match["last"] or match["first"])
        ):
            continue
        count[text] = count.get(text, 0) + 1
        number = match["first"] or match["last"] or str(count[text])
        numbered_fields |= {number} if match["first"] or match["last"] else set()
        members.setdefault(number, {})[_field(match["field"])] = position
    people = [member for member in members.values() if "姓名" in member]
    if not people or len(people) < len(members):
        return None
    head = _head(texts, min(position for member in people for position in member.values()))
    # One member without a number, 家庭成员姓名 beside 户主姓名: the rows are members already.
    is_alone = len(people) == 1 and not (head and numbered_fields & members.keys())
    return None if is_alone else _Family(people, head)


def _is_name_alone(match: re.Match[str]) -> bool:
    """家庭成员1, with the number beside it: the name of a member."""
    return not match["field"] and bool(match["whose"] and (match["first"] or match["last"]))


def _within_cells(grid: Grid, layout: Layout, texts: Mapping[int, str]) -> _Family | None:
    """The columns of members of which a cell holds several, as many names as numbers in each row."""
    columns = {
        _field(match["field"]): position
        for position, text in texts.items()
        if (match := _MEMBER.match(text)) and match["whose"] and _PERSONAL.search(match["field"])
    }
    if not {"姓名", "身份证号"} <= columns.keys():
        return None
    rows = range(layout.last + 1, len(grid.numbers))
    pairs = [[_parts(grid.columns[columns[field]][row]) for field in ("姓名", "身份证号")] for row in rows]
    several = any(len(names) > 1 for names, _ in pairs)
    alike = all(len(names) == len(numbers) for names, numbers in pairs if len(names) > 1)
    return _Family([columns], _head(texts, min(columns.values())), within=True) if several and alike else None


def _head(texts: Mapping[int, str], first: int) -> dict[str, int]:
    """The head's columns; a number behind the head's name is the head's, as far as the ``first`` column of a member."""
    head = {
        _field(match["field"]): position
        for position, text in sorted(texts.items())
        if (match := _HEAD.match(text)) and (_NAME.match(match["field"]) or _NUMBER.search(match["field"]))
    }
    if "姓名" not in head:
        return {}
    behind = [at for at, text in texts.items() if head["姓名"] < at < first and _NUMBER.search(text)]
    return {"身份证号": min(behind), **head} if behind else head


def _field(text: str) -> str:
    """The header that the field gets in a row of its own."""
    if _NAME.match(text):
        return "姓名"
    if _NUMBER.search(text):
        return "身份证号"
    return RELATION if "关系" in text else text


def _parts(cell: str | None) -> list[str]:
    return [part for part in _BETWEEN.split(bare_spaced(cell)) if part]


def bare_spaced(cell: str | None) -> str:
    """A cell half width, its white space kept as what parts two persons."""
    return " ".join(bare(part) for part in (cell or "").split())


# --- a row each -----------------------------------------------------------------------------------------------------


def _unfold(grid: Grid, layout: Layout, family: _Family, file: str) -> Grid:
    common_columns = [position for position in range(len(grid.columns)) if position not in family.positions]
    sheet = Rewriting(
        grid, layout.rows, common_columns, [*family.fields, *([HOUSEHOLD] if file else [])], layout
    )
    for row in sheet.records:
        head = {field: grid.columns[position][row] for field, position in family.head.items()}
        people = list(_people(grid, row, family, head)) or [head]
        number = f"{file}!{grid.name}!{grid.numbers[row]}" if any(people[0].values()) else None
        sheet.add(row, [{**person, HOUSEHOLD: number} for person in people])
    return sheet.grid()


def _people(
    grid: Grid, row: int, family: _Family, head: Mapping[str, str | None]
) -> Iterator[dict[str, str | None]]:
    """The head, then the members that have a name or a number; a member that is the head once more is none."""
    members = [*_members(grid, row, family)]
    if is_id_like(head.get("身份证号")) or (members and head.get("姓名")):
        again = _signs(head)
        members = [member for member in members if not again & _signs(member)]
        yield {**head, **({RELATION: "户主"} if RELATION in family.fields else {})}
    yield from members


def _signs(person: Mapping[str, str | None]) -> set[str]:
    return {bare(person.get("身份证号")).upper(), bare(person.get("姓名"))} - {""}


def _members(grid: Grid, row: int, family: _Family) -> Iterator[dict[str, str | None]]:
    for columns in family.members:
        member = {field: grid.columns[position][row] for field, position in columns.items()}
        if family.within:
            names = _parts(member["姓名"])
            cells = {f: _parts(c) if len(_parts(c)) == len(names) else [] for f, c in member.items()}
            yield from (dict(zip(cells, one, strict=True)) for one in zip_longest(*cells.values()))
        elif bare(member.get("姓名")) or is_id_like(member.get("身份证号")):
            yield member
