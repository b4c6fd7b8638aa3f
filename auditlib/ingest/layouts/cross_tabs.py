"""Statistics with the schemes, categories or stages side by side, each with its figures, and places of schools with a column a
scheme: read downwards, a row for each of them. 寄宿生 and 非寄宿生 side by side are the two schemes for them.

Where the figures do not say what they are (persons or money, yuan or ten thousand), the sheet is refused with what to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from auditlib.ingest.constants.sheet_constants import OF_BOARDERS, OF_DAY_PUPILS
from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.spellings import Spellings, normal, recognise, stated_unit
from auditlib.ingest.layouts.rewriting import Rewriting
from auditlib.tables.vocabulary import spelling

ROWS_SEARCHED = 40  # rows with something in them, from the top
FEWEST = 2  # schemes or categories in one row
KINDS = {"scheme": "资助项目", "category": "困难类型", "stage": "学段"}
OF_STATISTICS, OF_PLACES = ("scheme", "category", "stage"), ("scheme", "category")
_OF_BOARDING = re.compile("(?P<day>[非不](?:寄宿|住宿|住校)|走读)生|(?:寄宿|住宿|住校)生")
PERSONS, AMOUNT, PLACES = "人次", "金额", "名额"
SUMS = ("合计", "小计", "总计")  # of all schemes, below no merge of theirs
_HINT = re.compile(r"[(\[（【].*$|(?:资金|金额|人数|人次|名额|指标数?|小计)$")
_FIGURE = re.compile(r"(?:资助|补助|发放)?(?:人次|人次数|金额|资金)(?:[(（]万?元[)）])?$")
_UNIT = re.compile(r"[(（](万?元)[)）]$")


@dataclass(frozen=True)
class _Abreast:
    """``header``: its lines; ``groups``: for each scheme or category its figures' columns by field; ``shared``: the columns
    that belong to none."""

    kind: str
    header: tuple[int, ...]
    groups: Mapping[str, Mapping[str, int]]
    shared: list[int]
    amount: str  # the header of the amounts, with their unit


def side_by_side(
    grid: Grid, words: Mapping[str, Mapping[str, str]], kinds: Iterable[str] = OF_STATISTICS
) -> list[str]:
    """The headers of a row that names several of one of the ``kinds``; empty where there is no such row."""
    return next(([*names.values()] for _row, _kind, names in _abreast(grid, words, kinds)), [])


def _abreast(
    grid: Grid, words: Mapping[str, Mapping[str, str]], kinds: Iterable[str]
) -> Iterator[tuple[int, str, dict[int, str]]]:
    """Rows that name several schemes, categories or stages: the row, which of them, and the names by column; the sum of all stages
    goes along."""
    for row in grid.filled_rows(ROWS_SEARCHED):
        texts = {at: _name_in(bare(cell)) for at, cell in enumerate(grid.row(row)) if cell}
        for kind in kinds:
            names = {at: _scheme_name(text) if kind == "scheme" else text for at, text in texts.items()}
            codes = {at: words.get(kind, {}).get(spelling(name)) for at, name in names.items()}
            if len({code for code in codes.values() if code}) >= FEWEST:
                sums = {at for at, name in names.items() if kind == "stage" and name in SUMS}
                yield row, kind, {at: names[at] for at, code in codes.items() if code or at in sums}


def _name_in(text: str) -> str:
    """What a header names, without what it counts: 小学 of 小学资助金额(元)."""
    return _HINT.sub("", _HINT.sub("", text)) or text


def _scheme_name(text: str) -> str:
    """寄宿生生活补助 of 寄宿生; other texts as they are."""
    match = _OF_BOARDING.fullmatch(text)
    return text if not match else OF_DAY_PUPILS if match["day"] else OF_BOARDERS


def downwards(grid: Grid, words: Mapping[str, Mapping[str, str]], spellings: Spellings) -> Grid:
    """``grid`` with a row for each scheme or category; ``grid`` itself where it is none or its figures do not say what they are."""
    for row, kind, names in _abreast(grid, words, OF_STATISTICS):
        if statistics := _figures(grid, row, kind, names, spellings):
            return _rewritten(grid, statistics)
    return grid


def places_downwards(grid: Grid, words: Mapping[str, Mapping[str, str]], spellings: Spellings) -> Grid:
    """``grid`` with a row for each school and scheme; ``grid`` itself where a scheme's columns do not say which has its places."""
    for row, kind, names in _abreast(grid, words, OF_PLACES):
        below = [normal(cell) for cell in grid.row(row + 1)] if row + 1 < len(grid.numbers) else []
        spans = {name: _spans(grid, row)[at] for at, name in names.items()}
        groups = {name: _places_below(below, span, spellings) for name, span in spans.items()}
        if kind == "scheme" and all(groups.values()):
            place_titles = (below[figures[PLACES]] for figures in groups.values() if below)
            has_line = any(_is_places(text, spellings) for text in place_titles)
            return _of_schools(grid, (row, row + 1) if has_line else (row,), groups)
    return grid


def _places_below(below: list[str], span: range, spellings: Spellings) -> dict[str, int]:
    """The figures of a scheme by field, its places among them; none where no column, or several, say that they are places."""
    if len(span) == 1:
        return {PLACES: span[0]}
    texts = {at: below[at] if at < len(below) else "" for at in span}
    places = [at for at, text in texts.items() if _is_places(text, spellings)]
    others = {text: at for at, text in texts.items() if text not in (*SUMS, "") and at not in places}
    return {PLACES: places[0], **others} if len(places) == 1 else {}


