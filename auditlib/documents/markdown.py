"""Markdown of the reference pages: a page, a grid, a text in two languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditlib.base.language import Text
from auditlib.tables.wording import word

GENERATED = "<!-- Written by `make docs` from {source}; edit that, not this page. -->"


def two_languages(text: Text) -> str:
    return f"{text.zh} · {text.en}"


def code_word(code: str) -> str:
    return f"`{code}` {word(code, 'zh')}"


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return ["| " + " | ".join(row) + " |" for row in [heads, ["---"] * len(heads), *lines]] + [""]


def page(title: Text, source: str, lead: Sequence[str], body: Iterable[str]) -> str:
    head = [f"# {two_languages(title)}", "", GENERATED.format(source=source), ""]
    return "\n".join([*head, *(line for part in lead for line in (part, "")), *body]).rstrip() + "\n"
