"""An export of many findings: a portion at a time, the page answered in between, masked as when it began."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from pathlib import Path
from typing import Any

import IPython
import openpyxl
import pytest
from loops import in_a_loop
from run_fixture import finished_run

from auditlib.workbench import export, listing
from auditlib.workbench.export import export_list
from auditlib.workbench.listing import _Listing
from auditlib.workbench.session import Session
from auditlib.workbench.unmasking import unmask


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return finished_run(tmp_path_factory.mktemp("runs") / "990122-2020-autumn")


@pytest.fixture
def session(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr(export, "PORTION", 2)
    session = Session(who="王审")
    session.open(run_folder)
    return session


class Page:
    """The listing of ``session`` in a running loop, and what it hands the browser."""

    def __init__(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        self.listing = _Listing(session)
        self.files: list[bytes] = []
        self.progress: list[str] = []
        monkeypatch.setattr(
            self.listing.saver, "save", lambda content, name, kind: self.files.append(content)
        )
        self.listing.grid.observe(lambda change: self.progress.append(change["new"]), ["busy"])

    async def press(self, *meanwhile: Any) -> None:
        self.listing.told(None, {"kind": "export"}, [])
        for act in meanwhile:
            await asyncio.sleep(0)
            act()
        while self.listing.grid.busy:
            await asyncio.sleep(0)


def test_the_page_is_answered_between_two_portions_and_is_told_how_far_it_is(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, progress_seen = Page(session, monkeypatch), []
    in_a_loop(page.press(*[lambda: progress_seen.append(page.listing.grid.busy)] * 3))
    assert len(set(progress_seen)) > 1, "nothing was asked while it was written"
    assert page.progress[0] == "正在导出…" and "正在导出 2 / " in page.progress[1]
    assert page.progress[-1] == ""
    assert page.files == [export_list(session)]


def test_a_second_press_while_one_is_written_begins_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(session, monkeypatch)
    in_a_loop(page.press(lambda: page.listing.told(None, {"kind": "export"}, [])))
    assert len(page.files) == 1


def test_names_shown_while_it_is_written_do_not_come_into_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, masked = Page(session, monkeypatch), export_list(session)
    in_a_loop(page.press(lambda: unmask(session, "核实", dt.datetime(2021, 1, 5, 12))))
    assert session.unmasked
    assert page.files == [masked]
    assert "已遮盖" in openpyxl.load_workbook(io.BytesIO(masked))["说明"]["A3"].value


def test_an_error_while_it_is_written_is_heard_and_the_button_is_free_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines_heard: list[bool] = []
    shell = type("Shell", (), {"showtraceback": lambda self: lines_heard.append(True)})()
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)

    def broken_panel(session: Session) -> Any:
        yield 1, 2
        raise OSError("disk full")

    monkeypatch.setattr(listing, "exporting", broken_panel)
    page = Page(session, monkeypatch)
    in_a_loop(page.press())
    assert lines_heard == [True] and page.files == []
    assert page.listing.grid.busy == ""
