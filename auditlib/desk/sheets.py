"""The sheets of a folder as the ingest's own reader sees them: of which table each may be, why, and its first rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from auditlib.base import places
from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.base.masking import masked_name, scrub
from auditlib.desk.profile import Profile
from auditlib.ingest.accounts.sheet_account import masked_cell
from auditlib.ingest.constants.sheet_constants import stated_constants
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.find import list_folder
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.files.opening import open_grids, read_bytes
from auditlib.ingest.files.unreadable import UnreadableFile
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.headers.looks import Knowledge
from auditlib.ingest.headers.spellings import Spellings, normal, read_spellings, with_own
from auditlib.ingest.sheets.misfits import names_someone
from auditlib.ingest.sheets.sheet import likely_header, row_above_numbers, unfold
from auditlib.tables.delivered import TABLES
from auditlib.tables.vocabulary import Vocabulary
from auditlib.tables.wording import word

FIRST_ROWS, LONGEST_CELL, NAMED_IN_REASON = 10, 24, 6
NAME_LIKE = re.compile("[\u3400-\u9fff·]{2,4}")
STEPS = (
    "applied_on",
    "posted_from",
    "posted_to",
    "approved_on",
    "teacher_on",
    "deputy_on",
    "head_on",
    "reported_on",
    "objection",
)
FIRM_STEPS = frozenset(STEPS) - {"approved_on"}
"""Those that no other table writes alike: a register of eligible persons has the day of recognition too."""
TEACHING = frozenset(("lessons", "month", "visits", "teacher"))
"""What no list of children has but a record of home teaching."""
HINT_OF_STEPS = re.compile("申请|公示|审批|审核")
"""What a list of applications tells; one of those recognised tells who they are."""
HINTS = {
    "planned": "拟发|应发|计划|待发|申报名单",
    "payments": "发放|代发|支付|打卡|银行|资助名单|受助|补发|回盘",
    "enrolment": "学籍|在籍",
    "applications": "申请|认定|公示|评审",
    "letters": "函",
    "schools": "学校(?:[(（]机构[)）])?(?:名录|名单|信息|一览|目录|基本情况)",
    "control_totals": "统计|报表|汇总",
    "attendance": "花名册|清点|在校(?!生|学生)",
    "dropouts": "劝返|辍学|复学|控辍",
    "unable": "不具备",
    "home_teaching": "送教",
    "quotas": "名额|指标",
    "funds": "拨付|下达|资金",
    "issues": "整改|问题清单",
    "eligibility": "脱贫|建档|低保|特困|孤儿|残疾|监测|困难|民政|乡村振兴|扶贫|资格",
}
COMMON = frozenset((
    "name", "id_number", "student_no", "sex", "birth_date", "school_code", "school_name", "grade", "class_name", "stage", "town",
    "village", "term", "household_no", "category", "disability",
))  # fmt: skip
"""Columns that several tables have: they do not tell one from another."""
OWN, HINT, LEAST = (
    2,
    3,
    2,
)  # weights of a column of the table's own, of a word in the name; fewest columns of a table
BY_NAME = Text("名称含“{hint}”", "its name has “{hint}”")
BY_COLUMNS = Text("认出 {n} 列：{columns}", "{n} columns recognised: {columns}")
LACKS = Text("缺：{columns}", "lacks {columns}")
OF_MONEY = {
    "payments",
    "planned",
}  # written alike; where both are delivered, the check asks whether it is the same money
CLEARLY = 2  # the weight by which the likeliest table must be ahead
EITHER = Text("像是“{one}”，也像是“{other}”", "it looks like {one} and like {other}")
NO_TABLE = Text("没有认出表头", "no header recognised")


@dataclass(frozen=True)
class SheetSeen:
    """One sheet of a file, opened; ``grid`` is cut to its beginning, ``rows`` counts those with something in them."""

    file: str
    sheet: str
    grid: Grid
    rows: int

    @property
    def key(self) -> tuple[str, str]:
        return self.file, self.sheet


@dataclass(frozen=True)
class FileSeen:
    """A file with its sheets, or with what keeps it from being opened."""

    file: str
    sheets: tuple[SheetSeen, ...] = ()
    trouble: Problem | None = None


@dataclass(frozen=True)
class Guess:
    """The table that a sheet looks like (empty: none), and why; ``rivals``: the two that it looks like about equally."""

    table: str
    reason: Text
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnSeen:
    """A column of a sheet: ``column`` is what it is taken for (empty: nothing), ``state`` known, chosen, unknown or idle."""

    header: str
    column: str
    state: str


@dataclass(frozen=True)
class Preview:
    """The beginning of a sheet as the reader takes it; cells are masked."""

    columns: tuple[ColumnSeen, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    missing: tuple[tuple[str, ...], ...] = ()
    name_constants: Mapping[str, str] = field(default_factory=dict)


def files_in(folder: Path) -> Mapping[str, Path]:
    """The files of a data folder by their relative names, in order."""
    return list_folder(folder).files


def open_file(name: str, path: Path) -> FileSeen:
    """A file's sheets by the ingest's own door."""
    return _open_file(name, str(path), path.stat().st_mtime_ns, path.stat().st_size)


@lru_cache(maxsize=512)
def _open_file(name: str, path: str, _time: int, _size: int) -> FileSeen:
    try:
        grids, _encoding = open_grids(read_bytes(Path(path))[0])
    except UnreadableFile as refused:
        return FileSeen(name, (), refused.at(name))
    return FileSeen(
        name, tuple(SheetSeen(name, grid.name, _beginning(grid), _filled_count(grid)) for grid in grids)
    )


def holds_persons(opened_sheet: SheetSeen) -> bool:
    """Are there ID numbers in the sheet?"""
    return names_someone(opened_sheet.grid)


def _filled_count(grid: Grid) -> int:
    return len(grid.numbers) - grid.first_cells.count(None)


def _beginning(grid: Grid, most: int = 400) -> Grid:
    columns = [column[:most] for column in grid.columns]
    return replace(grid, numbers=list(grid.numbers[:most]), columns=columns)


@dataclass(frozen=True)
class SheetReader:
    """The county's spellings of headers and values, with what its profile adds."""

    spellings: Mapping[str, Spellings]
    words: Vocabulary
    profile: Profile

    def task(self, table: str, opened_sheet: SheetSeen, constants: Mapping[str, str]) -> Task:
        return Task(TABLES[table], opened_sheet.file, constants, self.spellings, "", Knowledge(self.words))

    def by_record(self, table: str, opened_sheet: SheetSeen) -> SheetSeen:
        """The sheet as the ingest reads it for ``table``: a row a person where its rows are households."""
        return replace(opened_sheet, grid=unfold(self.task(table, opened_sheet, {}), opened_sheet.grid))

    def layout(
        self, table: str, opened_sheet: SheetSeen, constants: Mapping[str, str]
    ) -> tuple[Layout | None, Mapping[str, str]]:
        """The header for ``table``, and what the sheet's name or title states."""
        task = self.task(table, opened_sheet, constants)
        layout = task.layout_of(opened_sheet.grid)
        if layout is None:
            return None, {}
        name_constants = stated_constants(
            task.table, opened_sheet.file, opened_sheet.grid, layout, constants, task.knowledge
        )
        if name_constants:
            layout = (
                replace(task, constants={**constants, **name_constants}).layout_of(opened_sheet.grid)
                or layout
            )
        return layout, name_constants


