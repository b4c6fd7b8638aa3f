"""dispositions.csv as a file: read whatever a spreadsheet has made of it, appended to by several at once.

Nothing in here changes a line that stands. What cannot be read is refused with its line and what to do; it is never
passed over, for a decision that is overlooked is a decision that is lost.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.locking import NoLocks, alone
from auditlib.base.owners import open_private

FILE = "dispositions.csv"
COLUMNS = ("decided_at", "decided_by", "finding_id", "status", "cause", "amount", "evidence", "note")
STATUSES = ("confirmed", "cleared", "rectified", "closed")
WITHDRAWN = "withdrawn"  # takes back what was decided: the finding is pending again
FORMULA = ("=", "+", "-", "@")
_BOM = "\ufeff"
CUT = "\ufffd"  # stands for what is left of a character
_SPREADSHEET_DAY = re.compile(r"^(\d{4})/(\d{1,2})/(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$")
FLOATED = re.compile(r"^\d(?:\.\d+)?E\+\d+$")  # what a spreadsheet makes of digits

NOT_TEXT = (
    Text("处理记录的编码无法识别", "the encoding of the ledger of decisions is not known"),
    Text(
        "请在 Excel 中另存为“CSV UTF-8（逗号分隔）”，或从备份恢复",
        "save it as “CSV UTF-8 (comma delimited)” in Excel, or restore it from a copy",
    ),
)
OTHER_COLUMNS = (
    Text("处理记录列名不对", "the ledger of decisions has other columns"),
    Text("第 1 行应为：{columns}", "line 1 has to be: {columns}"),
)
CUT_OFF = (
    Text(
        "处理记录这一行不完整（可能写入中断）",
        "a line of the ledger of decisions is cut off (writing may have broken off)",
    ),
    Text(
        "请从备份恢复，或把这一行补成 {count} 列；若该决定已重新记录，可删去这一行",
        "restore it from a copy, or complete the line to {count} columns; delete it only if the decision was recorded again",
    ),
)
BAD_QUOTES = (
    Text("处理记录的引号不成对", "the quotes in the ledger of decisions do not match"),
    Text(
        "请从备份恢复，或检查这一行及上一行的英文双引号",
        "restore it from a copy, or look at the double quotes of this line and the one above",
    ),
)
TOO_LONG = (
    Text("处理记录这一行多出内容", "a line of the ledger of decisions holds too much"),
    Text(
        "应为 {count} 列；内容中有逗号的，请用英文双引号括起",
        "it has {count} columns; put double quotes around what holds a comma",
    ),
)
BAD_STATUS = (
    Text("处理记录 status 的值不认识", "the ledger of decisions has an unknown status"),
    Text("应为：{statuses}", "allowed: {statuses}"),
)
BAD_TIME = (
    Text("处理记录的时间无法识别", "a time in the ledger of decisions cannot be read"),
    Text(
        "decided_at 请写为 2021-01-05 或 2021-01-05T09:30:00",
        "write decided_at as 2021-01-05 or 2021-01-05T09:30:00",
    ),
)
BAD_ID = (
    Text(
        "处理记录的 finding_id 已缺失或被改动",
        "a finding_id of the ledger of decisions is missing or was altered",
    ),
    Text(
        "表格软件会把它变成数字；请从 findings.xlsx 或备份复制原编号",
        "spreadsheets turn it into a number; copy it from findings.xlsx or from a copy of the ledger",
    ),
)
IN_USE = (
    Text("处理记录正被别的程序占用", "another program holds the ledger of decisions"),
    Text(
        "请关闭打开它的 Excel 等程序，确认文件夹可写，再试一次；文件没有改动",
        "close Excel or whatever has it open, see that the folder can be written to, and try again; nothing was changed",
    ),
)
A_FOLDER = (
    Text("处理记录应是文件，这里却是文件夹", "there is a folder where the ledger of decisions should be"),
    Text(
        "请移走或改名这个文件夹；原来的记录请从备份恢复",
        "move the folder away, or give it another name; restore the ledger from a copy",
    ),
)
NO_LOCKS = (
    Text(
        "处理记录所在的磁盘不能加锁，两人同时写会互相覆盖",
        "the ledger of decisions is on a drive without locks, where two people would write over each other",
    ),
    Text(
        "请把输出文件夹（output_dir）放到本机磁盘或支持文件锁的共享盘，再试一次；文件没有改动",
        "put the output folder (output_dir) on a local drive, or a shared one with file locks, and try again; nothing was changed",
    ),
)

Row = dict[str, str]


class _Lines(Protocol):
    """What ``csv.reader`` gives."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