def _is_places(text: str, spellings: Spellings) -> bool:
    reading = recognise(text, spellings) if text else None
    return bool(reading and reading.spelling.column == "places")


def _of_schools(grid: Grid, header: tuple[int, ...], groups: Mapping[str, Mapping[str, int]]) -> Grid:
    of_schemes = {at for figures in groups.values() for at in figures.values()}
    common_columns = [at for at in range(len(grid.columns)) if at not in of_schemes]
    fields = [*dict.fromkeys(field for figures in groups.values() for field in figures)]
    sheet = Rewriting(grid, header, common_columns, [KINDS["scheme"], *fields])
    for row in sheet.records:
        parts = [
            {KINDS["scheme"]: name, **{field: grid.columns[at][row] for field, at in figures.items()}}
            for name, figures in groups.items()
            if any(grid.columns[at][row] for at in figures.values())
        ]
        sheet.add(row, parts or [{}])
    return sheet.grid()


def _rewritten(grid: Grid, statistics: _Abreast) -> Grid:
    figure_fields = dict.fromkeys(field for figures in statistics.groups.values() for field in figures)
    usual = [field for field in (PERSONS, statistics.amount) if field in figure_fields]
    fields = [KINDS[statistics.kind], *usual, *(field for field in figure_fields if field not in usual)]
    sheet = Rewriting(grid, statistics.header, statistics.shared, fields)
    for row in sheet.records:
        parts = [
            {KINDS[statistics.kind]: name, **{field: grid.columns[at][row] for field, at in figures.items()}}
            for name, figures in statistics.groups.items()
            if any(grid.columns[at][row] for at in figures.values())
        ]
        sheet.add(row, parts or [{}])
    return sheet.grid()


def _figures(
    grid: Grid, row: int, kind: str, names: Mapping[int, str], spellings: Spellings
) -> _Abreast | None:
    below = grid.row(row + 1) if row + 1 < len(grid.numbers) else []
    spans = _spans(grid, row)
    groups = {name: _below(below, spans[at], spellings) for at, name in names.items()}
    header: tuple[int, ...] = (row, row + 1)
    if not any(groups.values()):  # no second line: the header says itself what its figure is, or its unit
        groups = _named_with_figures(grid.row(row), names, spellings) or {
            name: {AMOUNT: at} if _UNIT.search(bare(grid.row(row)[at])) else {} for at, name in names.items()
        }
        header, below = (row,), grid.row(row)
    units = {
        normal(below[f[AMOUNT]]) if len(header) > 1 else _unit(below[f[AMOUNT]])
        for f in groups.values()
        if AMOUNT in f
    }
    if not all(groups.values()) or len(units) > 1:
        return None
    of_figures = {at for start, span in spans.items() if start in names for at in span}
    common_columns = [at for at in range(len(grid.columns)) if at not in of_figures]
    amount = f"{AMOUNT}({unit})" if (unit := _unit(next(iter(units), ""))) else AMOUNT
    return _Abreast(
        kind, header, {name: _with_amount(f, amount) for name, f in groups.items()}, common_columns, amount
    )


def _named_with_figures(
    header: list[str | None], names: Mapping[int, str], spellings: Spellings
) -> dict[str, dict[str, int]]:
    """小学人次 小学金额(元) 初中人次 初中金额(元): of each name its figures; nothing where one says none, or one twice."""
    groups: dict[str, dict[str, int]] = {}
    for at, name in names.items():
        tail = _FIGURE.search(bare(header[at]))
        read = recognise(normal(tail[0]), spellings) if tail else None
        field = FIELDS.get(read.spelling.column) if read else None
        if field is None or field in groups.setdefault(name, {}):
            return {}
        groups[name][field] = at
    return groups


def _with_amount(figures: Mapping[str, int], amount: str) -> dict[str, int]:
    return {amount if field == AMOUNT else field: at for field, at in figures.items()}


def _unit(text: str | None) -> str:
    """元 or 万元, as the header of a figure states it."""
    return stated_unit(f"({match[1]})") or "" if (match := _UNIT.search(bare(text))) else ""


def _spans(grid: Grid, row: int) -> dict[int, range]:
    """The columns below each cell of a row: those of its merge, else as far as the next cell."""
    filled_places = [at for at, cell in enumerate(grid.row(row)) if cell is not None]
    ends = dict(zip(filled_places, [*filled_places[1:], len(grid.columns)], strict=True))
    merged_ends = {first: last + 1 for top, first, bottom, last in grid.merges if top <= row <= bottom}
    return {
        at: range(at, merged_ends.get(at, ends[at] if not merged_ends else at + 1)) for at in filled_places
    }


def _below(cells: list[str | None], span: range, spellings: Spellings) -> dict[str, int]:
    """The figures below a cell: the first column of persons, the first of money, and what nobody knows (人数) under its own
    name, so that it is told as a column that was not used."""
    figures: dict[str, int] = {}
    others: dict[str, int] = {}
    for at in span:
        text = normal(cells[at]) if at < len(cells) else ""
        read = recognise(text, spellings) if text else None
        if read and read.spelling.column in FIELDS:
            figures.setdefault(FIELDS[read.spelling.column], at)
        elif text:
            others.setdefault(text, at)
    return figures | others if figures else {}


FIELDS = {"persons": PERSONS, "amount": AMOUNT}
