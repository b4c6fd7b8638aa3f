"""The folder ``program``: the wheels of the lock for another computer, unpacked, each held to its hash; and ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from email import message_from_string
from email.message import Message
from pathlib import Path

from packaging.utils import canonicalize_name

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.places import ROOT
from bundle.lock import Platform, entries_needed

LOCK = ROOT / "requirements-run.lock"
OURS = "auditlib"
LONGEST = (
    180  # characters of a path; Windows reads 260, less those of the folder in which the bundle is unpacked
)
UNFIT = Text("离线包与锁文件不符：{what}", "the bundle is not what the lock says: {what}")
MEND = Text(
    "请用 make lock 更新锁文件后重做；仍不符，说明该包没有这个平台的版本",
    "run make lock and build again; if it stays, that package has no build for this platform",
)


def unpack(into: Path, platform: Platform, python: str, lock: Path = LOCK) -> None:
    """The wheels of ``lock`` that ``platform`` needs, and ours, in ``into``. Raises AuditError where one is missing or altered."""
    options = ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    _install(into, platform, python, options)
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place]
        _run(command)
        (wheel,) = Path(place).glob("*.whl")
        _install(into, platform, python, [str(wheel)])
    _lighten(into)


def _install(into: Path, platform: Platform, python: str, options: list[str]) -> None:
    target = ["--python-platform", platform.target, "--python-version", python, "--target", str(into)]
    _run([sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--link-mode", "copy",
          "--python", sys.executable, *target, *options])  # fmt: skip


def _run(command: list[str]) -> None:
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        raise unfit([run.stderr.strip()[-1500:]])


def _lighten(program: Path) -> None:
    """Packages' own tests go: no run needs them, and their paths are too long for Windows."""
    for folder in sorted(program.rglob("tests"), reverse=True):
        if folder.is_dir():
            shutil.rmtree(folder)
    shutil.rmtree(program / "bin", ignore_errors=True)  # start scripts of the computer that built it


def unfit(what: list[str]) -> AuditError:
    """Each of ``what`` is told, with what to do."""
    place = Text("requirements-run.lock", "requirements-run.lock")
    return AuditError([Problem(UNFIT.fill(what=one), place, MEND) for one in what])


def faults(program: Path, platform: Platform, python: str, lock: Path = LOCK) -> Iterator[str]:
    """Everything in which ``program`` is not what the lock asks for on that platform."""
    entries, there = entries_needed(lock, platform, python), dict(packages(program))
    yield from (f"{name} {version}" for name, version in entries.items() if there.get(name) != version)
    yield from (f"{name}: +" for name in there if name not in entries and name != OURS)
    if OURS not in there:
        yield OURS
    yield from _foreign(program, platform)


def packages(program: Path) -> Iterator[tuple[str, str]]:
    """Name and version of every package."""
    for folder in sorted(program.glob("*.dist-info")):
        header = _header(folder / "METADATA")
        yield canonicalize_name(header["Name"]), header["Version"]


def _header(file: Path) -> Message:
    return message_from_string(file.read_text("utf-8"))


def _foreign(program: Path, platform: Platform) -> Iterator[str]:
    """Wheels of another platform, and paths that Windows could not unpack."""
    for file in sorted(program.glob("*.dist-info/WHEEL")):
        tags = _header(file).get_all("Tag") or []
        if not any(tag.endswith(("-any", platform.tag)) for tag in tags):
            yield f"{file.parent.name}: {tags}"
    for file in program.rglob("*"):
        inside = file.relative_to(program).as_posix()
        if len(inside) > LONGEST:
            yield f"{inside}: {len(inside)}"
