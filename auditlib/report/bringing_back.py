"""劝返销号: the children in the ledger of dropouts by town, and how far each is."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.tables.findings import column_title

TITLE = Text("劝返销号进度，按乡镇（人）", "Bringing back by town (children)")
NOTE = Text(
    "一名学生只计一人。未复学未销号：台账中既没有复学日期、也没有销号日期。逾期、销号不实、离校未入台账按疑点计，须核实。逐人见 ledgers/bringing-back.xlsx。",
    "Each child counts once. Waiting: the ledger tells neither the day of return nor of closing. Overdue, falsely closed and in no ledger "
    "are findings, to be verified. Child by child: ledgers/bringing-back.xlsx.",
)
TOWN, NO_TOWN, ALL = column_title("town"), Text("乡镇未注明", "town not told"), Text("合计", "All")
HEADS = {
    "listed": Text("在台账", "In the ledger"),
    "notified": Text("已发通知书", "Notified"),
    "back": Text("已复学", "Back at school"),
    "closed": Text("已销号", "Closed"),
    "waiting": Text("未复学未销号", "Waiting"),
    "overdue": Text("逾期", "Overdue"),
    "false_closure": Text("销号不实", "Falsely closed"),
    "unledgered": Text("离校未入台账", "Left, in no ledger"),
}  # fmt: skip


def bringing_back(rows: list[dict[str, Any]], language: str) -> Markup:
    """The table with its sums; nothing without a ledger."""
    if not rows:
        return Markup("")
    columns = [
        Col(TOWN.into(language), css="k"),
        *(Col(text.into(language), "number") for text in HEADS.values()),
    ]
    last = {"town": "", **{name: sum(int(row[name]) for row in rows) for name in HEADS}}
    ordered_rows = [*(row for row in rows if row["town"]), *(row for row in rows if not row["town"])]
    titles = [
        *(scrub(row["town"]) if row["town"] else NO_TOWN.into(language) for row in ordered_rows),
        ALL.into(language),
    ]
    lines = [
        (title, *(markup.count(row[name]) for name in HEADS))
        for title, row in zip(titles, [*ordered_rows, last], strict=True)
    ]
    table = markup.table(columns, lines, caption=TITLE.into(language))
    return table + markup.note(NOTE.into(language))
