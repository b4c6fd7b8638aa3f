"""Files that come into their place all together, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def together(folder: Path, what: str) -> Iterator[Path]:
    """A folder for files on their way: all come into their place in ``folder`` at the end, or none."""
    into = folder / f".incoming-{what}"
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    try:
        yield into
        for path in sorted(into.iterdir()):
            path.replace(folder / path.name)
    finally:
        shutil.rmtree(into, ignore_errors=True)
