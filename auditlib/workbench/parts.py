"""The widgets of our own: list, overview and chips, each a page of JavaScript that draws what the kernel tells it.

They are HTML buttons, inputs and a table, so that keyboard and screen reader work as everywhere; nothing is fetched.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets
from markupsafe import escape

from auditlib.base.errors import AuditError

STATIC = Path(__file__).parent / "static"
PAGE = 15  # rows of the list that fit on a screen of 768 lines


class FindingsGrid(anywidget.AnyWidget):
    """The list: ``rows`` are one page, each ``{id, severity, disposition, cells}``; sets what the inspector asks for."""

    _esm = (STATIC / "grid.js").read_text("utf-8")
    words = traitlets.Dict().tag(sync=True)
    columns: traitlets.List[Any] = traitlets.List().tag(sync=True)
    shown: traitlets.List[Any] = traitlets.List().tag(sync=True)
    rows: traitlets.List[Any] = traitlets.List().tag(sync=True)
    first = traitlets.Int(0).tag(sync=True)
    size = traitlets.Int(PAGE).tag(sync=True)
    total = traitlets.Int(0).tag(sync=True)
    summary = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    busy = traitlets.Unicode().tag(sync=True)
    search = traitlets.Unicode().tag(sync=True)
    filters = traitlets.Dict().tag(sync=True)
    order = traitlets.Dict({"column": "", "descending": False}).tag(sync=True)
    ticked: traitlets.List[Any] = traitlets.List().tag(sync=True)
    current = traitlets.Unicode().tag(sync=True)


class Bars(anywidget.AnyWidget):
    """The overview: figures, funnel and charts; a press sends ``{kind: toggle, column, code}``."""

    _esm = (STATIC / "overview.js").read_text("utf-8")
    words = traitlets.Dict().tag(sync=True)
    figures: traitlets.List[Any] = traitlets.List().tag(sync=True)
    funnel: traitlets.List[Any] = traitlets.List().tag(sync=True)
    charts: traitlets.List[Any] = traitlets.List().tag(sync=True)
    measure = traitlets.Unicode("count").tag(sync=True)


class Chips(anywidget.AnyWidget):
    """The filters that hold; a press sends ``{kind: remove, key}`` or ``{kind: clear}``."""

    _esm = (STATIC / "chips.js").read_text("utf-8")
    words = traitlets.Dict().tag(sync=True)
    chips: traitlets.List[Any] = traitlets.List().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)


class Sources(anywidget.AnyWidget):
    """The rows that a finding rests on, each a button: ``items`` are their texts; a press sends ``{kind: open, at}``."""

    _esm = (STATIC / "sources.js").read_text("utf-8")
    title = traitlets.Unicode().tag(sync=True)
    items: traitlets.List[Any] = traitlets.List().tag(sync=True)


class Saver(anywidget.AnyWidget):
    """Nothing to see: hands the browser a file to keep."""

    _esm = (STATIC / "saver.js").read_text("utf-8")

    def save(self, content: bytes, name: str, kind: str) -> None:
        """``kind``: the media type."""
        self.send({"name": name, "type": kind}, buffers=[content])


def style() -> ipywidgets.HTML:
    """The look of the workbench, in light and plain colours, the report's."""
    return ipywidgets.HTML(f"<style>{(STATIC / 'workbench.css').read_text('utf-8')}</style>")


def words(session: Any, **texts: Any) -> dict[str, str]:
    """The words that a part needs, in the sitting's language."""
    return {name: text.into(session.language) for name, text in texts.items()}


def alert(refusal: AuditError, language: str) -> str:
    """What is wrong, where and what to do, said aloud by a screen reader."""
    return f'<div role="alert" class="wb-alert">{escape(refusal.into(language))}</div>'


def good(text: str) -> str:
    """What was done, said aloud."""
    return f'<div role="status" class="wb-good">{escape(text)}</div>'
