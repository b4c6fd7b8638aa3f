"""Amounts that are no plain figure in one cell: in capitals (壹仟元整), or a column each for 元, 角 and 分."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from auditlib.ingest.files.cells import CellsByColumn, ColumnCells, bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import HeaderCell, Layout
from auditlib.ingest.headers.spellings import normal
from auditlib.tables.delivered import Table

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_TENS = {"仟": 1000, "佰": 100, "拾": 10}
_BELOW_WAN = f"(?:[{_DIGITS}]仟)?零?(?:[{_DIGITS}]佰)?零?(?:[{_DIGITS}]?拾)?零?[{_DIGITS}]?"
_CAPITALS = re.compile(
    rf"(?:人民币:?)?(?:(?P<wan>{_BELOW_WAN})万)?(?P<yuan>{_BELOW_WAN})[元圆]零?"
    rf"(?:(?P<jiao>[{_DIGITS}])角)?零?(?:(?P<fen>[{_DIGITS}])分)?[整正]?"
)
_OTHER_CAPITALS = str.maketrans("贰貳陸萬圓陌○〇", "贰贰陆万圆佰零零")
_PLACES = {  # header of a column that holds one place of the amount -> yuan of a 1 in it
    "万": Decimal(10000), "千": Decimal(1000), "仟": Decimal(1000), "百": Decimal(100), "佰": Decimal(100), "十": Decimal(10),
    "拾": Decimal(10), "元": Decimal(1), "角": Decimal("0.1"), "分": Decimal("0.01"),
}  # fmt: skip
_FIGURE = re.compile(r"[¥￥]?([0-9]*)(?:\.0+)?")


def with_written_amounts(
    table: Table, grid: Grid, layout: Layout, records: Sequence[int], cells: CellsByColumn
) -> CellsByColumn:
    """``cells`` with every amount of ``table`` as one figure in yuan where capitals or several columns say it."""
    amounts = [
        column.name for column in table.columns if column.kind.companion == "unit" and column.name in cells
    ]
    whole_amounts = {name: _join(grid, layout, name, records, cells[name]) for name in amounts}
    return dict(cells) | {
        name: [in_figures(cell) for cell in column] for name, column in whole_amounts.items()
    }


def in_figures(cell: str | None) -> str | None:
    """壹仟贰佰元伍角整 as 1200.50; every other cell as it stands."""
    text = bare(cell).translate(_OTHER_CAPITALS)
    match = _CAPITALS.fullmatch(text) if text and not text.isascii() else None
    if match is None or not (match["wan"] or match["yuan"]):
        return cell
    yuan = 10000 * _below_wan(match["wan"] or "") + _below_wan(match["yuan"])
    jiao, fen = (_DIGITS.index(match[part] or "零") for part in ("jiao", "fen"))
    return f"{yuan}.{jiao}{fen}"


def _below_wan(text: str) -> int:
    total = digit = 0
    for sign in text:
        if sign in _TENS:
            total += (digit or 1) * _TENS[sign]
            digit = 0
        else:
            digit = _DIGITS.index(sign)
    return total + digit


def _join(grid: Grid, layout: Layout, name: str, records: Sequence[int], column: ColumnCells) -> ColumnCells:
    """The amounts of ``column`` with what stands in the columns of their other places (角, 分; 千, 百, 十)."""
    header = layout.columns.get(name)
    places = _places(layout, header) if header else {}
    if len(places) < 2 or "元" not in places:
        return column
    return [
        _sum_of({place: grid.columns[cell.position][row] for place, cell in places.items()})
        for row in records
    ]


def _places(layout: Layout, header: HeaderCell) -> dict[str, HeaderCell]:
    """The columns whose headers say the same as ``header`` and differ in their last character, a place, from left to right."""
    own = normal(header.text)
    same = [c for c in (header, *layout.unused) if normal(c.text)[:-1] == own[:-1] and not c.is_unneeded]
    ordered_columns = sorted(same, key=lambda cell: cell.position)
    return {normal(c.text)[-1]: c for c in ordered_columns if normal(c.text)[-1] in _PLACES}


def _sum_of(parts: Mapping[str, str | None]) -> str | None:
    """Yuan; what is not a digit a place is handed on as it was written, to be read by nobody."""
    figures = {place: _FIGURE.fullmatch(bare(cell)) for place, cell in parts.items()}
    if not any(bare(cell) for cell in parts.values()):
        return None
    has_tens = bool({"十", "拾"} & parts.keys())
    sound = all(m and (len(m[1]) < 2 or (place == "元" and not has_tens)) for place, m in figures.items())
    if not sound:
        return "".join(f"{cell or ''}{place}" for place, cell in parts.items())
    return str(sum((int(m[1] or 0) * _PLACES[place] for place, m in figures.items() if m), Decimal(0)))
