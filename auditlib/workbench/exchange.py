"""What goes out to schools and comes back: reply slips of what is listed, and lists that were filled in."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import ipywidgets
import pandas as pd
from markupsafe import escape

from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.decisions.read_back import ReadBack, decisions_of, enter
from auditlib.workbench import run_files
from auditlib.workbench.asking import Maker, to_print, to_send
from auditlib.workbench.deciding import NOBODY
from auditlib.workbench.list_filter import ListFilter
from auditlib.workbench.parts import Saver, alert, good
from auditlib.workbench.session import Session

KEY = "exchange"
TITLE = Text("回执与收回的清单", "Slips and lists")
OUT, BACK = Text("发出回执", "Send slips"), Text("读回填好的清单", "Read filled-in lists")
ABOUT_OUT = Text(
    "清单所列的每条疑点一张回执，遮盖与否与屏幕相同。打印的一页 A4 两条、可裁开，各校不同页；xlsx 每校一个工作簿，填好后可在下方读回。",
    "A slip for each finding of the list, masked as on the screen: to print, two on a sheet of A4 to be cut apart, each school on sheets of its own, or a workbook a school, which is read back below once it is filled in.",
)
ABOUT_BACK = Text(
    "选择填好的 findings.xlsx 或回执工作簿；自相矛盾的格会指出位置，别人已另作处理的不覆盖。",
    "Choose a filled-in findings.xlsx or a school's slips. Cells that contradict are named; what others have decided is not written over.",
)
BY, PRINT, BOOKS, CHOOSE = (
    Text("答复期限", "Reply by"),
    Text("打印用回执（HTML）", "Slips to print (HTML)"),
    Text("各校回执（xlsx）", "Slips a school (xlsx)"),
    Text("选择文件", "Choose files"),
)
SIDE = Text("以清单为准，记录这 {n} 条", "Decide these {n} as the list does")
NOTHING_NEW = Text("{file}：没有新的处理", "{file}: no new decisions")


class _Exchange:
    """The widgets; files come and go through the browser."""

    def __init__(self, session: Session):
        self.session, self.saver = session, Saver()
        self.by = ipywidgets.DatePicker(description=session.say(BY))
        self.print = ipywidgets.Button(description=session.say(PRINT))
        self.books = ipywidgets.Button(description=session.say(BOOKS))
        self.upload = ipywidgets.FileUpload(accept=".xlsx", multiple=True, description=session.say(CHOOSE))
        self.side = ipywidgets.Button()
        self.said, self.told = ipywidgets.HTML(), ipywidgets.HTML()
        self.met: list[tuple[str, bytes, list[str]]] = []
        self.print.on_click(lambda _button: self.guarded(lambda: self.send(to_print), self.said))
        self.books.on_click(lambda _button: self.guarded(lambda: self.send(to_send), self.said))
        self.side.on_click(lambda _button: self.guarded(self.sided, self.told))
        self.upload.observe(lambda _change: self.guarded(self.uploaded, self.told), ["value"])
        self.side.layout.display = "none"

    def box(self) -> ipywidgets.VBox:
        """Out above, back below."""
        say = self.session.say
        return ipywidgets.VBox(
            [
                ipywidgets.HTML(f'<div class="wb"><h2>{say(OUT)}</h2><p>{say(ABOUT_OUT)}</p></div>'),
                ipywidgets.HBox([self.by, self.print, self.books]),
                self.said,
                ipywidgets.HTML(f'<div class="wb"><h2>{say(BACK)}</h2><p>{say(ABOUT_BACK)}</p></div>'),
                ipywidgets.HBox([self.upload, self.side]),
                self.told,
                self.saver,
            ]
        )

    def guarded(self, act: Any, notice: ipywidgets.HTML) -> None:
        """``act``, and what an inspector can do where it is refused."""
        notice.value = ""
        try:
            act()
        except AuditError as refused:
            notice.value = alert(refused, self.session.language)

    def send(self, maker: Maker) -> None:
        """Slips of all that is listed, for the browser to keep."""
        assert self.session.stored
        document = maker(self.session, self.session.stored.ids(self.session.list_filter), self.by.value)
        self.saver.save(document.content, document.name, document.kind)

    def uploaded(self) -> None:
        """Every file is read before any is entered; decided when it was last saved."""
        self.read([
            (str(file["name"]), bytes(file["content"]), file["last_modified"].astimezone().replace(tzinfo=None), [])
            for file in self.upload.value
        ])  # fmt: skip

    def sided(self) -> None:
        """The inspector has looked at the conflicts and decides, now and under his own name, as the lists do."""
        if not self.session.who.strip():
            raise AuditError(NOBODY, self.session.language)
        self.read([(name, content, dt.datetime.now(), over) for name, content, over in self.met])

    def read(self, files: list[tuple[str, bytes, dt.datetime, list[str]]]) -> None:
        """Each file: its name, its bytes, when it was decided, and the finding_ids to be entered over others."""
        assert self.session.folder
        assert self.session.stored
        lists = [
            (name, content, over, self.decisions(name, content, at, over))
            for name, content, at, over in files
        ]
        backs = [
            (content, enter(rows, name, self.session.folder, over=over))
            for name, content, over, rows in lists
        ]
        self.session.stored.look_again()
        self.session.decided += 1
        self.met = [(back.file, content, list(back.conflicts["finding_id"])) for content, back in backs]
        count = sum(len(ids) for _name, _content, ids in self.met)
        self.side.description = self.session.say(SIDE, n=count)
        self.side.layout.display = "" if count else "none"
        self.told.value = "".join(self.lines(back) for _content, back in backs)

    def decisions(self, name: str, content: bytes, at: dt.datetime, over: list[str]) -> pd.DataFrame:
        """The decisions of a list; only those of ``over``, and signed by the inspector, where there are any."""
        assert self.session.stored
        finding_ids = set(self.session.stored.ids(ListFilter()))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(name).name
            path.write_bytes(content)
            numbers = self.session.stored.numbers()
            rows = decisions_of(
                path, at, finding_ids=finding_ids, numbers=numbers, language=self.session.language
            )
        mine = rows[rows["finding_id"].isin(over)].assign(decided_by=self.session.who)
        return mine if over else rows

    def lines(self, back: ReadBack) -> str:
        if not back.sentences():
            return good(self.session.say(NOTHING_NEW, file=back.file))
        warnings = [self.session.say(text) for text in back.warnings()]
        entries = [self.session.say(text) for text in back.sentences()[: -len(warnings) or None]]
        alerts = [f'<div role="alert" class="wb-alert">{escape(text)}</div>' for text in warnings]
        return "".join([*map(good, entries), *alerts])


def panel(session: Session) -> ipywidgets.Widget:
    """Slips out, lists back; and the files of the run."""
    return ipywidgets.VBox([_Exchange(session).box(), run_files.panel(session)])
