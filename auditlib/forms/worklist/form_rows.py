"""The rows of a form that came back: where its header stands, which columns are lost, and each row that was filled in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from auditlib.base.language import LANGUAGES, Text
from auditlib.forms.worklist.columns import FormColumn
from auditlib.forms.worklist.entries import text_of, title_of

LOST_COLUMNS = (
    Text(
        "表头中没有“{titles}”，其中填写的内容读不到",
        "The header has no “{titles}”; what was filled in there cannot be read",
    ),
    Text("请恢复原来的表头文字", "Restore the words of the header as they were"),
)


@dataclass(frozen=True)
class Form:
    """A form's columns; ``keys``: one of which makes a row the header; ``filled_in``: what people write into."""

    columns: Sequence[FormColumn]
    keys: Collection[str]
    filled_in: Sequence[str]

    @cached_property
    def titles(self) -> dict[str, str]:
        """Title as it is compared, in any language -> column."""
        return {title_of(c.title.into(language)): c.name for c in self.columns for language in LANGUAGES}

    def header(self, cells: Sequence[Any]) -> dict[str, int]:
        """Column -> its place, if these cells are the header row."""
        places = {
            self.titles[title_of(c)]: at for at, c in enumerate(cells) if c and title_of(c) in self.titles
        }
        return {} if places.keys().isdisjoint(self.keys) else places

    def lost(self, places: Collection[str]) -> tuple[Text, Text] | None:
        """The words for columns to fill in that a header has no more."""
        titles = [c.title for c in self.columns if c.name in self.filled_in and c.name not in places]
        if not titles:
            return None
        names = Text("、".join(title.zh for title in titles), ", ".join(title.en for title in titles))
        return LOST_COLUMNS[0].fill(titles=names), LOST_COLUMNS[1]


@dataclass(frozen=True)
class FormRow:
    """A row in which something was filled in: ``cells`` by column, its number in the sheet, and where that is."""

    cells: Mapping[str, Any]
    number: int
    where: Text


@dataclass(frozen=True)
class FormSheet:
    """A sheet of a workbook that came back."""

    form: Form
    file: str
    sheet: str
    rows: Sequence[Sequence[Any]]

    @property
    def where(self) -> Text:
        return Text(f"{self.file} › {self.sheet}", f"{self.file} › {self.sheet}")

    @cached_property
    def header(self) -> tuple[int, dict[str, int]]:
        """In which row the header stands (counted from 1; 0: in none), and the places of its columns."""
        headers = ((number, self.form.header(cells)) for number, cells in enumerate(self.rows, start=1))
        return next(((number, places) for number, places in headers if places), (0, {}))

    def filled_rows(self) -> Iterator[FormRow]:
        """The rows below the header in which somebody wrote."""
        start, places = self.header
        for number, cells in enumerate(self.rows[start:] if start else (), start=start + 1):
            row = {name: cells[at] for name, at in places.items() if at < len(cells)}
            if any(text_of(row.get(name)) for name in self.form.filled_in):
                where = Text(f"{self.where.zh} › 第 {number} 行", f"{self.where.en} › row {number}")
                yield FormRow(row, number, where)
