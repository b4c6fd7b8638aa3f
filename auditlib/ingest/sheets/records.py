"""A sheet that is the table asked for: its records with their addresses, and an account of every row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import PurePosixPath

from auditlib.base.errors import Problem
from auditlib.ingest.columns.asides import asides
from auditlib.ingest.columns.derived import with_derived
from auditlib.ingest.columns.merges import table_columns, with_total_rows
from auditlib.ingest.columns.owners import own_number
from auditlib.ingest.columns.second_status import contradicted_status
from auditlib.ingest.columns.written_amounts import with_written_amounts
from auditlib.ingest.constants.scheme_names import with_scheme_names
from auditlib.ingest.constants.sheet_constants import status_of_list
from auditlib.ingest.constants.umbrella_names import by_boarding, by_stage, umbrellas
from auditlib.ingest.deliveries.delivery import SheetReport
from auditlib.ingest.deliveries.tasks import Records, SheetRead, Task
from auditlib.ingest.files.cells import ColumnCells, Helpers, bare, is_id_like
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.inquiries import header_over_several
from auditlib.ingest.headers.layout import FEWEST, Layout
from auditlib.ingest.headers.overlooked import unused_columns
from auditlib.ingest.headers.spellings import FACTORS, normal, recognise, stated_unit
from auditlib.ingest.headers.turned_answers import TURNED_CODING
from auditlib.ingest.ledgers.open_questions import answer_of_replies, day_of_return, those_removed
from auditlib.ingest.ledgers.refused_applications import refused_applications
from auditlib.ingest.messages import problems, questions
from auditlib.ingest.rows.first_rows import of_households, only_in_first_rows
from auditlib.ingest.rows.foreign import without_foreign
from auditlib.ingest.rows.list_sums import figure, list_sums
from auditlib.ingest.rows.money_beside import lines_within, money_beside
from auditlib.ingest.rows.part_totals import of_county
from auditlib.ingest.rows.sorting import Sorting, sort_rows
from auditlib.ingest.rows.taken_back import with_reversals
from auditlib.ingest.titles.terms import school_year_of, school_years_in, terms_in, titles_of
from auditlib.tables.delivered import Column
from auditlib.tables.vocabulary import coding_of

_ELSEWHERE = re.compile("(?:[县市省区旗州]外|外[县市省区地]|异地|他县|域外)(?:就读|就学|上学|读书|求学|在读)")
_BACK_HERE = re.compile("来|返|转回|回县|不含|除")
_OF_NO_USE = re.compile(
    "旧|原始?名|备份|作废|历史|往年|去年|上[一个]?(?:学?年|学?期)|删|停用|草稿|old|bak", re.I
)
_MOST_PAID = 50_000  # yuan, to one person in one payment; the largest loan is 20 000
_FEWEST_PAID = 3
_OF_ENTRY = re.compile("入学|招生|新生|毕业")  # 2023年秋季入学 is no term of the list


def read_table(task: Task, grid: Grid, layout: Layout) -> SheetRead:
    """Every record of the sheet; layouts that would be misread without a word are problems."""
    layout, doubts = own_number(task, grid, layout)
    sorting = sort_rows(grid, layout, task.spellings[task.table.name])
    if task.table.name == "control_totals":
        sorting = with_total_rows(grid, layout, sorting)
    units, unknown = _units(task, grid, layout, sorting)
    cells, filled_count = table_columns(task.table, grid, layout, sorting.records)
    cells = of_households(task.table.name, cells)
    open_cells = only_in_first_rows(task, grid, layout, sorting, cells)
    open_cells += refused_applications(task, grid, layout, sorting)
    header = task.header_place(grid, layout)
    open_cells += those_removed(task, grid, layout, header)
    open_cells += day_of_return(task, layout, header) + answer_of_replies(task, layout, header)
    cells = with_written_amounts(task.table, grid, layout, sorting.records, cells)
    helpers: Helpers = {}
    cells = with_derived(task, grid, layout, sorting.records, cells, helpers)
    cells = with_scheme_names(task, cells)
    task, cells = by_boarding(task, grid, layout, sorting.records, cells, helpers)
    task, cells = by_stage(task, grid, layout, sorting.records, cells)
    task, cells = with_reversals(task, layout, cells)
    sums = list_sums(task, grid, layout, sorting)
    sorting, cells = without_foreign(task, layout, sorting, cells)
    sorting, cells, open_questions = of_county(task, grid, layout, sorting, cells)
    open_questions += open_cells + umbrellas(task, grid, layout, sorting, cells)
    school = task.school_of(grid, layout)
    constants = {**task.constants, **({"school_name": school} if school else {})}
    records = Records(
        task.file,
        [task.address(grid, row) for row in sorting.records],
        cells,
        {**constants, **_companions(task, layout, units, cells)},
        frozenset({"school_name"} if school else ()),
    )
    full_task = replace(task, stated=(*task.stated, "school_name")) if school else task
    report = replace(
        _report(full_task, grid, layout, sorting, filled_count, units, constants, helpers), sums=sums
    )
    open_questions += contradicted_status(task, grid, layout, sorting)
    doubts += open_questions + _layout_problems(task, grid, layout, sorting)
    doubts += [
        *money_beside(task, grid, layout, sorting.records, [*helpers]),
        *lines_within(task, grid, sorting),
    ]
    header, given_columns = task.header_place(grid, layout), frozenset({*task.constants, *cells})
    unused_headers = unused_columns(task.table, header, grid, layout, sorting.records, given_columns, helpers)
    return SheetRead("table", report, records, (*unknown, *doubts), tuple(unused_headers))


def _companions(
    task: Task, layout: Layout, units: Mapping[str, str], cells: Mapping[str, ColumnCells]
) -> dict[str, str]:
    """What headers, or all the cells together, state of their columns: ``amount_unit`` (a factor), ``grade_coding``."""
    coded_columns = [column for column in task.table.columns if column.kind.companion == "coding"]
    factors = {f"{column}_unit": FACTORS.get(unit, "1") for column, unit in units.items()}
    return factors | {f"{c.name}_coding": _coding(layout, c, cells.get(c.name, ())) for c in coded_columns}


def _coding(layout: Layout, column: Column, cells: Iterable[str | None]) -> str:
    header = layout.columns.get(column.name)
    header_coding = header.read.spelling.coding if header and header.read else ""
    if header_coding == TURNED_CODING:  # the cells have been turned into the column's own words
        return ""
    return header_coding or coding_of(column.kind.codes, cells)


def _report(
    task: Task,
    grid: Grid,
    layout: Layout,
    sorting: Sorting,
    filled_count: int,
    units: Mapping[str, str],
    constants: Mapping[str, str],
    helpers: Helpers,
) -> SheetReport:
    left_out = task.left_out(grid, sorting.left_out)
    rows_read = len(grid.numbers) - grid.first_cells.count(None)
    assert rows_read == len(sorting.records) + len(left_out), "every row is handed on or left out"
    return SheetReport(
        name=grid.name,
        visible=grid.visible,
        header_rows=tuple(grid.numbers[row] for row in layout.rows),
        columns={column: cell.text for column, cell in layout.columns.items()},
        unused=tuple(cell.text for cell in layout.unused if cell.position not in helpers)
        + _headless(grid, layout, sorting.records),
        helpers={cell.text: helpers[cell.position] for cell in layout.unused if cell.position in helpers},
        units=dict(units),
        constants=dict(constants),
        stated=task.stated,
        merged_filled=filled_count,
        rows_read=rows_read,
        rows_handed_on=len(sorting.records),
        left_out=left_out,
        blank_rows=grid.blank_rows,
        ragged_rows=_ragged(grid, layout, sorting.records),
        hidden_rows=_hidden_records(grid, sorting.records),
    )


def _headless(grid: Grid, layout: Layout, records: Sequence[int]) -> tuple[str, ...]:
    """Columns that hold something in a record and have no header."""
    with_header = {cell.position for cell in (*layout.columns.values(), *layout.unused)}
    return tuple(
        f"第 {grid.left + position + 1} 列（无表头）"
        for position, column in enumerate(grid.columns)
        if position not in with_header and any(column[row] is not None for row in records)
    )


def _ragged(grid: Grid, layout: Layout, records: Sequence[int]) -> tuple[int, ...]:
    if not grid.is_text:
        return ()
    last = max(cell.position for cell in (*layout.columns.values(), *layout.unused))
    beyond = grid.columns[last + 1 :]
    return tuple(grid.numbers[row] for row in records if any(column[row] is not None for column in beyond))


def _hidden_records(grid: Grid, records: Sequence[int]) -> tuple[int, ...]:
    """Records that the sender does not see: a filter, or he has hidden them."""
    hidden_rows = set(grid.hidden)
    return tuple(number for row in records if (number := grid.numbers[row]) in hidden_rows)


def _units(task: Task, grid: Grid, layout: Layout, sorting: Sorting) -> tuple[dict[str, str], list[Problem]]:
    """The unit of each amount column: its header's, else the one stated nearest above, else in a note below,
    else in the sheet's or the file's name, else yuan."""
    above = range(layout.rows[0] - 1, -1, -1)
    below = sorted(row for row, reason in sorting.left_out.items() if row > layout.last and reason == "note")
    notes = (cell for row in (*above, *below) for cell in grid.row(row) if cell)
    units_stated = map(stated_unit, (*notes, grid.name, PurePosixPath(task.file).stem))
    general = next((unit for unit in units_stated if unit), "元")
    units: dict[str, str] = {}
    for column in task.table.columns:
        if column.kind.companion == "unit":
            cell = layout.columns.get(column.name)
            units[column.name] = (cell.read.unit if cell and cell.read else None) or general
    place = task.header_place(grid, layout)
    if excess := _beyond_reason(task, grid, layout, sorting, units):
        return units, [questions.too_large_a_unit(place, *excess)]
    unknown = {unit for column, unit in units.items() if unit not in FACTORS and column in layout.columns}
    return units, [problems.unknown_unit(place, unit) for unit in sorted(unknown)]


def _beyond_reason(
    task: Task, grid: Grid, layout: Layout, sorting: Sorting, units: Mapping[str, str]
) -> tuple[str, str, str] | None:
    """A column of money of single persons whose unit (单位：万元) makes most of its figures sums that nobody is paid: header,
    unit and the first such figure."""
    if "name" not in task.table.by_name:
        return None
    for column, unit in units.items():
        factor, header = Decimal(FACTORS.get(unit, "1")), layout.columns.get(column)
        if header is None or factor <= 1:
            continue
        cells = [cell for row in sorting.records if (cell := grid.columns[header.position][row])]
        large = [cell for cell in cells if (amount := figure(cell)) and amount * factor > _MOST_PAID]
        if len(cells) >= _FEWEST_PAID and 2 * len(large) > len(cells):
            return header.text, unit, bare(large[0])
    return None


def _of_changes(task: Task, grid: Grid, layout: Layout) -> list[Problem]:
    """A list of pupils who left or changed (转入转出) of which neither column nor name tells the status of each."""
    if task.table.name != "enrolment" or {"status"} & {*layout.columns, *task.constants}:
        return []
    above = [cell for row in range(layout.rows[0]) for cell in grid.row(row) if cell]
    _status, name = status_of_list(grid, task.file, above)
    return [questions.list_of_changes(task.header_place(grid, layout), name)] if name else []


def _elsewhere(task: Task, grid: Grid, layout: Layout) -> list[Problem]:
    """A sheet of the register called by pupils who study elsewhere (县外就读); 在读 in it may be said of the school there, a constant
    of the run's parameters is said of this county."""
    if task.table.name != "enrolment" or "status" in task.constants.keys() - {*task.stated}:
        return []
    titles = titles_of(cell for row in range(layout.rows[0]) for cell in grid.row(row))
    names = [text for text in (grid.name, *titles, PurePosixPath(task.file).stem) if text]
    name = next((text for text in names if _ELSEWHERE.search(text) and not _BACK_HERE.search(text)), "")
    return [questions.elsewhere(task.header_place(grid, layout), name)] if name else []


