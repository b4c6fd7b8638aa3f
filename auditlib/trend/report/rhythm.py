"""The roll-ups of the rhythm as pages of the report: month, quarter, half-year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.base.language import Text
from auditlib.page import charts, markup
from auditlib.page.charts import Bar
from auditlib.page.markup import Cell, Col
from auditlib.page.section import Section
from auditlib.tables.findings import column_title
from auditlib.tables.wording import word
from auditlib.trend.results import TrendResults
from auditlib.trend.rollups import RollUp
from auditlib.trend.suppress import count_or_sign, hide, in_full_unless_public, is_few

TITLES = {
    "month": Text("月调度台账", "Monthly ledger"),
    "quarter": Text("季度汇总", "Quarterly roll-up"),
    "half_year": Text("半年通报", "Half-year circular"),
}
LEADS = {
    "month": Text("每月 10 日前报上一个月。", "A month's ledger is due by the 10th of the next."),
    "quarter": Text(
        "季度末月 15 日前报送，汇总该季度内报送的三期月台账（上季末月至本季第二个月），因此各月相加等于季度。",
        "Due by the 15th of a quarter's last month; the sum of the three ledgers handed in during the quarter (from the last "
        "month of the one before), so that months add up to quarters.",
    ),
    "half_year": Text(
        "每学期（3 月至 8 月、9 月至次年 2 月）通报一次，汇总其间两个季度。",
        "Once a term (March to August, September to February): the two quarters of ledgers in it.",
    ),
}
ADDS_UP = Text(
    "期初＋新增－排除－销号＝期末。疑点在其学期的核定基准日计入新增；改判的从原来的数里减去。一名学生有几条疑点的，学生数只计一人。",
    "Before + entered - cleared - closed = pending. A finding enters on its term's count date; what is reversed is taken off again. A child with several findings is one child.",
)
COLUMNS: tuple[tuple[str, Text], ...] = (
    ("pending_before", Text("期初未了结", "Before")),
    ("entered", Text("新增", "Entered")),
    ("cleared", Text("排除", "Cleared")),
    ("closed", Text("销号", "Closed")),
    ("pending", Text("期末未了结", "Pending")),
    ("children", Text("涉及学生（人）", "Children")),
    ("children_change", Text("学生比期初增减", "Children, change")),
    ("open", Text("其中待核实", "To verify")),
    ("confirmed", Text("属实待整改", "Confirmed")),
    ("rectified", Text("待销号", "To close")),
    ("repaid", Text("补发（元）", "Paid (yuan)")),
    ("recovered", Text("追回（元）", "Recovered (yuan)")),
    ("at_stake", Text("期末涉及金额（元）", "At stake, pending (yuan)")),
)
MONEY = ("repaid", "recovered", "at_stake")
NAMES = tuple(name for name, _ in COLUMNS)
ON_PAGE = NAMES[:-1]  # what fits a page; the workbook has them all
OF_FAMILY = ("pending_before", "entered", "cleared", "closed", "pending", "children", "repaid", "recovered")
PERIOD, DUE, FAMILY = Text("期", "Period"), Text("报送期限", "Due"), column_title("family")
NEXT = Text("下一期：{title}，{first} 至 {last}{due}。", "Next: {title}, {first} to {last}{due}.")
NEXT_DUE = Text("，{due} 前报送", ", due by {due}")
NOT_OVER = Text("还没有一期完整结束。", "No period is over yet.")
BY_FAMILY = Text("{title}，按类别", "{title}, by family")
FAMILY_NOTE = Text(
    "有一项为 1 至 4 条的类别，该行只列总数，不列金额。",
    "A family with a number from 1 to 4 has no details and no yuan.",
)
CHART = Text("各期末未了结（条）", "Pending at the end of each period (findings)")
SUMMARY = Text("{n} 期", "{n} periods")
LATEST = {"month": 12, "quarter": 8, "half_year": 6}


@in_full_unless_public
def month(results: TrendResults) -> Section:
    return _section(results, "month")


@in_full_unless_public
def quarter(results: TrendResults) -> Section:
    return _section(results, "quarter")


@in_full_unless_public
def half_year(results: TrendResults) -> Section:
    return _section(results, "half_year")


def _section(results: TrendResults, kind: str) -> Section:
    language, roll_up = results.language, results.roll_ups[kind]
    body = [
        markup.paragraph(
            f"{LEADS[kind].into(language)}{'' if language == 'zh' else ' '}{ADDS_UP.into(language)}", "lead"
        )
    ]
    if roll_up.periods:
        body += [
            _chart(roll_up, language),
            _table(roll_up, language),
            _by_family(roll_up, language, public=results.public),
        ]
    else:
        body.append(markup.paragraph(NOT_OVER.into(language)))
    body.append(markup.note(_next(roll_up).into(language)))
    summary = SUMMARY.fill(n=len(roll_up.periods)).into(language)
    return Section(
        f"roll-up-{kind.replace('_', '-')}", TITLES[kind].into(language), markup.join(body), summary
    )


def _next(roll_up: RollUp) -> Text:
    period = roll_up.next_one
    due = NEXT_DUE.fill(due=period.due) if period.due else Text("", "")
    return NEXT.fill(title=period.title, first=period.first, last=period.last, due=due)


def cells(line: Mapping[str, Any], columns: Sequence[str] = NAMES) -> list[str]:
    """One line's figures as they are shown of the county as a whole."""
    return [markup.yuan(line[name]) if name in MONEY else markup.count(line[name]) for name in columns]


