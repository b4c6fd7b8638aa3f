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
    "按台账中的日期计，一个期间一名学生只计一人。季报于季末月 15 日前报出，一季因此汇总季前一月和季内前两月的台账（第四季度为 9 至 11 月），两季为半年。"
    "应复学：通知书（没有的，辍学日期）满规定天数之日在期内。各乡镇、以前各期见 ledgers/bringing-back.xlsx 的“汇总”表。",
    "By the days in the ledger; each child once a period. A quarter, reported by the 15th of its last month, sums up the ledgers of the month "
    "before it and of its first two (Q4: September to November); two are a half-year. Due back: the prescribed days after the notice (else the "
    "leaving) end in the period. By town, and earlier: last sheet of ledgers/bringing-back.xlsx.",
)
RECONCILED = Text(
    "“逾期”两表日期不同：分乡镇的 {overdue} 人计到核定基准日（{count_date}），已除去清点时在校、有人送教、函告等查明去向的；本表最后一期的 {late} 人计到 {end}，"
    "只看台账。两处都只数没有报告乡镇的，已报告的仍在“未复学未销号”“期末仍未复学”（{out} 人）中。",
    "Overdue: {overdue} by town as of the count date ({count_date}), without those found since; {late} in the last period as of {end}, by the ledger "
    "alone. Whoever was reported to the township is in neither, but among the waiting and the {out} still out.",
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


def rolled_up(
    rows: list[dict[str, Any]], towns: list[dict[str, Any]], count_date: object, language: str
) -> Markup:
    """The periods of the term with their figures, and how they stand to those of the ``towns``; nothing without a ledger."""
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
            markup.day(row["end"], language),
            *(markup.count(int(row[name])) for name in ROLLED_UP),
        )
        for row in rows
    ]
    table = markup.table(columns, lines, caption=ROLLED_UP_TITLE.into(language))
    beside = [_reconciled(rows, towns, count_date, language)] if towns else []
    return table + markup.join(map(markup.note, [ROLLED_UP_NOTE.into(language), *beside]))


def _reconciled(
    rows: list[dict[str, Any]], towns: list[dict[str, Any]], count_date: object, language: str
) -> str:
    """Why a child overdue by town is not one overdue at the end of a period."""
    last = max(rows, key=lambda row: str(row["end"]))
    numbers = {
        "overdue": sum(int(row["overdue"]) for row in towns),
        "late": int(last["overdue"]),
        "out": int(last["out"]),
    }
    days = {"count_date": markup.day(count_date, language), "end": markup.day(last["end"], language)}
    shown = {name: markup.count(number) for name, number in numbers.items()}
    return RECONCILED.fill(**shown, **days).into(language)
