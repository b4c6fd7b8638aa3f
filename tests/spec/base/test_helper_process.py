"""What is given to a helper is done by the time that it has finished, wherever; an error is raised as if there were no other."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from auditlib.base.helper_process import Helper, HelperProcess


def write(path: Path, text: str) -> None:
    path.write_text(f"{text} {os.getpid()}")


def fail(path: Path) -> None:
    with path.open("a") as file:
        file.write("tried ")
    raise OSError(28, "no space")


def leave(path: Path, parent: int) -> None:
    if os.getpid() != parent:
        os._exit(9)
    path.write_text("done here")


@pytest.mark.parametrize("kind", [Helper, HelperProcess])
def test_all_is_done_in_order(kind: type[Helper], tmp_path: Path) -> None:
    with kind() as helper:
        for at in range(3):
            helper.give(write, tmp_path / "one", f"{at}")
        helper.finish()
        number, process = (tmp_path / "one").read_text().split()
    assert number == "2"
    assert (int(process) == os.getpid()) == (kind is Helper)


def test_an_error_there_is_met_here_and_what_follows_is_done(tmp_path: Path) -> None:
    with HelperProcess() as helper:
        helper.give(fail, tmp_path / "failed")
        with pytest.raises(OSError, match="no space"):
            helper.finish()
    assert (tmp_path / "failed").read_text() == "tried tried "


def test_what_cannot_be_sent_is_done_here(tmp_path: Path) -> None:
    with HelperProcess() as helper:
        helper.give(lambda: (tmp_path / "a").write_text("here"))
        helper.give(write, tmp_path / "b", "there")
        helper.finish()
    assert (tmp_path / "a").read_text() == "here"
    assert (tmp_path / "b").read_text() != f"there {os.getpid()}"


def test_where_the_other_process_dies_all_is_done_here(tmp_path: Path) -> None:
    with HelperProcess() as helper:
        helper.give(leave, tmp_path / "a", os.getpid())
        helper.give(write, tmp_path / "b", "here")
        helper.finish()
    assert (tmp_path / "a").read_text() == "done here"
    assert (tmp_path / "b").read_text() == f"here {os.getpid()}"


def test_it_ends_with_the_process_that_it_helps() -> None:
    code = (
        "import os, time; from auditlib.base.helper_process import HelperProcess; h = HelperProcess();"
        "h.give(time.sleep, 0); h.finish(); print(h.process.pid, flush=True);"
        "h.give(time.sleep, 1); time.sleep(0.3); os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.stderr == ""  # it was at work, and has nobody left to tell
    process = int(ended.stdout)
    for _wait in range(100):
        if not psutil.pid_exists(process) or psutil.Process(process).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.1)
    pytest.fail("it is still there")
