"""Who else may read what was written."""

from __future__ import annotations

from pathlib import Path

OTHERS = 0o077


def open_to_others(folder: Path) -> list[str]:
    """The folder and all in it that anybody but the owner may read, write or enter."""
    return [
        f"{path.relative_to(folder.parent)} {path.stat().st_mode & 0o777:o}"
        for path in (folder, *sorted(folder.rglob("*")))
        if path.stat().st_mode & OTHERS
    ]
