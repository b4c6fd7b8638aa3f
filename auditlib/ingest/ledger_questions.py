"""What a ledger of dropouts leaves open: a day on which somebody went to bring a child back is no day of return."""

from __future__ import annotations

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.ingest import at_desk
from auditlib.ingest.headers import Layout
from auditlib.ingest.problems import Place, masked
from auditlib.ingest.tasks import Task

VISIT = "visit"
"""How headers are coded that may be of the visit or of the return: 劝返时间."""


def day_of_return(task: Task, layout: Layout, place: Place) -> list[Problem]:
    """Asks what 劝返时间 is of where no column says who is back and the county has not said it."""
    cell = layout.columns.get("returned_on")
    spelling = cell.read.spelling if cell and cell.read else None
    if (
        cell is None
        or spelling is None
        or spelling.coding != VISIT
        or spelling.order < 0
        or "back" in layout.columns
    ):
        return []
    header, table = masked(cell.text), task.table
    title = table.by_name["returned_on"].title
    return [
        Problem(
            Text(
                f"“{header}”是去劝的那天，还是学生复学的那天，分不清",
                f"Is “{header}” the day on which somebody went, or the day on which the child came back?",
            ),
            place.text(),
            at_desk.or_by_hand(
                at_desk.or_not_needed(at_desk.as_column(header, title)),
                Text(
                    f'确是复学的，在参数文件 columns 中写 {table.name}: {{"{header}": returned_on}}；是去劝的，写 {{"{header}": null}}',
                    f'If it is of the return, write {table.name}: {{"{header}": returned_on}} under columns in the parameter file; if of the '
                    f'visit, {{"{header}": null}}',
                ),
            ),
        )
    ]
