"""What the panels that need a run's tables share: the run opened once a sitting, and only when a panel comes in front."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditlib.base.errors import AuditError
from auditlib.runs.run_tables import RunTables, open_run
from auditlib.workbench.session import Session


def tables_of(session: Session) -> RunTables:
    """The tables of the run that is open. Raises AuditError where they cannot be opened."""
    assert session.folder
    run: RunTables | None = session.run
    if run is None or run.folder != session.folder or not _is_current(run):
        session.run = run = open_run(session.folder)
    return run


def _is_current(run: RunTables) -> bool:
    try:
        run.assert_unchanged()
    except AuditError:
        return False
    return True


def in_front(session: Session, key: str, draw: Callable[[], None]) -> None:
    """Calls ``draw`` whenever the panel ``key`` comes in front; at once where it is there already."""

    def look(_change: Any = None) -> None:
        if session.panel == key:
            draw()

    session.observe(look, ["panel"])
    look()
