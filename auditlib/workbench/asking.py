"""Reply slips from the workbench: one finding or many put to the schools, to print or a workbook a school."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import ipywidgets

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.forms.reply_slips import Slip, slips, slips_page, write_slips
from auditlib.workbench.deciding import NO_FINDING
from auditlib.workbench.export import KIND
from auditlib.workbench.parts import Saver, alert, good
from auditlib.workbench.session import Session

ANSWERED_IN = dt.timedelta(days=14)
TITLE, BY, PRINT, SEND = (
    Text("回执", "Reply slips"),
    Text("答复期限", "Reply by"),
    Text("打印", "To print"),
    Text("发学校（xlsx）", "To the schools (xlsx)"),
)
MADE_TEXT = Text("已生成 {n} 张回执：{name}", "{n} reply slips: {name}")
NO_DAY = Problem(
    Text("没有写明答复期限", "no day is given by which to reply"),
    Text("答复期限", "Reply by"),
    Text("请填写日期", "enter a date"),
)
ZIP, HTML = "application/zip", "text/html"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the day of every file in the archive: the same slips give the same bytes


class Made(NamedTuple):
    """A file for the browser to keep, and how many slips are in it."""

    content: bytes
    name: str
    kind: str
    slips: int


Maker = Callable[[Session, Sequence[str], dt.date | None], Made]


def to_print(session: Session, findings: Sequence[str], by: dt.date | None) -> Made:
    """One page of HTML, a slip a sheet. Raises AuditError where there is no finding or no day."""
    slips, day = _slips(session, findings, by)
    page = slips_page(
        slips, parameters=_parameters(session), by=day, full=session.unmasked, language=session.language
    )
    return Made(page.encode(), _name(session, "html"), HTML, len(slips))


def to_send(session: Session, findings: Sequence[str], by: dt.date | None) -> Made:
    """The workbook of one school, or an archive of several. Raises AuditError like :func:`to_print`."""
    slips, day = _slips(session, findings, by)
    with tempfile.TemporaryDirectory() as scratch:
        files = write_slips(
            slips,
            Path(scratch) / "slips",
            parameters=_parameters(session),
            by=day,
            full=session.unmasked,
            language=session.language,
        )
        if len(files) == 1:
            return Made(files[0].read_bytes(), _name(session, "xlsx"), KIND, len(slips))
        return Made(_archive(files), _name(session, "zip"), ZIP, len(slips))


def _slips(session: Session, findings: Sequence[str], by: dt.date | None) -> tuple[list[Slip], dt.date]:
    if not findings:
        raise AuditError(NO_FINDING, session.language)
    if by is None:
        raise AuditError(NO_DAY, session.language)
    assert session.stored
    titles = {name: session.say(title) for name, title in session.labels.schemes.items()}
    rows = session.stored.findings(findings)
    return slips(rows, language=session.language, full=session.unmasked, schemes=titles), by


def _archive(files: Sequence[Path]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.name, FIXED_TIME), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _parameters(session: Session) -> dict[str, Any]:
    return dict(session.manifest.get("parameters") or {})


def _name(session: Session, ending: str) -> str:
    """Says county and term, no person and no school."""
    parameters = _parameters(session)
    parts = ("slips", str(parameters.get("county_code") or ""), str(parameters.get("term") or ""))
    return "-".join(filter(None, parts)) + f".{ending}"


def control(session: Session, about: Callable[[], list[str]]) -> ipywidgets.Widget:
    """The day and the two buttons; ``about`` gives the findings that are meant when one is pressed."""
    day = ipywidgets.DatePicker(value=dt.date.today() + ANSWERED_IN, description=session.say(BY))
    notice, saver = ipywidgets.HTML(), Saver()

    def make(maker: Maker) -> Callable[[Any], None]:
        def press(_button: Any) -> None:
            try:
                document = maker(session, about(), day.value)
            except AuditError as refused:
                notice.value = alert(refused, session.language)
                return
            saver.save(document.content, document.name, document.kind)
            notice.value = good(session.say(MADE_TEXT, n=f"{document.slips:,}", name=document.name))

        return press

    buttons = [ipywidgets.Button(description=session.say(text)) for text in (PRINT, SEND)]
    for button, maker in zip(buttons, (to_print, to_send), strict=True):
        button.on_click(make(maker))
    title = ipywidgets.HTML(f'<div class="wb"><h2>{session.say(TITLE)}</h2></div>')
    session.observe(lambda _change: setattr(notice, "value", ""), ["finding_id"])
    return ipywidgets.VBox([title, day, ipywidgets.HBox(buttons), notice, saver]).add_class("wb-slips")