def reader(profile: Profile, words: Vocabulary) -> SheetReader:
    """A reader with the profile's columns before the program's own."""
    spellings, _wrong = read_spellings(places.headers())
    spellings, _wrong = with_own(spellings, profile.columns)
    return SheetReader(spellings, words, profile)


# --- which table ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Offer:
    """A table that a sheet may be: ``own``, its columns that few other tables have; ``hint``, the word of the name for it."""

    table: str
    reason: Text
    is_whole: bool
    weight: int
    own: frozenset[str]
    hint: str

    @property
    def rank(self) -> tuple[bool, int]:
        return self.is_whole, self.weight


def guess(by: SheetReader, opened_sheet: SheetSeen) -> Guess:
    """The table whose columns the sheet has most of; words in its name weigh as three columns. None where a second table
    is about as likely: that is asked."""
    offers = [offer for table in TABLES if (offer := _offer(by, opened_sheet, table))]
    offers.sort(key=lambda offer: offer.rank, reverse=True)
    if not offers:
        return Guess("", NO_TABLE)
    best, *others = offers
    rival = next((o for o in others if {best.table, o.table} != OF_MONEY and _are_alike(best, o)), None)
    if rival is None:
        return Guess(best.table, best.reason)
    rivals = (best.table, rival.table)
    names = [Text(word(name, "zh"), word(name, "en")) for name in rivals]
    return Guess("", EITHER.fill(one=names[0], other=names[1]), rivals)


