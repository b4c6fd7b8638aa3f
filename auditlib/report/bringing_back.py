"""劝返销号: the children in the ledger of dropouts by town, and how far each is."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.findings.bringing_back import KINDS, ROLLED_UP
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.tables.findings import column_title

TITLE = Text("劝返销号进度，按乡镇（人）", "Bringing back by town (children)")
NOTE = Text(
    "一名学生只计一人。未复学未销号：台账中既没有复学日期、也没有销号日期。逾期、销号不实、离校未入台账按疑点计，须核实。逐人见 ledgers/bringing-back.xlsx。",
    "Each child counts once. Waiting: the ledger tells neither the day of return nor of closing. Overdue, falsely closed and in no ledger "
    "are findings, to be verified. Child by child: ledgers/bringing-back.xlsx.",
)
ROLLED_UP_TITLE = Text(
    "劝返销号月、季、半年汇总（人）", "Bringing back by month, quarter and half-year (children)"
)
ROLLED_UP_NOTE = Text(
    "按台账中的日期计，一个期间一名学生只计一人；季、半年按台账月份（3 至 5 月、6 至 8 月……）。应复学：通知书（没有的，辍学日期）满规定天数之日在期内。"
    "期末数按各期截至日。各乡镇、以前各期见 ledgers/bringing-back.xlsx 的“汇总”表。",
    "By the days in the ledger; in a period each child counts once. Quarters and half-years of ledgers begin with March. Due back: the "
    "prescribed days after the notice (else the leaving) end in the period. Town by town, and earlier periods: the last sheet of "
    "ledgers/bringing-back.xlsx.",
)
PERIOD, END = Text("期间", "Period"), Text("截至", "To the end of")
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


def rolled_up(rows: list[dict[str, Any]], language: str) -> Markup:
    """The periods of the term with their figures; nothing without a ledger."""
    if not rows:
        return Markup("")
    columns = [
        Col("", css="k"),
        Col(PERIOD.into(language)),
        Col(END.into(language)),
        *(Col(text.into(language), "number") for text in ROLLED_UP.values()),
    ]
    lines = [
        (
            KINDS[row["kind"]].into(language),
            row["title"],
            row["end"],
            *(markup.count(int(row[name])) for name in ROLLED_UP),
        )
        for row in rows
    ]
    table = markup.table(columns, lines, caption=ROLLED_UP_TITLE.into(language))
    return table + markup.note(ROLLED_UP_NOTE.into(language))
