"""The workbench served as a person starts it, for the tests that look at it in a browser."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

DESK = {"width": 1366, "height": 768}
UP = 30_000  # milliseconds for a kernel to start on a busy machine
STOPPED = 60  # seconds in which a server must have stopped
OUTSIDE = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:")


def serve(
    command: str, runs: Path | None, scratch: Path, *options: str, folder: Path | None = None
) -> Iterator[str]:
    """The address that ``auditlib lab`` or ``app`` prints; stopped as a person stops it, by Ctrl+C.

    ``folder``: where it is started, which matters where no folder of ``runs`` is named.
    """
    folders = {
        name: str(scratch / name.lower())
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
            "IPYTHONDIR",
        )
    }
    for own in folders.values():
        Path(own).mkdir(parents=True)
    settings = {
        "LabApp": {"expose_app_in_browser": True}
    }  # so that a test can run all cells once the kernel is up
    (Path(folders["JUPYTER_CONFIG_DIR"]) / "jupyter_lab_config.json").write_text(json.dumps(settings))
    log, log_name = scratch / "log", ["--runs", str(runs)] if runs else []
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, "-m", "auditlib.cli", command, "--no-browser", *log_name, *options],
            cwd=folder,
            env={**os.environ, **folders},
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
            preexec_fn=_heeding_ctrl_c,
        ) as server,
    ):
        assert server.stdout
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), log.read_text()
        yield address
        server.send_signal(signal.SIGINT)
        server.send_signal(signal.SIGINT)  # JupyterLab asks whether one is sure: one is
        try:
            server.wait(STOPPED)
        except subprocess.TimeoutExpired:
            server.kill()
            raise


def _heeding_ctrl_c() -> None:
    """Tests that were started in the background of a script ignore Ctrl+C, and so would what they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
