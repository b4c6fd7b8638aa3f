"""Reads filled-in field sheets back, and says of every cell that contradicts another where it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.base.errors import AuditError
from auditlib.base.language import LANGUAGES, Text
from auditlib.city.field_columns import ANSWERS, COLUMNS, FILLED_COLUMNS, KINDS, NUMBER
from auditlib.forms.filled_in.entries import day, text_of, yuan
from auditlib.forms.filled_in.form import Entry, Form, FormRow, FormSheet, Refusal, choice_of
from auditlib.forms.filled_in.reading import FormReading
from auditlib.ingest.messages.by_kind import by_kind

KIND_OF_WORD = {
    text.into(language).casefold(): code for code, text in KINDS.items() for language in LANGUAGES
}
READ = ["unit_id", *(column.name for column in FILLED_COLUMNS), "file", "sheet", "row"]
HEAD = 5  # lines in which the number of the draw may stand
NUMBERS = tuple(
    re.compile(NUMBER.fill(number=r"([\w-]+-[0-9a-f]{8})").into(language)) for language in LANGUAGES
)

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
SAME_SHEET = (
    Text("与 {other} 是同一张检查表，重复交来", "It is the same field sheet as {other}, handed in twice"),
    Text("只用改正过的那一份，另一份不选", "Use the one that was corrected, and not the other"),
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

FORM = Form(
    COLUMNS,
    ["unit_id"],
    {
        "seen": Entry(choice_of(ANSWERS), BAD_ANSWER, EMPTY),
        "deviates": Entry(choice_of(ANSWERS), BAD_ANSWER, EMPTY),
        "kind": Entry(choice_of(KIND_OF_WORD), BAD_KIND),
        "audited": Entry(yuan, BAD_AMOUNT, EMPTY),
        "evidence": Entry(),
        "inspector": Entry(empty=EMPTY),
        "inspected_on": Entry(day, BAD_DATE, EMPTY),
        "second_deviates": Entry(choice_of(ANSWERS), BAD_ANSWER),
        "second_inspector": Entry(),
    },
    NO_FILE,
    NO_COLUMNS,
)


def read_field_results(
    files: list[Path], book: Mapping[str, Decimal], *, draws: Collection[str] = (), language: str = "zh"
) -> pd.DataFrame:
    """The rows that were filled in: ``unit_id, seen, deviates, kind, audited, evidence, inspector, inspected_on,
    second_deviates, second_inspector, file, sheet, row``.

    ``book``: the units drawn and what was paid; ``draws``: the numbers of the draws, where a sheet of another one is to
    be refused as a whole. Raises AuditError with every problem of every cell of every file.
    """
    reading = FormReading(FORM, language, book.__contains__)
    rows: list[dict[str, Any]] = []
    file_of: dict[str, Path] = {}
    for file in files:
        try:
            sheets = FORM.sheets(file, language)
        except AuditError as error:  # the others' mistakes are told with it
            reading.problems += error.problems
            continue
        if not _is_of_other_draw(reading, file, sheets, frozenset(draws)):
            rows_of_file = [*reading.filled_rows(file.name, sheets)]
            units = [text_of(row.cells.get("unit_id")) for row in rows_of_file]
            others = [file_of[unit] for unit in units if unit in file_of]
            if len(others) > 1 and 2 * len(others) > len(units):
                refusal = (SAME_SHEET[0].fill(other=others[0].name), SAME_SHEET[1])
                reading.refuse(refusal, Text(file.name, file.name))
                continue
            file_of |= dict.fromkeys(units, file)
            visits = [_read_row(reading, row, book) for row in rows_of_file]
            rows += [{**visit, "file": file.name} for visit in visits if visit]
    reading.problems = [*by_kind(reading.problems)]  # of each row the same, where a column was forgotten
    reading.close()
    return pd.DataFrame(rows, columns=READ)


def _is_of_other_draw(
    reading: FormReading, file: Path, sheets: Sequence[FormSheet], draws: frozenset[str]
) -> bool:
    """Does a sheet bear the number of a draw that is none of ``draws``? The file is then refused."""
    others = {number for sheet in sheets for number in _numbers(sheet.rows)} - draws
    if not draws or not others:
        return False
    refusal = (OTHER_DRAW[0].fill(number=", ".join(sorted(others))), OTHER_DRAW[1])
    reading.refuse(refusal, Text(file.name, file.name))
    return True


def _numbers(rows: Sequence[Sequence[Any]]) -> set[str]:
    """The numbers of draws in the lines above a header."""
    above = "\n".join(str(cell) for cells in rows[:HEAD] for cell in cells)
    return {number for pattern in NUMBERS for number in pattern.findall(above)}


def _read_row(reading: FormReading, row: FormRow, book: Mapping[str, Decimal]) -> dict[str, Any] | None:
    """What a row says of its unit; None, and a problem, where it cannot be taken."""
    unit = text_of(row.cells.get("unit_id"))
    if unit not in book or unit in reading.subjects:
        refusal = REPEATED_UNIT if unit in reading.subjects else UNKNOWN_UNIT
        reading.refuse_cell(refusal, row, "unit_id")
        return None
    reading.subjects.add(unit)
    values = reading.values(row)
    if values is None:
        return None
    for refusal, name in contradictions(values, book[unit]):
        reading.refuse_cell(refusal, row, name)
    return {"unit_id": unit, **values, "sheet": row.sheet, "row": row.number}


def contradictions(values: Mapping[str, Any], paid: Decimal) -> list[tuple[Refusal, str]]:
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
