"""Charts: bars with their values written on them, the same bytes from the same numbers, Chinese from a package.

matplotlib is imported when the first chart is drawn: a run without charts does not pay for it.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Told apart by any eye and in grey print: owed to children, paid wrongly, in order, not known.
OWED_COLOUR, WRONG, SOUND, UNKNOWN = "#b04a10", "#2a5d8f", "#7d8f9c", "#cfd6dc"
INK, MUTED_COLOUR = "#1c2730", "#55636e"
WIDTH = 4.9  # inches, 470 pixels: two side by side on a desk, one on a telephone with little shrinking
PAPER = 7.05  # inches between the margins of A4: printed without shrinking, so that 9 points stay 9 points
ROW = 0.47
ROOM = 1.36  # of a chart's width, where the longest bar is 1
FAMILY = "Noto Sans CJK SC"


@dataclass(frozen=True)
class Bar:
    """One bar: what it is, how long, what is written at its end."""

    label: str
    value: float
    shown: str
    colour: str = WRONG


@cache
def font_settings() -> Any:
    """Settings of every chart; the font file is added to matplotlib once a process."""
    import noto_cjk_sans_otc
    from matplotlib import font_manager

    font_manager.fontManager.addfont(str(noto_cjk_sans_otc.FONT_PATH))
    return {
        "font.family": [FAMILY],
        "font.size": 9.5,
        "axes.unicode_minus": False,
        "svg.fonttype": "path",
        "svg.hashsalt": "auditlib",
        "text.parse_math": False,
        "text.color": INK,
    }


def use_font() -> None:
    """From now on charts that matplotlib or pandas draw in this process write Chinese too."""
    import matplotlib as mpl

    mpl.rcParams.update(font_settings())


def picture(figure: Figure) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return base64.b64encode(buffer.getvalue()).decode()


def _bare(axes: Axes) -> None:
    axes.set_axis_off()
    axes.margins(0)


def _draw_bars(axes: Axes, bars: Sequence[Bar], longest: float) -> None:
    """Each bar under its label, its value at its end; the longest at three quarters of the width, or as its value allows."""
    right = ROOM
    for row, bar in enumerate(bars):
        length = max(bar.value, 0) / longest if longest else 0
        axes.barh(row + 0.42, max(length, 0.002), height=0.3, color=bar.colour)
        axes.text(0, row, bar.label, va="center", ha="left", color=INK)
        end = length + 0.015
        value_text = axes.text(
            end, row + 0.42, bar.shown, va="center", ha="left", color=MUTED_COLOUR, fontsize=9
        )
        width = value_text.get_window_extent().width / axes.get_window_extent().width
        right = max(right, end / (1 - min(width, 0.9)))
    axes.set_xlim(0, right)
    axes.set_ylim(len(bars) - 0.35, -0.3)
    _bare(axes)


def bars(items: Sequence[Bar]) -> str:
    """Horizontal bars as base64 SVG."""
    import matplotlib as mpl

    with mpl.rc_context(font_settings()):
        from matplotlib.figure import Figure

        figure = Figure(figsize=(WIDTH, ROW * len(items) + 0.05))
        axes = figure.add_axes((0.005, 0, 0.99, 1))
        _draw_bars(axes, items, max((bar.value for bar in items), default=0))
        return picture(figure)


def waterfall(items: Sequence[Bar]) -> str:
    """Bars that begin where the one before ended, the first and the last from nothing, as base64 SVG."""
    import matplotlib as mpl

    with mpl.rc_context(font_settings()):
        from matplotlib.figure import Figure

        figure = Figure(figsize=(WIDTH, ROW * len(items) + 0.05))
        _draw_fall(figure.add_axes((0.005, 0, 0.99, 1)), items)
        return picture(figure)


def _draw_fall(axes: Axes, items: Sequence[Bar]) -> None:
    ends = list(accumulate(bar.value for bar in items[:-1]))
    starts = [0.0, *ends[:-1], 0.0]
    low, high = min(0.0, *ends), max(0.0, *ends)
    span = high - low or 1.0
    for row, (bar, start) in enumerate(zip(items, starts, strict=True)):
        colour = bar.colour if 0 < row < len(items) - 1 else SOUND
        begin, end = sorted(((start - low) / span, (start + bar.value - low) / span))
        axes.barh(row + 0.42, max(end - begin, 0.004), left=begin, height=0.3, color=colour)
        axes.text(0, row, bar.label, va="center", ha="left", color=INK)
        axes.text(end + 0.015, row + 0.42, bar.shown, va="center", ha="left", color=MUTED_COLOUR, fontsize=9)
    axes.axvline(-low / span, color=UNKNOWN, linewidth=0.8, zorder=0)
    axes.set_xlim(0, 1.16)
    axes.set_ylim(len(items) - 0.35, -0.3)
    _bare(axes)


def figure(picture: str, *, alt: str, caption: str, broad: bool = False, narrow: str = "") -> Markup:
    """A chart with the words that stand for it; without them it is not shown at all.

    ``broad``: as wide as paper, so that a telephone shows a part of it and lets it be moved instead of shrinking its words;
    ``narrow``: the same chart as a telephone shows it whole.
    """
    if not alt.strip():
        raise ValueError("a chart needs an alternative text")
    image = Markup('<img src="data:image/svg+xml;base64,{}" alt="{}">').format(picture, alt)
    if narrow:
        source = (
            '<picture><source media="(max-width: 40rem)" srcset="data:image/svg+xml;base64,{}">{}</picture>'
        )
        image = Markup(source).format(narrow, image)
    if broad:
        part = '<div class="wide" role="region" tabindex="0" aria-label="{}">{}</div>'
        image = Markup(part).format(caption, image)
    return Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(caption, image)


def side_by_side(*figures: Markup) -> Markup:
    return Markup('<div class="figures">{}</div>').format(Markup("").join(figures))


def describe(items: Sequence[Bar], language: str) -> str:
    """The chart read aloud: every bar with its value."""
    colon, comma, stop = ("：", "；", "。") if language == "zh" else (": ", "; ", ".")
    return comma.join(f"{bar.label}{colon}{bar.shown}" for bar in items) + stop
