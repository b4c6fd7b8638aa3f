"""The city's report as a person meets it: alone, by keyboard and screen reader, on a desk and a telephone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Page
from results_fixture import shown

from auditlib.city import report
from auditlib.city.results import RecheckResults
from auditlib.page import render

TITLES = {"zh": "青禾市学生资助市级复查报告", "en": "青禾市: city re-check of student aid"}
NOT_REPERFORMED = {"zh": "未重做", "en": "not re-performed"}
DESK, TELEPHONE = 1366, 390


CUT = """() => [...document.querySelectorAll(".wide")].filter(part => part.scrollWidth > part.clientWidth + 1)
  .map(part => [part.getAttribute("aria-label"), part.clientWidth, part.scrollWidth])"""
# Figures of the tables of the first section without a link. How many counties there are has their names behind it, each a link;
# the sentence, the picture's caption and its words are told again, with links, in the tables beneath.
BARE = """() => [...document.querySelectorAll("#overview td")].filter(cell => /[1-9]/.test(cell.textContent)
  && !cell.querySelector("a")).map(cell => cell.textContent)"""


@pytest.fixture(scope="module")
def pages(
    sample_results: RecheckResults, unpooled_results: RecheckResults, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The report of all three counties in Chinese; in English the one in which 云溪县 handed in tokens only."""
    return {
        language: _page(results, language, tmp_path_factory.mktemp("city-page"))
        for language, results in (("zh", sample_results), ("en", unpooled_results))
    }


def _page(results: RecheckResults, language: str, folder: Path) -> Path:
    in_language = replace(results, parameters=results.parameters | {"language": language})
    cells = [shown(getattr(report, name)(in_language)) for name in report.__all__]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "recheck.ipynb")
    render(folder / "recheck.ipynb", folder / "report.html", language=language, title=TITLES[language])
    return folder / "report.html"


@pytest.mark.parametrize(("language", "width"), [("zh", DESK), ("zh", TELEPHONE), ("en", DESK)])
def test_the_page_asks_for_nothing_fits_and_can_be_read_by_all(
    language: str,
    width: int,
    alone: Callable[..., AbstractContextManager[Page]],
    pages: dict[str, Path],
    violations: Callable[[Page], list[tuple[Any, ...]]],
) -> None:
    with alone(pages[language], width, with_axe=True) as browser_page:
        assert browser_page.title() == TITLES[language]
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(browser_page) == []
        overview = browser_page.locator("#overview").inner_text()
        assert (NOT_REPERFORMED[language] in overview) == (language == "en")
        if width == DESK:
            assert browser_page.evaluate(CUT) == []
        assert browser_page.evaluate(BARE) == []
