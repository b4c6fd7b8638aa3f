"""Folders for what does not fit into memory: for their owner alone, and gone when the process is.

They hold persons' data, like the run's own folder; a kernel is killed when its run is over, and what it leaves is
removed by whoever started it, else by the next run.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

START = "auditlib-spilled-"


def spill_folder(within: Path) -> Path:
    """A new folder in ``within``, for this process. Raises OSError where none can be made."""
    within.mkdir(parents=True, exist_ok=True)
    remove_spilled(within)
    folder = Path(tempfile.mkdtemp(prefix=f"{START}{os.getpid()}-", dir=within))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def remove_spilled(within: Path | None) -> None:
    """Removes what processes that are no more have left in ``within``."""
    for folder in within.glob(f"{START}*-*") if within else ():
        import psutil  # where there is something to look at

        process = folder.name.removeprefix(START).partition("-")[0]
        if not (process.isdigit() and psutil.pid_exists(int(process))):
            shutil.rmtree(folder, ignore_errors=True)
