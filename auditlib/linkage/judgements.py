"""What people decided about pairs of records: read back from review.xlsx and judgements.csv, outranking the model.

``review.xlsx`` is filled in by hand and written anew by the next run; ``judgements.csv`` is a ledger: a line a judgement,
only ever appended to, by any number of people at once.

A decision is about what the two records say, not about where they stand: it is found again in the next delivery and
the next term, and lapses as soon as a name, a number, a birth date or the school of the record changes.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import LANGUAGES, Text
from auditlib.base.ledger import FLOATED, cell, moment, plain, where
from auditlib.base.locking import append_whole
from auditlib.base.masking import scrub
from auditlib.spreadsheets import Refused, read_values

FILE, LEDGER = "review.xlsx", "judgements.csv"
LINE = ("judged_at", "judged_by", "pair", "decision")
WITHDRAWN = "withdrawn"
SAME, DIFFERENT, CANNOT_TELL = "same", "different", "cannot_tell"
CHOICES: Mapping[str, Text] = {
    SAME: Text("同一人", "same"),
    DIFFERENT: Text("不是同一人", "different"),
    CANNOT_TELL: Text("无法判断", "cannot tell"),
}
PAIR = Text("记录对编号", "Pair")
TO_FILL: Mapping[str, Text] = {
    "decision": Text("判断", "Decision"),
    "judged_by": Text("判断人", "Decided by"),
    "judged_on": Text("判断日期", "Decided on"),
}
SPOKEN = {text.into(language): code for code, text in CHOICES.items() for language in LANGUAGES} | {
    c: c for c in CHOICES
}
TITLES = {
    text.into(language): name for name, text in {"pair": PAIR, **TO_FILL}.items() for language in LANGUAGES
}
OF_RECORD = ("table", "name", "id_number", "id_kept", "student_no", "birth", "school", "former_school")
OF_PUPIL = ("name", "id_number", "id_kept", "student_no", "birth")
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
NOT_TEXT = (
    Text("判断记录的编码无法识别", "The encoding of the ledger of judgements is not known"),
    Text(
        "请在 Excel 中另存为“CSV UTF-8（逗号分隔）”，或从备份恢复",
        "Save it as “CSV UTF-8 (comma delimited)” in Excel, or restore it from a copy",
    ),
)
BAD_TIME = (
    Text("判断记录的时间无法识别", "A time in the ledger of judgements cannot be read"),
    Text(
        "judged_at 请写为 2021-01-05 或 2021-01-05T09:30:00",
        "Write judged_at as 2021-01-05 or 2021-01-05T09:30:00",
    ),
)
BAD_PAIR = (
    Text(
        "判断记录的 pair 被表格软件改成了数字",
        "A spreadsheet has turned a pair of the ledger of judgements into a number",
    ),
    Text(
        "请从备份恢复这一行；打开 CSV 时把这一列设为文本",
        "Restore the line from a copy; open the CSV with this column as text",
    ),
)
SCHEMA = dict.fromkeys(("pair", "decision", "judged_by", "judged_on"), "string")


@dataclass(frozen=True)
class Judgement:
    """One judgement: ``pair`` (see :func:`pair_key`), ``decision`` (a key of CHOICES), by whom and when."""

    pair: str
    decision: str
    judged_by: str = ""
    judged_on: str = ""


def content(rows: ir.Table, fields: Iterable[str]) -> ir.StringValue:
    """A digest of what a record says of its person."""
    field_texts: ir.StringValue = ibis.literal("")
    for field in fields:
        field_texts = field_texts + "|" + rows[field].fill_null("")
    return field_texts.hexdigest("sha256")


def pair_key(of_record: ir.StringValue, of_pupil: ir.StringValue) -> ir.StringValue:
    """The name of a pair, the same as long as both records say the same."""
    return (of_record + of_pupil).hexdigest("sha256").substr(0, 20)


def read_judgements(folders: Iterable[Path], language: str = "zh") -> list[Judgement]:
    """The decisions in the review.xlsx and judgements.csv of ``folders``, one a pair: the latest, else of the later folder.

    One that was withdrawn is none. Raises AuditError naming the cells for a decision that is none of CHOICES.
    """
    problems: list[Problem] = []
    all_lines = [
        judgement
        for folder in folders
        for judgement in (*_last(_read(folder / FILE, problems)), *_last(read_ledger(folder, problems)))
    ]
    if problems:
        raise AuditError(problems, language)
    in_order = sorted(all_lines, key=lambda judgement: judgement.judged_on)
    latest = {judgement.pair: judgement for judgement in in_order}
    return [latest[pair] for pair in sorted(latest) if latest[pair].decision != WITHDRAWN]


def _last(lines: Iterable[Judgement]) -> Iterable[Judgement]:
    """The last line on each pair: in one ledger it is the order that tells what holds, not the clock."""
    return {judgement.pair: judgement for judgement in lines}.values()


def record(folder: Path, pair: str, decision: str, judged_by: str, at: dt.datetime) -> None:
    """One judgement (a key of CHOICES, or WITHDRAWN) at the end of the folder's ledger, written at once.

    A line is one write at the end of the file: two people's lines never mix, and none is lost. The line is in the
    encoding of those before it. Raises OSError where the ledger cannot be written.
    """
    assert decision in (*CHOICES, WITHDRAWN), decision
    file = folder / LEDGER
    ledger_bytes = file.read_bytes() if file.exists() else b""
    encoding = _encoding(ledger_bytes) or "utf-8"
    ends = "" if not ledger_bytes or ledger_bytes.endswith((b"\n", b"\r")) else "\r\n"
    line = (at.isoformat(timespec="seconds"), cell(judged_by), pair, decision)
    append_whole(file, "\ufeff".encode() + _as_line(LINE), (ends + _as_line(line).decode()).encode(encoding))


def _as_line(cells: tuple[str, ...]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def _encoding(content: bytes) -> str | None:
    """UTF-8, or GB18030, in which a spreadsheet saves in China; None for what is neither."""
    for encoding in ("utf-8", "gb18030"):
        try:
            if "\0" not in content.decode(encoding):
                return encoding
        except UnicodeDecodeError:
            continue
    return None


def read_ledger(folder: Path, problems: list[Problem]) -> list[Judgement]:
    """Every line of the folder's ledger, in order; lines that are none become ``problems``."""
    file = folder / LEDGER
    ledger_bytes = _bytes_of(file, problems)
    if ledger_bytes is None:
        return []
    encoding = _encoding(ledger_bytes)
    if encoding is None:
        problems.append(Problem(NOT_TEXT[0], _place(file), NOT_TEXT[1]))
        return []
    judgements = []
    lines = csv.reader(io.StringIO(ledger_bytes.decode(encoding), newline=""))
    try:
        for number, cells in enumerate(lines, start=1):
            line = tuple(plain(text.strip().lstrip("\ufeff")) for text in cells)
            if not any(line) or line == LINE:  # two who began the ledger at once wrote its head twice
                continue
            if len(line) != len(LINE) or line[3] not in (*CHOICES, WITHDRAWN):
                answer = line[3] if len(line) == len(LINE) else ""
                problems.append(_unknown(f"{file.parent.name}/{file.name} › {number}", answer))
            elif (time := moment(line[0])) is None or FLOATED.match(line[2]):
                what, remedy = BAD_TIME if time is None else BAD_PAIR
                problems.append(Problem(what, where(file, number), remedy))
            else:
                judgements.append(Judgement(line[2], line[3], line[1], time))
    except csv.Error:
        problems.append(_unknown(f"{file.parent.name}/{file.name} › {lines.line_num}", ""))
    return judgements


