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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import LANGUAGES, Text
from auditlib.base.locking import append_whole

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
SCHEMA = dict.fromkeys(("pair", "decision", "judged_by", "judged_on"), "string")


@dataclass(frozen=True)
class Decision:
    """One judgement: ``pair`` (see :func:`pair_key`), ``decision`` (a key of CHOICES), by whom and when."""

    pair: str
    decision: str
    judged_by: str = ""
    judged_on: str = ""


def content(rows: ir.Table, fields: Iterable[str]) -> ir.StringValue:
    """A digest of what a record says of its person."""
    told: ir.StringValue = ibis.literal("")
    for field in fields:
        told = told + "|" + rows[field].fill_null("")
    return told.hexdigest("sha256")


def pair_key(of_record: ir.StringValue, of_pupil: ir.StringValue) -> ir.StringValue:
    """The name of a pair, the same as long as both records say the same."""
    return (of_record + of_pupil).hexdigest("sha256").substr(0, 20)


def read_decisions(folders: Iterable[Path], language: str = "zh") -> list[Decision]:
    """The decisions in the review.xlsx and judgements.csv of ``folders``, one a pair: the latest, else of the later folder.

    One that was withdrawn is none. Raises AuditError naming the cells for a decision that is none of CHOICES.
    """
    problems: list[Problem] = []
    told = [
        found
        for folder in folders
        for found in (*_read(folder / FILE, problems), *read_ledger(folder, problems))
    ]
    if problems:
        raise AuditError(problems, language)
    in_order = sorted(told, key=lambda decision: decision.judged_on)
    latest = {decision.pair: decision for decision in in_order}
    return [latest[pair] for pair in sorted(latest) if latest[pair].decision != WITHDRAWN]


def record(folder: Path, pair: str, decision: str, judged_by: str, at: dt.datetime) -> None:
    """One judgement (a key of CHOICES, or WITHDRAWN) at the end of the folder's ledger, written at once.

    A line is one write at the end of the file: two people's lines never mix, and none is lost. Raises OSError where the
    ledger cannot be written.
    """
    assert decision in (*CHOICES, WITHDRAWN), decision
    line = (at.isoformat(timespec="seconds"), " ".join(judged_by.split()), pair, decision)
    append_whole(folder / LEDGER, "\ufeff".encode() + _as_line(LINE), _as_line(line))


def _as_line(cells: tuple[str, ...]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def read_ledger(folder: Path, problems: list[Problem]) -> list[Decision]:
    """Every line of the folder's ledger, in order; lines that are none become ``problems``."""
    file = folder / LEDGER
    if not file.exists():
        return []
    found = []
    with file.open(encoding="utf-8", newline="") as lines:
        for number, cells in enumerate(csv.reader(lines), start=1):
            told = tuple(cell.strip().lstrip("\ufeff") for cell in cells)
            if told in ((), LINE):  # two who began the ledger at once wrote its head twice
                continue
            if len(told) != len(LINE) or told[3] not in (*CHOICES, WITHDRAWN):
                said = told[3] if len(told) == len(LINE) else ""
                problems.append(_unknown(f"{file.parent.name}/{file.name} › {number}", said))
            else:
                found.append(Decision(told[2], told[3], told[1], told[0]))
    return found


def _read(file: Path, problems: list[Problem]) -> list[Decision]:
    if not file.exists():
        return []
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(file))
    return [
        decision
        for sheet in book.sheet_names
        for decision in _sheet(file, sheet, book.get_sheet_by_name(sheet).to_python(), problems)
    ]


def _sheet(file: Path, sheet: str, rows: list[list[Any]], problems: list[Problem]) -> list[Decision]:
    places = {TITLES[str(cell)]: at for at, cell in enumerate(rows[0] if rows else []) if str(cell) in TITLES}
    found = []
    for number, row in enumerate(rows[1:], start=2):
        said = {name: _text(row[at]) for name, at in places.items() if at < len(row)}
        if not said.get("decision"):
            continue
        where, code = f"{file.parent.name}/{file.name} › {sheet} › {number}", SPOKEN.get(said["decision"])
        if not said.get("pair") or isinstance(row[places["pair"]], (int, float)):
            problems.append(_nameless(where))
        elif code is None:
            problems.append(_unknown(where, said["decision"]))
        else:
            found.append(Decision(said["pair"], code, said.get("judged_by", ""), said.get("judged_on", "")))
    return found


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


def _unknown(where: str, said: str) -> Problem:
    allowed = [" / ".join(text.into(language) for text in CHOICES.values()) for language in LANGUAGES]
    return Problem(
        Text(f"复核判断“{said}”不可识别", f"The decision “{said}” is not known"),
        Text(where, where),
        Text(f"请填写：{allowed[0]}", f"Enter one of: {allowed[1]}"),
    )
