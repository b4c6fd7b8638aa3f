"""A part of the report as a value: a notebook shows it by itself, the report puts it in its place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

from auditlib.base.language import Text

TEMPLATES = Path(__file__).parent / "template"
ANNEX = Markup(" data-annex")
"""What tells an annex from a section for the reader."""
MASKED_PERSONS = Text(
    "本附件列有遮盖后的个人：内部使用，不对外提供。",
    "This annex lists persons, masked: internal, not to be handed out.",
)
STATIC = TEMPLATES / "audit" / "static"


@cache
def _notebook_style() -> str:
    return (STATIC / "notebook.css").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Section:
    """``key`` is the anchor, ``summary`` the one line for a terminal. Both and ``body`` are already masked.

    ``annex``: for whoever checks the report; the page puts it behind the sections for its reader.
    """

    key: str
    title: str
    body: Markup
    summary: str = ""
    annex: bool = False

    def __repr__(self) -> str:
        return f"{self.title}: {self.summary}" if self.summary else self.title

    @property
    def html(self) -> Markup:
        """The section alone, as the report takes it."""
        return Markup(
            '<section class="audit" id="{0}"{3} aria-labelledby="{0}-title"><h2 id="{0}-title">{1}</h2>{2}</section>'
        ).format(self.key, self.title, self.body, ANNEX if self.annex else "")

    def _repr_html_(self) -> str:
        """The section with the few styles that a notebook needs; the report takes them out again."""
        return f"<style>{_notebook_style()}</style>{self.html}"


def stays_inside(language: str) -> Markup:
    """What an annex that lists persons says at its head."""
    return Markup('<p class="note inside">{}</p>').format(MASKED_PERSONS.into(language))
