"""A desk that was begun, and all the words on its pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from auditlib.desk.desk import Desk


def begun(home: Path, language: str = "zh") -> Desk:
    """A desk that has come to the files."""
    desk = Desk(language)
    desk.hear(["new"])
    for key, text in {
        "code": "990341",
        "name": "样禾县",
        "term": "2024-autumn",
        "folder": str(home / "files"),
    }.items():
        desk.hear(["form", key], text)
    desk.hear(["next"])
    return desk


def everything(blocks: Any) -> str:
    return json.dumps(blocks, ensure_ascii=False)
