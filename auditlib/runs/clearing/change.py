"""One change of one row: what it is, how small, how it is said, and the rows after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from auditlib.base.language import Text
from auditlib.runs.retest import Rows
from auditlib.runs.run_rows import Viewer
from auditlib.tables.delivered import TABLES
from auditlib.tables.wording import word

How = Literal["set", "remove", "add", "same"]
OF_NO_INTEREST = ("name", "id_number", "student_no", "school_code", "term", "result")
EFFORT: dict[How, float] = {"set": 1.0, "same": 1.2, "add": 2.2, "remove": 3.5}


SET = Text("若{place}的“{column}”是{value}（现为{now}）", "if “{column}” of {place} were {value} (now {now})")
EARLY = Text(
    "若{place}的“{column}”早至{value}（现为{now}）",
    "if “{column}” of {place} were as early as {value} (now {now})",
)
LATE = Text(
    "若{place}的“{column}”晚至{value}（现为{now}）",
    "if “{column}” of {place} were as late as {value} (now {now})",
)
REMOVE = Text("若没有{place}这一行", "if there were no {place}")
ADD = Text("若{table}中还有该生的一行：{told}", "if {table} had one more row of the pupil: {told}")
SAME = Text("若{place}与{other}是同一人", "if {place} and {other} were one person")
EMPTY = Text("空", "empty")


@dataclass(frozen=True)
class Change:
    """One change of one row. ``cells``: the cells that are set, added, or say which person it would be."""

    how: How
    table: str
    source: str
    cells: tuple[tuple[str, Any], ...] = ()
    column: str = ""
    now: Any = None
    other: str = ""

    @property
    def value(self) -> Any:
        return dict(self.cells).get(self.column)

    def effort(self) -> float:
        """The smaller, the sooner told: a nearby day, a digit, before a row that is not there."""
        effort = EFFORT[self.how]
        if self.how == "set" and isinstance(self.value, dt.date) and isinstance(self.now, dt.date):
            return effort + min(2.0, abs((self.value - self.now).days) / 365)
        if self.how == "set" and (self.now is None or self.value is None):
            return effort + 1.5
        return effort + (0.5 if self.how == "set" else 0.0)

    def into(self, viewer: Viewer) -> str:
        """The change as a condition that a person can check."""
        language, place = viewer.language, viewer.address(self.table, self.source)
        if self.how == "remove":
            return REMOVE.fill(place=place).into(language)
        if self.how == "same":
            return SAME.fill(place=place, other=viewer.address("enrolment", self.other)).into(language)
        if self.how == "add":
            return ADD.fill(table=word(self.table, language), told=self._row(viewer)).into(language)
        return self._set(place, viewer)

    def _set(self, place: str, viewer: Viewer) -> str:
        sentence = SET
        if isinstance(self.value, dt.date) and isinstance(self.now, dt.date):
            sentence = EARLY if self.value < self.now else LATE
        value, now = (
            viewer.cell(self.column, day) or EMPTY.into(viewer.language) for day in (self.value, self.now)
        )
        title = TABLES[self.table].by_name[self.column].title
        return sentence.fill(place=place, column=title, value=value, now=now).into(viewer.language)

    def _row(self, viewer: Viewer) -> str:
        """What the added row tells beyond who it is."""
        cells, comma = dict(self.cells), "，" if viewer.language == "zh" else ", "
        return comma.join(
            f"{column.title.into(viewer.language)} {viewer.cell(column.name, cells[column.name])}"
            for column in TABLES[self.table].columns
            if column.name not in OF_NO_INTEREST and cells.get(column.name) is not None
        )


def change_rows(rows: Rows, change: Change) -> Rows:
    """``rows`` with the change made; the rest is shared."""
    return rows | {change.table: list(_change_rows(rows[change.table], change))}


def _change_rows(rows: list[dict[str, Any]], change: Change) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row["source"] != change.source or change.how == "add":
            yield row
        elif change.how != "remove":
            yield row | dict(change.cells)
    if change.how == "add":
        yield dict(change.cells) | {"source": change.source}
