"""The folder ``python``: the interpreter, given by whoever builds; of Windows the embeddable package of python.org."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import zipfile
from pathlib import Path

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from bundle.lock import WINDOWS, Platform

X64 = 0x8664  # machine of a PE file
PATHS = re.compile(r"^python3(\d+)\._pth$")
OLDEST = 11
NONE_GIVEN = Problem(
    Text("没有给出 Windows 版 Python", "the Python for Windows is not given"),
    Text("make bundle EMBED=…", "make bundle EMBED=…"),
    Text(
        "在能上网的电脑从 www.python.org/downloads/windows 下载 3.13 的 “Windows embeddable package (64-bit)”，核对网页上的校验和，再写 make bundle EMBED=该 zip 文件",
        "from www.python.org/downloads/windows download “Windows embeddable package (64-bit)” of 3.13, compare its checksum, "
        "then make bundle EMBED=that zip",
    ),
)
NOT_ONE = Problem(
    Text("不是 64 位 Windows 的嵌入式 Python", "this is no embeddable Python for 64-bit Windows"),
    Text("EMBED", "EMBED"),
    Text(
        "须为 python-3.x.y-embed-amd64.zip，3.11 以上（内有 python.exe 和 python3x._pth）",
        "it is named python-3.x.y-embed-amd64.zip, 3.11 or newer, and holds python.exe and python3x._pth",
    ),
)


def put_in(python_given: Path | None, into: Path, platform: Platform) -> str:
    """The interpreter in ``into``; its version (``3.13``). Raises AuditError where it is missing or another's."""
    if python_given is None or not python_given.exists():
        raise AuditError(NONE_GIVEN)
    return _embeddable(python_given, into) if platform is WINDOWS else _folder(python_given, into)


def _embeddable(python_given: Path, into: Path) -> str:
    if not zipfile.is_zipfile(python_given):
        raise AuditError(NOT_ONE)
    with zipfile.ZipFile(python_given) as archive:
        names = archive.namelist()
        minor = next((int(match[1]) for name in names if (match := PATHS.match(name))), 0)
        if minor < OLDEST or "python.exe" not in names or _machine(archive.read("python.exe")) != X64:
            raise AuditError(NOT_ONE)
        archive.extractall(into)
    # What it reads in the place of every setting of the computer: its own library, itself, and the program.
    lines = [f"python3{minor}.zip", ".", "../program", "import site"]
    (into / f"python3{minor}._pth").write_bytes("\r\n".join([*lines, ""]).encode("ascii"))
    return f"3.{minor}"


def _machine(program: bytes) -> int:
    """For what processor a Windows program was built; 0 where it is none."""
    if program[:2] != b"MZ" or len(program) < 64:
        return 0
    at = struct.unpack_from("<I", program, 60)[0]
    return int(struct.unpack_from("<H", program, at + 4)[0]) if program[at : at + 4] == b"PE\0\0" else 0


def _folder(python_given: Path, into: Path) -> str:
    """A Python that runs wherever it lies: a folder with ``bin/python3``."""
    shutil.copytree(python_given, into, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns("site-packages", "test", "__pycache__"))  # fmt: skip
    command = [str(into / "bin" / "python3"), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
