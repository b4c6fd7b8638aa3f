"""The list: search, filters by every column, sort, one page at a time; and exactly what is selected as a workbook."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import ipywidgets

from auditlib.base.language import Text
from auditlib.page.markup import count, yuan
from auditlib.workbench.alarm import in_background
from auditlib.workbench.export import KIND, exporting, file_name
from auditlib.workbench.list_filter import CHOICES, COLUMNS, ListFilter, NoAmount
from auditlib.workbench.parts import FindingsGrid, Saver, words
from auditlib.workbench.session import Session
from auditlib.workbench.shown import COLUMNS as LISTED
from auditlib.workbench.shown import TITLES, cells

TITLE = Text("清单", "List")
WORDS = {
    "caption": Text("疑点清单", "Findings"),
    "search": Text("搜索", "Search"),
    "search_hint": Text("姓名、学校、证号末几位", "Name, school, last digits"),
    "filter": Text("筛选", "Filter"),
    "all": Text("全部", "all"),
    "amount_hint": Text("如 ≥500、100-300", ">=500, 100-300"),
    "columns": Text("列", "Columns"),
    "export": Text("导出所列（xlsx）", "Export these (xlsx)"),
    "tick": Text("选择", "Tick"),
    "tick_page": Text("选择本页全部", "Tick the whole page"),
    "ticked": Text("已勾选 {n} 条", "{n} ticked"),
    "none": Text("没有符合条件的疑点。", "No finding fits the filters."),
    "pages": Text("翻页", "Pages"),
    "first": Text("首页", "First"),
    "previous": Text("上一页", "Previous"),
    "next": Text("下一页", "Next"),
    "last": Text("末页", "Last"),
}
SUMMARY = Text("{n} 条，涉及 {yuan} 元", "{n} findings, {yuan} yuan at stake")
BUSY = Text("正在导出…", "Exporting…")
PROGRESS = Text("正在导出 {done} / {total}", "Exporting {done} of {total}")
BAD_AMOUNT = Text(
    "“{column}”的筛选不是金额：写 500、>=500 或 100-300",
    "The filter of “{column}” is no amount: write 500, >=500 or 100-300",
)


class _Listing:
    """Keeps one grid and the session in step."""

    def __init__(self, session: Session):
        self.session = session
        self.saver = Saver()
        self.grid = FindingsGrid(
            words=words(session, **WORDS),
            columns=columns(session),
            shown=[column.name for column in LISTED if column.front],
        )
        session.observe(self.selected, ["list_filter"])
        session.observe(self.changed, ["unmasked", "decided"])
        session.observe(self.pointed, ["finding_id"])
        session.observe(self.shown_as_ticked, ["ticked"])
        self.grid.observe(self.asked, ["search", "filters", "order"])
        self.grid.observe(self.draw, ["first", "size"])
        self.grid.observe(self.chosen, ["current"])
        self.grid.observe(lambda change: self.tick(change["new"]), ["ticked"])
        self.grid.on_msg(self.told)
        self.selected()

    def selected(self, _change: Any = None) -> None:
        list_filter = self.session.list_filter
        with self.grid.hold_sync():
            self.grid.problem = ""
            self.grid.search = list_filter.search
            self.grid.filters = {
                **{c: list(codes) for c, codes in list_filter.choices.items()},
                **list_filter.typed,
            }
            self.grid.order = {"column": list_filter.order, "descending": list_filter.descending}
            self.grid.first = 0
            self.draw()
        self.follow()

    def changed(self, _change: Any = None) -> None:
        self.draw()
        self.follow()

    def follow(self) -> None:
        """What is no longer listed is no longer chosen or ticked: nothing is decided on that is not on the screen."""
        stored_findings, list_filter = self.session.stored, self.session.list_filter
        assert stored_findings
        listed_ids = set(stored_findings.ids(list_filter)) if self.session.ticked else set()
        ticked_ids = tuple(finding for finding in self.session.ticked if finding in listed_ids)
        if ticked_ids != self.session.ticked:
            self.session.ticked = ticked_ids
        if self.session.finding_id and stored_findings.place(list_filter, self.session.finding_id) is None:
            self.session.choose(finding_id="", person_id="")

    def shown_as_ticked(self, change: Any) -> None:
        assert self.session.stored
        self.grid.ticked = [self.session.stored.number(finding) for finding in change["new"]]

    def draw(self, _change: Any = None) -> None:
        stored_findings, list_filter = self.session.stored, self.session.list_filter
        assert stored_findings
        rows = stored_findings.page(list_filter, self.grid.first, self.grid.size)
        total, at_stake = stored_findings.totals(list_filter)
        with self.grid.hold_sync():
            self.grid.total = total
            self.grid.summary = self.session.say(SUMMARY, n=count(total), yuan=yuan(at_stake))
            self.grid.rows = [
                {
                    "id": finding.number,
                    "severity": finding.severity,
                    "disposition": finding.disposition,
                    "cells": texts,
                }
                for finding, texts in zip(
                    rows.itertuples(),
                    cells(rows, self.session.labels, unmasked=self.session.unmasked),
                    strict=True,
                )
            ]

    def asked(self, _change: Any) -> None:
        try:
            self.session.list_filter = asked_for(self.grid.search, self.grid.filters, self.grid.order)
        except NoAmount as refused:
            column = self.session.say(TITLES[str(refused.args[1])])
            self.grid.problem = self.session.say(BAD_AMOUNT, column=column)

    def chosen(self, change: Any) -> None:
        """What is pressed before the page has drawn a new filter stands in the old list: it is not chosen."""
        assert self.session.stored
        finding_id = self.session.stored.id_of(change["new"])
        if finding_id != self.session.finding_id:
            self.session.choose(finding_id=finding_id, person_id="")
            self.follow()

    def pointed(self, change: Any) -> None:
        assert self.session.stored
        self.grid.current = self.session.stored.number(change["new"])

    def tick(self, numbers: list[str]) -> None:
        """The page knows findings by their numbers alone."""
        assert self.session.stored
        self.session.ticked = tuple(filter(None, map(self.session.stored.id_of, numbers)))
        self.follow()

    def told(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        if message.get("kind") == "export" and not self.grid.busy:
            self.grid.busy = self.session.say(BUSY)
            in_background(self.export())

    async def export(self) -> None:
        """Between two portions the page is answered: a hundred thousand findings take a while."""
        name, steps = file_name(self.session), exporting(self.session)
        try:
            while True:
                steps_done, total = next(steps)
                self.grid.busy = self.session.say(PROGRESS, done=count(steps_done), total=count(total))
                await asyncio.sleep(0)
        except StopIteration as ended:
            self.saver.save(ended.value, name, KIND)
        finally:
            self.grid.busy = ""


def panel(session: Session) -> ipywidgets.Widget:
    """The findings that are selected, page by page."""
    listing = _Listing(session)
    return ipywidgets.VBox([listing.grid, listing.saver])


def columns(session: Session) -> list[dict[str, Any]]:
    """What the grid needs to know of each column: title, kind, and the choices that the run has."""
    assert session.stored
    return [
        {"key": c.name, "title": session.say(c.title), "kind": c.kind, "options": _options(session, c.name)}
        for c in LISTED
    ]


def _options(session: Session, column: str) -> list[tuple[str, str]]:
    if column not in CHOICES:
        return []
    assert session.stored
    codes = [group.code for group in session.stored.groups(column, ListFilter())]
    return [(code, session.labels.of(column, code)) for code in session.labels.ranked(column, codes)]


def asked_for(search: str, filters: dict[str, Any], order: dict[str, Any]) -> ListFilter:
    """The list filter that the grid's fields say.

    Raises NoAmount with the text and the column.
    """
    list_filter = ListFilter(search=search)
    for column, choice in filters.items():
        if isinstance(choice, list):
            list_filter = list_filter.choosing(column, tuple(map(str, choice)))
        else:
            list_filter = list_filter.typing(column, str(choice))
    by = str(order.get("column") or "")
    return replace(list_filter, order=by if by in COLUMNS else "", descending=bool(order.get("descending")))
