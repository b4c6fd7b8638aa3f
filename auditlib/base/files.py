"""Files that come into their place all together, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def together(folder: Path, what: str) -> Iterator[Path]:
    """A folder for files and folders on their way: all come into their place in ``folder`` at the end, or none.

    A folder comes into its place as a whole: what lay there before goes with it.
    """
    into, old = folder / f".incoming-{what}", folder / f".outgoing-{what}"
    for left in (into, old):
        shutil.rmtree(left, ignore_errors=True)
    into.mkdir(parents=True)
    try:
        yield into
        for path in sorted(into.iterdir()):
            _place(path, folder / path.name, old)
    finally:
        for left in (into, old):
            shutil.rmtree(left, ignore_errors=True)


def _place(path: Path, place: Path, old: Path) -> None:
    aside = old / place.name
    if place.is_dir():  # a folder with something in it cannot be replaced, only moved away
        old.mkdir(exist_ok=True)
        place.replace(aside)
    try:
        path.replace(place)
    except OSError:
        if aside.exists():
            aside.replace(place)
        raise
