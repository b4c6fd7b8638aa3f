"""Home teaching with several visits, or several months, in a row (第一次送教日期 课时 第二次送教日期 课时; 送教日期1 送教日期2;
9月次数 10月次数; 9月 10月 below “每月送教次数”): read as a row each. Where nothing says whether lessons are one visit's or all visits', left as it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from auditlib.ingest.grids import Grid
from auditlib.ingest.headers import Layout, header_texts
from auditlib.ingest.rewriting import Rewriting
from auditlib.ingest.spellings import Spellings, normal, recognise

FIELDS = {
    "taught_on": "送教日期", "lessons": "课时", "visits": "送教次数", "teacher": "教师", "signed_by": "家长签字",
}  # fmt: skip
MONTH = "送教月份"
FEWEST = 2  # visits or months in a row
_TENS = "一二三四五六七八九十"
_ORDER = f"[1-9][0-9]?|[{_TENS}]"
_MONTHS = {name: str(at) for at, name in enumerate([*_TENS, "十一", "十二"], 1)}
_VISIT = re.compile(rf"^(?P<before>.*?)第(?P<of>{_ORDER})次(?P<field>.*)$")
_OF_MONTH = re.compile(
    rf"^(?P<before>[^0-9{_TENS}]*?)(?:20[0-9]{{2}}年)?(?P<of>1[0-2]|0?[1-9]|十[一二]|[{_TENS}])月份?(?P<field>.*)$"
)
_NUMBERED = re.compile(rf"^(?P<field>[^0-9{_TENS}]+?)\(?(?P<of>{_ORDER})\)?$")
_EACH = re.compile("每次|单次")
_LESSONS = re.compile("课时|节数")
_TIMES = re.compile("次数|几次|多少次")


@dataclass(frozen=True)
class Place:
    """What a header is about: of which visit or ``month`` (1 to 12, else empty), and the column, empty where only the visit
    is named."""

    of: str
    column: str
    month: str = ""


def place_of(text: str, spellings: Spellings) -> Place | None:
    """The visit or month that a header (in normal form) numbers; None where it numbers none."""
    if match := _VISIT.match(text):
        column = _column(match["field"], spellings) or _column(match["before"], spellings)
        month = _OF_MONTH.match(match["before"])
        usual = "" if match["field"] else "taught_on"
        return Place(_key(month, match["of"]), column or usual, _number(month["of"]) if month else "")
    if match := _OF_MONTH.match(text):
        column = _column(match["field"], spellings) or _column(match["before"], spellings)
        return Place(f"{_number(match['of'])}月", column, _number(match["of"]))
    match = _NUMBERED.match(text)
    column = _column(match["field"], spellings) if match else ""
    return Place(f"第{_number(match['of'])}次", column) if match and column else None


def _key(month: re.Match[str] | None, visit: str) -> str:
    of_month = f"{_number(month['of'])}月" if month else ""
    return f"{of_month}第{_number(visit)}次"


def _number(text: str) -> str:
    return _MONTHS.get(text, text.lstrip("0"))


def _column(text: str, spellings: Spellings) -> str:
    reading = recognise(text, spellings) if text else None
    return reading.spelling.column if reading and reading.spelling.column in FIELDS else ""


def by_visit(grid: Grid, layout: Layout | None, spellings: Spellings) -> Grid:
    """``grid`` with a row a visit, or a month; ``grid`` itself where a row is one visit, or what a figure is of cannot be told."""
    if layout is None:
        return grid
    texts = {at: normal(text) for at, text in sorted(header_texts(grid, layout.rows).items())}
    groups = (
        _numbered(texts, spellings) or _repeated(texts, spellings) or _counted(grid, layout, texts, spellings)
    )
    if len(groups) < FEWEST or not _with_bare(groups, texts, spellings):
        return grid
    _with_each_lessons(groups, texts)
    return _rewritten(grid, layout, groups)


Groups = dict[str, dict[str, int]]
"""Visit or month -> field -> position of its column; a month's own number stands under ``MONTH``, as it is in no cell."""


