"""Report and lists handed over from the workbench: masked ones at once, those in full once the reason is logged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from run_fixture import finished_run

from auditlib.workbench import run_files
from auditlib.workbench.parts import Saver
from auditlib.workbench.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Session:
    folder = finished_run(tmp_path / "runs" / "990122-2020-autumn")
    (folder / "report.html").write_bytes(b"<p>report")
    (folder / "findings.xlsx").write_bytes(b"names")
    sitting = Session()
    sitting.open(folder)
    return sitting


@pytest.fixture
def files_handed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, str]]:
    files: list[tuple[bytes, str]] = []
    monkeypatch.setattr(Saver, "save", lambda _self, content, name, _kind: files.append((content, name)))
    return files


def press(panel: Any, title: str) -> str:
    """What is said after a press."""
    _head, buttons, problem, _saver = panel.children
    next(button for button in buttons.children if button.description == title).click()
    return str(problem.value)


def test_only_files_that_the_run_has_are_offered(session: Session) -> None:
    _head, buttons, _problem, _saver = run_files.panel(session).children
    assert [button.description for button in buttons.children] == ["报告", "工作清单（未遮盖）"]


def test_the_report_comes_at_once_the_working_list_after_unmasking(
    session: Session, files_handed: list[tuple[bytes, str]]
) -> None:
    panel = run_files.panel(session)
    assert press(panel, "报告") == ""
    assert "显示完整信息" in press(panel, "工作清单（未遮盖）")
    assert files_handed == [(b"<p>report", "report.html")]
    session.unmasked = True
    assert press(panel, "工作清单（未遮盖）") == ""
    assert files_handed[1] == (b"names", "findings.xlsx")


def test_a_file_that_went_is_said(session: Session, files_handed: list[tuple[bytes, str]]) -> None:
    panel = run_files.panel(session)
    assert session.folder
    (session.folder / "report.html").unlink()
    assert "打不开" in press(panel, "报告")
    assert files_handed == []
