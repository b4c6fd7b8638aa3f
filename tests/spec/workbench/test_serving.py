"""Opening the workbench: a free port, a socket where there can be one, and what the kernel is told."""

from __future__ import annotations

import json
import os
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyterlab_server.translation_utils import get_language_pack
from run_fixture import finished_run
from serving import serve as serve_app

from auditlib.base.errors import UsageError
from auditlib.base.places import ROOT
from auditlib.cli import main
from auditlib.page.notebook_runs import has_sockets
from auditlib.workbench import serve
from auditlib.workbench.serve import settings_of
from auditlib.workbench.workbench import open_workbench


@pytest.fixture
def taken_port() -> int:
    with socket.socket() as held_socket:
        held_socket.bind((serve.HOST, 0))
        held_socket.listen()
        yield held_socket.getsockname()[1]


def test_a_port_that_is_taken_is_left_alone(taken_port: int) -> None:
    assert serve.free_port(taken_port) > taken_port


def test_where_no_port_is_free_the_inspector_is_told(
    taken_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "PORTS_TRIED", 1)
    with pytest.raises(UsageError, match="没有空闲的端口"):
        serve.free_port(taken_port)


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


@pytest.mark.parametrize("own", [True, False])
def test_jupyterlab_opens_on_the_folder_where_runs_and_params_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    words: list[str] = []
    monkeypatch.setattr("jupyterlab.labapp.main", words.extend)
    monkeypatch.setattr(serve, "_say_when_up", lambda *_sentences: None)
    monkeypatch.setenv(serve.RUNS, "")
    monkeypatch.setenv(serve.LANGUAGE, "")
    monkeypatch.setenv("AUDITLIB_FOLDER", str(tmp_path) if own else "")
    serve.serve_lab(None, "zh", browser=False)
    root = next(word.partition("=")[2] for word in words if word.startswith("--ServerApp.root_dir="))
    assert Path(root) == (tmp_path if own else ROOT)
    assert any(word.endswith("/lab/tree/notebooks/explore.ipynb") for word in words)


def test_other_commands_have_no_runs_to_open(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["rules", "--no-browser"])
    assert exit_info.value.code == 2
    assert "--no-browser" in capsys.readouterr().err


class Sitting:
    """An app that is running, asked as a browser would, without one."""

    def __init__(self, address: str):
        self.base, _mark, self.query = address.partition("?")
        self.asking = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def ask(self, path: str = "", data: bytes | None = None, **headers: str) -> tuple[int, str]:
        request = urllib.request.Request(f"{self.base}{path}", data=data, headers=headers)
        try:
            with self.asking.open(request, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, ""


def kernels(names: set[str]) -> set[str]:
    """Those of the kernels (by id) whose process runs."""
    lines = [
        file.read_bytes().decode("utf-8", "replace")
        for file in Path("/proc").glob("[0-9]*/cmdline")
        if file.exists()
    ]
    return {name for name in names if any(name in line for line in lines)}


@pytest.fixture(scope="module")
def sitting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sitting]:
    scratch = tmp_path_factory.mktemp("app")
    finished_run(scratch / "runs" / "a")
    for address in serve_app("app", scratch / "runs", scratch / "served"):
        yield Sitting(address)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for the processes of Linux")
def test_a_page_that_closes_takes_its_kernel_with_it(sitting: Sitting) -> None:
    status, page = sitting.ask(f"?{sitting.query}")
    assert status == 200
    (kernel,) = set(re.findall(r'"kernelId": ?"([0-9a-f-]{36})"', page))
    assert kernels({kernel}) == {kernel}
    origin = sitting.base.rstrip("/")
    assert sitting.ask(f"voila/api/shutdown/{kernel}", b"", Origin=origin)[0] == 204
    assert kernels({kernel}) == set()


def test_a_stranger_cannot_end_a_kernel(sitting: Sitting) -> None:
    stranger = Sitting(f"{sitting.base}?")
    assert stranger.ask("voila/api/shutdown/11111111-1111-1111-1111-111111111111", b"")[0] in (403, 404)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8866", "10.0.0.1"])
def test_a_name_made_to_point_here_is_refused(sitting: Sitting, host: str) -> None:
    assert sitting.ask(f"?{sitting.query}", Host=host)[0] == 403


def test_each_lab_has_a_secret_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start: list[list[str]] = []
    monkeypatch.setattr("jupyterlab.labapp.main", start.append)
    monkeypatch.setattr(serve, "_say_when_up", lambda *_sentences: None)
    for _sitting in range(2):
        serve.serve_lab(tmp_path, None, browser=False)
    secrets = [option for options in start for option in options if "cookie_secret" in option]
    assert len(secrets) == len(set(secrets)) == 2


def test_what_nobody_looks_at_any_more_ends_by_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    start: list[list[str]] = []
    monkeypatch.setattr("auditlib.workbench.app.WorkbenchServer.launch_instance", start.append)
    monkeypatch.setattr(serve, "_say_when_up", lambda *_sentences: None)
    monkeypatch.setenv("JUPYTER_PATH", "")
    serve.serve_app(tmp_path, None, browser=False)
    assert any(
        re.fullmatch(r"--MappingKernelManager.cull_idle_timeout=[1-9]\d*", option) for option in start[0]
    )


@pytest.mark.parametrize(("language", "menu"), [("zh", "文件"), (None, "文件"), ("en", "File")])
def test_jupyterlab_has_its_menus_in_the_readers_language(language: str | None, menu: str) -> None:
    settings = json.loads((settings_of(language) / "overrides.json").read_text("utf-8"))
    assert settings["@jupyterlab/docmanager-extension:plugin"] == {"autosave": False}
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    locale = settings.get("@jupyterlab/translation-extension:plugin", {}).get("locale", "en")
    pack, trouble = get_language_pack(locale)
    assert not trouble
    assert pack.get("jupyterlab", {}).get("menu\x04File", ["File"])[0] == menu
