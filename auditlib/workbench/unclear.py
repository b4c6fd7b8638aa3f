"""Those who cannot be judged, or whose number was cut: a list to look children up by, masked as the session is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets
import pandas as pd
from markupsafe import Markup, escape

from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.findings.unclear import ORDER, action_text, why_text
from auditlib.runs.run_rows import Viewer
from auditlib.tables.findings import column_title
from auditlib.workbench.opened import in_front, tables_of
from auditlib.workbench.parts import alert
from auditlib.workbench.session import Session

KEY, TITLE = "unclear", Text("待查明的孩子", "To be looked up")
LEAD = Text(
    "{n} 人因资料缺失、矛盾或残缺无法判断，另有 {cut} 人证号被电子表格截断。没有疑点不等于没有问题。",
    "{n} cannot be judged, for what the data lack or contradict; the numbers of {cut} others were cut by a spreadsheet. No "
    "finding does not mean that nothing is wrong.",
)
NOBODY = Text("没有无法判断的孩子。", "There is nobody who cannot be judged.")
HEADS = (
    Text("为何不能判断", "Why it cannot be told"),
    Text("要做什么", "What to do"),
    column_title("name"),
    column_title("id_number"),
    column_title("town"),
    column_title("school_name"),
    Text("来源", "Source"),
)
COLUMNS = ("name", "id_number", "town", "school_name")
MOST_LISTED, MORE = 500, Text("另有 {n} 人，见 findings.xlsx。", "{n} more, see findings.xlsx.")


def panel(session: Session) -> ipywidgets.Widget:
    """The list of the open run, drawn when it comes in front and whenever names are shown or hidden."""
    page = ipywidgets.HTML()

    def draw(_change: Any = None) -> None:
        if session.panel != KEY:
            return
        try:
            page.value = _page(session)
        except AuditError as refused:
            page.value = alert(refused, session.language)

    session.observe(draw, ["unmasked"])
    in_front(session, KEY, draw)
    return ipywidgets.VBox([page]).add_class("wb-file")


def _page(session: Session) -> str:
    run = tables_of(session)
    persons = (
        run.fetch(run.table("unclear").order_by(*ORDER))
        if "unclear" in run.version["rows"]
        else pd.DataFrame()
    )
    if persons.empty:
        return str(Markup('<p role="status">{}</p>').format(session.say(NOBODY)))
    viewer = Viewer(run, session.language, session.unmasked)
    cut = int(persons["judged"].sum())
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(session.say(title)) for title in HEADS)
    rows = Markup("").join(_row(viewer, person) for person in persons.head(MOST_LISTED).to_dict("records"))
    rest = session.say(MORE, n=len(persons) - MOST_LISTED) if len(persons) > MOST_LISTED else ""
    lead = session.say(LEAD, n=len(persons) - cut, cut=cut)
    table = Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, rows)
    return str(Markup("<p>{}</p>{}<p>{}</p>").format(lead, table, rest))


def _row(viewer: Viewer, person: Mapping[Any, Any]) -> Markup:
    codes = list(person["why"])
    texts = [
        why_text(codes, viewer.language),
        action_text(codes, viewer.language),
        *("" if pd.isna(person[name]) else viewer.cell(name, person[name]) for name in COLUMNS),
        "；".join(viewer.address(*record.split(":", 1)) for record in person["records"]),
    ]
    return Markup("<tr>{}</tr>").format(
        Markup("").join(Markup("<td>{}</td>").format(escape(cell)) for cell in texts)
    )
