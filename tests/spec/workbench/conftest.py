"""A run and a sitting over it, for every test of the workbench that has none of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from run_fixture import finished_run

from auditlib.workbench.session import Session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return finished_run(tmp_path / "runs" / "990122-2020-autumn")


@pytest.fixture
def session(folder: Path) -> Session:
    sitting = Session(who="张审计")
    sitting.open(folder)
    return sitting