def where(file: Path, line: int | None = None) -> Text:
    """The address of a line of a ledger."""
    place = f"{file.parent.name}/{file.name}"
    return Text(f"{place} › 第 {line} 行", f"{place} › line {line}") if line else Text(place, place)


def read_ledger(folder: Path) -> list[Row]:
    """The rows of the ledger in ``folder`` as they stand; none where there is no ledger.

    UTF-8 with one byte-order mark, several or none, and what Excel saves in China (GBK, ``2021/1/5``) are read.
    Raises AuditError with file, line and remedy for everything that cannot be.
    """
    file = folder / FILE
    try:
        with file.open("rb", buffering=0) as ledger, alone(ledger, shared=True):
            ledger_bytes = content(ledger)
    except FileNotFoundError:
        return []
    except (PermissionError, IsADirectoryError, TimeoutError, NoLocks) as error:
        raise _kept_out(file, error) from None
    return parsed(ledger_bytes, file)


def _kept_out(file: Path, error: Exception) -> AuditError:
    what, remedy = NO_LOCKS if isinstance(error, NoLocks) else A_FOLDER if file.is_dir() else IN_USE
    return AuditError(Problem(what, where(file), remedy))


def parsed(content: bytes, file: Path) -> list[Row]:
    """The rows in ``content``; ``file`` is what a problem is said to be in."""
    text, _encoding = _decoded(content, file)
    lines = csv.reader(io.StringIO(text.lstrip(_BOM), newline=""), strict=True)
    problems: list[Problem] = []
    rows: list[Row] = []
    try:
        rows.extend(_rows(lines, file, problems))
    except csv.Error:
        _refuse(problems, BAD_QUOTES, file, lines.line_num)
    if problems:
        raise AuditError(problems)
    return rows


def _rows(lines: _Lines, file: Path, problems: list[Problem]) -> Iterator[Row]:
    """Each line that is a decision; what others are is added to ``problems``."""
    header = [cell.strip().lstrip(_BOM) for cell in next(lines, list(COLUMNS))]
    while header and not header[-1]:
        header.pop()
    if tuple(header) != COLUMNS:
        _refuse(problems, OTHER_COLUMNS, file, 1)
        return
    number = 1
    for cells in lines:
        number, first = lines.line_num, number + 1
        texts = [plain(text) for text in cells]
        if any(texts) and tuple(texts) != COLUMNS:  # a second header: two ledgers were put together
            fault = _fault(texts)
            if fault:
                _refuse(problems, fault, file, first)
            else:
                row = dict(zip(COLUMNS, texts, strict=False))
                yield row | {"decided_at": str(moment(row["decided_at"]))}


def _fault(cells: Sequence[str]) -> tuple[Text, Text] | None:
    """What is wrong with a line, if anything is."""
    if len(cells) < len(COLUMNS) or CUT in cells[-1]:
        return CUT_OFF
    if any(cells[len(COLUMNS) :]):
        return TOO_LONG
    row = dict(zip(COLUMNS, cells, strict=False))
    if moment(row["decided_at"]) is None:
        return BAD_TIME
    if not row["finding_id"] or FLOATED.match(row["finding_id"]):
        return BAD_ID
    return None if row["status"] in (*STATUSES, WITHDRAWN) else BAD_STATUS


def _refuse(problems: list[Problem], refusal: tuple[Text, Text], file: Path, line: int) -> None:
    remedy = refusal[1].fill(
        columns=",".join(COLUMNS), statuses=", ".join((*STATUSES, WITHDRAWN)), count=len(COLUMNS)
    )
    problems.append(Problem(refusal[0], where(file, line), remedy))


