"""Reads a filled-in working list back, and says of every cell that cannot be taken where it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.base.language import LANGUAGES, Text
from auditlib.findings.finding_numbers import written_number
from auditlib.forms.filled_in.entries import day, text_of, yuan
from auditlib.forms.filled_in.form import Entry, Form, FormRow, FormSheet, Refusal, choice_of
from auditlib.forms.filled_in.reading import FormReading
from auditlib.forms.worklist.all_findings import is_to_pass_over
from auditlib.forms.worklist.columns import COLUMNS, FILLED_IN, SIGNED_TEXT, STATUSES
from auditlib.forms.worklist.notes import NOTHING
from auditlib.tables.wording import word

READ_BACK = ("finding_id", *FILLED_IN)
KEYS = ("finding_id", "number")  # either tells which finding a row is about
BESIDE = ("so_far", "asks_evidence", "sheet", "row", "signed_by")
STATUS_OF_WORD = {word(code, language).casefold(): code for code in STATUSES for language in LANGUAGES}
SIGNATURE = re.compile(
    rf"^(?:{SIGNED_TEXT.zh}|{SIGNED_TEXT.en})\s*(?:[(（][^)）]*[)）])?\s*[:：]?\s*(.*)$", re.IGNORECASE
)

NO_FILE = (
    Text("工作清单无法打开", "The working list cannot be opened"),
    Text("请确认是 .xlsx 工作簿、没有密码", "Make sure that it is an .xlsx workbook without a password"),
)
NO_FINDINGS = {NOTHING.into(language) for language in LANGUAGES}
NO_COLUMNS = (
    Text("没有找到含 finding_id 或疑点编号的表头", "No header row with finding_id or finding no. was found"),
    Text(
        "请使用本系统生成的 findings.xlsx 或回执，勿删除表头",
        "Use the findings.xlsx or the slips that were made; keep the header row",
    ),
)
NO_ID = (
    Text(
        "该行已填写，但 finding_id、疑点编号都为空",
        "The row is filled in but has neither finding_id nor finding no.",
    ),
    Text("请从原清单复制该行的编号", "Copy the number of the row from the original list"),
)
NUMBER_ID = (
    Text(
        "finding_id 被电子表格改成了数字，末几位已丢失",
        "The spreadsheet made a number of the finding_id; its end is lost",
    ),
    Text(
        "请将该单元格设为文本格式，再从原清单复制该行的 finding_id",
        "Format the cell as text, then copy the finding_id of the row from the original list",
    ),
)
UNKNOWN_ID = (
    Text("编号不属于本次核对", "The number is not of this audit"),
    Text(
        "请确认清单与本次核对对应、由同一密钥（finding-numbers.key）编号，未改动该列",
        "Make sure that the list belongs to this audit, was numbered under the same key (finding-numbers.key), and that "
        "the column was not changed",
    ),
)
REPEATED_ID = (
    Text("同一疑点出现多次", "The same finding stands more than once"),
    Text("请只保留一行", "Keep one of the rows"),
)
NO_STATUS = (
    Text("填写了内容但未选处理结果", "Something is filled in, but no outcome"),
    Text("请选择：属实、排除、已整改、销号", "Choose one of: Confirmed, Cleared, Rectified, Closed"),
)
BAD_STATUS = (
    Text("处理结果“{value}”不可识别", "The outcome “{value}” is not known"),
    Text("请选择：属实、排除、已整改、销号", "Choose one of: Confirmed, Cleared, Rectified, Closed"),
)
BAD_DATE = (
    Text("整改日期无法识别", "The date cannot be read"),
    Text(
        "请填写 2000 至 2099 年间的日期，如 2020-12-31", "Enter a date from 2000 to 2099, such as 2020-12-31"
    ),
)
BAD_AMOUNT = (
    Text("金额无法识别", "The amount cannot be read"),
    Text("请填写不小于 0 的元数，至多两位小数", "Enter yuan, not below 0, with two decimals at most"),
)

FORM = Form(
    COLUMNS,
    KEYS,
    {
        "status": Entry(choice_of(STATUS_OF_WORD), BAD_STATUS),
        "cause": Entry(),
        "rectified_on": Entry(day, BAD_DATE),
        "amount": Entry(yuan, BAD_AMOUNT),
        "evidence": Entry(in_older_forms=False),
    },
    NO_FILE,
    NO_COLUMNS,
)


def read_worklist(
    path: Path,
    *,
    finding_ids: Collection[str] | None = None,
    numbers: Mapping[str, str] | None = None,
    language: str = "zh",
) -> pd.DataFrame:
    """The rows that somebody has filled in: ``finding_id, status, cause, rectified_on, amount, evidence``, and what is beside.

    - ``status``: a code (confirmed, cleared, rectified, closed). ``rectified_on``: a date or None. ``amount``: a Decimal of yuan
      or None.
    - ``so_far``: the status that the list knew of, or None.
    - ``asks_evidence``: does its sheet have that column, which older lists lack?
    - ``sheet`` and ``row``: as the spreadsheet shows them.
    - ``signed_by``: who has signed the sheet, else the workbook, else None.

    ``finding_ids``: those that there are. ``numbers``: those of slips and lists that carry no finding_id, to their finding_ids
    (a number that is not among them stands for itself).
    Raises AuditError with every problem of every sheet.
    """
    sheets = FORM.sheets(path, language)
    lists = [sheet for sheet in sheets if not is_to_pass_over(sheet.sheet, sheet.header[1])]
    reading = FormReading(FORM, language, lambda text: text in (finding_ids or ()))
    has_none = any(sheet.has_cell(NO_FINDINGS.__contains__) for sheet in sheets)
    rows = [
        _read_row(reading, row, finding_ids, numbers or {})
        for row in reading.filled_rows(path.name, lists, may_be_empty=has_none)
    ]
    reading.close()
    signers = _signers(lists)
    signed_rows = [{**row, "signed_by": signers.get(row["sheet"]) or signers.get("")} for row in rows if row]
    return pd.DataFrame(signed_rows, columns=[*READ_BACK, *BESIDE], dtype=object)


def _signers(sheets: Iterable[FormSheet]) -> dict[str, str | None]:
    """Who has signed each list; under no name: a sheet that is no list, the workbook's first."""
    signers: dict[str, str | None] = {}
    for sheet in sheets:
        signers.setdefault(sheet.sheet if sheet.header[1] else "", _signature(sheet.rows))
    return signers


