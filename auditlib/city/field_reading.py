"""Reads filled-in field sheets back, and says of every cell that contradicts another where it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import LANGUAGES, Text
from auditlib.city.field_columns import ANSWERS, COLUMNS, FILLED, KINDS, NUMBER
from auditlib.forms.worklist.entries import Unreadable, day, sheets_of, text_of, yuan
from auditlib.forms.worklist.form_rows import Form, FormSheet

FORM = Form(COLUMNS, ["unit_id"], [column.name for column in FILLED])
SPOKEN = {text.into(language).casefold(): code for code, text in KINDS.items() for language in LANGUAGES}
NAMES = tuple(column.name for column in FILLED)
READ = ["unit_id", *NAMES, "file", "sheet", "row"]
HEAD = 5  # lines in which the number of the draw may stand
NUMBERS = tuple(
    re.compile(NUMBER.fill(number=r"([\w-]+-[0-9a-f]{8})").into(language)) for language in LANGUAGES
)
ALWAYS = ("seen", "deviates", "audited", "inspector", "inspected_on")

NO_FILE = (
    Text("现场检查表无法打开", "The field sheet cannot be opened"),
    Text("请确认是 .xlsx 工作簿、没有密码", "Make sure that it is an .xlsx workbook without a password"),
)
NO_COLUMNS = (
    Text("没有找到含“抽样单元”的表头", "No header row with the column Unit was found"),
    Text("请使用本系统生成的检查表，勿删除表头", "Use the field sheet that was made; keep its header row"),
)
OTHER_DRAW = (
    Text("这张检查表属于另一次抽样（编号 {number}）", "The sheet belongs to another draw ({number})"),
    Text(
        "总体、参数或种子变了，抽样就变了：请用本次写出的检查表；核对输出文件夹中的 draws.csv",
        "Population, parameters or seed have changed, and so the draw: use the sheet written by this run; compare draws.csv",
    ),
)
UNKNOWN_UNIT = (
    Text("抽样单元不在本次样本中", "The unit is not of this sample"),
    Text(
        "不得增加或替换样本；请从原表复制该列",
        "Nothing may be added or replaced; copy the column from the original",
    ),
)
REPEATED_UNIT = (
    Text("同一抽样单元出现多次", "The same unit stands more than once"),
    Text("请只保留一行", "Keep one of the rows"),
)
EMPTY = (
    Text("该行已填写，但此格为空", "The row is filled in, but this cell is empty"),
    Text("请补填", "Fill it in"),
)
BAD_ANSWER = (Text("只能填“是”或“否”", "Only Yes or No may stand here"), Text("请改正", "Correct it"))
BAD_KIND = (
    Text("有误类型不可识别", "The kind of error is not known"),
    Text("请从下拉列表中选择", "Choose one of the list"),
)
BAD_AMOUNT = (
    Text("应发金额无法识别", "The amount due cannot be read"),
    Text("请填写不小于 0 的元数，至多两位小数", "Enter yuan, not below 0, with two decimals at most"),
)
BAD_DATE = (
    Text("检查日期无法识别", "The date cannot be read"),
    Text("请填写如 2021-01-15", "Enter a date such as 2021-01-15"),
)
RIGHT_BUT_OTHER = (
    Text("填了“无误”，应发金额却与账面不同", "Not in error, yet another amount is due"),
    Text("改为“有误”并选类型，或改正应发金额", "Make it an error with its kind, or correct the amount"),
)
RIGHT_BUT_KIND = (
    Text("填了“无误”，却选了有误类型", "Not in error, yet a kind of error is chosen"),
    Text("二者改其一", "Correct one of the two"),
)
WRONG_WITHOUT_KIND = (
    Text("填了“有误”，未选类型", "In error, but no kind is chosen"),
    Text("请选择类型", "Choose the kind"),
)
WRONG_WITHOUT_EVIDENCE = (
    Text("填了“有误”，未写依据", "In error, but no evidence is named"),
    Text("请写明依据", "Name the evidence"),
)
AMOUNT_WITHOUT_DIFFERENCE = (
    Text(
        "类型是“金额不对”，应发金额却与账面相同", "The amount is said to be wrong, yet it is the amount due"
    ),
    Text("二者改其一", "Correct one of the two"),
)
UNSEEN_WITHOUT_EVIDENCE = (
    Text(
        "没有见到学生或家长，又没有写依据，不能填“无误”",
        "Nobody was met and no evidence named: it cannot pass",
    ),
    Text("补写书面依据，或填“有误”", "Name the written evidence, or make it an error"),
)
SAME_INSPECTOR = (
    Text("第二检查人与检查人是同一人", "The second inspector is the first"),
    Text("第二人须独立另派", "The second must be another person"),
)
SECOND_WITHOUT_NAME = (Text("填了第二人的结论，未填姓名", "A second answer without a name"), Text("请补填", "Fill it in"))  # fmt: skip


@dataclass
class _Reading:
    """What has been read so far; ``book``: unit to amount paid; ``draws``: the numbers that a sheet may bear."""

    book: Mapping[str, Decimal]
    draws: frozenset[str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    units: set[str] = field(default_factory=set)
    headers: int = 0

    def refuse(self, refusal: tuple[Text, Text], where: Text) -> None:
        self.problems.append(Problem(refusal[0], where, refusal[1]))


def read_field_results(
    files: list[Path], book: Mapping[str, Decimal], *, draws: Collection[str] = (), language: str = "zh"
) -> pd.DataFrame:
    """The rows that were filled in: ``unit_id, seen, deviates, kind, audited, evidence, inspector, inspected_on,
    second_deviates, second_inspector, file, sheet, row``.

    ``book``: the units drawn and what was paid; ``draws``: the numbers of the draws, where a sheet of another one is to
    be refused as a whole. Raises AuditError with every problem of every cell of every file.
    """
    reading = _Reading(book, frozenset(draws))
    for file in files:
        try:
            sheets = list(sheets_of(file, NO_FILE, language))
        except AuditError as error:  # the others' mistakes are told with it
            reading.problems += error.problems
            continue
        _read_file(reading, file.name, sheets)
    if reading.problems:
        raise AuditError(reading.problems, language)
    return pd.DataFrame(reading.rows, columns=READ)


def _read_file(reading: _Reading, file: str, sheets: list[tuple[str, list[list[Any]]]]) -> None:
    other = {number for _, rows in sheets for number in _numbers(rows)} - reading.draws
    if reading.draws and other:
        refusal = (OTHER_DRAW[0].fill(number=", ".join(sorted(other))), OTHER_DRAW[1])
        reading.refuse(refusal, Text(file, file))
        return
    before = reading.headers
    for sheet, rows in sheets:
        _read_sheet(reading, file, sheet, rows)
    if reading.headers == before:
        reading.refuse(NO_COLUMNS, Text(file, file))


def _numbers(rows: list[list[Any]]) -> set[str]:
    """The numbers of draws in the lines above a header."""
    above = "\n".join(str(cell) for cells in rows[:HEAD] for cell in cells)
    return {number for pattern in NUMBERS for number in pattern.findall(above)}


def _read_sheet(reading: _Reading, file: str, sheet: str, rows: list[list[Any]]) -> None:
    returned = FormSheet(FORM, file, sheet, rows)
    _start, places = returned.header
    reading.headers += bool(places)
    units = any(text_of(cell) in reading.book for cells in rows for cell in cells)
    refusal = FORM.lost(places) if places else NO_COLUMNS if units else None
    if refusal:
        reading.refuse(refusal, returned.where)
    for row in returned.filled_rows():
        _read_row(reading, row.cells, row.where, {"file": file, "sheet": sheet, "row": row.number})


def _read_row(reading: _Reading, row: Mapping[str, Any], where: Text, place: dict[str, Any]) -> None:
    unit = text_of(row.get("unit_id"))
    if unit not in reading.book or unit in reading.units:
        reading.refuse(REPEATED_UNIT if unit in reading.units else UNKNOWN_UNIT, _cell(where, "unit_id"))
        return
    reading.units.add(unit)
    before = len(reading.problems)
    values: dict[str, Any] = {"unit_id": unit, **place}
    for name in NAMES:
        values[name] = _read_cell(reading, name, row.get(name), where)
    if len(reading.problems) == before:
        for refusal, name in contradictions(values, reading.book[unit]):
            reading.refuse(refusal, _cell(where, name))
    reading.rows.append(values)


def _read_cell(reading: _Reading, name: str, cell: Any, where: Text) -> Any:
    read, refusal = _READERS.get(name, (_cell_text, EMPTY))
    try:
        value = read(cell)
    except Unreadable:
        reading.refuse(refusal, _cell(where, name))
        return None
    if value is None and name in ALWAYS:
        reading.refuse(EMPTY, _cell(where, name))
    return value


def contradictions(values: Mapping[str, Any], paid: Decimal) -> list[tuple[tuple[Text, Text], str]]:
    """What cannot stand together in one row, each with the column to look at."""
    deviates, kind, due = values["deviates"], values["kind"], values["audited"]
    evidence = values["evidence"]
    tests = (
        (not deviates and due != paid, RIGHT_BUT_OTHER, "audited"),
        (not deviates and kind is not None, RIGHT_BUT_KIND, "kind"),
        (not deviates and not values["seen"] and not evidence, UNSEEN_WITHOUT_EVIDENCE, "seen"),
        (deviates and kind is None, WRONG_WITHOUT_KIND, "kind"),
        (deviates and not evidence, WRONG_WITHOUT_EVIDENCE, "evidence"),
        (deviates and kind == "wrong_amount" and due == paid, AMOUNT_WITHOUT_DIFFERENCE, "audited"),
        (values["second_deviates"] is not None and not values["second_inspector"], SECOND_WITHOUT_NAME, "second_inspector"),
        (bool(values["second_inspector"]) and values["second_inspector"] == values["inspector"], SAME_INSPECTOR, "second_inspector"),
    )  # fmt: skip
    return [(refusal, name) for is_so, refusal, name in tests if is_so]


def _cell(where: Text, name: str) -> Text:
    title = next(column.title for column in COLUMNS if column.name == name)
    return Text(f"{where.zh} › {title.zh}", f"{where.en} › {title.en}")


def _cell_text(cell: Any) -> str | None:
    return text_of(cell) or None


def _answer(cell: Any) -> bool | None:
    text = text_of(cell).casefold()
    if text and text not in ANSWERS:
        raise Unreadable
    return ANSWERS.get(text)


def _kind(cell: Any) -> str | None:
    text = text_of(cell).casefold()
    if text and text not in SPOKEN:
        raise Unreadable
    return SPOKEN.get(text)


_READERS: dict[str, tuple[Any, tuple[Text, Text]]] = {
    "seen": (_answer, BAD_ANSWER),
    "deviates": (_answer, BAD_ANSWER),
    "second_deviates": (_answer, BAD_ANSWER),
    "kind": (_kind, BAD_KIND),
    "audited": (yuan, BAD_AMOUNT),
    "inspected_on": (day, BAD_DATE),
}
