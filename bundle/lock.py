"""The lock of what a run needs, read for another computer: which entries its markers ask for there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

ENTRY = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^ ;\\]+)\s*(?:;\s*(?P<marker>[^\\]+?))?\s*\\?$")


@dataclass(frozen=True)
class Platform:
    """A computer for which a bundle is made. ``target``: as uv names it; ``tag``: the end of its wheels' tags."""

    name: str
    target: str
    tag: str
    sys_platform: str
    os_name: str
    system: str


WINDOWS = Platform("windows-x64", "x86_64-pc-windows-msvc", "win_amd64", "win32", "nt", "Windows")
LINUX = Platform("linux-x64", "x86_64-manylinux_2_28", "x86_64", "linux", "posix", "Linux")
PLATFORMS = {"windows": WINDOWS, "linux": LINUX}


def entries_needed(lock: Path, platform: Platform, python: str) -> dict[str, str]:
    """Name to version of the entries that ``platform`` needs with ``python`` (``3.13``)."""
    entries = filter(None, map(ENTRY.match, lock.read_text("utf-8").splitlines()))
    there = _surroundings(platform, python)
    return {
        canonicalize_name(entry["name"]): entry["version"]
        for entry in entries
        if entry["marker"] is None or Marker(entry["marker"]).evaluate(there)
    }


def _surroundings(platform: Platform, python: str) -> dict[str, str]:
    return {
        "sys_platform": platform.sys_platform,
        "os_name": platform.os_name,
        "platform_system": platform.system,
        "platform_machine": "AMD64" if platform is WINDOWS else "x86_64",
        "python_version": python,
        "python_full_version": python if python.count(".") > 1 else f"{python}.99",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
