"""Reads a filled-in working list back, and says of every cell that cannot be taken where it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import LANGUAGES, Text
from auditlib.base.masking import scrub
from auditlib.findings.finding_numbers import written_number
from auditlib.forms.worklist.all_findings import is_to_pass_over
from auditlib.forms.worklist.columns import COLUMNS, FILLED_IN, SIGNED, STATUSES
from auditlib.forms.worklist.entries import Unreadable, day, sheets_of, text_of, yuan
from auditlib.forms.worklist.form_rows import Form, FormSheet
from auditlib.forms.worklist.notes import NOTHING
from auditlib.tables.wording import word

READ_BACK = ("finding_id", *FILLED_IN)
KEYS = ("finding_id", "number")  # either tells which finding a row is about
BESIDE = ("so_far", "sheet", "row", "signed_by")
FORM = Form(COLUMNS, KEYS, FILLED_IN)
SPOKEN = {word(code, language).casefold(): code for code in STATUSES for language in LANGUAGES}
SIGNATURE = re.compile(
    rf"^(?:{SIGNED.zh}|{SIGNED.en})\s*(?:[(（][^)）]*[)）])?\s*[:：]?\s*(.*)$", re.IGNORECASE
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


@dataclass
class _Reading:
    """What has been read so far."""

    finding_ids: Collection[str] | None
    numbers: Mapping[str, str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    filled: set[str] = field(default_factory=set)
    headers: int = 0
    empty: bool = False  # the list of a run that found nothing: it says so and has no header
    signed: dict[str, str | None] = field(default_factory=dict)

    def signer(self, sheet: str) -> str | None:
        """Who has signed the sheet, else a sheet that is no list: the workbook's first."""
        return self.signed.get(sheet) or self.signed.get("")

    def names_findings(self, rows: list[list[Any]]) -> bool:
        """Does a finding's id stand in one of the cells?"""
        finding_ids = self.finding_ids or ()
        return any(text_of(cell) in finding_ids for cells in rows for cell in cells)

    def refuse(self, refusal: tuple[Text, Text], where: Text) -> None:
        self.problems.append(Problem(refusal[0], where, refusal[1]))


def read_worklist(
    path: Path,
    *,
    finding_ids: Collection[str] | None = None,
    numbers: Mapping[str, str] | None = None,
    language: str = "zh",
) -> pd.DataFrame:
    """The rows that somebody has filled in: ``finding_id, status, cause, rectified_on, amount``, and what is beside.

    ``status`` is a code (confirmed, cleared, rectified, closed), ``rectified_on`` a date or None, ``amount`` a
    Decimal of yuan or None; ``so_far`` the status that the list knew of, or None; ``sheet`` and ``row`` as the
    spreadsheet shows them; ``signed_by`` who has signed the sheet, else the workbook, else None.
    ``finding_ids``: the finding_ids that there are; ``numbers``: those of slips and lists that carry no finding_id, to their
    finding_ids (a number that is not among them stands for itself).
    Raises AuditError with every problem of every sheet.
    """
    reading = _Reading(finding_ids, numbers or {})
    for sheet, rows in sheets_of(path, NO_FILE, language):
        _read_sheet(reading, path.name, sheet, rows)
        reading.empty |= any(cell in NO_FINDINGS for cells in rows for cell in cells)
    if not reading.headers and not reading.empty:
        reading.refuse(NO_COLUMNS, Text(path.name, path.name))
    if reading.problems:
        raise AuditError(reading.problems, language)
    signed = [{**row, "signed_by": reading.signer(row["sheet"])} for row in reading.rows]
    return pd.DataFrame(signed, columns=[*READ_BACK, *BESIDE], dtype=object)


def _read_sheet(reading: _Reading, file: str, sheet: str, rows: list[list[Any]]) -> None:
    returned = FormSheet(FORM, file, sheet, rows)
    _start, places = returned.header
    if is_to_pass_over(sheet, places):
        return
    reading.headers += bool(places)
    refusal = FORM.lost(places) if places else NO_COLUMNS if reading.names_findings(rows) else None
    if refusal:
        reading.refuse(refusal, returned.where)
    for row in returned.filled_rows():
        _read_row(reading, row.cells, row.where, sheet, row.number)
    reading.signed.setdefault(sheet if places else "", _signature(rows))


def _signature(rows: list[list[Any]]) -> str | None:
    """What stands behind the words “filled in by”, in their cell or the next that is not empty."""
    for cells in rows:
        texts = [text_of(cell) for cell in cells]
        for at, text in enumerate(texts):
            match = SIGNATURE.match(text)
            if match:
                return match[1].strip() or next(filter(None, texts[at + 1 :]), None)
    return None


def _read_row(reading: _Reading, row: Mapping[str, Any], where: Text, sheet: str, number: int) -> None:
    finding = text_of(row.get("finding_id")) or _numbered(reading, row)
    refused = NUMBER_ID if isinstance(row.get("finding_id"), (int, float)) else _refusal(reading, finding)
    if refused:
        reading.refuse(refused, _column(where, "finding_id"))
        return
    reading.filled.add(finding)
    values: dict[str, Any] = {"finding_id": finding, "cause": text_of(row.get("cause")) or None}
    sound = True
    for name, read, refusal in _CELLS:
        try:
            values[name] = read(row.get(name))
        except Unreadable:
            sound = False
            excerpt = scrub(text_of(row.get(name)))[:20]
            reading.refuse(
                (refusal[0].fill(value=excerpt) if name == "status" else refusal[0], refusal[1]),
                _column(where, name),
            )
    if sound and values["status"] is None:
        reading.refuse(NO_STATUS, _column(where, "status"))
    elif sound:
        so_far = SPOKEN.get(text_of(row.get("so_far")).casefold())
        reading.rows.append({**values, "so_far": so_far, "sheet": sheet, "row": number})


def _numbered(reading: _Reading, row: Mapping[str, Any]) -> str:
    number = written_number(text_of(row.get("number")))
    return reading.numbers.get(number, number)


def _refusal(reading: _Reading, finding: str) -> tuple[Text, Text] | None:
    if not finding:
        return NO_ID
    if reading.finding_ids is not None and finding not in reading.finding_ids:
        return UNKNOWN_ID
    return REPEATED_ID if finding in reading.filled else None


def _column(where: Text, name: str) -> Text:
    title = next(column.title for column in COLUMNS if column.name == name)
    return Text(f"{where.zh} › {title.zh}", f"{where.en} › {title.en}")


def _status(cell: Any) -> str | None:
    text = text_of(cell)
    if text and text.casefold() not in SPOKEN:
        raise Unreadable
    return SPOKEN.get(text.casefold())


_CELLS = (
    ("status", _status, BAD_STATUS),
    ("rectified_on", day, BAD_DATE),
    ("amount", yuan, BAD_AMOUNT),
)
