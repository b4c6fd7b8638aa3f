"""The workbench as one piece: run, inspector and language above, then the panels as tabs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import ipywidgets
from IPython import get_ipython
from markupsafe import escape

from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.workbench import (
    data_page,
    decide,
    exchange,
    filters,
    judge,
    listing,
    overview,
    pupil,
    unclear,
    what_if,
)
from auditlib.workbench.alarm import hear
from auditlib.workbench.parts import alert, style
from auditlib.workbench.runs import RunFolder, list_runs, titles
from auditlib.workbench.serve import LANGUAGE, RUNS
from auditlib.workbench.session import Session
from auditlib.workbench.unmasking import control

NAME = Text("学生资助核对工作台", "Student-aid audit workbench")
RUN, WHO, WHO_HINT = Text("运行", "Run"), Text("经办人", "Inspector"), Text("姓名", "your name")
NO_RUN = Text(
    "“{folder}”里还没有运行结果。\n请先运行一次自查，例如：auditlib self-check params/qinghe-2020-autumn.yaml，然后重新打开本页。",
    "There is no run in “{folder}” yet.\nRun a self-check first, for example: auditlib self-check params/qinghe-2020-autumn.yaml; then open this page anew.",
)
CANNOT_OPEN = Text("这个运行结果打不开：", "This run cannot be opened:")
BOTH_TEXT = Text("清单与处理", "List and decisions")


class Tab(NamedTuple):
    """A panel, its key in :attr:`Session.panel` and its title."""

    key: str
    title: Text
    build: Callable[[Session], ipywidgets.Widget]


def list_and_decide(session: Session) -> ipywidgets.Widget:
    """The list, and beside it what is decided."""
    return ipywidgets.Box([listing.panel(session), decide.panel(session)]).add_class("wb-beside")


TABS = (
    Tab("overview", overview.TITLE, overview.panel),
    Tab("listing", BOTH_TEXT, list_and_decide),
    Tab(pupil.KEY, pupil.TITLE, pupil.panel),
    Tab(judge.KEY, judge.TITLE, judge.panel),
    Tab(unclear.KEY, unclear.TITLE, unclear.panel),
    Tab(data_page.KEY, data_page.TITLE, data_page.panel),
    Tab(what_if.KEY, what_if.TITLE, what_if.panel),
    Tab(exchange.KEY, exchange.TITLE, exchange.panel),
)


class Workbench:
    """One sitting: builds the panels anew for another run or language."""

    def __init__(self, runs: Path, language: str, tabs: tuple[Tab, ...] = TABS, first: Path | None = None):
        """``first``: the run that opens, instead of the newest."""
        self.runs, self.tabs = runs.resolve(), tabs
        self.session = Session(language=language)
        self.found = list_runs(self.runs)
        self.body = ipywidgets.VBox()
        self.mast = ipywidgets.HBox()
        self.broken = ipywidgets.HTML()
        self.shell = ipywidgets.VBox([style(), self.mast, self.broken, self.body]).add_class("wb-shell")
        hear(get_ipython(), self.tell)
        opens = [run for run in self.found if run.opens]
        first_run = next((run for run in opens if run.folder == first), opens[0] if opens else None)
        self.draw_mast(first_run)
        self.open(first_run)

    def draw_mast(self, run_folder: RunFolder | None) -> None:
        session = self.session
        runs = ipywidgets.Dropdown(
            options=[(title, at) for at, title in enumerate(titles(self.found, session.language))],
            value=self.found.index(run_folder) if run_folder else None,
            description=session.say(RUN),
        )
        runs.observe(lambda change: self.open(self.found[change["new"]]), ["value"])
        who = ipywidgets.Text(
            value=session.who, description=session.say(WHO), placeholder=session.say(WHO_HINT)
        )
        who.observe(lambda change: session.choose(who=change["new"]), ["value"])
        language = ipywidgets.ToggleButtons(
            options=[("中文", "zh"), ("English", "en")], value=session.language
        )
        language.observe(lambda change: self.speak(change["new"]), ["value"])
        title = ipywidgets.HTML(f"<h1>{session.say(NAME)}</h1>")
        parts = [title, runs, who, language] if self.found else [title, language]
        names = (
            ("wb-title", "wb-runs", "wb-who", "wb-language") if self.found else ("wb-title", "wb-language")
        )
        self.mast.children = [part.add_class(name) for part, name in zip(parts, names, strict=True)]
        self.mast.add_class("wb-mast")

    def tell(self, error: AuditError) -> None:
        """An error that no panel expected."""
        self.broken.value = alert(error, self.session.language)

    def speak(self, language: str) -> None:
        """The same sitting in another language."""
        self.session.speak(language)
        self.draw_mast(next((run for run in self.found if run.folder == self.session.folder), None))
        self.draw()

    def open(self, run: RunFolder | None) -> None:
        """Another run, or a word why not; never a traceback."""
        self.session.unobserve_all()
        self.broken.value = ""
        if run is None:
            self.body.children = [self._opening(self.session.say(NO_RUN, folder=self.runs.name))]
            return
        try:
            if not run.opens:
                raise run.refusal()
            self.session.open(run.folder)
        except AuditError as refused:
            notice = alert(refused, self.session.language)
            self.body.children = [ipywidgets.HTML(f"<p>{self.session.say(CANNOT_OPEN)}</p>{notice}")]
            return
        self.draw()

    def draw(self) -> None:
        """The panels of the open run."""
        session = self.session
        session.unobserve_all()
        if session.stored is None:
            self.open(None)
            return
        session.panels = tuple(each.key for each in self.tabs)
        tab = ipywidgets.Tab([each.build(session) for each in self.tabs])
        for at, each in enumerate(self.tabs):
            tab.set_title(at, session.say(each.title))
        keys = session.panels
        tab.selected_index = keys.index(session.panel) if session.panel in keys else 0
        notice = ipywidgets.HTML()
        tab.observe(lambda change: self.front(keys[change["new"]], notice), ["selected_index"])
        session.observe(lambda change: setattr(tab, "selected_index", keys.index(change["new"])), ["panel"])
        row = ipywidgets.HBox([control(session), filters.panel(session)]).add_class("wb-row2")
        self.body.children = [row, notice, tab]

    def front(self, key: str, notice: ipywidgets.HTML) -> None:
        """Another panel comes in front; one that cannot be drawn says why."""
        notice.value = self.broken.value = ""
        try:
            self.session.panel = key
        except AuditError as refused:
            notice.value = alert(refused, self.session.language)

    @staticmethod
    def _opening(text: str) -> ipywidgets.HTML:
        return ipywidgets.HTML(f'<p role="status" class="wb-opening">{escape(text)}</p>')


def open_workbench(runs: str | Path, language: str = "zh") -> ipywidgets.Widget:
    """The workbench on the runs in the folder ``runs``; what a notebook shows.

    What the command line said (:mod:`auditlib.workbench.serve`) comes before both.
    """
    return Workbench(Path(os.environ.get(RUNS, runs)), os.environ.get(LANGUAGE, language)).shell
