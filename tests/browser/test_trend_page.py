"""The report over the terms as a person meets it: alone, by keyboard and screen reader, on a desk and a telephone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from results_fixture import shown

from auditlib.base.places import PARAMS
from auditlib.page import render
from auditlib.trend import report
from auditlib.trend.parameters import read_trend
from auditlib.trend.programme import look, open_terms

TITLES = {"zh": "松坪县学生资助各学期对比", "en": "松坪县: student aid, term to term"}


def page_of(folder: Path, language: str) -> Path:
    trend = read_trend(PARAMS / "trend-sample.yaml", language=language)
    results = look(trend, open_terms(trend))
    cells = [shown(getattr(report, name)(results)) for name in report.__all__]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "trend.ipynb")
    render(folder / "trend.ipynb", folder / "trend.html", language=language, title=TITLES[language])
    return folder / "trend.html"


@pytest.mark.parametrize(("language", "width"), [("zh", 1366), ("en", 1366), ("zh", 390)])
def test_the_page_asks_for_nothing_fits_and_can_be_read_by_all(
    language: str, width: int, alone: Callable[..., AbstractContextManager[Page]], tmp_path: Path
) -> None:
    with alone(page_of(tmp_path, language), width, with_axe=True) as browser_page:
        assert browser_page.title() == TITLES[language]
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
        assert browser_page.evaluate(
            "[...document.images].every(image => image.complete && image.naturalWidth > 0)"
        )
        axe_result = Axe().run(browser_page)
        assert axe_result.violations_count == 0, axe_result.generate_report()
