"""The zip for a computer without internet: what the lock needs there, held to its hashes, and what is clicked, as a user would."""

from __future__ import annotations

import ast
import hashlib
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

import bundle.__main__ as command
from auditlib.base.errors import AuditError
from bundle.assemble import FOLDER, SUMS, finish, pack
from bundle.interpreter import put_in
from bundle.lock import LINUX, WINDOWS, entries_needed
from bundle.program import LOCK, faults

ROOT = Path(__file__).parent.parent
NEW = "3.13"


def embeddable(file: Path, machine: int = 0x8664, paths: str = "python313._pth") -> Path:
    """What python.org gives, as far as the bundle looks at it."""
    program = bytearray(256)
    program[:2], program[128:132] = b"MZ", b"PE\0\0"
    struct.pack_into("<I", program, 60, 128)
    struct.pack_into("<H", program, 132, machine)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("python.exe", bytes(program))
        archive.writestr(paths, "python313.zip\n.\n#import site\n")
    return file


def install(program: Path, name: str, version: str, tag: str = "py3-none-any") -> None:
    about = program / f"{name}-{version}.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\n名", "utf-8")
    (about / "WHEEL").write_text(f"Wheel-Version: 1.0\nTag: {tag}\n", "utf-8")


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, Path]:
    """A program of three packages and its lock."""
    lock, program = tmp_path / "lock", tmp_path / "program"
    lock.write_text(
        "a-b==1 \\\n    --hash=sha256:00\ncolorama==2 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
    )
    install(program, "A_b", "1", "cp313-cp313-win_amd64")
    install(program, "colorama", "2")
    install(program, "auditlib", "0.1.0")
    return program, lock


def test_windows_gets_what_its_markers_ask_for_and_no_tools() -> None:
    entries = entries_needed(LOCK, WINDOWS, NEW)
    assert {"colorama", "pywinpty", "duckdb", "voila", "jupyterlab"} <= set(entries)
    assert set(entries).isdisjoint(
        {"pexpect", "ptyprocess", "appnope", "pytest", "ruff", "mypy", "uv", "playwright"}
    )
    there = entries_needed(LOCK, LINUX, NEW)
    assert {"pexpect", "ptyprocess"} <= set(there)
    assert set(there).isdisjoint({"colorama", "pywinpty", "appnope"})


def imports_of(file: Path) -> Iterator[tuple[str, bool]]:
    """The top-level names of the modules that a file imports, each with whether it does so as it is loaded."""
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node in tree.body) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0], node in tree.body


PROGRAM = {
    pair
    for file in [*(ROOT / "auditlib").rglob("*.py"), *(ROOT / "bundle" / "carried").glob("*.py")]
    for pair in imports_of(file)
}
POSIX = {"fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"}


def test_all_that_the_program_imports_is_in_the_lock_for_windows() -> None:
    """By the names under which this environment has it: no wheel is fetched for that."""
    entries, names = set(entries_needed(LOCK, WINDOWS, NEW)), metadata.packages_distributions()
    own = {
        "auditlib",
        "start",
        "samples",
        "pyspark",
        *sys.stdlib_module_names,
    }  # PySpark is an extra; no sample in a bundle
    parts = {module for module, _at_once in PROGRAM} - own
    assert {
        module
        for module in parts
        if not {canonicalize_name(name) for name in names.get(module, [])} & entries
    } == set()
    assert {"duckdb", "pandas", "voila"} <= parts


def test_nothing_that_windows_lacks_is_imported_as_the_program_is_loaded() -> None:
    assert POSIX & {module for module, at_once in PROGRAM if at_once} == set()


def test_every_entry_of_the_lock_is_read() -> None:
    output_lines = [
        line for line in LOCK.read_text("utf-8").splitlines() if "==" in line and line[0].isalpha()
    ]
    everywhere = (
        entries_needed(LOCK, WINDOWS, NEW)
        | entries_needed(LOCK, LINUX, "3.11")
        | entries_needed(LOCK, LINUX, "3.12.1")
    )
    names = {line.partition("==")[0] for line in output_lines}
    assert names - set(everywhere) == {"appnope"}  # of macOS alone


def test_a_program_like_its_lock_is_in_order(small: tuple[Path, Path]) -> None:
    program, lock = small
    assert list(faults(program, WINDOWS, NEW, lock)) == []
    assert list(faults(program, LINUX, NEW, lock)) == [
        "colorama: +",
        "A_b-1.dist-info: ['cp313-cp313-win_amd64']",
    ]


def test_what_is_missing_altered_or_too_much_is_named(small: tuple[Path, Path]) -> None:
    program, lock = small
    install(program, "pytest", "9")
    lock.write_text(lock.read_text().replace("a-b==1", "a-b==3"))
    (program / ("x" * 181)).mkdir()
    wrong = list(faults(program, WINDOWS, NEW, lock))
    assert [each.split()[0].rstrip(":") for each in wrong] == ["a-b", "pytest", "x" * 181]


