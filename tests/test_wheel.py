"""The built wheel alone: installed where no checkout is seen, it makes an own folder, and a self-check runs in it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import tiny_county
import yaml

ROOT = Path(__file__).parent.parent


def run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """One command in ``cwd``, as a stranger's shell would start it."""
    hidden = {"PYTHONPATH", "AUDITLIB_FOLDER"}
    borrowed = {"JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter"))}  # of the libraries seen
    return subprocess.run(
        [*map(str, words)],
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if name not in hidden} | borrowed,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def auditlib(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of the wheel in an environment of its own, which sees the libraries of this one and no checkout."""
    place = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (wheel,) = place.glob("*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", place / "env", cwd=place)
    python = place / "env" / "bin" / "python"
    process = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place)
    libraries = Path(process.stdout.strip())
    # A .pth file inside a folder that was named by one is not read: the editable install stays out of sight.
    (libraries / "seen.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    installed = run(
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--offline",
        "--no-deps",
        "--python",
        python,
        wheel,
        cwd=place,
    )
    assert installed.returncode == 0, installed.stderr
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
        python, "-c", "from auditlib.base.places import ROOT, SHIPPED; print(ROOT == SHIPPED, ROOT)", cwd=own
    )
    assert process.stdout.startswith("True "), process.stderr
    assert str(auditlib.parents[1]) in process.stdout


def test_nothing_is_missing_from_the_folder_and_its_sample_is_read(auditlib: Path, own: Path) -> None:
    for part in ("codes", "policy"):
        shipped = {file.name for file in (ROOT / "params" / part).iterdir()}
        assert {file.name for file in (own / "params" / part).iterdir()} == shipped
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
    written = {**parameters.as_json(), "data_dir": "../data 县", "output_dir": "../runs/试 县"}
    file = own / "params" / "本县.yaml"
    file.write_text(yaml.safe_dump(written, allow_unicode=True), "utf-8")
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
