"""What stands on a page of the report."""

from __future__ import annotations

import html
import re

TITLE = "青禾县 2020 年秋季学期学生资助县级自查报告"


def text_of(page: str) -> str:
    """What a reader sees: no tags, no styles, no pictures."""
    bare = re.sub(r"<(style|script).*?</\1>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", bare))
