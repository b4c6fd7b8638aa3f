"""Ledgers: CSV files to whose end lines are added and nothing else. One way to read them, whatever a spreadsheet has made
of them, and one way to add to them, by several people at once.

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
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.locking import NoLocks, alone, one_at_a_time, write_at_end
from auditlib.base.owners import open_private

FORMULA = ("=", "+", "-", "@")
_BOM = "\ufeff"
CUT = "\ufffd"  # stands for what is left of a character
_SPREADSHEET_DAY = re.compile(r"^(\d{4})/(\d{1,2})/(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$")
_FLOATED_PATTERN = re.compile(r"^\d(?:\.\d+)?E\+\d+$")  # what a spreadsheet makes of digits

NOT_TEXT = (
    Text("{ledger}的编码无法识别", "the encoding of {ledger} is not known"),
    Text(
        "请在 Excel 中另存为“CSV UTF-8（逗号分隔）”，或从备份恢复",
        "save it as “CSV UTF-8 (comma delimited)” in Excel, or restore it from a copy",
    ),
)
OTHER_COLUMNS = (
    Text("{ledger}列名不对", "{ledger} has other columns"),
    Text("第 1 行应为：{columns}", "line 1 has to be: {columns}"),
)
CUT_OFF = (
    Text(
        "{ledger}这一行不完整（可能写入中断）", "a line of {ledger} is cut off (writing may have broken off)"
    ),
    Text(
        "请从备份恢复，或把这一行补成 {count} 列；若该决定已重新记录，可删去这一行",
        "restore it from a copy, or complete the line to {count} columns; delete it only if the decision was recorded again",
    ),
)
BAD_QUOTES = (
    Text("{ledger}的引号不成对", "the quotes in {ledger} do not match"),
    Text(
        "请从备份恢复，或检查这一行及上一行的英文双引号",
        "restore it from a copy, or look at the double quotes of this line and the one above",
    ),
)
TOO_LONG = (
    Text("{ledger}这一行多出内容", "a line of {ledger} holds too much"),
    Text(
        "应为 {count} 列；内容中有逗号的，请用英文双引号括起",
        "it has {count} columns; put double quotes around what holds a comma",
    ),
)
BAD_CHOICE = (
    Text("{ledger} {choice} 的值不认识", "{ledger} has an unknown {choice}"),
    Text("应为：{choices}", "allowed: {choices}"),
)
BAD_TIME = (
    Text("{ledger}的时间无法识别", "a time in {ledger} cannot be read"),
    Text(
        "{time} 请写为 2021-01-05 或 2021-01-05T09:30:00",
        "write {time} as 2021-01-05 or 2021-01-05T09:30:00",
    ),
)
BAD_KEY = (
    Text("{ledger}的 {key} 已缺失或被改动", "a {key} of {ledger} is missing or was altered"),
    Text(
        "表格软件会把它变成数字；请从 {origin} 或备份复制原编号",
        "spreadsheets turn it into a number; copy it from {origin} or from a copy of the ledger",
    ),
)
IN_USE = (
    Text("{ledger}正被别的程序占用", "another program holds {ledger}"),
    Text(
        "请关闭打开它的 Excel 等程序，确认文件夹可写，再试一次；文件没有改动",
        "close Excel or whatever has it open, see that the folder can be written to, and try again; nothing was changed",
    ),
)
A_FOLDER = (
    Text("{ledger}应是文件，这里却是文件夹", "there is a folder where {ledger} should be"),
    Text(
        "请移走或改名这个文件夹；原来的记录请从备份恢复",
        "move the folder away, or give it another name; restore the ledger from a copy",
    ),
)
NO_LOCKS = (
    Text(
        "{ledger}所在的磁盘不能加锁，两人同时写会互相覆盖",
        "{ledger} is on a drive without locks, where two people would write over each other",
    ),
    Text(
        "请把输出文件夹（output_dir）放到本机磁盘或支持文件锁的共享盘，再试一次；文件没有改动",
        "put the output folder (output_dir) on a local drive, or a shared one with file locks, and try again; nothing was changed",
    ),
)

Row = dict[str, str]
Refusal = tuple[Text, Text]


class _Lines(Protocol):
    """What ``csv.reader`` gives."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


