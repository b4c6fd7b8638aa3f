"""Charts: the same bytes from the same numbers, words that stand for them, letters that stay legible on paper."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from auditlib.page import charts, interval_charts
from auditlib.page.interval_charts import Interval, intervals

COLOURS = {"marked": charts.OWED_COLOUR, "unmarked": charts.WRONG}


def test_a_chart_is_the_same_bytes_twice_and_draws_rare_characters() -> None:
    bars = [charts.Bar("㛃𬎆㼆䶮小学 $x$ <b>", 3, "3", charts.OWED_COLOUR), charts.Bar("河口", 1, "1")]
    assert charts.bars(bars) == charts.bars(bars)
    assert b"<dc:date" not in base64.b64decode(charts.bars(bars))


def test_a_chart_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="alternative text"):
        charts.figure("", alt=" ", caption="疑点")


def test_the_value_at_the_end_of_a_bar_is_never_cut_off() -> None:
    from matplotlib.figure import Figure

    axes = Figure(figsize=(charts.WIDTH, 1)).add_axes((0, 0, 1, 1))
    charts._draw_bars(
        axes, [charts.Bar("register", 7, "30,647 rows, of which 1 rejected and 12 left out")], 7
    )
    label_extent = axes.texts[-1].get_window_extent()
    assert label_extent.x1 <= axes.get_window_extent().x1 + 1


def interval(name: str, low: float, high: float, *, is_marked: bool = False) -> Interval:
    return Interval(name, (low + high) / 2, low, high, f"{low}–{high}", is_marked)


def drawing(*items: Interval, line: float = 20.0) -> str:
    return base64.b64decode(intervals(items, line, "全县 20.0")).decode()


LONG_WORDS = "不超过 6.7%（93 笔中 1 笔有误、1 笔未交回结果（按有误计））"


def interval_axes(width: float, item: Interval, *, narrow: bool = False) -> Any:
    """``item`` drawn in the report's font on a chart ``width`` inches wide."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(charts.font_settings()):
        axes = Figure(figsize=(width, 1)).add_axes((0.005, 0, 0.99, 1))
        interval_charts._draw(axes, [item], 5, "可容忍 5%", narrow=narrow)
        for text in axes.texts:
            text.get_window_extent()
    return axes


@pytest.mark.parametrize(
    "shown", [LONG_WORDS, "6.7% at most (of 93: 1 wrong and 1 without a result, counted as wrong)"]
)
def test_long_words_beside_an_interval_are_not_cut_off_and_leave_room_for_its_line(shown: str) -> None:
    axes = interval_axes(charts.PAPER, Interval("云溪县", 1.1, 0.5, 6.7, shown))
    words = axes.texts[-1]
    assert words.get_window_extent().x1 <= axes.get_window_extent().x1 + 1
    assert interval_charts.LEFT_MARGIN + 0.05 < words.get_position()[0] < interval_charts.RIGHT


def test_on_a_telephone_long_words_stand_beneath_the_line_and_not_upon_the_name() -> None:
    axes = interval_axes(interval_charts.NARROW, Interval("云溪县", 1.1, 0.5, 6.7, LONG_WORDS), narrow=True)
    _mark, name, words = (text.get_window_extent() for text in axes.texts)
    assert words.y1 < name.y0 and words.x1 <= axes.get_window_extent().x1 + 1


def test_a_chart_of_intervals_is_as_wide_as_paper_so_that_its_letters_keep_their_size_in_print() -> None:
    width = re.search(r'<svg[^>]* width="([0-9.]+)pt"', drawing(interval("禾丰镇", 10, 30)))
    assert width is not None
    assert float(width[1]) / 72 <= (210 - 2 * 15) / 25.4  # A4 between its margins, in inches


def test_the_names_and_figures_of_a_chart_of_intervals_do_not_run_into_its_lines() -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(charts.font_settings()):
        axes = Figure(figsize=(charts.PAPER, 1)).add_axes((0.005, 0, 0.99, 1))
        item = Interval("城".ljust(14, "关"), 26.2, 16.3, 41.2, "226.2（131.8–264.8），1,033 条")
        interval_charts._draw(axes, [item], 26.2, "全县 26.2")
        (_mark, name, figures) = (text.get_window_extent() for text in axes.texts)
    start, end = (
        axes.transData.transform((at, 0))[0] for at in (interval_charts.LEFT_MARGIN, interval_charts.RIGHT)
    )
    assert name.x1 <= start
    assert figures.x0 >= end and figures.x1 <= axes.get_window_extent().x1 + 1


def test_what_has_to_be_looked_at_is_told_apart_by_colour() -> None:
    plain, is_marked = drawing(interval("甲", 10, 30)), drawing(interval("甲", 10, 30, is_marked=True))
    assert (COLOURS["marked"] in plain, COLOURS["marked"] in is_marked) == (False, True)
    assert COLOURS["unmarked"] in plain


def test_a_chart_that_is_drawn_for_a_telephone_too_is_whole_there() -> None:
    item = Interval("甲镇", 26.2, 16.3, 41.2, "26.2（16.3–41.2），33 条")
    narrow = intervals([item], 20.0, "全县 20.0", narrow=True)
    width = re.search(r'<svg[^>]* width="([0-9.]+)pt"', base64.b64decode(narrow).decode())
    assert (
        width is not None and float(width[1]) / 72 * 96 <= 390 - 2 * 17.6
    )  # pixels between a telephone's margins
    shown = charts.figure("PHN2Zy8+", alt="甲 3", caption="每千人", broad=True, narrow=narrow)
    assert '<source media="(max-width: 40rem)"' in shown and shown.count("<img") == 1


def test_a_chart_as_wide_as_paper_can_be_moved_on_a_telephone_and_by_keyboard() -> None:
    broad = charts.figure("PHN2Zy8+", alt="甲 3", caption="每千人", broad=True)
    assert '<div class="wide" role="region" tabindex="0" aria-label="每千人"><img' in broad
    assert "tabindex" not in charts.figure("PHN2Zy8+", alt="甲 3", caption="每千人")


def test_a_chart_read_aloud_is_every_bar_with_its_value() -> None:
    bars = [charts.Bar("已发", 3, "3 元"), charts.Bar("应发", 4, "4 元")]
    assert charts.describe(bars, "zh") == "已发：3 元；应发：4 元。"
    assert charts.describe(bars, "en") == "已发: 3 元; 应发: 4 元."
