"""Two charts that the self-check has no need of: intervals with their estimate, and lines over terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditlib.page import charts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INDENT = 0.02


@dataclass(frozen=True)
class Whisker:
    """An estimate between the ends of its interval, all in [0, 1]; ``shown`` is what is written beside it."""

    label: str
    low: float
    estimate: float
    high: float
    shown: str
    colour: str = charts.WRONG


def whiskers(items: Sequence[Whisker]) -> str:
    """Intervals one below the other on a scale from 0 to 100 %, as base64 SVG."""
    import matplotlib as mpl

    with mpl.rc_context(charts.font_settings()):
        from matplotlib.figure import Figure

        figure = Figure(figsize=(charts.WIDTH, charts.ROW * (len(items) + 0.8)))
        axes = figure.add_axes((0.005, 0, 0.99, 1))
        for row, item in enumerate(items):
            _draw_whisker(axes, row, item)
        _scale(axes, len(items))
        return charts.picture(figure)


def _draw_whisker(axes: Axes, row: int, item: Whisker) -> None:
    line = row + 0.42
    axes.text(0, row, item.label, va="center", ha="left", color=charts.INK)
    axes.plot((0, 1), (line, line), color=charts.UNKNOWN, linewidth=0.8, zorder=0)
    axes.plot(
        (item.low, item.high),
        (line, line),
        color=item.colour,
        linewidth=3.2,
        solid_capstyle="butt",
        alpha=0.45,
    )
    axes.plot(item.estimate, line, "o", color=item.colour, markersize=6)
    axes.text(1.03, line, item.shown, va="center", ha="left", color=charts.MUTED_COLOUR, fontsize=9)


def _scale(axes: Axes, rows: int) -> None:
    """The ends and the middle of the scale, below the last row."""
    for at, label in ((0, "0%"), (0.5, "50%"), (1, "100%")):
        axes.text(
            at,
            rows + 0.15,
            label,
            va="center",
            ha="center" if at else "left",
            color=charts.MUTED_COLOUR,
            fontsize=8.5,
        )
    axes.set_xlim(-INDENT, charts.ROOM + INDENT)
    axes.set_ylim(rows + 0.45, -0.35)
    charts._bare(axes)


@dataclass(frozen=True)
class RuleLine:
    """One rule over the terms: a share a term, None where there is none (no run, not run, too few to show)."""

    label: str
    values: Sequence[float | None]
    shown: Sequence[str]
    colour: str = charts.WRONG


def lines(items: Sequence[RuleLine], terms: Sequence[str]) -> str:
    """Small charts side by side in two columns, each on its own scale from nothing, as base64 SVG."""
    import matplotlib as mpl

    with mpl.rc_context(charts.font_settings()):
        from matplotlib.figure import Figure

        rows = -(-len(items) // 2)
        figure = Figure(figsize=(charts.PAPER, 1.45 * rows))
        for place, item in enumerate(items):
            row, column = divmod(place, 2)
            axes = figure.add_axes((0.005 + 0.5 * column, 1 - (row + 1) / rows, 0.47, 0.84 / rows))
            _draw_line(axes, item, terms)
        return charts.picture(figure)


def _draw_line(axes: Axes, item: RuleLine, terms: Sequence[str]) -> None:
    values = [value for value in item.values if value is not None]
    top = max(values, default=0) or 1
    heights = [float("nan") if value is None else value / top for value in item.values]
    axes.plot(range(len(heights)), heights, "o-", color=item.colour, linewidth=1.6, markersize=5)
    for at, (height, label) in enumerate(zip(heights, item.shown, strict=True)):
        axes.text(
            at,
            (0 if height != height else height) + 0.13,
            label,
            ha="center",
            va="bottom",
            color=charts.MUTED_COLOUR,
            fontsize=9,
        )
        axes.text(at, -0.16, terms[at], ha="center", va="top", color=charts.MUTED_COLOUR, fontsize=8.5)
    axes.axhline(0, color=charts.UNKNOWN, linewidth=0.8, zorder=0)
    axes.set_title(item.label, loc="left", fontsize=9.5, color=charts.INK, pad=2)
    axes.set_xlim(-0.45, len(heights) - 0.55)
    axes.set_ylim(-0.5, 1.5)
    axes.set_axis_off()
