"""Rows of a run's registers as values for an inspector: in words, masked unless they may be seen in full."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.language import Text
from auditlib.base.masking import MASKS, masked_birth, masked_household, scrub
from auditlib.runs.run_tables import OF_PERSON, RunTables
from auditlib.tables.delivered import TABLES
from auditlib.tables.wording import WORDS, category_word, word

Row = Mapping[str, Any]
HOUSEHOLD = "household_no"
BIRTHS = ("birth_date", "id_birth", "birth")
_VALUES = {
    "sex": {"male": Text("男", "male"), "female": Text("女", "female")},
    "boarding": {"boarding": Text("住校", "boarder"), "day": Text("走读", "day pupil")},
    "result": {"success": Text("成功", "paid"), "returned": Text("退汇或失败", "returned by the bank")},
    "aided": {"yes": Text("已资助", "aided there"), "no": Text("未资助", "not aided there")},
}
"""Values that have words of their own; all others are found by their code alone."""
_KINDS = {column.name: column.kind for table in TABLES.values() for column in table.columns}


def rows_where(run: RunTables, table: str, condition: ir.Deferred) -> list[dict[str, Any]]:
    """The rows of a register, sorted by address, as Python values; what a row does not tell is left out."""
    columns = ["source", *TABLES[table].by_name, "rejected"]
    register = run.table(table)
    columns += [name for name in ("id_birth", *OF_PERSON) if name in register.columns]
    frame = run.fetch(register.filter(condition).select(*columns))
    rows = [
        {key: _plain(value) for key, value in row.items() if not pd.isna(value)}
        for row in frame.astype("object").to_dict("records")
    ]
    return sorted(rows, key=lambda row: address_order(row["source"]))


def rows_at(run: RunTables, table: str, sources: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Source to row."""
    addresses = sorted(set(sources))
    return (
        {row["source"]: row for row in rows_where(run, table, _.source.isin(addresses))} if addresses else {}
    )


def address_order(source: str) -> tuple[str, int, int]:
    """File and sheet, then the row as a number, and the person of a row of several (``12.2``)."""
    place, _mark, number = source.rpartition("!")
    row, _dot, part = number.partition(".")
    return place, int(row) if row.isdigit() else 0, int(part) if part.isdigit() else 0


def _plain(value: Any) -> Any:
    if isinstance(value, (pd.Timestamp, dt.datetime)):
        return value.date()
    return value


def cell_words(column: str, value: Any, language: str) -> str:
    """A cell as a person reads it: codes in words, dates in ISO, yuan with two decimals."""
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    text = str(value)
    if text in _VALUES.get(column, {}):
        return _VALUES[column][text].into(language)
    return word(text, language) if text in WORDS else text


def cell_shown(column: str, value: Any, language: str, *, unmasked: bool) -> str:
    """``value`` of ``column`` as it may be seen: names, numbers, cards and birth dates masked."""
    text = cell_words(column, value, language)
    return text if unmasked or not text else _hide(column, text)


def _hide(column: str, text: str) -> str:
    if column in BIRTHS:
        return masked_birth(text)
    if column == HOUSEHOLD:
        return masked_household(text)
    mask = MASKS.get(_KINDS[column].masked) if column in _KINDS else None
    return mask(text) if mask else scrub(text)


def place_of(source: str) -> str:
    """``file!sheet!row`` as it is read; a number in a file's name is hidden."""
    return scrub(source).replace("!", " › ")


@dataclass(frozen=True)
class Viewer:
    """Who reads: in which language, and whether names and numbers may be seen in full."""

    run: RunTables
    language: str
    unmasked: bool = False

    def cell(self, column: str, value: Any) -> str:
        """A cell as this viewer may see it; schemes by their titles."""
        if column == "scheme" and value in self.run.policy.schemes:
            return self.run.policy.schemes[value].title.into(self.language)
        if column == "category" and value is not None:
            return category_word(value, self.run.parameters.term, self.language)
        return cell_shown(column, value, self.language, unmasked=self.unmasked)

    def raw(self, column: str, text: str) -> str:
        """A cell as it stands in its file, masked where its column is: codes and amounts are not put in words."""
        return text if self.unmasked else _hide(column, text)

    def address(self, table: str, source: str) -> str:
        """A row as a person finds it: its table, file, sheet and row."""
        return f"{word(table, self.language)} {place_of(source)}"
