"""Home teaching with several visits, or several months, in a row (第一次送教日期 课时 第二次送教日期 课时; 送教日期1 送教日期2;
9月次数 10月次数; 9月 10月 below “每月送教次数”; 第一周 第二周 with days, ticks or how often; several days in one cell): read as a row
each. Where nothing says whether lessons are one visit's or all visits', left as it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout, header_texts
from auditlib.ingest.headers.spellings import Spellings, normal, recognise
from auditlib.ingest.layouts.rewriting import Rewriting

FIELDS = {
    "taught_on": "送教日期", "lessons": "课时", "visits": "送教次数", "teacher": "教师", "signed_by": "家长签字",
}  # fmt: skip
MONTH = "送教月份"
_ONE_DAY = re.compile(r"(?:20[0-9]{2}[-./年])?[0-9]{1,2}[-./月][0-9]{1,2}[日号]?")
_MERE_DAY = re.compile("(?:3[01]|[12][0-9]|0?[1-9])[日号]?")
FEWEST = 2  # visits or months in a row
_TENS = "一二三四五六七八九十"
_ORDER = f"[1-9][0-9]?|[{_TENS}]"
_MONTHS = {name: str(at) for at, name in enumerate([*_TENS, "十一", "十二"], 1)}
_VISIT = re.compile(rf"^(?P<before>.*?)第(?P<of>{_ORDER})次(?P<field>.*)$")
_WEEK = re.compile(rf"^第?(?P<of>{_ORDER})周(?P<field>.*)$")
_IN_BRACKETS = re.compile(rf"\((第(?:{_ORDER})[次周])\)")
_TIMES_CELL = re.compile("[0-9]{1,2}次")
_ONCE = ("√", "✓", "✔", "是")  # in a week's cell
_COUNTS = re.compile("[0-9](?:次|\\.0)?")
_BETWEEN_DAYS = re.compile(r"[、,;，；\s]+")
_OF_MONTH = re.compile(
    rf"^(?P<before>[^0-9{_TENS}]*?)(?:20[0-9]{{2}}年)?(?P<of>1[0-2]|0?[1-9]|十[一二]|[{_TENS}])月份?(?P<field>.*)$"
)
_NUMBERED_PATTERN = re.compile(rf"^(?P<field>[^0-9{_TENS}]+?)\(?(?P<of>{_ORDER})\)?$")
_EACH = re.compile("每次|单次")
_LESSONS = re.compile("课时|节数")
_TIMES = re.compile("次数|几次|多少次")


@dataclass(frozen=True)
class VisitPlace:
    """What a header is about: of which visit or ``month`` (1 to 12, else empty), and the column, empty where only the visit
    is named."""

    of: str
    column: str
    month: str = ""


def place_of(text: str, spellings: Spellings) -> VisitPlace | None:
    """The visit or month that a header (in normal form) numbers; None where it numbers none."""
    text = _IN_BRACKETS.sub(r"\1", text)
    if match := _VISIT.match(text):
        column = _column(match["field"], spellings) or _column(match["before"], spellings)
        month = _OF_MONTH.match(match["before"])
        usual = "" if match["field"] else "taught_on"
        return VisitPlace(_key(month, match["of"]), column or usual, _number(month["of"]) if month else "")
    if match := _WEEK.match(text):
        usual = "" if match["field"] else "taught_on"
        return VisitPlace(f"第{_number(match['of'])}周", _column(match["field"], spellings) or usual)
    if match := _OF_MONTH.match(text):
        column = _column(match["field"], spellings) or _column(match["before"], spellings)
        return VisitPlace(f"{_number(match['of'])}月", column, _number(match["of"]))
    match = _NUMBERED_PATTERN.match(text)
    column = _column(match["field"], spellings) if match else ""
    return VisitPlace(f"第{_number(match['of'])}次", column) if match and column else None


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
    by_day = _by_day(grid, layout)
    if by_day is not grid:
        return by_day
    texts = {at: normal(text) for at, text in sorted(header_texts(grid, layout.rows).items())}
    groups = (
        _numbered_groups(texts, spellings)
        or _repeated_groups(texts, spellings)
        or _month_groups(grid, layout, texts, spellings)
    )
    if len(groups) < FEWEST or not _with_bare(groups, texts, spellings):
        return grid
    _with_each_lessons(groups, texts)
    grid = _rewritten(_once_a_week(grid, layout, groups), layout, groups)
    return _counts_of_months(grid)


def _by_day(grid: Grid, layout: Layout) -> Grid:
    """``grid`` with a row for each day of a cell that holds several (9月10日、9月24日)."""
    day = layout.columns.get("taught_on")
    if day is None or any(column == day.position for _, column, _, _ in grid.merges):
        return grid
    parts = {cell: _days_of(cell) for cell in {*grid.columns[day.position][layout.last + 1 :]} if cell}
    if not any(len(days) > 1 for days in parts.values()):
        return grid
    common_columns = [position for position in range(len(grid.columns)) if position != day.position]
    sheet = Rewriting(grid, layout.rows, common_columns, [FIELDS["taught_on"]], layout)
    for row in sheet.records:
        days = parts.get(grid.columns[day.position][row] or "", [])
        sheet.add(row, [{FIELDS["taught_on"]: one} for one in days] or [{}])
    return sheet.grid()


def _counts_of_months(grid: Grid) -> Grid:
    """``grid`` with how many days stand in a month's cell (5日、19日), whose lessons are those of all; ``grid`` itself where a cell holds
    something else."""
    header = next((row for row in grid.filled_rows(len(grid.numbers)) if MONTH in grid.row(row)), None)
    fields = grid.row(header) if header is not None else []
    if header is None or FIELDS["taught_on"] not in fields or FIELDS["visits"] in fields:
        return grid
    at = fields.index(FIELDS["taught_on"])
    parts = [_BETWEEN_DAYS.split(cell.strip()) if cell else [] for cell in grid.columns[at][header + 1 :]]
    if not any(parts) or not all(_MERE_DAY.fullmatch(part) for days in parts for part in days):
        return grid
    counts = [str(len(days)) if days else None for days in parts]
    column = [*grid.columns[at][:header], FIELDS["visits"], *counts]
    return replace(grid, columns=[column if p == at else c for p, c in enumerate(grid.columns)])


def _days_of(cell: str) -> list[str]:
    """The days of a cell that holds days and nothing else; the cell itself where it holds something more."""
    days = [part for part in _BETWEEN_DAYS.split(cell.strip()) if part]
    return days if all(map(_ONE_DAY.fullmatch, days)) else [cell]


def _once_a_week(grid: Grid, layout: Layout, groups: Groups) -> Grid:
    """``grid`` with ticks of weeks as one visit; the weeks that say how often are visits in ``groups``, not days."""
    day, visits = FIELDS["taught_on"], FIELDS["visits"]
    weeks = {fields[day]: fields for of, fields in groups.items() if of.endswith("周") and day in fields}
    cells = {bare(grid.columns[at][row]) for at in weeks for row in range(layout.last + 1, len(grid.numbers))}
    other_signs = cells - {"", "×", "否"}
    if not other_signs or not all(cell in _ONCE or _COUNTS.fullmatch(cell) for cell in other_signs):
        return grid
    for fields in weeks.values():
        fields[visits] = fields.pop(day)
    columns = [list(column) for column in grid.columns]
    for at in weeks:
        for row in range(layout.last + 1, len(grid.numbers)):
            cell = bare(columns[at][row])
            columns[at][row] = "1" if cell in _ONCE else cell if cell in other_signs - {"0"} else None
    return replace(grid, columns=columns)


Groups = dict[str, dict[str, int]]
"""Visit or month -> field -> position of its column; a month's own number stands under ``MONTH``, as it is in no cell."""


