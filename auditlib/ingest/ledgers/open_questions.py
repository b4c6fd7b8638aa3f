"""What ledgers of dropouts and letters leave open: a day on which somebody went to bring a child back is no day of return, and a sum
is no answer."""

from __future__ import annotations

import re

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.headers.spellings import normal
from auditlib.ingest.messages import at_desk
from auditlib.ingest.messages.problems import Place, masked

_OF_AID = re.compile("资助(?:项目|金额|时间|标准|情况)|补助(?:项目|金额)")
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


def answer_of_replies(task: Task, layout: Layout, place: Place) -> list[Problem]:
    """Asks of a list of replies, which tells what was paid there and in no column that it was: read so, every child is one to whom no
    letter was sent."""
    if task.table.name != "letters" or layout.columns.keys() & {
        "replied_on",
        "aided",
        "fallback_amount",
    }:
        return []
    cell = next((cell for cell in layout.unused if _OF_AID.search(normal(cell.text))), None)
    if cell is None or cell.is_unneeded:
        return []
    header, table = masked(cell.text), task.table
    return [
        Problem(
            Text(
                f"这张表写了“{header}”，像是回函、回执，而没有回函日期，也没有写当地是否已资助",
                f"The sheet has “{header}” and looks like one of replies, but tells neither days of replies nor whether aid was paid there",
            ),
            place.text(),
            at_desk.or_by_hand(
                at_desk.or_not_needed(at_desk.as_column(header, table.by_name["aided"].title)),
                Text(
                    f'当地已资助才写这一列的，在参数文件 columns 中写 {table.name}: {{"{header}": aided}}，再说明各写法的意思；不是的，写 {{"{header}": null}}',
                    f'Where it is filled in only if aid was paid there, write {table.name}: {{"{header}": aided}} under columns in the parameter '
                    f'file, then say what each spelling means; if not, {{"{header}": null}}',
                ),
            ),
        )
    ]
