"""Filled-in working lists become decisions in the ledger; what contradicts is refused, or shown, never written over.

A list says what its clerk decided when all he knew was the list. So a decision is entered if nothing has been decided
since the list was made; if somebody else has, both are shown and a person chooses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.decisions.dispositions import COLUMNS, WHAT, Row, append_decisions, holding, read_dispositions
from auditlib.decisions.needs import NO_EVIDENCE, needs, proof, status_words
from auditlib.forms.worklist import read_worklist
from auditlib.spreadsheets import Refused, read_values
from auditlib.spreadsheets.refusals import DAMAGED_FILE

LIST, RETURNED_FOLDER = "findings.xlsx", "returned"
"""The run's own list, and the folder beside it for lists that towns and schools send back."""

BESIDE = ("so_far", "asks_evidence")
PAIRED_COLUMNS = [*COLUMNS, *(f"{name}_held" for name in COLUMNS)]
TWO_LISTS = (
    Text("两份清单对同一疑点的处理不同：{other}", "Two lists decide differently on one finding: {other}"),
    Text("请核对后只保留一处", "Look at both and keep one"),
)
ENTERED_TEXT = Text(
    "{file}：{n} 条处理已记入 dispositions.csv", "{file}: {n} decisions stand in dispositions.csv"
)
UNASKED_TEXT = Text(
    "{file}：没有“凭据”一列（以前的清单，或表头被改），未读到凭据，其中 {n} 条“已整改”只记了整改日期；请在该表头右边加一列“凭据”填好再读，或在工作台补记",
    "{file} has no column “Evidence” (an older list, or its header was changed): none was read, and {n} rectified have "
    "a date only. Add a column “Evidence” to its header, fill it in and read it again, or write it in the workbench",
)
UNREAD = Text(
    "{file} 已损坏、打不开：其中填写的内容没有记入，原件另存为 findings-filled-in-….xlsx，请核对",
    "{file} is damaged and cannot be opened: nothing in it was entered, it is kept as findings-filled-in-….xlsx; look at it",
)
CONFLICT = Text(
    "{where}：清单为“{theirs}”，但 {who} 已于 {at} 记为“{held}”；清单的这一条没有记入，请核对后在工作台处理",
    "{where}: the list says “{theirs}”, but {who} decided “{held}” on {at}; the list's was not entered, look at both and decide in the workbench",
)


@dataclass(frozen=True)
class ReadBack:
    """What a list has come to: ``conflicts`` has the ledger's columns, with ``_held`` those of the decision that holds.

    ``already``: rows that the ledger held before, whether or not somebody has decided anew since. ``unproven``: how many
    are rectified without evidence, for which the list had no column; None where it had one.
    """

    file: str
    entered: int
    already: int
    conflicts: pd.DataFrame
    unproven: int | None = None

    def sentences(self) -> list[Text]:
        """What an inspector is told, the :meth:`warnings` last; nothing where nothing has happened."""
        count = self.entered + self.already
        return [ENTERED_TEXT.fill(file=self.file, n=count)] * bool(count) + self.warnings()

    def warnings(self) -> list[Text]:
        """What an inspector has still to do."""
        older_list = [] if self.unproven is None else [UNASKED_TEXT.fill(file=self.file, n=self.unproven)]
        return older_list + [_conflict_text(row) for row in self.conflicts.to_dict("records")]


def _conflict_text(row: Mapping[str, str]) -> Text:
    return CONFLICT.fill(
        where=row["note"],
        theirs=status_words(row["status"]),
        held=status_words(row["status_held"]),
        who=row["decided_by_held"],
        at=row["decided_at_held"].replace("T", " "),
    )


def read_back_all(
    folder: Path,
    *,
    previous: Sequence[Path] = (),
    finding_ids: Collection[str] | None = None,
    numbers: Mapping[str, str] | None = None,
    language: str = "zh",
) -> list[ReadBack]:
    """The run's own list and those in ``returned_lists`` entered in the ledger of ``folder``, each as of its last change.

    The run's own list, if it is no workbook any more, is put aside and kept (``unread`` says so).
    Raises AuditError with every cell of every list that is refused; nothing is entered then.
    """
    lists = [path for path in (folder / LIST, *returned_lists(folder)) if path.is_file()]
    decisions_by_list: dict[Path, pd.DataFrame] = {}
    problems: list[Problem] = []
    for path in lists:
        try:
            decisions_by_list[path] = decisions_of(
                path, changed_at(path), finding_ids=finding_ids, numbers=numbers, language=language
            )
        except AuditError as refused:
            problems += () if path.name == LIST and _is_damaged(path) else refused.problems
    problems += _contradicting(list(decisions_by_list.values()))
    if problems:
        raise AuditError(problems, language)
    return [enter(rows, path.name, folder, previous) for path, rows in decisions_by_list.items() if len(rows)]


def returned_lists(folder: Path) -> list[Path]:
    """What towns and schools sent back, whatever its kind; not what a program leaves beside a list that is open."""
    beside = folder / RETURNED_FOLDER
    files = sorted(beside.iterdir()) if beside.is_dir() else []
    return [path for path in files if path.is_file() and not path.name.startswith(("~", "."))]


def unread(folder: Path) -> list[Text]:
    """What an inspector is told of a list of the run that is no workbook any more."""
    path = folder / LIST
    return [UNREAD.fill(file=LIST)] if path.is_file() and _is_damaged(path) else []


def _is_damaged(path: Path) -> bool:
    """Is the run's own list no workbook any more, so that nothing in it can be corrected?"""
    try:
        read_values(path.read_bytes())
    except Refused as refused:
        return refused.reason == DAMAGED_FILE
    return False


