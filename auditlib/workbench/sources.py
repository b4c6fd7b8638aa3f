"""The rows that a finding rests on, each to be pressed: it is shown as it stands in its file, on the page of data."""

from __future__ import annotations

from typing import Any

import pandas as pd

from auditlib.base.language import Text
from auditlib.runs.run_rows import place_of
from auditlib.tables.wording import word
from auditlib.workbench.parts import Sources
from auditlib.workbench.session import Session

DATA_PAGE = "data"  # the key of that panel
TITLE = Text("来源（点开看原始行）", "Sources (press to see the row as it stands)")


class Links(Sources):
    """``records``: ``table:source`` of each button; they stay in the kernel."""

    records: tuple[str, ...] = ()


def control(session: Session) -> Links:
    """The buttons; none until a finding is pointed at."""
    links = Links(title=session.say(TITLE))

    def press(_widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        at = message.get("at")
        if message.get("kind") == "open" and isinstance(at, int) and 0 <= at < len(links.records):
            session.choose(source=links.records[at], panel=DATA_PAGE)

    links.on_msg(press)
    return links


def point(links: Links, session: Session, finding_rows: pd.DataFrame | None) -> None:
    """The rows of the one finding in ``finding_rows``; a run without that page has them as text in its lists."""
    one = finding_rows is not None and len(finding_rows) == 1 and DATA_PAGE in session.panels
    links.records = (
        tuple(map(str, finding_rows.iloc[0]["records"])) if one and finding_rows is not None else ()
    )
    links.items = [address(record, session.language) for record in links.records]


def address(record: str, language: str) -> str:
    """The table and the place of a row."""
    table, _colon, source = record.partition(":")
    return f"{word(table, language)} {place_of(source)}"
