"""Opens the workbench in a browser: JupyterLab on its notebook, or Voilà without the code; on loopback, with a token.

Neither asks anything of the outside: no news, no look for updates, no icons of a CDN.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
import threading
import time
import warnings
from pathlib import Path

from auditlib.base.errors import Problem, UsageError
from auditlib.base.json_schema import without_grammar
from auditlib.base.language import Text
from auditlib.base.places import NOTEBOOKS, chosen_folder
from auditlib.base.places import runs as runs_folder
from auditlib.page.notebook_runs import has_sockets

HOST = "127.0.0.1"
NOTEBOOK, DESK = "explore.ipynb", "desk.ipynb"
SHARE = Path(__file__).parent / "share"
LAB_PORT, APP_PORT, PORTS_TRIED = 8888, 8866, 50
PATIENCE = 600  # tenths of a second until a server must be up
RUNS, LANGUAGE = "AUDITLIB_RUNS", "AUDITLIB_LANGUAGE"
"""Environment of the kernel: what the command was told, before the notebook's own parameters."""
WIDGETS = (
    "@voila-dashboards/widgets-manager8",
    "@jupyter-widgets/jupyterlab-manager",
    "anywidget",
)  # what the page loads; no other extension that lies about
OPEN_AT = Text(
    "请在本机浏览器打开（链接含口令，勿转发）：",
    "Open in a browser on this machine (the link holds a token, keep it):",
)
NO_PORT = Problem(
    Text("没有空闲的端口", "no port is free"),
    Text(HOST, HOST),
    Text("请关闭其他正在运行的工作台", "close other workbenches that are running"),
)


def serve_lab(runs: Path | None, language: str | None, *, browser: bool) -> None:
    """JupyterLab, opened on the workbench's notebook, until it is stopped."""
    without_grammar()
    from jupyterlab.labapp import main as jupyterlab

    warnings.filterwarnings(
        "ignore", message="ServerApp.token config is deprecated"
    )  # Jupyter's own, not ours
    port, token = free_port(LAB_PORT), secrets.token_urlsafe(24)
    _tell(runs, language)
    root, page = (
        chosen_folder() or NOTEBOOKS.parent,
        f"notebooks/{NOTEBOOK}",
    )  # where runs and params are seen
    _say_when_up(port, f"/lab/tree/{page}?token={token}", language)
    jupyterlab(
        [
            f"--ServerApp.root_dir={root}",
            f"--LabApp.default_url=/lab/tree/{page}",
            f"--LabApp.app_settings_dir={settings_of(language)}",
            "--LabApp.news_url=",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.extension_manager=readonly",
            f"--IdentityProvider.token={token}",
            # Else it is kept in a file, and a cookie of an earlier sitting opens this one.
            f"--ServerApp.cookie_secret={secrets.token_urlsafe(32)}",
            "--allow-root",  # on loopback, with a token: whoever starts it may
            *_common("ServerApp", port, browser=browser),
        ]
    )


def settings_of(language: str | None) -> Path:
    """JupyterLab's settings for a reader of ``language``: its menus too, as far as its translators have come."""
    return SHARE / "lab" / ("en" if language == "en" else "zh")


def serve_app(runs: Path | None, language: str | None, *, browser: bool) -> None:
    """The desk without code cells, until it is stopped; where a folder of ``runs`` is named, the workbench on it."""
    without_grammar()
    from auditlib.workbench.app import CULLING, WorkbenchServer

    port, token = free_port(APP_PORT), secrets.token_urlsafe(24)
    _tell(runs, language)
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, (str(SHARE), os.environ.get("JUPYTER_PATH"))))
    _say_when_up(port, f"/?token={token}", language)
    WorkbenchServer.launch_instance(
        [
            str(NOTEBOOKS / (NOTEBOOK if runs else DESK)),
            "--template=workbench",
            *(f"--VoilaConfiguration.extension_allowlist={name}" for name in WIDGETS),
            f"--VoilaExporter.language_code={'en' if language == 'en' else 'zh'}",
            f"--Voila.token={token}",
            *CULLING,
            *_common("Voila", port, browser=browser),
        ]
    )


def _common(server: str, port: int, *, browser: bool) -> list[str]:
    quiet = [f"--{server}.open_browser=False"] if not browser else []
    # A socket of this user's instead of an open port between server and kernel (personal data passes here).
    sockets = ["--KernelManager.transport=ipc"] if has_sockets() else []
    return [
        f"--{server}.ip={HOST}",
        f"--{server}.port={port}",
        "--Application.log_level=WARN",
        *quiet,
        *sockets,
    ]


def _tell(runs: Path | None, language: str | None) -> None:
    elsewhere = runs_folder() != NOTEBOOKS.parent / "runs"  # than where the notebook's own parameter leads
    if runs is not None or elsewhere:
        os.environ[RUNS] = str((runs or runs_folder()).resolve())
    if language is not None:
        os.environ[LANGUAGE] = language


def _say_when_up(port: int, page: str, language: str | None) -> None:
    """Prints the address once somebody answers there, from a thread beside the server."""

    def wait() -> None:
        for _moment in range(PATIENCE):
            if not _is_free(port):
                print(OPEN_AT.into(language or "zh"), file=sys.stderr)
                print(f"http://{HOST}:{port}{page}", flush=True)
                return
            time.sleep(0.1)

    threading.Thread(target=wait, daemon=True).start()


def _is_free(port: int) -> bool:
    with socket.socket() as socket_tried:
        return socket_tried.connect_ex((HOST, port)) != 0


def free_port(first_port: int) -> int:
    """``first_port``, or the next one above it that nobody listens on.

    Raises UsageError where all of fifty are taken.
    """
    for port in range(first_port, first_port + PORTS_TRIED):
        if _is_free(port):
            return port
    raise UsageError(NO_PORT)
