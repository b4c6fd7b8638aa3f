"""``auditlib ingest``: read and check the files, write ingest.json, say what was understood and everything that is wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

import pandas as pd

from auditlib.base.errors import AuditError, Problem
from auditlib.base.files import together
from auditlib.base.language import Text, with_count
from auditlib.base.masking import scrub, scrub_all
from auditlib.county import self_check
from auditlib.county.unread_cells import unread_lines
from auditlib.ingest import SheetReport
from auditlib.ingest.accounts import accounting
from auditlib.ingest.accounts.empty_tables import (
    EMPTY_FILE,
    NOT_RUN,
    empty_files,
    is_refused,
    taken_as_not_delivered,
)
from auditlib.ingest.accounts.other_terms import lists_of_other_terms, term_notes
from auditlib.ingest.accounts.persons_in_names import names_in_labels, without_names
from auditlib.ingest.accounts.sheet_account import SheetAccount
from auditlib.ingest.cleaning.unknown_values import unknown_spellings
from auditlib.ingest.files.find import Folder, list_folder, unnamed_files
from auditlib.ingest.files.opening import open_grids, read_bytes
from auditlib.ingest.files.put_aside import put_aside
from auditlib.ingest.files.unreadable import UnreadableFile
from auditlib.law.parameters import SelfCheck
from auditlib.tables.delivered import TABLES
from auditlib.tables.vocabulary import vocabulary
from auditlib.tables.wording import word

SOUND = Text(
    "已读入并检查 {files} 个文件、{sheets} 张表，采用 {rows} 行：没有发现需要处理的问题。",
    "{files} and {sheets} read and checked, {rows} used: nothing that needs your attention.",
)
WITHOUT_SOME = Text(
    "已读入并检查 {files} 个文件、{sheets} 张表，采用 {rows} 行；{refused}没有采用（上表“拒收”，原因见 ingest.json），其余没有发现需要处理的问题。",
    "{files} and {sheets} read and checked, {rows} used; {refused} refused (see “refused” above, the reasons stand in ingest.json), else nothing that needs your attention.",
)
NO_TABLE = Text("不是表格，{rows} 行未用", "no table, {rows} left out")
HEADS = (
    (Text("表", "table"), 14),
    (Text("文件 › 工作表", "file › sheet"), 40),
    (Text("表头", "header"), 6),
    (Text("采用", "used"), 7),
    (Text("拒收", "refused"), 7),
    (Text("未用列", "unused"), 6),
)
UNREAD = Text("有读不出的格", "cells not read")
MOST_SHOWN = 10
STRANGE = Text(
    "有 {n} 个学校名称在名录和学籍中都没有（{pupils} 名学生因此不能核对学校）：{names}。在学校名录的“曾用名”中写上这些写法。",
    "Names of schools in no directory and no register: {n} (pupils whose school cannot be tested: {pupils}): {names}. "
    "Write them into the directory's column of former names.",
)
# Without these rules are untested, or take for granted what they would deny.
STOOD_ON = {
    "eligibility": ("id_number",),
    "enrolment": ("id_number", "boarding", "status"),
    "payments": ("id_number", "pay_date", "result", "account_no"),
    "planned": ("id_number",),
    "applications": ("id_number", "posted_from", "approved_on"),
    "letters": ("id_number", "sent_on", "replied_on", "aided"),
    "attendance": ("present",),
}
LACKING = Text(
    "没有的列（有关规则因此不能核对，或只能当作正常；全表都一样的，在 sources 中为该文件写固定值，如 boarding: day）",
    "columns not there (rules on them are untested, or take it that all is well; where all rows are alike, give the file a "
    "constant in sources, such as boarding: day)",
)
IN_SOME = Text("{column}（{n}/{all} 张表）", "{column} ({n} of {all} sheets)")
COLUMN, UNUSED_TEXT = Text("认作", "taken for"), Text("未用", "not used")
LIKE = Text("{header}（像是“{column}”）", "{header} (like {column})")
INGEST = "ingest.json"
HIDDEN_TEXT = Text(
    "{file}{sheet}：{n} 行在表格中是隐藏的（筛选或手工隐藏），也已读入；如不应核对，请报送单位删去后重报",
    "{file}{sheet}: rows that the spreadsheet hides (by a filter, or by hand) and that were read: {n}; if they are not meant, ask for a file without them",
)
HIDDEN_SHEET = Text(
    "{file} › {sheet}：是隐藏的工作表，{n} 行也已读入；不应核对的，在参数文件写 not_needed: [{{files: {file}, sheets: {sheet}}}]",
    "{file} › {sheet}: a hidden sheet; rows read of it: {n}; if they are not meant, write "
    "not_needed: [{{files: {file}, sheets: {sheet}}}] into the parameter file",
)
OTHER_SUM = Text(
    "{source}：印的合计是 {printed}，其上各行之和是 {detail}：请对照原件，看是否漏行、多行或改过金额",
    "{source}: the total printed there is {printed}, its rows sum to {detail}: compare the papers, a row may be missing or too many",
)
UNNAMED_TEXT = Text(
    "文件夹里另有 {n} 个文件没有读：{files}。工作台：“文件”一步选它是什么。手写：要用的写进 sources，用不着的写进 not_needed",
    "Other files of the folder that were not read ({n}): {files}. At the desk: say in the step Files what each is. By hand: name it under "
    "sources, or under not_needed",
)
OR_NOT = Text("；用不着的，写进 not_needed", "; where it is not needed, name it under not_needed")
AS_READ = Text("读作：{row}", "read as: {row}")
STATED_TEXT = Text("据表名或标题", "by the sheet's name or title")


def write_ingest(
    parameters: SelfCheck,
    say: Callable[[str], None] = lambda _: None,
    tell: Callable[[str], None] = lambda step: None,
    *,
    rows: bool = False,
) -> Path:
    """ingest.json in the run's folder, also when the files have problems; ``say`` is told each line of the account.

    ``tell`` hears the name of each table once its files have been read, and is being standardised. ``rows``: with the first rows of
    each sheet, not only of those of which something could not be read. Raises AuditError with
    all problems after.
    """
    language = parameters.language
    run = self_check.begin(parameters)
    registers, problems = self_check.read_all(run, lambda table: tell(word(table, language)))
    folder = list_folder(parameters.data_dir)
    delivered_files = {file.file for file in registers.delivery.files}
    others = unnamed_files(folder, delivered_files, parameters.not_needed, parameters.output_dir)
    problems = [*problems, *_closed(folder, others)]
    texts = [problem.into(language) for problem in problems]
    sheets = registers.sheets()
    report = accounting.ingest_report(
        registers.delivery,
        registers.rejected,
        registers.defects,
        texts,
        [sheet.as_json() for sheet in sheets],
        _unknown_schools(registers),
        [
            value.as_json()
            for value in unknown_spellings(run.engine, vocabulary(run.policy, parameters.values))
        ],
        [
            *lists_of_other_terms(
                run.engine, registers.tables, registers.delivery, parameters.term, parameters.empty_tables
            )
        ],
    )
    # A file called by a child stops the run; until it is renamed, its name stands nowhere.
    hide = partial(without_names, names=names_in_labels(registers.delivery))
    with together(parameters.output_dir, language=language) as into:
        accounting.write_json(scrub_all(report, hide), into / INGEST)
    unread = [] if problems else [*unread_lines(run.engine, sheets)]
    unread += term_notes(run.engine, registers.tables, registers.delivery, parameters.term)
    for line in (
        *account_lines(sheets, language, rows=rows),
        *_notes_below(registers, parameters, unread, others),
    ):
        say(hide(line))
    if problems:
        raise AuditError(problems, language)
    say(_sound(sheets).into(language))
    return parameters.output_dir / INGEST


def _notes_below(
    registers: self_check.Intake, parameters: SelfCheck, unread: Iterable[Text], others: Sequence[str]
) -> list[str]:
    """What stands below the account of the sheets: what was not read, and what was read though nobody would think so."""
    language, sheets = parameters.language, registers.sheets()
    empty = _without_rows(registers, parameters.empty_tables)
    notes = [
        *unread, *empty, *_hidden_sheets(registers), *_hidden_rows(registers), *_other_sums(sheets),
        *put_aside(list_folder(parameters.data_dir), parameters.not_needed),
        *([UNNAMED_TEXT.fill(n=len(others), files=_file_list(others))] if others else []),
    ]  # fmt: skip
    schools = _unknown_schools(registers)
    return [note.into(language) for note in notes] + (
        [school_line(schools, language)] if len(schools) else []
    )


def _unknown_schools(registers: self_check.Intake) -> pd.DataFrame:
    """The names that no register knows; none where a register that might know them could not be read: that is told by itself."""
    is_open = any(is_refused(registers.delivery, table) for table in ("enrolment", "schools"))
    return registers.unknown_schools.head(0) if is_open else registers.unknown_schools


def _closed(folder: Folder, others: Sequence[str]) -> list[Problem]:
    """A problem for each file that no source names and that cannot be opened: nobody can know that it is not needed."""
    return [problem for file in others if (problem := _unopened_problem(file, folder.files[file]))]


def _unopened_problem(file: str, path: Path) -> Problem | None:
    try:
        open_grids(read_bytes(path)[0])
    except UnreadableFile as error:
        wrong = error.at(file)
        return Problem(
            wrong.what, wrong.where, Text(wrong.remedy.zh + OR_NOT.zh, wrong.remedy.en + OR_NOT.en)
        )
    return None


def _file_list(files: Sequence[str]) -> Text:
    names, more = [scrub(file) for file in files[:MOST_SHOWN]], "…" if len(files) > MOST_SHOWN else ""
    return Text("、".join(names) + more, ", ".join(names) + more)


def _without_rows(registers: self_check.Intake, on_purpose: Sequence[str]) -> list[Text]:
    """Tables that are taken as not delivered, since their files hold a header and no row, and such files beside others."""
    empty, bare = taken_as_not_delivered(registers.delivery, on_purpose), empty_files(registers.delivery)
    tables = [
        NOT_RUN.fill(table=TABLES[name].title, files=_file_list(files), name=name)
        for name, files in empty.items()
    ]
    return tables + [
        EMPTY_FILE.fill(table=TABLES[name].title, files=_file_list(files)) for name, files in bare.items()
    ]


def _hidden_sheets(registers: self_check.Intake) -> list[Text]:
    """The sheets that the spreadsheet does not show and that were read as tables."""
    return [
        HIDDEN_SHEET.fill(file=scrub(report.file), sheet=scrub(sheet.name), n=sheet.rows_handed_on)
        for report in registers.delivery.files
        for sheet in report.sheets
        if sheet.header_rows and not sheet.visible
    ]


def _hidden_rows(registers: self_check.Intake) -> list[Text]:
    sheets = [(report.file, sheet) for report in registers.delivery.files for sheet in report.sheets]
    return [_hidden_note(file, sheet) for file, sheet in sheets if sheet.hidden_rows]


def _other_sums(sheets: Sequence[SheetAccount]) -> list[Text]:
    """Totals printed within a list that are not the sum of its rows."""
    return [
        OTHER_SUM.fill(source=scrub(one.source), printed=one.printed, detail=one.detail)
        for sheet in sheets
        for one in sheet.sums
        if not one.agrees
    ]


def _hidden_note(file: str, sheet: SheetReport) -> Text:
    name = f" › {scrub(sheet.name)}" if sheet.name else ""
    return HIDDEN_TEXT.fill(file=scrub(file), sheet=name, n=len(sheet.hidden_rows))


def _sound(sheets: Sequence[SheetAccount]) -> Text:
    tables = [sheet for sheet in sheets if sheet.header_rows]
    files = {sheet.file for sheet in tables}
    rows, refused = sum(sheet.used for sheet in tables), sum(sheet.rejected for sheet in tables)
    counts = {
        "files": _number(len(files), "file"), "sheets": _number(len(tables), "sheet"), "rows": _number(rows, "row"),
    }  # fmt: skip
    refused_text = Text(f"{refused} 行", with_count(refused, "row"))
    return WITHOUT_SOME.fill(**counts, refused=refused_text) if refused else SOUND.fill(**counts)


def _number(count: int, noun: str) -> Text:
    return Text(str(count), with_count(count, noun))


def school_line(schools: pd.DataFrame, language: str) -> str:
    """The names of schools that nobody knows, most pupils first."""
    school_counts = [
        f"{scrub(row.school_name)} {row.pupils}" for row in schools.head(MOST_SHOWN).itertuples()
    ]
    between, more = ("、", "…") if language == "zh" else (", ", " …")
    names = between.join(school_counts) + (more if len(schools) > MOST_SHOWN else "")
    return STRANGE.fill(n=len(schools), pupils=int(schools["pupils"].sum()), names=names).into(language)


def account_lines(sheets: Sequence[SheetAccount], language: str, *, rows: bool = False) -> list[str]:
    """A line a sheet, and below the lines of each table what its columns were taken for, once where all are alike. Below a sheet
    its first row as read where rows or cells of it could not be; with ``rows`` the first rows of each.

    A sheet that is another table's has its line there.
    """
    lines = [" ".join(pad(title.into(language), width) for title, width in HEADS).rstrip()]
    tables = {(sheet.file, sheet.sheet) for sheet in sheets if sheet.header_rows}
    own_sheets = [sheet for sheet in sheets if sheet.header_rows or (sheet.file, sheet.sheet) not in tables]
    in_order = sorted(own_sheets, key=lambda sheet: list(TABLES).index(sheet.table))
    for table, group in groupby(in_order, key=lambda sheet: sheet.table):
        of_table = list(group)
        lines += [line for sheet in of_table for line in _sheet_lines(sheet, language, rows=rows)]
        lines += [f"    {note}" for note in _notes(of_table, table, language)]
    return lines


def _sheet_lines(sheet: SheetAccount, language: str, *, rows: bool) -> list[str]:
    is_doubtful = sheet.rejected or any(column.unread for column in sheet.columns)
    shown_rows = sheet.rows_in_words(language)[: None if rows else 1 if is_doubtful else 0]
    as_read = [AS_READ.fill(row=row) for row in shown_rows]
    return [_line(sheet, language), *(f"      {line.into(language)}" for line in as_read)]


def _line(sheet: SheetAccount, language: str) -> str:
    place = scrub(" › ".join(part for part in (sheet.file, sheet.sheet) if part))
    if not sheet.header_rows:
        rest = [NO_TABLE.fill(rows=_number(sheet.left_out, "row")).into(language)]
    else:
        figures = (sheet.header_rows[-1], sheet.used, sheet.rejected, len(sheet.unused))
        rest = [pad(str(figure), width) for figure, (_, width) in zip(figures, HEADS[2:], strict=True)]
        rest += [UNREAD.into(language)] if any(column.unread for column in sheet.columns) else []
    cells = [pad(word(sheet.table, language), HEADS[0][1]), pad(place, HEADS[1][1]), *rest]
    return " ".join(cells).rstrip()


def _notes(sheets: Sequence[SheetAccount], table: str, language: str) -> list[str]:
    """What the columns were taken for, and which were not used: a line each for all sheets that are alike in it."""
    between, colon = ("、", "：") if language == "zh" else (", ", ": ")
    unused_notes: dict[str, None] = {}
    by_columns: dict[tuple[tuple[str, str], ...], list[SheetAccount]] = {}
    for sheet in sheets:
        by_columns.setdefault(tuple((c.column, c.headers) for c in sheet.columns), []).append(sheet)
        unused_notes |= dict.fromkeys(_unused_notes(sheet, table, language))
    lines = []
    for columns, alike in by_columns.items():
        parts = []
        for place, (column, headers) in enumerate(columns):
            counts = (sum(getattr(s.columns[place], what) for s in alike) for what in ("cells", "unread"))
            parts.append(f"{_title(table, column, language)}←{headers}{_unread(*counts)}")
        parts += dict.fromkeys(part for sheet in alike for part in _constants_of(sheet, table, language))
        lines += [COLUMN.into(language) + colon + between.join(parts)] if parts else []
    lacking = _lacking(sheets, table, language)
    lines += [LACKING.into(language) + colon + between.join(lacking)] if lacking else []
    return [
        *lines,
        *([UNUSED_TEXT.into(language) + colon + between.join(unused_notes)] if unused_notes else []),
    ]


def _lacking(sheets: Sequence[SheetAccount], table: str, language: str) -> list[str]:
    """The columns on which rules stand and which sheets do not give, with how many of the sheets."""
    table_sheets = [sheet for sheet in sheets if sheet.header_rows]
    lacking = {
        name: sum(not gives(sheet, name) for sheet in table_sheets) for name in STOOD_ON.get(table, ())
    }
    titles = {name: _title(table, name, language) for name, count in lacking.items() if count}
    return [
        title
        if lacking[name] == len(table_sheets)
        else IN_SOME.fill(column=title, n=lacking[name], all=len(table_sheets)).into(language)
        for name, title in titles.items()
    ]


def gives(sheet: SheetAccount, column: str) -> bool:
    """Does the sheet say this of its rows: in a column, or for all of them?"""
    return column in sheet.constants or any(one.column == column for one in sheet.columns)


def _constants_of(sheet: SheetAccount, table: str, language: str) -> list[str]:
    """What the sheet's name or title gave for all its rows."""
    return [
        f"{_title(table, column, language)}={scrub(value)} ({STATED_TEXT.into(language)})"
        for column, value in sheet.constants.items()
        if column in sheet.stated
    ]


def _unused_notes(sheet: SheetAccount, table: str, language: str) -> list[str]:
    headers = [(scrub(one.header) or one.letter, one.looks_like) for one in sheet.unused]
    return [
        LIKE.fill(header=name, column=_title(table, like, language)).into(language) if like else name
        for name, like in headers
    ]


def _title(table: str, column: str, language: str) -> str:
    full = word(f"{table}.{column}", language)
    return full.rpartition("·" if language == "zh" else ": ")[2]


def _unread(cells: int, unread: int) -> str:
    return f"[{cells - unread}/{cells}]" if unread else ""


def pad(text: str, width: int) -> str:
    """``text`` filled up to ``width`` places of a terminal, where a Chinese character takes two."""
    places = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * max(width - places, 0)
