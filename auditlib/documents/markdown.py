"""Markdown of the reference pages: a page, a grid, a text in two languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from auditlib.base.language import Text
from auditlib.tables.wording import word

GENERATED_NOTE = "<!-- Written by `make docs` from {source}; edit that, not this page. -->"


Say = Callable[[Text], str]
"""How a page says a text: in both languages, or in Chinese alone."""


def two_languages(text: Text) -> str:
    return f"{text.zh} · {text.en}"


def in_chinese(text: Text) -> str:
    return text.zh


def code_word(code: str) -> str:
    return f"`{code}` {word(code, 'zh')}"


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return ["| " + " | ".join(row) + " |" for row in [heads, ["---"] * len(heads), *lines]] + [""]


def page(say: Say, title: Text, source: str, lead: Text, body: Iterable[str]) -> str:
    head = [f"# {say(title)}", "", GENERATED_NOTE.format(source=source), ""]
    paragraphs = [lead.zh] if say is in_chinese else [lead.zh, lead.en]
    text = "\n".join([*head, *(line for part in paragraphs for line in (part, "")), *body]).rstrip() + "\n"
    return text.replace("(policy.md)", "(policy.zh-CN.md)") if say is in_chinese else text


def emphasise(say: Say, text: Text) -> list[str]:
    """The Chinese as a paragraph, the English beneath in italics where the page has both."""
    return [text.zh, ""] if say is in_chinese else [text.zh, "", f"*{text.en}*", ""]