def _numbered(texts: Mapping[int, str], spellings: Spellings) -> Groups:
    groups: Groups = {}
    for position, text in texts.items():
        place = place_of(text, spellings)
        if place and place.column:
            groups.setdefault(place.of, {}).setdefault(FIELDS[place.column], position)
            if place.month and place.column != "taught_on":
                groups[place.of][MONTH] = int(place.month)
    return groups


def _repeated(texts: Mapping[int, str], spellings: Spellings) -> Groups:
    """The days of visits under one header again and again."""
    days = [position for position, text in texts.items() if _column(text, spellings) == "taught_on"]
    return {f"第{visit}次": {FIELDS["taught_on"]: position} for visit, position in enumerate(days, 1)}


def _counted(grid: Grid, layout: Layout, texts: Mapping[int, str], spellings: Spellings) -> Groups:
    """Months by themselves (3月 4月 5月), where title, note or the sheet's name says that the figures are visits and not lessons."""
    months = {
        at: int(place.month)
        for at, text in texts.items()
        if (place := place_of(text, spellings)) and place.month
    }
    around = (row for row in range(len(grid.numbers)) if row < layout.rows[0] or _is_note(grid, row))
    words_around = " ".join([grid.name, *(cell for row in around for cell in grid.row(row) if cell)])
    if not _TIMES.search(words_around) or _LESSONS.search(words_around):
        return {}
    return {f"{month}月": {FIELDS["visits"]: at, MONTH: month} for at, month in months.items()}


def _is_note(grid: Grid, row: int) -> bool:
    """Has the row one cell alone, of words?"""
    cells = [cell for cell in grid.row(row) if cell]
    return len(cells) == 1 and len(cells[0]) > len(_TENS)


def _with_bare(groups: Groups, texts: Mapping[int, str], spellings: Spellings) -> bool:
    """Adds the columns that number nothing to the visits they stand behind; false where one may be of any visit, or of all."""
    numbered = _positions(groups)
    starts = {min(p for f, p in fields.items() if f != MONTH): of for of, fields in groups.items()}
    bare = {
        at: column
        for at, text in texts.items()
        if at not in numbered and (column := _column(text, spellings))
    }
    count = Counter(bare.values())
    for position, column in bare.items():
        if count[column] == len(groups):
            before = max((start for start in starts if start < position), default=None)
            if before is None or groups[starts[before]].setdefault(FIELDS[column], position) != position:
                return False
        elif column in ("taught_on", "lessons") and not _is_total(texts[position], groups):
            return False
    return True


def _positions(groups: Groups) -> Counter[int]:
    """Of how many visits each column is."""
    return Counter(at for fields in groups.values() for field, at in fields.items() if field != MONTH)


def _is_total(text: str, groups: Groups) -> bool:
    """A sum beside the figures of each visit: 总课时 beside 课时1, 课时2."""
    return text != FIELDS["lessons"] and all(FIELDS["lessons"] in fields for fields in groups.values())


def _with_each_lessons(groups: Groups, texts: Mapping[int, str]) -> None:
    """每次课时 is every visit's."""
    each = next((at for at, text in texts.items() if _EACH.search(text) and _LESSONS.search(text)), None)
    if each is not None:
        for fields in groups.values():
            fields.setdefault(FIELDS["lessons"], each)


def _rewritten(grid: Grid, layout: Layout, groups: Groups) -> Grid:
    fields_told = {field for fields in groups.values() for field in fields}
    fields = [field for field in (MONTH, *FIELDS.values()) if field in fields_told]
    count = _positions(groups)
    shared = [position for position in range(len(grid.columns)) if position not in count]
    sheet = Rewriting(grid, layout.rows, shared, fields)
    for row in sheet.records:
        parts = [_part(grid, row, own) for own in groups.values() if _is_filled(grid, row, own, count)]
        sheet.add(row, parts or [{}])
    return sheet.grid()


def _is_filled(grid: Grid, row: int, fields: Mapping[str, int], count: Mapping[int, int]) -> bool:
    """Does a visit say anything? What is every visit's says nothing of one."""
    own = [at for field, at in fields.items() if field != MONTH and count[at] == 1]
    return any(grid.columns[at][row] for at in own)


def _part(grid: Grid, row: int, fields: Mapping[str, int]) -> dict[str, str | None]:
    return {field: f"{at}月" if field == MONTH else grid.columns[at][row] for field, at in fields.items()}
