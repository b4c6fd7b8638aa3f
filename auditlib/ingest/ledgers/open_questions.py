"""What registers, ledgers of dropouts and letters leave open: who is named as no longer entitled; a day on which somebody went to bring a child back is no day of return, and a sum
is no answer."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.headers.spellings import normal
from auditlib.ingest.messages import at_desk
from auditlib.ingest.messages.problems import Place, masked
from auditlib.ingest.titles.terms import titles_of

_OF_AID = re.compile("资助(?:项目|金额|时间|标准|情况)|补助(?:项目|金额)")
_REMOVED = re.compile("退出|停保|停发|停助|减少|清退|退保|注销|取消|核减|调出|不再享受|终止")
_NOT_REMOVED = re.compile("不含|除外|以外|未退出|扣除|剔除")
VISIT = "visit"
"""How headers are coded that may be of the visit or of the return: 劝返时间."""


def those_removed(task: Task, grid: Grid, layout: Layout, place: Place) -> list[Problem]:
    """Asks about a register's list that is called by those who left it (减少人员, 停保名单), without a column that says until when."""
    columns = {*layout.columns} | task.constants.keys()
    if task.table.name != "eligibility" or columns & {"valid_to", "entitled"}:
        return []
    titles = titles_of(cell for row in range(layout.rows[0]) for cell in grid.row(row))
    names = [text for text in (grid.name, *titles, PurePosixPath(task.file).stem) if text]
    name = next((text for text in names if _REMOVED.search(text) and not _NOT_REMOVED.search(text)), "")
    if not name:
        return []
    title = task.table.by_name["valid_to"].title
    return [
        Problem(
            Text(
                f"“{masked(name)}”像是已退出人员的名单，没有“{title.zh}”一列，会当作都还享受",
                f"“{masked(name)}” looks like a list of those who are no longer entitled, and has no column “{title.en}”: all would count as entitled",
            ),
            place.text(),
            at_desk.or_by_hand(
                Text(
                    f"这些人不再享受的，“文件”一步把这张表选作“不需要”；基准日时还享受的，{at_desk.for_all_rows(title).zh}",
                    "where they are no longer entitled, choose “not needed” for the sheet in the step Files; where they still were on the count "
                    f"date, {at_desk.for_all_rows(title).en}",
                ),
                Text(
                    "不再享受的，把该文件（工作表）写进 not_needed；基准日时还享受的，在 sources 中为该文件（工作表）写 valid_to: 日期",
                    "where they are no longer entitled, name the file or sheet under not_needed; where they still were on the count date, give "
                    "valid_to: day for the file or sheet in sources",
                ),
            ),
        )
    ]


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
