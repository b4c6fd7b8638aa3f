"""Is this bundle whole, and does it run here? Needs nothing but Python: it is asked before anything else is trusted."""

from __future__ import annotations

import hashlib
import importlib
import io
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import start  # type: ignore[import-not-found]  # beside this file in the bundle

SUMS = "SHA256SUMS"
PARTS = (
    "duckdb",
    "pandas",
    "pyarrow",
    "scipy",
    "matplotlib",
    "python_calamine",
    "cryptography",
    "jupyterlab",
    "voila",
)
ALL_WELL, NOT_WELL = "可以使用。· All is well.", "不能使用：· This will not do:"
NEXT = "处理：删除本文件夹，从原来的 zip 重新解压；仍不行，请换一份 zip。· What to do: delete this folder and unpack the zip again; if it stays, get the zip anew."


def altered_files(bundle: Path) -> Iterator[str]:
    """Files that are missing or not as they were packed."""
    for line in (bundle / SUMS).read_text("utf-8").splitlines():
        digest, _blank, name = line.partition("  ")
        file = bundle / name
        if not file.is_file():
            yield f"缺少 · missing: {name}"
        elif hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            yield f"已改变 · altered: {name}"


def missing_parts() -> Iterator[str]:
    """Parts of the program that this computer cannot load."""
    for name in PARTS:
        try:
            importlib.import_module(name)
        except ImportError as error:
            yield f"不能载入 · cannot be loaded: {name} ({error})"


def closed() -> Iterator[str]:
    """What the program needs of the computer: a folder to write in, a port that the browser of this computer can reach."""
    try:
        tempfile.TemporaryFile(dir=start.working_folder().parent).close()
    except OSError as error:
        yield f"不能写入 · cannot be written to: {start.working_folder().parent} ({error.strerror})"
    try:
        with socket.socket() as connection:
            connection.bind(("127.0.0.1", 0))
    except OSError as error:
        yield f"本机端口 · no port on this computer: {error.strerror}"


def silent() -> Iterator[str]:
    """The program itself says its version."""
    command = [sys.executable, str(start.HERE / "start.py"), "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode or "auditlib" not in answer.stdout:
        yield f"程序不能启动 · the program does not start: {answer.stderr.strip()[-300:]}"


def main() -> int:
    """0: it can be used; 1: told why not."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    start.surroundings()
    print(f"Python {sys.version.split()[0]}  {start.HERE}", flush=True)
    wrong: list[str] = []
    asks: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: altered_files(start.HERE),
        missing_parts,
        closed,
        silent,
    )
    for ask in asks:
        wrong += [] if wrong else list(ask())  # what was altered is not run
    print("\n".join([NOT_WELL, *wrong[:20], NEXT] if wrong else [ALL_WELL]))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
