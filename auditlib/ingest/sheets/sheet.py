"""One sheet for one table: is it the table, something else, or a table that cannot be read?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from auditlib.base.errors import Problem
from auditlib.ingest.columns.name_parts import in_one_column, numbers_apart
from auditlib.ingest.constants.sheet_constants import stated_constants
from auditlib.ingest.deliveries.delivery import SheetReport
from auditlib.ingest.deliveries.tasks import Records, SheetRead, Task
from auditlib.ingest.files.cells import bare, is_id_like
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.inquiries import cross_tab
from auditlib.ingest.headers.layout import ROWS_SEARCHED, HeaderCell, Layout, layout_in, missing
from auditlib.ingest.headers.spellings import Spellings, normal, recognise
from auditlib.ingest.layouts.abreast import one_below_the_other
from auditlib.ingest.layouts.aid_abreast import by_scheme
from auditlib.ingest.layouts.categories import by_category
from auditlib.ingest.layouts.cross_tabs import (
    OF_PLACES,
    OF_STATISTICS,
    downwards,
    places_downwards,
    side_by_side,
)
from auditlib.ingest.layouts.folded import several_in_a_row
from auditlib.ingest.layouts.households import by_member, by_pupil, has_hint
from auditlib.ingest.layouts.months import by_term
from auditlib.ingest.layouts.rolls import by_day, by_grade
from auditlib.ingest.layouts.stacked import by_title
from auditlib.ingest.layouts.terms_abreast import by_part
from auditlib.ingest.layouts.ticks import TICK_COLUMNS, by_ticks
from auditlib.ingest.layouts.visits import by_visit
from auditlib.ingest.messages import problems, questions
from auditlib.ingest.sheets.misfits import better_table, is_summary, looks_like_data, misfits
from auditlib.ingest.sheets.records import read_table

ABREAST = {"control_totals": (cross_tab, OF_STATISTICS), "quotas": (questions.places_abreast, OF_PLACES)}
_FIELDS_IN, _FEWEST_FIELDS = 3, 4  # columns; fields one below another
# What names of fields are made of; a row of which half the cells have none is perhaps a record.
_FIELD = re.compile(
    "姓名|序号|编号|证号|[账卡户]号|号码|标识|代码|日期|时间|类[别型]|金额|标准|[元额]$|学校|年级|班级|乡镇|村|状态|性别|备注|电话|地址|人数|人次|情况|分类|项目"
)

_FIELD_NAME = re.compile("[A-Za-z][A-Za-z_]{1,20}[0-9]{0,2}")  # XM, SFZJH, school_name
_NAMES_A_NUMBER = re.compile(
    "(?![无未没暂待不缺])[^0-9]*[证号码][^0-9]*"
)  # 客户证件; not 无证, said of a person


def accepts(task: Task, grid: Grid) -> bool:
    """Is the sheet the table that ``task`` asks for?"""
    grid = unfold(task, grid)
    layout = task.layout_of(grid)
    return layout is not None and not layout.missing and better_table(task, grid, layout) is None


def unfold(task: Task, grid: Grid) -> Grid:
    """The sheet with a row a record, where a row of it is a household, several visits, or has figures by scheme side by side."""
    spellings = task.spellings[task.table.name]
    if "name" in task.table.by_name:
        grid = numbers_apart(in_one_column(grid))
        grid = one_below_the_other(task, grid, task.layout_of(grid))
        grid = by_title(task, grid, task.layout_of(grid))
    if task.table.name == "control_totals":
        return downwards(grid, task.knowledge.words, spellings)
    if task.table.name == "quotas":
        return places_downwards(grid, task.knowledge.words, spellings)
    if task.table.name == "home_teaching":
        return by_visit(grid, task.layout_of(grid), spellings)
    if task.table.name in ("payments", "planned", "applications"):
        grid = by_category(task, grid)
    if task.table.name in ("payments", "planned"):
        if has_hint(grid):
            grid = by_pupil(grid, task.layout_of(grid) or likely_header(task, grid))
        grid = by_scheme(task, grid, task.layout_of(grid))
        grid = by_part(grid, task.layout_of(grid), spellings)
        return by_term(grid, task.layout_of(grid))
    if task.table.name == "attendance":
        grid = by_grade(task, by_day(task, grid, task.layout_of(grid)))
    if task.table.name in TICK_COLUMNS:
        return by_ticks(task, grid, task.layout_of(grid))
    if task.table.name != "eligibility":
        return grid
    if has_hint(grid):
        grid = by_member(grid, task.layout_of(grid) or likely_header(task, grid), task.file)
    return by_category(task, grid)


def read_sheet(task: Task, grid: Grid, *, read_elsewhere: bool) -> SheetRead:
    """``read_elsewhere``: the sheet is read for another table of this run, so it need not fit this one."""
    grid = unfold(task, grid)
    layout = task.layout_of(grid)
    question, kinds = ABREAST.get(task.table.name, (None, ()))
    if question and (abreast := side_by_side(grid, task.knowledge.words, kinds)):
        return _failure(task, grid, layout, [question(task.place(grid), abreast)])
    if layout is None:
        if not read_elsewhere and looks_like_data(grid) and not is_summary(grid, layout):
            return _failure(task, grid, layout, _without_header(task, grid))
        return no_table(task, grid)
    if (
        not read_elsewhere
        and not is_summary(grid, layout)
        and (folded_layout := several_in_a_row(task, grid, layout))
    ):
        return _failure(task, grid, layout, folded_layout)
    other = better_table(task, grid, layout)
    if other is None and not is_summary(grid, layout):
        title_constants = stated_constants(
            task.table, task.file, grid, layout, task.constants, task.knowledge
        )
        task = replace(task, constants={**task.constants, **title_constants}, stated=tuple(title_constants))
        layout = task.layout_of(grid) or layout
    if not layout.missing and other is None:
        return read_table(task, grid, layout)
    if read_elsewhere or is_summary(grid, layout):
        return no_table(task, grid)
    if "name" in task.table.by_name and (fields := fields_beside(grid, task.spellings[task.table.name])):
        return _failure(task, grid, layout, [questions.forms(task.place(grid), fields)])
    return _failure(task, grid, layout, misfits(task, grid, layout, other))


def _without_header(task: Task, grid: Grid) -> list[Problem]:
    """What is wrong with a sheet of which no row names two columns: the fullest row is perhaps its header."""
    if fields := fields_downwards(grid, task.spellings[task.table.name]):
        return [questions.on_its_side(task.place(grid), fields)]
    layout = likely_header(task, grid)
    if layout is None:
        first = next(iter(grid.filled_rows(1)), None)
        if first is not None and any(map(is_id_like, grid.row(first))):
            return [questions.begins_with_records(task.table, task.place(grid, first))]
        return [problems.no_header(task.table, task.place(grid))]
    folded_layout = several_in_a_row(task, grid, layout)
    return folded_layout or [problems.no_header(task.table, task.place(grid, layout.last), layout.present)]


def fields_downwards(grid: Grid, spellings: Spellings) -> list[str]:
    """The headers that stand one below another in one of the first columns, with the records to the right of them."""
    for column in grid.columns[:_FIELDS_IN]:
        readings = [(text, recognise(normal(text), spellings)) for text in column if text]
        fields = {reading.spelling.column: bare(text) for text, reading in readings if reading}
        if len(fields) >= _FEWEST_FIELDS and 2 * len(fields) >= len(readings):
            return [*fields.values()]
    return []


def fields_beside(grid: Grid, spellings: Spellings) -> list[str]:
    """The headers that stand again and again beside what is written for them, as in a form for each person."""
    counts: Counter[str] = Counter()
    for row in grid.filled_rows(ROWS_SEARCHED):
        cells = [cell for cell in grid.row(row) if cell]
        are_known = [recognise(normal(cell), spellings) is not None for cell in cells]
        if not any(are_known) or len(cells) % 2 or are_known != [True, False] * (len(cells) // 2):
            continue
        counts.update(bare(cell) for cell in cells[::2])
    fields = [field for field, times in counts.items() if times > 1]
    return fields if len(fields) >= _FEWEST_FIELDS else []


def likely_header(task: Task, grid: Grid) -> Layout | None:
    """The row above the persons' numbers as a header, whatever is known of it, else the fullest as one of which no column is known;
    None where it looks like a record."""
    if (row := row_above_numbers(grid)) is not None:
        return layout_in(grid, (row,), task.table, task.spellings[task.table.name], frozenset(task.constants))
    if (row := _fullest(grid)) is None:
        return None
    cells = tuple(HeaderCell(i, bare(text), None) for i, text in enumerate(grid.row(row)) if text)
    return Layout((row,), {}, cells, missing(task.table, frozenset(task.constants)))


def row_above_numbers(grid: Grid) -> int | None:
    """The row right above the first person's number, where its cell there says that a number follows (受保人身份证):
    of a person without a number that cell would be empty, or say so."""
    above = None
    for row in grid.filled_rows(ROWS_SEARCHED):
        numbers = [place for place, cell in enumerate(grid.row(row)) if is_id_like(cell)]
        if numbers:
            headers: list[str] = (
                [] if above is None else [bare(grid.columns[place][above]) for place in numbers]
            )
            return above if any(map(_NAMES_A_NUMBER.fullmatch, headers)) else None
        above = row
    return None


def _fullest(grid: Grid) -> int | None:
    """The first of the fullest rows without a person's number; none where it looks like a record, whose cells a
    message must not repeat."""
    rows = [row for row in grid.filled_rows(ROWS_SEARCHED) if not any(map(is_id_like, grid.row(row)))]
    best = max(rows, key=lambda row: len(grid.columns) - grid.row(row).count(None), default=None)
    texts = [bare(cell) for cell in grid.row(best) if cell] if best is not None else []
    fields_named = sum(bool(_FIELD.search(text)) for text in texts)
    is_of_fields = len(texts) >= _FEWEST_FIELDS and all(map(_FIELD_NAME.fullmatch, texts))
    return best if texts and (2 * fields_named >= len(texts) or is_of_fields) else None


def no_table(task: Task, grid: Grid, reason: str = "no_header") -> SheetRead:
    """A sheet of something else, or one that nobody needs: all its rows are left out."""
    rows_with_text = grid.filled_rows(len(grid.numbers))
    report = SheetReport(
        name=grid.name,
        visible=grid.visible,
        rows_read=len(rows_with_text),
        left_out=task.left_out(grid, dict.fromkeys(rows_with_text, reason)),
        blank_rows=grid.blank_rows,
    )
    return SheetRead("other", report, Records(task.file))


def _failure(task: Task, grid: Grid, layout: Layout | None, wrong: Sequence[Problem]) -> SheetRead:
    header = tuple(grid.numbers[row] for row in layout.rows) if layout else ()
    columns = {column: cell.text for column, cell in layout.columns.items()} if layout else {}
    unused_headers = tuple(cell.text for cell in layout.unused) if layout else ()
    return SheetRead(
        "failed",
        SheetReport(grid.name, grid.visible, header, columns, unused_headers),
        Records(task.file),
        tuple(wrong),
    )
