"""One pupil's file on one page: the finding, what would clear it, and what every register says, term by term."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ipywidgets

from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.runs.clearing import Clearing, what_clears
from auditlib.runs.pupil_file import PupilFile, find_people, persons_of_finding, pupil_file
from auditlib.runs.retest import scope_of
from auditlib.runs.run_rows import Row, Viewer
from auditlib.workbench.opened import in_front, tables_of
from auditlib.workbench.parts import alert
from auditlib.workbench.pupil_page import clearing, head, page
from auditlib.workbench.session import Session

KEY, TITLE = "pupil", Text("一生一档", "Pupil's file")
SEARCH, HINT = Text("查找", "Find"), Text("姓名或证号末几位", "Name, or last digits")
CHOOSE, PERSON = Text("请选择", "choose"), Text("学生", "Person")
NOBODY = Text(
    "请在清单中点选一条疑点，或在上方查找一个学生。",
    "Choose a finding in the list, or find a person above.",
)
NO_PERSON = Text(
    "这条疑点说的是报表数，不涉及某一个学生。", "This finding is about a printed total, not about a person."
)
NONE_FOUND = Text("没有找到。", "Nobody was found.")
NONE_SHOWN = Text(
    "没有找到。姓名、证号遮盖时只能按显示的部分查找（姓、证号末两位）；要按全名查找，请先显示完整信息。",
    "Nobody was found. While names are masked, only what is shown is searched (first character, last two digits); to search by a full name, show names in full first.",
)
CLEAR, CLEAR_HINT = (
    Text("什么变化能消除这条疑点？", "What would clear this finding?"),
    Text(
        "逐一改动该生的一个数据，用同一条规则重新判断；只列出真能消除疑点的最小改动。",
        "One datum at a time is changed and the same rule asked again; the smallest changes that do clear it are told.",
    ),
)
BUSY = Text("正在逐一试验…", "Trying one after another…")


class File:
    """The page of one person, and the field to find another."""

    def __init__(self, session: Session):
        self.session = session
        self.asked = ipywidgets.Text(
            description=session.say(SEARCH), placeholder=session.say(HINT), continuous_update=False
        )
        self.people = ipywidgets.Dropdown(description=session.say(PERSON), options=[])
        self.clear = ipywidgets.Button(description=session.say(CLEAR), tooltip=session.say(CLEAR_HINT))
        self.said, self.head, self.page = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        self.box = ipywidgets.VBox(
            [
                ipywidgets.HBox([self.asked, self.people]).add_class("wb-trial"),
                self.head, self.clear, self.said, self.page,
            ]
        ).add_class("wb-file")  # fmt: skip
        self.file: PupilFile | None = None
        self.tried: tuple[str, Clearing] | None = None
        """The finding that was tried last, and what would clear it."""
        self.asked.observe(self.search, ["value"])
        self.people.observe(self.choose, ["value"])
        self.clear.on_click(lambda _button: self.try_())
        session.observe(self.look_again, ["finding_id", "person_id", "unmasked", "decided"])
        in_front(session, KEY, self.look)

    def look_again(self, _change: Any = None) -> None:
        if self.session.panel == KEY:
            self.look()

    def look(self) -> None:
        """The file of the person in the session, else of the finding's, masked as the session is."""
        self.said.value = self.head.value = self.page.value = ""
        self.clear.layout.display = "none"
        try:
            run = tables_of(self.session)
            self.viewer = Viewer(run, self.session.language, self.session.unmasked)
            person = self.session.person_id or self._of_finding()
            self.file = pupil_file(run, person) if person else None
        except AuditError as refused:
            self.head.value = alert(refused, self.session.language)
            return
        if self.file is None:
            reason = NO_PERSON if self.session.finding_id and not self.session.person_id else NOBODY
            self.head.value = f'<p role="status">{self.session.say(reason)}</p>'
            return
        self.head.value, self.page.value = (
            head(self.session, self.viewer, self.file),
            page(self.session, self.viewer, self.file),
        )
        self.clear.layout.display = "" if self.finding() else "none"
        self.tell()

    def _of_finding(self) -> str:
        """The person of the finding; the first of several, the others to choose from."""
        finding = self.session.finding_id
        persons = persons_of_finding(self.viewer.run, finding) if finding else []
        if len(persons) > 1:
            self.offer([{"person_id": person, **self._named(person)} for person in persons])
        return persons[0] if persons else ""

    def _named(self, person: str) -> Row:
        table = self.viewer.run.table("people")
        rows = self.viewer.run.fetch(
            table.filter(table.person_id == person).select("name", "school_name")
        ).to_dict("records")
        return {str(key): value for key, value in rows[0].items()} if rows else {}

    def finding(self) -> Row | None:
        """The session's finding, where it is one of this person's."""
        findings = self.file.terms[0].findings if self.file else []
        return next((one for one in findings if one["finding_id"] == self.session.finding_id), None)

    def search(self, change: Any) -> None:
        """Persons to choose from; the one, where there is one."""
        try:
            persons = find_people(tables_of(self.session), change["new"], unmasked=self.session.unmasked)
        except AuditError as refused:
            self.head.value = alert(refused, self.session.language)
            return
        self.viewer = Viewer(tables_of(self.session), self.session.language, self.session.unmasked)
        self.offer(persons)
        none = NONE_FOUND if self.session.unmasked else NONE_SHOWN
        if not persons:
            self.said.value = f'<p role="status">{self.session.say(none)}</p>'
        elif len(persons) == 1:
            self.people.value = persons[0]["person_id"]

    def offer(self, people: Iterable[Row]) -> None:
        lines = [(self._line(person), person["person_id"]) for person in people]
        self.people.options = [(self.session.say(CHOOSE), ""), *lines]

    def _line(self, person: Row) -> str:
        parts = [
            self.viewer.cell(column, person.get(column)) for column in ("name", "id_number", "school_name")
        ]
        return " · ".join(part for part in parts if part and part != "nan")

    def choose(self, change: Any) -> None:
        if change["new"]:
            self.session.person_id = change["new"]

    def try_(self) -> None:
        """What would clear the finding, told below it."""
        finding = self.finding()
        if finding is None or self.file is None:
            return
        self.said.value = f'<p role="status">{self.session.say(BUSY)}</p>'
        try:
            run = self.viewer.run
            subjects = run.table("subjects")
            subject_rows = run.fetch(subjects.filter(subjects.finding_id == finding["finding_id"]))
            persons = persons_of_finding(run, finding["finding_id"]) or [self.file.person_id]
            result = what_clears(
                scope_of(run, persons), finding["rule"], str(subject_rows["subject"].iloc[0])
            )
        except AuditError as refused:
            self.said.value = alert(refused, self.session.language)
            return
        self.tried = (finding["finding_id"], result)
        self.tell()

    def tell(self) -> None:
        """What was found by trying stays below its finding, masked or in full."""
        if self.tried and self.tried[0] == self.session.finding_id and self.finding():
            self.said.value = clearing(self.session, self.viewer, self.tried[1])


def panel(session: Session) -> ipywidgets.Widget:
    """The file of the person that the session points at."""
    return File(session).box