def _are_alike(best: _Offer, other: _Offer) -> bool:
    """Do the columns leave it open which of the two it is? They do where they are about as many, where the name speaks for
    the other and hardly a column for the best, and where the day of recognition alone would make it a list of applications."""
    if best.is_whole == other.is_whole and best.weight - other.weight < CLEARLY:
        return True
    if {best.table, other.table} == {"applications", "eligibility"}:
        application_fit = best if best.table == "applications" else other
        if best.is_whole and other.is_whole:
            return application_fit is best and not best.own & FIRM_STEPS
    return bool(other.hint and not best.hint and len(best.own) < LEAST)


def _offer(by: SheetReader, opened_sheet: SheetSeen, table: str) -> _Offer | None:
    opened_sheet = by.by_record(table, opened_sheet)
    layout, name_constants = by.layout(table, opened_sheet, {})
    if layout is None:
        return None
    columns = {*layout.columns, *(name_constants.keys() - {"term"})}  # any table's title may name a term
    name = f"{opened_sheet.file} {opened_sheet.sheet}"
    if table == "applications" and columns.isdisjoint(STEPS) and not HINT_OF_STEPS.search(name):
        return None
    own = frozenset(columns - COMMON)
    match = re.search(HINTS.get(table, "$^"), name)
    hint = match.group() if match else ""
    if table == "home_teaching" and not hint and own.isdisjoint(TEACHING):
        return None  # a day and a signature are of any list of children: 自愿放弃资助学生名单
    is_whole = not layout.missing
    if len(columns) < LEAST or not (own or hint or (table == "eligibility" and "category" in columns)):
        return None
    if not is_whole and not hint and len(own) < LEAST:
        return None
    weight = len(columns) + OWN * len(own) + (HINT if hint else 0) - OWN * len(layout.missing)
    return _Offer(table, _reason(table, columns, layout, hint), is_whole, weight, own, hint)


def _reason(table: str, columns: set[str], layout: Layout, hint: str) -> Text:
    parts = [BY_NAME.fill(hint=hint)] if hint else []
    order = [name for name in TABLES[table].by_name if name in columns]
    parts.append(
        BY_COLUMNS.fill(
            n=len(order), columns=titles(table, order[:NAMED_IN_REASON], len(order) > NAMED_IN_REASON)
        )
    )
    if layout.missing:
        parts.append(LACKS.fill(columns=lacking(table, layout.missing)))
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def titles(table: str, columns: Sequence[str], more: bool = False) -> Text:
    """The titles of columns, one behind the other."""
    column_titles = [TABLES[table].by_name[column].title for column in columns]
    return Text(
        "、".join(title.zh for title in column_titles) + ("…" if more else ""),
        ", ".join(title.en for title in column_titles) + (" …" if more else ""),
    )


def lacking(table: str, groups: Sequence[Sequence[str]]) -> Text:
    """The titles of columns that are missing; of a group one is enough."""
    names = [[TABLES[table].by_name[column].title for column in group] for group in groups]
    return Text(
        "、".join("或".join(title.zh for title in group) for group in names),
        ", ".join(" or ".join(title.en for title in group) for group in names),
    )


