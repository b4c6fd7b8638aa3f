"""For their owner alone, whatever the umask: files and folders with personal data, and what lies beside them.

Everything that a run writes comes into its place through :mod:`auditlib.base.files`, where files on their way are shut; what is
appended to is opened by :func:`opened`.
"""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

OTHERS = stat.S_IRWXG | stat.S_IRWXO
OWNERS_FILE, OWNERS_FOLDER = 0o600, 0o700
OURS = ("tables", "returned", "ledgers", "reperformed")  # the folders in a run's folder that are a run's


def shut(path: Path) -> None:
    """Takes from everybody but the owner what they may do with ``path``; what is somebody else's stays as it is.

    On Windows a file has its folder's rights, and there is nothing to take.
    """
    if os.name == "nt" or path.is_symlink():
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & OTHERS:
        with suppress(PermissionError):
            path.chmod(mode & ~OTHERS)


def shut_folder(folder: Path) -> Path:
    """``folder`` for its owner alone, made where it is not there; also what earlier runs left in it open."""
    folder.mkdir(parents=True, exist_ok=True, mode=OWNERS_FOLDER)
    shut(folder)
    for path in folder.iterdir():
        if path.name in OURS and path.is_dir() and not path.is_symlink():
            shut_all(path)
        elif path.is_file():
            shut(path)
    return folder


def shut_all(path: Path) -> None:
    """``path`` and, if it is a folder, all in it, for their owner alone."""
    shut(path)
    for below in path.rglob("*") if path.is_dir() and not path.is_symlink() else ():
        shut(below)


def open_private(path: Path, mode: str, **options: Any) -> Any:
    """``path`` open like :func:`open` does it; made for its owner alone, an older one shut."""
    file = open(path, mode, opener=_for_the_owner, **options)  # noqa: SIM115 # whoever calls closes it
    shut(path)
    return file


def keep_newest(folder: Path, pattern: str, most: int) -> None:
    """Removes all but the ``most`` newest files of ``folder`` that fit ``pattern``."""
    oldest_first = sorted(folder.glob(pattern), key=lambda file: file.stat().st_mtime)
    for file in oldest_first[:-most]:
        file.unlink(missing_ok=True)


def replace_private(path: Path, content: bytes) -> None:
    """``path`` with ``content``, for its owner alone: as it was before or whole, whatever happens in between."""
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # readable by its owner alone
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, OWNERS_FILE)