def _hidden_list(task: Task, grid: Grid, layout: Layout, records: Sequence[int]) -> list[Problem]:
    """A hidden sheet, called by another year or by its being out of use, that the parameters do not name."""
    if grid.visible or task.claims(grid.name) or not records:
        return []
    years = set(re.findall("20[0-9]{2}", grid.name))
    is_old = years and task.term and not years & {*re.findall("20[0-9]{2}", school_year_of(task.term))}
    if not is_old and not _OF_NO_USE.search(grid.name):
        return []
    return [questions.hidden_list(task.header_place(grid, layout), len(records))]


def _other_term(task: Task, grid: Grid, layout: Layout) -> list[Problem]:
    """Payments that name no term are of the run's term: not where title and names speak of another one only."""
    if task.table.name not in ("payments", "enrolment") or not task.term:
        return []
    if {"term"} & {*layout.columns, *task.constants}:
        return []
    titles = [*titles_of(cell for row in range(layout.rows[0]) for cell in grid.row(row))]
    texts = [*titles, grid.name, PurePosixPath(task.file).stem]
    term_texts = [text for text in reversed(texts) if not _OF_ENTRY.search(text)]
    titles_by_term = {term: text for text in term_texts for term in terms_in(text)}
    if task.table.name == "enrolment" and not titles_by_term:
        titles_by_term = {year: text for text in term_texts for year in school_years_in(text)}
    if not titles_by_term or {task.term, school_year_of(task.term)} & titles_by_term.keys():
        return []
    term = min(titles_by_term)
    if task.table.name == "enrolment":
        header = task.header_place(grid, layout)
        return [questions.register_of_other_term(header, titles_by_term[term], task.term)]
    return [
        problems.other_term(
            task.table, task.header_place(grid, layout), titles_by_term[term], term, task.term
        )
    ]