def family_rows(families: pd.DataFrame, language: str, columns: Sequence[str] = NAMES) -> list[list[str]]:
    """A row a family of one period: its pending, and the rest where neither is small nor gives another family away."""
    lines = families.to_dict("records")
    secret = hide([int(line["pending"]) for line in lines], totalled=True)
    bare = _bare(lines, secret)
    return [
        [word(f"family.{line['family']}", language), *_family_cells(line, at in bare, secret[at], columns)]
        for at, line in enumerate(lines)
    ]


def _bare(lines: Sequence[Mapping[str, Any]], secret: Sequence[str]) -> set[int]:
    """Families without details: those with a small number; were there one alone, the next smallest too."""
    counted_columns = [name for name in NAMES if name not in MONEY]
    small = {
        at
        for at, line in enumerate(lines)
        if secret[at] or any(is_few(abs(int(line[n]))) for n in counted_columns)
    }
    others = sorted(set(range(len(lines))) - small, key=lambda at: (int(lines[at]["pending"]), at))
    return small | set(others[:1]) if len(small) == 1 else small


def _family_cells(line: Mapping[str, Any], bare: bool, secret: str, columns: Sequence[str]) -> list[str]:
    if not bare:
        return cells(line, columns)
    return [
        count_or_sign(int(line[name]), secret) if name == "pending" else markup.NOTHING for name in columns
    ]


def _table(roll_up: RollUp, language: str) -> Markup:
    last = LATEST[roll_up.kind]
    columns = [
        Col(PERIOD.into(language), css="long"),
        Col(DUE.into(language), css="k"),
        *_numbers(ON_PAGE, language),
    ]
    rows: Sequence[Sequence[object]] = [
        [period.title.into(language), Cell(str(period.due or markup.NOTHING)), *cells(line, ON_PAGE)]
        for period, line in zip(roll_up.periods, roll_up.lines.to_dict("records"), strict=True)
    ][-last:]
    return markup.table(columns, rows, caption=TITLES[roll_up.kind].into(language), headed=True)


def _numbers(names: Sequence[str], language: str) -> list[Col]:
    return [Col(dict(COLUMNS)[name].into(language), "number") for name in names]


def _by_family(roll_up: RollUp, language: str, *, public: bool) -> Markup:
    title = BY_FAMILY.fill(title=roll_up.periods[-1].title).into(language)
    columns = [Col(FAMILY.into(language), css="long"), *_numbers(OF_FAMILY, language)]
    table = markup.table(
        columns, family_rows(roll_up.families, language, OF_FAMILY), caption=title, headed=True
    )
    note = markup.note(FAMILY_NOTE.into(language)) if public else Markup("")
    return markup.heading(3, title) + table + note


def _chart(roll_up: RollUp, language: str) -> Markup:
    numbers = [int(n) for n in roll_up.lines["pending"]]
    bars = [
        Bar(period.title.into(language), number, markup.count(number))
        for period, number in zip(roll_up.periods, numbers, strict=True)
    ][-LATEST[roll_up.kind] :]
    if len(bars) < 2:
        return Markup("")
    return charts.figure(charts.bars(bars), alt=charts.describe(bars, language), caption=CHART.into(language))
