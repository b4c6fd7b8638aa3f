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
def handed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, str]]:
    files: list[tuple[bytes, str]] = []
    monkeypatch.setattr(Saver, "save", lambda _self, content, name, _kind: files.append((content, name)))
    return files


def pressed(panel: Any, title: str) -> str:
    """What is said after a press."""
    _head, buttons, problem, _saver = panel.children
    next(button for button in buttons.children if button.description == title).click()
    return str(problem.value)


def test_only_files_that_the_run_has_are_offered(session: Session) -> None:
    _head, buttons, _problem, _saver = run_files.panel(session).children
    assert [button.description for button in buttons.children] == ["报告", "工作清单（未遮盖）"]


def test_the_report_comes_at_once_the_working_list_after_unmasking(
    session: Session, handed: list[tuple[bytes, str]]
) -> None:
    panel = run_files.panel(session)
    assert pressed(panel, "报告") == ""
    assert "显示完整信息" in pressed(panel, "工作清单（未遮盖）")
    assert handed == [(b"<p>report", "report.html")]
    session.unmasked = True
    assert pressed(panel, "工作清单（未遮盖）") == ""
    assert handed[1] == (b"names", "findings.xlsx")


def test_a_file_that_went_is_said(session: Session, handed: list[tuple[bytes, str]]) -> None:
    panel = run_files.panel(session)
    assert session.folder
    (session.folder / "report.html").unlink()
    assert "打不开" in pressed(panel, "报告")
    assert handed == []