def moment(text: str) -> str | None:
    """``text`` if it is an ISO day or time, what Excel makes of one turned back; else None."""
    match = _SPREADSHEET_DAY.match(text)
    try:
        if match is None:
            dt.datetime.fromisoformat(text)
            return text
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        moment = dt.datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    return moment.isoformat() if match.group(4) else moment.date().isoformat()


def _decoded(content: bytes, file: Path) -> tuple[str, str]:
    """The text and its encoding. A character cut off at the very end is a cut-off line, not another encoding."""
    for encoding in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            text = decoder.decode(content)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text + (CUT if decoder.getstate()[0] else ""), encoding
    raise AuditError(Problem(NOT_TEXT[0], where(file), NOT_TEXT[1]))


def ledger_text(rows: Iterable[Row], *, header: bool) -> str:
    """Rows as the lines of a ledger; nothing that a spreadsheet would run as a formula, one line a decision."""
    text = io.StringIO()
    writer = csv.writer(text)
    if header:
        writer.writerow(COLUMNS)
    writer.writerows([[cell(row[name]) for name in COLUMNS] for row in rows])
    return text.getvalue()


def as_bytes(rows: Iterable[Row]) -> bytes:
    """A whole ledger of ``rows``."""
    return (_BOM + ledger_text(rows, header=True)).encode("utf-8")


def cell(text: str) -> str:
    """One line, and text to every spreadsheet; :func:`plain` takes the apostrophe away again."""
    line = " ".join(str(text).split())
    return f"'{line}" if line.startswith(FORMULA) else line


def plain(text: str) -> str:
    """A cell as it was meant: one line, without what :func:`cell` put before it."""
    line = " ".join(text.replace(_BOM, "").split())
    return line[1:] if line.startswith("'") and line[1:].startswith(FORMULA) else line


@contextmanager
def opened_alone(folder: Path) -> Iterator[BinaryIO]:
    """The ledger of ``folder``, made where there is none, open to be read and appended to by nobody else meanwhile."""
    file = folder / FILE
    try:
        with open_private(file, "a+b", buffering=0) as ledger, alone(ledger):
            if _still_there(ledger, file):
                yield ledger
                return
        with opened_alone(folder) as again:  # somebody has put another file in its place while we waited
            yield again
    except (PermissionError, IsADirectoryError, TimeoutError, NoLocks) as error:
        raise _kept_out(file, error) from None


def _still_there(ledger: BinaryIO, file: Path) -> bool:
    return file.exists() and os.path.samestat(os.fstat(ledger.fileno()), file.stat())


def append(ledger: BinaryIO, rows: Sequence[Row], file: Path) -> None:
    """``rows`` behind what stands in the open ``ledger``, all of them on the disk or none; in its own encoding.

    A last line without its end gets one, so that it and the next decision stay two lines.
    """
    ledger_bytes = content(ledger)
    if not ledger_bytes:
        _write_all(ledger, as_bytes(rows), 0)
    elif rows:
        ends = "" if ledger_bytes.endswith((b"\n", b"\r")) else "\r\n"
        text = ends + ledger_text(rows, header=False)
        _write_all(ledger, text.encode(_decoded(ledger_bytes, file)[1]), len(ledger_bytes))


def carry_over(previous: Iterable[Path], folder: Path) -> None:
    """The rows of earlier runs' ledgers that the ledger of ``folder`` does not hold yet, appended run by run.

    Not those on a finding on which somebody has decided in ``folder``: at the end an older decision would hold. The
    ledger is made where there is none; what stands there is never changed.
    """
    earlier = [row for run in previous for row in read_ledger(run)]
    with opened_alone(folder) as ledger:
        own_rows = parsed(content(ledger), folder / FILE)
        decided = {row["finding_id"] for row in own_rows}
        fresh = {tuple(row.values()): row for row in earlier if row["finding_id"] not in decided}
        append(ledger, list(fresh.values()), folder / FILE)


def _write_all(ledger: BinaryIO, more: bytes, size: int) -> None:
    try:
        if ledger.write(more) != len(more):
            raise OSError("short write")
        os.fsync(ledger.fileno())
    except OSError:
        ledger.truncate(size)
        raise


def content(ledger: BinaryIO) -> bytes:
    """All bytes of an open ledger."""
    ledger.seek(0)
    return ledger.read()
