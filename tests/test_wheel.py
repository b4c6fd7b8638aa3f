"""The built wheel in an empty environment, with what the lock of a run names and nothing else: it makes an own folder, and
a self-check runs in it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import tiny_county
import yaml

ROOT = Path(__file__).parent.parent


def run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """One command in ``cwd``, as a stranger's shell would start it."""
    hidden_variables = {"PYTHONPATH", "AUDITLIB_FOLDER", "JUPYTER_PATH", "VIRTUAL_ENV"}
    return subprocess.run(
        [*map(str, words)],
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if name not in hidden_variables},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def install(python: Path, *what: str | Path) -> None:
    """``what`` into the environment of ``python``: from what `make setup` has fetched, else from the index."""
    command = [sys.executable, "-m", "uv", "pip", "install", "--no-deps", "--python", python]
    installed = run(*command, "--offline", *what, cwd=ROOT)
    if installed.returncode:
        installed = run(*command, *what, cwd=ROOT)
    assert installed.returncode == 0, installed.stderr


@pytest.fixture(scope="module")
def auditlib(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of the wheel in an environment that holds nothing but it and what the lock of a run names."""
    place = tmp_path_factory.mktemp("wheel")
    build = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place, cwd=ROOT)
    assert build.returncode == 0, build.stderr
    (wheel,) = place.glob("*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", place / "env", cwd=place)
    python = place / "env" / "bin" / "python"
    install(python, "--require-hashes", "-r", ROOT / "requirements-run.lock")
    install(python, wheel)
    return place / "env" / "bin" / "auditlib"


@pytest.fixture(scope="module")
def own(auditlib: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``auditlib init`` makes where the path has spaces and Chinese."""
    folder = tmp_path_factory.mktemp("资助 核查") / "我的 文件夹"
    process = run(auditlib, "init", folder, cwd=folder.parent)
    assert process.returncode == 0, process.stderr
    assert str(folder) in process.stdout
    return folder


def test_the_wheel_is_what_runs(auditlib: Path, own: Path) -> None:
    python = auditlib.with_name("python")
    process = run(
        python,
        "-c",
        "from auditlib.base.places import ROOT, SHIPPED_FOLDER; print(ROOT == SHIPPED_FOLDER, ROOT)",
        cwd=own,
    )
    assert process.stdout.startswith("True "), process.stderr
    assert str(auditlib.parents[1]) in process.stdout
    check = run(sys.executable, "-m", "uv", "pip", "check", "--python", python, cwd=own)
    assert check.returncode == 0, check.stderr  # what the wheel asks for is what the lock of a run gives


def test_what_is_clicked_in_the_folder_is_the_wheels_program(own: Path) -> None:
    entries = dict(
        line.split("=", 1) for line in (own / "打开工作台.desktop").read_text("utf-8").splitlines()[1:]
    )
    process = run(*shlex.split(entries["Exec"])[:-1], "--version", cwd=Path(entries["Path"]))
    assert process.stdout.startswith("auditlib "), process.stderr
    assert Path(entries["Icon"]).is_file()


def test_nothing_is_missing_from_the_folder_and_its_sample_is_read(auditlib: Path, own: Path) -> None:
    for part in ("codes", "policy"):
        shipped_names = {file.name for file in (ROOT / "params" / part).iterdir()}
        assert {file.name for file in (own / "params" / part).iterdir()} == shipped_names
    process = run(auditlib, "policy", "params/qinghe-2020-autumn.yaml", cwd=own)
    assert (process.returncode, "青禾县" in process.stdout) == (0, True), process.stderr
    assert run(auditlib, "rules", cwd=own).returncode == 0


def test_a_self_check_in_the_folder_goes_by_its_own_lists_and_law(
    auditlib: Path, own: Path, tmp_path: Path
) -> None:
    """A header, a value and a standard that only this folder knows; run from elsewhere, its parameter file named."""
    data = own / "data 县"
    parameters = tiny_county.deliver(data, tiny_county.tables())
    (data / "payments.csv").write_text(
        (data / "payments.csv").read_text("utf-8").replace("金额", "实得数").replace("成功", "已入户"),
        "utf-8",
    )
    with (own / "params" / "headers.csv").open("a", encoding="utf-8", newline="") as lines:
        lines.write("payments,amount,实得数,\n")
    with (own / "params" / "codes" / "result.csv").open("a", encoding="utf-8", newline="") as lines:
        lines.write("success,已入户\n")
    law = own / "params" / "policy" / "national.yaml"
    law.write_text(law.read_text("utf-8").replace("国家", "本县自改", 1), "utf-8")
    parameters_written = {**parameters.as_json(), "data_dir": "../data 县", "output_dir": "../runs/试 县"}
    file = own / "params" / "本县.yaml"
    file.write_text(yaml.safe_dump(parameters_written, allow_unicode=True), "utf-8")
    process = run(auditlib, "self-check", file, cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    assert (own / "runs" / "试 县" / "report.html").is_file()
    content = (own / "runs" / "试 县" / "tables" / "policy-0-national.yaml").read_text("utf-8")
    assert "本县自改" in content


def test_the_demonstration_says_that_its_city_is_not_in_the_wheel(auditlib: Path, own: Path) -> None:
    process = run(auditlib, "demo", cwd=own)
    assert process.returncode == 2
    assert len(process.stderr.splitlines()) == 3
    assert "auditlib init" in process.stderr
