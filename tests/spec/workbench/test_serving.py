"""Opening the workbench: a free port, a socket where there can be one, and what the kernel is told."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from run_fixture import finished_run

from auditlib.base.errors import UsageError
from auditlib.cli import main
from auditlib.page.notebook_runs import has_sockets
from auditlib.workbench import serve
from auditlib.workbench.workbench import open_workbench


@pytest.fixture
def taken() -> int:
    with socket.socket() as held:
        held.bind((serve.HOST, 0))
        held.listen()
        yield held.getsockname()[1]


def test_a_port_that_is_taken_is_left_alone(taken: int) -> None:
    assert serve.free_port(taken) > taken


def test_where_no_port_is_free_the_inspector_is_told(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "TRIED", 1)
    with pytest.raises(UsageError, match="没有空闲的端口"):
        serve.free_port(taken)


def test_a_folder_with_too_long_a_name_has_no_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", "/r")
    assert has_sockets() == (os.name == "posix")
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / ("r" * 60)))
    assert not has_sockets()


def test_what_the_command_says_comes_before_the_notebooks_parameters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished_run(tmp_path / "runs" / "a")
    monkeypatch.setenv(serve.RUNS, str(tmp_path / "runs"))
    monkeypatch.setenv(serve.LANGUAGE, "en")
    shell = open_workbench(tmp_path / "elsewhere", "zh")
    assert "Student-aid audit workbench" in shell.children[1].children[0].value


def test_other_commands_have_no_runs_to_open(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["rules", "--no-browser"])
    assert ended.value.code == 2
    assert "--no-browser" in capsys.readouterr().err