def _numbered_groups(texts: Mapping[int, str], spellings: Spellings) -> Groups:
    groups: Groups = {}
    for position, text in texts.items():
        place = place_of(text, spellings)
        if place and place.column:
            groups.setdefault(place.of, {}).setdefault(FIELDS[place.column], position)
            if place.month and place.column != "taught_on":
                groups[place.of][MONTH] = int(place.month)
    return groups


def _repeated_groups(texts: Mapping[int, str], spellings: Spellings) -> Groups:
    """The days of visits under one header again and again."""
    days = [position for position, text in texts.items() if _column(text, spellings) == "taught_on"]
    return {f"第{visit}次": {FIELDS["taught_on"]: position} for visit, position in enumerate(days, 1)}


def _month_groups(grid: Grid, layout: Layout, texts: Mapping[int, str], spellings: Spellings) -> Groups:
    """Months by themselves (3月 4月 5月), where title, note or the sheet's name says that the figures are visits and not lessons."""
    months = {
        at: int(place.month)
        for at, text in texts.items()
        if (place := place_of(text, spellings)) and place.month
    }
    around = (row for row in range(len(grid.numbers)) if row < layout.rows[0] or _is_note(grid, row))
    words_around = " ".join([grid.name, *(cell for row in around for cell in grid.row(row) if cell)])
    cells = {
        bare(grid.columns[at][row]) for at in months for row in range(layout.last + 1, len(grid.numbers))
    }
    are_times = bool(cells - {""}) and all(map(_TIMES_CELL.fullmatch, cells - {"", "0", "/"}))
    if not are_times and (not _TIMES.search(words_around) or _LESSONS.search(words_around)):
        return {}
    return {f"{month}月": {FIELDS["visits"]: at, MONTH: month} for at, month in months.items()}


def _is_note(grid: Grid, row: int) -> bool:
    """Has the row one cell alone, of words?"""
    cells = [cell for cell in grid.row(row) if cell]
    return len(cells) == 1 and len(cells[0]) > len(_TENS)


def _with_bare(groups: Groups, texts: Mapping[int, str], spellings: Spellings) -> bool:
    """Adds the columns that number nothing to the visits they stand behind; false where one may be of any visit, or of all."""
    numbered_groups = _positions(groups)
    starts = {min(p for f, p in fields.items() if f != MONTH): of for of, fields in groups.items()}
    bare = {
        at: column
        for at, text in texts.items()
        if at not in numbered_groups and (column := _column(text, spellings))
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
    common_columns = [position for position in range(len(grid.columns)) if position not in count]
    sheet = Rewriting(grid, layout.rows, common_columns, fields)
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
