"""Columns, sheets and files that are lost as a whole: the run stops and says what stands there and what to write.

Single cells and rows that cannot be read are defects, counted and told; most of a column is another matter: what rests
on it would be untested or wrong, and the report would not look it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from auditlib.base.engine import Engine
from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.cells import dates
from auditlib.ingest.cleaning.column_readings import COMMONEST, commonest_unread
from auditlib.ingest.cleaning.standardise import MUST_BE_KNOWN
from auditlib.ingest.deliveries.delivery import Delivery
from auditlib.ingest.messages import at_desk
from auditlib.ingest.messages.problems import Place, masked, series
from auditlib.tables.delivered import TABLES, Column, Table
from auditlib.tables.wording import word

LOOKED_AT = 20  # places of one lost column, for what stands there
FEWEST = 3  # unread cells; one odd date in a column that is mostly empty is a defect of its row


def losses(
    engine: Engine, delivery: Delivery, readings: pd.DataFrame, rejected: pd.DataFrame, share: float
) -> list[Problem]:
    """A problem for each column of which more than ``share`` of the filled cells, and each sheet of which more than
    ``share`` of the rows could not be used. ``readings``: see :mod:`auditlib.ingest.cleaning.column_readings`; ``rejected``:
    ``table, source, reason``. A file is told where none of its sheets is lost alone."""
    sheets = _lost_columns(readings, ["table", "file", "sheet", "column"], share)
    files = _lost_columns(readings, ["table", "file", "column"], share)
    alone = files.merge(sheets[["table", "file", "column"]].drop_duplicates(), how="left", indicator=True)
    lost_in_files = alone[alone["_merge"] == "left_only"].assign(sheet=None)
    lost_columns = pd.concat([sheets, lost_in_files], ignore_index=True)
    alike = lost_columns.groupby(["table", "column", "header"], sort=False)
    columns = [
        _column_problem(engine, rows, rejected) for _key, rows in alike if not _are_months(engine, rows)
    ]
    return [*columns, *_empty(readings, delivery, share), *_rejected(delivery, lost_columns, rejected, share)]


def _lost_columns(readings: pd.DataFrame, keys: list[str], share: float) -> pd.DataFrame:
    """Columns that are lost, but those whose every unknown value is told by itself."""
    by_value = [
        column in MUST_BE_KNOWN and bool(TABLES[table].by_name[column].kind.codes)
        for table, column in zip(readings["table"], readings["column"], strict=True)
    ]
    others = readings[~pd.Series(by_value, index=readings.index, dtype=bool)]
    value_counts = others.groupby(keys, sort=False, as_index=False).agg(
        header=("header", "first"), cells=("cells", "sum"), unread=("unread", "sum")
    )
    return value_counts[
        (value_counts["unread"] >= FEWEST) & (value_counts["unread"] > share * value_counts["cells"])
    ]


def _are_months(engine: Engine, readings: pd.DataFrame) -> bool:
    """Days of payment of which the month alone is told (2024年11月): what rests on the day is untested, and nothing is lost that the
    file has."""
    table, name = readings.iloc[0][["table", "column"]]
    if name != "pay_date":
        return False
    values = _commonest(engine, table, name, _places(readings))["value"]
    return len(values) > 0 and all(re.fullmatch(dates.MONTH, value.strip()) for value in values)


def _places(readings: pd.DataFrame) -> list[tuple[str, str | None]]:
    return [(row.file, None if pd.isna(row.sheet) else row.sheet) for row in readings.itertuples()]


# --- columns -------------------------------------------------------------------------------------------------


def _column_problem(engine: Engine, readings: pd.DataFrame, rejected: pd.DataFrame) -> Problem:
    """One for the sheets (or files: ``sheet`` is None) in which the same header is lost."""
    table, name, header = readings.iloc[0][["table", "column", "header"]]
    column = TABLES[table].by_name[name]
    cells, unread = int(readings["cells"].sum()), int(readings["unread"].sum())
    where = _places(readings)
    reason = f"unreadable:{name}"
    without = sum(_rows_rejected(rejected, table, file, sheet, reason) for file, sheet in where)
    values = _commonest(engine, table, name, where)
    places = [Place(file, sheet or "").text() for file, sheet in where]
    return Problem(
        Text(
            f"“{masked(header)}”作为“{column.title.zh}”读不出来：有内容的 {cells} 格中 {unread} 格无法识别"
            + (f"，{without} 行因此不能采用" if without else ""),
            f"“{masked(header)}”, taken for {column.title.en}, cannot be read: {unread} of {cells} filled cells"
            + (f"; {without} rows cannot be used for it" if without else ""),
        ),
        Text(
            f"{series(place.zh for place in places)}（{listed_values(values, 'zh')}）",
            f"{series((place.en for place in places), 'en')} ({listed_values(values, 'en')})",
        ),
        remedy(TABLES[table], column, masked(header)),
    )


def _commonest(
    engine: Engine, table: str, column: str, where: Sequence[tuple[str, str | None]]
) -> pd.DataFrame:
    """``value, rows``: the spellings met most often in the first of the places."""
    parts = [
        commonest_unread(
            engine, table, None if sheet is None else f"{file}!{sheet}" if sheet else file, file, column
        )
        for file, sheet in where[:LOOKED_AT]
    ]
    value_counts = pd.concat(parts).groupby("value", as_index=False)["rows"].sum()
    order = value_counts.sort_values(["rows", "value"], ascending=[False, True], ignore_index=True)
    return order.head(COMMONEST)


def _rows_rejected(rejected: pd.DataFrame, table: str, file: str, sheet: str | None, reason: str) -> int:
    address = f"{file}!{sheet}!" if sheet else f"{file}!"
    here = rejected["source"].str.startswith(address) & (rejected["table"] == table)
    return int((here & (rejected["reason"] == reason)).sum())


def listed_values(values: pd.DataFrame, language: str) -> str:
    """``“已提交” 579, …``; what may be a number or a name is not shown."""
    hidden_text = Text("可能是号码或姓名（不在此显示）", "perhaps numbers or names, not shown")
    values_shown = [
        (f"“{value[:30]}” {rows}" if value else f"{hidden_text.into(language)} {rows}")
        for value, rows in zip(values["value"], values["rows"], strict=True)
    ]
    return ("最多的是：" if language == "zh" else "mostly: ") + ("、" if language == "zh" else ", ").join(
        values_shown
    )


_FIGURES = Text(
    "金额写成数字，如 625.00；格中是公式（如 E2*F2）而没有结果的，在 Excel 或 WPS 中打开、保存一次",
    "write amounts as numbers, such as 625.00; where cells hold a formula (E2*F2) and no result, open the file in Excel or WPS and save it",
)
_FORMS = {
    "date": Text("日期写成 2024-10-31（一格一个日期）", "write dates as 2024-10-31, one to a cell"),
    "term": Text(
        "学期写成 2024年秋季学期 或 2024-2025学年第一学期；年份在另一列的合成一列；全表同一学期的，"
        "在 sources 中为该文件写 term: 2024-autumn",
        "write terms as 2024-autumn or 2024-2025学年第一学期, year and half in one column; where all rows are of one "
        "term, write term: 2024-autumn for the file in sources",
    ),
    "citizen_id": Text(
        "提供完整的 18 位身份证号（单元格设为文本，不遮盖、不截断）",
        "provide whole ID numbers of 18 characters as text, neither masked nor cut",
    ),
    "name": Text("每格一个人的姓名，不是公式或号码", "one person's name to a cell, no formula and no number"),
    "yuan": _FIGURES,
    "yuan_printed": _FIGURES,
    "count": Text("人数写成整数", "write counts as whole numbers"),
}  # fmt: skip
_FORMS |= {"date_from": _FORMS["date"], "date_to": _FORMS["date"]}
_MONTH_OF_BIRTH = Text(
    "日期写成 2024-10-31；只有出生年月的，这一列不需要，出生日期以身份证号为准",
    "write dates as 2024-10-31; where there is only the month of birth, the column is not needed: the ID number tells the day",
)
_AS_TEXT = Text("单元格设为文本后重新导出", "export it again with the cells set to text")


def remedy(table: Table, column: Column, header: str) -> Text:
    """What to write where so that the column can be read, or is left alone."""
    own = f'columns: {{{table.name}: {{"{header}": null}}}}'
    if codes := column.kind.codes:
        file = f"params/codes/{codes}.csv"
        form = Text(
            f"在参数文件写 values: {{{codes}: {{写法: 代码, …}}}}（代码见 {file}），或在该文件各加一行：代码,写法",
            f"write values: {{{codes}: {{spelling: code, …}}}} in the parameter file (the codes stand in {file}), or add a "
            f"line code,spelling for each to that file",
        )
    else:
        form = _MONTH_OF_BIRTH if column.name == "birth_date" else _FORMS.get(column.kind.name, _AS_TEXT)
    desk = at_desk.as_column(header, Text("不需要", "not needed"))
    if column.kind.codes:
        desk = Text(f"{at_desk.MEANING.zh}；{desk.zh}", f"{at_desk.MEANING.en}; {desk.en}")
    if column.name == "grade" and "stage" in table.by_name:
        choice = at_desk.for_all_rows(table.by_name["stage"].title)
        desk = Text(
            f"整张表同一学段的，{choice.zh}；{desk.zh}",
            f"where all rows are of one stage, {choice.en}; {desk.en}",
        )
    by_hand = Text(
        f"{form.zh}；“{header}”并不是“{column.title.zh}”的，在参数文件写 {own}；明知如此仍要运行的，调高 lost_share",
        f"{form.en}; if “{header}” is not {column.title.en}, write {own} in the parameter file; to run all the same, "
        "raise lost_share",
    )
    whether = Text(f"并不是“{column.title.zh}”的，{desk.zh}", f"if it is not {column.title.en}, {desk.en}")
    return at_desk.or_by_hand(desk if column.kind.codes else whether, by_hand)


def _empty(readings: pd.DataFrame, delivery: Delivery, share: float) -> Iterator[Problem]:
    """Sheets of the enrolment register of which neither of two columns (学段, 年级) says anything in most rows."""
    constants = {
        (report.table, report.file, sheet.name): {*sheet.constants}
        for report in delivery.files
        for sheet in report.sheets
    }
    enrolment = readings[readings["table"] == "enrolment"]
    for key, columns in enrolment.groupby(["table", "file", "sheet"], sort=False):
        cells, rows = columns.set_index("column")["cells"], int(columns["rows"].max())
        for group in TABLES[key[0]].needs_one_of:
            here = [name for name in group if name in cells.index]
            filled_count = int(cells[here].sum())
            is_stated = bool(constants.get(key, set()) & {*group})
            if (
                here
                and not is_stated
                and rows - filled_count >= FEWEST
                and rows - filled_count > share * rows
            ):
                yield _empty_problem(TABLES[key[0]], here, Place(key[1], key[2]), rows, filled_count)


def _empty_problem(table: Table, names: Sequence[str], place: Place, rows: int, filled_count: int) -> Problem:
    titles = [table.by_name[name].title for name in names]
    zh, en = "”“".join(title.zh for title in titles), "”, “".join(title.en for title in titles)
    return Problem(
        Text(
            f"“{zh}”大多是空的：{rows} 行中只有 {filled_count} 行有内容，其余的无从核对（{table.title.zh}）",
            f"“{en}”: the column is there, but only {filled_count} of {rows} rows say anything; the others cannot be tested ({table.title.en})",
        ),
        place.text(),
        at_desk.or_by_hand(
            Text(
                f"请报送单位补填；写在另一列的，“文件”一步在那一列上方选“{titles[0].zh}”；整张表都一样的，{at_desk.for_all_rows(titles[0]).zh}",
                f"ask the sender to fill it in; where another column says it, choose “{titles[0].en}” above that in the step Files; where all rows "
                f"are alike, {at_desk.for_all_rows(titles[0]).en}",
            ),
            Text(
                f"同样补填，或在参数文件 columns 中写明用哪一列，或在 sources 中为该文件写固定值（如 {names[0]}: …）；明知如此仍要运行的，调高 lost_share",
                f"fill it in alike, name the other column under columns in the parameter file, or give the file a constant in sources (such as "
                f"{names[0]}: …); to run all the same, raise lost_share",
            ),
        ),
    )


# --- rows ----------------------------------------------------------------------------------------------------


def _rejected(
    delivery: Delivery, lost_columns: pd.DataFrame, rejected: pd.DataFrame, share: float
) -> Iterator[Problem]:
    """Sheets most of whose rows were rejected, for reasons that no lost column and no unknown value tells."""
    column_reasons = {(row.table, row.file, f"unreadable:{row.column}") for row in lost_columns.itertuples()}
    for report in delivery.files:
        explained_reasons = {
            reason for table, file, reason in column_reasons if (table, file) == (report.table, report.file)
        }
        explained_reasons |= {f"unreadable:{column}" for column in MUST_BE_KNOWN}
        for sheet in report.sheets:
            address = f"{report.file}!{sheet.name}!" if sheet.name else f"{report.file}!"
            mine = rejected["source"].str.startswith(address) & (rejected["table"] == report.table)
            reasons = rejected.loc[
                mine & ~rejected["reason"].isin(explained_reasons), "reason"
            ].value_counts()
            if reasons.sum() > share * sheet.rows_handed_on:
                yield _rows_problem(Place(report.file, sheet.name), sheet.rows_handed_on, reasons)


def _rows_problem(place: Place, rows: int, reasons: pd.Series) -> Problem:
    unusable = int(reasons.sum())
    counts = sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0]))
    zh = "、".join(f"{word(reason, 'zh')} {count} 行" for reason, count in counts)
    en = ", ".join(f"{word(reason, 'en')} in {count}" for reason, count in counts)
    return Problem(
        Text(f"{rows} 行中有 {unusable} 行不能采用", f"{unusable} of {rows} rows cannot be used"),
        place.text(more_zh=zh, more_en=en),
        at_desk.or_by_hand(
            at_desk.EACH_COLUMN,
            Text(
                "打开文件看这几列：各列是否错位、数据是否在另一列；在参数文件 columns 中写明用哪一列；"
                "明知如此仍要运行的，调高 lost_share",
                "look at these columns in the file: have cells shifted, does another column hold them? Name the column under "
                "columns in the parameter file; to run all the same, raise lost_share",
            ),
        ),
    )
