"""Real runs of the three programmes, stopped from outside: what lies there is all of the last run, or all of this one.

One self-check is stopped here; every step of all three, each way, takes half an hour: ``pytest -m by_hand tests/spec/county/test_kills.py``.
Kills between single steps on the disk: ``test_files.py``.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import yaml
from tiny_county import deliver, tables, written
from trend_fixture import decision, finding, term_run

from auditlib.base.files import HIDDEN_FOLDER, is_being_written
from auditlib.base.run_folder import COMPLETE, state_of
from auditlib.runs.kept_content import ENDING

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
Digests = dict[str, str]


def digests(folder: Path) -> Digests:
    """Name to digest of every file that is seen; what people append to is left out."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and HIDDEN_FOLDER not in path.parts]
    of_a_run = [path for path in files if path.name not in ("dispositions.csv", "draws.csv")]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in of_a_run
    }


def parts(of_folder: Digests) -> tuple[Digests, Digests]:
    """The files of one run, and the counties kept for the next: each of these is written by itself, so a stopped run may
    have written some of them anew beside the results of the run before."""
    counties = {name: digest for name, digest in of_folder.items() if name.endswith(ENDING)}
    return {name: digest for name, digest in of_folder.items() if name not in counties}, counties


def start_of(command: str, parameters: Path, language: str = "zh") -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "auditlib.cli", command, str(parameters), "--language", language]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def lines_of(run: subprocess.Popen[bytes]) -> Iterator[str]:
    """Each step's title, as it begins."""
    assert run.stderr is not None
    output = b""
    while byte := run.stderr.read(1):
        output += byte
        if output.endswith(" …".encode()):
            yield output.decode().rpartition("\n")[2].removesuffix(" …")


def stop_at(
    run: subprocess.Popen[bytes], at: str, how: Callable[[subprocess.Popen[bytes]], None]
) -> tuple[int, str]:
    """``run`` stopped at the step ``at``; its status and what else it said."""
    for title in lines_of(run):
        if title == at:
            how(run)
            break
    _out, errors = run.communicate(timeout=600)
    return run.returncode, errors.decode()


def by(number: signal.Signals) -> Callable[[subprocess.Popen[bytes]], None]:
    return lambda run: run.send_signal(number)


def kernel(run: subprocess.Popen[bytes]) -> None:
    for child in psutil.Process(run.pid).children(recursive=True):
        child.kill()


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county's parameter file; it has been run once, with one pupil less."""
    folder = tmp_path_factory.mktemp("county")
    first = deliver(folder / "files", tables(12), output=folder / "out")
    written(first)
    deliver(folder / "files", tables(13), output=folder / "out")
    file = folder / "county.yaml"
    file.write_text(yaml.safe_dump(first.as_json(), allow_unicode=True), "utf-8")
    return file


def test_a_self_check_keeps_others_away_and_killed_leaves_the_run_before_it(county: Path) -> None:
    folder = county.parent / "out"
    before, run, second = digests(folder), start_of("self-check", county), None
    for title in lines_of(run):
        if title.startswith("逐条核对"):
            assert is_being_written(folder)
            run.send_signal(signal.SIGSTOP)  # however slow the second is to start, the first is still at it
            second = start_of("self-check", county)
            _out, refusal = second.communicate(timeout=600)
            run.send_signal(signal.SIGCONT)
            assert second.returncode == 1
            assert "另一次运行正在写入这个文件夹" in refusal.decode()
        if title.startswith("报告"):
            run.kill()
            break
    run.communicate(timeout=600)
    assert second is not None
    assert digests(folder) == before
    assert state_of(folder) == COMPLETE