def _layout_problems(task: Task, grid: Grid, layout: Layout, sorting: Sorting) -> list[Problem]:
    """Layouts that would be misread without a word: two headers, two lists abreast, records above."""
    layout_problems = [
        *(_other_term(task, grid, layout) or _hidden_list(task, grid, layout, sorting.records)),
        *_of_changes(task, grid, layout),
        *_elsewhere(task, grid, layout),
        *asides(task, grid, layout, sorting.records),
        *_over_several(task, grid, layout, sorting.records),
    ]
    above = [row for row in range(layout.rows[0]) if any(map(is_id_like, grid.row(row)))]
    if above:
        own_header = any(_columns_named(task, grid, row) > FEWEST for row in range(above[0]))
        layout_problems.append(
            problems.second_header(task.place(grid, layout.rows[0]))
            if own_header
            else problems.above_header(task.place(grid, above[0]))
        )
    rows_struck = (
        [row for row in sorting.records if grid.numbers[row] in {*grid.struck}] if grid.struck else []
    )
    if rows_struck:
        layout_problems.append(problems.crossed_out(task.place(grid, rows_struck[0]), len(rows_struck)))
    if grid.has_strikes:
        layout_problems.append(questions.crossed_out_somewhere(problems.Place(task.file)))
    if sorting.second_header is not None:
        layout_problems.append(problems.second_header(task.place(grid, sorting.second_header)))
    twice = _twice(layout)
    if len(twice) > 1 and ("name" in twice or "name" not in task.table.by_name):
        header = task.header_place(grid, layout)
        layout_problems.append(problems.side_by_side(header, list(twice.values())))
    else:
        header = task.header_place(grid, layout)
        layout_problems += [
            problems.several_columns(task.table, column, header, texts, _of_term(texts, task.term))
            for column, texts in layout.rivals.items()
        ]
    return layout_problems


