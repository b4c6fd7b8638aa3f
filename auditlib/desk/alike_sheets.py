"""What was said of one sheet, given to others with the same headers: a workbook a school, a sheet a class."""

from __future__ import annotations

from auditlib.desk.draft import Draft, Sheet
from auditlib.desk.sheets import SheetSeen
from auditlib.desk.state import State

BY_WORDS = ("school_name", "batch_no")
"""What is said of a whole sheet in words of one's own; the rest is chosen from a list."""


def alike(state: State, opened_sheet: SheetSeen) -> list[Sheet]:
    """Other sheets with the same headers that are said to be of another table, or lack what was said of all rows here."""
    table_name = state.term.sheets.get(opened_sheet.key, "")
    own = headers_of(state, opened_sheet, table_name)
    return [
        other.key
        for file in state.files
        for other in file.sheets
        if other.key != opened_sheet.key
        and own
        and headers_of(state, other, table_name) == own
        and (
            state.term.sheets.get(other.key, "") != table_name
            or _lacking_constants(state, opened_sheet, other)
        )
    ]


def _lacking_constants(state: State, opened_sheet: SheetSeen, other: SheetSeen) -> dict[str, str]:
    """What was said of all rows of a sheet and neither said nor stated of another; a school only where the other has none."""
    table_name = state.term.sheets.get(opened_sheet.key, "")
    own, others = (state.term.constants.get(one.key, {}) for one in (opened_sheet, other))
    if state.term.sheets.get(other.key) != table_name:
        others = {}  # said of it as another table
    view = state.preview(other, table_name)
    needed_names = {name for group in view.missing for name in group}
    open_ = own.keys() - others.keys() - view.name_constants.keys()
    return {name: own[name] for name in sorted(open_) if name not in BY_WORDS or name in needed_names}


def as_beside(state: State, opened_sheet: SheetSeen, other: SheetSeen) -> Draft:
    """The draft with the other sheet as this one: of its table, and with what holds for all its rows."""
    constants = _lacking_constants(state, opened_sheet, other)
    draft = state.term.with_table(other.key, state.term.sheets.get(opened_sheet.key, ""))
    for name, value in constants.items():
        draft = draft.with_constant(other.key, name, value)
    return draft


def headers_of(state: State, opened_sheet: SheetSeen, table_name: str) -> tuple[str, ...]:
    """The headers of a sheet as it is read for a table."""
    view = state.preview(opened_sheet, table_name)
    return tuple(column.header for column in view.columns)