@dataclass(frozen=True)
class Ledger:
    """A ledger: its file in a run's folder, its columns, what people call it, and what a line has to hold.

    ``time``: the column of the day or time, ISO, what Excel makes of one turned back. ``key``: the column that says what a
    line is about, never empty nor made a number; ``origin``: the file in which it can be looked up. ``choice``: the column
    of one of ``choices``. Where one of them is empty, nothing is asked of it.
    """

    file: str
    columns: tuple[str, ...]
    title: Text
    time: str = ""
    key: str = ""
    origin: str = ""
    choice: str = ""
    choices: tuple[str, ...] = ()

    def read(self, folder: Path) -> list[Row]:
        """The rows of the ledger in ``folder`` as they stand, in order; none where there is no ledger.

        UTF-8 with one byte-order mark, several or none, and what Excel saves in China (GBK, ``2021/1/5``) are read.
        Raises AuditError with file, line and remedy for everything that cannot be.
        """
        file = folder / self.file
        try:
            with file.open("rb", buffering=0) as open_file, alone(open_file, shared=True):
                ledger_bytes = content(open_file)
        except FileNotFoundError:
            return []
        except (PermissionError, IsADirectoryError, TimeoutError, NoLocks) as error:
            raise self._kept_out(file, error) from None
        return self.parsed(ledger_bytes, file)

    def parsed(self, content: bytes, file: Path) -> list[Row]:
        """The rows in ``content``; ``file`` is what a problem is said to be in."""
        text, _encoding = self._decoded(content, file)
        lines = csv.reader(io.StringIO(text.lstrip(_BOM), newline=""), strict=True)
        problems: list[Problem] = []
        rows: list[Row] = []
        try:
            rows.extend(self._rows(lines, file, problems))
        except csv.Error:
            problems.append(self._problem(BAD_QUOTES, file, lines.line_num))
        if problems:
            raise AuditError(problems)
        return rows

    def _rows(self, lines: _Lines, file: Path, problems: list[Problem]) -> Iterator[Row]:
        """Each line that can be taken; what others are is added to ``problems``."""
        header = [cell.strip().lstrip(_BOM) for cell in next(lines, list(self.columns))]
        while header and not header[-1]:
            header.pop()
        if tuple(header) != self.columns:
            problems.append(self._problem(OTHER_COLUMNS, file, 1))
            return
        number = 1
        for cells in lines:
            number, first = lines.line_num, number + 1
            texts = [plain(text) for text in cells]
            if any(texts) and tuple(texts) != self.columns:  # a second header: two ledgers were put together
                fault = self._fault(texts)
                if fault:
                    problems.append(self._problem(fault, file, first))
                else:
                    row = dict(zip(self.columns, texts, strict=False))
                    yield row | ({self.time: str(moment(row[self.time]))} if self.time else {})

    def _fault(self, cells: Sequence[str]) -> Refusal | None:
        """What is wrong with a line, if anything is."""
        if len(cells) < len(self.columns) or CUT in cells[-1]:
            return CUT_OFF
        if any(cells[len(self.columns) :]):
            return TOO_LONG
        row = dict(zip(self.columns, cells, strict=False))
        if self.time and moment(row[self.time]) is None:
            return BAD_TIME
        if self.key and (not row[self.key] or _FLOATED_PATTERN.match(row[self.key])):
            return BAD_KEY
        return BAD_CHOICE if self.choice and row[self.choice] not in self.choices else None

    def _problem(self, refusal: Refusal, file: Path, line: int | None = None) -> Problem:
        columns, choices = ",".join(self.columns), ", ".join(self.choices)
        what, remedy = (
            text.fill(
                ledger=self.title, columns=columns, count=len(self.columns), choices=choices, choice=self.choice,
                time=self.time, key=self.key, origin=self.origin,
            )
            for text in refusal
        )  # fmt: skip
        return Problem(what, where(file, line), remedy)

    def _kept_out(self, file: Path, error: Exception) -> AuditError:
        refusal = NO_LOCKS if isinstance(error, NoLocks) else A_FOLDER if file.is_dir() else IN_USE
        return AuditError(self._problem(refusal, file))

    def _decoded(self, content: bytes, file: Path) -> tuple[str, str]:
        """The text and its encoding. A character cut off at the very end is a cut-off line, not another encoding."""
        for encoding in ("utf-8", "gb18030"):
            decoder = codecs.getincrementaldecoder(encoding)()
            try:
                text = decoder.decode(content)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return text + (CUT if decoder.getstate()[0] else ""), encoding
        raise AuditError(self._problem(NOT_TEXT, file))

    def as_text(self, rows: Iterable[Row], *, header: bool) -> str:
        """Rows as the lines of a ledger; nothing that a spreadsheet would run as a formula, one line each."""
        text = io.StringIO()
        writer = csv.writer(text)
        if header:
            writer.writerow(self.columns)
        writer.writerows([[cell(row[name]) for name in self.columns] for row in rows])
        return text.getvalue()

    def as_bytes(self, rows: Iterable[Row]) -> bytes:
        """A whole ledger of ``rows``."""
        return (_BOM + self.as_text(rows, header=True)).encode("utf-8")

    @contextmanager
    def opened_alone(self, folder: Path) -> Iterator[BinaryIO]:
        """The ledger of ``folder``, made where there is none, open to be read and appended to by nobody else meanwhile."""
        file = folder / self.file
        try:
            with open_private(file, "a+b", buffering=0) as open_file, alone(open_file):
                if _is_still_there(open_file, file):
                    yield open_file
                    return
            with self.opened_alone(
                folder
            ) as again:  # somebody has put another file in its place while we waited
                yield again
        except (PermissionError, IsADirectoryError, TimeoutError, NoLocks) as error:
            raise self._kept_out(file, error) from None

    def append(self, open_file: BinaryIO, rows: Sequence[Row], file: Path) -> None:
        """``rows`` behind what stands in ``open_file``, all of them on the disk or none; in its own encoding.

        A last line without its end gets one, so that it and the next stay two lines.
        """
        ledger_bytes = content(open_file)
        if not ledger_bytes:
            write_at_end(open_file, self.as_bytes(rows))
        elif rows:
            ends = "" if ledger_bytes.endswith((b"\n", b"\r")) else "\r\n"
            text = ends + self.as_text(rows, header=False)
            write_at_end(open_file, text.encode(self._decoded(ledger_bytes, file)[1]))

    def add(self, folder: Path, *rows: Row) -> None:
        """``rows`` at the end of the ledger of ``folder``, whatever stands there: for lines that hang on no other.

        Unlike what is chosen by the lines that stand, it is written where there are no locks, too: one write at the end of
        a file is still one. Raises OSError where the disk refuses, AuditError where the file is no text.
        """
        file = folder / self.file
        with open_private(file, "a+b", buffering=0) as open_file, one_at_a_time(open_file):
            self.append(open_file, rows, file)


def where(file: Path, line: int | None = None) -> Text:
    """The address of a line of a ledger."""
    place = f"{file.parent.name}/{file.name}"
    return Text(f"{place} › 第 {line} 行", f"{place} › line {line}") if line else Text(place, place)


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


def cell(text: str) -> str:
    """One line, and text to every spreadsheet; :func:`plain` takes the apostrophe away again."""
    line = " ".join(str(text).split())
    return f"'{line}" if line.startswith(FORMULA) else line


def plain(text: str) -> str:
    """A cell as it was meant: one line, without what :func:`cell` put before it."""
    line = " ".join(text.replace(_BOM, "").split())
    return line[1:] if line.startswith("'") and line[1:].startswith(FORMULA) else line


def _is_still_there(open_file: BinaryIO, file: Path) -> bool:
    return file.exists() and os.path.samestat(os.fstat(open_file.fileno()), file.stat())


def content(open_file: BinaryIO) -> bytes:
    """All bytes of an open ledger."""
    open_file.seek(0)
    return open_file.read()
