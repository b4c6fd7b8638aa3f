"""The answer key of a term: what must be found, what must not, rows of each file, payments of each rate."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

from samples.books import Books, row_fen
from samples.model import AnswerRow, yuan
from samples.rates import SPELLINGS
from samples.write import WrittenDelivery

SUBJECT = ("name", "id_number", "student_no", "account_no", "scheme", "control_total")
COLUMNS = ("rule", "reason", *SUBJECT, "at_stake", "records", "note")


def write_answers(folder: Path, books: Books, files: list[WrittenDelivery]) -> None:
    """``TERM.csv`` (findings), ``traps-TERM.csv`` (what must not be found), ``counts-TERM.json`` (rows of
    each file: used, left out, rejected), ``rates-TERM.csv`` (successful payments by category, scheme and amount).
    """
    folder.mkdir(parents=True, exist_ok=True)
    term = books.term.term
    _write(folder / f"{term}.csv", books.answers)
    _write(folder / f"traps-{term}.csv", books.traps)
    counts = {
        one.file: {
            "table": one.table,
            "used": one.records,
            "left_out": dict(sorted(one.left_out.items())),
            "rejected": dict(one.rejected),
        }
        for one in files
    }
    _write_rates(folder / f"rates-{term}.csv", books)
    text = json.dumps(counts, ensure_ascii=False, indent=1) + "\n"
    (folder / f"counts-{term}.json").write_text(text, encoding="utf-8")


def _write(path: Path, cases: list[AnswerRow]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        out = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        out.writeheader()
        for case in cases:
            row = {column: case.subject.get(column, "") for column in SUBJECT}
            records = ";".join(record.address for record in case.records)
            out.writerow(
                row
                | {
                    "rule": case.rule,
                    "reason": case.reason,
                    "at_stake": case.at_stake,
                    "records": records,
                    "note": case.note,
                }
            )


def _write_rates(path: Path, books: Books) -> None:
    """How many successful payments of each amount make the printed totals."""
    scheme_of = {name: scheme for scheme, names in SPELLINGS.items() for name in names}
    rule_counts = Counter(
        (row.cells["category"], scheme_of[row.cells["scheme"]], row_fen(row))
        for row in books.rows["payments"]
        if books.counts(row)
    )
    with path.open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines, lineterminator="\n")
        out.writerow(("category", "scheme", "amount", "payments", "sum"))
        for (category, scheme, amount), rows in sorted(rule_counts.items()):
            out.writerow((category, scheme, yuan(amount), rows, yuan(amount * rows)))
