"""The data: files, sheets, columns, and rejected, doubtful or left-out rows as they stand in the file; a finding's rows too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ipywidgets
from markupsafe import Markup

from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.page.markup import count
from auditlib.runs.originals import Original, Originals, account, data_folder
from auditlib.runs.run_rows import Viewer
from auditlib.tables.delivered import TABLES
from auditlib.tables.wording import word
from auditlib.workbench.data_markup import columns_table, row_card, rows_table, sheet_name, sheets_table
from auditlib.workbench.opened import in_front, tables_of
from auditlib.workbench.parts import alert
from auditlib.workbench.session import Session

KEY, TITLE = "data", Text("数据", "Data")
PAGE = 20  # rows
PLACE, PLACE_HINT = (
    Text("资料文件夹", "Folder of the files"),
    Text("移动过的，写现在的位置", "where it is now, if moved"),
)
SHEET, KIND = Text("工作表", "Sheet"), Text("看哪些行", "Rows")
KINDS = {
    "rejected": Text("拒收 {n}", "Rejected {n}"),
    "doubtful": Text("存疑 {n}", "Doubtful {n}"),
    "left_out": Text("未计入 {n}", "Left out {n}"),
}
EARLIER, LATER = Text("上一页", "Previous"), Text("下一页", "Next")
SHOWN_TEXT = Text("第 {first}–{last} 行，共 {n} 行", "{first}–{last} of {n} rows")
NO_ROWS = Text("没有这样的行。", "There are no such rows.")
CHOSEN_TEXT = Text(
    "疑点所依据的行，与文件里一样", "A row that the finding rests on, as it stands in its file"
)


class Data:
    """The widgets of the page."""

    def __init__(self, session: Session):
        self.session = session
        say = session.say
        self.place = ipywidgets.Text(
            description=say(PLACE), placeholder=say(PLACE_HINT), continuous_update=False
        )
        self.sheet = ipywidgets.Dropdown(description=say(SHEET), options=[])
        self.kind = ipywidgets.ToggleButtons(description=say(KIND), options=[])
        self.back, self.on = (ipywidgets.Button(description=say(text)) for text in (EARLIER, LATER))
        self.chosen, self.whole, self.columns, self.said, self.rows = (ipywidgets.HTML() for _ in range(5))
        self.first, self.drawn, self.quiet = 0, Path(), False
        self.originals: Originals | None = None
        turning = ipywidgets.HBox([self.back, self.on, self.said]).add_class("wb-trial")
        choosing = ipywidgets.HBox([self.sheet, self.kind]).add_class("wb-trial")
        place_line = ipywidgets.HBox([self.place]).add_class("wb-trial")
        self.box = ipywidgets.VBox(
            [self.chosen, self.whole, choosing, turning, self.rows, self.columns, place_line]
        ).add_class("wb-file")
        self.box.add_class("wb-data")
        self._listen()
        in_front(session, KEY, self.look)

    def _listen(self) -> None:
        self.place.observe(self.moved, ["value"])
        self.sheet.observe(lambda _change: self.turn_to(0, anew=True), ["value"])
        self.kind.observe(lambda _change: self.turn_to(0), ["value"])
        self.back.on_click(lambda _button: self.turn_to(self.first - PAGE))
        self.on.on_click(lambda _button: self.turn_to(self.first + PAGE))
        self.session.observe(self.again, ["source", "unmasked"])

    def again(self, _change: Any = None) -> None:
        """Another row, or another who may see it."""
        if self.session.panel == KEY:
            self.look()

    def look(self) -> None:
        """Everything, once a run; after that what is chosen."""
        try:
            self.viewer = Viewer(tables_of(self.session), self.session.language, self.session.unmasked)
            if self.drawn != self.session.folder:
                self.begin()
            self.draw_chosen()
            self.turn_to(self.first)
        except AuditError as refused:
            self.chosen.value = alert(refused, self.session.language)

    def begin(self) -> None:
        """The sheets of the run, and the rows that its account names. Raises AuditError where there is none."""
        assert self.session.folder
        record = account(self.session.folder)
        self.sheets, self.named = record["sheets"], named_rows(record["files"], self.session.language)
        self.doubtful = doubtful_cells(record["files"])
        places = [place_of(sheet) for sheet in self.sheets]
        doubtful = [len(self.named[place]["doubtful"]) for place in places]
        self.whole.value = str(sheets_table(self.sheets, doubtful, self.session.language))
        folder = data_folder(self.session.folder)
        self.quiet, self.originals = True, None
        self.place.value = str(folder or "")
        self.first, self.drawn = 0, self.session.folder
        names = [sheet_name(sheet, self.session.language) for sheet in self.sheets]
        self.sheet.options = [(name, at) for at, name in enumerate(names)]
        busiest = max(
            range(len(places)), key=lambda at: (self.sheets[at]["rejected"], doubtful[at]), default=None
        )
        self.sheet.value, self.quiet = busiest, False
        self.turn_to(0, anew=True)

    def moved(self, _change: Any) -> None:
        """The files lie elsewhere, the inspector says."""
        if not self.quiet:
            self.originals = None
            self.again()

    def files(self) -> Originals:
        """The files. Raises AuditError where they are not there."""
        assert self.session.folder
        if self.originals is None:
            folder = Path(self.place.value) if self.place.value.strip() else None
            self.originals = Originals(self.session.folder, folder)
        return self.originals

    def draw_chosen(self) -> None:
        """The row that was asked for by a click on a finding's source. Raises AuditError where it cannot be shown."""
        table, _colon, source = self.session.source.partition(":")
        if table not in TABLES:
            self.chosen.value = ""
            return
        at = next((at for at, sheet in enumerate(self.sheets) if source.startswith(address_of(sheet) + "!") and sheet["table"] == table), None)  # fmt: skip
        if at is not None and self.sheet.value != at:
            self.sheet.value = at
        (row,) = self.files().rows(table, [source])
        card = row_card(row, self.doubts(row.source, table), self.viewer)
        self.chosen.value = str(Markup("<h3>{}</h3>").format(self.session.say(CHOSEN_TEXT)) + card)

    def doubts(self, source: str, table: str) -> set[str]:
        """The columns of a row that may hold anything."""
        return self.doubtful.get((table, source), set())

    def turn_to(self, first: int, *, anew: bool = False) -> None:
        """Another page, kind or sheet."""
        if self.quiet or self.sheet.value is None or self.session.panel != KEY:
            return
        sheet = self.sheets[self.sheet.value]
        rows_of_kind = self.named[place_of(sheet)]
        if anew or not self.kind.options:
            self.columns.value = str(columns_table(sheet, self.session.language))
            self.offer_kinds(rows_of_kind)
        rows = rows_of_kind[self.kind.value or "rejected"]
        self.first = max(0, min(first, max(0, len(rows) - 1) // PAGE * PAGE))
        try:
            self.draw_rows(sheet, rows)
        except AuditError as refused:
            self.rows.value = alert(refused, self.session.language)

    def offer_kinds(self, rows_of_kind: Mapping[str, list[tuple[str, str, str]]]) -> None:
        counts = {kind: len({source for source, _column, _why in rows_of_kind[kind]}) for kind in KINDS}
        kind = self.kind.value
        self.quiet = True  # options that change choose the first by themselves
        self.kind.options = [
            (self.session.say(text, n=count(counts[kind])), kind) for kind, text in KINDS.items()
        ]
        self.kind.value = kind if kind and counts[kind] else next((k for k in KINDS if counts[k]), "rejected")
        self.quiet = False

    def draw_rows(self, sheet: Mapping[str, Any], rows: list[tuple[str, str, str]]) -> None:
        why: dict[str, list[str]] = defaultdict(list)
        for source, _column, reason in rows:
            why[source].append(reason)
        sources = list(why)[self.first : self.first + PAGE]
        status = (
            SHOWN_TEXT.fill(first=self.first + 1, last=self.first + len(sources), n=count(len(why)))
            if sources
            else NO_ROWS
        )
        self.said.value = f'<span role="status">{self.session.say(status)}</span>'
        self.back.disabled, self.on.disabled = self.first == 0, self.first + PAGE >= len(why)
        rows_why: list[tuple[Original, str]] = []
        if sources:
            originals = self.files().rows(sheet["table"], sources)
            rows_why = [(row, "；".join(why[row.source])) for row in originals]
        doubts = {row.source: self.doubts(row.source, sheet["table"]) for row, _why in rows_why}
        hidden_columns = {source: {"*"} for source in sources} if self.kind.value == "left_out" else doubts
        self.rows.value = str(rows_table(rows_why, hidden_columns, self.viewer))


def place_of(sheet: Mapping[str, Any]) -> tuple[str, str]:
    """Table, and file!sheet."""
    return sheet["table"], address_of(sheet)


def address_of(sheet: Mapping[str, Any]) -> str:
    return "!".join(filter(None, (sheet["file"], sheet["sheet"])))


def named_rows(files: Any, language: str) -> Mapping[tuple[str, str], dict[str, list[tuple[str, str, str]]]]:
    """Table and file!sheet -> kind -> source, column and reason in words of every row that the account names."""
    places: dict[tuple[str, str], dict[str, list[tuple[str, str, str]]]] = defaultdict(
        lambda: {kind: [] for kind in KINDS}
    )
    for file in files:
        for kind, key in (("rejected", "rejected"), ("doubtful", "defects")):
            for row in file[key]:
                place = (file["table"], row["source"].rpartition("!")[0])
                places[place][kind].append(
                    (row["source"], row.get("column", ""), word(row["reason"], language))
                )
        for sheet in file["sheets"]:
            place = (file["table"], "!".join(filter(None, (file["file"], sheet["name"]))))
            places[place]["left_out"] += [
                (row["source"], "", word(row["reason"], language)) for row in sheet["left_out"]
            ]
    return places


def doubtful_cells(files: Any) -> Mapping[tuple[str, str], set[str]]:
    """Table and source -> the columns in doubt; ``*``: the row was rejected, all of them."""
    doubts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for file in files:
        for row in file["defects"]:
            doubts[(file["table"], row["source"])].add(row["column"])
        for row in file["rejected"]:
            doubts[(file["table"], row["source"])].add("*")
    return doubts


def panel(session: Session) -> ipywidgets.Widget:
    """The data of the open run."""
    return Data(session).box
