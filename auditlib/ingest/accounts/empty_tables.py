"""Tables whose files hold a header and not one row: a file that somebody forgot to fill in, or nothing to tell this term?

A register that the audit stands on stops the run; of another table it is as if nobody had delivered it. Who means it says so
in the parameters (``empty_tables``): then rules stand on a table without rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.ingest.deliveries.delivery import Delivery, FileReport
from auditlib.ingest.messages import at_desk
from auditlib.ingest.messages.parameter_problems import unknown_table
from auditlib.ingest.messages.problems import series
from auditlib.ingest.rows.foreign import OTHER_SCHEME
from auditlib.tables.delivered import TABLES, Table

NEEDED_TABLES = ("eligibility", "enrolment", "payments")
NOT_RUN = Text(
    "{table}（{files}）只有表头，没有一行：当作没有交，有关规则不执行。确实一行也没有的，工作台：在“日期和界限”一步勾上这张表。手写：参数文件写 empty_tables: [{name}]",
    "{table} ({files}): a header and no row; taken as not delivered, the rules on it are not run. If there is truly nothing to tell: "
    "at the desk tick the table in the step Dates and limits; by hand write empty_tables: [{name}] into the parameter file",
)


EMPTY_FILE = Text(
    "{table}：{files} 只有表头，没有一行，其中应有的人本次不核对；请确认是不是导出时没有选中数据",
    "{table}: {files} with a header and no row; whoever should stand there is not checked: was it exported without its data?",
)


def empty_files(delivery: Delivery) -> dict[str, tuple[str, ...]]:
    """Needed table to those of its files, and sheets (``file!sheet``) of filled ones, that gave no row, where others did."""
    wholly_empty = empty_tables(delivery)
    bare = {
        name: tuple(place for report in _read_for(delivery, name) for place in _bare_places(report))
        for name in NEEDED_TABLES
        if name not in wholly_empty
    }
    return {name: places for name, places in bare.items() if places}


def _bare_places(report: FileReport) -> list[str]:
    if not _rows(report):
        return [report.file]
    bare = [sheet.name for sheet in report.sheets if sheet.header_rows and not sheet.rows_handed_on]
    return [f"{report.file}!{name}" for name in bare]


def empty_tables(delivery: Delivery) -> dict[str, tuple[str, ...]]:
    """Table to its files, for those of which every sheet that is the table was read and gave no row."""
    return {
        name: tuple(report.file for report in reports)
        for name in TABLES
        if (reports := _read_for(delivery, name)) and not any(map(_rows, reports))
    }


def _read_for(delivery: Delivery, table: str) -> list[FileReport]:
    """The files with a sheet of the table; none where one has a sheet that could not be read, which is told by itself."""
    reports = [report for report in delivery.files if report.table == table]
    headed_sheets = [[sheet for sheet in report.sheets if sheet.header_rows] for report in reports]
    failed = any(not sheet.rows_read for sheets in headed_sheets for sheet in sheets)
    return [] if failed else [report for report, sheets in zip(reports, headed_sheets, strict=True) if sheets]


def _rows(report: FileReport) -> int:
    return sum(sheet.rows_handed_on for sheet in report.sheets)


def is_refused(delivery: Delivery, table: str) -> bool:
    """Is there a file of the table that could not be opened, or a sheet of it that could not be read?"""
    reports = [report for report in delivery.files if report.table == table]
    return any(
        not report.sheets or any(sheet.header_rows and not sheet.rows_read for sheet in report.sheets)
        for report in reports
    )


def empty_table_problems(delivery: Delivery, on_purpose: Sequence[str]) -> list[Problem]:
    """One for each needed register without a row that nobody said to be so, and for each name that is no table's."""
    empty = empty_tables(delivery)
    wrong = [unknown_table("empty_tables", name, TABLES) for name in on_purpose if name not in TABLES]
    return wrong + [
        _of_other_schemes(TABLES[name], empty[name], rows)
        if (rows := _rows_of_other_schemes(delivery, name))
        else _problem(TABLES[name], empty[name])
        for name in NEEDED_TABLES
        if name in empty and name not in on_purpose
    ]


def _rows_of_other_schemes(delivery: Delivery, table: str) -> int:
    """How many rows of the table's files were left out because this audit does not look at their scheme."""
    sheets = (sheet for report in _read_for(delivery, table) for sheet in report.sheets)
    return sum(out.reason == OTHER_SCHEME for sheet in sheets for out in sheet.left_out)


def taken_as_not_delivered(delivery: Delivery, on_purpose: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The other tables without a row, with their files."""
    return {
        name: files
        for name, files in empty_tables(delivery).items()
        if name not in NEEDED_TABLES and name not in on_purpose
    }


def without_empty_tables(delivery: Delivery, on_purpose: Sequence[str]) -> Delivery:
    """``delivery`` with no column found of the tables that are taken as not delivered."""
    empty = taken_as_not_delivered(delivery, on_purpose)
    columns = {
        name: column_names for name, column_names in delivery.columns_found.items() if name not in empty
    }
    return replace(delivery, columns_found=columns)


def _of_other_schemes(table: Table, files: Sequence[str], rows: int) -> Problem:
    """Whoever ticked at the desk that there is nothing to tell would make every pupil unpaid: not offered here."""
    what = Text(
        f"“{table.title.zh}”的 {rows:,} 行都不是本次核对的项目（如营养餐、免费教科书），没有一行可用",
        f"“{table.title.en}”: all {rows:,} rows are of schemes that this audit does not look at (such as meals, free textbooks)",
    )
    by_hand = Text(
        f"本次项目的发放在别的文件里的，放进来再运行。只核对这些项目的，另做一次，参数文件写 policy: [other-lists]。没有这种名册的，从 sources "
        f"中去掉 {table.name}（有关规则不执行）",
        "Put the file of this audit's schemes beside it and run again. To audit these schemes alone, make a run of its own with "
        f"policy: [other-lists]. Without such a register take {table.name} out of sources (the rules on it are not run)",
    )
    where = Text(series(files), series(files, "en"))
    return Problem(what, where, at_desk.or_by_hand(at_desk.OTHER_SCHEMES, by_hand))


def _problem(table: Table, files: Sequence[str]) -> Problem:
    what = Text(
        f"“{table.title.zh}”只有表头，没有一行记录", f"“{table.title.en}” has a header and not one row"
    )
    by_hand = Text(
        f"核对文件：是不是导出时没有选中数据、被清空，或数据在另一个文件；换上后再运行。没有这种名册的，从 sources 中去掉 "
        f"{table.name}（有关规则不执行）；本学期确实一行也没有的，写 empty_tables: [{table.name}]",
        "Look at the file: was it exported without its data, emptied, or are the rows in another file? Put that in its place and "
        f"run again. Without such a register take {table.name} out of sources (the rules on it are not run); where this term truly "
        f"has none, write empty_tables: [{table.name}]",
    )
    where = Text(series(files), series(files, "en"))
    return Problem(what, where, at_desk.or_by_hand(at_desk.EMPTY, by_hand))