def changed_at(path: Path) -> dt.datetime:
    """When the list was last saved."""
    return dt.datetime.fromtimestamp(path.stat().st_mtime).replace(microsecond=0)


def decisions_of(
    path: Path,
    at: dt.datetime,
    *,
    finding_ids: Collection[str] | None = None,
    numbers: Mapping[str, str] | None = None,
    language: str = "zh",
) -> pd.DataFrame:
    """The rows of a filled-in list as rows of the ledger, ``so_far``: the status that the list knew of, and ``asks_evidence``.

    Raises AuditError with every cell that cannot be read or contradicts another.
    """
    rows = read_worklist(path, finding_ids=finding_ids, numbers=numbers, language=language).to_dict("records")
    problems = [problem for row in rows for problem in _contradictions(row, path.name, at.date())]
    if problems:
        raise AuditError(problems, language)
    return pd.DataFrame([_decision(row, path, at) for row in rows], columns=[*COLUMNS, *BESIDE])


def _decision(row: Mapping[str, Any], path: Path, at: dt.datetime) -> dict[str, Any]:
    return {
        "decided_at": at.isoformat(timespec="seconds"),
        "decided_by": row["signed_by"] or scrub(path.stem),
        "finding_id": row["finding_id"],
        "status": row["status"],
        "cause": " ".join((row["cause"] or "").split()),
        "amount": "" if row["amount"] is None else f"{row['amount']:.2f}",
        "evidence": proof(row["rectified_on"], row["evidence"] or ""),
        "note": f"{scrub(path.name)} › {row['sheet']} › {row['row']}",
        **{name: row[name] for name in BESIDE},
    }


def _contradictions(row: Mapping[str, Any], file: str, day: dt.date) -> Iterable[Problem]:
    """What the decision of one row lacks, and cells of it that cannot both be true."""
    place = Text(
        f"{file} › {row['sheet']} › 第 {row['row']} 行", f"{file} › {row['sheet']} › row {row['row']}"
    )
    for need in needs(
        row["status"],
        cause=row["cause"] or "",
        on=row["rectified_on"],
        amount=row["amount"],
        evidence=row["evidence"] or "",
        day=day,
    ):
        if need.field == NO_EVIDENCE.field and not row["asks_evidence"]:
            continue  # an older list had no room for it; the inspector is told
        where = Text(f"{place.zh} › {need.field.zh}", f"{place.en} › {need.field.en}")
        yield Problem(need.what, where, need.remedy)


def _contradicting(all_lists: Sequence[pd.DataFrame]) -> list[Problem]:
    """Findings on which two lists say different things."""
    first: dict[str, Row] = {}
    problems = []
    for row in (row for rows in all_lists for row in rows.to_dict("records")):
        other = first.setdefault(row["finding_id"], row)
        if _what(other) != _what(row):
            sentence = TWO_LISTS[0].fill(other=other["note"])
            problems.append(Problem(sentence, Text(row["note"], row["note"]), TWO_LISTS[1]))
    return problems


def enter(
    rows: pd.DataFrame, file: str, folder: Path, previous: Sequence[Path] = (), over: Collection[str] = ()
) -> ReadBack:
    """The ``rows`` of one list entered in the ledger, those that a later decision contradicts only if in ``over``."""
    here, all_decisions = read_dispositions([folder]), read_dispositions([*previous, folder])
    last = holding(all_decisions)
    standing_decisions = {
        (row["finding_id"], row["decided_by"], *_what(row)) for row in all_decisions.to_dict("records")
    }
    entries, conflicting, already = [], [], 0
    for row in rows.to_dict("records"):
        now = last.get(row["finding_id"])
        if now is None or row["finding_id"] in over or _follows(row, now):
            entries.append(row)
        elif (
            _says_no_more(row, now)
            or (row["finding_id"], row["decided_by"], *_what(row)) in standing_decisions
        ):
            already += 1
        else:
            conflicting.append({name: row[name] for name in COLUMNS} | {f"{n}_held": now[n] for n in COLUMNS})
    if entries:
        append_decisions(folder, pd.DataFrame(entries)[list(COLUMNS)], holding(here))
    return ReadBack(
        file,
        len(entries),
        already,
        pd.DataFrame(conflicting, columns=PAIRED_COLUMNS),
        _unproven(rows, folder),
    )


def _unproven(rows: pd.DataFrame, folder: Path) -> int | None:
    """How many of a list without a column for it stand rectified without evidence; None where it has the column."""
    older_rows = rows[~rows["asks_evidence"].astype(bool)]
    last = holding(read_dispositions([folder]))
    bare = {(row["finding_id"], row["status"], row["evidence"]) for row in last.values()}
    rectified_rows = older_rows[older_rows["status"] == "rectified"]
    triples = zip(*(rectified_rows[name] for name in ("finding_id", "status", "evidence")), strict=True)
    return sum(row in bare for row in triples) if len(older_rows) else None


def _follows(row: Mapping[str, Any], now: Row) -> bool:
    """Is the list's decision made later than the one that holds, by one who knew it: his own, or one on the list?"""
    knew = now["decided_by"] == row["decided_by"] or now["status"] == row["so_far"]
    return not _says_no_more(row, now) and knew and row["decided_at"] > now["decided_at"]


def _says_no_more(row: Mapping[str, Any], now: Row) -> bool:
    """Does the decision that holds say what the list says? It may say more, such as the voucher."""
    return now["status"] == row["status"] and all(now[name].startswith(row[name]) for name in WHAT)


def _what(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row[name] for name in WHAT)
