"""A form as it is declared, and a sheet of it that came back: where its header stands, and the rows that were filled in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from auditlib.base.language import LANGUAGES, Text
from auditlib.forms.filled_in.entries import UnreadableCell, sheets_of, text_of, title_of

Refusal = tuple[Text, Text]
"""What is wrong, and what to do."""

LOST_COLUMNS = (
    Text(
        "表头中没有“{titles}”，其中填写的内容读不到",
        "The header has no “{titles}”; what was filled in there cannot be read",
    ),
    Text("请恢复原来的表头文字", "Restore the words of the header as they were"),
)
UNREADABLE = (Text("此格无法识别", "The cell cannot be read"), Text("请改正", "Correct it"))


@dataclass(frozen=True)
class FormColumn:
    """A column of a form: ``kind`` is text, money, number, or one of those that people fill in."""

    name: str
    title: Text
    kind: str = "text"
    narrowest: int = 6
    widest: int = 18


def words(cell: Any) -> str | None:
    """Whatever was written; None for an empty cell."""
    return text_of(cell) or None


@dataclass(frozen=True)
class Entry:
    """What people may write in a column: ``read`` raises UnreadableCell for anything else, ``refusal`` says so.

    ``empty``: the words for a cell left empty in a row that is filled in, where that cannot be. ``in_older_forms``: had
    the form this column from the beginning? One made before it is read without.
    """

    read: Callable[[Any], Any] = words
    refusal: Refusal = UNREADABLE
    empty: Refusal | None = None
    in_older_forms: bool = True


def choice_of(codes: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Reads one of the words of ``codes`` as its code, whatever blanks or width a hand gave it; an empty cell as None."""
    by_word = {title_of(word): code for word, code in codes.items()}

    def code(cell: Any) -> Any:
        text = title_of(text_of(cell))
        if text and text not in by_word:
            raise UnreadableCell
        return by_word.get(text)

    return code


@dataclass(frozen=True)
class Form:
    """A form: ``keys``: columns one of which makes a row the header; ``entries``: what people write into, by column.

    ``no_file``: the words for a file that cannot be opened; ``no_header``: for one, or a sheet of rows, without a header.
    """

    columns: Sequence[FormColumn]
    keys: Collection[str]
    entries: Mapping[str, Entry]
    no_file: Refusal
    no_header: Refusal

    @cached_property
    def titles(self) -> dict[str, str]:
        """Title as it is compared, in any language -> column."""
        return {title_of(c.title.into(language)): c.name for c in self.columns for language in LANGUAGES}

    def title(self, name: str) -> Text:
        """What stands above a column."""
        return next(column.title for column in self.columns if column.name == name)

    def header(self, cells: Sequence[Any]) -> dict[str, int]:
        """Column -> its place, if these cells are the header row."""
        places = {
            self.titles[title_of(c)]: at for at, c in enumerate(cells) if c and title_of(c) in self.titles
        }
        return {} if places.keys().isdisjoint(self.keys) else places

    def sheets(self, file: Path, language: str) -> list[FormSheet]:
        """The sheets of a workbook that came back. Raises AuditError where it cannot be opened."""
        return [
            FormSheet(self, file.name, name, rows) for name, rows in sheets_of(file, self.no_file, language)
        ]

    def missing_columns(self, places: Collection[str]) -> Refusal | None:
        """The words for columns to fill in that a header has no more."""
        required_names = [name for name, entry in self.entries.items() if entry.in_older_forms]
        titles = [c.title for c in self.columns if c.name in required_names and c.name not in places]
        if not titles:
            return None
        names = Text("、".join(title.zh for title in titles), ", ".join(title.en for title in titles))
        return LOST_COLUMNS[0].fill(titles=names), LOST_COLUMNS[1]


@dataclass(frozen=True)
class FormRow:
    """A row in which something was filled in: ``cells`` by each column of its header, and where it stands."""

    cells: Mapping[str, Any]
    sheet: str
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

    def has_cell(self, is_sought: Callable[[str], bool]) -> bool:
        """Does a cell hold such a text?"""
        return any(is_sought(text_of(cell)) for cells in self.rows for cell in cells)

    def filled_rows(self) -> Iterator[FormRow]:
        """The rows below the header in which somebody wrote."""
        start, places = self.header
        for number, cells in enumerate(self.rows[start:] if start else (), start=start + 1):
            row = {name: cells[at] if at < len(cells) else None for name, at in places.items()}
            if any(text_of(row.get(name)) for name in self.form.entries):
                where = Text(f"{self.where.zh} › 第 {number} 行", f"{self.where.en} › row {number}")
                yield FormRow(row, self.sheet, number, where)
