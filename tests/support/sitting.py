"""A sitting at the workbench over a finished run, for the tests of its panels."""

from __future__ import annotations

import datetime as dt

from run_fixture import COUNTS

from auditlib.workbench import decide, listing
from auditlib.workbench.list_filter import ListFilter
from auditlib.workbench.session import Session

NOON = dt.datetime(2021, 1, 4, 12, 0, 0)
ALL = sum(COUNTS.values())


def grid(session: Session) -> listing.FindingsGrid:
    return listing.panel(session).children[0]


def form(session: Session) -> decide._Form:
    return decide._Form(session)


def some_pupil(session: Session) -> dict[str, str]:
    assert session.stored
    rows = session.stored.page(ListFilter().choosing("rule", ("missed.unpaid",)))
    one_finding = session.stored.finding(rows.iloc[0]["finding_id"])
    assert one_finding
    return one_finding


def press(filled: decide._Form, status: str, **fields: str) -> str:
    filled.status.value = status
    for name, value in fields.items():
        getattr(filled, name).value = value
    filled.pressed(None)
    return str(filled.said.value)