def _bytes_of(file: Path, problems: list[Problem]) -> bytes | None:
    """What the file holds; None where there is none, or where it cannot be read, which is a problem."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        problems.append(Problem(NO_FILE[0], _place(file), NO_FILE[1]))
        return None


def _place(file: Path) -> Text:
    return Text(f"{file.parent.name}/{file.name}", f"{file.parent.name}/{file.name}")


def _read(file: Path, problems: list[Problem]) -> list[Judgement]:
    workbook_bytes = _bytes_of(file, problems)
    if workbook_bytes is None:
        return []
    try:
        book = _book(workbook_bytes)
    except Refused as refused:
        problems.append(Problem(refused.what, _place(file), NO_FILE[1]))
        return []
    headers = {name: _header(rows) for name, rows in book}
    if not any(headers.values()):
        problems.append(Problem(NO_HEADER[0], _place(file), NO_HEADER[1]))
    judgements: list[Judgement] = []
    for name, rows in book:
        header = headers[name]
        if header:
            judgements += _sheet(file, name, rows, header, problems)
        elif any(_spoken(cell) for row in rows for cell in row) and any(headers.values()):
            problems.append(Problem(NO_HEADER[0], Text(*[f"{_place(file).zh} › {name}"] * 2), NO_HEADER[1]))
    return judgements


@lru_cache(maxsize=4)
def _book(content: bytes) -> list[tuple[str, list[list[Any]]]]:
    """A workbook is asked for several times a run, and by a workbench with every click."""
    return read_values(content)


def _normal(cell: object) -> str:
    """A title or word for comparison: whatever blanks or width a spreadsheet or a hand has given it."""
    return "".join(unicodedata.normalize("NFKC", str(cell)).split()).casefold()


_TITLES = {_normal(title): name for title, name in TITLES.items()}
_SPOKEN = {_normal(word): code for word, code in SPOKEN.items()}


def _spoken(cell: object) -> str | None:
    return _SPOKEN.get(_normal(cell)) if isinstance(cell, str) else None


def _header(rows: list[list[Any]]) -> tuple[int, dict[str, int]] | None:
    """The row in which the titles stand, and where; None where there is no such row."""
    for number, row in enumerate(rows):
        places = {
            _TITLES[_normal(cell)]: at for at, cell in enumerate(row) if cell and _normal(cell) in _TITLES
        }
        if {"pair", *TO_FILL} <= places.keys():
            return number, places
    return None


def _sheet(
    file: Path, sheet: str, rows: list[list[Any]], header: tuple[int, dict[str, int]], problems: list[Problem]
) -> list[Judgement]:
    first, places = header
    judgements = []
    for number, row in enumerate(rows[first + 1 :], start=first + 2):
        answers = {name: _text(row[at]) for name, at in places.items() if at < len(row)}
        if not answers.get("decision") or _normal(answers["decision"]) == _normal(
            rows[first][places["decision"]]
        ):
            continue
        where, code = f"{file.parent.name}/{file.name} › {sheet} › {number}", _spoken(answers["decision"])
        if not answers.get("pair") or isinstance(row[places["pair"]], (int, float)):
            problems.append(_nameless(where))
        elif code is None:
            problems.append(_unknown(where, answers["decision"]))
        else:
            judgements.append(
                Judgement(answers["pair"], code, answers.get("judged_by", ""), answers.get("judged_on", ""))
            )
    return judgements


def _text(cell: Any) -> str:
    """A cell as text; a date as the spreadsheet means it."""
    return cell.isoformat()[:10] if hasattr(cell, "isoformat") else str(cell).strip()


def _nameless(where: str) -> Problem:
    """Without the pair's name a judgement is about nobody; a spreadsheet cuts one of digits alone."""
    return Problem(
        Text(
            "该行填了判断，但记录对编号为空或被电子表格改成了数字",
            "The row has a decision, but its pair is empty or was made a number by the spreadsheet",
        ),
        Text(f"{where} › {PAIR.zh}", f"{where} › {PAIR.en}"),
        Text(
            "请将该单元格设为文本格式，从原表复制编号",
            "Format the cell as text and copy it from the original sheet",
        ),
    )


def _unknown(where: str, answer: str) -> Problem:
    allowed = [" / ".join(text.into(language) for text in CHOICES.values()) for language in LANGUAGES]
    return Problem(
        Text(f"复核判断“{scrub(answer)[:20]}”不可识别", f"The decision “{scrub(answer)[:20]}” is not known"),
        Text(where, where),
        Text(f"请填写：{allowed[0]}", f"Enter one of: {allowed[1]}"),
    )
