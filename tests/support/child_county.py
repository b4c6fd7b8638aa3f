"""An invented county with every ledger of the child half, as files: each example of their rules is a case or a trap.

The rows are the examples' own (``auditlib/rules``), each with its persons and school, laid down as a county delivers them:
workbooks with a title above the header, a count of heads on a sheet of its own, CSV files for the rest. What is to be found
is known row by row.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from plain_county import EARLIER, PARAMETERS, County, Row, overlaid

from auditlib.law.parameters import SelfCheck, check_self_check
from auditlib.rules import RULES
from auditlib.rules.registry import Example, Rule
from auditlib.tables.delivered import TABLES

LEDGERS = ("attendance", "dropouts", "unable", "home_teaching", "quotas", "funds", "issues")
CHAIN = ("no_application", "other_term", "applied_late", "order", "panel_small")
CODE = "990100"
WORKBOOKS = {
    "attendance": "在校花名册",
    "dropouts": "劝返复学台账",
    "issues": "整改清单",
}  # the others are CSV files
COUNTED = ("school_name", "grade", "counted_on", "heads", "records")
"""Columns of the sheet that counts heads and names nobody."""


def child_rules() -> list[Rule]:
    """The rules that rest on a ledger of the child half, and those of the chain of approval."""
    chain = {f"procedure.{name}" for name in CHAIN}
    needs = {rule.id: {need.partition(".")[0] for need in rule.needs} for rule in RULES.values()}
    return [rule for rule in RULES.values() if needs[rule.id] & set(LEDGERS) or rule.id in chain]


@dataclass(frozen=True)
class Case:
    """One example, with the number that its rows are known by."""

    number: int
    rule: Rule
    example: Example

    @property
    def rows(self) -> County:
        births = {1: self.example.birth} if self.example.birth else None
        return overlaid(self.number, dict(self.example.rows), births)

    @property
    def to_be_found(self) -> list[tuple[str, int]]:
        own = [self.rule.id] * (self.example.outcome == "flags")
        return [(rule, self.number) for rule in (*own, *self.example.also)]


def cases(outcomes: Sequence[str] = ("flags", "passes", "absent")) -> list[Case]:
    """The planted cases (``flags``) and the traps: whatever goes with the county's parameters."""
    numbered = enumerate(((rule, example) for rule in child_rules() for example in rule.examples), 1)
    return [
        Case(number, rule, example)
        for number, (rule, example) in numbered
        if example.outcome in outcomes and not example.parameters and EARLIER not in example.rows
    ]


WITHOUT_CASE = {"procedure.applied_late"}
"""Rules whose examples hold no finding in this county."""


def answer_key(planted: Sequence[Case]) -> Counter[tuple[str, int]]:
    """``(rule, case) -> findings`` of everything that is to be found."""
    own = Counter(each for case in planted for each in case.to_be_found)
    return own + Counter(("funds.unreconciled", case.number) for case in planted if _is_of_one_sum(case))


def _is_of_one_sum(case: Case) -> bool:
    """Is money of the boarders' scheme booked here? All bookings of a scheme are one sum, and not what was paid."""
    return any(row["scheme"] == "寄宿生生活补助" for row in case.rows["funds"])


@dataclass(frozen=True)
class Delivery:
    """The files of a delivery: table to rows, each with the number of its case."""

    rows: Mapping[str, list[tuple[int, Row]]]

    def without(self, *tables: str) -> Delivery:
        return Delivery({table: [] if table in tables else rows for table, rows in self.rows.items()})

    def changed(self, table: str, **cells: str | None) -> Delivery:
        """Every row of ``table`` with these cells; None takes the column away."""
        laid_rows = [
            (number, {**row, **{c: v for c, v in cells.items() if v is not None}})
            for number, row in self.rows[table]
        ]
        emptied_columns = {column for column, cell in cells.items() if cell is None}
        kept_rows = [
            (number, {c: v for c, v in row.items() if c not in emptied_columns}) for number, row in laid_rows
        ]
        return Delivery({**self.rows, table: kept_rows})


def child_county(planted: Sequence[Case] | None = None) -> Delivery:
    """All cases as one county."""
    everything: dict[str, list[tuple[int, Row]]] = {table: [] for table in TABLES}
    for case in cases() if planted is None else planted:
        for table, rows in case.rows.items():
            cells = [{c: v for c, v in row.items() if c != "source"} for row in rows]
            everything[table] += [(case.number, row) for row in cells]
    return Delivery(everything)


@dataclass(frozen=True)
class Delivered:
    """The parameters of a county on disk, and which case each row of its files belongs to."""

    parameters: SelfCheck
    addresses: Mapping[str, int]

    def found(self, findings: pd.DataFrame) -> Counter[tuple[str, int]]:
        """``(rule, case) -> findings``, as :func:`answer_key` has it."""
        return Counter(
            (rule, number)
            for rule, records in zip(findings["rule"], findings["records"], strict=True)
            for number in {self.addresses[record] for record in records}
        )


def deliver(folder: Path, county: Delivery, empty: Sequence[str] = (), **parameters: Any) -> Delivered:
    """``county`` as files under ``folder``; of the tables in ``empty`` a file with a header and no row."""
    folder.mkdir(parents=True, exist_ok=True)
    addresses: dict[str, int] = {}
    sources: dict[str, list[str]] = {}
    for table, rows in county.rows.items():
        if rows or table in empty:
            name, places = (_book if table in WORKBOOKS else _csv)(folder, table, rows)
            sources[table] = [name]
            addresses |= {f"{table}:{place}": number for place, number in places.items()}
    values = PARAMETERS | {"county_code": CODE, "data_dir": str(folder), "sources": sources}
    values |= {"output_dir": str(folder.parent / "run")} | parameters
    return Delivered(check_self_check(values, base=folder), addresses)


def _columns(table: str, rows: Sequence[tuple[int, Row]]) -> list[str]:
    used = {column for _number, row in rows for column in row}
    return [column for column in TABLES[table].by_name if column in used or not rows]


def _heads(table: str, columns: Sequence[str]) -> list[str]:
    return [TABLES[table].by_name[column].title.zh for column in columns]


def _csv(folder: Path, table: str, rows: Sequence[tuple[int, Row]]) -> tuple[str, dict[str, int]]:
    name, columns = f"{table}.csv", _columns(table, rows)
    with (folder / name).open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines)
        out.writerow(_heads(table, columns))
        out.writerows([row.get(column, "") for column in columns] for _number, row in rows)
    return name, {f"{name}!{line}": number for line, (number, _row) in enumerate(rows, 2)}


def _book(folder: Path, table: str, rows: Sequence[tuple[int, Row]]) -> tuple[str, dict[str, int]]:
    """A workbook with a title row; who is counted and not named stands on a second sheet."""
    name, book, places = f"{WORKBOOKS[table]}.xlsx", openpyxl.Workbook(), {}
    book.remove(book.active)
    counted = [(number, row) for number, row in rows if row.get("heads", "")]
    named_rows = [(number, row) for number, row in rows if not row.get("heads", "")]
    for title, part in (("花名册", named_rows), ("清点表", counted)):
        columns = _columns(table, part) if title == "花名册" else list(COUNTED)
        if part or title == "花名册":
            sheet = book.create_sheet(title)
            sheet.append([f"平县2020年秋季学期{WORKBOOKS[table]}"])
            sheet.append(_heads(table, columns))
            for line, (number, row) in enumerate(part, 3):
                sheet.append([row.get(column, "") for column in columns])
                places[f"{name}!{title}!{line}"] = number
    book.save(folder / name)
    return name, places
