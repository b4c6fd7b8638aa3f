"""What people decided about pairs of records: read back from review.xlsx and judgements.csv, outranking the model.

``review.xlsx`` is filled in by hand and written anew by the next run; ``judgements.csv`` is a ledger: a line a judgement,
only ever appended to, by any number of people at once.

A decision is about what the two records say, not about where they stand: it is found again in the next delivery and
the next term, and lapses as soon as a name, a number, a birth date or the school of the record changes.
"""

from __future__ import annotations

import datetime as dt
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
from auditlib.base.ledger import Ledger
from auditlib.base.masking import scrub
from auditlib.spreadsheets import Refused, read_values

FILE = "review.xlsx"
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
LEDGER = Ledger(
    "judgements.csv",
    ("judged_at", "judged_by", "pair", "decision"),
    Text("判断记录", "the ledger of judgements"),
    time="judged_at",
    key="pair",
    origin=FILE,
    choice="decision",
    choices=(*CHOICES, WITHDRAWN),
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
        for judgement in (*_last(_read(folder / FILE, problems)), *_last(_in_ledger(folder, problems)))
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

    Raises OSError where the ledger cannot be written, AuditError where it is no text.
    """
    assert decision in LEDGER.choices, decision
    time = at.isoformat(timespec="seconds")
    LEDGER.add(folder, {"judged_at": time, "judged_by": judged_by, "pair": pair, "decision": decision})


def _in_ledger(folder: Path, problems: list[Problem]) -> list[Judgement]:
    """Every line of the folder's ledger, in order; lines that are none become ``problems``."""
    try:
        rows = LEDGER.read(folder)
    except AuditError as refused:
        problems += refused.problems
        return []
    return [Judgement(row["pair"], row["decision"], row["judged_by"], row["judged_at"]) for row in rows]


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