def _of_term(headers: Sequence[str], term: str) -> str:
    """The only one of the headers that speaks of the run's term or half of the year; none where that is several."""
    half = {"spring": "春", "autumn": "秋"}.get(term.rpartition("-")[2], "")
    own = [
        text for text in headers if term and (term in terms_in(text) or (half in text and not terms_in(text)))
    ]
    return own[0] if len(own) == 1 else ""


def _over_several(task: Task, grid: Grid, layout: Layout, records: Sequence[int]) -> list[Problem]:
    """The headers merged over several columns without a line below them that tells these apart, where others than the first hold something."""
    spans = {first: last for top, first, bottom, last in grid.merges if top <= layout.last <= bottom}
    columns_named = {cell.position for cell in (*layout.columns.values(), *layout.unused)}
    return [
        header_over_several(task.table, task.table.by_name[name], task.header_place(grid, layout), cell.text)
        for name, cell in layout.columns.items()
        if any(
            at not in columns_named and any(grid.columns[at][row] is not None for row in records)
            for at in range(cell.position + 1, spans.get(cell.position, cell.position) + 1)
        )
    ]


def _columns_named(task: Task, grid: Grid, row: int) -> int:
    """How many columns of the table the row names."""
    readings = (recognise(normal(cell), task.spellings[task.table.name]) for cell in grid.row(row) if cell)
    return len({reading.spelling.column for reading in readings if reading})


def _twice(layout: Layout) -> dict[str, str]:
    """Columns whose header occurs a second time in the same words."""
    again = {(cell.read.spelling.column, normal(cell.text)) for cell in layout.unused if cell.read}
    return {
        column: cell.text for column, cell in layout.columns.items() if (column, normal(cell.text)) in again
    }