def _signature(rows: Sequence[Sequence[Any]]) -> str | None:
    """What stands behind the words “filled in by”, in their cell or the next that is not empty."""
    for cells in rows:
        texts = [text_of(cell) for cell in cells]
        for at, text in enumerate(texts):
            match = SIGNATURE.match(text)
            if match:
                return match[1].strip() or next(filter(None, texts[at + 1 :]), None)
    return None


def _read_row(
    reading: FormReading, row: FormRow, finding_ids: Collection[str] | None, numbers: Mapping[str, str]
) -> dict[str, Any] | None:
    """The decision in a row; None, and a problem, where there is none to be had."""
    number = written_number(text_of(row.cells.get("number")))
    finding = text_of(row.cells.get("finding_id")) or numbers.get(number, number)
    floated = isinstance(row.cells.get("finding_id"), (int, float))
    refusal = NUMBER_ID if floated else _refusal(reading, finding, finding_ids)
    if refusal:
        reading.refuse_cell(refusal, row, "finding_id")
        return None
    reading.subjects.add(finding)
    values = reading.values(row)
    if values and values["status"] is None:
        reading.refuse_cell(NO_STATUS, row, "status")
    so_far = STATUS_OF_WORD.get(text_of(row.cells.get("so_far")).casefold())
    asks_evidence = "evidence" in row.cells
    beside = {"so_far": so_far, "asks_evidence": asks_evidence, "sheet": row.sheet, "row": row.number}
    return {"finding_id": finding, **values, **beside} if values else None


def _refusal(reading: FormReading, finding: str, finding_ids: Collection[str] | None) -> Refusal | None:
    if not finding:
        return NO_ID
    if finding_ids is not None and finding not in finding_ids:
        return UNKNOWN_ID
    return REPEATED_ID if finding in reading.subjects else None
