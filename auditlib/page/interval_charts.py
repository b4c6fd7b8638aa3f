"""A chart of rates: a point a row with its interval, and one line for all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditlib.page.charts import MUTED_COLOUR, OWED_COLOUR, PAPER, ROW, UNKNOWN, WRONG, font_settings, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT_MARGIN, RIGHT = 0.27, 0.7  # of the width: names to the left, figures to the right
LOW_ROW, HIGH_ROW = 0.62 * ROW, 1.1 * ROW
GAP, FIGURE_POINTS = 0.02, 9  # between a line and its words, of the width; their height
BELOW = 0.3  # of a row: words that leave no room beside the name stand beneath the line
NARROW = 3.68  # inches, 353 pixels: the width of a telephone without its margins


@dataclass(frozen=True)
class Interval:
    """One row: a name, a value between its limits, and what is mark at its end. ``marked``: it needs to be looked at."""

    label: str
    value: float
    low: float
    high: float
    shown: str
    marked: bool = False


def intervals(items: Sequence[Interval], line: float, mark: str, *, narrow: bool = False) -> str:
    """Base64 SVG. ``line`` is drawn across all rows, ``mark`` stands above it. ``narrow``: for a telephone, the words of a row
    above it."""
    import matplotlib as mpl

    with mpl.rc_context(font_settings()):
        from matplotlib.figure import Figure

        size = (NARROW, HIGH_ROW * (len(items) + 0.5)) if narrow else (PAPER, LOW_ROW * (len(items) + 1))
        figure = Figure(figsize=(size[0], size[1] + 0.05))
        _draw(figure.add_axes((0.005, 0, 0.99, 1)), items, line, mark, narrow=narrow)
        return picture(figure)


def _draw(axes: Axes, items: Sequence[Interval], line: float, mark: str, *, narrow: bool = False) -> None:
    most = max([line, *(item.high for item in items)]) or 1.0
    start, end, above = (0.02, 0.97, 0.42) if narrow else (LEFT_MARGIN, _right_end(axes, items), 0.0)

    def at(value: float) -> float:
        return start + (end - start) * value / most

    ends = [-0.5, len(items) - 0.4]
    axes.set_xlim(0, 1)
    axes.set_ylim(len(items) - 0.4, -1.3)
    axes.plot([at(line)] * 2, ends, color=MUTED_COLOUR, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
    axes.text(at(line), -0.85, mark, va="center", ha="center", color=MUTED_COLOUR, fontsize=9)
    for row, item in enumerate(items):
        colour = OWED_COLOUR if item.marked else WRONG
        name = axes.text(0, row - above, item.label, va="center", ha="left")
        axes.plot([at(0), at(most)], [row, row], color=UNKNOWN, linewidth=0.5, zorder=0)
        axes.plot([at(item.low), at(item.high)], [row, row], color=colour, linewidth=2)
        axes.plot([at(item.value)], [row], "o", color=colour, markersize=6)
        place, side = (1.0, "right") if narrow else (end + GAP, "left")
        words = axes.text(
            place, row - above, item.shown, va="center", ha=side, color=MUTED_COLOUR, fontsize=FIGURE_POINTS
        )
        if narrow and name.get_window_extent().x1 > words.get_window_extent().x0:
            words.set_y(row + BELOW)
    axes.set_axis_off()
    axes.margins(0)


def _right_end(axes: Axes, items: Sequence[Interval]) -> float:
    """Where the lines end, of the width: so far to the left that the longest words beside them are not cut off."""
    axes.set_xlim(0, 1)
    texts = [axes.text(0, 0, item.shown, fontsize=FIGURE_POINTS) for item in items]
    widest = max((text.get_window_extent().width for text in texts), default=0.0)
    for text in texts:
        text.remove()
    return min(RIGHT, 1 - GAP - widest / axes.get_window_extent().width)
