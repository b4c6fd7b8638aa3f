"""Aid of several schemes in one row (国家助学金, 免学杂费, 合计): a payment for each scheme that has an amount.

Only where each column is one scheme's money and nothing else, and a column of amounts beside them, if there is one, is their
sum: what was due, a standard or persons by scheme is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import PurePosixPath

from auditlib.cells.hygiene import NOTHING
from auditlib.ingest.constants.scheme_names import OUTSIDE
from auditlib.ingest.constants.sheet_constants import UMBRELLA, of_stage
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import bare, is_id_like
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout, header_texts
from auditlib.ingest.headers.spellings import normal, without_hints
from auditlib.ingest.layouts.rewriting import Rewriting
from auditlib.ingest.rows.list_sums import figure
from auditlib.ingest.rows.sorting import is_total
from auditlib.tables.vocabulary import spelling

SCHEME, AMOUNT = "资助项目", "金额"
FEWEST = 2  # schemes
_FIRST = 3  # columns, of which one says 合计
_MONEY, _OF_MONEY = re.compile("(?:资金|金额)$"), re.compile("(?:实?发|补助|资助)(?:资金|金额)?$")
_TOTAL = re.compile(r"(?:实发|发放|资助|补助)?(?:合计|总计|小计|总额|总金额)(?:金额)?(?:\(元\))?")


def by_scheme(task: Task, grid: Grid, layout: Layout | None) -> Grid:
    """``grid`` with a row for each scheme's amount; ``grid`` itself where its columns are no schemes' money."""
    if layout is None or "scheme" in task.constants or _has_scheme(grid, layout):
        return grid
    header, schemes = _schemes(task, grid, layout)
    audited_schemes = [code for code in schemes.values() if code != OUTSIDE]
    if len(schemes) < FEWEST or len({*audited_schemes}) < len(audited_schemes):
        return grid
    totals = _totals(layout, header_texts(grid, header))
    records = [row for row in range(header[-1] + 1, len(grid.numbers)) if not _is_total_row(grid, row)]
    if not all(_adds_up(grid, row, [*schemes], totals) for row in records):
        return grid
    common_columns = [
        position for position in range(len(grid.columns)) if position not in {*schemes, *totals}
    ]
    sheet = Rewriting(grid, header, common_columns, [SCHEME, AMOUNT], layout)
    for row in sheet.records:
        payments = [
            {SCHEME: code, AMOUNT: grid.columns[at][row]}
            for at, code in schemes.items()
            if _filled(grid, at, row)
        ]
        if payments and _is_total_row(grid, row):
            payments = [{AMOUNT: str(_sum(grid, row, [*schemes]))}]
        sheet.add(row, payments or [{}])
    return sheet.grid()


def _has_scheme(grid: Grid, layout: Layout) -> bool:
    """Does a column say the scheme of each row? 资助项目 over several columns is the group of those below it."""
    header = layout.columns.get("scheme")
    return header is not None and not any(
        top <= layout.last <= bottom and start == header.position < end
        for top, start, bottom, end in grid.merges
    )


def _schemes(task: Task, grid: Grid, layout: Layout) -> tuple[tuple[int, ...], dict[int, str]]:
    """The lines of the header, and the columns that the lowest of them calls by a scheme, with its code."""
    below = layout.last + 1
    under = grid.row(below) if below < len(grid.numbers) else []
    texts = header_texts(grid, layout.rows)
    lowest = {at: cell for at, cell in enumerate(grid.row(layout.last)) if cell}
    if len(schemes := _called_columns(task, grid, layout, {**texts, **lowest})) >= FEWEST:
        spans = {
            start for top, start, bottom, end in grid.merges if top <= layout.last <= bottom and end > start
        }
        is_figures = all(not under[at] or figure(under[at]) is not None for at in schemes) if under else True
        return (layout.rows, schemes) if is_figures and not spans & schemes.keys() else (layout.rows, {})
    for lines in (1, 2):
        header = (*layout.rows, *range(below, below + lines))
        schemes = _called_below(task, grid, layout, header)
        if len(schemes) >= FEWEST:
            break
    return header, schemes


def _called_below(task: Task, grid: Grid, layout: Layout, header: tuple[int, ...]) -> dict[int, str]:
    """The columns that the last line of ``header`` calls by a scheme, by itself or with the group above it (寄宿生 below 生活补助)."""
    if header[-1] >= len(grid.numbers) or any(map(is_id_like, grid.row(header[-1]))):
        return {}
    texts = {at: cell for at, cell in enumerate(grid.row(header[-1])) if cell}
    groups = header_texts(grid, header[-2:])
    with_groups = {
        at: text + groups[at].removesuffix(bare(text)) for at, text in texts.items() if at in groups
    }
    by_group = _called_columns(task, grid, layout, with_groups, header_texts(grid, header))
    return {**by_group, **_called_columns(task, grid, layout, texts, header_texts(grid, header))}


def _called_columns(
    task: Task,
    grid: Grid,
    layout: Layout,
    texts: Mapping[int, str],
    header_lines: Mapping[int, str] | None = None,
) -> dict[int, str]:
    """The columns that are called by a scheme; a name of several stages by the one that title, file or ``header_lines``, all the lines
    of its header, name."""
    words = task.words.get("scheme", {})
    above = [cell for row in range(layout.rows[0]) for cell in grid.row(row) if cell]
    around = [*above, grid.name, PurePosixPath(task.file).stem]
    headers = {at: without_hints(normal(text)) for at, text in texts.items()}
    forms = {at: (text, _MONEY.sub("", text), _OF_MONEY.sub("", text)) for at, text in headers.items()}
    codes = {
        at: next((words[key] for form in all_ if (key := spelling(form)) in words), "")
        for at, all_ in forms.items()
    }
    # 生活补助 is a scheme of its own beside money that is not living aid; over 寄宿 and 非寄宿 it is their group.
    is_one = sum(code == UMBRELLA for code in codes.values()) == 1 and OUTSIDE in codes.values()
    return {
        at: of_stage(code, around, words) or of_stage(code, [(header_lines or {}).get(at, "")], words) or code
        for at, code in sorted(codes.items())
        if code and (code != UMBRELLA or is_one)
    }


def _totals(layout: Layout, texts: Mapping[int, str]) -> list[int]:
    """The columns of the sums: those called so, and the one that was taken for the amount."""
    amount = layout.columns.get("amount")
    by_name = [at for at, text in texts.items() if _TOTAL.fullmatch(normal(text))]
    return sorted({*by_name, *([amount.position] if amount else [])})


def _adds_up(grid: Grid, row: int, schemes: Sequence[int], totals: Sequence[int]) -> bool:
    """Are the cells of the schemes amounts, and each total, where it says something, their sum? Text is none of a record."""
    amounts = [figure(grid.columns[at][row]) for at in schemes if _filled(grid, at, row)]
    if any(amount is None for amount in amounts):
        return not any(amount is not None for amount in amounts) and _is_text_only(grid, row, totals)
    sums = (figure(grid.columns[at][row]) for at in totals if _filled(grid, at, row))
    return all(total == _sum(grid, row, schemes) for total in sums)


def _is_total_row(grid: Grid, row: int) -> bool:
    return any(is_total(normal(cell)) for cell in grid.row(row)[:_FIRST] if cell)


def _sum(grid: Grid, row: int, schemes: Sequence[int]) -> Decimal:
    return sum((figure(grid.columns[at][row]) or Decimal(0) for at in schemes), Decimal(0))


def _is_text_only(grid: Grid, row: int, totals: Sequence[int]) -> bool:
    return not any(figure(grid.columns[at][row]) is not None for at in totals)


def _filled(grid: Grid, at: int, row: int) -> bool:
    return bare(grid.columns[at][row]) not in ("", "0", "0.00", *NOTHING)