def test_the_interpreter_reads_its_own_library_and_the_program_alone(tmp_path: Path) -> None:
    assert put_in(embeddable(tmp_path / "embed.zip"), tmp_path / "python", WINDOWS) == NEW
    assert (
        tmp_path / "python" / "python313._pth"
    ).read_bytes() == b"python313.zip\r\n.\r\n../program\r\nimport site\r\n"


@pytest.mark.parametrize("wrong", [{"machine": 0x14C}, {"machine": 0xAA64}, {"paths": "python310._pth"}])
def test_another_processors_or_an_old_python_is_refused(tmp_path: Path, wrong: dict[str, int | str]) -> None:
    with pytest.raises(AuditError) as refusal:
        put_in(embeddable(tmp_path / "embed.zip", **wrong), tmp_path / "python", WINDOWS)  # type: ignore[arg-type]
    assert "64" in str(refusal.value)


def test_without_the_python_for_windows_it_is_said_where_to_get_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command.main([]) == 1
    stderr = capsys.readouterr().err
    assert "Windows embeddable package (64-bit)" in stderr
    assert "EMBED=" in stderr


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle of Linux with nothing in ``program``: the tests' own Python and packages, where spaces and Chinese stand."""
    folder = tmp_path / "资助 核查" / FOLDER
    (folder / "python" / "bin").mkdir(parents=True)
    (folder / "python" / "bin" / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (folder / "python" / "bin" / "python3").chmod(0o755)
    (folder / "program").mkdir()
    (folder / "program" / "one.py").write_text("ONE = 1\n")
    finish(folder, LINUX)
    return folder


def click(bundle: Path, name: str, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": "", "JUPYTER_PATH": ""}
    return subprocess.run([str(bundle / name), *words], cwd="/", env=environment, capture_output=True, text=True, timeout=300, check=False)  # fmt: skip


def test_a_click_makes_the_working_folder_beside_the_bundle_and_commands_run_in_it(bundle: Path) -> None:
    page_after_click = click(bundle, "打开工作台.sh", "policy", "params/qinghe-2020-autumn.yaml")
    assert page_after_click.returncode == 0, page_after_click.stderr
    assert "青禾县" in page_after_click.stdout
    own = bundle.parent / "学生资助核查资料"
    assert (own / "auditlib-folder.txt").is_file()
    (own / "params" / "qinghe-2020-autumn.yaml").rename(own / "params" / "本县 一.yaml")
    again = click(bundle, "打开工作台.sh", "policy", "params/本县 一.yaml")
    assert again.returncode == 0, again.stderr


def test_the_check_passes_a_whole_bundle_and_names_an_altered_file(bundle: Path) -> None:
    output_lines = click(bundle, "检查安装.sh")
    assert (output_lines.returncode, "可以使用" in output_lines.stdout) == (0, True), output_lines.stdout
    (bundle / "program" / "one.py").write_text("ONE = 2\n")
    (bundle / "说明.txt").unlink()
    output_lines = click(bundle, "检查安装.sh")
    assert output_lines.returncode == 1
    assert "altered: program/one.py" in output_lines.stdout
    assert "missing: 说明.txt" in output_lines.stdout


def test_the_zip_holds_all_of_it_and_the_same_bytes_again(bundle: Path, tmp_path: Path) -> None:
    for name in ("一.zip", "二.zip"):
        pack(bundle, tmp_path / name)
    assert (tmp_path / "一.zip").read_bytes() == (tmp_path / "二.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "一.zip") as archive:
        sums = dict(line.split("  ")[::-1] for line in archive.read(f"{FOLDER}/{SUMS}").decode().splitlines())
        assert {name.removeprefix(f"{FOLDER}/") for name in archive.namelist()} == {*sums, SUMS}
        assert all(
            hashlib.sha256(archive.read(f"{FOLDER}/{name}")).hexdigest() == sums[name] for name in sums
        )


def test_what_windows_clicks_is_plain_ascii_and_finds_itself_by_its_own_place(tmp_path: Path) -> None:
    finish(tmp_path, WINDOWS)
    for name, script in {"打开工作台.bat": "start.py", "检查安装.bat": "check.py"}.items():
        lines = (tmp_path / name).read_bytes().decode("ascii").split("\r\n")
        assert f'"%~dp0python\\python.exe" "%~dp0{script}" %*' in lines
        assert (tmp_path / script).is_file()


@pytest.mark.by_hand
def test_every_wheel_of_the_lock_is_there_for_windows_and_linux(tmp_path: Path) -> None:
    """Asks the package index: ten minutes, 1.5 GB."""
    command.build(tmp_path / "windows", WINDOWS, embeddable(tmp_path / "embed.zip"))
    command.build(tmp_path / "linux", LINUX, Path(sys.base_prefix))
    page_after_click = click(tmp_path / "linux", "检查安装.sh")
    assert page_after_click.returncode == 0, page_after_click.stdout
