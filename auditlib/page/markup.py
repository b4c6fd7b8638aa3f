"""HTML by small pieces: every value that goes in is escaped, every piece that comes out is ``Markup``."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from auditlib.base.language import Text
from auditlib.base.masking import scrub

NOTHING = "—"
ISO_DAY = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)")
BESIDE_CLASS = re.compile(r"(?<=[一-鿿])(?=\d{1,2}(?:年级|班))|(?<=\d)(?=年级|班)")
SMALL_GROUP = 5
WAN = 10_000
TERM = {
    "spring": Text("{year} 年春季学期", "spring term {year}"),
    "autumn": Text("{year} 年秋季学期", "autumn term {year}"),
}


@dataclass(frozen=True)
class Col:
    """A column of a table: its title, how its cells stand (``text``, ``number``) and its width class.

    Classes: ``k`` short and never broken, ``long`` text that needs room.
    """

    title: str
    kind: str = "text"
    css: str = ""

    @classmethod
    def of(cls, title: str, look: str) -> Col:
        """A column from one word: ``number``, ``text`` or a class."""
        return cls(title, look) if look in ("number", "text") else cls(title, css=look)

    @property
    def classes(self) -> str:
        return " ".join(filter(None, ("n" if self.kind == "number" else "", self.css)))


@dataclass(frozen=True)
class Cell:
    """A cell that shows one thing and sorts by another. ``place``: town, school, yuan and whether unsure of its row,
    by which rows are filtered."""

    shown: Markup | str
    sort: str = ""
    place: str = ""


ALMOST_SURE, CERTAIN = ">0.99", 0.99


def probability(value: float) -> str:
    """A probability as it is read; never rounded to a certainty that it is not."""
    return ALMOST_SURE if value > CERTAIN else f"{math.floor(value * 100 + 0.5) / 100:.2f}"


def is_missing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def count(value: Any) -> str:
    """``14891`` as ``14,891``; a missing number as a dash."""
    return NOTHING if is_missing(value) else f"{int(value):,}"


def few(value: Any) -> str:
    """A count of pupils that does not single anyone out: 1 to 4 as ``1–4``."""
    return "1–4" if is_few(value) else count(value)


def is_few(value: Any) -> bool:
    return not is_missing(value) and 0 < int(value) < SMALL_GROUP


def yuan(value: Any) -> str:
    """Yuan with separators, to the fen: ``12,500.00``."""
    return NOTHING if is_missing(value) else f"{Decimal(str(value)):,.2f}"


def yuan_short(value: Any, language: str) -> tuple[str, str]:
    """A headline amount and its unit: 万元 from ten thousand on in Chinese, else whole yuan."""
    amount = Decimal(0) if is_missing(value) else Decimal(str(value))
    if language == "zh":
        return (f"{amount / WAN:,.2f}", "万元") if abs(amount) >= WAN else (f"{amount:,.2f}", "元")
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}", "yuan"


def percent(part: Any, total: Any) -> str:
    """``part`` of ``total`` to one decimal, never rounded to a hundred or a nothing that it is not."""
    if is_missing(part) or is_missing(total) or int(total) == 0:
        return NOTHING
    tenths = round(Fraction(1000 * int(part), int(total)))
    if int(part) > 0 and tenths == 0:
        return "<0.1%"
    if int(part) < int(total) and tenths == 1000:
        return ">99.9%"
    return f"{tenths // 10}.{tenths % 10}%"


def day(value: Any, language: str) -> str:
    """``2020-10-31`` as ``2020 年 10 月 31 日`` in Chinese."""
    if is_missing(value):
        return NOTHING
    text = value.isoformat()[:10] if isinstance(value, dt.date) else str(value)
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        return text
    return f"{date.year} 年 {date.month} 月 {date.day} 日" if language == "zh" else text


def prose(text: str, language: str) -> str:
    """``text`` with its ISO days, years of study and classes as a Chinese page writes them: ``2020 年 9 月 17 日``,
    ``小学 3 年级 2 班``."""
    if language != "zh":
        return text
    with_days = ISO_DAY.sub(lambda found_day: day(found_day[0], language), text)
    return BESIDE_CLASS.sub(" ", with_days)


def term(value: Any, language: str) -> str:
    """``2020-autumn`` in words."""
    year, _, season = str(value).partition("-")
    return TERM[season].into(language).format(year=year) if season in TERM else str(value)


def paragraph(text: object, css: str = "") -> Markup:
    return Markup('<p class="{}">{}</p>').format(css, text) if css else Markup("<p>{}</p>").format(text)


def note(text: object) -> Markup:
    return paragraph(text, "note")


def join(pieces: Iterable[Markup]) -> Markup:
    return Markup("").join(pieces)


def bullets(items: Iterable[object]) -> Markup:
    return Markup("<ul>{}</ul>").format(join(Markup("<li>{}</li>").format(item) for item in items))


def heading(level: int, text: object, anchor: str = "") -> Markup:
    """A heading with a place for its number, which is known when the report is put together."""
    identity = Markup(' id="{}"').format(anchor) if anchor else Markup("")
    return Markup("<h{level}{identity}>{text}</h{level}>").format(level=level, identity=identity, text=text)


def table(
    columns: Sequence[Col],
    rows: Iterable[Sequence[Any]],
    *,
    caption: str,
    css: str = "",
    total: Sequence[Any] | None = None,
    headed: bool = False,
) -> Markup:
    """A table with a caption, scrolled sideways on narrow screens; ``total`` is its last row.

    ``headed``: a heading with the same words stands above; the caption is then for screen readers alone. On a narrow screen
    the rows of a ``list`` and of ``cards`` are cards, whose cells carry their columns' titles.
    """
    head = join(Markup('<th scope="col" class="{}">{}</th>').format(c.classes, c.title) for c in columns)
    listed = "list" in css.split()
    labels = "every" if "cards" in css.split() else "number" if listed else ""
    body = join(_row(columns, row, labels) for row in rows)
    foot = Markup("<tfoot>{}</tfoot>").format(_row(columns, total, labels)) if total else Markup("")
    # A list stands under its heading; a caption taken out of the flow would keep its header row off the next page.
    title = Markup("") if listed or headed else Markup("<caption>{}</caption>").format(caption)
    return Markup(
        '<div class="wide" role="region" tabindex="0" aria-label="{caption}"><table class="{css}">'
        "{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table></div>"
    ).format(caption=caption, css=css, title=title, head=head, body=body, foot=foot)


def _row(columns: Sequence[Col], cells: Sequence[Any], labels: str = "") -> Markup:
    """``labels``: which cells carry their column's title (``every`` but the first, or ``number``), for the narrow screen
    where the header row is not seen."""
    cards = (
        _cell(column, value, (at > 0 and labels == "every") or (labels == "number" == column.kind))
        for at, (column, value) in enumerate(zip(columns, cells, strict=True))
    )
    return Markup(f"<tr>{''.join(cards)}</tr>")


def _cell(column: Col, value: Any, labelled: bool) -> str:
    """Written with ``escape`` rather than ``Markup.format``: a report has tens of thousands of cells."""
    cell = value if isinstance(value, Cell) else Cell(value if isinstance(value, Markup) else str(value))
    attributes = f' class="{escape(column.classes)}"' if column.classes else ""
    if cell.sort:
        attributes += f' data-sort="{escape(cell.sort)}"'
    if cell.place:
        attributes += f' data-place="{escape(cell.place)}"'
    if labelled and cell.shown != "":
        attributes += f' data-label="{escape(column.title)}"'
    return f"<td{attributes}>{escape(cell.shown)}</td>"


def address(record: str) -> str:
    """``payments:发放.xlsx!Sheet1!12`` without the table, ID-like digits masked."""
    _, colon, place = record.partition(":")
    return scrub(place if colon else record)


def below(text: object) -> Markup:
    """A second, smaller line in a cell."""
    return Markup('<span class="below">{}</span>').format(text)


def details(summary: object, body: Markup) -> Markup:
    return Markup("<details><summary>{}</summary>{}</details>").format(summary, body)


def tag(text: object, kind: str) -> Markup:
    return Markup('<span class="tag {}">{}</span>').format(kind, text)


def mapping_rows(values: Any, language: str) -> list[tuple[str, str]]:
    """A mapping as pairs of text, nested ones with dotted keys, numbers like ID numbers masked."""
    rows: list[tuple[str, str]] = []
    for key, value in dict(values).items():
        if isinstance(value, dict):
            rows += [(f"{key}.{below}", text) for below, text in mapping_rows(value, language)]
        else:
            rows.append((str(key), scrub(_plain(value, language))))
    return rows


def _plain(value: Any, language: str) -> str:
    items, pairs = ("、", "，") if language == "zh" else (", ", "; ")
    if isinstance(value, list | tuple):
        return items.join(_plain(item, language) for item in value) or NOTHING
    if isinstance(value, dict):
        return pairs.join(f"{k}: {_plain(v, language)}" for k, v in value.items())
    return NOTHING if value is None or value == "" else str(value)
