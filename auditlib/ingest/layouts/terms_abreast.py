"""Aid of several terms or batches in one row (2024年春季 | 2024年秋季; 第一批 | 第二批, each with its amount, day and result): a
payment for each that has an amount."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout, header_texts
from auditlib.ingest.headers.spellings import Spellings, normal, recognise
from auditlib.ingest.layouts.rewriting import Rewriting
from auditlib.ingest.rows.list_sums import figure
from auditlib.ingest.rows.sorting import is_total

TERM, BATCH, AMOUNT = "学期", "批次", "金额"
FEWEST = 2  # terms or batches
_FIRST = 3  # columns, of which one says 合计
_PARTS = {
    TERM: re.compile("(?:20[0-9]{2}年?)?[春秋]季?(?:学?期)?"),
    BATCH: re.compile("(?:第?[一二三四五六1-6](?:批次?|次|期|笔)|首批|末批)(?:次)?"),
}
_MONEY = r"(?:实?发放?|补助|资助|补贴|应发|应补)?(?:金额|资金|标准)?(?:\(元\))?"
_OF_ALL = re.compile(
    rf"(?:20[0-9]{{2}}年)?(?:全年|年度|两学?期|两批)?(?:合计|总计|小计|共计){_MONEY}|(?:20[0-9]{{2}}年)?全年{_MONEY}"
)
_FIELDS = {"日期": "发放日期", "时间": "发放日期", "结果": "发放结果", "状态": "发放结果", "情况": "发放结果"}


@dataclass(frozen=True)
class _Abreast:
    """Of terms or of batches: ``header``, its lines; ``parts``, the columns of each by field; ``sums``, columns that sum them."""

    header: tuple[int, ...]
    kind: str
    parts: Mapping[str, Mapping[str, int]]
    sums: Sequence[int]

    @property
    def amounts(self) -> list[int]:
        return [columns[AMOUNT] for columns in self.parts.values()]

    @property
    def fields(self) -> list[str]:
        return [*dict.fromkeys(field for columns in self.parts.values() for field in columns)]


def by_part(grid: Grid, layout: Layout | None, spellings: Spellings) -> Grid:
    """``grid`` with a row for each term's or batch's payment; ``grid`` itself where it has an amount, a term or a batch of its
    own, or where a column that sums them says something else."""
    abreast = None if layout is None else _abreast(grid, layout, spellings)
    if layout is None or abreast is None or not _are_all_amounts(grid, abreast):
        return grid
    taken = {at for columns in abreast.parts.values() for at in columns.values()} | {*abreast.sums}
    common_columns = [at for at in range(len(grid.columns)) if at not in taken]
    sheet = Rewriting(grid, abreast.header, common_columns, [abreast.kind, *abreast.fields], layout)
    for row in sheet.records:
        payments = [
            {abreast.kind: part, **{field: grid.columns[at][row] for field, at in columns.items()}}
            for part, columns in abreast.parts.items()
            if _is_paid(grid, columns.values(), row)
        ]
        if payments and _is_total_row(grid, row):
            payments = [{AMOUNT: str(_sum(grid, row, abreast.amounts))}]
        sheet.add(row, payments or [{}])
    return sheet.grid()


def _abreast(grid: Grid, layout: Layout, spellings: Spellings) -> _Abreast | None:
    """Where terms or batches stand side by side, each with an amount and with fields that no other column of it has."""
    header = _lines(grid, layout)
    texts = {at: normal(text) for at, text in sorted(header_texts(grid, header).items())}
    for kind, pattern in _PARTS.items():
        parts: dict[str, dict[str, int]] = {}
        for at, text in texts.items():
            if at_once := _part_and_field(text, pattern, spellings):
                part, field = at_once
                if field in parts.setdefault(part, {}) or _is_of_persons(field, spellings):
                    return None  # lists of other persons side by side
                parts[part][field] = at
        if len(parts) >= FEWEST and all(AMOUNT in columns for columns in parts.values()):
            sums = [at for at, text in texts.items() if _OF_ALL.fullmatch(text)]
            abreast = _Abreast(header, kind, parts, sums)
            return None if _has_its_own(layout, abreast) else abreast
    return None


def _is_of_persons(field: str, spellings: Spellings) -> bool:
    read = recognise(field, spellings)
    return read is not None and read.spelling.column in ("name", "id_number", "student_no")


def _lines(grid: Grid, layout: Layout) -> tuple[int, ...]:
    """The lines of the header, and one right below it that names terms or batches and nothing else (补助金额 over 春季, 秋季)."""
    below = layout.last + 1
    texts = [normal(cell) for cell in grid.row(below) if cell] if below < len(grid.numbers) else []
    are_parts = any(sum(bool(p.fullmatch(text)) for text in texts) >= FEWEST for p in _PARTS.values())
    is_line = are_parts and all(any(p.fullmatch(t) for p in (*_PARTS.values(), _OF_ALL)) for t in texts)
    return (*layout.rows, below) if is_line else layout.rows


def _part_and_field(text: str, pattern: re.Pattern[str], spellings: Spellings) -> tuple[str, str] | None:
    """第一批 and 金额 of 第一批金额; 春季 and 金额 of 春季, or of 春季 below 补助金额(元)."""
    if match := pattern.match(text):
        rest = text[match.end() :]
    elif match := re.search(f"(?P<rest>{_MONEY})(?P<part>{pattern.pattern})", text):
        if match.span() != (0, len(text)):
            return None
        return match["part"], AMOUNT
    else:
        return None
    if re.fullmatch(_MONEY, rest):
        return match.group(), AMOUNT
    read = recognise(rest, spellings)
    if read and read.spelling.column in ("pay_date", "result"):
        return match.group(), _FIELDS["日期" if read.spelling.column == "pay_date" else "结果"]
    return match.group(), _FIELDS.get(rest, rest)


def _has_its_own(layout: Layout, abreast: _Abreast) -> bool:
    """Does the sheet, or the run's own choice of a column, say the amount, the term or the batch already?"""
    amount = layout.columns.get("amount")
    chosen = amount is not None and amount.read is not None and amount.read.spelling.order < 0
    elsewhere = amount is not None and amount.position not in {*abreast.amounts, *abreast.sums}
    return chosen or elsewhere or ("term" if abreast.kind == TERM else "batch_no") in layout.columns


def _are_all_amounts(grid: Grid, abreast: _Abreast) -> bool:
    return all(_adds_up(grid, row, abreast) for row in range(abreast.header[-1] + 1, len(grid.numbers)))


def _adds_up(grid: Grid, row: int, abreast: _Abreast) -> bool:
    """Is each amount of the row a figure, and each of its sums theirs? Text alone is a signature."""
    cells = [bare(grid.columns[at][row]) for at in abreast.amounts]
    figures = [figure(cell) for cell in cells if cell]
    if None in figures:
        return not any(figure is not None for figure in figures)
    total = _sum(grid, row, abreast.amounts)
    return all(figure(grid.columns[at][row]) in (None, total) for at in abreast.sums)


def _sum(grid: Grid, row: int, columns: Iterable[int]) -> Decimal:
    return sum((figure(grid.columns[at][row]) or Decimal(0) for at in columns), Decimal(0))


def _is_paid(grid: Grid, columns: Iterable[int], row: int) -> bool:
    """Does any cell of a part say something but nought?"""
    cells = [bare(grid.columns[at][row]) for at in columns]
    return any(cell and figure(cell) != 0 for cell in cells)


def _is_total_row(grid: Grid, row: int) -> bool:
    return any(is_total(normal(cell)) for cell in grid.row(row)[:_FIRST] if cell)
