"""What people decided about pairs of records: read back from review.xlsx and judgements.csv, outranking the model.

``review.xlsx`` is filled in by hand and written anew by the next run; ``judgements.csv`` is a ledger: a line a judgement,
only ever appended to, by any number of people at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import LANGUAGES, Text
from auditlib.forms.filled_in.entries import day, sheets_of, text_of, title_of
from auditlib.forms.filled_in.form import Entry, Form, FormRow, FormSheet, choice_of
from auditlib.forms.filled_in.reading import FormReading
from auditlib.forms.review_columns import COLUMNS, PAIR
from auditlib.linkage.judgements import CHOICES, FILE, LEDGER, WITHDRAWN, Judgement
from auditlib.spreadsheets import read_values

CHOICE_OF_WORD = {
    title_of(text.into(language)): code for code, text in CHOICES.items() for language in LANGUAGES
} | {title_of(code): code for code in CHOICES}
ALLOWED_TEXT = Text(*(" / ".join(text.into(language) for text in CHOICES.values()) for language in LANGUAGES))

NO_FILE = (
    Text("打不开，其中的判断读不到", "The file cannot be opened, nor what was decided in it"),
    Text(
        "用 Excel 或 WPS 打开后另存为 .xlsx；确已不要其中的判断时，请移走该文件",
        "Open it in Excel or WPS and save it as .xlsx; if nothing in it is needed, move it away",
    ),
)
NO_HEADER = (
    Text("没有找到含“记录对编号”和“判断”的表头", "No header row with Pair and Decision was found"),
    Text(
        "恢复原来的表头；确已不要其中的判断时，请移走该文件",
        "Restore the header as it was; if nothing in it is needed, move the file away",
    ),
)
# Without the pair's name a judgement is about nobody; a spreadsheet cuts one of digits alone.
NO_PAIR = (
    Text(
        "该行填了判断，但记录对编号为空或被电子表格改成了数字",
        "The row has a decision, but its pair is empty or was made a number by the spreadsheet",
    ),
    Text(
        "请将该单元格设为文本格式，从原表复制编号",
        "Format the cell as text and copy it from the original sheet",
    ),
)
BAD_DECISION = (
    Text("复核判断“{value}”不可识别", "The decision “{value}” is not known"),
    Text("请填写：{choices}", "Enter one of: {choices}").fill(choices=ALLOWED_TEXT),
)
BAD_DAY = (
    Text("判断日期无法识别", "The date cannot be read"),
    Text("请填写如 2020-12-31", "Enter a date such as 2020-12-31"),
)


def _moment(cell: Any) -> str | None:
    """A day as it is sorted, however it was written, with the time that a ledger gave it: the latest judgement holds."""
    date, _separator, time = (
        cell.strip().replace(" ", "T", 1).partition("T") if isinstance(cell, str) else (cell, "", "")
    )
    read = day(date)
    return read.isoformat() + (f"T{time}" if time else "") if read else None


FORM = Form(
    COLUMNS,
    (PAIR.name,),
    {
        "decision": Entry(choice_of(CHOICE_OF_WORD), BAD_DECISION),
        "judged_by": Entry(),
        "judged_on": Entry(_moment, BAD_DAY),
    },
    NO_FILE,
    NO_HEADER,
)


def read_judgements(folders: Iterable[Path], language: str = "zh") -> list[Judgement]:
    """The decisions in the review.xlsx and judgements.csv of ``folders``, one a pair: the latest, else of the later folder.

    One that was withdrawn is none. Raises AuditError naming the cells for a decision that is none of CHOICES.
    """
    reading = FormReading(FORM, language, lambda text: title_of(text) in CHOICE_OF_WORD)
    all_lines = [
        judgement
        for folder in folders
        for judgement in (
            *_last(_in_workbook(folder / FILE, reading)),
            *_last(_in_ledger(folder, reading.problems)),
        )
    ]
    reading.close()
    in_order = sorted(all_lines, key=lambda judgement: judgement.judged_on)
    latest = {judgement.pair: judgement for judgement in in_order}
    return [latest[pair] for pair in sorted(latest) if latest[pair].decision != WITHDRAWN]


def _last(lines: Iterable[Judgement]) -> Iterable[Judgement]:
    """The last line on each pair: in one ledger it is the order that tells what holds, not the clock."""
    return {judgement.pair: judgement for judgement in lines}.values()


def _in_ledger(folder: Path, problems: list[Problem]) -> list[Judgement]:
    """Every line of the folder's ledger, in order; lines that are none become ``problems``."""
    try:
        rows = LEDGER.read(folder)
    except AuditError as refused:
        problems += refused.problems
        return []
    return [Judgement(row["pair"], row["decision"], row["judged_by"], row["judged_at"]) for row in rows]


def _in_workbook(file: Path, reading: FormReading) -> list[Judgement]:
    """Every row of the workbook that has a decision; none where there is no such file."""
    if not file.exists():
        return []
    place = f"{file.parent.name}/{file.name}"
    try:
        book = list(sheets_of(file, NO_FILE, reading.language, place, _values))
    except AuditError as refused:
        reading.problems += refused.problems
        return []
    sheets = [FormSheet(FORM, place, name, rows) for name, rows in book]
    rows = [row for row in reading.filled_rows(place, sheets) if _is_decided(row)]
    return [judgement for row in rows if (judgement := _judgement(row, reading))]


@lru_cache(maxsize=4)
def _values(content: bytes) -> list[tuple[str, list[list[Any]]]]:
    """A workbook is asked for several times a run, and by a workbench with every click."""
    return read_values(content)


def _is_decided(row: FormRow) -> bool:
    """Is there a decision, and not a header that stands once more?"""
    decision = row.cells.get("decision")
    return bool(text_of(decision)) and FORM.titles.get(title_of(decision)) != "decision"


def _judgement(row: FormRow, reading: FormReading) -> Judgement | None:
    pair = row.cells.get(PAIR.name)
    if not text_of(pair) or isinstance(pair, (int, float)):
        reading.refuse_cell(NO_PAIR, row, PAIR.name)
        return None
    values = reading.values(row)
    if not values:
        return None
    return Judgement(text_of(pair), values["decision"], values["judged_by"] or "", values["judged_on"] or "")
