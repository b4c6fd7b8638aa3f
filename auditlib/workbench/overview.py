"""The overview: how the findings came about and where they lie; a press on a bar filters every other panel."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from auditlib.base.language import Text
from auditlib.findings.yuan_once import YuanOnce
from auditlib.page.markup import count, yuan
from auditlib.rules import RULES
from auditlib.tables.findings import title_in_yuan
from auditlib.workbench.list_filter import CHOICES, ListFilter
from auditlib.workbench.parts import Bars, words
from auditlib.workbench.session import Session
from auditlib.workbench.shown import TITLES
from auditlib.workbench.stored import BANDS, Group, band_filter

TITLE = Text("总览", "Overview")
WORDS = {
    "funnel": Text("疑点从哪里来", "How the findings came about"),
    "hint": Text(
        "点一条（或按回车）只看这一类，再点一次看全部；其他各页同时筛选。",
        "Press a bar to see that kind alone, again to see all; every other page is filtered with it.",
    ),
    "measure": Text("条形的长短表示", "Bars show"),
    "count": Text("条数", "Findings"),
    "yuan": Text("金额", "Yuan"),
    "more": Text("另有 {n} 项，全部显示", "{n} more"),
    "fewer": Text("收起", "fewer"),
    "none": Text("没有符合条件的疑点。", "No finding fits the filters."),
}
CHARTS = ("rule", "school_name", "town", "disposition")
NATURAL = {"disposition", "at_stake"}
TOPMOST = {"rule": 14}
ORDER = ("open", "confirmed", "cleared", "rectified", "closed")
FIGURES = {
    "findings": Text("疑点", "Findings"),
    "yuan": title_in_yuan("at_stake"),
    "missed": Text("其中应助未助", "Missed children"),
    "open": Text("待核实", "To be verified"),
    "decided": Text("已处理", "Decided"),
}
STEPS = {
    "read": (Text("读入行数", "Rows read"), Text("{n} 个文件", "{n} files")),
    "used": (Text("采用", "Used"), Text("拒收 {n}", "{n} rejected")),
    "tested": (Text("核对次数", "Tests made"), Text("{n} 条规则", "{n} rules")),
    "untested": (Text("未能核对", "Not tested"), Text("原因见报告", "reasons in the report")),
    "exceptions": (Text("疑点", "Findings"), Text("每千次 {n}", "{n} in a thousand")),
}
MONEY = Text("涉及金额（元），每一元只计一次", "At stake (yuan), each yuan once")
MONEY_ASIDE = Text(
    "逐条相加 {each}，其中同一笔钱 {repeated}、报表差额 {balances}",
    "one by one {each}, of which {repeated} the same money, {balances} differences of totals",
)
BELOW, FROM, BETWEEN = (
    Text("{high} 元以下", "below {high}"),
    Text("{low} 元及以上", "{low} and more"),
    Text("{low}–{high} 元", "{low}–{high}"),
)
COUNTED_TEXT, WORTH = Text("{n} 条", "{n} findings"), Text("{n} 元", "{n} yuan")


def panel(session: Session) -> Bars:
    """Figures, funnel and bars of the open run."""
    bars = Bars(words=words(session, **WORDS), funnel=funnel(session))

    def draw(_change: Any = None) -> None:
        with bars.hold_sync():
            bars.figures = figures(session)
            bars.charts = charts(session)

    def press(_widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        if message.get("kind") == "toggle":
            session.list_filter = toggle(session.list_filter, str(message["column"]), str(message["code"]))

    bars.on_msg(press)
    session.observe(draw, ["list_filter", "decided", "unmasked"])
    draw()
    return bars


def toggle(list_filter: ListFilter, column: str, code: str) -> ListFilter:
    """A press on the bar ``code`` of the chart by ``column``."""
    if column in CHOICES:
        return list_filter.toggling(column, code)
    return list_filter.typing(column, "" if list_filter.typed.get(column) == code else code)


def figures(session: Session) -> list[dict[str, str]]:
    """The headline: what is selected, and how far it is worked through."""
    assert session.stored
    total, at_stake = session.stored.totals(session.list_filter)
    missed = sum(g.count for g in _groups(session, "family", unfiltered=False) if g.code == "missed")
    still_open = sum(g.count for g in _groups(session, "disposition", unfiltered=False) if g.code == "open")
    figure_texts = {
        "findings": (count(total), "plain"),
        "yuan": (yuan(at_stake), "plain"),
        "missed": (count(missed), "owed" if missed else "plain"),
        "open": (count(still_open), "plain"),
        "decided": (count(total - still_open), "plain"),
    }
    return [
        {"title": session.say(FIGURES[key]), "shown": text, "tone": tone}
        for key, (text, tone) in figure_texts.items()
    ]


def _groups(session: Session, column: str, *, unfiltered: bool = True) -> list[Group]:
    """By ``column``; with its own filter held unless ``unfiltered``."""
    assert session.stored
    groups = session.stored.groups(column, session.list_filter)
    choices = () if unfiltered else session.list_filter.choices.get(column, ())
    return [group for group in groups if not choices or group.code in choices]


def funnel(session: Session) -> list[dict[str, str]]:
    """From rows read to findings, as the manifest counts them."""
    inputs = session.manifest.get("inputs") or []
    if not inputs:  # a city's re-check reads packages, not files
        return []
    rules = [rule for rule in (session.manifest.get("rules") or {}).values() if rule.get("status") == "run"]
    tested_count, exceptions = _sum(rules, "tested"), _sum(rules, "exceptions")
    counts = {
        "read": (_sum(inputs, "rows_read"), len({one["file"] for one in inputs})),
        "used": (_sum(inputs, "used"), _sum(inputs, "rejected")),
        "tested": (tested_count, len(rules)),
        "untested": (_sum(rules, "untested"), 0),
        "exceptions": (exceptions, f"{1000 * exceptions / tested_count:.1f}" if tested_count else "—"),
    }
    steps = [
        {
            "title": session.say(STEPS[key][0]),
            "shown": count(number),
            "aside": session.say(STEPS[key][1], n=aside if isinstance(aside, str) else count(aside)),
        }
        for key, (number, aside) in counts.items()
    ]
    return [*steps, *_money(session)]


def _money(session: Session) -> list[dict[str, str]]:
    """What the whole run comes to, each yuan once; nothing where the run was made by a version that did not say."""
    parts = session.manifest.get("yuan_once")
    if not parts:
        return []
    once = YuanOnce.of(parts)
    each, repeated_yuan, balances = (yuan(part) for part in (once.one_by_one, once.repeated, once.balances))
    aside = session.say(MONEY_ASIDE, each=each, repeated=repeated_yuan, balances=balances)
    return [{"title": session.say(MONEY), "shown": yuan(once.once), "aside": aside}]


def _sum(rows: Iterable[dict[str, Any]], name: str) -> int:
    return sum(int(row.get(name) or 0) for row in rows)


def charts(session: Session) -> list[dict[str, Any]]:
    """By rule, school, town, disposition and yuan at stake."""
    assert session.stored
    chart_list = [_chart(session, column, _groups(session, column)) for column in CHARTS]
    bands = [group for group in session.stored.bands(session.list_filter) if group.count]
    return [*chart_list, _chart(session, "at_stake", bands)]


def _chart(session: Session, column: str, groups: list[Group]) -> dict[str, Any]:
    if column == "disposition":
        groups = sorted(groups, key=lambda g: ORDER.index(g.code) if g.code in ORDER else len(ORDER))
    return {
        "column": column,
        "title": session.say(TITLES[column]),
        "natural": column in NATURAL,
        "few": TOPMOST.get(column, 8),
        "bars": [_bar(session, column, group) for group in groups],
    }


def _bar(session: Session, column: str, group: Group) -> dict[str, Any]:
    list_filter = session.list_filter
    return {
        "code": group.code,
        "label": band(session, group.code) if column == "at_stake" else session.labels.of(column, group.code),
        "count": group.count,
        "yuan": float(group.yuan),
        "counted": session.say(COUNTED_TEXT, n=count(group.count)),
        "worth": session.say(WORTH, n=yuan(group.yuan)),
        "pressed": group.code in list_filter.choices.get(column, ())
        or list_filter.typed.get(column) == group.code,
        "tone": tone(column, group.code),
    }


def tone(column: str, code: str) -> str:
    """Owed to children, paid wrongly, or settled: the report's three colours."""
    if column == "rule":
        return "owed" if code in RULES and RULES[code].family == "missed" else "wrong"
    return "settled" if column == "disposition" and code in ("cleared", "closed") else "wrong"


def band(session: Session, code: str) -> str:
    """The words of a band of yuan."""
    at = [band_filter(place) for place in range(len(BANDS))].index(code)
    if at == 0:
        return session.say(BELOW, high=_whole_yuan(BANDS[1]))
    if at + 1 == len(BANDS):
        return session.say(FROM, low=_whole_yuan(BANDS[at]))
    return session.say(BETWEEN, low=_whole_yuan(BANDS[at]), high=_whole_yuan(BANDS[at + 1]))


def _whole_yuan(amount: Decimal) -> str:
    return f"{amount:,.0f}"
