"""Records that say themselves that they are none of the table's: no longer entitled, not paid yet.

They are left out with their addresses and the reason, and counted, as titles and totals are.
"""

from __future__ import annotations

from collections.abc import Callable

from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import CellsByColumn
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.rows.sorting import Sorting
from auditlib.tables.vocabulary import code_of

OTHER_SCHEME = "other_scheme"  # why a row of a scheme that is not audited is left out
# Table and column -> the code that takes a record out, which is the reason too.
_TAKES_OUT = {
    ("eligibility", "category"): ("not_entitled", "not_entitled"),
    ("eligibility", "entitled"): ("no", "not_entitled"),
    ("payments", "result"): ("not_paid", "not_paid"),
    ("payments", "scheme"): ("outside", OTHER_SCHEME),
    ("control_totals", "scheme"): ("outside", OTHER_SCHEME),
}
# Where the record has a day on which it ended, the day decides, not what held when the list was printed.
_ENDS_ON = {("eligibility", "entitled"): "valid_to"}


def without_foreign(
    task: Task, layout: Layout, sorting: Sorting, cells: CellsByColumn
) -> tuple[Sorting, CellsByColumn]:
    """The records that stay, and the cells of these."""
    reasons: dict[int, str] = {}
    for (table, name), (code, reason) in _TAKES_OUT.items():
        if table == task.table.name:
            for position in _positions(task, layout, cells, name, code, len(sorting.records)):
                reasons.setdefault(position, reason)
    if not reasons:
        return sorting, cells
    stay = [i for i in range(len(sorting.records)) if i not in reasons]
    left_out = {**sorting.left_out, **{sorting.records[i]: reason for i, reason in reasons.items()}}
    records = tuple(sorting.records[i] for i in stay)
    staying_cells = {name: [column[i] for i in stay] for name, column in cells.items()}
    return Sorting(records, left_out, sorting.second_header), staying_cells


def _positions(
    task: Task, layout: Layout, cells: CellsByColumn, name: str, code: str, count: int
) -> list[int]:
    means = is_code(task, layout, name, code)
    if name in task.constants:
        return [*range(count)] if means(task.constants[name]) else []
    ends = cells.get(_ENDS_ON.get((task.table.name, name), ""))
    matching_cells = {cell for cell in {*cells.get(name, ())} if means(cell)}
    column = cells.get(name, ()) if matching_cells else ()
    return [i for i, cell in enumerate(column) if cell in matching_cells and not (ends and ends[i])]


def is_code(task: Task, layout: Layout, name: str, code: str) -> Callable[[str | None], bool]:
    """Tells whether a cell of a coded column means ``code``."""
    kind = task.table.by_name[name].kind
    code_spellings = task.words.get(kind.codes, {})
    header = layout.columns.get(name)
    coding = header.read.spelling.coding if header and header.read and kind.companion == "coding" else ""
    return lambda cell: bool(cell) and code_spellings.get(code_of(cell or "", coding)) == code
