"""The bundle put together: interpreter, program, what is clicked, the sums of all files; and the zip of it."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bundle.lock import WINDOWS, Platform

FOLDER = "学生资助核对工作台"
SUMS = "SHA256SUMS"
CARRIED_FILES = Path(__file__).with_name("carried")
BATCH = '@echo off\r\n"%~dp0python\\python.exe" "%~dp0{script}" %*\r\nif errorlevel 1 pause\r\n'
"""ASCII alone, in the encoding that every Windows reads; Chinese is said by the scripts."""
SHELL = '#!/bin/sh\nhere=$(cd "$(dirname "$0")" && pwd)\nexec "$here/python/bin/python3" -s "$here/{script}" "$@"\n'
SCRIPTS = {"打开工作台": "start.py", "检查安装": "check.py"}
EARLIEST = (1980, 1, 1, 0, 0, 0)  # no clock in the zip: the same files give the same bytes


def finish(folder: Path, platform: Platform) -> None:
    """What is clicked, what is read first, and last the sums."""
    for name in (*SCRIPTS.values(), "说明.txt"):
        shutil.copyfile(CARRIED_FILES / name, folder / name)
    for name, script in SCRIPTS.items():
        if platform is WINDOWS:
            (folder / f"{name}.bat").write_bytes(BATCH.format(script=script).encode("ascii"))
        else:
            (folder / f"{name}.sh").write_text(SHELL.format(script=script), "utf-8")
            (folder / f"{name}.sh").chmod(0o755)
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {inside}\n" for inside, file in files(folder)]
    (folder / SUMS).write_text("".join(lines), "utf-8", newline="\n")


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file but the sums and what Python compiles for itself, with its place in the bundle, sorted."""
    for file in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        inside = file.relative_to(folder)
        if file.is_file() and inside.as_posix() != SUMS and "__pycache__" not in inside.parts:
            yield inside.as_posix(), file


def pack(folder: Path, into: Path) -> str:
    """``folder`` as a zip; its SHA-256, which is also written beside it."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, file in [*files(folder), (SUMS, folder / SUMS)]:
            about = zipfile.ZipInfo(f"{FOLDER}/{inside}", EARLIEST)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = (0o755 if file.stat().st_mode & 0o100 else 0o644) << 16
            archive.writestr(about, file.read_bytes())
    digest = hashlib.sha256(into.read_bytes()).hexdigest()
    into.with_suffix(".zip.sha256").write_text(f"{digest}  {into.name}\n", "utf-8", newline="\n")
    return digest
