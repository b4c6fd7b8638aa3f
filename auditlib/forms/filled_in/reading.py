"""Reads workbooks of a form that came back, and says of every cell that cannot be taken where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.forms.filled_in.entries import UnreadableCell, text_of
from auditlib.forms.filled_in.form import Form, FormRow, FormSheet, Refusal

EXCERPT = 20  # characters of a cell that a message repeats


@dataclass
class FormReading:
    """What came back of one form: its rows are told one by one, ``problems`` gathers what is wrong with them.

    ``is_subject``: is this text the key of what a row can be about? A sheet without a header in which one stands has
    lost it. Nothing is raised before :meth:`close`: whoever mends a sheet is told all of it at once.
    """

    form: Form
    language: str
    is_subject: Callable[[str], bool]
    problems: list[Problem] = field(default_factory=list)
    subjects: set[str] = field(default_factory=set)  # of the rows so far: none stands twice

    def filled_rows(
        self, file: str, sheets: Sequence[FormSheet], *, may_be_empty: bool = False
    ) -> Iterator[FormRow]:
        """The rows that were filled in of a workbook's ``sheets``, one of which has a header unless it ``may_be_empty``."""
        for sheet in sheets:
            _start, places = sheet.header
            headless = self.form.no_header if sheet.has_cell(self.is_subject) else None
            refusal = self.form.missing_columns(places) if places else headless
            if refusal:
                self.refuse(refusal, sheet.where)
            yield from sheet.filled_rows()
        if not may_be_empty and not any(places for _start, places in (sheet.header for sheet in sheets)):
            self.refuse(self.form.no_header, Text(file, file))

    def values(self, row: FormRow) -> dict[str, Any] | None:
        """What was filled in, by column; None, and a problem each, where cells cannot be taken."""
        before = len(self.problems)
        values = {name: self._value(row, name) for name in self.form.entries}
        return values if len(self.problems) == before else None

    def _value(self, row: FormRow, name: str) -> Any:
        entry, cell = self.form.entries[name], row.cells.get(name)
        try:
            value = entry.read(cell)
        except UnreadableCell:
            what, remedy = entry.refusal
            self.refuse_cell((what.fill(value=scrub(text_of(cell))[:EXCERPT]), remedy), row, name)
            return None
        if value is None and entry.empty:
            self.refuse_cell(entry.empty, row, name)
        return value

    def refuse(self, refusal: Refusal, where: Text) -> None:
        """Notes what is wrong at ``where``, and what to do."""
        self.problems.append(Problem(refusal[0], where, refusal[1]))

    def refuse_cell(self, refusal: Refusal, row: FormRow, name: str) -> None:
        """Notes what is wrong in a row's cell."""
        title = self.form.title(name)
        self.refuse(refusal, Text(f"{row.where.zh} › {title.zh}", f"{row.where.en} › {title.en}"))

    def close(self) -> None:
        """Raises AuditError with every problem of every cell, if there is any."""
        if self.problems:
            raise AuditError(self.problems, self.language)
