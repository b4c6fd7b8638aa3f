"""What is wrong in a policy file: which file, which entry, what to write instead."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import Text

MAPPING_ASKED = ("应为“键: 值”的映射", "should be a mapping")
WORDS_ASKED = ("应为文字的列表", "should be a list of words")
REMEDY = Text("按 params/policy/national.yaml 的写法改正", "follow the form of params/policy/national.yaml")


def wrong(file: Path, place: str, zh: str, en: str) -> UsageError:
    """The error to raise for the entry at ``place`` (``schemes › aid › who``; empty: the file itself)."""
    where = f"{file.name} › {place}" if place else file.name
    return UsageError(Problem(Text(zh, en), Text(where, where), REMEDY))


def check_keys(entry: Any, allowed_names: tuple[str, ...], file: Path, place: str) -> None:
    """Raises UsageError where ``entry`` is no mapping, or for the first key that is not ``allowed_names``."""
    if not isinstance(entry, Mapping):
        raise wrong(file, place, *MAPPING_ASKED)
    for key in entry:
        if key not in allowed_names:
            names = ", ".join(allowed_names)
            raise wrong(
                file,
                f"{place} › {key}".removeprefix(" › "),
                f"不认识的键“{key}”；可用：{names}",
                f"unknown key “{key}”; allowed: {names}",
            )


def line(value: Any, file: Path, place: str) -> str:
    """One line of text, as a document is cited. Raises UsageError for anything else."""
    if not isinstance(value, str) or not value.strip() or "\n" in value.strip():
        raise wrong(
            file,
            place,
            "应为一行文字：所依据的文件，如“财政部、教育部通知（2024-03）”",
            "should be one line of text: the document, as “notice of the ministries (2024-03)”",
        )
    return value.strip()


FIRST_DAY = re.compile("(?:19[5-9]|20[0-9])[0-9]-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
"""Older than what is audited: a standard may hold since long before."""


def first_day_of(value: str, file: Path, place: str) -> dt.date:
    """The day that ``value`` names, as YYYY-MM-DD. Raises UsageError where it names none."""
    try:
        return dt.date.fromisoformat(value if FIRST_DAY.fullmatch(value) else "")
    except ValueError:
        raise wrong(
            file, place, f"“{value}”不是日期 YYYY-MM-DD", f"“{value}” is not a date YYYY-MM-DD"
        ) from None