@pytest.fixture(scope="module")
def programmes(county: Path) -> dict[str, tuple[Path, Path]]:
    """Command to parameter file and output folder, of a county, its city, and its terms; each run once."""
    folder = county.parent
    city = {
        "city_code": "9901", "city_name": "青禾市", "term": "2020-autumn", "packages": ["out/package.zip"],
        "county_params": ["county.yaml"], "output_dir": "city",
        "sample": {"method": "attribute", "confidence": 0.95, "tolerable_rate": 0.2, "expected_rate": 0, "seed": "20201231"},
    }  # fmt: skip
    autumn = term_run(
        folder / "a", "2020-autumn", [finding("a1")], [decision("a1", "confirmed", "2020-11-01")]
    )
    trend = {"runs": [autumn.name], "as_of": "2021-03-05", "output_dir": "trend"}
    programme_folders = {"self-check": (county, folder / "out")}
    for command, values in (("re-check", city), ("trend", trend)):
        file = folder / f"{command}.yaml"
        file.write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
        programme_folders[command] = file, folder / str(values["output_dir"])
    for command, (file, _folder) in programme_folders.items():
        run = start_of(command, file)
        _out, errors = run.communicate()
        assert run.returncode == 0, (command, errors.decode())
    return programme_folders


SAME = (
    ".pem",
    "ingest.json",
    ".csv",
    ".yaml",
    ".parquet",
    "draw.json",
    "conclusions.json",
    "data-folder.txt",
)
"""What may be the same in both languages; all else tells an old run from a new one."""
WAYS: dict[str, tuple[Callable[[subprocess.Popen[bytes]], None], set[int]]] = {
    "SIGKILL": (by(signal.SIGKILL), {-9}),
    "SIGINT": (by(signal.SIGINT), {130}),
    "SIGTERM": (by(signal.SIGTERM), {130}),
    "SIGHUP": (by(signal.SIGHUP), {130}),
    "kernel": (kernel, {1, 0}),  # once the report is being made, nobody needs it any more
}


@pytest.mark.by_hand
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("command", ["self-check", "re-check", "trend"])
def test_stopped_at_any_step_all_is_old_or_all_is_new(
    command: str, way: str, programmes: dict[str, tuple[Path, Path]]
) -> None:
    file, folder = programmes[command]

    def whole_run(language: str) -> tuple[list[str], Digests]:
        steps = list(lines_of(run := start_of(command, file, language)))
        run.communicate()
        assert run.returncode == 0
        return steps, digests(folder)

    (steps, new), (_steps, old) = whole_run("zh"), whole_run("en")
    told_apart = [name for name in new if not name.endswith(SAME) and not name.startswith("field-")]
    assert all(new[name] != old.get(name) for name in told_apart)
    how, expected = WAYS[way]
    for step in steps:
        status, fault_list = stop_at(start_of(command, file), step, how)
        assert status in expected, (step, fault_list)
        assert "Traceback" not in fault_list, step
        outputs, counties = parts(digests(folder))
        assert outputs in (parts(old)[0], parts(new)[0]), step
        for name, digest in counties.items():
            assert digest in (old.get(name), new.get(name)), (step, name)
        assert whole_run("en")[1] == old


@pytest.mark.by_hand
@pytest.mark.parametrize("kilobytes", [100, 150, 200, 250, 300, 400, 500, 600, 800])
def test_a_disk_that_fills_up_is_told_and_leaves_what_was_there(
    kilobytes: int, county: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may make a small disk")
    try:
        words = [
            sys.executable,
            "-m",
            "auditlib.cli",
            "self-check",
            str(county),
            "--output",
            str(disk / "out"),
        ]
        process = subprocess.run(words, capture_output=True, check=False, timeout=600)
        assert b"Traceback" not in process.stderr
        if process.returncode:
            assert process.returncode == 1
            assert "磁盘已满" in process.stderr.decode()
            assert not (disk / "out").exists()
        else:
            assert state_of(disk / "out") == COMPLETE
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.by_hand
@pytest.mark.parametrize("name", ["HOME", "TMPDIR", "AUDITLIB_KEYS", "JUPYTER_RUNTIME_DIR"])
def test_places_that_are_not_there_end_in_words_or_do_no_harm(
    name: str, county: Path, tmp_path: Path
) -> None:
    words = [
        sys.executable,
        "-m",
        "auditlib.cli",
        "self-check",
        str(county),
        "--output",
        str(tmp_path / "out"),
    ]
    environment = {**os.environ, name: "/proc/nowhere"}
    process = subprocess.run(words, capture_output=True, check=False, timeout=600, env=environment)
    assert b"Traceback" not in process.stderr
    assert process.returncode in (0, 1)
    assert (tmp_path / "out").exists() == (process.returncode == 0)
