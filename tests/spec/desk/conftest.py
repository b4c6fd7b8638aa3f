"""A bureau's own folder, for the tests of the desk."""

from __future__ import annotations

from pathlib import Path

import exported_county as exported
import pytest

from auditlib.desk.jobs import Job


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own with a county's files; no command is started."""
    monkeypatch.setenv("AUDITLIB_FOLDER", str(tmp_path))
    monkeypatch.delenv("AUDITLIB_RUNS", raising=False)
    monkeypatch.setattr(Job, "start", lambda job: job)
    (tmp_path / "auditlib-folder.txt").touch()
    (tmp_path / "params").mkdir()
    exported.write(tmp_path / "files", exported.pupils())
    return tmp_path