# --- what it looks like ---------------------------------------------------------------------------------------------


def preview(by: SheetReader, opened_sheet: SheetSeen, table: str, constants: Mapping[str, str]) -> Preview:
    """The sheet's columns and first rows as they are read for ``table``; without one, as they stand."""
    opened_sheet = by.by_record(table, opened_sheet) if table else opened_sheet
    layout, name_constants = (
        by.layout(table, opened_sheet, constants) if table else (_any_header(by, opened_sheet), {})
    )
    if table and layout is None:  # a header of which nothing is known yet: what its columns are can be said
        layout = likely_header(by.task(table, opened_sheet, constants), opened_sheet.grid)
    if layout is None:
        return Preview((), tuple(_rows(opened_sheet.grid, 0, {}, "")))
    columns_at = {cell.position: column for column, cell in layout.columns.items()} if table else {}
    headers = {cell.position: cell.text for cell in (*layout.columns.values(), *layout.unused)}
    columns = tuple(
        _column(by, table, headers.get(position, ""), columns_at.get(position, ""))
        for position in range(len(opened_sheet.grid.columns))
    )
    rows = tuple(_rows(opened_sheet.grid, layout.last + 1, columns_at, table))
    return Preview(columns, rows, layout.missing if table else (), name_constants)


def _any_header(by: SheetReader, opened_sheet: SheetSeen) -> Layout | None:
    """The header by which a table reads most columns of the sheet, where nobody has said which table it is; else the row above
    the persons' numbers."""
    layouts = [layout for name in TABLES if (layout := by.layout(name, opened_sheet, {})[0])]
    if layouts:
        return max(layouts, key=lambda layout: len(layout.columns))
    is_headed = row_above_numbers(opened_sheet.grid) is not None
    return likely_header(by.task("eligibility", opened_sheet, {}), opened_sheet.grid) if is_headed else None


def _column(by: SheetReader, table: str, header: str, column: str) -> ColumnSeen:
    own = {normal(text): choice for text, choice in by.profile.columns.get(table, {}).items()}
    if normal(header) in own:
        return ColumnSeen(header, column, "chosen" if column else "idle")
    return ColumnSeen(header, column, "known" if column else "unknown")


def _rows(grid: Grid, first: int, columns_at: Mapping[int, str], table: str) -> Iterator[tuple[str, ...]]:
    """The first records, each cell masked by what its column is; where nothing is known, what may be a name is."""
    at = [row for row in grid.filled_rows(len(grid.numbers)) if row >= first][:FIRST_ROWS]
    across = [row for row in at if not columns_at and _may_be_names([c for c in grid.row(row) if c])]
    cell_columns = [
        _column_cells(grid, position, columns_at.get(position, ""), table, at, first, across)
        for position in range(len(grid.columns))
    ]
    return zip(*cell_columns, strict=True)


def _column_cells(
    grid: Grid, position: int, column: str, table: str, at: Sequence[int], first: int, across: Sequence[int]
) -> list[str]:
    """``across``: rows of a sheet without a header that may be names, as where it lies on its side."""
    cells = grid.columns[position]
    below = [cell for cell in cells[first:] if cell]
    persons = not column and _may_be_names(below)
    return [_cell(cells[row], column, table, persons or row in across) for row in at]


def _cell(cell: str | None, column: str, table: str, persons: bool) -> str:
    if cell is None:
        return ""
    if column:
        return _short(masked_cell(table, column, cell))
    return _short(masked_name(cell) if persons and NAME_LIKE.fullmatch(cell.strip()) else scrub(cell))


def _may_be_names(cells: Sequence[str]) -> bool:
    """Are most cells of two to four Chinese characters, and few of them the same? Then they may be names."""
    like = [cell for cell in cells if NAME_LIKE.fullmatch(cell.strip())]
    return 2 * len(like) > len(cells) and 3 * len(set(like)) > len(like)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + "…"
