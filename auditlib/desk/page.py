"""What a page of the desk is made of, as plain values: headings, text, fields, tables, buttons. The browser draws them.

A name is a list of words; what is chosen or pressed comes back with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]
Name = Sequence[str]
FEW = 5  # options that stand side by side as buttons; more stand in a list


def heading(text: str, level: int = 2) -> Block:
    """A heading of a page (2) or of a part of it (3)."""
    return {"is": "heading", "text": text, "level": level}


def prose(text: str, style: str = "", *, is_new: bool = False) -> Block:
    """A paragraph; lines stay lines. ``style``: hint, alert (said aloud), good (said aloud), amber. ``is_new``: what answers the
    last press, and is brought into sight."""
    return {"is": "prose", "text": text, "style": style, "isNew": is_new}


def field(
    name: Name,
    label: str,
    value: str,
    kind: str = "text",
    *,
    options: Sequence[tuple[str, str]] = (),
    help: str = "",
    hide_label: bool = False,
    wide: bool = False,
    style: str = "",
) -> Block:
    """One answer. ``kind``: text, date, number, check (value "1" or ""), select, choice (few options side by side)."""
    return {
        "is": "field",
        "name": list(name),
        "label": label,
        "value": value,
        "kind": kind,
        "options": [list(option) for option in options],
        "help": help,
        "hideLabel": hide_label,
        "wide": wide,
        "style": style,
    }


def choice(name: Name, label: str, value: str, options: Sequence[tuple[str, str]], **more: Any) -> Block:
    """One of ``options``: by one click where they are few."""
    return field(name, label, value, "choice" if len(options) <= FEW else "select", options=options, **more)


def fields(items: Sequence[Block]) -> Block:
    """Fields side by side as far as there is room."""
    return {"is": "fields", "items": list(items)}


def button(
    name: Name, text: str, *, primary: bool = False, label: str = "", pressed: bool | None = None
) -> Block:
    """What is pressed; ``label`` says it in full where the text alone does not; ``pressed``: one that stays down."""
    return {
        "is": "button",
        "name": list(name),
        "text": text,
        "primary": primary,
        "label": label,
        "pressed": pressed,
    }


def drop(name: Name, label: str, text: str, help: str, sending: str, endings: Sequence[str]) -> Block:
    """A place to drop files on, with a button that chooses them; ``sending``: what is said while they come, with {n} and {m}."""
    return {
        "is": "drop",
        "name": list(name),
        "label": label,
        "text": text,
        "help": help,
        "sending": sending,
        "accept": ",".join(endings),
    }


def buttons(items: Sequence[Block]) -> Block:
    """Buttons in a row."""
    return {"is": "buttons", "items": list(items)}


def cell(text: str, style: str = "", *, right: bool = False) -> Block:
    """A cell of a table; ``style`` as of prose, or good, amber, lost: a light, which also says its word."""
    return {"is": "cell", "text": text, "style": style, "right": right}  # never broken into two lines


def table(
    caption: str,
    head: Sequence[str | Block],
    rows: Sequence[Sequence[str | Block]],
    *,
    style: str = "",
    current: int | None = None,
) -> Block:
    """A table; a cell is a text, a :func:`cell`, a field or a button. ``current``: the row that is looked at."""
    return {
        "is": "table",
        "caption": caption,
        "head": list(head),
        "rows": [list(row) for row in rows],
        "style": style,
        "current": current,
    }


def steps(label: str, items: Sequence[tuple[str, str, bool]], current: str) -> Block:
    """Where one is: (page, title, can one go there?)."""
    return {"is": "steps", "label": label, "items": [list(item) for item in items], "current": current}


def progress(label: str, share: float, text: str) -> Block:
    """How far something is, from 0 to 1."""
    return {"is": "progress", "label": label, "share": round(share, 3), "text": text}


def beside(first: Sequence[Block], second: Sequence[Block]) -> Block:
    """Two columns."""
    return {"is": "beside", "left": list(first), "right": list(second)}


def fold(summary: str, blocks: Sequence[Block], *, name: str, is_open: bool = False) -> Block:
    """Blocks that are opened by a press; ``name`` keeps it open when the page is drawn anew."""
    return {"is": "folded", "summary": summary, "blocks": list(blocks), "name": name, "open": is_open}
