"""The desk in the browser: one page of our own, and the workbench of a run in its place when it is asked for."""

from __future__ import annotations

import asyncio
import os
import webbrowser
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets
from IPython import get_ipython

from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.desk.desk import Desk
from auditlib.desk.results import report_of
from auditlib.workbench.alarm import hear
from auditlib.workbench.parts import alert, style
from auditlib.workbench.serve import LANGUAGE
from auditlib.workbench.workbench import NAME, Workbench

STATIC = Path(__file__).parent / "static"
MOMENT = 0.4  # seconds between two looks at what is under way
START = Text("开始页", "Start")
AGAIN = Text("再核查一次", "Audit again")
NO_PROGRAM = Text(
    "这台机器上没有打开它的程序；结果在：{folder}", "Nothing here opens it; the results are in {folder}"
)


class Page(anywidget.AnyWidget):
    """Draws ``blocks`` (see :mod:`auditlib.desk.page`); ``turn`` counts up when they are to be drawn anew."""

    _esm = (STATIC / "page.js").read_text("utf-8")
    blocks: traitlets.List[Any] = traitlets.List().tag(sync=True)
    page = traitlets.Unicode().tag(sync=True)
    language = traitlets.Unicode("zh").tag(sync=True)
    busy = traitlets.Bool(False).tag(sync=True)
    turn = traitlets.Int(0).tag(sync=True)


class App:
    """The desk's page below a mast; :attr:`shell` is what a notebook shows."""

    def __init__(self, language: str):
        self.desk = Desk(language)
        self.page = Page()
        self.page.on_msg(self.answer)
        self.broken = ipywidgets.HTML()
        self.mast = ipywidgets.HBox().add_class("wb-mast")
        self.body = ipywidgets.VBox([self.page])
        look = ipywidgets.HTML(f"<style>{(STATIC / 'desk.css').read_text('utf-8')}</style>")
        self.shell = ipywidgets.VBox([style(), look, self.mast, self.broken, self.body]).add_class("wb-shell")
        self.watch: asyncio.Task[None] | None = None
        self.listen()
        self.draw_mast()
        self.draw()

    def listen(self) -> None:
        """Errors that nobody expected are said in the page."""
        hear(get_ipython(), self.tell)

    def tell(self, error: AuditError) -> None:
        """An error that no step expected."""
        self.broken.value = alert(error, self.desk.state.language)
        self.draw()

    def draw_mast(self) -> None:
        state = self.desk.state
        title = ipywidgets.HTML(f"<h1>{state.say(NAME)}</h1>").add_class("wb-title")
        start = ipywidgets.Button(description=state.say(START)).add_class("desk-home")
        start.on_click(lambda _button: self.home())
        language = ipywidgets.ToggleButtons(options=[("中文", "zh"), ("English", "en")], value=state.language)
        language.observe(lambda change: self.speak(change["new"]), ["value"])
        self.mast.children = [title, start, language.add_class("wb-language")]

    def speak(self, language: str) -> None:
        """The same page in another language."""
        self.desk.state.language = language
        self.draw_mast()
        self.draw()

    def draw(self) -> None:
        """The page as it stands now."""
        page, state = self.page, self.desk.state
        with page.hold_sync():
            page.blocks, page.page, page.language = self.desk.blocks(), state.page, state.language
            page.busy, page.turn = state.job is not None, page.turn + 1

    def answer(self, _page: Any, message: dict[str, Any], buffers: Any) -> None:
        """What was chosen or pressed in the browser."""
        name, value = [str(part) for part in message["name"]], str(message["value"])
        self.broken.value = ""
        if name[0] == "drop":  # a piece of a file: drawn once the last has come
            self.desk.take(name[1], name[2], int(name[3]), int(name[4]), bytes(buffers[0]))
            return
        if name[0] == "workbench":
            self.open_run(Path(name[1]))
            return
        if name[0] == "report":
            self.show_report()
        elif name[0] == "open":
            self.open_here(name[1])
        else:
            if name[0] == "value" and len(name) == 4:
                name, value = name[:3], name[3]
            self.desk.hear(name, value)
        self.draw()
        self.follow()

    def follow(self) -> None:
        """What is under way is looked after until it is over."""
        if self.desk.state.job and (self.watch is None or self.watch.done()):
            self.watch = asyncio.get_running_loop().create_task(self.until_over())

    async def until_over(self) -> None:
        while self.desk.tick():
            self.draw()
            await asyncio.sleep(MOMENT)

    def home(self) -> None:
        """The start page, where nothing is under way."""
        if self.desk.state.job is None:
            self.desk.state.page = "start"
        self.show_page()

    def show_page(self) -> None:
        """The desk's page in place of the workbench."""
        self.broken.value = ""
        if self.body.children != (self.page,):
            self.body.children = [self.page]
            self.mast.layout.display = None
            self.listen()
        self.draw()

    def open_run(self, run: Path) -> None:
        """The workbench of a run, below a button that leads back."""
        back = ipywidgets.Button(description=self.desk.state.say(START)).add_class("desk-home")
        back.on_click(lambda _button: self.home())
        bench = Workbench(run.parent, self.desk.state.language, first=run)
        again = ipywidgets.Button(description=self.desk.state.say(AGAIN)).add_class("desk-again")
        again.on_click(lambda _button: self.run_again(bench.session.folder or run))
        self.mast.layout.display = "none"
        self.body.children = [ipywidgets.HBox([back, again]), bench.shell]

    def run_again(self, run: Path) -> None:
        """The self-check of the run in the workbench once more, its progress in place of the workbench."""
        self.desk.run_again(run)
        self.show_page()
        self.follow()

    def show_report(self) -> None:
        """The report in a window of its own: one file, masked, that asks for nothing outside."""
        run = self.desk.state.run
        if run is not None and (report := report_of(run)):
            self.page.send({"title": report.name, "type": "text/html"}, [report.read_bytes()])

    def open_here(self, name: str) -> None:
        """A file of the results, or their folder, in this machine's own program for it."""
        state = self.desk.state
        if state.run is not None and not webbrowser.open((state.run / name).as_uri()):
            state.notice = ("amber", state.say(NO_PROGRAM, folder=str(state.run)))


def open_desk(language: str = "zh") -> ipywidgets.Widget:
    """The desk; what a notebook shows. What the command line said (:mod:`auditlib.workbench.serve`) comes before."""
    return App(os.environ.get(LANGUAGE, language)).shell
